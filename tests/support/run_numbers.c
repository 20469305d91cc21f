/* run_numbers.c - see run_numbers.h. */
#include "support/run_numbers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MOST_ELEMENTS = 20000, MOST_SUMMED = 2000 };

/* Element i of the k-th tensor. */
static double number(kt_dtype d, int k, int64_t i, double low, bool whole)
{
    int64_t mixed = (i + 1) * INT64_C(2654435761) % 1000003 + 7919 * (int64_t)(k + 1);

    if (whole)
        return (double)(mixed % 3);
    if (kt_dtype_is_float(d))
        return (double)(mixed % 2001) / 2000 * (1 - low) + low;
    return d == KT_BOOLEAN         ? (double)(mixed % 2)
         : kt_dtype_is_unsigned(d) ? (double)(mixed % 5)
                                   : (double)(mixed % 5) + trunc(low);
}

static bool is_small(const kt_graph *g)
{
    for (size_t i = 0; i < g->nodes.n; i++) {
        const kt_node *n = g->nodes.at[i];
        if (n->dtype == KT_STRING || !kt_shape_known(&n->shape) ||
            kt_shape_count(&n->shape) > MOST_ELEMENTS)
            return false;
    }
    return true;
}

static void fill(void *data, kt_dtype d, int64_t count, int k, double low, bool whole)
{
    for (int64_t i = 0; i < count; i++)
        kt_poke(data, d, i, number(d, k, i, low, whole));
}

/* Weights are real numbers above 0, so that variances are some; counters stay. */
static void fill_variables(const kt_graph *g)
{
    int k = 0;

    for (size_t i = 0; i < g->nodes.n; i++) {
        const kt_node *n = g->nodes.at[i];
        if (n->var && n->var->value && kt_dtype_is_float(n->var->dtype))
            fill(n->var->value->data, n->var->dtype, n->var->value->count, k++, 0.0625, false);
    }
}

void run_sum(damage_seen *s, double v)
{
    char text[32];

    if (isnan(v)) /* of whatever sign */
        snprintf(text, sizeof text, "nan ");
    else
        snprintf(text, sizeof text, "%.4g ", fabs(v) < 1e-12 ? 0.0 : v);
    damage_sum(&s->sum, text);
}

static void sum_up(damage_seen *s, const void *data, kt_dtype d, int64_t count)
{
    for (int64_t i = 0; i < count && i < MOST_SUMMED; i++)
        run_sum(s, kt_peek(data, d, i));
}

static void sum_all(damage_seen *s, kt_plan *p, const kt_graph *g, kt_node *const *keep, int n)
{
    for (int i = 0; i < n; i++)
        sum_up(s, kt_plan_data(p, keep[i]), keep[i]->dtype, kt_shape_count(&keep[i]->shape));
    for (size_t i = 0; i < g->nodes.n; i++) {
        const kt_node *a = g->nodes.at[i];
        if (kt_is(a, &kt_op_assign))
            sum_up(s, a->var->value->data, a->var->dtype, a->var->value->count);
    }
}

void run_numbers(damage_seen *s, kt_graph *g, kt_node *const *keep, int n, double low,
                 unsigned whole)
{
    kt_fault f = {0};
    int      k = 0;

    if (kt_graph_failed(g) || !is_small(g))
        return;
    kt_force_kernel("reference");
    kt_plan *p = kt_plan_new(g, keep, n, &f);
    kt_force_kernel(NULL);
    if (p) {
        fill_variables(g);
        for (size_t i = 0; i < g->nodes.n; i++) {
            const kt_node *x = g->nodes.at[i];
            void          *data = kt_is(x, &kt_op_placeholder) ? kt_plan_data(p, x) : NULL;
            if (data)
                fill(data, x->dtype, kt_shape_count(&x->shape), k, low, whole >> k & 1);
            k += kt_is(x, &kt_op_placeholder);
        }
        if (kt_plan_run(p))
            sum_all(s, p, g, keep, n);
        else
            kt_plan_refusal(p, &f);
    }
    damage_sum(&s->sum, f.e.message);
    kt_plan_free(p);
    kt_fault_clear(&f);
}
