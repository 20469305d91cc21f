/* summary.c - keratin summary. */
#include "cli.h"

static void print_json(const kt_model *m)
{
    json j = {.out = stdout};

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_text(&j, "name", kt_model_name(m));
    json_layers(&j, m);
    json_int(&j, "params", kt_count_parameters(m));
    json_close(&j, '}');
    putchar('\n');
}

static int print_text(const args *a, kt_model *m)
{
    kt_summary_args s = {.at = {.size = sizeof s}, .model = m};

    s.expand_nested = has(a, "expand-nested");
    s.show_trainable = has(a, "show-trainable");
    if (!int_of(a, "line-length", 1, 0, &s.line_length))
        return USAGE;
    return kt_summary_with(&s) == KT_OK ? DONE : report_model(a, m);
}

static int run(const args *a)
{
    kt_shape shapes[MAX_INPUTS];
    int      n = 0, status = read_shapes(a, "input-shape", shapes, &n);

    if (status != DONE)
        return status;
    kt_model *m = model_open(a, a->operand[0], &status);
    if (!m)
        return status;
    if (n > 0 && kt_check_shapes(m, n, shapes, false) != KT_OK)
        status = report_model(a, m);
    else if (a->json)
        print_json(m);
    else
        status = print_text(a, m);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"input-shape", "SHAPE", "for a model that declares none, batch first: \"(None, 28, 28)\"",
     true},
    {"line-length", "N", "letters of a line (76)", false},
    {"expand-nested", NULL, "the layers of models inside, too", false},
    {"show-trainable", NULL, "with a column that tells whether a layer is trained", false},
    MODEL_OPTIONS,
    {"json", NULL, "print the table as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_summary = {
    .name = "summary",
    .operands = "MODEL",
    .summary = "prints the layers with their shapes and numbers of parameters",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
