/* evaluate.c - keratin evaluate. */
#include <unistd.h>

#include "cli.h"

/* "accuracy: 0.5", "true_positives: [3, 2]" */
static void print_numbers(const kt_history *h, const char *key)
{
    int width = kt_history_width(h, key), list = kt_history_is_list(h, key);

    printf("%s: %s", key, list ? "[" : "");
    for (int i = 0; i < width; i++)
        printf("%s%.6g", i ? ", " : "", kt_history_at(h, key, -1, i));
    puts(list ? "]" : "");
}

static void print(const args *a, const kt_history *h)
{
    if (a->json) {
        json j = {.out = stdout};
        json_open(&j, NULL, '{');
        json_history(&j, h, true);
        json_close(&j, '}');
        putchar('\n');
        return;
    }
    for (int i = 0; i < kt_history_keys(h); i++)
        print_numbers(h, kt_history_key(h, i));
}

static int evaluate(const args *a, kt_model *m, kt_data *d)
{
    kt_evaluate_args e = {.at = {.size = sizeof e}, .model = m, .data = d, .out = stdout};

    if (!int_of(a, "batch-size", 0, 32, &e.batch_size))
        return USAGE;
    e.verbose = !a->json && isatty(STDOUT_FILENO);
    kt_history *h = compile_as_asked(a, m) ? kt_evaluate_with(&e) : NULL;
    if (!h)
        return report_call(a, m);
    print(a, h);
    kt_history_free(h);
    return DONE;
}

/* The numbers of the classes, as training gave them. */
static void note_classes(const args *a, const kt_model *m)
{
    const kt_legend *l = kt_model_legend(m);
    char             text[1024];
    size_t           n = 0;

    if (kt_legend_columns(l, true) != 1 || kt_legend_words(l, true, 0) == 0)
        return;
    for (int k = 0; k < kt_legend_words(l, true, 0) && n < sizeof text; k++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d = %s", k ? ", " : "", k,
                              kt_legend_word(l, true, 0, k));
    note(a, "classes: %s%s", text, n >= sizeof text ? " ..." : "");
}

static int run(const args *a)
{
    int      status = check_inputs(a);
    kt_data *d = NULL;

    if (status != DONE)
        return status;
    kt_model *m = model_open(a, a->operand[0], &status);
    if (status == DONE && weights_known(a, m, &status)) {
        data_names names = {.x = value_of(a, "x"),
                            .y = value_of(a, "y"),
                            .csv = value_of(a, "csv"),
                            .legend = kt_model_legend(m),
                            .texts = kt_model_takes_texts(m)};
        d = data_open(a, &names, &status);
    }
    if (status == DONE) {
        warn_unknown_texts(a, d, kt_model_legend(m));
        note_classes(a, m);
    }
    if (status == DONE)
        status = weights_open(a, d);
    if (status == DONE)
        status = evaluate(a, m, d);
    kt_data_free(d);
    kt_model_free(m);
    return status;
}

static const option options[] = {
    {"x", "FILE", "inputs: .npy, .npz (keys are input names), .csv, IDX (.gz too)", false},
    {"y", "FILE", "targets, in the same forms", false},
    {"csv", "FILE", "inputs and targets in one table", false},
    {"target", "COLUMN", "of --csv: name, or index from 0 (-1: the last)", false},
    TABLE_OPTIONS,
    {"batch-size", "N", "samples for one step (0 or nothing: 32)", false},
    {"sample-weight", "FILE", "one weight per sample; .npz: for each target, by its name", false},
    {"loss", "NAME", "instead of the model's own", false},
    {"metrics", "LIST", "instead of the model's own: names or expressions, separated by commas",
     false},
    MODEL_OPTIONS,
    {"json", NULL, "print the result as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_evaluate = {
    .name = "evaluate",
    .operands = "MODEL",
    .summary = "computes loss and metrics on arrays",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
