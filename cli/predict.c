/* predict.c - keratin predict. */
#include <string.h>

#include "cli.h"

typedef struct outputs {
    int         n;
    kt_tensor  *t[KT_MAX_OUTPUTS];
    const char *name[KT_MAX_OUTPUTS];
} outputs;

/* One line for each sample. */
static void print_rows(const kt_tensor *t)
{
    const kt_shape *s = kt_tensor_shape(t);
    int64_t         rows = s->rank > 0 ? s->dim[0] : 1;
    int64_t         width = rows > 0 ? kt_tensor_count(t) / rows : 0;

    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < width; k++)
            printf("%.9g%c", kt_tensor_get(t, r * width + k), k + 1 < width ? ' ' : '\n');
}

static void print_json(const outputs *o)
{
    json j = {.out = stdout};

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_open(&j, "outputs", '{');
    for (int i = 0; i < o->n; i++) {
        json_open(&j, o->name[i], '{');
        json_shape(&j, "shape", kt_tensor_shape(o->t[i]));
        json_open(&j, "values", '[');
        for (int64_t k = 0; k < kt_tensor_count(o->t[i]); k++)
            json_number(&j, NULL, kt_tensor_get(o->t[i], k));
        json_close(&j, ']');
        json_close(&j, '}');
    }
    json_close(&j, '}');
    json_close(&j, '}');
    putchar('\n');
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

static int save(const args *a, const outputs *o, const char *path)
{
    bool      single = o->n == 1 && !ends_with(path, ".npz");
    kt_status s = single ? kt_tensor_save(o->t[0], path)
                         : kt_tensors_save(path, o->n, o->name, o->t);

    if (s != KT_OK)
        return usage_error(a, "'%s' can not be written", path);
    json_done(a, "out", path);
    return DONE;
}

static int show(const args *a, const outputs *o)
{
    const char *path = value_of(a, "out");

    if (path)
        return save(a, o, path);
    if (a->json) {
        print_json(o);
        return DONE;
    }
    for (int i = 0; i < o->n; i++) {
        if (o->n > 1)
            printf("# %s\n", o->name[i]);
        print_rows(o->t[i]);
    }
    return DONE;
}

static int predict(const args *a, kt_model *m, const kt_data *x)
{
    outputs o = {0};
    int64_t batch;
    int     status;

    if (!int_of(a, "batch-size", 0, 32, &batch))
        return USAGE;
    if (kt_predict_many(m, x, batch, o.t, KT_MAX_OUTPUTS) != KT_OK)
        return report_model(a, m);
    for (o.n = 0; o.n < KT_MAX_OUTPUTS && o.t[o.n]; o.n++)
        o.name[o.n] = kt_model_output_name(m, o.n);
    status = show(a, &o);
    for (int i = 0; i < o.n; i++)
        kt_tensor_unref(o.t[i]);
    return status;
}

static int run(const args *a)
{
    int status = DONE;

    if (!has(a, "x"))
        return usage_error(a, "--x is missing: the inputs");
    kt_model *m = model_open(a, a->operand[0], &status);
    kt_data  *d = status == DONE ? data_open(a, value_of(a, "x"), NULL, &status) : NULL;
    if (status == DONE)
        status = predict(a, m, d);
    kt_data_free(d);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"x", "FILE", "inputs: .npy, .npz (keys are input names), .csv, IDX (.gz too)", false},
    {"out", "FILE", "write to .npy or .npz (keys are the names of the outputs)", false},
    {"batch-size", "N", "samples for one step (0 or nothing: 32)", false},
    {"json", NULL, "print the numbers as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_predict = {
    .name = "predict",
    .operands = "MODEL",
    .summary = "runs a model forward",
    .details = "Without --out the numbers go to standard output, one line for each sample.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
