/* call.c - a Keras expression as a call in C. */
#include "gen.h"

#include <string.h>

void write_c_text(kt_str *out, const char *text)
{
    kt_str_addc(out, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            kt_str_addc(out, '\\');
        kt_str_addc(out, *p);
    }
    kt_str_addc(out, '"');
}

static void write_expression(kt_str *out, const kt_value *v)
{
    kt_str text = {0};

    kt_value_repr(&text, v);
    write_c_text(out, kt_str_text(&text));
    kt_str_free(&text);
}

static bool write_call(kt_str *out, const kt_value *v);

/* A number alone is no tuple of one, nor is a list or a tuple in another a size. */
static bool write_sizes(kt_str *out, const kt_value *v)
{
    if (kt_is_int(v)) {
        kt_str_printf(out, "{%lld}", (long long)v->i);
        return v->i != 0;
    }
    if (!kt_value_is_seq(v) || v->n < 2)
        return false;
    for (size_t i = 0; i < v->n; i++) {
        if (!kt_is_int(v->items[i]))
            return false;
        kt_str_printf(out, "%s%lld", i ? ", " : "{", (long long)v->items[i]->i);
    }
    kt_str_addc(out, '}');
    return true;
}

/* False where the member's type can not say it. */
static bool write_value(kt_str *out, const kt_arg *a, const kt_value *v)
{
    double number;

    switch (a->type) {
    case KT_ARG_INT: kt_str_printf(out, "%lld", (long long)v->i); return kt_is_int(v);
    case KT_ARG_FLOAT:
        if (v->kind == KT_BOOL || !kt_value_number(v, &number))
            return false;
        kt_value_repr(out, v);
        return true;
    case KT_ARG_BOOL: kt_str_add(out, v->b ? "true" : "false"); return v->kind == KT_BOOL;
    case KT_ARG_INTS: return write_sizes(out, v);
    case KT_ARG_LAYER: return write_call(out, v);
    case KT_ARG_TEXT: break;
    }
    if (v->kind == KT_STR)
        write_c_text(out, v->s);
    else
        write_expression(out, v);
    return v->kind == KT_STR || v->kind == KT_CALL;
}

static const kt_arg *arg_named(const kt_arg *args, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (kt_streq(args[i].name, name))
            return &args[i];
    return NULL;
}

static bool write_arguments(kt_str *out, const kt_layer_type *t, const kt_value *v)
{
    kt_arg args[KT_MAX_ARGS];
    size_t size;
    int    n = kt_layer_args(t, args, &size), first = kt_first_arg(args, n);

    for (size_t i = 0; i < v->n; i++) {
        const kt_config_type *c = t->cls.config;
        const char           *name = v->keys && v->keys[i] ? v->keys[i]
                                   : i < (size_t)c->n      ? c->fields[i].name
                                                           : "";
        const kt_arg         *a = arg_named(args, n, name);
        if (!a || (i > 0 && a == (first >= 0 ? &args[first] : NULL)))
            return false;
        kt_str_add(out, i ? ", " : "");
        if (first < 0 || a != &args[first])
            kt_str_printf(out, ".%s = ", name);
        if (!write_value(out, a, v->items[i]))
            return false;
    }
    return v->n > 0 || first < 0;
}

/* The typed call, or the expression as a text where that can not say it. */
static bool write_call(kt_str *out, const kt_value *v)
{
    const kt_layer_type *t = v && v->kind == KT_CALL ? kt_layer_type_find(v->s) : NULL;
    kt_str               text = {0};

    if (!t)
        return false;
    kt_call_name(&text, t);
    kt_str_addc(&text, '(');
    if (!(t->flags & KT_LAYER_CONTAINER) && write_arguments(&text, t, v)) {
        kt_str_printf(out, "%s)", kt_str_text(&text));
    } else {
        kt_str_add(out, "kt_layer_from(");
        write_expression(out, v);
        kt_str_addc(out, ')');
    }
    kt_str_free(&text);
    return true;
}

void write_in_c(kt_str *out, const char *expression)
{
    kt_arena a = {0};
    kt_fault f = {0};

    write_call(out, kt_expr_parse(expression, &a, &f));
    kt_fault_clear(&f);
    kt_arena_free(&a);
}
