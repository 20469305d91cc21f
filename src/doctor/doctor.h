/* doctor.h - the door of src/doctor: what the parts of a diagnosis hand to each other.
 *
 * A scene is one complete call: configuration, arrays, loss, metrics, batch size. A trial plays it
 * on shapes alone and says where it ends. Facts are what the numbers of the arrays look like, the
 * view is the model layer by layer. A remedy proposes scenes that differ by numbered edits; the
 * search plays them, best first, and keeps those that pass. */
#ifndef KT_DOCTOR_H
#define KT_DOCTOR_H

#include "io/io.h"
#include "keratin/doctor.h"

/* --- arrays (form.c, array.c) ----------------------------------------------------------------- */

/* What the numbers of an array look like; known is false where nobody looked. */
typedef struct kt_form {
    bool   known, whole, zero_one; /* whole numbers; only 0 and 1 */
    bool   one_hot;                /* each row of the last axis has one 1, the rest 0 */
    bool   shares;                 /* each row adds up to 1 */
    bool   crowded;                /* some row adds up to more than 1 */
    double min, max;
} kt_form;
/* most: of how many numbers, 0: of all; fractions need fewer. */
kt_form kt_form_of(const kt_tensor *t, int64_t most);

/* One change of an array; the arguments by kind. */
typedef enum kt_change_kind {
    KT_CH_RESHAPE,   /* shape */
    KT_CH_TRANSPOSE, /* axis[] */
    KT_CH_LAST_STEP, /* [N, T, ...] -> [N, ...] */
    KT_CH_ONE_HOT,   /* size classes on a new last axis (an old last axis of 1 goes) */
    KT_CH_ARGMAX,    /* over the last axis */
    KT_CH_ADD,       /* number */
    KT_CH_CLIP,      /* to [0, size) */
    KT_CH_RESIZE,    /* inner axes to those of shape, by nearest element */
    KT_CH_PAD,       /* axis axis[0] cut or padded with zeros to size, in front */
    KT_CH_COLUMNS,   /* last axis: size columns from begin on, zeros where there are none */
    KT_CH_CHANNELS, /* last axis to size channels: grey repeated, alpha dropped, colours averaged */
    KT_CH_ROWS      /* first axis: size rows from begin on */
} kt_change_kind;
typedef struct kt_change {
    kt_change_kind kind;
    kt_shape       shape;
    int            axis[KT_MAX_RANK];
    int64_t        size, begin;
    double         number;
} kt_change;
/* The shape after a change of an array of shape s; rank -1 if it can not be made. */
kt_shape kt_changed_shape(const kt_change *c, const kt_shape *s);
/* The array itself, new. NULL without memory or if it can not be made. */
kt_tensor *kt_changed(const kt_change *c, const kt_tensor *t);
/* What is certain of the numbers after a change of an array of shape s that had this form. */
kt_form kt_changed_form(const kt_change *c, const kt_shape *s, kt_form f);

/* --- scenes (scene.c) ------------------------------------------------------------------------- */

enum { KT_MAX_CHANGES = 4, KT_MAX_EDITS = 6, KT_MAX_REASONS = 10 };

typedef enum kt_call_kind { KT_DO_BUILD, KT_DO_FIT, KT_DO_EVALUATE, KT_DO_PREDICT } kt_call_kind;

/* An array of a scene: the original number `source` after changes. The changed t of x and of a
 * large y has no memory: it is for its shape. */
typedef struct kt_item {
    const char *name; /* "" where it has none */
    bool        of_y;
    int         source, n_changes;
    kt_change   change[KT_MAX_CHANGES];
    kt_tensor  *t; /* owned by the case */
    kt_form     form;
} kt_item;

typedef struct kt_mended {
    const char *kind, *cause, *what, *layer, *words, *code, *changes;
} kt_mended;

/* What is known of a scene as it stands, once it was asked for. */
typedef struct kt_memo {
    struct kt_outcome *end;
    struct kt_view    *view;
} kt_memo;

typedef struct kt_scene {
    struct kt_patient *p;
    kt_memo           *memo;    /* of this scene: a fork has its own */
    const kt_value    *config;  /* {"class_name", "config"}; its compile_config is not looked at */
    const kt_value    *compile; /* loss, metrics, optimizer ... as in a file; or NULL */
    int                n_x, n_y;
    kt_item           *x, *y; /* [KT_MAX_ARRAYS] */
    int64_t            batch;
    int                n_edits;
    kt_mended          edit[KT_MAX_EDITS];
    unsigned           why; /* bits of reasons, see rank.c */
    int                score;
} kt_scene;

/* What a diagnosis works on, and what all of it shares. */
typedef struct kt_patient {
    kt_arena     arena;
    kt_vec       tensors; /* owned */
    kt_call_kind call;
    bool         trained; /* weights came with the model */
    kt_model    *model;   /* as it was loaded, with its weights; or NULL */
    bool         own_model;
    kt_data      given; /* borrowed arrays */
    /* The configuration as it was made, and without the shapes that its layers were built with:
     * Keras builds from them (build_config), so they count, but for the call as it was made
     * alone. */
    const kt_value *as_made, *plain;
    kt_scene        scene; /* the call as it was made */
    double          split; /* validation_split */
    int64_t         tries, budget;
} kt_patient;

kt_scene *kt_scene_fork(const kt_scene *s);
/* Appends a change to x or y number i; false if it can not be made. */
bool kt_scene_change(kt_scene *s, bool of_y, int i, const kt_change *c);
/* Takes the arrays that a scene stands for out of the originals, all rows (-1) or the first: new
 * data, NULL without memory. */
kt_data *kt_scene_data(const kt_scene *s, int64_t rows);
/* The bytes of the originals that changes must read for that. */
double kt_scene_bytes(const kt_scene *s, int64_t rows);
/* Replaces a key of the compile configuration. */
bool            kt_scene_compile(kt_scene *s, const char *key, kt_value *v);
const kt_value *kt_scene_compiled(const kt_scene *s, const char *key);

/* --- the model of a scene (kind.c, view.c, config.c) ------------------------------------------ */

/* What a layer is for, read off its class' fields: a class that comes later takes part. */
typedef enum kt_role {
    KT_IS_OTHER, /* keeps the shape, or unknown */
    KT_IS_INPUT,
    KT_IS_DENSE,
    KT_IS_CONV,
    KT_IS_CONV_UP, /* transposed */
    KT_IS_POOL,
    KT_IS_GLOBAL_POOL,
    KT_IS_RECURRENT,
    KT_IS_EMBEDDING,
    KT_IS_JOIN, /* along an axis */
    KT_IS_MERGE,
    KT_IS_FLATTEN,
    KT_IS_RESHAPE,
    KT_IS_REPEAT,
    KT_IS_UPSAMPLE,
    KT_IS_BORDER, /* padding or cropping */
    KT_IS_ACTIVATION,
    KT_IS_WRAPPER,
    KT_IS_MODEL
} kt_role;
kt_role kt_role_of(const kt_layer_type *t);
/* Axes that a convolution, pooling or recurrent layer works over: 2 for pictures; 0: any. */
int kt_rank_of(const kt_layer_type *t);

enum { KT_MAX_FEED = 8, KT_MAX_DEPTH = 6 };

/* One use of a layer. */
typedef struct kt_spot {
    const kt_value      *value; /* its dict */
    const char          *name;
    const kt_layer_type *type; /* NULL: unknown class */
    kt_role              role;
    int                  rank;
    int                  parent;        /* the model that it stands in; -1: the outermost */
    int                  place;         /* index in that model's list */
    bool                 list;          /* its inputs come as a list */
    const kt_value      *args, *kwargs; /* of the call, as a file has them; or NULL */
    int                  n_feed;        /* spots that it takes its inputs from */
    int                  feed[KT_MAX_FEED], feed_part[KT_MAX_FEED];
    int                  n_out;
    kt_shape             in[KT_MAX_FEED], out[KT_MAX_PARTS];
    kt_dtype             in_dtype[KT_MAX_FEED], out_dtype[KT_MAX_PARTS];
    bool                 reached, failed; /* its inputs are known; it refused them */
    kt_error             error;           /* of a failure; texts in the patient's arena */
} kt_spot;

typedef struct kt_view {
    kt_arena *arena;
    kt_spot  *spot;
    int       n, cap;
    int       n_in, in[KT_MAX_ARRAYS];
    int       n_out, out[KT_MAX_OUTPUTS], out_part[KT_MAX_OUTPUTS];
    int       broken;     /* the first spot that failed; -1: none */
    bool      sequential; /* outermost */
    bool      declared[KT_MAX_ARRAYS];
    kt_shape  shape[KT_MAX_ARRAYS]; /* of the inputs: as declared, else as the data are */
} kt_view;
/* Walks the model of a scene as far as shapes can be inferred; once for each scene. */
void kt_view_of(const kt_scene *s, kt_view *v);
/* Upward through one input: the spot that feeds input k, inside models too; -1 at the inputs. */
int kt_up(const kt_view *v, int spot, int k);
/* The nearest spot upward (from spot's input 0 on) with one of these roles (bits); -1: none. */
int kt_up_to(const kt_view *v, int spot, unsigned roles);
/* The spot that the i-th output is decided by: the last layer that is no activation or the like. */
int kt_head(const kt_view *v, int i);
/* The layer whose result output i is, inside of models too; -1: none. */
int kt_end(const kt_view *v, int i);
#define KT_ROLE(r) (1u << (r))

/* The class as its author calls it: a stand-in bears another's name. */
const char *kt_class_shown(const kt_spot *s);

/* Puts a StandIn in the place of each layer whose class is not here, where the file says which
 * shapes it has been called on (custom.c). What was assumed by that in *words, NULL: nothing. */
kt_value *kt_stand_ins(kt_arena *a, kt_value *model, const char **words);

/* Reading fields; missing ones have the class' default. */
const kt_value *kt_field_value(const kt_spot *s, const char *field);
int64_t         kt_field_int(const kt_spot *s, const char *field, int64_t missing);
bool            kt_field_true(const kt_spot *s, const char *field);
const char     *kt_field_text(const kt_spot *s, const char *field);
/* Numbers of a tuple or a lone number for n axes; how many there are, 0: none. */
int  kt_field_ints(const kt_spot *s, const char *field, int n, int64_t *out);
bool kt_has_field(const kt_spot *s, const char *field);
/* The field that says how wide its result is: units or filters; NULL: none. */
const char *kt_width_field(const kt_spot *s);

/* Editing: each changes s->config by copying the way down; false if it can not be done. */
bool kt_edit_field(kt_scene *s, const kt_view *v, int spot, const char *field, kt_value *value);
kt_value *kt_edit_layer(kt_scene *s, const kt_view *v, int spot); /* its writable dict, or NULL */
bool      kt_edit_class(kt_scene *s, const kt_view *v, int spot, const char *class_name);
bool      kt_edit_input(kt_scene *s, const kt_view *v, int input, const kt_shape *batch_shape);
/* Puts a new layer in front of input k of a spot (-1: behind the spot, for all who use it). The
 * layer's configuration is of a call such as "Flatten()". */
bool kt_edit_insert(kt_scene *s, const kt_view *v, int spot, int k, const char *expression);
bool kt_edit_remove(kt_scene *s, const kt_view *v, int spot);
/* Replaces the layer of a spot by an expression, its name kept. */
bool kt_edit_replace(kt_scene *s, const kt_view *v, int spot, const char *expression);
/* Hands the first result of another spot of the same model on to a spot, behind its inputs. */
bool kt_edit_connect(kt_scene *s, const kt_view *v, int spot, int from);
/* Puts the wrapped layer in the place of its wrapper. */
bool kt_edit_unwrap(kt_scene *s, const kt_view *v, int spot);
/* Puts Wrapper(layer) in its place. */
bool kt_edit_wrap(kt_scene *s, const kt_view *v, int spot, const char *wrapper);

/* --- trials (trial.c) ------------------------------------------------------------------------- */

typedef enum kt_stage {
    KT_AT_BUILD,   /* the configuration */
    KT_AT_INPUTS,  /* names and number of inputs */
    KT_AT_COUNT,   /* samples of the arrays */
    KT_AT_FORWARD, /* the call of the layers */
    KT_AT_LOSS,
    KT_AT_METRIC,
    KT_AT_LABELS, /* class numbers, indices */
    KT_AT_LAST,   /* the smaller last batch */
    KT_PASSED
} kt_stage;

typedef struct kt_outcome {
    kt_stage stage;
    int      depth; /* layers that were passed: a later failure is nearer to the end */
    kt_error error;
    int      n_out;
    kt_shape out[KT_MAX_OUTPUTS];
    double   work; /* multiplications for one sample, about; numbers that are trained */
    double   numbers;
} kt_outcome;
/* Plays a scene, once: what it came to is kept. Texts are in the patient's arena. */
kt_outcome kt_try(const kt_scene *s);
/* What TensorFlow says of an index that is not in an Embedding's table (*layer: whose), and of a
 * class number without an output, as far as forms tell; NULL: nothing. */
const char *kt_bad_index(const kt_scene *s, const kt_model *m, const char **layer);
const char *kt_bad_label(const kt_scene *s, const kt_model *m);
/* The model of a scene, compiled; shapes only where that is on. NULL without memory. */
kt_model *kt_scene_model(const kt_scene *s);

/* --- remedies (remedies/, look.c, offer.c, search.c, rank.c) ---------------------------------- */

/* What the loss wants of the target. */
typedef enum kt_loss_kind {
    KT_LOSS_NONE,
    KT_LOSS_OTHER,
    KT_LOSS_SPARSE,
    KT_LOSS_CATEGORICAL,
    KT_LOSS_BINARY
} kt_loss_kind;

typedef struct kt_offers {
    kt_vec list; /* kt_scene * */
} kt_offers;

/* What a proposing function sees: a failed scene, looked at from all sides. Shapes are without the
 * batch axis; rank -1: not known. */
typedef struct kt_look {
    const kt_scene *s;
    kt_outcome      end;
    kt_view         v;
    kt_loss_kind    loss;
    bool            from_logits;
    int             output, target; /* the output that this is about, and the array for it */
    int             input, item;    /* the input that this is about, and the array for it */
    int64_t         rows, y_rows;   /* samples of that array and of y 0; 0 without */
    kt_shape        data;           /* that array */
    kt_shape        declared;       /* that input; rank -1 also where nothing is declared */
    kt_shape        out, y;         /* output 0, target 0 */
    const kt_form  *xf, *yf;        /* of x 0, y 0; never NULL */
    int64_t         classes;        /* that the target speaks of; 0: it is no class */
    bool            fresh;          /* may be built anew: not trained, and called to build or fit */
    bool            targets;        /* the call compares with y */
    kt_offers      *offers;
} kt_look;
kt_look kt_look_at(const kt_scene *s, const kt_outcome *end);

/* How strongly the facts speak for a remedy. */
typedef enum kt_grade { KT_G_SHOT, KT_G_LIKELY, KT_G_STRONG, KT_G_CERTAIN } kt_grade;

typedef struct kt_remedy {
    const char *kind;
    const char *where;   /* "model", "x", "y", "loss", "metric", "batch_size" */
    const char *changes; /* what it changes in meaning; NULL: nothing */
    void (*propose)(const kt_look *k, const struct kt_remedy *r); /* NULL: only with others */
} kt_remedy;
/* A file of remedies/ ends with a list, kind NULL at the end; KT_REMEDY(file) in remedies.list. */
extern const kt_remedy *const kt_remedy_table[]; /* NULL-terminated (src/registry.c) */
const kt_remedy              *kt_remedy_find(const char *kind);

/* A new scene to edit, or NULL without memory. */
kt_scene *kt_draft(const kt_look *k);
/* Notes an edit of the scene. layer: of a model edit, or NULL; code: a line of Keras, or NULL. */
void kt_note(kt_scene *s, const char *kind, const char *cause, kt_grade grade, const char *layer,
             const char *code, const char *fmt, ...) KT_PRINTF(7, 8);
/* Hands the scene in, if all its edits succeeded. */
void kt_offer(const kt_look *k, kt_scene *s, bool edited);
/* Draft, one change of the target that it is about, and offer. */
void kt_offer_target(const kt_look *k, const kt_remedy *r, const kt_change *c, const char *cause,
                     kt_grade grade, const char *code, const char *words);
void kt_propose(const kt_scene *s, const kt_outcome *end, kt_offers *out);
/* The proved scenes, best first; at most max. best_guess: the best offer at all, or NULL. */
int kt_search(kt_patient *p, const kt_outcome *end, kt_scene **out, int max,
              const kt_scene **best_guess);

/* Reasons: bits of a scene's `why` from here on; below are the grade of the weakest edit. */
enum { KT_WHY_GRADE = 3 };
#define KT_WHY(reason) (1u << (2 + (reason)))
typedef enum kt_why {
    KT_WHY_TRAINED,   /* edits a model that is trained */
    KT_WHY_CALL,      /* edits the model where the call only uses it */
    KT_WHY_EACH_TIME, /* data must be changed before each later call too */
    KT_WHY_COMPILED,  /* the model was trained or is judged with another loss */
    KT_WHY_MEANING,   /* the remedy changes what the model says */
    KT_WHY_COUNT
} kt_why;
/* Sums the weights of a scene's reasons; fills the reasons if asked (max of them). */
int kt_rank(const kt_scene *s, kt_reason *reasons, int max, int *n);

/* --- warnings (warnings.c) -------------------------------------------------------------------- */

int kt_warn(const kt_scene *s, kt_warning_report *out, int max);

kt_loss_kind kt_loss_of(const kt_value *loss, bool *from_logits);
/* Gives output i this loss, the others keep theirs. */
bool kt_scene_loss(kt_scene *s, const kt_view *v, int i, const char *loss);
/* The part of the compiled loss that output i has; NULL: none. */
const kt_value *kt_output_loss(const kt_scene *s, const kt_view *v, int i);
/* "(None, 28, 28)" in the patient's arena. */
const char *kt_say_shape(const kt_scene *s, const kt_shape *shape);

#endif
