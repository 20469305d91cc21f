/* check.c - keratin check: do the shapes fit? */
#include "cli.h"

/* d: with the warnings, or NULL. */
static void print_json(const kt_model *m, const kt_diagnosis *d)
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
    json_warnings(&j, d);
    json_close(&j, '}');
    putchar('\n');
}

static void print_text(kt_model *m)
{
    kt_summary(m, stdout);
    for (int i = 0; i < kt_checked_outputs(m); i++) {
        fputs(i ? ", " : "shapes fit; output: ", stdout);
        print_shape(kt_checked_output(m, i), "");
    }
    puts(kt_checked_outputs(m) ? "" : "no input shape is known: give --input-shape or --x");
}

/* --- the run ---------------------------------------------------------------------------------- */

static kt_data *inputs(const args *a, const kt_model *m, int *status)
{
    data_names names = {.x = value_of(a, "x"),
                        .legend = kt_model_legend(m),
                        .mapped = true,
                        .texts = kt_model_takes_texts(m)};

    return data_open(a, &names, status);
}

/* Would fit on these data fail? *d: what Keras would take in silence, or NULL. */
static int check_fit(const args *a, kt_model *m, kt_diagnosis **d)
{
    kt_fit_args f = {.at = {.size = sizeof f}, .model = m};
    int         status = DONE;

    if (!int_of(a, "batch-size", 1, 32, &f.batch_size))
        return USAGE;
    f.data = data_or_shapes(a, m, &status);
    if (status == DONE && compile_as_asked(a, m))
        kt_check_fit(&f);
    if (status == DONE && !kt_failed(m))
        *d = diagnose(a, f.data, "fit", 1);
    kt_data_free(f.data);
    return status;
}

static int check_call(const args *a, kt_model *m)
{
    kt_shape shapes[MAX_INPUTS];
    int      n = 0, status = DONE;
    bool     as_data = has(a, "x-shape");

    if (has(a, "x")) {
        kt_data *d = inputs(a, m, &status);
        if (d)
            kt_check_data(m, d);
        kt_data_free(d);
        return status;
    }
    status = read_shapes(a, as_data ? "x-shape" : "input-shape", shapes, &n);
    if (status == DONE)
        kt_check_shapes(m, n, shapes, as_data);
    return status;
}

static int check(const args *a, kt_model *m)
{
    bool          fits = has(a, "y") || has(a, "y-shape");
    kt_diagnosis *d = NULL;
    int           status = fits ? check_fit(a, m, &d) : check_call(a, m);

    if (status == DONE && kt_failed(m)) {
        status = report_model(a, m);
    } else if (status == DONE && a->json) {
        print_json(m, d && d->ok ? d : NULL);
    } else if (status == DONE) {
        print_text(m);
        if (d && d->ok)
            kt_diagnosis_print(d, false, stdout);
    }
    kt_diagnosis_free(d);
    return status;
}

/* A page or drawing into the file of an option, if it is given. Takes the text. */
static int write_text(const args *a, const char *name, char *text)
{
    const char *path = value_of(a, name);
    FILE       *out = path && text ? fopen(path, "w") : NULL;
    bool        good = !path || (out && fputs(text, out) >= 0);

    if (out)
        good = fclose(out) == 0 && good;
    kt_text_free(text);
    return good ? DONE : usage_error(a, "--%s: '%s' can not be written", name, path);
}

static int write_pages(const args *a, const kt_diagnosis *d)
{
    int status = write_text(a, "html", has(a, "html") ? kt_diagnosis_html(d, 1) : NULL);

    return status == DONE ? write_text(a, "svg", has(a, "svg") ? kt_diagnosis_svg(d) : NULL)
                          : status;
}

/* A call by its name: the doctor answers. */
static int check_as_doctor(const args *a)
{
    int      status = DONE;
    kt_data *data = data_or_shapes(a, NULL, &status);

    if (status != DONE)
        return status;
    kt_diagnosis *d = diagnose(a, data, NULL, 0);
    if (!d) {
        status = USAGE;
    } else if (is_unusable(d)) {
        status = report_error(a, d->error, true);
    } else {
        status = write_pages(a, d);
        if (status == DONE) {
            print_diagnosis(a, d);
            status = d->ok ? DONE : FAILED;
        }
    }
    kt_diagnosis_free(d);
    kt_data_free(data);
    return status;
}

static int run(const args *a)
{
    int status = DONE;

    if (has(a, "x") + has(a, "x-shape") + has(a, "input-shape") > 1)
        return usage_error(a, "give only one of --x, --x-shape and --input-shape");
    if (check_choice(a) != DONE)
        return USAGE;
    if (has(a, "call") || has(a, "why") || has(a, "prove") || has(a, "html") || has(a, "svg"))
        return check_as_doctor(a);
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
    {"y", "FILE", "targets: would fit on x and y fail?", false},
    {"y-shape", "SHAPE", "the same for targets of this shape; once for each output", true},
    {"optimizer", "NAME", "instead of the model's own", false},
    {"loss", "NAME", "instead of the model's own", false},
    {"metrics", "LIST", "instead of the model's own", false},
    {"batch-size", "N", "of fit (32)", false},
    {"call", "CALL",
     "build, fit, evaluate or predict: would this call fail, why, and what repairs it?", false},
    {"why", NULL, "print the reasons for the order of the remedies", false},
    {"prove", NULL, "take a real step with every repair, however much work it is", false},
    {"html", "FILE", "write the answer as a page: the chain of layers, the repaired one beside it",
     false},
    {"svg", "FILE", "write the chain of layers as a drawing, the failing edge in red", false},
    TABLE_OPTIONS,
    MODEL_OPTIONS,
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_check = {
    .name = "check",
    .operands = "MODEL",
    .summary = "tells whether the shapes fit, and where they do not",
    .details =
        "Without a shape the declared inputs are used. A single layer is called directly.\n"
        "With targets the loss and the metrics are checked too; nothing is trained.\n"
        "With --call the answer has the cause of a failure and repairs that were proved,\n"
        "and warns of what Keras takes in silence; a class that is its author's own is taken\n"
        "for the shapes that the file has of it.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
