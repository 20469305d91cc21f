/* train.c - keratin train. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* --- Ctrl-C: the epoch's weights and history are kept and written ----------------------------- */

static kt_model *volatile running;
static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    interrupted = 1;
    kt_stop(running);     /* NOLINT(bugprone-signal-handler): made for it, it sets a flag */
    signal(sig, SIG_DFL); /* a second one ends the program */
}

/* --- what it works on ------------------------------------------------------------------------- */

typedef struct job {
    const args *a;
    kt_model   *m;
    kt_data    *data, *val;
    kt_fit_args fit;
    char        callbacks[4096];
    char        written[3][1200]; /* callbacks that options stand for */
    char        warning[1024];    /* "" without one */
} job;

static int open_validation(job *j)
{
    const args *a = j->a;
    data_names  names = {.x = value_of(a, "val-x"),
                         .y = value_of(a, "val-y"),
                         .csv = value_of(a, "val-csv"),
                         .legend = kt_data_legend(j->data),
                         .texts = kt_model_takes_texts(j->m)};
    int         status = DONE;

    if (names.x && names.csv)
        return usage_error(a, "give the validation data either by --val-x or by --val-csv");
    if (names.x || names.csv)
        j->val = data_open(a, &names, &status);
    else if (names.y)
        status = usage_error(a, "--val-y needs --val-x");
    return status;
}

static int open_data(job *j)
{
    const args *a = j->a;
    data_names  names = {.x = value_of(a, "x"),
                         .y = value_of(a, "y"),
                         .csv = value_of(a, "csv"),
                         .legend = kt_model_legend(j->m),
                         .texts = kt_model_takes_texts(j->m)};
    int         status = check_inputs(a);

    if (status == DONE && names.csv && !value_of(a, "target"))
        return usage_error(a, "give --target or --y: which column of '%s' is to be learned",
                           names.csv);
    if (status == DONE)
        j->data = data_open(a, &names, &status);
    if (status == DONE)
        status = open_validation(j);
    if (status == DONE)
        status = weights_open(a, j->data);
    if (status == DONE && has(a, "shuffle-rows") && kt_data_shuffle(j->data) != KT_OK)
        return report_error(a, kt_data_error(j->data), false);
    return status;
}

static int read_numbers(job *j)
{
    kt_fit_args *f = &j->fit;
    bool         ok = int_of(j->a, "epochs", 0, 1, &f->epochs) &&
              int_of(j->a, "batch-size", 0, 32, &f->batch_size) &&
              float_of(j->a, "validation-split", 0, &f->validation_split);

    return ok ? DONE : USAGE;
}

static void fill_fit(job *j)
{
    const args  *a = j->a;
    kt_fit_args *f = &j->fit;
    const char  *callbacks = value_of(a, "callbacks");

    f->at.size = sizeof *f;
    f->at.given = "epochs, shuffle"; /* both count even where they are zero */
    f->model = j->m;
    f->data = j->data;
    f->validation_data = j->val;
    f->shuffle = !has(a, "no-shuffle");
    f->class_weight = value_of(a, "class-weight");
    f->verbose = a->json || has(a, "quiet") ? 0 : isatty(STDOUT_FILENO) ? 1 : 2;
    f->out = a->json ? stderr : stdout;
    f->warnings = stderr;
    snprintf(j->callbacks, sizeof j->callbacks, "%s", callbacks ? callbacks : "");
    split_list(j->callbacks, f->callbacks, KT_MAX_CALLBACKS);
}

/* A path as a Python text. */
static bool quote(char *out, size_t size, const char *path)
{
    size_t n = 0;

    for (const char *p = path; *p && n + 4 < size; p++) {
        if (*p == '\'' || *p == '\\')
            out[n++] = '\\';
        out[n++] = *p;
    }
    out[n] = '\0';
    return strlen(path) <= n && n + 4 < size;
}

/* Callbacks that have an option of their own come behind those of --callbacks; the backup is the
 * last, so that it sees what they changed. */
static int add_callbacks(job *j)
{
    static const char *const named[][2] = {{"csv-log", "CSVLogger('%s', append=%s)"},
                                           {"tensorboard", "TensorBoard('%s', histogram_freq=1)"},
                                           {"backup", "BackupAndRestore('%s')"}};
    int                      n = 0;

    while (n < KT_MAX_CALLBACKS && j->fit.callbacks[n])
        n++;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        const char *path = value_of(j->a, named[i][0]);
        char        text[1000];
        if (!path)
            continue;
        if (!quote(text, sizeof text, path) || n == KT_MAX_CALLBACKS)
            return usage_error(j->a, "--%s: the path is too long, or there are too many callbacks",
                               named[i][0]);
        snprintf(j->written[i], sizeof j->written[i], named[i][1], text,
                 has(j->a, "backup") ? "True" : "False");
        j->fit.callbacks[n++] = j->written[i];
    }
    return DONE;
}

/* --- what it leaves --------------------------------------------------------------------------- */

/* A list of numbers is one field: "[0.5, 1.0]". */
static void write_field(FILE *out, const kt_history *h, const char *key, int epoch)
{
    char text[32];
    int  width = kt_history_width(h, key), list = kt_history_is_list(h, key);

    fputs(list ? ",\"[" : ",", out);
    for (int i = 0; i < width; i++)
        fprintf(out, "%s%s", i ? ", " : "", number_text(kt_history_at(h, key, epoch, i), text));
    fputs(list ? "]\"" : "", out);
}

static void write_csv(FILE *out, const kt_history *h)
{
    fputs("epoch", out);
    for (int i = 0; i < kt_history_keys(h); i++)
        fprintf(out, ",%s", kt_history_key(h, i));
    fputc('\n', out);
    for (int e = 0; e < kt_history_epochs(h); e++) {
        fprintf(out, "%d", e);
        for (int i = 0; i < kt_history_keys(h); i++)
            write_field(out, h, kt_history_key(h, i), e);
        fputc('\n', out);
    }
}

static int write_history(const job *j, const kt_history *h)
{
    const char *path = value_of(j->a, "history"), *dot = path ? strrchr(path, '.') : NULL;

    if (!path)
        return DONE;
    FILE *out = fopen(path, "w");
    if (!out)
        return usage_error(j->a, "'%s' can not be written", path);
    if (dot && strcmp(dot, ".csv") == 0) {
        write_csv(out, h);
    } else {
        json w = {.out = out};
        json_open(&w, NULL, '{');
        json_history(&w, h, false);
        json_close(&w, '}');
        fputc('\n', out);
    }
    bool lost = ferror(out) != 0;
    return fclose(out) == 0 && !lost ? DONE : usage_error(j->a, "'%s' can not be written", path);
}

static void print_json(const job *j, const kt_history *h)
{
    json w = {.out = stdout};

    json_open(&w, NULL, '{');
    json_bool(&w, "ok", true);
    json_open(&w, "history", '{');
    json_history(&w, h, false);
    json_close(&w, '}');
    if (*j->warning) {
        json_open(&w, "warnings", '[');
        json_text(&w, NULL, j->warning);
        json_close(&w, ']');
    }
    json_close(&w, '}');
    putchar('\n');
}

static int finish(const job *j, const kt_history *h)
{
    const char *out = value_of(j->a, "out");
    int         status = write_history(j, h);

    if (status != DONE)
        return status;
    if (out && kt_save(j->m, out) != KT_OK)
        return report_error(j->a, kt_model_error(j->m), false);
    if (out)
        note(j->a, "saved %s", out);
    if (j->a->json)
        print_json(j, h);
    return DONE;
}

/* --- classes that only validation has --------------------------------------------------------- */

enum { SHOWN = 5 };

static void warn_unseen(job *j)
{
    int64_t          unseen[SHOWN];
    int              n = kt_unseen_classes(&j->fit, unseen, SHOWN);
    const kt_legend *l = kt_data_legend(j->data);
    char             names[512] = "";

    for (int i = 0; i < n && i < SHOWN; i++) {
        const char *word = kt_legend_word(l, true, 0, (int)unseen[i]);
        size_t      at = strlen(names);
        if (word)
            snprintf(names + at, sizeof names - at, "%s'%.80s'", i ? ", " : "", word);
        else
            snprintf(names + at, sizeof names - at, "%s%lld", i ? ", " : "", (long long)unseen[i]);
    }
    if (n == 0 || has(j->a, "no-warnings"))
        return;
    snprintf(j->warning, sizeof j->warning,
             "the validation rows hold %d class%s that training never sees (%s%s)%s", n,
             n > 1 ? "es" : "", names, n > SHOWN ? ", ..." : "",
             j->val ? "" : "; --shuffle-rows mixes the rows before they are split");
    note(j->a, "warning: %s", j->warning);
}

/* Nothing is trained that can not be written after. */
static int check_outputs(const job *j)
{
    const char *out = value_of(j->a, "out"), *history = value_of(j->a, "history");
    char       *why = history ? kt_why_not_written(history) : NULL;
    int         status = why ? usage_error(j->a, "--history: %s", why) : DONE;

    kt_text_free(why);
    if (status == DONE && out && kt_check_save(j->m, out) != KT_OK)
        status = report_error(j->a, kt_model_error(j->m), true);
    return status;
}

/* --- before the first epoch ------------------------------------------------------------------- */

/* What Keras would take in silence. A call that fails says so by itself. */
static void warn(const job *j)
{
    const args   *a = j->a;
    kt_diagnosis *d;

    if (a->json || has(a, "no-warnings") || !j->data)
        return;
    d = diagnose(a, j->data, "fit", 1);
    for (int i = 0; d && d->ok && i < d->n_warnings; i++)
        if (strcmp(d->warnings[i].kind, "split_classes") != 0) /* warn_unseen names them */
            note(a, "warning: %s (%s)", d->warnings[i].words, d->warnings[i].kind);
    kt_diagnosis_free(d);
}

/* --- the run ---------------------------------------------------------------------------------- */

static int fit(job *j)
{
    int adapted = kt_adapt_for_fit(&j->fit);

    if (adapted > 0)
        note(j->a, "%d layer%s learned statistics or a vocabulary from x%s", adapted,
             adapted > 1 ? "s" : "",
             j->fit.validation_split > 0 && !j->val ? " (its training rows)" : "");
    warn_unseen(j);
    running = j->m;
    signal(SIGINT, on_interrupt);
    kt_history *h = kt_failed(j->m) ? NULL : kt_fit_with(&j->fit);
    signal(SIGINT, SIG_DFL);
    int status = h ? finish(j, h) : report_call(j->a, j->m);
    if (status == DONE && interrupted) {
        note(j->a, "interrupted after %d epochs", kt_history_epochs(h));
        status = INTERRUPTED;
    }
    kt_history_free(h);
    return status;
}

static int run(const args *a)
{
    job     j = {.a = a};
    int64_t seed;
    int     status = DONE;

    if (!int_of(a, "seed", 0, -1, &seed))
        return USAGE;
    if (seed >= 0)
        kt_set_seed((uint64_t)seed);
    j.m = model_open(a, a->operand[0], &status);
    if (status == DONE)
        status = open_data(&j);
    if (status == DONE)
        status = read_numbers(&j);
    if (status == DONE) {
        fill_fit(&j);
        status = add_callbacks(&j);
    }
    if (status == DONE) {
        if (!compile_as_asked(a, j.m))
            status = report_model(a, j.m);
        else if ((status = check_outputs(&j)) == DONE) {
            warn(&j);
            status = fit(&j);
        }
    }
    kt_data_free(j.data);
    kt_data_free(j.val);
    kt_model_free(j.m);
    return status;
}

static const option options[] = {
    {"x", "FILE", "inputs: .npy, .npz (keys are input names), .csv, IDX (.gz too)", false},
    {"y", "FILE", "targets, in the same forms", false},
    {"csv", "FILE", "inputs and targets in one table", false},
    {"target", "COLUMN", "of --csv: name, or index from 0 (-1: the last)", false},
    {"epochs", "N", "passes over the data (1)", false},
    {"batch-size", "N", "samples for one step (0 or nothing: 32)", false},
    {"validation-split", "F", "share of the rows, the last ones, kept for validation", false},
    {"val-x", "FILE", "inputs for validation", false},
    {"val-y", "FILE", "targets for validation", false},
    {"val-csv", "FILE", "both in one table, with the columns of --csv", false},
    {"shuffle-rows", NULL, "mix the rows once, before --validation-split takes the last ones",
     false},
    TABLE_OPTIONS,
    {"class-weight", "DICT", "weights of classes: '{\"0\": 1.0, \"1\": 2.5}'", false},
    {"sample-weight", "FILE", "one weight per sample; .npz: for each target, by its name", false},
    {"optimizer", "NAME", "or a Keras expression: \"Adam(learning_rate=1e-3)\"", false},
    {"loss", "NAME", "or a Keras expression", false},
    {"metrics", "LIST", "names or expressions, separated by commas", false},
    {"callbacks", "LIST", "\"EarlyStopping(patience=3)\" and others, separated by commas", false},
    {"backup", "DIR", "keep the state there; a killed training goes on with it", false},
    {"csv-log", "FILE", "write loss and metrics after each epoch", false},
    {"tensorboard", "DIR", "write losses, metrics and weights for TensorBoard", false},
    {"seed", "N", "start of all random numbers: the same seed, the same result", false},
    {"no-shuffle", NULL, "keep the order of the samples", false},
    {"history", "FILE", "write loss and metrics of each epoch to .json or .csv", false},
    {"out", "FILE", "save the trained model: .keras or .h5 (or .json, without weights)", false},
    {"quiet", NULL, "no progress", false},
    {"no-warnings", NULL, "say nothing of what Keras takes in silence", false},
    MODEL_OPTIONS,
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_train = {
    .name = "train",
    .operands = "MODEL",
    .summary = "trains a model on arrays",
    .details =
        "A model that is not compiled needs --loss (and --optimizer, else rmsprop).\n"
        "Normalization layers without statistics learn them from x first (from the rows\n"
        "that are trained on). Texts in tables are numbered; the model keeps the numbers. Ctrl-C\n"
        "stops after the running batch; history and model are still written, and the\n"
        "exit status is 130.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
