/* fix.c - keratin fix: writes the repaired model and data of a remedy. */
#include "cli.h"

/* Under the names of the model's inputs or outputs where there are several or the file asks for
 * names. */
static int write_arrays(const args *a, const char *out, const kt_data *d,
                        kt_tensor *(*at)(const kt_data *, int),
                        const char *(*name_at)(const kt_data *, int))
{
    const char *path = value_of(a, out), *names[MAX_INPUTS];
    kt_tensor  *t[MAX_INPUTS];
    int         n = 0;

    for (; path && n < MAX_INPUTS && at(d, n); n++) {
        t[n] = at(d, n);
        names[n] = name_at(d, n);
    }
    if (!path)
        return DONE;
    if (n == 0)
        return usage_error(a, "--%s: there is no such array", out);
    bool      several = n > 1 || *names[0];
    kt_status status = several ? kt_tensors_save(path, n, names, t) : kt_tensor_save(t[0], path);
    return status == KT_OK ? DONE : usage_error(a, "'%s' can not be written", path);
}

static int write_model(const args *a, const kt_diagnosis *d, int remedy)
{
    kt_model *m = kt_repaired_model(d, remedy);
    int       status = DONE;

    if (kt_failed(m) || kt_save(m, value_of(a, "out")) != KT_OK)
        status = report_error(a, kt_model_error(m), false);
    kt_model_free(m);
    return status;
}

static int write_all(const args *a, const kt_diagnosis *d, int remedy)
{
    kt_data *data = kt_repaired_data(d, remedy);
    int      status = write_model(a, d, remedy);

    if (status == DONE && kt_data_error(data))
        status = report_error(a, kt_data_error(data), false);
    if (status == DONE)
        status = write_arrays(a, "x-out", data, kt_data_x, kt_data_x_name);
    if (status == DONE)
        status = write_arrays(a, "y-out", data, kt_data_y, kt_data_y_name);
    kt_data_free(data);
    if (status != DONE)
        return status;
    note(a, "%s", d->remedies[remedy].words);
    for (int i = 0; i < d->remedies[remedy].n_edits; i++)
        if (d->remedies[remedy].edits[i].code)
            note(a, "  %s", d->remedies[remedy].edits[i].code);
    json_done(a, "kind", d->remedies[remedy].kind);
    return DONE;
}

static int fix(const args *a, const kt_diagnosis *d, int64_t remedy)
{
    if (is_unusable(d))
        return report_error(a, d->error, true);
    if (d->ok)
        return usage_error(a, "the call fits: there is nothing to repair");
    if (remedy > d->n_remedies) {
        print_diagnosis(a, d);
        return a->json ? FAILED : usage_error(a, "there is no remedy %d", (int)remedy);
    }
    if (d->assumed)
        return usage_error(a, "%s; the model can only be repaired where it is made", d->assumed);
    return write_all(a, d, (int)remedy - 1);
}

static int run(const args *a)
{
    int     status = DONE;
    int64_t remedy;

    if (!int_of(a, "remedy", 1, 1, &remedy))
        return USAGE;
    if (!has(a, "out"))
        return usage_error(a, "--out is missing: where should the repaired model go?");
    if (check_choice(a) != DONE)
        return USAGE;
    kt_data *data = data_or_shapes(a, NULL, &status);
    if (status != DONE)
        return status;
    kt_diagnosis *d = diagnose(a, data, NULL, 0);
    status = d ? fix(a, d, remedy) : USAGE;
    kt_diagnosis_free(d);
    kt_data_free(data);
    return status;
}

static const option options[] = {
    {"remedy", "N", "which remedy of check to carry out (1)", false},
    {"out", "FILE", "the repaired model: .keras, .json", false},
    {"x-out", "FILE", "x as the repaired model takes it, changed or not", false},
    {"y-out", "FILE", "y, the same way", false},
    {"x", "FILE", "the data of the call that fails", false},
    {"y", "FILE", "its targets", false},
    {"x-shape", "SHAPE", "shape of data instead; once for each input", true},
    {"y-shape", "SHAPE", "the same for targets; once for each output", true},
    {"call", "CALL", "which call fails: build, fit, evaluate or predict", false},
    {"optimizer", "NAME", "instead of the model's own", false},
    {"loss", "NAME", "instead of the model's own", false},
    {"metrics", "LIST", "instead of the model's own", false},
    {"batch-size", "N", "of the call (32)", false},
    TABLE_OPTIONS,
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_fix = {
    .name = "fix",
    .operands = "MODEL",
    .summary = "writes the repaired model and data of one of check's remedies",
    .details = "The options are those of check; trained weights stay where they fit.\n"
               "Nothing of the input is changed.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
