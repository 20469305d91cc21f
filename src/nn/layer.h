/* layer.h - the door for authors of layers.
 *
 * A layer declares its configuration (KT_CONFIG), makes weights in build, and emits ops in call. It
 * never computes and never infers shapes by hand. One file in src/nn/layers, one row KT_LAYER(file)
 * in layers.list; the file ends with `const kt_layer_type *const kt_layers_<file>[]`,
 * NULL-terminated (a family such as Conv1D, Conv2D, Conv3D lists several).
 */
#ifndef KT_LAYER_H
#define KT_LAYER_H

#include "keratin/model.h"
#include "nn/nn.h"

typedef struct kt_layer_type kt_layer_type;

#define KT_MAX_IO 64

/* What one use of a layer in a Functional model remembers ("inbound node"). */
typedef struct kt_inbound {
    int             n_in, n_out;
    kt_symbol      *in;
    bool            list;          /* inputs were passed as a list */
    const kt_value *args, *kwargs; /* as the file had them, when read from one; else NULL */
    kt_result      *out;           /* symbolic shapes and dtypes, n_out */
    const char     *scope;
} kt_inbound;

/* One tracing of a model or layer into a graph. */
typedef struct kt_row kt_row;
/* How long the rows are that a layer makes of the texts of an input, in one tracing. */
typedef struct kt_text_use {
    const kt_layer *layer;
    int             input; /* of the outermost model */
    const kt_node  *node;  /* of that input */
    int64_t         width; /* KT_UNKNOWN: nothing of it is run */
} kt_text_use;
typedef struct kt_trace {
    kt_graph *g;
    bool      training;
    bool      eager; /* called on data, whose sizes are known; else on symbolic shapes */
    bool
        /* inside a symbolic call with other shapes than declared: Keras only computes output shapes
         * there */
        lenient;
    kt_tensor *const
          *data;   /* eager: what the outermost model is called on, for messages; or NULL */
    kt_vec losses; /* kt_node *, rank 0: activity regularisation, add_loss */
    kt_vec
        /* kt_variable * drawn from, once for each draw: kt_trace_finish moves their counters on */
           seeds;
    kt_vec later; /* kt_variable * and kt_node * in turn: see kt_assign_later */
    kt_vec kept;  /* of kt_trace_keep: a layer and its memory, in turn */
    kt_vec rows; /* kt_row *, one per layer that the user placed in the outermost model, in order */
    int    depth; /* of nested containers */
    int    inner; /* of layers inside a layer that is no container: not the user's own */
    const kt_text_use *texts; /* of the layers whose results are as long as the texts say */
    int                n_texts;
} kt_trace;
kt_trace *kt_trace_new(kt_graph *g, bool training, bool eager, kt_fault *f);
/* Emits what must follow everything else, gradients too: what was to be assigned later, and if
 * wanted the new counters of the seeds. */
void kt_trace_finish(kt_trace *t, bool counters);
void kt_trace_free(kt_trace *t);
/* What all calls of a layer in this trace share: zeroed at first, NULL without memory. */
void *kt_trace_keep(kt_trace *t, const kt_layer *l, size_t size);
/* x becomes v's value in the end: until then gradients need the old one. */
void kt_assign_later(kt_trace *t, kt_variable *v, kt_node *x);
/* The value that such a variable has by now in this trace; no gradient passes a value of this trace
 * on. */
kt_node *kt_read_kept(kt_trace *t, kt_variable *v);
struct kt_row {
    kt_layer *layer;
    int       n_in, n_out;
    kt_shape  in[KT_MAX_PARTS], out[KT_MAX_PARTS];
    bool      failed;
};

/* One call of one layer. The caller owns in and mask; call() fills out (and out_mask) and n_out
 * (starts as 1). */
typedef struct kt_call {
    kt_trace *t;
    kt_graph *g;        /* t->g */
    bool      training; /* what this layer runs as: false for frozen BatchNormalization etc. */
    int       n_in;
    kt_node **in;
    kt_node **mask;                /* n_in entries, NULL where there is no mask */
    bool      mask_named;          /* it is the argument `mask` of the call */
    bool      bare;                /* what Keras' __call__ adds to a call is left out */
    bool      list;                /* inputs came as a list, even if of one */
    const kt_value *args, *kwargs; /* of the call, tensors as a file has them; or NULL */
    int             n_out;
    kt_node        *out[KT_MAX_IO];
    kt_node        *out_mask[KT_MAX_IO];
} kt_call;

typedef struct kt_input_spec {
    const char *name;                     /* printed as 'None' when NULL */
    int         ndim, min_ndim, max_ndim; /* 0: not checked */
    int         n_axes;
    struct {
        int     axis;
        int64_t value;
    } axes[4];
    bool     has_shape;
    kt_shape shape;
    bool     allow_last_axis_squeeze;
    int      dtype; /* kt_dtype, or -1: any */
} kt_input_spec;

enum {
    KT_LAYER_MASKING =
        1, /* supports_masking: passes its input's mask on unless it sets out_mask itself */
    KT_LAYER_LIST = 2,      /* merge layers: take a list of inputs */
    KT_LAYER_CONTAINER = 4, /* Sequential, Functional: layers inside are the user's */
    KT_LAYER_NO_CAST = 8,   /* inputs keep their dtype (Embedding's ids) */
    KT_LAYER_HANDS_DOWN =
        32, /* its initializers are those of a cell that it makes: LSTM and the like */
    KT_LAYER_ACTIVITY = 128, /* Keras writes its activity_regularizer also where there is none */
    KT_LAYER_READY = 64, /* Keras counts it as built before it has seen an input (for summary) */
    KT_LAYER_OPERATION = 256,   /* a call of keras.ops: see operation.h */
    KT_LAYER_BUILD_EMPTY = 512, /* Keras always writes {} as its build_config */
    KT_LAYER_ENDS_MASKS = 2048, /* Keras takes the masks off its inputs: none for who comes later */
    KT_LAYER_TEXT = 4096,       /* takes texts: what a model declares for it is of that dtype */
    KT_LAYER_FUNCTION = 16384,  /* is nothing but its configuration: an activation may be one */
    KT_LAYER_EARLY = 8192,      /* Keras' constructor does `early` before its base's */
    /* What Keras adds to the keywords of a call on one tensor when it writes it: mask=None,
     * training=False, training=True. */
    KT_LAYER_SAYS_MASK = 32768,
    KT_LAYER_SAYS_INFERENCE = 65536,
    KT_LAYER_SAYS_TRAINING = 131072,
    KT_LAYER_WIDE = 1024 /* computes in float32 where its policy says 16 bits (statistics) */
};

/* What Keras' archives keep of a layer outside of its configuration and weights: numbers in the
 * file of weights, under a name of their own, and a text in a member of its own. */
typedef struct kt_asset_type {
    const char *numbers, *text; /* their names: "idf_weights", "vocabulary.txt" */
    const char *inner; /* attribute of Keras' layer under which the same stands again, or NULL */
    kt_tensor *(*save_numbers)(const kt_layer *l); /* new reference; NULL: there are none */
    kt_status (*load_numbers)(kt_layer *l, const kt_tensor *t);
    bool (*save_text)(const kt_layer *l, kt_str *out);                  /* false: there is none */
    kt_status (*load_text)(kt_layer *l, const char *text, size_t size); /* after the numbers */
} kt_asset_type;
/* While it is on, this thread's configurations leave out what such members hold. Returns what it
 * was. */
bool kt_set_assets_apart(bool on);

struct kt_layer_type {
    kt_class      cls;
    unsigned      flags;
    int           variant; /* tells the members of a family apart that share their functions */
    kt_input_spec input;   /* starting spec of input 0; build may refine self->spec */
    /* Errors of arguments that Keras' constructor looks at before it looks up initializers and the
     * like; or NULL. */
    kt_status (*early)(kt_layer *self);
    /* After the configuration was read: constructor errors in Keras' words, sub-layers, normalised
     * fields. */
    kt_status (*check)(kt_layer *self);
    /* Once, before the first call: shapes of all inputs. Makes the weights. */
    kt_status (*build)(kt_layer *self, int n_in, const kt_shape *in);
    /* Exactly one of the two. call1: one input, one output. Errors go to the graph's fault. */
    kt_node *(*call1)(kt_layer *self, kt_call *c, kt_node *x);
    void (*call)(kt_layer *self, kt_call *c);
    /* How many numbers a call makes of this text, where a row is as long as the longest text of the
     * batch; KT_UNKNOWN: its length does not depend on the texts. */
    int64_t (*text_width)(const kt_layer *self, const kt_text *text);
    const kt_asset_type *asset; /* or NULL */
    /* Learns statistics from data (Normalization). x: numbers or texts, batch first. */
    kt_status (*adapt)(kt_layer *self, const kt_tensor *x);
    bool (*needs_adapt)(const kt_layer *self);
    /* Completes get_config where fields alone do not say it (nested layers). */
    kt_status (*write)(const kt_layer *self, kt_arena *a, kt_value *config, kt_fault *f);
    void (*free)(kt_layer *self); /* what `state` owns outside the arena */
    size_t state_size;            /* zeroed memory at self->state */
    const char *
        /* arguments of Keras' build where it takes several:
         * "sequences_shape|initial_state_shape" */
                shapes;
    const char *positional; /* what Keras' call requires, where that is more than one: two names */
    const char *takes;      /* the arguments of every layer that it has: "name|dtype"; NULL: all */
    const char *
        /* how it begins its sentence on others, "" if it drops them; NULL: where `takes` is set,
         * that is Python's */
                unrecognized;
    const char *params; /* of an operation: what its call takes, "x1 x2" */
    /* Of an operation: the results' shapes as Keras infers them in a symbolic call, where the ops
     * that `call` emits do not say the same. Their dtypes count where such shapes can not be
     * computed with. Returns how many; 0 after a refusal, or where only `call` can say it. */
    int (*infer)(kt_layer *self, kt_call *c, kt_result *out);
    const struct kt_cell_type   *cell;   /* what RNN steps (rnn.h), or NULL */
    const struct kt_cell_inside *inside; /* the cell of Keras' own recurrent layers, or NULL */
    const char *sample; /* for table tests: "Dense(4, activation='relu')"; several by ';' */
    const char *
        /* "(2, 3)", "(2, 5) int:10", several inputs by '|'; one for each sample by ';' */
        sample_input;
};

/* A weight to which alpha / rank times a . b is added, while it does not learn itself (lora.c). */
typedef struct kt_lora {
    kt_variable    *whole, *a, *b; /* NULL: none */
    const kt_value *rank, *alpha;
} kt_lora;

struct kt_layer {
    const kt_layer_type *type;
    const char          *name;
    bool                 named; /* the user gave the name */
    bool     from_file; /* made from JSON: Keras words some constructor errors differently there */
    bool     trainable; /* of its own weights; of the outermost layer: of all */
    kt_dtype dtype;     /* of the policy: what the layer computes in */
    kt_dtype variable_dtype;
    bool     dtype_given;     /* it is not the default */
    const char   *unnumbered; /* its policy, if that is one of texts or complex numbers; or NULL */
    void         *config;
    void         *state;
    bool          built;
    kt_input_spec spec[8];
    int           n_spec;
    const char
          *scope; /* path of the layer that builds it, or NULL: its weights' paths begin with it */
    kt_vec weights;   /* kt_variable *, own, in order of creation */
    kt_vec sublayers; /* kt_layer *, owned */
    kt_vec
        /* const char *: attribute name of each ("cell"; a list's, "cells/"), NULL: an item of
         * "layers" */
                 sub_attrs;
    kt_vec       inbound; /* kt_inbound * */
    kt_variable *seed; /* state of its seed generator, int64 [2], or NULL: no weight, but saved */
    kt_lora      lora;
    const kt_value *activity_regularizer; /* or NULL */
    const kt_value *odd; /* DICT: arguments of "kept" fields that are no numbers; or NULL */
    kt_optshape
        batch_shape;      /* input_shape / batch_input_shape that the user declared, batch first */
    const char *no_shape; /* why its input_shape is none, for who asks for it; or NULL */
    const char *input_dtype;
    int         n_build;
    kt_shape    build_shape[8]; /* what it was built with */
    kt_fault    fault;          /* sticky */
    kt_arena    arena;
    const char *file, *text; /* call site in C */
    int         line;
    int         owners; /* a model takes its layers; a layer may be shared inside it */
    kt_layer   *orphans, *next_orphan; /* sub-layers that there was no memory to list, owned too */
};

/* --- making layers (layer.c, make.c) ---------------------------------------------------------- */

/* From a name, {"module", "class_name", "config", ...} or a CALL. Never NULL but without memory: a
 * layer in error state. */
kt_layer *kt_layer_from_value(const kt_value *v);
/* Whatever its name was; "layer" without memory. */
kt_status kt_layer_rename(kt_layer *l, const char *name);
/* Of a type that no table has, inside the check of another layer; call: its arguments. */
kt_layer *kt_layer_of(const kt_layer_type *type, const kt_value *call);
void      kt_layer_release(kt_layer *l);
/* Takes a layer that nobody owns to the end of the list *orphans; without memory. */
void kt_take_orphan(kt_layer **orphans, kt_layer *l);
void kt_release_orphans(kt_layer *orphans);
/* Two arguments of every layer that Keras takes from **kwargs: read by the maker, named here for
 * the generator. */
extern const char *const kt_layer_base_args[]; /* NULL-terminated */
kt_policy                kt_layer_policy(const kt_layer *l);
/* Replaces an OBJ field's value by the full dict that Keras' get_config gives; activations become
 * their name. */
const kt_value *kt_object_normal(kt_arena *a, const char *family, const kt_value *v, kt_fault *f);
/* {"module", "class_name", "config", "registered_name", "build_config"} as Keras writes it. */
kt_value            *kt_layer_value(const kt_layer *l, kt_arena *a, kt_fault *f);
const kt_layer_type *kt_layer_type_find(const char *class_name);
/* Of a name, a CALL, or a serialised layer or operation: by module, registered name and class name.
 * NULL: not one of ours. */
const kt_layer_type *kt_layer_type_of(const kt_value *v);
/* The i-th class over all files of layers.list; NULL behind the last. */
const kt_layer_type *kt_layer_type_at(size_t i);
/* The i of a class; one behind the last for a class that is not in the list. */
size_t kt_layer_type_place(const kt_layer_type *type);
/* NULL-terminated, from layers.list (src/registry.c). */
extern const kt_layer_type *const *const kt_layer_table[];

/* --- the argument structs of keratin/layers.h (make_args.c) ----------------------------------- */

/* C types of members: int64_t, double, bool, const char *, int64_t[KT_MAX_RANK], kt_layer *. */
typedef enum kt_arg_type {
    KT_ARG_INT,
    KT_ARG_FLOAT,
    KT_ARG_BOOL,
    KT_ARG_TEXT,
    KT_ARG_INTS,
    KT_ARG_LAYER
} kt_arg_type;
typedef struct kt_arg {
    const char     *name, *help;
    kt_arg_type     type;
    const kt_field *field;  /* NULL: an argument of every layer */
    size_t          offset; /* in the struct */
} kt_arg;
enum { KT_MAX_ARGS = 96 };
/* The members behind `at`, in order: those of every layer first, so that a class may get more at
 * the end. Returns how many; *size is that of the struct. */
int kt_layer_args(const kt_layer_type *t, kt_arg out[KT_MAX_ARGS], size_t *size);
/* Index of the argument that a call may begin with (Dense's units); -1: all are named, none is
 * required. */
int  kt_first_arg(const kt_arg *args, int n);
void kt_call_name(kt_str *out, const kt_layer_type *t); /* "kt_dense" */

/* Of every argument struct (args.c), whose first member is `at`. Copies the caller's into one of
 * `known` bytes; what an older program's does not have is zero. TypeError if its size is not said,
 * if a newer program asks for what is not known here, or if `given` names none of `members`
 * (NULL-terminated). `type`: "kt_fit_args". */
kt_status kt_args_take(void *to, size_t known, const kt_site *at, const char *type,
                       const char *const *members, kt_fault *f);
/* Where the caller wrote `call`, as a fact of the failure, if there is one: "kt_fit(m, x, y)". */
void kt_args_site(kt_fault *f, const kt_site *at, const char *call);
/* Is this member's zero meant? Named in `given`, or written in the text of the call. */
bool        kt_args_said(const kt_site *at, const char *name);
const char *kt_site_text(const kt_site *at); /* the text that counts; may be NULL */
/* Parts of kt_args_take for structs whose members follow from a table. The next name in `given`
 * ("axis[1] use_bias"); elements: 1, or -1 where none are said. */
bool      kt_given_next(const char **at, kt_text_item *out, int *elements);
kt_status kt_given_refuse(const kt_text_item *item, const char *type, const char *const *members,
                          size_t n, kt_fault *f);
kt_status kt_args_size(const kt_site *at, size_t known, const char *type, kt_fault *f);

/* --- in check and build ----------------------------------------------------------------------- */

/* Records the failure in the layer; returns its status. */
kt_status kt_layer_fail(kt_layer *l, kt_status status, const char *fmt, ...) KT_PRINTF(3, 4);
kt_status kt_layer_status(const kt_layer *l);
/* "sequential/dense": scope and name, in the layer's arena; "" without memory. */
const char *kt_layer_path(kt_layer *l);
/* Layers made on this thread from now on have no more than this number of numbers in their weights,
 * the words (static) say of what. -1: any number again. */
void kt_limit_weights(int64_t numbers, const char *words);
bool kt_weights_are_limited(void);
/* The words for a file that is being read: it holds no more. */
#define KT_LIMIT_OF_FILE \
    "the file has bytes: it does not belong to this configuration, or is damaged"
/* Makes a weight. An unknown size raises Keras' "Shapes used to initialize variables must be
 * fully-defined ...". NULL after a failure. trainable false: a statistic. regularizer, constraint:
 * OBJ values or NULL. */
kt_variable *kt_add_weight(kt_layer *l, const char *name, kt_shape shape,
                           const kt_value *initializer, const kt_value *regularizer,
                           const kt_value *constraint, bool trainable);
kt_variable *kt_add_state(kt_layer *l, const char *name, kt_dtype dtype,
                          kt_shape shape);                        /* zeros, not trainable */
kt_variable *kt_weight_find(const kt_layer *l, const char *name); /* NULL if there is none */
void kt_expect_axis(kt_layer *l, int axis, int64_t value); /* input 0 must have it from now on */
/* Low-rank adaptation (nn/shared/lora.c). The fields lora_rank and lora_alpha as Keras keeps them;
 * the weights of it for the weight `name`, at the end of build: none where the rank is None. */
void      kt_settle_lora(const kt_value **rank, const kt_value **alpha);
kt_status kt_add_lora(kt_layer *self, const char *name, const kt_value *rank,
                      const kt_value *alpha);
/* The weight with what is added to it; and that alone, of `a` or some rows of it. */
kt_node *kt_adapted(kt_layer *self, kt_call *c, const char *name);
kt_node *kt_lora_of(kt_layer *self, kt_call *c, kt_node *a);
/* The sum as files have it, in place of the weight. NULL after a failure. */
kt_tensor *kt_lora_merged(const kt_layer *self, kt_fault *f);
/* Nothing is added any more, as once a file was read. */
void kt_lora_reset(const kt_layer *self);
/* Takes the layer in (attr: Keras' attribute name for the weights file, with '/' behind that of a
 * list, or NULL). */
kt_status kt_add_sublayer(kt_layer *l, const char *attr, kt_layer *sub);
/* Makes l->seed, the state of Keras' SeedGenerator(seed). A layer whose constructor in Keras makes
 * one calls this in check: a seed of None is drawn there and then, so that the order of draws is
 * Keras'. */
kt_status kt_make_seed(kt_layer *l, kt_optint seed);
/* The seed of one draw of random numbers, int64 [2]; each call in training gives new ones. Makes
 * l->seed if it is missing. */
kt_node *kt_next_seed(kt_layer *l, kt_call *c, const kt_value *seed);

/* Checks that several constructors share (check.c), in Keras' words. */
const char *kt_python_type(const kt_value *v);              /* "int", "NoneType" */
void        kt_python_str(kt_str *out, const kt_value *v);  /* as str(): a text without quotes */
const char *kt_python_text(kt_layer *l, const kt_value *v); /* the same, in the layer's arena */
const char *kt_kept_type(const kt_value *v);                /* of an attribute: "TrackedList" */
/* Keras' standardize_data_format: in lower case, NULL is channels_last. */
kt_status kt_check_data_format(kt_layer *l, const char **format);
/* Can Python compare the argument with a number (`other`: its type)? If not: its TypeError, for
 * `argument op number`, or the other way round. */
typedef enum kt_compared {
    KT_KEPT = 1,  /* the argument is an attribute of the layer already */
    KT_SECOND = 2 /* it stands behind the operator */
} kt_compared;
bool kt_python_orders(kt_layer *l, const kt_value *v, const char *op, const char *other,
                      kt_compared how);
/* Puts sizes that are arguments into a shape, at these axes in their order, as Keras'
 * standardize_shape takes it: None is unknown. False, and its ValueError, for what is no size. */
typedef struct kt_size {
    int             axis;
    const kt_value *v;
} kt_size;
bool kt_put_sizes(kt_fault *f, kt_shape *s, const kt_size *sizes, int n);
/* What standardize_shape says to a value as a whole, in the layer's arena; NULL: it is a shape. */
const char *kt_no_shape(kt_layer *l, const kt_value *v);
kt_status   kt_check_tuple(kt_layer *l, const char *name, const kt_value *v, int n, int64_t least,
                           int64_t *out);
kt_value   *kt_tuple_value(kt_arena *a, int n, const int64_t *v);
kt_status   kt_check_padding(kt_layer *l, const kt_value **v, bool causal);

/* Keeps x where a uniform number reaches the rate and scales it up, as TensorFlow's
 * stateless_dropout does; axes of 1 in the mask's shape are dropped together. */
kt_node *kt_drop(kt_layer *l, kt_call *c, kt_node *x, const kt_shape *mask, double rate,
                 kt_optint seed);

/* The activation that a field of the layer names, applied. Keras' layers say their output's shape
 * without it: a symbolic call leaves out one that changes the shape. */
kt_node *kt_layer_activate(kt_call *c, const kt_value *activation, kt_node *x);
/* Is it a layer of KT_LAYER_FUNCTION, which only kt_layer_activate applies? */
bool kt_is_layer_activation(const kt_value *v);

/* A node of this shape for tracings that are never run, where Keras' compute_output_shape knows
 * more than the ops do. */
kt_node *kt_stand_in(kt_call *c, const kt_node *like, kt_shape shape);

/* --- arguments of a call, as a file has them (keywords.c) --- */

bool kt_is_tensor_value(const kt_value *v); /* {"class_name": "__keras_tensor__", ...} */
int  kt_count_tensors(const kt_value *v);   /* in a tree of arguments */
/* What c->kwargs say of the call of a layer: tensors of `mask` go from c->in to c->mask. Operations
 * have other keywords: nothing changes. */
void kt_call_keywords(const kt_layer *l, kt_call *c);
/* The mask that Keras' call is given: to a call on several tensors, as one with initial states is,
 * only one that is named. */
kt_node *kt_call_mask(const kt_call *c);
/* Python's TypeError where a file's call leaves out what the layer's requires, or has a keyword
 * that none has. */
kt_status kt_check_arguments(const kt_layer *l, const kt_call *c);
/* The same for a call on one argument, whatever that is. */
kt_status kt_lacks_positional(const kt_layer *l, kt_fault *f);
/* The tensor that a keyword argument of the call is; NULL if there is none. */
kt_node *kt_keyword_tensor(const kt_call *c, const char *name);
/* Which inputs Keras' build gets the shapes of: all, or where the type names them in `shapes`, the
 * positional ones and the keyword arguments of these names. Returns how many, at most max. */
int kt_build_inputs(const kt_layer *l, const kt_call *c, kt_shape *shapes, int max);

/* --- in call ---------------------------------------------------------------------------------- */

kt_node *kt_weight(kt_layer *l, kt_call *c,
                   const char *name); /* the weight's value in this graph */
/* Raises Keras' error of a layer's call into the trace; message without the "Exception encountered"
 * wrapper. */
kt_node *kt_call_fail(kt_layer *l, kt_call *c, kt_status status, const char *fmt, ...)
    KT_PRINTF(4, 5);
void kt_add_loss(kt_call *c, kt_node *loss);
/* Calls a layer as Keras' Layer.__call__: casts, input_spec check, build on first use, mask
 * passing, scope, activity regularisation, facts for errors. c->in, mask, n_in, t, g, training are
 * given; fills c->out. */
kt_status kt_layer_call(kt_layer *l, kt_call *c);
/* Keras' assert_input_compatibility of self->spec with the call's inputs; raises into the graph. */
kt_status kt_check_inputs(kt_layer *l, kt_call *c);
/* Keras' `built`: some layers are so before they have seen an input. */
bool kt_counts_as_built(const kt_layer *l);
/* Builds it for these input shapes if it is not built yet. */
kt_status kt_layer_build(kt_layer *l, int n, const kt_shape *in);
/* The same for one input and one output; returns g->poison on failure. mask may be NULL, *out_mask
 * is set if not NULL. */
kt_node *kt_layer_call1(kt_layer *l, kt_trace *t, bool training, kt_node *x, kt_node *mask,
                        kt_node **out_mask);
/* Symbolic call of the Functional API: records an inbound node. A failed layer gives an error
 * symbol (layer set, fault). */
kt_symbol kt_layer_apply(kt_layer *l, int n, const kt_symbol *in, bool list, const kt_value *args,
                         const kt_value *kwargs);
/* A call of operations written as text, "Where(Greater(x0, 0), x0, 0.0)", where x0, x1 ... are the
 * symbols; one without arguments by place is called on all of them. A failure of the text is raised
 * into f, those of the calls are the layers' own. */
kt_symbol        kt_operation_apply(const kt_value *call, int n, const kt_symbol *x, kt_fault *f);
const kt_result *kt_symbol_result(kt_symbol s);

/* --- texts (texts.c) -------------------------------------------------------------------------- */

/* The layers whose results are as long as the texts of an input say; at most `most`, -1 if there
 * are more. */
int kt_text_uses(const kt_layer *root, kt_text_use *out, int most);
/* The longest row that the use's layer makes of texts of x: all of rows[0 .. n), or without `rows`
 * begin .. begin + n. */
int64_t kt_text_longest(const kt_text_use *use, const kt_tensor *x, const int64_t *rows,
                        int64_t begin, int64_t n);
/* In call: how long the rows made of x are in this tracing. Raises where x is no input's texts. */
int64_t kt_text_width(kt_layer *l, kt_call *c, const kt_node *x);

/* --- looking at layers ------------------------------------------------------------------------ */

/* Visits own weights, then those of sub-layers, depth first. trainable_only: as Keras'
 * trainable_variables: l's own flag is for all, that of a layer inside for its own weights. */
kt_status kt_collect_weights(const kt_layer *l, bool trainable_only, bool non_trainable_only,
                             kt_vec *out);
int64_t   kt_count_params(const kt_layer *l);
void      kt_set_dtype(kt_layer *l, kt_dtype d); /* before building: F64 in tests */
/* Keras' to_snake_case: "Conv2D" -> "conv2d", "BatchNormalization" -> "batch_normalization". */
void kt_snake_case(kt_str *out, const char *name);

#endif
