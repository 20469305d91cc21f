/* doctor.h - why a model and its data do not fit, and which repair does.
 *
 *   kt_diagnosis *d = kt_diagnose(.source = "model.json", .data = data, .call = "fit",
 *                                 .loss = "categorical_crossentropy");
 *   if (!d->ok && d->n_remedies) puts(d->remedies[0].words);
 *   kt_diagnosis_free(d);
 *
 * The model is not changed. Every remedy that is shown was proved: the repaired model was run
 * through the shape rules, loss and metrics, the last batch included; and where the data are there
 * and it is not too much work, a copy of it took a real step on them.
 * The words for causes, remedies and warnings (`kind`) are a closed list: docs/doctor.md.
 */
#ifndef KERATIN_DOCTOR_H
#define KERATIN_DOCTOR_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kt_diagnose_args {
    kt_site        at;
    const char    *source; /* a model file (.keras, .json), JSON text or a Keras expression; or: */
    kt_model      *model;  /* a model that could be built (it is read, never changed) */
    const kt_data *data;   /* x and y as far as there are any; NULL: none */
    const char    *call;   /* "build", "fit", "evaluate" or "predict"; NULL: by the data */
    const char    *loss, *optimizer;        /* instead of the model's own; or NULL */
    const char    *metrics[KT_MAX_METRICS]; /* instead of the model's own */
    int64_t        batch_size;              /* 32 */
    double         validation_split;        /* of fit, for warnings */
    int64_t        budget;                  /* tries of repaired models, 0: 80 */
    /* The real step of a repaired model: 0: of the first remedy, if it is little work; 1: of all,
     * however much it is; -1: of none. */
    int prove;
    int trained;  /* the model has learned already, which its source does not show */
    int training; /* about to train: warn of what such data should not be, too */
} kt_diagnose_args;

typedef struct kt_edit {
    const char *what;  /* "model", "x", "y", "loss", "metric", "batch_size" */
    const char *layer; /* of the model; or NULL */
    const char *words; /* "insert Flatten() before dense" */
    const char *code;  /* the same as a line of Keras code */
} kt_edit;

/* Why a remedy stands where it stands: a row of the table of reasons. */
typedef struct kt_reason {
    const char *words;
    int         weight;
} kt_reason;

typedef struct kt_remedy_report {
    const char      *kind;    /* "add_flatten_at_input"; several edits: "a+b" */
    const char      *words;   /* one sentence with numbers */
    const char      *changes; /* what it changes in meaning; NULL: nothing */
    const char      *proof;   /* "the model now maps (None, 28, 28) to (None, 10)" */
    int              n_edits;
    const kt_edit   *edits;
    int              n_reasons;
    const kt_reason *reasons;
    int              score; /* sum of the reasons' weights */
    int              proved;
    int              ran; /* and a copy took a real step */
} kt_remedy_report;

typedef struct kt_cause_report {
    const char *kind, *words, *where; /* where: "model", "x", "y", "loss", "metric" */
} kt_cause_report;

typedef struct kt_warning_report {
    const char *kind, *words;
} kt_warning_report;

typedef struct kt_diagnosis {
    int                      ok;
    const kt_error          *error; /* of the call, in Keras' words; NULL if ok */
    const kt_cause_report   *cause; /* NULL if ok or not known */
    int                      n_remedies, n_warnings;
    const kt_remedy_report  *remedies; /* best first */
    const kt_warning_report *warnings;
    int                      tries; /* repaired models that were run through the shape rules */
    /* What was taken for granted: the shapes that are on record around layers whose classes are not
     * here. NULL: nothing. */
    const char *assumed;
} kt_diagnosis;

/* NULL only without memory. A source that can not be read is a diagnosis with that error. */
KT_API kt_diagnosis *kt_diagnose_with(const kt_diagnose_args *args);
#define kt_diagnose(...)                  \
    kt_diagnose_with(&(kt_diagnose_args){ \
        .at = KT_SITE(kt_diagnose_args, #__VA_ARGS__, __VA_ARGS__), __VA_ARGS__})
/* Of what failed last on the model: its making, or the call of this thread that kt_model_error
 * tells of. NULL if nothing failed, or without memory. */
KT_API kt_diagnosis *kt_diagnose_failed(const kt_model *m);
KT_API void          kt_diagnosis_free(kt_diagnosis *d);

/* The model with remedy i (from 0) applied: weights are kept where they fit. New model, or one in
 * error state. Where something was assumed it has the shapes of the user's model, not its
 * layers. */
KT_API kt_model *kt_repaired_model(const kt_diagnosis *d, int i);
/* The data with remedy i applied, or as they were where it changes none. New data; NULL where there
 * is no such remedy. */
KT_API kt_data *kt_repaired_data(const kt_diagnosis *d, int i);

/* --- pasted errors ---------------------------------------------------------------------------- */

/* What is certain from the text of an error or traceback alone, of Keras 2 to 3.15 and tf.js, with
 * its colours and line breaks; and the one fact that would settle the rest. */
typedef struct kt_explanation {
    const char *error;  /* the sentence that was recognised, in one line; NULL: none was */
    const char *cause;  /* of the closed list; NULL: open without the fact that `ask` names */
    const char *words;  /* what the numbers say */
    const char *advice; /* the repair, with numbers where they are known; or NULL */
    const char *ask;    /* the missing fact; or NULL */
} kt_explanation;
/* NULL only without memory. */
KT_API kt_explanation *kt_explain_text(const char *text);
KT_API void            kt_explanation_free(kt_explanation *e);

/* --- for people ------------------------------------------------------------------------------- */

/* The answer for people: a dozen lines; why: with the table of reasons of each remedy. */
KT_API void kt_diagnosis_print(const kt_diagnosis *d, int why, FILE *out);

/* The same as texts, yours to free with kt_text_free; NULL without memory or a diagnosis. */
KT_API char *kt_diagnosis_text(const kt_diagnosis *d, int why);
/* One object: ok, error, cause, remedies with their edits, warnings. */
KT_API char *kt_diagnosis_json(const kt_diagnosis *d);
/* A page without network, for dark and light: the chain of layers with shapes on the edges, the red
 * edge, the repaired chain beside it, the edits to copy. whole 0: only what goes into a page. */
KT_API char *kt_diagnosis_html(const kt_diagnosis *d, int whole);
/* The chain as it is; NULL also where no model could be read. */
KT_API char *kt_diagnosis_svg(const kt_diagnosis *d);
/* kt_explain_text as one object: error, cause, words, advice, ask. */
KT_API char *kt_explanation_json(const char *text);

#ifdef __cplusplus
}
#endif
#endif
