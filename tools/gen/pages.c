/* pages.c - writes the reference pages: every class of a family with its arguments. */
#include <ctype.h>
#include <string.h>

#include "gen.h"
#include "keratin/catalog.h"

/* A rule is shown with `|` as it would else end the cell of a table. */
static void write_cell(kt_str *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            kt_str_addc(out, '\\');
        kt_str_addc(out, *p);
    }
}

static void write_field(kt_str *out, kt_field_info f)
{
    kt_str_printf(out, "| `%s` | %s | ", f.name, f.kind);
    if (f.initial)
        kt_str_printf(out, "`%s`", f.initial);
    else
        kt_str_add(out, "required");
    kt_str_add(out, " | ");
    write_cell(out, f.help);
    if (*f.rule) {
        kt_str_add(out, " (");
        write_cell(out, f.rule);
        kt_str_addc(out, ')');
    }
    kt_str_add(out, " |\n");
}

static void write_class(kt_str *out, const kt_class_info *c)
{
    kt_str_printf(out, "\n## %s\n\n`%s.%s`: %s\n", c->name, c->module, c->name, c->summary);
    if (c->aliases) {
        kt_str_add(out, "\nAlso known as `");
        for (const char *p = c->aliases; *p; p++)
            if (*p == '|')
                kt_str_add(out, "`, `");
            else
                kt_str_addc(out, *p);
        kt_str_add(out, "`.\n");
    }
    if (c->fields)
        kt_str_add(out, "\n| argument | kind | default | meaning |\n| --- | --- | --- | --- |\n");
    for (int i = 0; i < c->fields; i++)
        write_field(out, kt_catalog_field(c, i));
}

/* The call in C that the layer has in layers.h. */
static void write_c_call(kt_str *out, const kt_layer_type *t)
{
    kt_arg args[KT_MAX_ARGS];
    size_t size;
    int    n = kt_layer_args(t, args, &size), first = kt_first_arg(args, n);

    if (t->flags & KT_LAYER_CONTAINER)
        return;
    kt_str_add(out, "\nIn C: `");
    kt_call_name(out, t);
    kt_str_printf(out, "(%s%s...)`\n", first >= 0 ? args[first].name : "", first >= 0 ? ", " : "");
}

void write_page(kt_str *out, const char *family)
{
    bool layers = kt_streq(family, "layer");

    kt_str_printf(out, "# %c%s%s\n\nWritten by tools/gen from the field tables.\n",
                  toupper(*family), family + 1, kt_streq(family, "loss") ? "es" : "s");
    if (layers)
        kt_str_add(
            out,
            "\nEvery layer also takes `name`, `trainable`, `dtype`, `input_shape`, `input_dtype` and "
            "`activity_regularizer`.\n");
    kt_class_info c;
    for (int i = 0; kt_catalog_class(family, i, &c); i++) {
        write_class(out, &c);
        if (layers)
            write_c_call(out, kt_layer_type_at((size_t)i));
    }
}
