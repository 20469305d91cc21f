/* step.h - inside src/model: a plan for one purpose and batch size, and what it is made of. */
#ifndef KT_STEP_H
#define KT_STEP_H

#include "model/model.h"

/* Shapes that decide a step. rows: batch size; KT_UNKNOWN for trials only. */
typedef struct kt_step_key {
    kt_purpose purpose;
    int64_t    rows;
    bool       trial;    /* only traced, for the errors that Keras would raise */
    bool       weighted; /* has sample weights */
    int        n_x, n_y;
    kt_shape   x[KT_MAX_ARRAYS], y[KT_MAX_ARRAYS]; /* with the batch axis */
    kt_dtype   y_dtype[KT_MAX_ARRAYS];
} kt_step_key;

struct kt_step {
    kt_step_key key;
    kt_graph   *graph;
    kt_plan    *plan; /* NULL of a trial */
    kt_node    *x[KT_MAX_ARRAYS], *y[KT_MAX_ARRAYS], *weight;
    int         n_out;
    kt_node    *out[KT_MAX_OUTPUTS];
    bool        busy; /* a thread predicts with it */
};

/* The step for this key, from the cache or new; marked busy for PREDICT until kt_step_done. NULL on
 * failure. */
kt_step *kt_step_get(kt_model *m, const kt_step_key *key, kt_fault *f);
void     kt_step_done(kt_model *m, kt_step *s);
/* Forgets all plans: weights moved, or another compile. */
void kt_steps_clear(kt_model *m);
/* Key for data: batch axis set to rows. */
void kt_step_key_of(const kt_model *m, const kt_data *d, kt_purpose purpose, int64_t rows,
                    bool weighted, kt_step_key *key);

/* Makes a deferred Sequential known by the data's shapes. */
kt_status kt_model_settle(kt_model *m, int n, const kt_shape *shapes);
/* Gives each output its loss and metrics from the compile configuration (once, when outputs are
 * known). */
kt_status kt_targets_settle(kt_model *m);
/* The name that an object was made with, or its class in snake case. */
const char *kt_object_key(kt_model *m, const kt_object *o);
/* The history's key of the i-th metric (or weighted metric) that was asked for. */
const char *kt_metric_key(kt_model *m, const kt_target *t, size_t i, bool weighted);
/* Emits loss, metrics and trackers; the total loss to be differentiated, or poison. */
kt_node *kt_targets_emit(kt_model *m, kt_step *s, kt_trace *t, kt_call *c);
void     kt_targets_reset(kt_model *m);
void     kt_targets_clear(kt_model *m);
/* Writes "loss", per-output losses and metrics, each key prefixed ("val_" or ""), into h as the
 * values of an epoch. */
kt_status kt_targets_result(kt_model *m, kt_history *h, const char *prefix, int epoch);

/* history.c */
struct kt_history {
    int      n, cap;
    char   **key;
    double **value; /* [n][epochs] */
    int     *count, *room;
};
kt_history *kt_history_new(void);
/* The value of an epoch that has values already, or of the next one; keys stay sorted. False
 * without memory. (An output named "val" has its loss under "val_loss": validation then takes the
 * place, as in Keras.) */
bool kt_history_set(kt_history *h, const char *key, int epoch, double v);

#endif
