/* pages.c - writes the reference pages: one for each class, an index for each family. */
#include <ctype.h>
#include <string.h>

#include "gen.h"
#include "keratin/model.h"

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

static void write_aliases(kt_str *out, const kt_class_info *c)
{
    kt_str_add(out, "\nAlso known as `");
    for (const char *p = c->aliases; *p; p++)
        if (*p == '|')
            kt_str_add(out, "`, `");
        else
            kt_str_addc(out, *p);
    kt_str_add(out, "`.\n");
}

static void write_arguments(kt_str *out, const kt_class_info *c)
{
    if (c->fields)
        kt_str_add(out, "\n## Arguments\n\n| argument | kind | default | meaning |\n"
                        "| --- | --- | --- | --- |\n");
    for (int i = 0; i < c->fields; i++)
        write_field(out, kt_catalog_field(c, i));
    if (kt_streq(c->family, "layer"))
        kt_str_add(
            out,
            "\nEvery layer also takes `name`, `trainable`, `dtype`, `input_shape`, `input_dtype` and "
            "`activity_regularizer`.\n");
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

/* --- shapes ----------------------------------------------------------------------------------- */

void write_shape(kt_str *out, const kt_shape *s)
{
    kt_arena a = {0};

    kt_str_add(out, kt_shape_text(&a, s));
    kt_arena_free(&a);
}

static void write_shapes_of(kt_str *out, const kt_shape *s, int n)
{
    for (int i = 0; i < n; i++) {
        kt_str_add(out, i ? ", `" : "`");
        write_shape(out, &s[i]);
        kt_str_addc(out, '`');
    }
}

/* A row of the table. */
static void write_sample(kt_str *out, const char *expression, const inputs *in)
{
    kt_shape made[MOST_INPUTS];
    int      n = shapes_made(expression, in, made);

    if (n == 0)
        return;
    kt_str_add(out, "| `");
    write_cell(out, expression);
    kt_str_add(out, "` | ");
    write_shapes_of(out, in->shape, in->n);
    kt_str_add(out, " | ");
    write_shapes_of(out, made, n);
    kt_str_add(out, " |\n");
}

static void write_shapes(kt_str *out, const kt_class_info *c)
{
    const char *samples = c->samples, *all = c->sample_inputs;
    kt_str      expression = {0}, given = {0};
    inputs      in;

    if (!samples || !all)
        return;
    kt_str_add(out, "\n## Shapes\n\n| layer | in | out |\n| --- | --- | --- |\n");
    while (next_part(&samples, ';', &expression) && next_part(&all, ';', &given)) {
        read_inputs(kt_str_text(&given), &in);
        write_sample(out, kt_str_text(&expression), &in);
    }
    kt_str_free(&expression);
    kt_str_free(&given);
}

/* --- pages ------------------------------------------------------------------------------------ */

void plural(kt_str *out, const char *family)
{
    kt_str_add(out, family);
    kt_str_add(out, kt_streq(family, "loss") ? "es" : "s");
}

static void write_title(kt_str *out, const char *family)
{
    kt_str title = {0};

    plural(&title, family);
    kt_str_addc(out, (char)toupper((unsigned char)*family));
    kt_str_addn(out, kt_str_text(&title) + 1, title.len - 1);
    kt_str_free(&title);
}

void write_page(kt_str *out, const kt_class_info *c, const kt_layer_type *layer)
{
    kt_str_printf(out, "# %s\n\n`%s.%s`: %s\n", c->name, c->module, c->name, c->summary);
    if (c->aliases)
        write_aliases(out, c);
    if (layer)
        write_c_call(out, layer);
    write_arguments(out, c);
    write_shapes(out, c);
    write_refusals(out, c);
    write_examples(out, c);
    kt_str_add(out, "\n---\n\nWritten by tools/gen. All ");
    kt_str family = {0};
    plural(&family, c->family);
    kt_str_printf(out, "[%s](../%s.md).\n", kt_str_text(&family), kt_str_text(&family));
    kt_str_free(&family);
}

void write_index(kt_str *out, const char *family)
{
    kt_str        folder = {0};
    kt_class_info c;

    plural(&folder, family);
    kt_str_add(out, "# ");
    write_title(out, family);
    kt_str_add(out, "\n\nWritten by tools/gen from the field tables.\n\n"
                    "| class | what it does |\n| --- | --- |\n");
    for (int i = 0; kt_catalog_class(family, i, &c); i++)
        kt_str_printf(out, "| [%s](%s/%s.md) | %s |\n", c.name, kt_str_text(&folder), c.name,
                      c.summary);
    kt_str_free(&folder);
}

void write_families(kt_str *out)
{
    const char *family;

    kt_str_add(out,
               "# Reference\n\nWritten by tools/gen: a page for each class, with its arguments, "
               "shapes, errors and an example in C, on the command line and in Keras.\n\n");
    for (int k = 0; (family = kt_catalog_family(k)) != NULL; k++) {
        kt_str folder = {0};
        int    n = 0;
        while (kt_catalog_class(family, n, NULL))
            n++;
        plural(&folder, family);
        kt_str_add(out, "- [");
        write_title(out, family);
        kt_str_printf(out, "](%s.md): %d\n", kt_str_text(&folder), n);
        kt_str_free(&folder);
    }
}
