/* layers.c - keratin layers: the catalogue of classes. */
#include <string.h>

#include "cli.h"

/* --- one class -------------------------------------------------------------------------------- */

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
}

static void json_class(json *j, const kt_class_info *c)
{
    json_open(j, NULL, '{');
    json_text(j, "name", c->name);
    json_text(j, "family", c->family);
    json_text(j, "module", c->module);
    json_text(j, "summary", c->summary);
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

static void print_all(void)
{
    kt_class_info c;
    const char   *family;

    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++) {
        bool any = kt_catalog_class(family, 0, &c);
        if (any)
            printf("%s%ss\n", k ? "\n" : "", family);
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
