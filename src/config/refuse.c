/* refuse.c - the words for values that a field does not take: Keras' where Keras has the
 * sentence in one place for many classes (standardize_tuple, standardize_padding, the names of
 * objects), else in their manner. */
#include <string.h>

#include "config/rules.h"

const char *kt__type_name(const kt_value *v)
{
    static const char *const names[] = {
        [KT_NONE] = "NoneType", [KT_BOOL] = "bool", [KT_INT] = "int",     [KT_FLOAT] = "float",
        [KT_STR] = "str",       [KT_LIST] = "list", [KT_TUPLE] = "tuple", [KT_DICT] = "dict",
    };

    if (v && v->kind == KT_CALL)
        return v->s;
    return names[v ? v->kind : KT_NONE];
}

void kt__value_str(kt_str *out, const kt_value *v)
{
    if (v && v->kind == KT_STR)
        kt_str_add(out, v->s);
    else
        kt_value_repr(out, v);
}

/* --- numbers --------------------------------------------------------------------------------- */

/* "a positive integer", "a float value between 0 and 1": what the field wants. */
static void add_wanted(kt_str *out, const kt_field *field, const char *noun)
{
    const char *rule = field->rule ? field->rule : "";
    kt__range   r = kt__rule_range(rule);
    const char *an = strchr("aeiou", noun[0]) ? "an" : "a";

    if (!r.limited)
        kt_str_printf(out, "%s %s", an, noun);
    else if (rule[0] == '>' && r.lo == 0)
        kt_str_printf(out, "a %s %s", r.lo_open ? "positive" : "non-negative", noun);
    else if (!r.lo_open && !r.hi_open && rule[0] != '>')
        kt_str_printf(out, "%s %s between %g and %g", an, noun, r.lo, r.hi);
    else
        kt_str_printf(out, "%s %s %s %s", an, noun, rule[0] == '>' ? "that is" : "in", rule);
    if (field->kind == KT_F_OPTINT || field->kind == KT_F_OPTFLOAT)
        kt_str_add(out, " or None");
}

static kt_status refuse_int(const kt_field *field, const char *text, kt_fault *f)
{
    kt_str wanted = {0};

    add_wanted(&wanted, field, "integer");
    kt_raise(f, KT_E_VALUE, "Received an invalid value for `%s`, expected %s. Received: %s=%s",
             field->name, kt_str_text(&wanted), field->name, text);
    kt_str_free(&wanted);
    return KT_E_VALUE;
}

static kt_status refuse_float(const kt_field *field, const kt_value *v, const char *text,
                              kt_fault *f)
{
    kt_str wanted = {0};
    double x;

    /* Keras writes such checks as 0 <= rate <= 1, and Python refuses to compare. */
    if (field->kind == KT_F_FLOAT && field->rule && field->rule[0] == '[' &&
        !kt_value_number(v, &x))
        return kt_raise(f, KT_E_TYPE, "'<=' not supported between instances of 'int' and '%s'",
                        kt__type_name(v));
    if (kt_streq(field->rule, "share"))
        return kt_raise(f, KT_E_TYPE, "'>' not supported between instances of '%s' and 'float'",
                        kt__type_name(v));
    add_wanted(&wanted, field, "float value");
    kt_raise(f, KT_E_VALUE,
             "Invalid value received for argument `%s`. Expected %s. Received: %s=%s", field->name,
             kt_str_text(&wanted), field->name, text);
    kt_str_free(&wanted);
    return KT_E_VALUE;
}

/* --- words ----------------------------------------------------------------------------------- */

/* {'same', 'valid'}: in the order of the alphabet. */
static void add_words(kt_str *out, const char *rule)
{
    const char *last = NULL;
    size_t      last_n = 0;

    for (;;) {
        const char *least = NULL;
        size_t      least_n = 0;
        for (const char *s = rule; *s;) {
            size_t n = strcspn(s, "|");
            bool   unseen = !last || strncmp(s, last, n > last_n ? n : last_n) > 0;
            if (unseen && (!least || strncmp(s, least, n > least_n ? n : least_n) < 0)) {
                least = s;
                least_n = n;
            }
            s += n + (s[n] == '|');
        }
        if (!least)
            break;
        kt_str_printf(out, "%s'%.*s'", last ? ", " : "{", (int)least_n, least);
        last = least;
        last_n = least_n;
    }
    kt_str_addc(out, '}');
}

/* One without words takes everything. */
static kt_status refuse_str(const kt_field *field, const char *text, kt_fault *f)
{
    kt_str words = {0};

    add_words(&words, field->rule);
    if (kt_streq(field->name, "padding"))
        kt_raise(f, KT_E_VALUE,
                 "The `padding` argument must be a list/tuple or one of %s. Received: %s",
                 kt_str_text(&words), text);
    else
        kt_raise(f, KT_E_VALUE, "The `%s` argument must be one of %s. Received: %s=%s", field->name,
                 kt_str_text(&words), field->name, text);
    kt_str_free(&words);
    return KT_E_VALUE;
}

/* --- tuples ---------------------------------------------------------------------------------- */

/* Python keeps small integers in a set by their lowest bits; -1 is hashed as -2. */
static int64_t set_place(int64_t v)
{
    return (v == -1 ? -2 : v) & 7;
}

/* {0, -1}: the values out of range, each once, as Python prints a set. */
static void add_bad(kt_str *out, const kt__range *r, const kt_value *v)
{
    const kt_value *const *items = kt_value_is_seq(v) ? (const kt_value *const *)v->items : &v;
    size_t                 n = kt_value_is_seq(v) ? v->n : 1;
    int64_t                seen[KT_MAX_RANK];
    size_t                 n_seen = 0;

    kt_str_addc(out, '{');
    for (int64_t place = 0; place < 8; place++) {
        for (size_t i = 0; i < n && n_seen < KT_MAX_RANK; i++) {
            int64_t x = items[i]->i;
            bool    fresh = set_place(x) == place && !kt__in_range(r, (double)x);
            for (size_t k = 0; k < n_seen; k++)
                fresh &= seen[k] != x;
            if (!fresh)
                continue;
            kt_str_printf(out, "%s%lld", n_seen ? ", " : "", (long long)x);
            seen[n_seen++] = x;
        }
    }
    kt_str_addc(out, '}');
}

/* The first item that is no integer, or NULL. */
static const kt_value *odd_item(const kt_value *v)
{
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++) {
        if (v->items[i]->kind != KT_INT)
            return v->items[i];
    }
    return NULL;
}

static kt_status refuse_tuple(const kt_field *field, const kt_value *v, const char *text,
                              kt_fault *f)
{
    kt__range       r = kt__rule_range(field->rule);
    bool            seq = kt_value_is_seq(v);
    bool            fits = v && (seq ? v->n == (size_t)r.count : v->kind == KT_INT);
    const kt_value *odd = odd_item(v);
    kt_str          more = {0};

    if (fits && odd) {
        kt_str_add(&more, "including element ");
        kt__value_str(&more, odd);
        kt_str_printf(&more, " of type <class '%s'>", kt__type_name(odd));
    } else if (fits) {
        kt_str_add(&more, ", including values ");
        add_bad(&more, &r, v);
        kt_str_printf(&more, " that do not satisfy `value %s`", strchr(field->rule, '>'));
    }
    kt_raise(f, KT_E_VALUE, "The `%s` argument must be a tuple of %d integers. Received %s=%s%s",
             field->name, r.count, field->name, text, kt_str_text(&more));
    kt_str_free(&more);
    return KT_E_VALUE;
}

static kt_status refuse_ints(const kt_field *field, const kt_value *v, const char *text,
                             kt_fault *f)
{
    kt_str words = {0};

    if (kt__rule_range(field->rule).count > 0)
        return refuse_tuple(field, v, text, f);
    if (kt_value_is_seq(v) && v->n > KT_MAX_RANK) {
        kt_raise(f, KT_E_VALUE, "The `%s` argument takes at most %d integers. Received: %s=%s",
                 field->name, KT_MAX_RANK, field->name, text);
    } else if (v->kind == KT_INT || (kt_value_is_seq(v) && !odd_item(v))) {
        add_wanted(&words, field, "integer");
        kt_raise(f, KT_E_VALUE, "Invalid value for argument `%s`. Expected %s. Received: %s=%s",
                 field->name, kt_str_text(&words), field->name, text);
    } else {
        kt_value_repr(&words, v);
        kt_raise(f, KT_E_TYPE,
                 "Expected an int or a list/tuple of ints for the argument '%s', but received: %s",
                 field->name, kt_str_text(&words));
    }
    kt_str_free(&words);
    return f ? f->e.status : KT_E_VALUE;
}

static kt_status refuse_shape(const kt_value *v, const char *text, kt_fault *f)
{
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++) {
        const kt_value *d = v->items[i];
        kt_str          dim = {0};
        if (d->kind == KT_INT || d->kind == KT_NONE)
            continue;
        kt__value_str(&dim, d);
        kt_raise(
            f, KT_E_VALUE,
            "Cannot convert '%s' to a shape. Found invalid dimension '%s' of type '<class '%s'>'. ",
            text, kt_str_text(&dim), kt__type_name(d));
        kt_str_free(&dim);
        return KT_E_VALUE;
    }
    if (kt_value_is_seq(v) && v->n > KT_MAX_RANK)
        return kt_raise(f, KT_E_VALUE,
                        "Cannot convert '%s' to a shape. At most %d dimensions are supported.",
                        text, KT_MAX_RANK);
    if (kt_value_is_seq(v) || v->kind == KT_INT)
        return kt_raise(f, KT_E_VALUE,
                        "Cannot convert '%s' to a shape. Negative dimensions are not allowed.",
                        text);
    return kt_raise(f, KT_E_VALUE, "Cannot convert '%s' to a shape.", text);
}

/* --- objects --------------------------------------------------------------------------------- */

static kt_status refuse_object(const kt_field *field, const kt_value *v, const char *text,
                               kt_fault *f)
{
    const char *family = kt_streq(field->rule, "activation") ? "activation function" : field->rule;
    const char *names[512];
    size_t      n = 0;
    kt_str      hint = {0};

    kt_raise(f, KT_E_VALUE, "Could not interpret %s identifier: %s", family, text);
    for (const kt_names *t = kt_names_table; t && t->rule; t++) {
        if (kt_streq(t->rule, field->rule) && t->list)
            n = t->list(names, KT_COUNT(names));
    }
    n = n < KT_COUNT(names) ? n : KT_COUNT(names);
    const char *near = kt_value_text(v) ? kt_did_you_mean(v->s, names, n) : NULL;
    if (near) {
        kt_str_printf(&hint, "did you mean '%s'?", near);
        kt_fault_hint(f, kt_str_text(&hint));
    }
    kt_str_free(&hint);
    return KT_E_VALUE;
}

/* The sentence of the field, for who reads the hint; a nearer hint is there already. */
static void hint_field(const kt_field *field, const char *owner, kt_fault *f)
{
    kt_str hint = {0};

    kt_str_printf(&hint, "`%s` of %s: %s", field->name, owner, field->help ? field->help : "");
    kt_fault_hint(f, kt_str_text(&hint));
    kt_str_free(&hint);
}

kt_status kt__refuse(const kt_field *field, const char *owner, const kt_value *v, kt_fault *f)
{
    kt_str      str = {0};
    kt_status   status;
    const char *text;

    kt__value_str(&str, v);
    text = kt_str_text(&str);
    switch (field->kind) {
    case KT_F_INT:
    case KT_F_OPTINT: status = refuse_int(field, text, f); break;
    case KT_F_FLOAT:
    case KT_F_OPTFLOAT: status = refuse_float(field, v, text, f); break;
    case KT_F_STR: status = refuse_str(field, text, f); break;
    case KT_F_INTS: status = refuse_ints(field, v, text, f); break;
    case KT_F_SHAPE: status = refuse_shape(v, text, f); break;
    default: status = refuse_object(field, v, text, f); /* others take every value */
    }
    kt_str_free(&str);
    hint_field(field, owner, f);
    return status;
}
