/* model.h - define, compile, train, evaluate, use a model.
 *
 *   kt_model *m = kt_sequential(
 *       kt_flatten(.input_shape = {28, 28}),
 *       kt_dense(128, .activation = "relu"),
 *       kt_dense(10, .activation = "softmax"));
 *   kt_compile(m, .optimizer = "adam", .loss = "sparse_categorical_crossentropy",
 *              .metrics = {"accuracy"});
 *   kt_history *h = kt_fit(m, x, y, .epochs = 5, .validation_split = 0.1);
 *   if (kt_failed(m)) { kt_explain(m, stderr); }
 *   kt_history_free(h);
 *   kt_model_free(m);
 *
 * Arguments have Keras' names, defaults and meaning. Where Keras takes a name or an object, write
 * the name or a Keras expression: .optimizer = "Adam(learning_rate=1e-3)". An argument that is left
 * out has Keras' default; `.shuffle = false` written in the call is false. Who fills an argument
 * struct by himself names the zeros that he means in .at.given: see kt_site.
 *
 * Ownership: a model takes the layers it is given, also on failure. Tensors and data stay yours.
 * Errors: sticky, see error.h. Constructors never return NULL except without memory. All calls
 * accept NULL and failed objects: releasing NULL does nothing, a question about NULL has a neutral
 * answer (0, NULL), and whatever should be done with it is an error, of the other object if there
 * is one and of the thread if not.
 * Threads: kt_predict may run in any number of threads on one built model; everything else on one
 * thread at a time. A prediction that fails leaves the model as it is: kt_failed, kt_model_error
 * and kt_explain tell of it on the thread that made the call, until its next call on the model (or
 * until its prediction with another model fails).
 */
#ifndef KERATIN_MODEL_H
#define KERATIN_MODEL_H

#include <stdio.h>

#include "keratin/error.h"
#include "keratin/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kt_model   kt_model;
typedef struct kt_layer   kt_layer;
typedef struct kt_data    kt_data;
typedef struct kt_history kt_history;
typedef struct kt_legend  kt_legend;

/* First member of every argument struct. The calls of this header and of layers.h fill it. Whoever
 * fills a struct by himself, as bindings of other languages do, sets the size, and names in `given`
 * the members that are zero, false or NULL and mean it:
 *
 *   kt_fit_args a = {.at = {.size = sizeof a}, .model = m, .x = x, .y = y};
 *   a.shuffle = false;
 *   a.at.given = "shuffle";
 *   kt_history *h = kt_fit_with(&a);
 *
 * Any other member that is zero is left out and has its default; NULL that is meant is Python's
 * None. A name that the struct does not have is a TypeError, and so is a size of 0. */
typedef struct kt_site {
    size_t      size;        /* sizeof the whole struct */
    const char *text, *file; /* the call as it was written, for errors; or NULL */
    int         line;
    /* The text after its macros were replaced: every argument written there counts. NULL: text. */
    const char *expanded;
    /* Names, between blanks or commas: "use_bias, seed". An array says how many elements it has:
     * "axis[1]" is {0}, "shape[0]" is Python's (). NULL: none. */
    const char *given;
} kt_site;

/* The kt_site of a call macro: KT_SITE(kt_fit_args, #__VA_ARGS__, __VA_ARGS__). */
#define KT_SITE(type, text, ...)                                \
    {                                                           \
        sizeof(type), text, __FILE__, __LINE__, #__VA_ARGS__, 0 \
    }

/* --- layers and models ------------------------------------------------------------------------ */

/* What the calls of layers.h expand to: a layer of a class from its argument struct. */
KT_API kt_layer *kt_layer_make(const char *class_name, const kt_site *args);
/* A layer from a Keras expression: "Dense(128, activation='relu')". Never NULL but without
 * memory. */
KT_API kt_layer       *kt_layer_from(const char *expression);
KT_API const kt_error *kt_layer_error(const kt_layer *l); /* NULL if it has not failed */
/* Of a layer that was handed to nobody. A model takes the layers that it is given; a layer that is
 * an argument of another one (kt_time_distributed(l)) is used up by that call. */
KT_API void kt_layer_free(kt_layer *l);

KT_API kt_model *kt_sequential_of(kt_layer *const *layers); /* NULL-terminated */
/* The same of n layers: one that is NULL is an error of the model, as None is in Keras. */
KT_API kt_model *kt_sequential_list(int n, kt_layer *const *layers);
#define KT_LAYERS_(...)   \
    (kt_layer *const[])   \
    {                     \
        NULL, __VA_ARGS__ \
    }
#define kt_sequential(...)                                                              \
    kt_sequential_list((int)(sizeof(KT_LAYERS_(__VA_ARGS__)) / sizeof(kt_layer *)) - 1, \
                       KT_LAYERS_(__VA_ARGS__) + 1)

/* The Functional API: x = kt_symbol_of(kt_input(.shape = {4})); y = kt_apply(kt_dense(8), x).
 * A symbol is a plain value; an error in a layer travels to the model. */
typedef struct kt_symbol {
    kt_layer *layer;
    int       node, index;
} kt_symbol;
KT_API kt_symbol kt_symbol_of(kt_layer *input_layer);
KT_API kt_symbol kt_apply(kt_layer *l, kt_symbol x);
KT_API kt_symbol kt_apply_list(kt_layer *l, int n, const kt_symbol *x);
/* A call of keras.ops: x = kt_operation("Add", 2, (kt_symbol[]){a, b}). The names are those of the
 * classes that a file has (keras.src.ops.numpy.Add); `keratin layers` lists them not. Symbols stand
 * in the text as x0, x1 ...: "Where(Greater(x0, 0), x0, Multiply(x0, 0.5))", "Concatenate([x0, x1],
 * axis=1)", "GetItem(x0, (Ellipsis, slice(1, None)))". Without arguments by place the operation is
 * called on all symbols in their order: "Mean(axis=-1)". Of several results: kt_output_of. */
KT_API kt_symbol kt_operation(const char *call, int n, const kt_symbol *x);
KT_API kt_symbol kt_output_of(
    kt_symbol s, int index); /* of a call with several outputs, e.g. LSTM with return_state */
KT_API kt_model *kt_functional(const char *name, int n_in, const kt_symbol *in, int n_out,
                               const kt_symbol *out);
/* The same with names, as of Python's dicts: Model({"x": x}, {"a": a, "b": b}). Arrays, losses and
 * metrics go by them. Outputs are counted in the order of their names. NULL instead of names: a
 * list. */
KT_API kt_model *kt_functional_named(const char *name, int n_in, const char *const *in_names,
                                     const kt_symbol *in, int n_out, const char *const *out_names,
                                     const kt_symbol *out);
/* A model as a layer of another one: takes the model, keeps its layers and weights, forgets how it
 * was compiled. */
KT_API kt_layer *kt_model_as_layer(kt_model *m);

/* A model from a Keras expression, as on the command line: "Sequential([Dense(10,
 * input_shape=(5,))])". */
KT_API kt_model *kt_model_from(const char *expression);
KT_API void      kt_model_free(kt_model *m);

KT_API int             kt_failed(const kt_model *m); /* 1 after a failure, also for NULL */
KT_API const kt_error *kt_model_error(const kt_model *m);
KT_API void            kt_clear_error(kt_model *m); /* goes on after a failed fit or evaluate */
/* Prints the error with the table of every layer's shapes, the failing place marked, and what the
 * doctor says to it (doctor.h); in colour on a terminal, unless NO_COLOR is set. A model that has
 * not failed, or NULL: what kt_thread_error holds. Nothing if there is no error. */
KT_API void kt_explain(const kt_model *m, FILE *out);

/* Builds a model that declares no input shape; batch first, KT_UNKNOWN for None. A Sequential that
 * has an input of another shape refuses (KT_E_VALUE); other models stay as they are. */
KT_API kt_status kt_build(kt_model *m, int n, const kt_shape *input_shapes);
KT_API void      kt_summary(kt_model *m, FILE *out); /* as Keras prints it; NULL: on stdout */
typedef struct kt_summary_args {
    kt_site   at;
    kt_model *model;
    FILE     *out;         /* stdout */
    int64_t   line_length; /* 76: what 80 columns leave */
    bool      expand_nested, show_trainable;
} kt_summary_args;
KT_API kt_status   kt_summary_with(const kt_summary_args *args);
KT_API int64_t     kt_count_parameters(const kt_model *m);
KT_API const char *kt_model_name(const kt_model *m);
/* Numbers of weights, and weight i in Keras' order: a reference to its values (do not unref), NULL
 * out of range. */
KT_API int        kt_weights(const kt_model *m);
KT_API kt_tensor *kt_weight_at(const kt_model *m, int i, const char **path);

/* --- shapes without computing ----------------------------------------------------------------- */

/* What one layer receives and gives, in the order of Keras' model.layers. Shapes:
 * kt_model_layer_shape. */
typedef struct kt_layer_info {
    const char *name, *class_name;
    int         n_in, n_out; /* 0: not known */
    int64_t     params;
    bool        failed; /* the error of the model happened in it */
} kt_layer_info;

/* Calls the model on inputs of these shapes (batch first, KT_UNKNOWN for None) without computing; n
 * 0: on the declared shapes. A model that declares none is built. as_data: as if called on data of
 * these sizes, which Keras checks in another way. */
KT_API kt_status kt_check_shapes(kt_model *m, int n, const kt_shape *shapes, bool as_data);
/* The same on data, whose names are matched with those of the inputs. */
KT_API kt_status kt_check_data(kt_model *m, const kt_data *x);
/* Shape of output i in the last check; rank -1 out of range. */
KT_API int      kt_checked_outputs(const kt_model *m);
KT_API kt_shape kt_checked_output(const kt_model *m, int i);
/* The table of layers: without the InputLayer of a Sequential; a model inside counts as one row. */
KT_API int           kt_model_layers(const kt_model *m);
KT_API kt_layer_info kt_model_layer(const kt_model *m, int i);
KT_API kt_shape      kt_model_layer_in(const kt_model *m, int i, int k);
KT_API kt_shape      kt_model_layer_out(const kt_model *m, int i, int k);

/* --- compile ---------------------------------------------------------------------------------- */

#define KT_MAX_OUTPUTS 16
#define KT_MAX_METRICS 16
typedef struct kt_compile_args {
    kt_site     at;
    kt_model   *model;
    const char *optimizer; /* "rmsprop" */
    const char *loss;      /* one for all outputs, or a dict/list expression per output */
    const char *metrics
        [KT_MAX_METRICS]; /* names or expressions; one dict/list expression for several outputs */
    const char *weighted_metrics[KT_MAX_METRICS];
    const char *loss_weights; /* "[1.0, 0.5]" or "{'a': 1.0}" */
    bool auto_scale_loss;     /* true: of models made under "mixed_float16" (kt_set_dtype_policy) */
} kt_compile_args;
KT_API kt_status kt_compile_with(const kt_compile_args *args);
/* The same, but what is not given stays as it was compiled, or as the file had it. */
KT_API kt_status kt_recompile_with(const kt_compile_args *args);
#define kt_compile(...)                                                                           \
    kt_compile_with(&(kt_compile_args){.at = KT_SITE(kt_compile_args, #__VA_ARGS__, __VA_ARGS__), \
                                       .model = __VA_ARGS__})

/* --- fit, evaluate, predict ------------------------------------------------------------------- */

/* What a callback of yours sees; return nonzero from it to stop training after this epoch. */
typedef struct kt_progress {
    kt_model         *model;
    const kt_history *history;
    int64_t           epoch;          /* from 0 */
    int64_t           batch, batches; /* batch: -1 at the end of an epoch */
} kt_progress;
typedef int (*kt_callback)(void *user, const kt_progress *p);

#define KT_MAX_CALLBACKS 16
typedef struct kt_fit_args {
    kt_site     at;
    kt_model   *model;
    kt_tensor  *x, *y; /* first axis: samples; or use data for several inputs and outputs */
    kt_data    *data;
    int64_t     epochs;           /* 1 */
    int64_t     batch_size;       /* 32 */
    double      validation_split; /* 0: the last part of the rows, taken before shuffling */
    kt_tensor  *val_x, *val_y;
    kt_data    *validation_data;
    bool        shuffle;       /* true */
    const char *class_weight;  /* "{0: 1.0, 1: 2.0}" */
    kt_tensor  *sample_weight; /* [samples] */
    int64_t     initial_epoch; /* 0 */
    int64_t
        /* 0 silent, 1 progress bar on a terminal, 2 one line per epoch; default 0 in a library */
                verbose;
    FILE       *out; /* where verbose and callbacks with verbose print; stdout */
    const char *callbacks[KT_MAX_CALLBACKS]; /* "EarlyStopping(patience=3)" */
    kt_callback on_batch, on_epoch;          /* your own, with user */
    void       *user;
    FILE       *warnings; /* where what Keras warns of is printed; NULL: nowhere */
} kt_fit_args;
/* NULL on failure (see kt_model_error). When kt_stop was called (Ctrl-C), the running batch is the
 * last of its epoch, which then ends as others do: validation, callbacks; weights are kept. */
KT_API kt_history *kt_fit_with(const kt_fit_args *args);
#define kt_fit(...)                                                                   \
    kt_fit_with(&(kt_fit_args){.at = KT_SITE(kt_fit_args, #__VA_ARGS__, __VA_ARGS__), \
                               .model = __VA_ARGS__})
/* The optimizer's present learning rate (NAN before compile), schedules included; and a new one
 * from the next step on. */
KT_API double kt_learning_rate(const kt_model *m);
KT_API void   kt_set_learning_rate(kt_model *m, double lr);
/* Only tells whether fit with these arguments would fail: at its first step, or at the last,
 * smaller batch. Trains nothing. kt_checked_output has what comes out then. */
KT_API kt_status kt_check_fit(const kt_fit_args *args);
/* Asks a running fit to end; may be called from a signal handler. */
KT_API void kt_stop(kt_model *m);

typedef struct kt_evaluate_args {
    kt_site    at;
    kt_model  *model;
    kt_tensor *x, *y;
    kt_data   *data;
    int64_t    batch_size; /* 32 */
    kt_tensor *sample_weight;
    int64_t    verbose;
    FILE      *out;
} kt_evaluate_args;
/* A history with one value per key ("loss", "accuracy" ...), or NULL. */
KT_API kt_history *kt_evaluate_with(const kt_evaluate_args *args);
#define kt_evaluate(...)                  \
    kt_evaluate_with(&(kt_evaluate_args){ \
        .at = KT_SITE(kt_evaluate_args, #__VA_ARGS__, __VA_ARGS__), .model = __VA_ARGS__})

/* Output of a model with one input and one output: [samples, ...]. New reference, or NULL. */
KT_API kt_tensor *kt_predict(kt_model *m, kt_tensor *x);
/* In general: fills out[0 .. n_out) with new references. batch_size 0: 32. */
KT_API kt_status kt_predict_many(kt_model *m, const kt_data *x, int64_t batch_size, kt_tensor **out,
                                 int n_out);
/* A model keeps a plan for each batch size and shape that it has run, up to this many bytes; those
 * that were used least recently go first, and are made anew when they are needed. 0: the default,
 * 256 MB. What runs, and the last one used, are kept in any case. */
KT_API void   kt_set_plan_memory(kt_model *m, size_t bytes);
KT_API size_t kt_plan_memory(const kt_model *m); /* bytes that plans hold now, roughly */
/* 1 where all inputs of the model are texts. */
KT_API int         kt_model_takes_texts(const kt_model *m);
KT_API int         kt_model_outputs(const kt_model *m);
KT_API const char *kt_model_output_name(const kt_model *m,
                                        int i); /* name for .npz: "dense", "lstm", "lstm_1" */
/* One gradient update on one batch: the batch's loss and metrics. */
KT_API kt_history *kt_train_on_batch(kt_model *m, kt_tensor *x, kt_tensor *y);
/* Calls a single layer on a tensor, building it if needed: a graph of one layer. New reference, or
 * NULL. */
KT_API kt_tensor *kt_layer_on(kt_layer *l, kt_tensor *x);
/* The same as in training: what a random layer makes of it. Each call draws other numbers. */
KT_API kt_tensor *kt_layer_training_on(kt_layer *l, kt_tensor *x);
/* Learns the statistics of Normalization layers that have none yet. Returns how many there were. */
KT_API int kt_adapt(kt_model *m, const kt_data *x);
/* The same from those rows alone on which kt_fit with these arguments trains. */
KT_API int kt_adapt_for_fit(const kt_fit_args *args);
/* Classes of the validation rows of such a fit that no row of training has: the first n go to out;
 * returns how many there are. 0 where the targets are no classes. */
KT_API int kt_unseen_classes(const kt_fit_args *args, int64_t *out, int n);

/* --- history ---------------------------------------------------------------------------------- */

KT_API int         kt_history_keys(const kt_history *h);
KT_API const char *kt_history_key(
    const kt_history *h, int i); /* in Keras' order: "accuracy", "loss", "val_accuracy" ... */
KT_API int kt_history_epochs(const kt_history *h);
/* The number of an epoch, -1: the last; NAN if there is none. Of a metric that gives several
 * numbers (kt_history_width) it is their mean, as in Keras' progress bar. */
KT_API double kt_history_get(const kt_history *h, const char *key, int epoch);
/* How many numbers a key has in every epoch: 1 for nearly all, n where Keras gives a list, such as
 * TruePositives(thresholds=[0.2, 0.6]) or F1Score(average=None); 0 if there is no such key. */
KT_API int kt_history_width(const kt_history *h, const char *key);
/* 1 where Keras gives a list, which may be one of a single number: F1Score() of one class. */
KT_API int kt_history_is_list(const kt_history *h, const char *key);
/* Number i of them; NAN if there is none. */
KT_API double kt_history_at(const kt_history *h, const char *key, int epoch, int i);
KT_API void   kt_history_free(kt_history *h);

/* --- the process ------------------------------------------------------------------------------ */

KT_API void kt_set_seed(uint64_t seed); /* keras.utils.set_random_seed */
/* keras.config.set_dtype_policy: what layers made from now on have that say no dtype; "float32" at
 * first. Under "mixed_float16" compile puts a LossScaleOptimizer around the optimizers of models
 * made from now on. To be called before models are made, from one thread. What is refused leaves
 * things as they are, and kt_thread_error says why. */
KT_API kt_status   kt_set_dtype_policy(const char *name);
KT_API const char *kt_dtype_policy(void);
/* The numbers that a seed gives, as JSON (free with kt_text_free; NULL without memory). call is one
 * of
 *   {"initializer": {"class_name": "HeNormal", "config": {"seed": 1}}, "shape": [3, 5]}
 *   {"model": {...}, "seed": 1}
 *     the weights of a model of model.to_json() after kt_set_seed(1)
 *   {"function": "randn", "args": [8], "numpy_seed": 0}
 *     rand, randn, random, randint, uniform, normal, permutation
 * and gives {"values": [...]} or {"weights": {"dense/kernel": [...], ...}}; a failure, which
 * *status says too, gives {"ok": false, "error": {"type": ..., "message": ..., "layer": ...}}. */
KT_API char *kt_initial_values(const char *call, kt_status *status);
/* How many threads compute, the caller's among them; from the start as many as the process may use
 * processors, or KERATIN_THREADS. A child of fork() starts its own. */
KT_API void kt_set_threads(int n);
/* Ends the threads that the library keeps, and frees what it holds for the calling thread. For the
 * end of a program, when no other thread is in a call of the library; what comes later works, and
 * starts threads anew. */
KT_API void        kt_shutdown(void);
KT_API const char *kt_version(void);

#ifdef __cplusplus
}
#endif
#endif
