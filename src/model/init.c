/* init.c - the numbers that a seed gives: of an initializer, of a whole model, of NumPy. */
#include <string.h>

#include "model/model.h"

/* No call fills more than this many numbers. */
#define MOST ((int64_t)1 << 28)

typedef struct asking {
    const kt_value *call;
    kt_value       *answer; /* DICT */
    kt_arena        arena;
    kt_fault        fault;
} asking;

static kt_status put(asking *q, kt_value *list, double x)
{
    bool done = kt_value_add(&q->arena, list, NULL, kt_value_float(&q->arena, x));
    return done ? KT_OK : kt_raise_memory(&q->fault);
}

static kt_status put_tensor(asking *q, kt_value *dict, const char *key, const kt_tensor *t)
{
    kt_value *list = kt_value_new(&q->arena, KT_LIST);

    if (!kt_value_add(&q->arena, dict, key, list))
        return kt_raise_memory(&q->fault);
    for (int64_t i = 0; i < t->count; i++)
        if (put(q, list, kt_tensor_get(t, i)) != KT_OK)
            return q->fault.e.status;
    return KT_OK;
}

/* --- {"initializer": ..., "shape": [3, 5]} ---------------------------------------------------- */

static kt_status ask_initializer(asking *q, const kt_value *initializer)
{
    const kt_value *dtype = kt_value_get(q->call, "dtype");
    kt_variable     v = {.dtype = KT_F32, .initializer = initializer};

    if (dtype && (!kt_dtype_parse(kt_value_text(dtype) ? dtype->s : "", &v.dtype) ||
                  !kt_dtype_is_float(v.dtype)))
        return kt_raise(&q->fault, KT_E_VALUE, "`dtype` must be 'float32' or 'float64'");
    if (!kt_shape_from_value(kt_value_get(q->call, "shape"), &v.shape) ||
        !kt_shape_known(&v.shape) || kt_shape_count(&v.shape) > MOST)
        return kt_raise(&q->fault, KT_E_VALUE, "`shape` must be a list of at most %d sizes",
                        KT_MAX_RANK);
    v.value = kt_tensor_new(v.dtype, v.shape);
    if (!v.value)
        return kt_raise_memory(&q->fault);
    kt_status status = kt_initialize(&v, &q->fault);
    if (status == KT_OK)
        status = put_tensor(q, q->answer, "values", v.value);
    kt_tensor_unref(v.value);
    return status;
}

/* --- {"model": ..., "seed": 1} ---------------------------------------------------------------- */

/* path: the names of the layers around l and its own, each followed by a slash. */
static kt_status put_weights(asking *q, const kt_layer *l, kt_value *weights, const char *path)
{
    for (size_t i = 0; i < l->weights.n; i++) {
        const kt_variable *v = l->weights.at[i];
        const char        *key = kt_arena_printf(&q->arena, "%s%s", path, v->name);

        if (!key)
            return kt_raise_memory(&q->fault);
        if (put_tensor(q, weights, key, v->value) != KT_OK)
            return q->fault.e.status;
    }
    for (size_t i = 0; i < l->sublayers.n; i++) {
        const kt_layer *sub = l->sublayers.at[i];
        const char     *below = kt_arena_printf(&q->arena, "%s%s/", path, sub->name);

        if (!below)
            return kt_raise_memory(&q->fault);
        if (put_weights(q, sub, weights, below) != KT_OK)
            return q->fault.e.status;
    }
    return KT_OK;
}

static kt_status ask_model(asking *q, const kt_value *model)
{
    kt_model *m = kt_model_around(kt_layer_from_value(model));
    kt_value *weights = kt_value_new(&q->arena, KT_DICT);

    if (!m || !kt_value_add(&q->arena, q->answer, "weights", weights))
        kt_raise_memory(&q->fault);
    else if (kt_fault_copy(&q->fault, &m->fault) == KT_OK)
        put_weights(q, m->root, weights, "");
    kt_model_free(m);
    return q->fault.e.status;
}

/* --- {"function": "randn", "args": [8], "numpy_seed": 0} -------------------------------------- */

typedef struct numpy {
    kt_mt       random;
    const char *function;
    double      arg[8];
    int         n_args;
    int64_t     count;
} numpy;

static bool is(const numpy *np, const char *function)
{
    return kt_streq(np->function, function);
}

/* Reads the arguments; how many numbers come is the last of them, or their product. */
static bool read_arguments(asking *q, numpy *np)
{
    const kt_value *args = kt_value_get(q->call, "args");
    bool            sizes = is(np, "rand") || is(np, "randn");
    bool            three = is(np, "randint") || is(np, "uniform") || is(np, "normal");
    double          count = 1;

    for (size_t i = 0; args && i < args->n; i++) {
        if (np->n_args == (int)KT_COUNT(np->arg) ||
            !kt_value_number(args->items[i], &np->arg[np->n_args]))
            return false;
        count = sizes ? count * np->arg[np->n_args] : np->arg[np->n_args];
        np->n_args++;
    }
    np->count = count >= 0 && count <= (double)MOST ? (int64_t)count : -1;
    if (np->count < 0 || (is(np, "randint") && !(np->arg[0] < np->arg[1])))
        return false;
    return (sizes && np->n_args > 0) || np->n_args == (three ? 3 : 1);
}

static double next_number(numpy *np)
{
    if (is(np, "randn"))
        return kt_mt_gauss(&np->random);
    if (is(np, "normal"))
        return np->arg[0] + np->arg[1] * kt_mt_gauss(&np->random);
    if (is(np, "uniform"))
        return np->arg[0] + (np->arg[1] - np->arg[0]) * kt_mt_double(&np->random);
    if (is(np, "randint"))
        return (double)kt_mt_randint(&np->random, (int64_t)np->arg[0], (int64_t)np->arg[1]);
    return kt_mt_double(&np->random);
}

static kt_status put_permutation(asking *q, numpy *np, kt_value *list)
{
    int64_t *order = kt_calloc((size_t)np->count + 1, sizeof *order);

    if (!order)
        return kt_raise_memory(&q->fault);
    kt_mt_permutation(&np->random, np->count, order);
    for (int64_t i = 0; i < np->count && q->fault.e.status == KT_OK; i++)
        put(q, list, (double)order[i]);
    kt_free(order);
    return q->fault.e.status;
}

static kt_status ask_numpy(asking *q, const char *function)
{
    static const char *const known[] = {"rand",    "randn",  "random",     "randint",
                                        "uniform", "normal", "permutation"};
    const kt_value          *seed = kt_value_get(q->call, "numpy_seed");
    numpy                    np = {.function = function};
    bool                     found = false;

    for (size_t i = 0; i < KT_COUNT(known); i++)
        found = found || kt_streq(known[i], function);
    if (!found)
        return kt_raise(&q->fault, KT_E_VALUE, "Unknown function: numpy.random.%s", function);
    if (!read_arguments(q, &np))
        return kt_raise(&q->fault, KT_E_VALUE, "numpy.random.%s: these `args` do not fit",
                        function);
    kt_mt_seed(&np.random, seed && seed->kind == KT_INT ? (uint32_t)seed->i : 0);

    kt_value *list = kt_value_new(&q->arena, KT_LIST);
    if (!kt_value_add(&q->arena, q->answer, "values", list))
        return kt_raise_memory(&q->fault);
    if (is(&np, "permutation"))
        return put_permutation(q, &np, list);
    for (int64_t i = 0; i < np.count && q->fault.e.status == KT_OK; i++)
        put(q, list, next_number(&np));
    return q->fault.e.status;
}

/* --- the call -------------------------------------------------------------------------------- */

static kt_status ask(asking *q, const char *text)
{
    q->answer = kt_value_new(&q->arena, KT_DICT);
    if (!q->answer)
        return kt_raise_memory(&q->fault);
    q->call = kt_json_parse("call", text, strlen(text), &q->arena, &q->fault);
    if (!q->call)
        return q->fault.e.status;

    const kt_value *seed = kt_value_get(q->call, "seed");
    const kt_value *initializer = kt_value_get(q->call, "initializer");
    const kt_value *model = kt_value_get(q->call, "model");
    const char     *function = kt_value_text(kt_value_get(q->call, "function"));
    if (seed && seed->kind == KT_INT)
        kt_set_seed((uint64_t)seed->i);
    if (initializer)
        return ask_initializer(q, initializer);
    if (model)
        return ask_model(q, model);
    if (function)
        return ask_numpy(q, function);
    return kt_raise(&q->fault, KT_E_VALUE,
                    "call: expected \"initializer\", \"model\" or \"function\"");
}

/* {"ok": false, "error": {"type": ..., "message": ..., "layer": ...}} */
static void print_error(const kt_error *e, kt_str *out)
{
    kt_arena  a = {0};
    kt_value *v = kt_value_new(&a, KT_DICT), *error = kt_value_new(&a, KT_DICT);
    kt_value *layer = e->layer ? kt_value_str(&a, e->layer) : kt_value_new(&a, KT_NONE);

    bool ok = kt_value_add(&a, v, "ok", kt_value_bool(&a, false)) &&
              kt_value_add(&a, v, "error", error) &&
              kt_value_add(&a, error, "type", kt_value_str(&a, e->type)) &&
              kt_value_add(&a, error, "message", kt_value_str(&a, e->message)) &&
              kt_value_add(&a, error, "layer", layer);
    if (ok)
        kt_json_print(out, v, -1);
    kt_arena_free(&a);
}

char *kt_initial_values(const char *call, kt_status *status)
{
    asking q = {0};
    kt_str out = {0};

    if (!call)
        kt_raise(&q.fault, KT_E_VALUE, "kt_initial_values: the call is NULL");
    else if (ask(&q, call) == KT_OK) {
        kt_json_print(&out, q.answer, -1);
        if (out.failed)
            kt_raise_memory(&q.fault);
    }
    if (q.fault.e.status != KT_OK) {
        kt_str_free(&out);
        out = (kt_str){0};
        print_error(&q.fault.e, &out);
    }
    char *text = kt_strdup(kt_str_text(&out));
    if (status)
        *status = text ? q.fault.e.status : KT_E_MEMORY;
    kt_str_free(&out);
    kt_arena_free(&q.arena);
    kt_fault_clear(&q.fault);
    return text;
}
