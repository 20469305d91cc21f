/* model.h - the door of src/model: the outermost model and what only it has: compile, fit,
 * evaluate, predict, summary. */
#ifndef KT_MODEL_DOOR_H
#define KT_MODEL_DOOR_H

#include "data/data.h"
#include "exec/exec.h"
#include "keratin/model.h"
#include "nn/layer.h"

typedef enum kt_purpose { KT_TRAIN, KT_TEST, KT_PREDICT } kt_purpose;

/* One more loss of an output: lists within the losses of several outputs have them. */
typedef struct kt_more_loss {
    const kt_value      *asked;
    const kt_object     *loss;
    double               weight;
    struct kt_more_loss *next;
} kt_more_loss;

/* One output's loss and metrics. */
typedef struct kt_target {
    const char      *name;          /* output's name */
    const kt_object *loss;          /* NULL: none */
    bool             loss_by_shape; /* "crossentropy": chosen when shapes are known */
    const kt_value  *asked;         /* its loss in the compile configuration, or NULL */
    double           weight;        /* of the loss */
    kt_more_loss    *more;          /* in the model's arena, in order */
    int              y;             /* the target array that the loss takes; -1: none */
    kt_vec metrics, weighted;       /* kt_object *, as asked for; resolved when shapes are known */
    kt_vec live, live_weighted;     /* kt_metric * */
} kt_target;

typedef struct kt_step kt_step; /* a plan with its inputs, outputs and size (step.c) */

/* What the call that failed was given (last_call.c); starts as {0}. */
typedef struct kt_last_call {
    const char *name; /* "build", "fit", "evaluate", "predict"; NULL: none */
    kt_data    *data; /* own references; arrays that are not there any more have a shape only */
    int64_t     batch;
    double      split;
} kt_last_call;
/* d may be NULL. In a trial of the doctor nothing is kept. */
void kt_last_call_keep(kt_last_call *c, const char *name, const kt_data *d, int64_t batch,
                       double split);
/* Of a call on shapes. Those with open sizes behind the batch are not kept. */
void kt_last_call_keep_shapes(kt_last_call *c, int n, const kt_shape *shapes);
void kt_last_call_clear(kt_last_call *c);

/* Optimizers of Keras 2 are classes of their own, and an .h5 goes back to where it came from. */
enum { KT_OF_KERAS3, KT_OF_KERAS2, KT_OF_KERAS2_LEGACY };

struct kt_model {
    kt_layer     *root; /* Sequential or Functional; a lone layer for `check` on a layer */
    kt_fault      fault;
    kt_arena      arena;
    bool          compiled;
    kt_value     *compile_config; /* as Keras writes it, kept for saving */
    kt_optimizer *optimizer;
    int           optimizer_of; /* whose optimizer an .h5 was written with: KT_OF_... */
    /* read from a file: Keras makes the optimizer's variables at once, we late */
    bool         tuned;
    bool         scales; /* made under a policy for which compile scales the loss */
    int          n_targets;
    kt_target    target[KT_MAX_OUTPUTS];
    bool         losses_settled, metrics_settled;
    kt_variable *loss_total,
        *loss_count; /* running mean of the loss, one per output too where there are several */
    kt_vec trackers; /* further mean trackers: kt_metric * */
    /* kt_step *, cached by purpose and shapes (steps.c), the least recently used first */
    kt_vec       steps;
    size_t       steps_bytes, steps_limit; /* what they hold; 0: the default bound */
    bool         weights_set; /* by a file, by training: they are not what initializers gave */
    volatile int stop;        /* set by kt_stop, also from a signal handler */
    kt_vec       rows;        /* copies of kt_row: the last shape table, for kt_explain and check */
    kt_arena     rows_arena;
    kt_result    checked[KT_MAX_OUTPUTS]; /* outputs of the last kt_check_shapes or kt_check_data */
    int          n_checked;
    kt_value    *optimizer_state; /* reserved for io: variables read before the slots exist */
    void        *lock;            /* of the cache of prediction steps */
    kt_legend   *legend;          /* of the table that it was trained on, or NULL */
    uint64_t     number;          /* of all models of the process only this one has it */
    kt_last_call given;           /* of the call that failed the model */
    kt_value    *source; /* what the file says, of a model that could not be built; or NULL */
};

/* A failure of one call, with the shape table of that call; starts as {0}. */
typedef struct kt_failure {
    kt_fault     fault;
    kt_vec       rows; /* kt_row *, in the fault's arena */
    kt_last_call given;
} kt_failure;
/* The calling thread's failed prediction put aside, while it predicts with models of its own, and
 * put back. */
typedef struct kt_failure_record {
    uint64_t   model; /* its number, 0: none; the model itself may be gone */
    kt_failure failure;
} kt_failure_record;
kt_failure_record kt_failure_aside(void);
void              kt_failure_back(const kt_failure_record *r);
/* What a failed kt_predict leaves: it belongs to the thread that called, until its next call on the
 * model; other threads predict on. Takes what f holds. */
void kt_failure_keep(const kt_model *m, kt_failure *f);
/* The calling thread's, if it belongs to m; NULL if there is none. */
const kt_failure *kt_failure_of(const kt_model *m);
void              kt_failure_forget(const kt_model *m); /* NULL: whatever model it belongs to */
/* Every call that works on the model begins with it: forgets the calling thread's failed call, and
 * gives the failure of the model itself, with which nothing can be done. NULL is an error of the
 * thread: "kt_fit: the model is NULL". */
kt_status kt_model_enter(kt_model *m, const char *call);
/* Builds a Sequential that has no input shape yet; others stay. */
kt_status kt_model_build(kt_model *m, int n, const kt_shape *shapes);
/* The same by the shapes of data: for batches of any size. */
kt_status kt_model_settle(kt_model *m, int n, const kt_shape *shapes);

kt_model *kt_model_around(kt_layer *root); /* takes the layer */
/* Number, shape (symbolic) and name of inputs and outputs of a built model. */
int         kt_model_inputs(const kt_model *m);
const char *kt_model_input_name(const kt_model *m, int i);
kt_dtype    kt_model_input_dtype(const kt_model *m, int i);

/* Symbolic shape of output i of a built model; NULL if it is not known. */
const kt_shape *kt_model_output_shape(const kt_model *m, int i);

/* What kt_explain says beyond the error: causes and repairs. The doctor's, which lies above:
 * src/registry.c points to it. */
extern void (*const kt_advice_hook)(const kt_model *m, kt_str *out);
/* Keeps the rows of a tracing for kt_explain. */
void kt_rows_keep(kt_model *m, const kt_trace *t);
/* Fills rows with copies in a. */
void kt_rows_copy(kt_vec *rows, kt_arena *a, const kt_trace *t);
/* Layer i of the table of kt_model_layer, or NULL; and of a layer that is a model itself. */
const kt_layer *kt_table_layer(const kt_model *m, int i);
const kt_layer *kt_inner_layer(const kt_layer *l, int i);
/* What Keras calls the output in losses, targets and histories: its key in a dict, else its layer's
 * name. */
const char *kt_output_key(const kt_model *m, int i);
/* The same arrays in the order of the model's inputs and outputs, by name: a view in out, not to be
 * freed. Arrays that are no input are left out. Raises Keras' sentence where an input has no array;
 * batch: the number of rows that it speaks of. */
kt_status kt_arrange(const kt_model *m, const kt_data *d, int64_t batch, kt_data *out, kt_fault *f);
/* Whether arrays have names of their own, as a dict in Python: not "" or numpy's arr_0. */
bool kt_columns_named(const kt_column *c, int n);
/* The caller's arguments in *own; NULL where there is nothing to work on or the struct is wrong. */
kt_model *kt_fit_take(const kt_fit_args *args, kt_fit_args *own);
/* Where validation_split cuts `rows`: the first *at are trained on. Raises what Keras raises. */
kt_status kt_split_at(kt_model *m, double share, int64_t rows, int64_t *at);
/* The class of a row of labels: the number itself, or the place of the greatest. */
int64_t kt_label_of(const kt_tensor *y, int64_t row);
/* Data that number their texts otherwise than the model's are refused; what the model has not seen
 * yet, it keeps. */
kt_status kt_model_check_legend(kt_model *m, const kt_data *d);
kt_status kt_raise_legend(kt_fault *f);
kt_status kt_model_keep_legend(kt_model *m, const kt_data *d);
/* As kt_check_data on arrays in order, but an input that declares its batch gets one of that size:
 * what fit does with them. */
kt_status kt_check_batch(kt_model *m, const kt_data *x);
/* Whether predict on these rows would fail; the arrays' shapes are enough, nothing is run. */
kt_status kt_check_predict(kt_model *m, const kt_data *x);
/* compile from the values of a file's compile_config (or of kt_compile_args): keys optimizer, loss,
 * loss_weights, metrics, weighted_metrics. */
kt_status kt_model_compile(kt_model *m, const kt_value *config);
/* The optimizer with its slots, built against the model's weights (for saving and loading its
 * state). */
kt_status kt_model_build_optimizer(kt_model *m);
/* Puts a LossScaleOptimizer around it that no configuration names. */
kt_status kt_model_scale_loss(kt_model *m);

#endif
