/* operation_call.c - a call of keras.ops written as text: "Where(Greater(x0, 0), x0, Multiply(x0,
 * 0.5))".
 *
 * Names are those of the classes; x0, x1 ... stand for the symbols. What a call takes comes by
 * place or by name, what its constructor takes by name, as Keras keeps them apart. */
#include <stdlib.h>
#include <string.h>

#include "nn/tracing/operation.h"

/* The outermost call, and what it works on. */
typedef struct maker {
    kt_arena        *a;
    kt_fault        *f;
    int              n;
    const kt_symbol *x;
    bool             used[KT_MAX_IO];
    kt_vec           made; /* kt_layer *, by the call so far */
} maker;

/* The tensors of one call, in the order of its arguments. */
typedef struct tensors {
    int       n;
    kt_symbol s[KT_MAX_IO];
} tensors;

static kt_symbol make_call(maker *m, const kt_value *call);

static const kt_layer_type *find(maker *m, const char *class_name)
{
    for (size_t i = 0; kt_operation_at(i); i++)
        if (kt_streq(kt_operation_at(i)->cls.class_name, class_name))
            return kt_operation_at(i);
    kt_raise(m->f, KT_E_VALUE, "Unknown operation: '%s'", class_name);
    return NULL;
}

/* --- arguments as a file has them ------------------------------------------------------------- */

/* Its shape and history are filled in when the model is written, and names are settled. */
static kt_value *tensor(maker *m, tensors *t, kt_symbol s)
{
    kt_value *v = kt_value_new(m->a, KT_DICT);

    if (t->n >= KT_MAX_IO - 1) {
        kt_raise(m->f, KT_E_VALUE, "An operation has more than %d inputs", KT_MAX_IO - 1);
        return NULL;
    }
    t->s[t->n++] = s;
    return kt_value_add(m->a, v, "class_name", kt_value_str(m->a, "__keras_tensor__")) &&
                   kt_value_add(m->a, v, "config", kt_value_new(m->a, KT_DICT))
             ? v
             : NULL;
}

/* slice(stop), slice(start, stop), slice(start, stop, step). */
static kt_value *slice(maker *m, const kt_value *call)
{
    static const char *const names[] = {"start", "stop", "step"};
    kt_value                *v = kt_value_new(m->a, KT_DICT), *config = kt_value_new(m->a, KT_DICT);
    size_t                   first = call->n == 1 ? 1 : 0;
    bool                     ok = v && config;

    for (size_t i = 0; ok && i < KT_COUNT(names); i++) {
        size_t          at = i - first;
        const kt_value *given = i >= first && at < call->n ? call->items[at] : NULL;
        ok = kt_value_add(m->a, config, names[i],
                          given ? kt_value_copy(m->a, given) : kt_value_new(m->a, KT_NONE));
    }
    ok = ok && kt_value_add(m->a, v, "class_name", kt_value_str(m->a, "__slice__")) &&
         kt_value_add(m->a, v, "config", config);
    return ok ? v : NULL;
}

static kt_value *ellipsis(maker *m)
{
    kt_value *v = kt_value_new(m->a, KT_DICT);

    return kt_value_add(m->a, v, "class_name", kt_value_str(m->a, "__ellipsis__")) &&
                   kt_value_add(m->a, v, "config", kt_value_new(m->a, KT_DICT))
             ? v
             : NULL;
}

/* The k of "x12"; -1: it is no symbol. */
static int symbol_of(const kt_value *v)
{
    const char *s = v->kind == KT_STR ? v->s : "";
    size_t      digits = *s == 'x' ? strspn(s + 1, "0123456789") : 0;

    return digits > 0 && digits < 4 && !s[1 + digits] ? (int)strtol(s + 1, NULL, 10) : -1;
}

static kt_value *argument(maker *m, tensors *t, const kt_value *v)
{
    int k = symbol_of(v);

    if (k >= 0 && k < m->n) {
        m->used[k] = true;
        return tensor(m, t, m->x[k]);
    }
    if (k >= 0) {
        kt_raise(m->f, KT_E_INDEX, "there is no '%s': the call has %d inputs", v->s, m->n);
        return NULL;
    }
    if (v->kind == KT_CALL && kt_streq(v->s, "slice"))
        return slice(m, v);
    if (v->kind == KT_STR && kt_streq(v->s, "Ellipsis"))
        return ellipsis(m);
    if (v->kind == KT_CALL) {
        kt_symbol s = make_call(m, v);
        return s.layer ? tensor(m, t, s) : NULL;
    }
    if (!kt_value_is_seq(v))
        return kt_value_copy(m->a, v);
    kt_value *list = kt_value_new(m->a, KT_LIST);
    for (size_t i = 0; i < v->n; i++)
        if (!kt_value_add(m->a, list, NULL, argument(m, t, v->items[i])))
            return NULL;
    return list;
}

static bool is_parameter(const char *params, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = params; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strncmp(at, name, n) == 0 && (at[n] == ' ' || !at[n]))
            return true;
    return false;
}

/* --- the call --------------------------------------------------------------------------------- */

typedef struct parts {
    kt_value *config, *args, *kwargs;
    tensors   t;
} parts;

static bool take(maker *m, const kt_layer_type *type, const kt_value *call, parts *p)
{
    tensors named = {.n = 0}; /* come behind those by place, as in a file */

    p->config = kt_value_new(m->a, KT_DICT);
    p->args = kt_value_new(m->a, KT_LIST);
    p->kwargs = kt_value_new(m->a, KT_DICT);
    if (!p->config || !p->args || !p->kwargs)
        return false;
    for (size_t i = 0; i < call->n; i++) {
        const char *name = call->keys[i];
        bool        ok;
        if (!name)
            ok = kt_value_add(m->a, p->args, NULL, argument(m, &p->t, call->items[i]));
        else if (is_parameter(type->params, name))
            ok = kt_value_add(m->a, p->kwargs, name, argument(m, &named, call->items[i]));
        else
            ok = kt_value_add(m->a, p->config, name, kt_value_copy(m->a, call->items[i]));
        if (!ok)
            return false;
    }
    for (int i = 0; i < named.n; i++) {
        if (p->t.n >= KT_MAX_IO - 1)
            return false;
        p->t.s[p->t.n++] = named.s[i];
    }
    return true;
}

static int count_parameters(const char *params)
{
    int n = *params != '\0';

    for (; *params; params++)
        n += *params == ' ';
    return n;
}

/* Is the i-th parameter given by name, too? */
static bool given_twice(const char *params, size_t i, const kt_value *kwargs, const char **name)
{
    for (; i > 0; i--)
        params += strcspn(params, " ") + 1;
    for (size_t k = 0; k < kwargs->n; k++)
        if (strncmp(params, kwargs->keys[k], strlen(kwargs->keys[k])) == 0 &&
            strcspn(params, " ") == strlen(kwargs->keys[k])) {
            *name = kwargs->keys[k];
            return true;
        }
    return false;
}

/* Python's words for too many arguments; an operation of any number has no names for them. */
static bool too_many(maker *m, const kt_layer_type *type, const parts *p)
{
    size_t      most = (size_t)count_parameters(type->params);
    const char *name = NULL;

    for (size_t i = 0; i < p->args->n && i < most; i++)
        if (given_twice(type->params, i, p->kwargs, &name)) {
            kt_raise(m->f, KT_E_TYPE, "%s.call() got multiple values for argument '%s'",
                     type->cls.class_name, name);
            return true;
        }
    if (most == 0 || p->args->n <= most)
        return false;
    kt_raise(m->f, KT_E_TYPE, "%s.call() takes %zu positional arguments but %zu were given",
             type->cls.class_name, most + 1, p->args->n + 1);
    return true;
}

static kt_symbol make_call(maker *m, const kt_value *call)
{
    const kt_layer_type *type = find(m, call->s);
    kt_symbol            none = {NULL, -1, 0};
    parts                p = {.config = NULL};

    if (!type)
        return none;
    if (!take(m, type, call, &p)) {
        kt_raise_memory(m->f); /* if nothing else was said yet */
        return none;
    }
    if (too_many(m, type, &p))
        return none;
    kt_layer *l = kt_layer_of(type, p.config);
    if (!l || !kt_vec_push(&m->made, l)) {
        kt_layer_free(l);
        kt_raise_memory(m->f);
        return none;
    }
    kt_symbol s = kt_layer_apply(l, p.t.n, p.t.s, false, p.args, p.kwargs);
    if (s.node >= 0)
        return s;
    kt_fault_copy(m->f, &l->fault); /* it is bound to nothing: all that was made goes */
    return none;
}

/* --- the door --------------------------------------------------------------------------------- */

/* "Add" or "Sort(axis=0)": the symbols are what it is called on, in their order. */
static const kt_value *completed(maker *m, const kt_value *v)
{
    kt_value *call = kt_value_new(m->a, KT_CALL);
    bool      ok = call != NULL;

    if (v->kind == KT_CALL && v->n > 0 && !v->keys[0])
        return v;
    for (int i = 0; ok && i < m->n; i++)
        ok = kt_value_add(m->a, call, NULL, kt_value_str(m->a, kt_arena_printf(m->a, "x%d", i)));
    for (size_t i = 0; ok && v->kind == KT_CALL && i < v->n; i++)
        ok = kt_value_add(m->a, call, v->keys[i], kt_value_copy(m->a, v->items[i]));
    if (!ok) {
        kt_raise_memory(m->f);
        return NULL;
    }
    call->s = v->s;
    return call;
}

static kt_symbol make_all(maker *m, const kt_value *v)
{
    kt_symbol s = {NULL, -1, 0};

    if (v->kind != KT_CALL && v->kind != KT_STR) {
        kt_raise(m->f, KT_E_VALUE, "This is no call of an operation");
        return s;
    }
    if ((v = completed(m, v)))
        s = make_call(m, v);
    for (int i = 0; i < m->n && m->f->e.status == KT_OK; i++)
        if (!m->used[i])
            kt_raise(m->f, KT_E_VALUE, "'x%d' is not used in the call", i);
    return s;
}

kt_symbol kt_operation_apply(const kt_value *call, int n, const kt_symbol *x, kt_fault *f)
{
    kt_arena  a = {0};
    maker     m = {.a = &a, .f = f, .n = n, .x = x};
    kt_symbol s = make_all(&m, call);

    for (size_t i = 0; f->e.status != KT_OK && i < m.made.n; i++)
        kt_layer_free(m.made.at[i]);
    kt_vec_free(&m.made);
    kt_arena_free(&a);
    return s;
}
