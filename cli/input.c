/* input.c - models that the command line names, and how they are compiled. */
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

/* --- models ----------------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0;
}

static bool looks_like_file(const char *text)
{
    static const char *const ends[] = {".keras", ".h5", ".hdf5", ".json"};

    if (strchr(text, '('))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(text), k = strlen(ends[i]);
        if (n > k && strcmp(text + n - k, ends[i]) == 0)
            return true;
    }
    return strchr(text, '/') != NULL;
}

/* Readers name the file that they could not read, and the expression reader the place: that is
 * wrong input, not a wrong model. */
static bool is_unreadable(const kt_error *e, const char *text)
{
    return e && (e->status == KT_E_OS || e->status == KT_E_FILE_NOT_FOUND ||
                 strstr(e->message, text) || strncmp(e->message, "Invalid expression", 18) == 0);
}

static bool set_weights(const args *a, kt_model *m)
{
    const char *file = value_of(a, "weights");
    int         skipped = 0;

    if (kt_load_weights_with(m, file, has(a, "by-name"), has(a, "skip-mismatch"), &skipped) !=
        KT_OK)
        return false;
    if (skipped > 0)
        note(a, "%d weight%s of the model do%s not fit %s and stay%s as initialized", skipped,
             skipped == 1 ? "" : "s", skipped == 1 ? "es" : "", file, skipped == 1 ? "s" : "");
    return true;
}

kt_model *model_open(const args *a, const char *text, int *status)
{
    bool      file = is_file(text) || looks_like_file(text);
    kt_model *m = NULL;

    if (!file && !strchr(text, '(')) {
        *status = usage_error(
            a, "'%s' is neither a file nor a Keras expression such as \"Sequential([Dense(1)])\"",
            text);
        return NULL;
    }
    if (has(a, "dtype-policy") && kt_set_dtype_policy(value_of(a, "dtype-policy")) != KT_OK) {
        *status = report_error(a, kt_thread_error(), true);
        return NULL;
    }
    m = file ? kt_load(text) : kt_model_from(text);
    if (kt_failed(m)) {
        *status = is_unreadable(kt_model_error(m), text) ? report_error(a, kt_model_error(m), true)
                                                         : report_model(a, m);
        kt_model_free(m);
        return NULL;
    }
    *status = DONE;
    if (value_of(a, "weights") && !set_weights(a, m)) {
        *status = report_error(a, kt_model_error(m), true);
        kt_model_free(m);
        return NULL;
    }
    return m;
}

bool weights_known(const args *a, const kt_model *m, int *status)
{
    const char *text = a->operand[0];

    if (has(a, "fresh-weights") || !kt_weights_are_fresh(m))
        return true;
    if (!is_file(text)) {
        note(a, "the weights are fresh (random): an expression has none; --weights FILE sets them");
        return true;
    }
    *status = usage_error(a,
                          "'%s' holds no trained weights: give them with --weights FILE, or say "
                          "--fresh-weights to compute with random ones",
                          text);
    return false;
}

/* --- compile ---------------------------------------------------------------------------------- */

int split_list(char *text, const char **out, int most)
{
    int  n = 0, depth = 0;
    char quote = 0;

    if (*text)
        out[n++] = text;
    for (char *p = text; *p; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '\'' || *p == '"')
            quote = *p;
        else if (strchr("([{", *p))
            depth++;
        else if (strchr(")]}", *p))
            depth--;
        else if (*p == ',' && depth == 0 && n < most) {
            *p = 0;
            out[n++] = p + 1;
        }
    }
    return n;
}

bool compile_as_asked(const args *a, kt_model *m)
{
    const char *metrics = value_of(a, "metrics");
    char        text[4096];

    if (!has(a, "optimizer") && !has(a, "loss") && !metrics)
        return true;
    kt_compile_args c = {.at = {.size = sizeof c}, .model = m};
    c.optimizer = value_of(a, "optimizer");
    c.loss = value_of(a, "loss");
    snprintf(text, sizeof text, "%s", metrics ? metrics : "");
    split_list(text, c.metrics, KT_MAX_METRICS);
    return kt_recompile_with(&c) == KT_OK;
}
