/* check.c - sentences that several layers' constructors share. */
#include <ctype.h>

#include "nn/layer.h"

const char *kt_python_type(const kt_value *v)
{
    static const char *const names[] = {"NoneType", "bool",  "int",  "float", "str",
                                        "list",     "tuple", "dict", "dict"};

    return v ? names[v->kind] : names[KT_NONE];
}

void kt_python_str(kt_str *out, const kt_value *v)
{
    if (v && v->kind == KT_STR)
        kt_str_add(out, v->s);
    else
        kt_value_repr(out, v);
}

kt_status kt_check_data_format(kt_layer *l, const char *format)
{
    if (kt_streq(format, "channels_last") || kt_streq(format, "channels_first"))
        return KT_OK;
    kt_str lower = {0};
    for (const char *p = format; *p; p++)
        kt_str_addc(&lower, (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p));
    kt_layer_fail(
        l, KT_E_VALUE,
        "The `data_format` argument must be one of {'channels_first', 'channels_last'}. Received: data_format=%s",
        kt_str_text(&lower));
    kt_str_free(&lower);
    return kt_layer_status(l);
}

/* An int or a tuple of n ints, all at least `least`: Keras' standardize_tuple. */
kt_status kt_check_tuple(kt_layer *l, const char *name, const kt_value *v, int n, int64_t least,
                         int64_t *out)
{
    kt_str text = {0}, bad = {0};
    bool   fits = v && (v->kind == KT_INT || (kt_value_is_seq(v) && (int)v->n == n));

    kt_python_str(&text, v);
    for (int i = 0; fits && i < n; i++) {
        const kt_value *item = v->kind == KT_INT ? v : v->items[i];
        if (item->kind != KT_INT) {
            fits = false;
            break;
        }
        out[i] = item->i;
        kt_str one = {0};
        kt_str_printf(&one, "%lld", (long long)item->i);
        bool seen = false; /* a set: each value once */
        for (int k = 0; k < i; k++)
            seen = seen || out[k] == item->i;
        if (item->i < least && !seen)
            kt_str_printf(&bad, "%s%s", bad.len ? ", " : "", kt_str_text(&one));
        kt_str_free(&one);
    }
    if (!fits)
        kt_layer_fail(l, KT_E_VALUE,
                      "The `%s` argument must be a tuple of %d integers. Received %s=%s", name, n,
                      name, kt_str_text(&text));
    else if (bad.len)
        kt_layer_fail(
            l, KT_E_VALUE,
            "The `%s` argument must be a tuple of %d integers. Received %s=%s, including values {%s} that do not satisfy `value %s 0`",
            name, n, name, kt_str_text(&text), kt_str_text(&bad), least == 0 ? ">=" : ">");
    kt_str_free(&text);
    kt_str_free(&bad);
    return kt_layer_status(l);
}

/* A tuple value of n ints, for get_config after the check. */
kt_value *kt_tuple_value(kt_arena *a, int n, const int64_t *v)
{
    kt_value *t = kt_value_new(a, KT_TUPLE);

    for (int i = 0; i < n; i++)
        if (!kt_value_add(a, t, NULL, kt_value_int(a, v[i])))
            return NULL;
    return t;
}

/* Keras lowers the case of the word; *v becomes what it keeps. */
kt_status kt_check_padding(kt_layer *l, const kt_value **v, bool causal)
{
    const char *given = kt_value_text(*v);
    char       *p = given ? kt_arena_strdup(&l->arena, given) : NULL;

    if (!given)
        return kt_layer_fail(l, KT_E_ATTRIBUTE, "'%s' object has no attribute 'lower'",
                             kt_python_type(*v));
    for (char *c = p; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *v = p ? kt_value_str(&l->arena, p) : NULL;
    if (!*v)
        return kt_raise_memory(&l->fault);
    if (kt_streq(p, "valid") || kt_streq(p, "same") || (causal && kt_streq(p, "causal")))
        return KT_OK;
    return kt_layer_fail(
        l, KT_E_VALUE,
        "The `padding` argument must be a list/tuple or one of {%s'same', 'valid'}. Received: %s",
        causal ? "'causal', " : "", p);
}
