/* check.c - keratin check: do the shapes fit? */
#include "cli.h"

static void print_json(const kt_model *m)
{
    json     j = {.out = stdout};
    kt_shape out[KT_MAX_OUTPUTS];
    int      n = kt_checked_outputs(m);

    for (int i = 0; i < n; i++)
        out[i] = kt_checked_output(m, i);
    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_shapes(&j, "output_shape", n, out);
    json_layers(&j, m);
    json_open(&j, "warnings", '[');
    json_close(&j, ']');
    json_close(&j, '}');
    putchar('\n');
}

static void print_shape(kt_shape s)
{
    putchar('(');
    for (int i = 0; i < s.rank; i++) {
        if (s.dim[i] == KT_UNKNOWN)
            fputs("None", stdout);
        else
            printf("%lld", (long long)s.dim[i]);
        fputs(i + 1 < s.rank ? ", " : s.rank == 1 ? "," : "", stdout);
    }
    putchar(')');
}

static void print_text(kt_model *m)
{
    kt_summary(m, stdout);
    for (int i = 0; i < kt_checked_outputs(m); i++) {
        fputs(i ? ", " : "shapes fit; output: ", stdout);
        print_shape(kt_checked_output(m, i));
    }
    puts(kt_checked_outputs(m) ? "" : "no input shape is known: give --input-shape or --x");
}

/* --- the run ---------------------------------------------------------------------------------- */

static int check(const args *a, kt_model *m)
{
    kt_shape shapes[MAX_INPUTS];
    int      n = 0, status = DONE;
    bool     as_data = has(a, "x-shape");

    if (has(a, "x")) {
        kt_data *d = data_open(a, value_of(a, "x"), NULL, &status);
        if (d)
            kt_check_data(m, d);
        kt_data_free(d);
    } else {
        status = read_shapes(a, as_data ? "x-shape" : "input-shape", shapes, &n);
        if (status == DONE)
            kt_check_shapes(m, n, shapes, as_data);
    }
    if (status != DONE)
        return status;
    if (kt_failed(m))
        return report_model(a, m);
    if (a->json)
        print_json(m);
    else
        print_text(m);
    return DONE;
}

static int run(const args *a)
{
    int status = DONE;

    if (has(a, "x") + has(a, "x-shape") + has(a, "input-shape") > 1)
        return usage_error(a, "give only one of --x, --x-shape and --input-shape");
    kt_model *m = model_open(a, a->operand[0], &status);
    if (m)
        status = check(a, m);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"input-shape", "SHAPE",
     "symbolic shape of an input, batch first: \"(None, 28, 28)\"; once for each input", true},
    {"x", "FILE", "data to call the model on", false},
    {"x-shape", "SHAPE", "shape of data to call the model on; once for each input", true},
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_check = {
    .name = "check",
    .operands = "MODEL",
    .summary = "tells whether the shapes fit, and where they do not",
    .details = "Without a shape the declared inputs are used. A single layer is called directly.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
