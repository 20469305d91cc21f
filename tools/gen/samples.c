/* samples.c - a class as it is used: an expression that makes one, what goes in, what it
 * refuses. */
#include "gen.h"

#include <stdio.h>
#include <string.h>

#include "keratin/model.h"
#include "nn/container.h"

bool next_part(const char **at, char end, kt_str *out)
{
    const char *p = *at + strspn(*at, " ");
    size_t      n = strcspn(p, (char[]){end, 0});

    *at = p[n] ? p + n + 1 : p + n;
    while (n > 0 && p[n - 1] == ' ')
        n--;
    kt_str_free(out);
    kt_str_addn(out, p, n);
    return n > 0;
}

/* "(2, 5) int:10" */
static void read_input(const char *text, inputs *in)
{
    kt_arena    a = {0};
    kt_fault    f = {0};
    kt_str      shape = {0};
    const char *end = strchr(text, ')');

    kt_str_addn(&shape, text, end ? (size_t)(end - text) + 1 : strlen(text));
    kt_shape_from_value(kt_expr_parse(kt_str_text(&shape), &a, &f), &in->shape[in->n]);
    in->dtype[in->n++] = strstr(text, " int:")  ? "int32"
                       : strstr(text, " text:") ? "string"
                                                : "float32";
    kt_str_free(&shape);
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

void read_inputs(const char *text, inputs *in)
{
    kt_str part = {0};

    in->n = 0;
    while (in->n < MOST_INPUTS && next_part(&text, '|', &part))
        read_input(kt_str_text(&part), in);
    kt_str_free(&part);
}

bool is_called_alone(const char *expression, const inputs *in)
{
    kt_model *m = kt_model_from(expression);
    bool      good = kt_check_shapes(m, in->n, in->shape, true) == KT_OK;

    kt_model_free(m);
    return good;
}

int shapes_made(const char *expression, const inputs *in, kt_shape *out)
{
    kt_layer *l = kt_layer_from(expression);
    kt_symbol x[MOST_INPUTS], y;
    int       n = 0;

    for (int i = 0; i < in->n; i++)
        x[i] = kt_symbol_of(kt_input_new(&in->shape[i], in->dtype[i], NULL));
    y = in->n > 1 ? kt_apply_list(l, in->n, x) : kt_apply(l, x[0]);
    for (const kt_result *r; n < MOST_INPUTS && (r = kt_symbol_result(kt_output_of(y, n))); n++)
        out[n] = r->shape;
    kt_model_free(kt_functional("sample", in->n, x, 1, &y));
    return n;
}

/* --- an expression of the class --------------------------------------------------------------- */

static bool is_accepted(const char *family, const char *expression)
{
    kt_arena        a = {0};
    kt_fault        f = {0};
    const kt_value *v = kt_expr_parse(expression, &a, &f);
    bool            good = v && kt_object_make(&a, family, v, &f) && f.e.status == KT_OK;

    kt_fault_clear(&f);
    kt_arena_free(&a);
    return good;
}

static bool is_usable(const kt_class_info *c, const char *expression)
{
    return is_accepted(c->family, expression) && find_use(c, expression, NULL);
}

/* The first call with arguments in the texts of a fact, if there is one that can be used. */
static bool find_call(const kt_value *v, const kt_class_info *c, kt_str *out)
{
    kt_str text = {0};

    if (v->kind == KT_STR && call_in(v->s, c->name, &text) &&
        text.len > strlen(c->name) + strlen("()") && is_usable(c, kt_str_text(&text)))
        kt_str_add(out, kt_str_text(&text));
    kt_str_free(&text);
    for (size_t i = 0; i < v->n && out->len == 0; i++)
        find_call(v->items[i], c, out);
    return out->len > 0;
}

bool example_of(const kt_class_info *c, kt_str *out)
{
    const char     *samples = c->samples;
    const kt_value *row;

    if (kt_streq(c->family, "layer"))
        return samples && next_part(&samples, ';', out);
    for (size_t i = 0; (row = facts_row(i)) != NULL; i++)
        if (!kt_value_get(row, "error") && find_call(row, c, out))
            return true;
    kt_str_printf(out, kt_streq(c->family, "activation") ? "'%s'" : "%s()", c->name);
    return is_usable(c, kt_str_text(out));
}

/* --- what is refused -------------------------------------------------------------------------- */

typedef struct refusals {
    const kt_class_info *c;
    kt_str              *out;
    int                  n;
    kt_str               seen;
} refusals;

enum { MOST_REFUSALS = 6, LONGEST = 400 };

/* One that is not told yet, without what differs from run to run. */
static void tell(refusals *r, const char *written, const kt_value *in, const kt_error *e)
{
    kt_str line = {0};

    if (r->n == MOST_REFUSALS || !e || strstr(e->message, "0x") || strlen(e->message) > LONGEST ||
        strstr(kt_str_text(&r->seen), e->message))
        return;
    kt_str_printf(&r->seen, "%s\n", e->message);
    kt_str_printf(&line, "- `%s`", written);
    for (size_t i = 0; in && i < in->n; i++) {
        kt_shape s;
        kt_str_add(&line, i ? ", `" : " on `");
        if (kt_shape_from_value(in->items[i], &s))
            write_shape(&line, &s);
        kt_str_addc(&line, '`');
    }
    kt_str_printf(&line, ":\n  `` %s: ", e->type);
    for (const char *p = e->message; *p; p++)
        kt_str_addc(&line, *p == '\n' ? ' ' : *p);
    kt_str_add(&line, " ``\n");
    kt_str_add(r->out, r->n ? "" : "\n## Errors\n\n");
    kt_str_add(r->out, kt_str_text(&line));
    r->n++;
    kt_str_free(&line);
}

static bool agrees(const kt_error *e, const kt_value *want)
{
    return e && kt_streq(e->type, kt_value_text(kt_value_get(want, "type"))) &&
           kt_streq(e->message, kt_value_text(kt_value_get(want, "message")));
}

/* A model of this layer alone that was called on shapes. */
static void tell_call(refusals *r, const kt_value *row)
{
    const char     *model = kt_value_text(kt_value_get(row, "model"));
    const kt_value *in = kt_value_get(row, "in");
    kt_shape        shape[MOST_INPUTS];
    size_t          n = strlen(r->c->name);

    if (!model || strncmp(model, r->c->name, n) != 0 || model[n] != '(' || !in ||
        in->n > MOST_INPUTS)
        return;
    for (size_t i = 0; i < in->n; i++)
        if (!kt_shape_from_value(in->items[i], &shape[i]))
            return;
    kt_model       *m = kt_model_from(model);
    const kt_value *symbolic = kt_value_get(row, "symbolic");
    kt_check_shapes(m, (int)in->n, shape, !symbolic || !symbolic->b);
    if (agrees(kt_model_error(m), kt_value_get(row, "error")))
        tell(r, model, in, kt_model_error(m));
    kt_model_free(m);
}

/* What making it fails with; want: or NULL. */
static void tell_making(refusals *r, const char *expression, const kt_value *want)
{
    kt_arena        a = {0};
    kt_fault        f = {0};
    kt_layer       *l = NULL;
    const kt_error *e = &f.e;

    if (kt_streq(r->c->family, "layer")) {
        l = kt_layer_from(expression);
        e = kt_layer_error(l);
    } else {
        const kt_value *v = kt_expr_parse(expression, &a, &f);
        if (v)
            kt_object_make(&a, r->c->family, v, &f);
    }
    if (e && e->status != KT_OK && (!want || agrees(e, want)))
        tell(r, expression, NULL, e);
    kt_layer_free(l);
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

static void tell_fact(refusals *r, const kt_value *row)
{
    const char *expression = kt_value_text(kt_value_get(row, "expression"));
    size_t      n = strlen(r->c->name);

    if (expression && kt_streq(kt_value_text(kt_value_get(row, "family")), r->c->family) &&
        strncmp(expression, r->c->name, n) == 0 && expression[n] == '(')
        tell_making(r, expression, kt_value_get(row, "error"));
    else
        tell_call(r, row);
}

/* The first sample called on one number for each of two samples. */
static void tell_rank(refusals *r)
{
    const char    *all = r->c->samples;
    kt_str         expression = {0};
    kt_value       two = {.kind = KT_INT, .i = 2}, shape = {.kind = KT_TUPLE, .n = 1};
    kt_value      *sizes[] = {&two}, *shapes[] = {&shape};
    const kt_value in = {.kind = KT_LIST, .n = 1, .items = shapes};

    shape.items = sizes;
    if (!all || !next_part(&all, ';', &expression))
        return;
    kt_model *m = kt_model_from(kt_str_text(&expression));
    kt_check_shapes(m, 1, &KT_SHAPE(2), true);
    const kt_error *e = kt_model_error(m);
    if (e &&
        strstr(e->message, "is incompatible with the layer")) /* what a layer says itself depends */
        tell(r, kt_str_text(&expression), &in, e);
    kt_model_free(m);
    kt_str_free(&expression);
}

void write_refusals(kt_str *out, const kt_class_info *c)
{
    refusals        r = {.c = c, .out = out};
    kt_str          text = {0};
    const kt_value *row;

    if (kt_streq(c->family, "activation"))
        return;
    kt_str_printf(&text, "%s()", c->name);
    tell_making(&r, kt_str_text(&text), NULL); /* where an argument is required */
    tell_rank(&r);
    for (size_t i = 0; (row = facts_row(i)) != NULL; i++)
        if (kt_value_get(row, "error"))
            tell_fact(&r, row);
    if (r.n == 0 && c->fields > 0 && !kt_streq(c->family, "callback")) { /* those may take more */
        kt_str_free(&text);
        kt_str_printf(&text, "%s(nothing=1)", c->name);
        tell_making(&r, kt_str_text(&text), NULL);
    }
    kt_str_free(&text);
    kt_str_free(&r.seen);
}
