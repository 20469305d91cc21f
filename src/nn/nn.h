/* nn.h - the door of src/nn: everything that has a Keras class name.
 *
 * A class is one file and one row of its family's list; the file ends with one exported descriptor
 * whose first member is a kt_class. Names, defaults, JSON both ways, `keratin layers NAME`, the
 * manual and the table tests follow from it.
 */
#ifndef KT_NN_H
#define KT_NN_H

#include "config/config.h"
#include "graph/graph.h"
#include "ops/ops.h"

/* --- classes and objects (object.c) ----------------------------------------------------------- */

typedef struct kt_object kt_object;
typedef struct kt_class {
    const char *class_name; /* "GlorotUniform" */
    const char *exported;   /* its name in files and calls where that is another; or NULL */
    const char *aliases;    /* other names that Keras accepts: "glorot_uniform|xavier"; or NULL */
    const char *module;     /* "keras.initializers" */
    const kt_config_type *config;
    const char           *summary;
    /* Fields that Keras' get_config leaves out: "delta|dtype". They are written where they are not
     * the default, as all of its constructors take them. */
    const char *unwritten;
    /* Fields that Keras' get_config forgets ("delta|dtype"): only what is kept to make the object
     * again has them, where they are not the default. */
    const char *dropped;
    /* What Keras' from_config looks up in a saved configuration ("scale|offset"): a KeyError where
     * that is not there. NULL: nothing. */
    const char *needs;
    bool        lenient;  /* Keras' constructor drops keywords that it does not know */
    bool        nameless; /* Keras' get knows no such name: it is called, or read from a file */
    /* The full name of a class that a program registered ("my>Squash"); NULL: Keras' own. */
    const char *registered;
    /* Of objects: the constructor's errors in Keras' words; may replace fields by their normal
     * form, with memory from a. NULL: nothing to check. Layers have their own. */
    kt_status (*check)(kt_arena *a, void *config, kt_fault *f);
    /* The same for who says the arguments as they were given. */
    kt_status (*check_given)(const kt_object *o, kt_fault *f);
} kt_class;

/* The families of classes: activation, initializer, regularizer, constraint, loss, metric,
 * optimizer, schedule, callback; a rule of kind OBJ names one. Each file of a family ends with a
 * NULL-terminated list of its classes,
 *     const kt_class *const kt_initializers_<file>[] = {&ones.cls, ..., NULL};
 * (kt_losses_<file>, kt_callbacks_<file>, ...), and the row KT_INITIALIZER(file) of the family's
 * list puts it into the table of src/registry.c. */
typedef struct kt_family {
    const char                   *name;  /* "initializer" */
    const kt_class *const *const *files; /* NULL-terminated */
} kt_family;
extern const kt_family kt_family_table[];                /* ends with name NULL */
const kt_family       *kt_family_find(const char *name); /* NULL if there is none */
/* The i-th class over all files; NULL behind the last. */
const kt_class *kt_family_class(const kt_family *f, size_t i);
/* The class names of a family; how many there are, at most max. */
size_t kt_family_names(const char *family, const char **names, size_t max);
/* The families whose names src/config checks when it reads a field. */
extern const kt_names kt_class_names[];
/* Is `name` one of the words of "a|b|c"? */
bool kt_is_listed(const char *words, const char *name);
/* Adds a configuration's fields to dict, as get_config gives them. */
/* Does a saved configuration lack what the class needs? The KeyError is raised then. */
bool      kt_class_lacks(const kt_class *c, const kt_value *args, kt_fault *f);
kt_status kt_class_write(kt_arena *a, const kt_class *c, const void *config,
                         const kt_value *const *given, bool whole, kt_value *dict, kt_fault *f);
/* By its name or an alias; NULL if there is none. */
const kt_class *kt_class_find(const char *family, const char *name);
/* Is it the class or function of somebody else, whatever its name? A bare name or a call is Keras',
 * unless it has a '>'. */
bool kt_is_foreign(const kt_value *v);
bool kt_class_answers(const kt_class *c, const char *name_or_alias);

/* A configured instance: initializer, regularizer, constraint, loss, metric, optimizer,
 * schedule. */
struct kt_object {
    const kt_class *cls;
    const void     *config;  /* the class' struct */
    const char     *name;    /* how it was asked for ("mse", "accuracy") or its `name` argument */
    bool            by_name; /* given as a bare name */
    /* Its arguments as they were given, one for each field; NULL: that one was not. */
    const kt_value *const *given;
};
/* The argument as it was given, else NULL. */
const kt_value *kt_object_given(const kt_object *o, const char *name);
/* Raises a ValueError, "sentence<value>end", of the argument as it was given. */
kt_status kt_object_refuse(const kt_object *o, const char *field, const char *sentence,
                           const char *end, kt_fault *f);
/* What get_config gives for a field that there is. */
kt_value *kt_object_field(kt_arena *a, const kt_object *o, const char *name);
/* An object is used: the error of the first argument that Keras' constructor kept without a look
 * and that is no number. tracked: as for kt_stumble. */
kt_status kt_object_use(const kt_object *o, bool tracked, kt_fault *f);
/* The error of what computes in a scope of its name, which is none. */
kt_status kt_check_scope(const kt_value *name, kt_fault *f);
kt_status kt_raise_scope(const char *name, kt_fault *f);
/* From a name, a {"class_name", "config"} dict or a CALL. NULL and Keras' "Could not interpret ...
 * identifier: x". */
const kt_object *kt_object_make(kt_arena *a, const char *family, const kt_value *v, kt_fault *f);
/* What a loss or metric computes in: its `dtype`, float32 without one. */
kt_dtype kt_object_dtype(const kt_object *o);
/* {"module", "class_name", "config", "registered_name": None} with every field: as Keras serialises
 * it. */
kt_value *kt_object_value(kt_arena *a, const kt_object *o, kt_fault *f);
/* The same with what Keras forgets. */
kt_value *kt_object_whole(kt_arena *a, const kt_object *o, kt_fault *f);

/* --- dtypes (policy.c) ------------------------------------------------------------------------ */

typedef struct kt_policy {
    kt_dtype    compute, variable; /* "mixed_float16": float16, float32 */
    const char *unnumbered; /* "string", "complex64": only shapes follow from it; else NULL */
} kt_policy;
/* "int8", "int8_from_float32": how Keras names quantized weights. */
bool        kt_policy_is_quantized(const char *name);
bool        kt_policy_parse(const char *name, kt_policy *p); /* float32 where it returns false */
const char *kt_policy_refusal(kt_arena *a, const kt_value *v);
const char *kt_policy_name(kt_policy p);
/* What layers have that do not say theirs: keras.config.dtype_policy. One for the process. */
kt_policy kt_usual_policy(void);
kt_status kt_set_usual_policy(const char *name, kt_fault *f);
bool      kt_policy_scales(kt_policy p); /* compile puts a LossScaleOptimizer around */
/* Keras' errors for the `dtype` of a loss or metric. kept: the configuration keeps what it computes
 * in, as that of metrics does. */
kt_status kt_check_policy(kt_arena *a, const kt_class *cls, void *config, bool kept, kt_fault *f);

/* --- activations ------------------------------------------------------------------------------ */

typedef struct kt_activation_type {
    kt_class cls; /* class_name is the function's name: "relu" */
    kt_unary_attr
        fn; /* what fused kernels use; fn IDENTITY with apply set: not a scalar function */
    kt_node *(*apply)(kt_graph *g, kt_node *x); /* NULL: kt_unary_with(fn) */
    bool reshapes;                              /* the result has another shape than x */
} kt_activation_type;
/* From None (linear), a name, or a serialised function object. NULL and the error otherwise. */
const kt_activation_type *kt_activation_find(const kt_value *v, kt_fault *f);
/* Applies it; a softmax or sigmoid node keeps its input as `logits`, as Keras' _keras_logits. */
kt_node *kt_activate(kt_graph *g, const kt_activation_type *act, kt_node *x);

/* --- initializers, regularizers, constraints -------------------------------------------------- */

typedef struct kt_initializer_type {
    kt_class cls;
    /* Fills value (float dtype; shape known). seed: what Keras' draw_seed gives; unused by
     * constants. */
    kt_status (*fill)(const void *config, const int64_t seed[2], kt_tensor *value, kt_fault *f);
} kt_initializer_type;
/* Runs v's initializer and writes into v->value; NULL is glorot_uniform, as in Keras'
 * add_weight. */
kt_status kt_initialize(kt_variable *v, kt_fault *f);
/* Keras draws a seed of None when the initializer is made, before any weight is: this draws it for
 * an initializer's dict, where it stays out of the configuration. */
void kt_hold_seed(kt_value *initializer);
/* keras.utils.set_random_seed: restarts the generator that default seeds are drawn from. */
void    kt_set_random_seed(uint64_t seed);
int64_t kt_draw_seed(void); /* kt_default_seed of that generator */
/* Whether what this thread makes has seeds of its own, so that the user's sequence goes on as if it
 * had not been made; returns what was so before. */
bool kt_set_seeds_apart(bool on);
/* While it is on, what this thread makes is for its shapes alone: weights have no memory, no seed
 * is drawn, and nothing of it can be run. Returns what it was. */
bool kt_set_shapes_only(bool on);
bool kt_shapes_only(void);

typedef struct kt_regularizer_type {
    kt_class cls;
    kt_node *(*penalty)(kt_graph *g, const void *config, kt_node *w); /* rank 0 */
} kt_regularizer_type;
kt_node *kt_penalty(kt_graph *g, const kt_value *regularizer, kt_node *w,
                    kt_arena *a); /* NULL if regularizer is None */

typedef struct kt_constraint_type {
    kt_class cls;
    kt_node *(*project)(kt_graph *g, const void *config, kt_node *w); /* same shape */
} kt_constraint_type;
/* w itself if constraint is None */
kt_node *kt_project(kt_graph *g, const kt_value *constraint, kt_node *w, kt_arena *a);
/* *mask: the axes of s as bits, all for None. Raises TensorFlow's sentence and returns false where
 * there is no such axis. */
bool kt_axis_bit(kt_graph *g, const kt_shape *s, int64_t axis, unsigned *mask); /* of one */
bool kt_axes_mask(kt_graph *g, const kt_shape *s, const kt_ints *axes, unsigned *mask);

/* --- losses ----------------------------------------------------------------------------------- */

typedef enum kt_reduction {
    KT_RED_SUM_OVER_BATCH,
    KT_RED_SUM,
    KT_RED_MEAN,
    KT_RED_MEAN_WITH_SAMPLE_WEIGHT,
    KT_RED_NONE
} kt_reduction;

/* What a loss takes y_true for. */
typedef enum kt_target_form {
    KT_TARGET_ANY,
    KT_TARGET_LABELS, /* class numbers: fit checks that they lie in [0, classes) */
    KT_TARGET_SHARES, /* of each class, on the last axis: one-hot rows */
    KT_TARGET_ZERO_ONE
} kt_target_form;

typedef struct kt_loss_type {
    kt_class    cls;
    const char *fn_name; /* keras.losses function: "mean_squared_error" */
    /* Per-sample values [batch, ...] of y_true and y_pred, of one dtype; kt_loss_value has squeezed
     * their ranks before, a metric has not. Shape mismatches raise Keras' sentence into g->fault.
     * y_pred->logits may be used as Keras' _keras_logits. */
    kt_node *(*call)(kt_graph *g, const void *config, kt_node *y_true, kt_node *y_pred);
    /* Which values count, of their shape; NULL, or gives NULL: all. Their mean is over those. */
    kt_node *(*valid)(kt_graph *g, const void *config, kt_node *y_true, kt_node *values);
    kt_target_form target;
} kt_loss_type;
/* ignore_class of a loss or metric on class numbers. */
kt_optint kt_ignored_class(const kt_object *loss);
/* The loss' own values, [batch, ...], before mask, weights and reduction. */
kt_node *kt_loss_values(kt_graph *g, const kt_object *loss, kt_node *y_true, kt_node *y_pred);
/* The reduced value, rank 0, or all values with reduction None: Keras' Loss.__call__ (casts,
 * squeeze_or_expand_to_same_rank, mask, weights, reduction). */
kt_node *kt_loss_value(kt_graph *g, const kt_object *loss, kt_node *y_true, kt_node *y_pred,
                       kt_node *weight, kt_node *mask);

/* --- metrics ---------------------------------------------------------------------------------- */

/* A metric with its state. update emits assign nodes; result is read on the host after the step. */
typedef struct kt_metric kt_metric;
typedef struct kt_metric_type {
    kt_class cls;
    /* Creates the state variables with kt_metric_state. Called once y's shapes are known. */
    kt_status (*build)(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f);
    void (*update)(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight);
    /* Instead of it, of a mean of a function, which alone looks at a mask of the outputs: what is
     * averaged, [batch, ...]. */
    kt_node *(*values)(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *y_pred);
    /* Which of the values count where others are weighted or masked; NULL, or gives NULL: all. */
    kt_node *(*valid)(kt_graph *g, const kt_metric *m, kt_node *y_true, kt_node *values);
    /* Writes *n numbers (1 for nearly all; at most `max`, which is the size of the first state). */
    void (*result)(const kt_metric *m, double *out, int *n, int max);
    bool (*list)(const kt_metric *m); /* they are a list also where there is one; NULL: not */
    bool counted;                     /* without a name they are counted: auc, auc_1 */
    /* Keras' _direction: 1 where more is better, -1 where less is; 0: callbacks must be told. */
    int direction;
} kt_metric_type;
struct kt_metric {
    const kt_metric_type *type;
    const kt_object      *object;
    const char           *name;  /* key of history */
    kt_vec                state; /* kt_variable *, owned */
    kt_arena              arena;
    bool                  built;
};
kt_metric *kt_metric_new(const kt_object *o, const char *name, kt_fault *f);
/* Zeros. Counts of a confusion are float32 whatever the metric's dtype says. */
kt_variable *kt_metric_state(kt_metric *m, const char *name, kt_dtype dtype, kt_shape shape,
                             kt_fault *f);
/* mask: of the outputs; it and the weights may be NULL. */
void kt_metric_update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight,
                      kt_node *mask);
void kt_metric_reset(kt_metric *m);
void kt_metric_free(kt_metric *m);
/* For metrics that are a mean of per-sample values (MeanMetricWrapper): states total and count. */
kt_status kt_mean_build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f);
void kt_mean_update(kt_graph *g, kt_metric *m, kt_node *values, kt_node *weight, kt_node *mask);
void kt_mean_result(const kt_metric *m, double *out, int *n, int max);
/* "crossentropy" or "ce": the loss that Keras chooses by shapes. */
bool             kt_is_crossentropy(const kt_value *loss);
const kt_object *kt_crossentropy_for(kt_arena *a, const kt_node *y_true, const kt_node *y_pred,
                                     kt_fault *f);
/* "accuracy" and "acc" by shapes, as Keras resolves them; other objects unchanged. */
const kt_object *kt_metric_resolve(kt_arena *a, const kt_object *o, const kt_node *y_true,
                                   const kt_node *y_pred, kt_fault *f);

/* --- optimizers ------------------------------------------------------------------------------- */

/* Authors of optimizers include nn/optimizer.h, which has the fields that all of them share. */
typedef struct kt_optimizer kt_optimizer;

/* What an optimizer keeps for every weight: one kind of slot. */
typedef struct kt_slot_kind {
    const char *name;    /* "momentum" */
    bool        beside;  /* made variable by variable together with the kind before it */
    bool        shared;  /* one number for all variables */
    bool        weights; /* starts as a copy of the weights */
    double      initial;
} kt_slot_kind;
#define KT_MAX_SLOTS 6

/* One update, for the flat block of all weights or for one variable. */
typedef struct kt_update {
    kt_graph           *g;
    const void         *config;
    kt_optimizer       *optimizer;
    const kt_variable  *variable;           /* NULL: the flat block */
    kt_node            *w, *grad;           /* same shape */
    kt_node            *lr;                 /* rank 0, of w's dtype */
    kt_node            *step;               /* iterations + 1, rank 0, of w's dtype */
    kt_variable *const *slots;              /* by kind; NULL where the variable has none */
    kt_node            *next[KT_MAX_SLOTS]; /* what kt_slot_assign was given */
    kt_node            *raw, *scale;        /* of a gradient by rows: it is raw * scale (NULL: 1) */
} kt_update;

/* What LossScaleOptimizer says. */
typedef struct kt_loss_scaling {
    const kt_object *inner; /* the optimizer that it is around */
    const char      *name;  /* or NULL */
    double           initial, growth_steps;
} kt_loss_scaling;

typedef struct kt_optimizer_type {
    kt_class cls;
    /* Of LossScaleOptimizer alone: there is no kt_optimizer of this type, but one of the inner
     * type that scales its loss. */
    kt_loss_scaling (*scaling)(const void *config);
    /* Fills the kinds of slots (zeroed before) in the order in which Keras creates them and returns
     * how many there are, at most KT_MAX_SLOTS. NULL: none. */
    int (*slots)(const void *config, kt_slot_kind *kinds);
    /* Where a slot of v is not like v (as dtype and shape are given); false: v has no such slot. */
    bool (*slot_like)(const void *config, int kind, const kt_variable *v, kt_dtype *dtype,
                      kt_shape *shape);
    /* Returns the new value of w; new slots are handed to kt_slot_assign. */
    kt_node *(*update)(kt_update *u);
    /* Weight decay of v, where it is not the field of this name; false: none. */
    bool (*decay)(const void *config, const kt_variable *v, double *rate);
    bool per_variable; /* needs the variables' own shapes (norms, matrices): no flat block */
    /* Before Keras 2.11 it listed all slots of a weight, then those of the next; the others list a
     * kind of slot of all weights after the other. */
    bool old_by_weight;
} kt_optimizer_type;
/* The slot's value before the step, also after kt_slot_assign. */
kt_node *kt_slot(kt_update *u, int kind);
void     kt_slot_assign(kt_update *u, int kind, kt_node *x);

/* The arguments that all optimizers have. */
typedef struct kt_optimizer_base {
    kt_optfloat weight_decay, clipnorm, clipvalue, global_clipnorm, loss_scale_factor;
    bool        use_ema;
    double      ema_momentum;
    kt_optint   ema_overwrite_frequency, gradient_accumulation_steps;
} kt_optimizer_base;

struct kt_optimizer {
    const kt_optimizer_type *type;
    const kt_object         *object;
    const char              *name; /* "adam" */
    kt_optimizer_base        base;
    const kt_object         *schedule; /* of the learning rate, or NULL */
    /* LossScaleOptimizer around it, or NULL. Its numbers come first among the variables: iterations
     * and learning rate, which are not used, good_steps (int64) and scale (float32). */
    const kt_object *around;
    kt_variable     *good_steps, *scale;
    double           growth_steps;
    bool             unasked; /* Keras' compile put it around: no configuration names it */
    kt_arena         arena;
    kt_variable     *iterations;    /* int64 [] */
    kt_variable     *learning_rate; /* float32 [], NULL with a schedule */
    /* All, in the order in which Keras saves them: iterations, learning_rate, averages, gradient
     * accumulators, the class' slots. */
    kt_vec        variables;
    kt_vec        trainable; /* kt_variable * of the model, borrowed; as given to build */
    int           n_kinds;   /* the base's (average, gradient_accumulator), then the class' */
    int           own;       /* where those of the class begin */
    kt_slot_kind  kind[KT_MAX_SLOTS + 2];
    kt_variable **slot; /* [variable][kind]; NULL where there is none */
    /* Where all weights lie in one block: [N], and one of [N] for each kind (of which `slot` are
     * views). block is NULL if each variable is updated for itself. */
    kt_variable *block, *slot_block[KT_MAX_SLOTS + 2];
    int64_t     *place; /* by variable: where its elements begin in the block */
    int         *order; /* the variables in the order of the block */
    kt_vec       owned; /* every kt_variable that was made here */
    bool         built;
};
kt_optimizer *kt_optimizer_new(const kt_object *object, kt_fault *f);
enum { KT_SCALING_VARIABLES = 4 }; /* of LossScaleOptimizer itself */
/* Creates the slots; moves the trainable variables' values into one contiguous block (their tensors
 * become views of it), unless they lie in the block of another optimizer. */
kt_status kt_optimizer_build(kt_optimizer *o, const kt_vec *trainable, kt_fault *f);
/* What is to be differentiated: loss, times loss_scale_factor if there is one. */
kt_node *kt_optimizer_scale_loss(const kt_optimizer *o, kt_graph *g, kt_node *loss);
/* Emits everything: clipping, weight decay, update, EMA, constraints, iterations + 1. grads[i] is
 * that of o->trainable[i], or NULL: that one is left as it is. */
kt_status kt_optimizer_apply(kt_optimizer *o, kt_graph *g, kt_node *const *grads, kt_fault *f);
/* The present learning rate, schedules included. */
double kt_optimizer_lr(const kt_optimizer *o);
/* Keras' TypeError if a schedule sets the learning rate. */
kt_status kt_optimizer_set_lr(kt_optimizer *o, double lr, kt_fault *f);
kt_status kt_optimizer_finish(kt_optimizer *o); /* end of fit: averages replace the weights */
/* As kt_object_value, with the present learning rate and name: what Keras saves. */
kt_value *kt_optimizer_value(kt_arena *a, const kt_optimizer *o, kt_fault *f);
void      kt_optimizer_free(kt_optimizer *o); /* the weights keep their values */

typedef struct kt_schedule_type {
    kt_class cls;
    /* step: iterations in the dtype of the first rate, rank 0; the result may have another */
    kt_node *(*rate)(kt_graph *g, const void *config, kt_node *step);
    /* What fails at the first step for that dtype; or NULL */
    kt_status (*use)(const void *config, kt_dtype dtype, kt_fault *f);
} kt_schedule_type;

#endif
