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

/* --- what the file holds ---------------------------------------------------------------------- */

static void files_json(const kt_file_facts *f)
{
    json j = {.out = stdout};

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_text(&j, "kind", f->kind);
    json_int(&j, "bytes", f->bytes);
    json_text(&j, "keras_version", *f->keras ? f->keras : NULL);
    json_text(&j, "backend", *f->backend ? f->backend : NULL);
    json_bool(&j, "model", f->has_model);
    json_bool(&j, "weights", f->has_weights);
    json_bool(&j, "compiled", f->compiled);
    json_bool(&j, "optimizer_state", f->has_state);
    json_open(&j, "parts", '[');
    for (int i = 0; i < f->parts && i < KT_FILE_PARTS; i++) {
        json_open(&j, NULL, '{');
        json_text(&j, "name", f->part[i].name);
        if (f->part[i].bytes >= 0)
            json_int(&j, "bytes", f->part[i].bytes);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    putchar('\n');
}

static void files_text(const char *path, const kt_file_facts *f)
{
    printf("%s: %s, %lld bytes\n", path, f->kind, (long long)f->bytes);
    printf("made by: %s%s%s%s\n", *f->keras ? "Keras " : "the file does not say", f->keras,
           *f->backend ? ", " : "", f->backend);
    printf("model: %s; weights: %s; compiled: %s; optimizer state: %s\n",
           f->has_model ? "yes" : "no", f->has_weights ? "yes" : "no", f->compiled ? "yes" : "no",
           f->has_state ? "yes" : "no");
    for (int i = 0; i < f->parts && i < KT_FILE_PARTS; i++)
        if (f->part[i].bytes >= 0)
            printf("  %-40s %lld bytes\n", f->part[i].name, (long long)f->part[i].bytes);
        else
            printf("  %s\n", f->part[i].name);
    if (f->parts > KT_FILE_PARTS)
        printf("  and %d more\n", f->parts - KT_FILE_PARTS);
}

static int print_files(const args *a)
{
    kt_file_facts f;

    if (kt_file_look(a->operand[0], &f) != KT_OK)
        return report_error(a, kt_thread_error(), true);
    if (a->json)
        files_json(&f);
    else
        files_text(a->operand[0], &f);
    return DONE;
}

static int run(const args *a)
{
    if (has(a, "files"))
        return print_files(a);

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
    {"files", NULL, "instead, what the file holds: by which Keras, which parts, their sizes",
     false},
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
