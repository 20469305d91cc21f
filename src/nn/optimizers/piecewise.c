/* piecewise.c - PiecewiseConstantDecay: one rate for each interval of steps. */
#include "nn/optimizer.h"

#include <math.h>
#include <string.h>

#include "nn/layer.h"

#define FIELDS(F)                                                                             \
    F(ANY, boundaries, REQUIRED, "", "Last steps of the intervals but the last, increasing.") \
    F(ANY, values, REQUIRED, "", "The rate of each interval.")                                \
    F(ANY, name, "'PiecewiseConstant'", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

/* Python's len(); false and its error where there is none. */
static bool length(const kt_value *v, size_t *n, kt_fault *f)
{
    bool text = v && v->kind == KT_STR;

    *n = text ? strlen(v->s) : v ? v->n : 0;
    if (text || kt_value_is_seq(v) || (v && v->kind == KT_DICT))
        return true;
    kt_stumble("len(x)", v, false, f);
    return false;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;
    kt_str        boundaries = {0}, values = {0};
    size_t        n_boundaries, n_values;

    (void)a;
    if (!length(c->boundaries, &n_boundaries, f) || !length(c->values, &n_values, f))
        return f->e.status;
    if (n_boundaries + 1 == n_values)
        return KT_OK;
    kt_python_str(&boundaries, c->boundaries);
    kt_python_str(&values, c->values);
    kt_raise(f, KT_E_VALUE,
             "The length of boundaries should be 1 less than the length of values. "
             "Received: boundaries=%s of length %zu, and values=%s of length %zu.",
             kt_str_text(&boundaries), n_boundaries, kt_str_text(&values), n_values);
    kt_str_free(&boundaries);
    kt_str_free(&values);
    return KT_E_VALUE;
}

/* Both become tensors, and TensorFlow adds up values of one dtype only. */
static kt_status use(const void *cfg, kt_dtype dtype, kt_fault *f)
{
    const config   *c = cfg;
    const kt_value *lists[] = {c->boundaries, c->values};
    double          x;

    (void)dtype;
    for (size_t k = 0; k < KT_COUNT(lists); k++)
        for (size_t i = 0; i < lists[k]->n; i++)
            if (!kt_value_number(lists[k]->items[i], &x))
                return kt_stumble("cast", lists[k]->items[i], false, f);
    if (!kt_value_is_seq(c->boundaries) || !c->boundaries->n)
        return kt_raise(f, KT_E_INDEX, "list index out of range");
    for (size_t i = 1; i < c->values->n; i++)
        if (c->values->items[i]->kind != c->values->items[0]->kind)
            return kt_raise(f, KT_E_INVALID_ARGUMENT,
                            "cannot compute Mul as input #1(zero-based) was expected to be of "
                            "another dtype");
    return KT_OK;
}

static kt_node *number(kt_graph *g, const kt_value *list, size_t i, bool whole, kt_dtype dtype)
{
    double x = 0;

    kt_value_number(list->items[i], &x);
    return kt_scalar_as(g, whole ? trunc(x) : x, dtype);
}

/* The value of the first interval whose boundary is not behind; boundaries are whole steps. */
static kt_node *rate(kt_graph *g, const void *cfg, kt_node *step)
{
    const config *c = cfg;
    kt_node      *y = number(g, c->values, c->boundaries->n, false, KT_F32);

    for (size_t i = c->boundaries->n; i-- > 0;) {
        kt_node *last = number(g, c->boundaries, i, true, step->dtype);
        kt_node *value = number(g, c->values, i, false, KT_F32);
        y = kt_select(g, kt_binary(g, KT_BI_LESS_EQUAL, step, last), value, y);
    }
    return y;
}

static const kt_schedule_type piecewise = {
    .cls = {.class_name = "PiecewiseConstantDecay",
            .module = "keras.optimizers.schedules",
            .config = &config_type,
            .summary = "One rate for each interval of steps.",
            .check = check},
    .rate = rate,
    .use = use,
};

const kt_class *const kt_schedules_piecewise[] = {&piecewise.cls, NULL};
