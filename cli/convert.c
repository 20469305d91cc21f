/* convert.c - keratin convert. */
#include <string.h>

#include "cli.h"

static int run(const args *a)
{
    const char *out = a->operand[1];
    int         status = DONE;
    kt_model   *m = model_open(a, a->operand[0], &status);

    if (!m)
        return status;
    bool fresh = kt_weights_are_fresh(m) != 0;
    if (kt_save(m, out) != KT_OK)
        status = report_error(a, kt_model_error(m), kt_model_error(m)->status == KT_E_OS);
    else {
        if (fresh && !strstr(out, ".json"))
            note(a, "%s holds fresh (random) weights: %s has none", out, a->operand[0]);
        json_done(a, "out", out);
    }
    kt_model_free(m);
    return status;
}

static const option options[] = {
    MODEL_OPTIONS,
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_convert = {
    .name = "convert",
    .operands = "IN OUT",
    .summary = "writes a model in another format",
    .details =
        "IN is a file (.keras, .h5, .json) or a Keras expression; OUT ends with .keras, .h5,\n"
        ".json (which keeps no weights), or .weights.h5 or .npz (which keep nothing else).",
    .least = 2,
    .most = 2,
    .options = options,
    .run = run,
};
