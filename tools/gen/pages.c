/* pages.c - writes the reference pages: every class of a family with its arguments. */
#include <ctype.h>
#include <string.h>

#include "gen.h"

static const char *kind_text(const kt_field *f)
{
    static const char *const kinds[] = {[KT_F_INT] = "integer",
                                        [KT_F_FLOAT] = "number",
                                        [KT_F_BOOL] = "boolean",
                                        [KT_F_STR] = "text",
                                        [KT_F_OPTINT] = "integer or None",
                                        [KT_F_OPTFLOAT] = "number or None",
                                        [KT_F_INTS] = "integers",
                                        [KT_F_SHAPE] = "shape",
                                        [KT_F_OBJ] = "object",
                                        [KT_F_ANY] = "value"};
    if (f->kind != KT_F_ANY)
        return kinds[f->kind];
    return kt_streq(f->rule, "int")   ? "integer"
         : kt_streq(f->rule, "float") ? "number"
         : kt_streq(f->rule, "ints")  ? "integers"
                                      : "value";
}

/* A rule is shown with `|` as it would else end the cell of a table. */
static void write_cell(kt_str *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            kt_str_addc(out, '\\');
        kt_str_addc(out, *p);
    }
}

static void write_field(kt_str *out, const kt_field *f)
{
    bool rule = f->rule && f->rule[0] && f->kind != KT_F_ANY;

    kt_str_printf(out, "| `%s` | %s | ", f->name, kind_text(f));
    if (f->initial)
        kt_str_printf(out, "`%s`", f->initial);
    else
        kt_str_add(out, "required");
    kt_str_add(out, " | ");
    write_cell(out, f->help);
    if (rule) {
        kt_str_add(out, " (");
        write_cell(out, f->rule);
        kt_str_addc(out, ')');
    }
    kt_str_add(out, " |\n");
}

static void write_class(kt_str *out, const kt_class *c)
{
    kt_str_printf(out, "\n## %s\n\n`%s.%s`: %s\n", c->class_name, c->module, c->class_name,
                  c->summary);
    if (c->aliases) {
        kt_str_add(out, "\nAlso known as `");
        for (const char *p = c->aliases; *p; p++)
            if (*p == '|')
                kt_str_add(out, "`, `");
            else
                kt_str_addc(out, *p);
        kt_str_add(out, "`.\n");
    }
    if (c->config->n)
        kt_str_add(out, "\n| argument | kind | default | meaning |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < c->config->n; i++)
        write_field(out, &c->config->fields[i]);
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
    for (const kt_layer_type *const *t = kt_layer_table; layers && *t; t++) {
        write_class(out, &(*t)->cls);
        write_c_call(out, *t);
    }
    const kt_family *f = layers ? NULL : kt_family_find(family);
    const kt_class  *c;
    for (size_t i = 0; f && (c = kt_family_class(f, i)) != NULL; i++)
        write_class(out, c);
}
