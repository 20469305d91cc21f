/* layers.c - keratin layers: the catalogue of classes. */
#include <string.h>

#include "cli.h"

/* --- one class -------------------------------------------------------------------------------- */

/* The part of "a; b; c" at *at, which moves behind it, in out. */
static bool next_part(const char **at, char end, char *out, size_t room)
{
    const char *p = *at + strspn(*at, " ");
    size_t      n = strcspn(p, (char[]){end, 0});

    *at = p[n] ? p + n + 1 : p + n;
    snprintf(out, room, "%.*s", (int)n, p);
    return *out != 0;
}

/* "(2, 3) | (2, 5) int:10": the shapes. */
static int sample_shapes(const char *text, kt_shape *out)
{
    char part[128];
    int  n = 0;

    while (n < MAX_INPUTS && next_part(&text, '|', part, sizeof part)) {
        char *end = strchr(part, ')');
        if (end)
            end[1] = 0;
        if (!shape_read(part, &out[n++]))
            return 0;
    }
    return n;
}

/* "Dense(4): (2, 3) -> (2, 4)", found by the library's own inference. */
static void print_example(const char *expression, const char *inputs)
{
    kt_shape  in[MAX_INPUTS];
    int       n = sample_shapes(inputs, in);
    kt_model *m = kt_model_from(expression);

    if (n > 0 && kt_check_shapes(m, n, in, true) == KT_OK) {
        printf("  %s: ", expression);
        for (int i = 0; i < n; i++)
            print_shape(in[i], i + 1 < n ? ", " : " -> ");
        for (int i = 0; i < kt_checked_outputs(m); i++)
            print_shape(kt_checked_output(m, i), i + 1 < kt_checked_outputs(m) ? ", " : "");
        putchar('\n');
    }
    kt_model_free(m);
}

static void print_examples(const kt_class_info *c)
{
    const char *samples = c->samples, *inputs = c->sample_inputs;
    char        expression[512], input[256];

    if (!samples || !inputs)
        return;
    puts("\nExamples, with the shapes that go in and come out:");
    while (next_part(&samples, ';', expression, sizeof expression) &&
           next_part(&inputs, ';', input, sizeof input))
        print_example(expression, input);
}

static void print_class(const kt_class_info *c)
{
    printf("%s.%s - %s\n", c->module, c->name, c->summary);
    if (c->aliases)
        printf("also: %s\n", c->aliases);
    if (c->fields)
        putchar('\n');
    for (int i = 0; i < c->fields; i++) {
        kt_field_info f = kt_catalog_field(c, i);
        printf("  %-24s %-16s %s%s\n", f.name, f.kind, f.initial ? "= " : "required",
               f.initial ? f.initial : "");
        printf("      %s", f.help);
        if (*f.rule)
            printf(" [%s]", f.rule);
        putchar('\n');
    }
    if (strcmp(c->family, "layer") == 0)
        puts(
            "\n  Every layer also takes name, trainable, dtype, input_shape, input_dtype, activity_regularizer.");
    print_examples(c);
}

static void json_class(json *j, const kt_class_info *c)
{
    json_open(j, NULL, '{');
    json_text(j, "name", c->name);
    json_text(j, "family", c->family);
    json_text(j, "module", c->module);
    json_text(j, "summary", c->summary);
    json_text(j, "aliases", c->aliases);
    json_open(j, "fields", '[');
    for (int i = 0; i < c->fields; i++) {
        kt_field_info f = kt_catalog_field(c, i);
        json_open(j, NULL, '{');
        json_text(j, "name", f.name);
        json_text(j, "kind", f.kind);
        json_text(j, "default", f.initial);
        json_bool(j, "required", !f.initial);
        json_text(j, "rule", f.rule);
        json_text(j, "help", f.help);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

/* --- all -------------------------------------------------------------------------------------- */

/* What makes several of a family's name: layers, losses. */
static const char *plural(const char *name)
{
    size_t n = strlen(name);

    return n > 0 && name[n - 1] == 's' ? "es" : "s";
}

static void print_all(void)
{
    kt_class_info c;
    const char   *family;

    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++) {
        bool any = kt_catalog_class(family, 0, &c);
        if (any)
            printf("%s%s%s\n", k ? "\n" : "", family, plural(family));
        for (int i = 0; kt_catalog_class(family, i, &c); i++)
            printf("  %-34s %s\n", c.name, c.summary);
    }
}

static void print_names(void)
{
    kt_class_info c;
    const char   *family;

    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++)
        for (int i = 0; kt_catalog_class(family, i, &c); i++)
            puts(c.name);
}

static void json_all(void)
{
    kt_class_info c;
    const char   *family;
    json          j = {.out = stdout};

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    json_open(&j, "classes", '[');
    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++)
        for (int i = 0; kt_catalog_class(family, i, &c); i++)
            json_class(&j, &c);
    json_close(&j, ']');
    json_close(&j, '}');
    putchar('\n');
}

static int unknown_class(const args *a, const char *name)
{
    const char   *names[1024], *family;
    size_t        n = 0;
    kt_class_info c;

    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++)
        for (int i = 0; n < sizeof names / sizeof *names && kt_catalog_class(family, i, &c); i++)
            names[n++] = c.name;
    const char *near = kt_nearest_name(name, names, n);
    if (near)
        return usage_error(a, "there is no class '%s'; did you mean '%s'?", name, near);
    return usage_error(a, "there is no class '%s'", name);
}

static int run(const args *a)
{
    kt_class_info c;

    if (has(a, "names"))
        print_names();
    else if (a->n_operands == 0 && a->json)
        json_all();
    else if (a->n_operands == 0)
        print_all();
    else if (!kt_catalog_find(a->operand[0], &c))
        return unknown_class(a, a->operand[0]);
    else if (!a->json)
        print_class(&c);
    else {
        json j = {.out = stdout};
        json_class(&j, &c);
        putchar('\n');
    }
    return DONE;
}

static const option options[] = {
    {"names", NULL, "only the names, one a line", false},
    {"json", NULL, "print the catalogue as one JSON object", false},
    {NULL, NULL, NULL, false},
};

const command command_layers = {
    .name = "layers",
    .operands = "[NAME]",
    .summary = "lists every Keras class that there is, or the arguments of one",
    .details = "NAME is a layer, loss, metric, optimizer, initializer, activation ...:\n"
               "`keratin layers Dense`.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
