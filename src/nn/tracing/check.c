/* check.c - sentences that several layers' constructors share. */
#include <ctype.h>
#include <string.h>

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

const char *kt_python_text(kt_layer *l, const kt_value *v)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    const char *kept = kt_str_keep(&text, &l->arena);
    return kept ? kept : "";
}

kt_status kt_check_data_format(kt_layer *l, const char **format)
{
    char *lower = kt_arena_strdup(&l->arena, *format ? *format : "channels_last");

    if (!lower)
        return kt_raise_memory(&l->fault);
    for (char *p = lower; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    *format = lower;
    if (kt_streq(lower, "channels_last") || kt_streq(lower, "channels_first"))
        return KT_OK;
    return kt_layer_fail(
        l, KT_E_VALUE,
        "The `data_format` argument must be one of {'channels_first', 'channels_last'}. Received: data_format=%s",
        lower);
}

/* The shape with these sizes in it, as Python prints the tuple. */
static void print_sizes(kt_str *out, const kt_shape *s, const kt_size *sizes, int n)
{
    kt_str_addc(out, '(');
    for (int i = 0; i < s->rank; i++) {
        kt_str_add(out, i ? ", " : "");
        if (n > 0 && sizes->axis == i) {
            kt_value_repr(out, sizes->v);
            sizes++;
            n--;
        } else if (s->dim[i] == KT_UNKNOWN) {
            kt_str_add(out, "None");
        } else {
            kt_str_printf(out, "%lld", (long long)s->dim[i]);
        }
    }
    kt_str_add(out, s->rank == 1 ? ",)" : ")");
}

/* Keras wraps lists and dicts that a layer keeps. */
static const char *class_of(const kt_value *v)
{
    if (v && v->kind == KT_LIST)
        return "keras.src.utils.tracking.TrackedList";
    return v && v->kind == KT_DICT ? "keras.src.utils.tracking.TrackedDict" : kt_python_type(v);
}

static void refuse_size(kt_fault *f, const char *shape, const kt_value *v)
{
    kt_str text = {0};

    kt_python_str(&text, v);
    if (kt_is_int(v))
        kt_raise(f, KT_E_VALUE,
                 "Cannot convert '%s' to a shape. Negative dimensions are not allowed.", shape);
    else
        kt_raise(
            f, KT_E_VALUE,
            "Cannot convert '%s' to a shape. Found invalid dimension '%s' of type '<class '%s'>'. ",
            shape, kt_str_text(&text), class_of(v));
    kt_str_free(&text);
}

bool kt_put_sizes(kt_fault *f, kt_shape *s, const kt_size *sizes, int n)
{
    for (int i = 0; i < n; i++) {
        const kt_value *v = sizes[i].v;
        kt_str          text = {0};
        if (kt_is_none(v) || (kt_is_int(v) && v->i >= 0)) {
            s->dim[sizes[i].axis] = kt_is_none(v) ? KT_UNKNOWN : v->i;
            continue;
        }
        print_sizes(&text, s, sizes, n);
        refuse_size(f, kt_str_text(&text), v);
        kt_str_free(&text);
        return false;
    }
    return true;
}

const char *kt_no_shape(kt_layer *l, const kt_value *v)
{
    kt_value    letter = {.kind = KT_STR, .s = (char[2]){v->kind == KT_STR ? v->s[0] : 0}};
    const char *text = kt_python_text(l, v), *kept = NULL;
    kt_fault    f = {0};

    if (v->kind == KT_STR && v->s[0])
        refuse_size(&f, text, &letter);
    else if (!kt_value_is_seq(v))
        kt_raise(&f, KT_E_VALUE, "Cannot convert '%s' to a shape.", text);
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n && f.e.status == KT_OK; i++)
        if (!kt_is_none(v->items[i]) && !(kt_is_int(v->items[i]) && v->items[i]->i >= 0))
            refuse_size(&f, text, v->items[i]);
    if (f.e.status != KT_OK)
        kept = kt_arena_strdup(&l->arena, f.e.message);
    kt_fault_clear(&f);
    return kept;
}

const char *kt_kept_type(const kt_value *v)
{
    if (kt_value_is_seq(v) && v->kind == KT_LIST)
        return "TrackedList";
    return v && v->kind == KT_DICT ? "TrackedDict" : kt_python_type(v);
}

bool kt_python_orders(kt_layer *l, const kt_value *v, const char *op, const char *other,
                      kt_compared how)
{
    double x;

    if (kt_value_number(v, &x) || (v && v->kind == KT_BOOL))
        return true;
    const char *type = how & KT_KEPT ? kt_kept_type(v) : kt_python_type(v);
    bool        second = how & KT_SECOND;
    kt_layer_fail(l, KT_E_TYPE, "'%s' not supported between instances of '%s' and '%s'", op,
                  second ? other : type, second ? type : other);
    return false;
}

/* Python's tuple(v)[i], an int for all of them: NULL behind the end; a letter has room in *one. */
static const kt_value *element(const kt_value *v, int i, kt_value *one, char letter[2])
{
    if (kt_is_int(v))
        return v;
    if (kt_value_is_seq(v))
        return i < (int)v->n ? v->items[i] : NULL;
    if (!v || v->kind != KT_STR || i >= (int)strlen(v->s))
        return NULL;
    letter[0] = v->s[i];
    *one = (kt_value){.kind = KT_STR, .s = letter};
    return one;
}

/* Why v is no tuple of n integers, behind "Received name=v": "" where its length says it. */
static bool not_ints(kt_str *why, const kt_value *v, int n, int64_t *out)
{
    kt_value one;
    char     letter[2] = {0};

    if (!kt_is_int(v) && (!element(v, n - 1, &one, letter) || element(v, n, &one, letter)))
        return true;
    for (int i = 0; i < n; i++) {
        const kt_value *item = element(v, i, &one, letter);
        if (kt_is_int(item)) {
            out[i] = item->i;
            continue;
        }
        kt_str_add(why, "including element ");
        kt_python_str(why, item);
        kt_str_printf(why, " of type <class '%s'>", kt_python_type(item));
        return true;
    }
    return false;
}

/* ", including values {0, -1} that do not satisfy `value > 0`", each of them once. */
static bool too_small(kt_str *why, const kt_value *given, const int64_t *v, int n, int64_t least)
{
    bool     some = false;
    kt_value one;
    char     letter[2] = {0};

    for (int i = 0; i < n; i++) {
        bool seen = false;
        for (int k = 0; k < i; k++)
            seen = seen || v[k] == v[i];
        if (v[i] >= least || seen)
            continue;
        kt_str_add(why, some ? ", " : ", including values {");
        kt_python_str(why, element(given, i, &one, letter));
        some = true;
    }
    if (some)
        kt_str_printf(why, "} that do not satisfy `value %s 0`", least == 0 ? ">=" : ">");
    return some;
}

/* An int or a tuple of n ints, all at least `least`: Keras' standardize_tuple. */
kt_status kt_check_tuple(kt_layer *l, const char *name, const kt_value *v, int n, int64_t least,
                         int64_t *out)
{
    kt_str why = {0};

    if (not_ints(&why, v, n, out) || too_small(&why, v, out, n, least))
        kt_layer_fail(l, KT_E_VALUE,
                      "The `%s` argument must be a tuple of %d integers. Received %s=%s%s", name, n,
                      name, kt_python_text(l, v), kt_str_text(&why));
    kt_str_free(&why);
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
