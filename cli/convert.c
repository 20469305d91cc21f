/* convert.c - keratin convert. */
#include "cli.h"

static int run(const args *a)
{
    const char *out = a->operand[1];
    int         status = DONE;
    kt_model   *m = model_open(a, a->operand[0], &status);

    if (!m)
        return status;
    if (kt_save(m, out) != KT_OK)
        status = report_error(a, kt_model_error(m), kt_model_error(m)->status == KT_E_OS);
    else
        json_done(a, "out", out);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_convert = {
    .name = "convert",
    .operands = "IN OUT",
    .summary = "writes a model in another format",
    .details =
        "IN is a file or a Keras expression; OUT ends with .keras, .h5 or .json (which keeps no weights).",
    .least = 2,
    .most = 2,
    .options = options,
    .run = run,
};
