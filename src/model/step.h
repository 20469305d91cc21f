/* step.h - inside src/model: a plan for one purpose and batch size, and what it is made of. */
#ifndef KT_STEP_H
#define KT_STEP_H

#include "model/model.h"

/* Layers whose results are as long as texts say; more of them are refused. */
enum { KT_MAX_TEXTS = 16 };

/* Shapes that decide a step. rows: batch size; KT_UNKNOWN for trials only. */
typedef struct kt_step_key {
    kt_purpose purpose;
    int64_t    rows;
    bool       trial; /* only traced, for the errors that Keras would raise */
    int        n_x, n_y;
    kt_shape   x[KT_MAX_ARRAYS], y[KT_MAX_ARRAYS]; /* with the batch axis */
    kt_dtype   y_dtype[KT_MAX_ARRAYS];
    kt_shape   weight[KT_MAX_ARRAYS]; /* rank 0: a target's samples have none */
    int        n_texts;               /* how long rows of tokens are, by kt_text_uses */
    int64_t    text[KT_MAX_TEXTS];
    bool       y_named; /* like a dict in Python whose keys are not the outputs */
    /* Whose names messages print, while the step is traced; NULL: none. */
    const kt_data *data;
} kt_step_key;

struct kt_step {
    kt_step_key key;
    kt_graph   *graph;
    kt_plan    *plan; /* NULL of a trial */
    kt_node    *x[KT_MAX_ARRAYS], *y[KT_MAX_ARRAYS];
    kt_node    *weight[KT_MAX_ARRAYS]; /* of each target; NULL: none */
    int         n_out;
    kt_node    *out[KT_MAX_OUTPUTS];
    bool        busy;    /* somebody works with it */
    size_t      bytes;   /* roughly what it holds */
    kt_failure *failure; /* while it is made: where the shape table of a failure goes, or NULL */
};

/* The step for this key, kept or new; nobody else gets it, and it is not forgotten, until
 * kt_step_done. NULL on failure. */
kt_step *kt_step_get(kt_model *m, const kt_step_key *key, kt_fault *f);
/* The same for one call among several at a time: the shape table of a failure goes there too, not
 * to the model. */
kt_step *kt_step_get_for(kt_model *m, const kt_step_key *key, kt_failure *f);
void     kt_step_done(kt_model *m, kt_step *s);
/* What the two above make and forget (step.c). failure: or NULL. */
kt_step *kt_step_new(kt_model *m, const kt_step_key *key, kt_fault *f, kt_failure *failure);
void     kt_step_free(kt_step *s);
/* Forgets all plans: weights moved, or another compile. */
void kt_steps_clear(kt_model *m);
/* Key for data: batch axis set to rows. */
void kt_step_key_of(const kt_model *m, const kt_data *d, kt_purpose purpose, int64_t rows,
                    kt_step_key *key);

/* What the texts of those rows add to it: see kt_text_longest. */
kt_status kt_step_key_texts(const kt_model *m, const kt_data *d, const int64_t *rows, int64_t begin,
                            int64_t n, kt_step_key *key, kt_fault *f);

/* texts.c: inputs that are texts. */
/* Keras' errors where inputs are texts and the model takes numbers, or the other way round, and
 * where targets are texts. d: in the order of the inputs of a model that is known. */
kt_status kt_texts_agree(const kt_model *m, const kt_data *d, kt_fault *f);
bool      kt_has_texts(const kt_data *d);
/* Lets the trace know how long rows of tokens are: by key, or all of x (key NULL), or not at all
 * (both NULL); x[i]: the nodes of the inputs. */
kt_status kt_texts_trace(const kt_layer *root, kt_trace *t, const kt_step_key *key,
                         kt_tensor *const *data, int n_x, kt_node *const *x);

/* Is it the name or the object of a single loss or metric, not a list or dict of them? (pairs.c) */
bool kt_asks_one(const kt_value *v);
/* What is not a list or dict in it, None too, in order (const kt_value *). */
bool kt_add_leaves(kt_vec *to, const kt_value *v);
/* Which loss and weight each output has: `asked` and `weight` of the targets. */
kt_status kt_targets_pair(kt_model *m);
kt_status kt_raise_no_path(kt_model *m, size_t i, const char *key); /* of loss i, or of a key */
/* Where the model gives a dict: its form, with the names as its author wrote them. NULL: a list, or
 * one output. */
const kt_value *kt_output_dict(const kt_model *m);
/* The structure of the outputs as Keras prints it, with this text for each. */
void kt_add_outputs(kt_str *out, const kt_model *m, const char *leaf);
/* Which target array each loss takes, or Keras' sentence where their number or names do not fit the
 * outputs and losses. Before kt_targets_settle. */
kt_status kt_targets_match(kt_model *m, const kt_step_key *k);
/* Gives each output its loss and metrics from the compile configuration (once, when outputs are
 * known). */
kt_status kt_targets_settle(kt_model *m);
/* The same for the metrics, after the losses have had their say. */
kt_status kt_targets_settle_metrics(kt_model *m);
/* The name that an object was made with, or its class in snake case. */
const char *kt_object_key(kt_model *m, const kt_object *o);
/* The history's key of the i-th metric (or weighted metric) that was asked for; NULL without
 * memory. */
const char *kt_metric_key(kt_model *m, const kt_target *t, size_t i, bool weighted);
/* Emits loss, metrics and trackers; the total loss to be differentiated, or poison. */
kt_node *kt_targets_emit(kt_model *m, kt_step *s, kt_trace *t, kt_call *c);
/* Keras' _direction of the metric of this name, without "val_": 1 or -1; 0: none is known. */
int  kt_metric_direction(kt_model *m, const char *name);
void kt_targets_reset(kt_model *m);
void kt_targets_clear(kt_model *m);
/* Writes "loss", per-output losses and metrics, each key prefixed ("val_" or ""), into h as the
 * values of an epoch. */
kt_status kt_targets_result(kt_model *m, kt_history *h, const char *prefix, int epoch);

/* given.c: the arrays of fit and evaluate, in Keras' words */
/* There are inputs, and every array has rows. */
kt_status kt_given_arrays(kt_model *m, const kt_data *d);
/* They have the same number of rows, and the weights, those of the data and those of all targets
 * (or NULL), are such as the targets can have. */
kt_status kt_given_check(kt_model *m, const kt_data *d, const kt_tensor *weight);
/* [rows] weights from "{0: 1.0, 1: 2.0}"; new. NULL on failure. */
kt_tensor *kt_class_weights(kt_model *m, const kt_data *d, const char *text);
/* Class numbers that a loss or metric looks up lie in its range. */
kt_status kt_given_labels(kt_model *m, const kt_data *d);

/* history.c */
struct kt_history {
    int      n, cap;
    char   **key;
    double **value;        /* [n][epochs][width] */
    int     *count, *room; /* epochs */
    int     *width;        /* numbers of an epoch */
    bool    *list;         /* they are a list also where there is one */
};
kt_history *kt_history_new(void);
/* The n numbers of an epoch that has values already, or of the next one; keys stay sorted, and n is
 * that of the key's first epoch. False without memory. (An output named "val" has its loss under
 * "val_loss": validation then takes the place, as in Keras.) */
bool kt_history_set(kt_history *h, const char *key, int epoch, const double *v, int n, bool list);

#endif
