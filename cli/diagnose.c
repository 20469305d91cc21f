/* diagnose.c - what check and fix share: the doctor's arguments, its answer as JSON. */
#include <string.h>

#include "cli.h"

/* --- arguments -------------------------------------------------------------------------------- */

/* 32 samples where the number is open. */
static int add_shapes(const args *a, const char *name, kt_data *d,
                      void (*add)(kt_data *, const char *, kt_shape))
{
    kt_shape shapes[MAX_INPUTS];
    int      n = 0, status = read_shapes(a, name, shapes, &n);

    for (int i = 0; i < n && status == DONE; i++) {
        if (shapes[i].rank > 0 && shapes[i].dim[0] == KT_UNKNOWN)
            shapes[i].dim[0] = 32;
        add(d, "", shapes[i]);
        if (kt_data_error(d))
            status = usage_error(a, "--%s: data needs sizes", name);
    }
    return status;
}

int check_choice(const args *a)
{
    if (has(a, "x") + has(a, "x-shape") > 1)
        return usage_error(a, "give only one of --x and --x-shape");
    if (has(a, "y") + has(a, "y-shape") > 1)
        return usage_error(a, "give only one of --y and --y-shape");
    if (has(a, "y") && !has(a, "x"))
        return usage_error(a, "--y needs --x");
    if (has(a, "y-shape") && !has(a, "x-shape"))
        return usage_error(a, "--y-shape needs --x-shape");
    return DONE;
}

kt_data *data_or_shapes(const args *a, const kt_model *m, int *status)
{
    data_names names = {.x = value_of(a, "x"),
                        .y = value_of(a, "y"),
                        .legend = kt_model_legend(m),
                        .texts = m && kt_model_takes_texts(m),
                        .mapped = true};

    if (has(a, "x"))
        return data_open(a, &names, status);
    kt_data *d = kt_data_new();
    *status = add_shapes(a, "x-shape", d, kt_data_add_x_shape);
    if (*status == DONE)
        *status = add_shapes(a, "y-shape", d, kt_data_add_y_shape);
    if (*status == DONE)
        return d;
    kt_data_free(d);
    return NULL;
}

kt_diagnosis *diagnose(const args *a, const kt_data *data, const char *call, int64_t budget)
{
    const char      *metrics = value_of(a, "metrics");
    char             text[4096];
    kt_diagnose_args d = {.at = {.size = sizeof d}, .source = a->operand[0], .data = data};

    d.call = call ? call : value_of(a, "call");
    if (!d.call && !has(a, "y") && !has(a, "y-shape"))
        d.call = "build"; /* what check does without targets: the model is called on x */
    d.prove = has(a, "prove");
    d.training = strcmp(a->cmd->name, "train") == 0;
    d.budget = budget;
    if (!float_of(a, "validation-split", 0, &d.validation_split))
        return NULL;
    d.loss = value_of(a, "loss");
    d.optimizer = value_of(a, "optimizer");
    if (!int_of(a, "batch-size", 0, 32, &d.batch_size))
        return NULL;
    snprintf(text, sizeof text, "%s", metrics ? metrics : "");
    split_list(text, d.metrics, KT_MAX_METRICS);
    return kt_diagnose_with(&d);
}

bool is_unusable(const kt_diagnosis *d)
{
    const kt_error *e = d->error;

    return e &&
           (e->status == KT_E_USAGE || e->status == KT_E_OS || e->status == KT_E_FILE_NOT_FOUND ||
            strncmp(e->message, "Invalid expression", 18) == 0);
}

/* --- the answer ------------------------------------------------------------------------------- */

static void json_edits(json *j, const kt_remedy_report *r)
{
    json_open(j, "edits", '[');
    for (int i = 0; i < r->n_edits; i++) {
        json_open(j, NULL, '{');
        json_text(j, "what", r->edits[i].what);
        json_text(j, "layer", r->edits[i].layer);
        json_text(j, "words", r->edits[i].words);
        json_text(j, "code", r->edits[i].code);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_reasons(json *j, const kt_remedy_report *r)
{
    json_int(j, "score", r->score);
    json_open(j, "reasons", '[');
    for (int i = 0; i < r->n_reasons; i++) {
        json_open(j, NULL, '{');
        json_text(j, "words", r->reasons[i].words);
        json_int(j, "weight", r->reasons[i].weight);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_remedies(json *j, const kt_diagnosis *d, bool why)
{
    json_open(j, "remedies", '[');
    for (int i = 0; i < d->n_remedies; i++) {
        const kt_remedy_report *r = &d->remedies[i];
        json_open(j, NULL, '{');
        json_int(j, "rank", i + 1);
        json_text(j, "kind", r->kind);
        json_text(j, "words", r->words);
        json_edits(j, r);
        json_bool(j, "proved", r->proved);
        json_text(j, "proof", r->proof);
        if (r->changes)
            json_text(j, "changes", r->changes);
        if (why)
            json_reasons(j, r);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_warnings(json *j, const kt_diagnosis *d)
{
    json_open(j, "warnings", '[');
    for (int i = 0; d && i < d->n_warnings; i++) {
        json_open(j, NULL, '{');
        json_text(j, "kind", d->warnings[i].kind);
        json_text(j, "words", d->warnings[i].words);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void json_advice(json *j, const kt_diagnosis *d, bool why)
{
    if (d->cause) {
        json_open(j, "cause", '{');
        json_text(j, "kind", d->cause->kind);
        json_text(j, "words", d->cause->words);
        json_text(j, "where", d->cause->where);
        json_close(j, '}');
    } else {
        json_text(j, "cause", NULL);
    }
    json_remedies(j, d, why);
}

static void json_failure(json *j, const kt_diagnosis *d, bool why)
{
    json_open(j, "error", '{');
    json_text(j, "type", d->error->type);
    json_text(j, "message", d->error->message);
    json_text(j, "layer", d->error->layer);
    json_close(j, '}');
    json_advice(j, d, why);
}

void print_diagnosis(const args *a, const kt_diagnosis *d)
{
    bool why = has(a, "why");
    json j = {.out = stdout};

    if (!a->json) {
        if (d->ok && d->n_warnings == 0)
            puts("the call fits");
        kt_diagnosis_print(d, why, stdout);
        return;
    }
    json_open(&j, NULL, '{');
    json_bool(&j, "ok", d->ok);
    if (d->ok)
        json_warnings(&j, d);
    else
        json_failure(&j, d, why);
    if (d->assumed)
        json_text(&j, "assumed", d->assumed);
    json_close(&j, '}');
    putchar('\n');
}
