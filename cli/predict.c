/* predict.c - keratin predict. */
#include "outputs.h"

static int predict(const args *a, kt_model *m, const kt_data *x)
{
    outputs o = {.m = m};
    int64_t batch;
    int     status;

    if (!int_of(a, "batch-size", 0, 32, &batch))
        return USAGE;
    if (kt_predict_many(m, x, batch, o.t, KT_MAX_OUTPUTS) != KT_OK)
        return report_model(a, m);
    for (o.n = 0; o.n < KT_MAX_OUTPUTS && o.t[o.n]; o.n++)
        o.name[o.n] = kt_model_output_name(m, o.n);
    status = outputs_write(a, &o, value_of(a, "out"));
    for (int i = 0; i < o.n; i++)
        kt_tensor_unref(o.t[i]);
    return status;
}

static int run(const args *a)
{
    int      status = check_inputs(a);
    kt_data *d = NULL;

    if (status == DONE)
        status = outputs_check(a, value_of(a, "out"));
    if (status != DONE)
        return status;
    kt_model *m = model_open(a, a->operand[0], &status);
    if (status == DONE)
        status = outputs_fit(a, value_of(a, "out"), kt_model_outputs(m));
    if (status == DONE && weights_known(a, m, &status)) {
        data_names names = {.x = value_of(a, "x"),
                            .csv = value_of(a, "csv"),
                            .inputs_only = true,
                            .legend = kt_model_legend(m),
                            .texts = kt_model_takes_texts(m)};
        d = data_open(a, &names, &status);
    }
    if (status == DONE) {
        warn_unknown_texts(a, d, kt_model_legend(m));
        status = predict(a, m, d);
    }
    kt_data_free(d);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"x", "FILE",
     "inputs: .npy, .npz (keys are input names), .csv, IDX (.gz too); -: standard input", false},
    {"csv", "FILE", "inputs in one table; - is standard input", false},
    {"target", "COLUMN", "of --csv, left out: name, or index from 0 (-1: the last)", false},
    {"out", "FILE", "write to .npy, .npz (keys are the outputs' names), .csv or .json", false},
    TABLE_OPTIONS,
    {"batch-size", "N", "samples for one step (0 or nothing: 32)", false},
    MODEL_OPTIONS,
    {"json", NULL, "print the numbers as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_predict = {
    .name = "predict",
    .operands = "MODEL",
    .summary = "runs a model forward",
    .details = "Without --out, and with --out -, the numbers go to standard output, one line for\n"
               "each sample. A model that was trained on named classes ends each line with the\n"
               "name of the class. Texts have the numbers that they had in training.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
