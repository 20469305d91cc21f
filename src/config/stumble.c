/* stumble.c - what Python and TensorFlow say to a value that is no number, where Keras looks at it
 * no sooner than it computes with it. */
#include <stdio.h>
#include <string.h>

#include "config/rules.h"

/* The class of an attribute: Keras' optimizers and layers wrap lists and dicts. */
static const char *type_of(const kt_value *v, bool tracked, bool full)
{
    bool list = v && v->kind == KT_LIST, dict = v && v->kind == KT_DICT;

    if (!tracked || (!list && !dict))
        return kt__type_name(v);
    if (full)
        return list ? "keras.src.utils.tracking.TrackedList"
                    : "keras.src.utils.tracking.TrackedDict";
    return list ? "TrackedList" : "TrackedDict";
}

/* The first item that no tensor can be made of: None and dicts, at any depth. */
static const kt_value *no_tensor(const kt_value *v)
{
    const kt_value *found = NULL;

    if (!v || v->kind == KT_NONE || v->kind == KT_DICT || v->kind == KT_CALL)
        return v;
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n && !found; i++)
        found = no_tensor(v->items[i]);
    return found;
}

static kt_status as_tensor(const char *how, const kt_value *v, bool tracked, kt_fault *f)
{
    static const kt_value none = {.kind = KT_NONE};
    const kt_value       *bad = v ? no_tensor(v) : &none;
    kt_str                text = {0};

    if (bad) {
        kt_value_repr(&text, bad);
        kt_raise(f, KT_E_VALUE,
                 "Attempt to convert a value (%s) with an unsupported type (<class '%s'>) to a "
                 "Tensor.",
                 kt_str_text(&text), type_of(bad, tracked && bad == v, true));
    } else if (kt_streq(how, "axis") && v->kind == KT_FLOAT) {
        kt_value_repr(&text, v);
        kt_raise(f, KT_E_TYPE, "Cannot convert %s to EagerTensor of dtype int32",
                 kt_str_text(&text));
    } else if (v->kind != KT_STR) {
        return KT_OK;
    } else if (kt_streq(how, "divisor")) {
        kt_raise(f, KT_E_TYPE,
                 "`x` and `y` must have the same dtype, got tf.float32 != tf.string.");
    } else if (kt_streq(how, "tensor")) {
        kt_raise(f, KT_E_VALUE, "dtype='string' is not a valid dtype for Keras type promotion.");
    } else if (kt_streq(how, "operand")) {
        kt_value_repr(&text, v);
        kt_raise(f, KT_E_TYPE, "Cannot convert %s to EagerTensor of dtype float",
                 kt_str_text(&text));
    } else {
        kt_raise(f, KT_E_UNIMPLEMENTED, "Cast string to float is not supported");
    }
    kt_str_free(&text);
    return f ? f->e.status : KT_E_VALUE;
}

/* Of a tensor. */
static kt_status as_index(const kt_value *v, kt_fault *f)
{
    kt_str text = {0};

    kt_value_repr(&text, v);
    kt_raise(f, KT_E_TYPE,
             "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
             "tf.int32/tf.int64 tensors are valid indices, got %s",
             kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_TYPE;
}

/* "1.0" -> "float": the class of the number that stands beside x; x itself -> that of v. */
static const char *class_of_word(const char *word, size_t n, const char *own)
{
    if (n == 1 && *word == 'x')
        return own;
    return memchr(word, '.', n) ? "float" : "int";
}

/* left op right, with one blank between. */
static kt_status as_operation(const char *how, const kt_value *v, bool tracked, kt_fault *f)
{
    const char *own = type_of(v, tracked, false);
    size_t      n = strcspn(how, " ");
    const char *op = how + n + (how[n] == ' '), *right = strchr(op, ' ');
    size_t      n_op = right ? (size_t)(right - op) : strlen(op);
    const char *left_type = class_of_word(how, n, own);
    const char *right_type = right ? class_of_word(right + 1, strlen(right + 1), own) : "int";
    bool        text = v && (v->kind == KT_STR || kt_value_is_seq(v));

    if (v && v->kind == KT_FLOAT) /* where a whole number was meant */
        return KT_OK;
    if (strchr("<>", *op))
        return kt_raise(f, KT_E_TYPE, "'%.*s' not supported between instances of '%s' and '%s'",
                        (int)n_op, op, left_type, right_type);
    if (*op == '*' && text)
        return kt_raise(f, KT_E_TYPE, "can't multiply sequence by non-int of type 'float'");
    return kt_raise(f, KT_E_TYPE, "unsupported operand type(s) for %.*s: '%s' and '%s'", (int)n_op,
                    op, left_type, right_type);
}

/* The first item that is no integer, or the value itself. */
static const kt_value *first_odd(const kt_value *v)
{
    for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
        if (!kt_is_int(v->items[i]))
            return v->items[i];
    return v;
}

/* Python's or TensorFlow's error of one step; KT_OK: it goes well. */
static kt_status step(const char *how, const kt_value *v, bool tracked, kt_fault *f)
{
    const char *type = type_of(v, tracked, false);

    if (kt_streq(how, "abs(x)"))
        return kt_raise(f, KT_E_TYPE, "bad operand type for abs(): '%s'", type);
    if (kt_streq(how, "len(x)"))
        return kt_raise(f, KT_E_TYPE, "object of type '%s' has no len()", type);
    if (kt_streq(how, "os.fspath(x)"))
        return kt_raise(f, KT_E_TYPE, "expected str, bytes or os.PathLike object, not %s", type);
    if (kt_streq(how, "x.lower()"))
        return kt_raise(f, KT_E_ATTRIBUTE, "'%s' object has no attribute 'lower'", type);
    if (kt_streq(how, "range(x)"))
        return kt_raise(f, KT_E_TYPE, "'%s' object cannot be interpreted as an integer", type);
    if (kt_streq(how, "range(x[i])"))
        return kt_raise(f, KT_E_TYPE, "'%s' object cannot be interpreted as an integer",
                        type_of(first_odd(v), tracked, false));
    if (kt_streq(how, "x[i]"))
        return as_index(v, f);
    if (kt_streq(how, "list[x]") || kt_streq(how, "tuple[x]"))
        return kt_raise(f, KT_E_TYPE, "%.*s indices must be integers or slices, not %s",
                        (int)strcspn(how, "["), how, type);
    if (kt_streq(how, "hash(x)"))
        return kt_raise(f, KT_E_TYPE, "unhashable type: '%s'", type);
    if (kt_streq(how, "nothing"))
        return KT_OK;
    return strchr(how, ' ') ? as_operation(how, v, tracked, f) : as_tensor(how, v, tracked, f);
}

kt_status kt_stumble(const char *how, const kt_value *v, bool tracked, kt_fault *f)
{
    static const char if_true[] = "x and ";
    char              one[32];
    kt_status         status = KT_OK;

    if (strncmp(how, if_true, strlen(if_true)) == 0) {
        if (!kt_value_true(v))
            return KT_OK;
        how += strlen(if_true);
    }
    while (*how && status == KT_OK) {
        size_t n = strcspn(how, ";");
        snprintf(one, sizeof one, "%.*s", (int)n, how);
        status = step(one, v, tracked, f);
        how += n + strspn(how + n, "; ");
    }
    return status;
}

/* Does it do where the field's number or text is wanted? */
static bool is_number_of(const kt_field *field, const kt_value *v)
{
    bool   none = !v || v->kind == KT_NONE;
    double x;

    switch (field->kind) {
    case KT_F_STR:
        if (field->rule && strstr(field->rule, "hash"))
            return none || (v->kind != KT_LIST && v->kind != KT_DICT);
        return v && v->kind == KT_STR;
    case KT_F_OPTINT: return none || kt_is_int(v);
    case KT_F_INT: return kt_is_int(v);
    case KT_F_OPTFLOAT: return none || kt_value_number(v, &x);
    case KT_F_FLOAT: return kt_value_number(v, &x);
    default:
        if (none)
            return true;
        for (size_t i = 0; kt_value_is_seq(v) && i < v->n; i++)
            if (!kt_is_int(v->items[i]))
                return false;
        return kt_value_is_seq(v) ? v->n <= KT_MAX_RANK : kt_is_int(v);
    }
}

const char *kt_field_keeps(const kt_field *field, const kt_value *v, bool *at_once)
{
    static const char kept[] = "kept: ", met[] = "met: ";
    const char       *rule = field->rule ? field->rule : "";
    bool              late = strncmp(rule, kept, strlen(kept)) == 0;

    if ((!late && strncmp(rule, met, strlen(met)) != 0) || is_number_of(field, v))
        return NULL;
    *at_once = !late;
    return rule + (late ? strlen(kept) : strlen(met));
}
