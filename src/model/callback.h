/* callback.h - what happens around epochs and batches of fit: callbacks and the progress bar. The
 * door for authors of callbacks: one file in model/callbacks and one row KT_CALLBACK(file); it ends
 * with `const kt_callback_type kt_callback_<file>`. */
#ifndef KT_CALLBACK_H
#define KT_CALLBACK_H

#include "model/model.h"

typedef struct kt_watch kt_watch;

typedef struct kt_callback_run {
    kt_model   *m;
    kt_history *h;     /* values of this epoch are the last ones */
    int64_t     epoch; /* from 0 */
    int64_t     epochs;
    const void *config;
    void       *state; /* zeroed, of type->state_size */
    kt_fault   *fault; /* of the model */
    kt_watch   *watch;
} kt_callback_run;

typedef struct kt_callback_type {
    kt_class cls; /* family "callback" */
    kt_status (*begin)(kt_callback_run *r);
    kt_status (*epoch_begin)(kt_callback_run *r);
    kt_status (*batch_end)(kt_callback_run *r, int64_t batch);
    kt_status (*epoch_end)(kt_callback_run *r); /* may call kt_stop(r->m) */
    kt_status (*validation_begin)(kt_callback_run *r);
    kt_status (*validation_end)(kt_callback_run *r);
    kt_status (*settle)(kt_callback_run *r); /* after the epochs, before averages replace weights */
    void (*end)(
        kt_callback_run *
            /* always, also after a failure: restore weights, close files, free what state owns */
            r);
    size_t state_size;
} kt_callback_type;

/* One fit's watchers. */
struct kt_watch {
    const kt_fit_args      *args;
    kt_model               *m;
    kt_history             *h;
    int64_t                 epoch, epochs, rows, batch;
    int64_t                 from;         /* the first epoch: begin may set it */
    kt_mt                  *shuffler;     /* of the rows; NULL: they keep their order */
    int64_t                 shuffle_seed; /* what it began with */
    int                     n;
    const kt_callback_type *type[KT_MAX_CALLBACKS];
    kt_callback_run         run[KT_MAX_CALLBACKS];
    kt_arena                arena;
    double                  started; /* seconds, of this epoch */
    double                  drawn;
};
kt_status kt_watch_start(kt_watch *w, kt_model *m, kt_history *h, int64_t epochs, int64_t rows,
                         int64_t batch);
void      kt_watch_epoch_begin(kt_watch *w, int64_t epoch);
void      kt_watch_batch(kt_watch *w, int64_t done, int64_t batches);
void      kt_watch_validation(kt_watch *w, bool begins);
void      kt_watch_epoch_end(kt_watch *w, int64_t epoch);
void      kt_watch_settle(kt_watch *w);
void      kt_watch_finish(kt_watch *w);

/* The metric named by monitor in the last epoch; NAN and false if there is none. */
bool kt_monitored(const kt_callback_run *r, const char *monitor, double *out);
/* Writes the present learning rate under "learning_rate", as callbacks do that change it. */
kt_status kt_note_rate(kt_callback_run *r);
/* A line where fit prints, as Keras' io_utils.print_msg. */
void kt_callback_say(const kt_callback_run *r, const char *fmt, ...) KT_PRINTF(2, 3);
/* "UserWarning: ..." where the caller of fit wants warnings. *said: warn once, as Python does. */
void kt_callback_warn(const kt_callback_run *r, bool *said, const char *fmt, ...) KT_PRINTF(3, 4);
/* Saving is io's, which lies above: src/registry.c points to it. */
extern kt_status (*const kt_save_hook)(kt_model *m, const char *path, bool weights_only,
                                       kt_fault *f);
/* The weights and the optimizer's state of a .weights.h5. */
extern kt_status (*const kt_restore_hook)(kt_model *m, const char *path, kt_fault *f);
/* Whether saving will succeed: asked before training. */
extern kt_status (*const kt_check_save_hook)(kt_model *m, const char *path, bool weights_only,
                                             kt_fault *f);

#endif
