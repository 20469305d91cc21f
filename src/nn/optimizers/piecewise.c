/* piecewise.c - PiecewiseConstantDecay: one rate for each interval of steps. */
#include "nn/optimizer.h"

#include <math.h>

#define FIELDS(F)                                                                             \
    F(ANY, boundaries, REQUIRED, "", "Last steps of the intervals but the last, increasing.") \
    F(ANY, values, REQUIRED, "", "The rate of each interval.")                                \
    F(STR, name, "PiecewiseConstant", "", "Name of the schedule.")
KT_CONFIG(FIELDS);

static kt_status check_numbers(const kt_value *list, const char *name, kt_fault *f)
{
    double x;

    if (!list || !kt_value_is_seq(list))
        return kt_raise(f, KT_E_TYPE, "Argument `%s` must be a list of numbers.", name);
    for (size_t i = 0; i < list->n; i++)
        if (!kt_value_number(list->items[i], &x))
            return kt_raise(f, KT_E_TYPE, "Argument `%s` must be a list of numbers.", name);
    return KT_OK;
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    const config *c = cfg;
    kt_str        boundaries = {0}, values = {0};
    kt_status     status = check_numbers(c->boundaries, "boundaries", f);

    (void)a;
    if (status == KT_OK)
        status = check_numbers(c->values, "values", f);
    if (status != KT_OK)
        return status;
    if (c->boundaries->n + 1 != c->values->n) {
        kt_value_repr(&boundaries, c->boundaries);
        kt_value_repr(&values, c->values);
        status = kt_raise(f, KT_E_VALUE,
                          "The length of boundaries should be 1 less than the length of values. "
                          "Received: boundaries=%s of length %zu, and values=%s of length %zu.",
                          kt_str_text(&boundaries), c->boundaries->n, kt_str_text(&values),
                          c->values->n);
        kt_str_free(&boundaries);
        kt_str_free(&values);
    } else if (!c->boundaries->n) {
        status = kt_raise(f, KT_E_INDEX, "list index out of range");
    }
    return status;
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
    kt_node      *y = number(g, c->values, c->boundaries->n, false, step->dtype);

    for (size_t i = c->boundaries->n; i-- > 0;) {
        kt_node *last = number(g, c->boundaries, i, true, step->dtype);
        kt_node *value = number(g, c->values, i, false, step->dtype);
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
};

const kt_class *const kt_schedules_piecewise[] = {&piecewise.cls, NULL};
