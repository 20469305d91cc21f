/* op_golden.h - runs a small graph on waves and compares with what Keras made of the same waves
 * (tests/goldens/ops.py). One graph per test: golden_start, inputs, ops, checks, golden_end. */
#ifndef KT_TEST_OP_GOLDEN_H
#define KT_TEST_OP_GOLDEN_H

#include <math.h>

#include "exec/exec.h"
#include "ops/ops.h"
#include "passes/passes.h"

enum { GOLDEN_INPUTS = 8 };

typedef struct golden {
    kt_fault  fault;
    kt_graph *g;
    int       n;
    kt_node  *input[GOLDEN_INPUTS];
    float    *value[GOLDEN_INPUTS];
    kt_arena  arena;
} golden;

/* Element i is scale * sin(phase + 0.7 i). */
static inline kt_tensor *wave(kt_shape shape, double phase, double scale)
{
    kt_tensor *t = kt_tensor_new(KT_F32, shape);

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, scale * sin(phase + 0.7 * (double)i));
    return t;
}

static inline void golden_start(golden *t)
{
    *t = (golden){0};
    t->g = kt_graph_new(&t->fault);
    assert_non_null(t->g);
}

static inline void golden_end(golden *t)
{
    kt_graph_free(t->g);
    kt_arena_free(&t->arena);
    kt_fault_clear(&t->fault);
}

static inline kt_node *golden_values(golden *t, kt_shape shape, const float *values)
{
    int64_t n = kt_shape_count(&shape);

    assert_true(t->n < GOLDEN_INPUTS);
    t->value[t->n] = kt_arena_calloc(&t->arena, (size_t)n + 1, sizeof(float));
    assert_non_null(t->value[t->n]);
    for (int64_t i = 0; i < n; i++)
        t->value[t->n][i] = values[i];
    t->input[t->n] = kt_placeholder(t->g, "x", KT_F32, shape);
    return t->input[t->n++];
}

static inline kt_node *golden_input(golden *t, kt_shape shape, double phase, double scale)
{
    kt_tensor *w = wave(shape, phase, scale);
    kt_node   *n = golden_values(t, shape, w->data);

    kt_tensor_unref(w);
    return n;
}

/* Integers, fixed in the graph. */
static inline kt_node *golden_integers(golden *t, kt_dtype dtype, kt_shape shape, const int *values)
{
    kt_tensor *c = kt_tensor_new(dtype, shape);

    assert_non_null(c);
    for (int64_t i = 0; i < c->count; i++)
        kt_tensor_set(c, i, values[i]);
    return kt_constant(t->g, c);
}

static inline void golden_compare(const char *name, const kt_node *y, const void *got,
                                  const float *want, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = kt_peek(got, y->dtype, (int64_t)i), z = (double)want[i];
        if (!(fabs(x - z) <= 2e-6 + 1e-5 * fabs(z)))
            fail_msg("%s [%zu] is %.9g, not %.9g", name, i, x, z);
    }
}

/* The values of y must be `want`, as far as float32 sums agree: by fast kernels and by the
 * reference. */
static inline void golden_check(golden *t, const char *name, kt_node *y, const float *want,
                                size_t n)
{
    if (t->fault.e.status)
        fail_msg("%s: %s", name, t->fault.e.message);
    if ((size_t)kt_shape_count(&y->shape) != n)
        fail_msg("%s: %lld values, not %zu", name, (long long)kt_shape_count(&y->shape), n);
    for (int forced = 0; forced < 2; forced++) {
        kt_plan *p;

        kt_force_kernel(forced ? "reference" : NULL);
        p = kt_plan_new(t->g, &y, 1, &t->fault);
        kt_force_kernel(NULL);
        if (!p)
            fail_msg("%s: %s", name, t->fault.e.message);
        for (int i = 0; i < t->n; i++)
            kt_plan_bind(p, t->input[i], t->value[i]);
        kt_plan_run(p);
        golden_compare(name, y, kt_plan_data(p, y), want, n);
        kt_plan_free(p);
    }
}
#define CHECK(t, y, name) golden_check(t, #name, y, name, KT_COUNT(name))

/* Gradients for the inputs of the sum of results times waves of phases 10, 11, ... */
static inline void golden_gradients(golden *t, int n, kt_node *const *results, kt_node **grads)
{
    kt_node *loss = kt_scalar(t->g, 0);

    for (int k = 0; k < n; k++) {
        kt_node *w = kt_constant(t->g, wave(results[k]->shape, 10 + k, 1));
        loss = kt_add(t->g, loss, kt_sum_all(t->g, kt_mul(t->g, results[k], w)));
    }
    if (kt_gradients(t->g, loss, t->input, t->n, grads) != KT_OK)
        fail_msg("%s", t->fault.e.message);
    for (int i = 0; i < t->n; i++)
        assert_non_null(grads[i]);
}

#endif
