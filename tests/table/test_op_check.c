/* test_op_check.c - the table test of ops tested: y = x * x with one mistake each must be
 * reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ops/ops.h"
#include "support/op_check.h"

static kt_status square_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    return KT_OK;
}

static void square_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_mul_scalar(g, kt_mul(g, y->in[0], dy[0]), 2);
}

static void square_reference(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = r->in[0].f64[i] * r->in[0].f64[i];
}

static kt_node *square_sample(kt_sampler *s, int variant);

#define SQUARE                                                         \
    .name = "square", .min_in = 1, .max_in = 1, .shape = square_shape, \
    .gradient = square_gradient, .reference = square_reference, .sample = square_sample

/* The op under test, for its sample. */
static const kt_op_type *present;

static kt_node *square_sample(kt_sampler *s, int variant)
{
    kt_node *x;

    if (variant > 0)
        return NULL;
    x = s->real(s, KT_SHAPE(s->size(s, 2, 4), 3), 0.5, 2);
    return kt_emit(s->g, present, NULL, 0, 1, &x);
}

static void expect_report(const kt_op_type *op, const char *words)
{
    kt_str report = {0};

    present = op;
    check_op(op, &report);
    if (!words ? report.len > 0 : !strstr(kt_str_text(&report), words))
        fail_msg("expected \"%s\", found \"%s\"", words ? words : "", kt_str_text(&report));
    kt_str_free(&report);
}

static void a_right_op_passes(void **state)
{
    static const kt_op_type op = {SQUARE};

    (void)state;
    expect_report(&op, NULL);
}

static void wrong_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_mul_scalar(g, kt_mul(g, y->in[0], dy[0]), 2.001);
}

static void forgotten_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    (void)g, (void)y, (void)dy, (void)dx;
}

static void a_wrong_gradient_is_reported(void **state)
{
    static const kt_op_type off = {SQUARE, .no_gradient = 0};
    kt_op_type              op = off;

    (void)state;
    op.gradient = wrong_gradient;
    expect_report(&op, "gradient of input 0");
    op.gradient = forgotten_gradient;
    expect_report(&op, "gradient of input 0 is 0");
    op.gradient = NULL;
    expect_report(&op, "has no gradient and does not say so");
}

static void short_reference(const kt_run *r)
{
    for (int64_t i = 0; i + 1 < r->out[0].count; i++)
        r->out[0].f64[i] = 1;
}

static void long_reference(const kt_run *r)
{
    for (int64_t i = 0; i <= r->out[0].count; i++)
        r->out[0].f64[i] = 1;
}

static kt_status wrong_origin(kt_op_call *c)
{
    kt_like(c, 0, 0);
    kt_from(c, 0, 1, 3, KT_FROM_AXIS, 0, 2, 3);
    return KT_OK;
}

static kt_status needs_sizes(kt_op_call *c)
{
    kt_like(c, 0, 0);
    if (!kt_shape_known(&c->in[0]->shape))
        return kt_op_fail(c, 0, 0, 0, 0, "unknown");
    return KT_OK;
}

static void wrong_shapes_are_reported(void **state)
{
    kt_op_type op = {SQUARE};

    (void)state;
    op.reference = short_reference;
    expect_report(&op, "does not write all of result 0");
    op.reference = long_reference;
    expect_report(&op, "writes outside of its memory");
    op.reference = square_reference;
    op.shape = wrong_origin;
    expect_report(&op, "comes from nowhere");
    op.shape = needs_sizes;
    expect_report(&op, "fails where a size of input 0 is unknown");
}

static kt_node *other_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : s->real(s, KT_SHAPE(2), 0, 1);
}

static kt_node *empty_sample(kt_sampler *s, int variant)
{
    (void)s, (void)variant;
    return NULL;
}

static void missing_samples_are_reported(void **state)
{
    kt_op_type op = {SQUARE};

    (void)state;
    op.sample = NULL;
    expect_report(&op, "square has no sample");
    op.sample = empty_sample;
    expect_report(&op, "square has no sample");
    op.sample = other_sample;
    expect_report(&op, "the sample does not contain the op");
}

static void wrong_kernel(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] = r->in[0].f32[i] * r->in[0].f32[i] + (i == 4 ? 1e-3F : 0);
}

static void long_kernel(const kt_run *r)
{
    for (int64_t i = 0; i <= r->out[0].count; i++)
        r->out[0].f32[i] = r->in[0].f32[i] * r->in[0].f32[i];
}

/* Writes before it reads. */
static void greedy_kernel(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] = 0;
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f32[i] += r->in[0].f32[i] * r->in[0].f32[i];
}

static void expect_kernel_report(kt_kernel kernel, const char *words)
{
    static const kt_op_type       op = {SQUARE};
    const kt_kernel *const        list[] = {&kernel, NULL};
    const kt_kernel *const *const table[] = {list, NULL};
    kernels                       all = list_kernels(table);
    kt_str                        report = {0};

    present = &op;
    all.accepted[0] = kt_streq(kernel.op, "square"); /* a plan could not find it */
    check_kernels(&op, SEEDS, &all, &report);
    check_reached(&all, &report);
    if (!strstr(kt_str_text(&report), words))
        fail_msg("expected \"%s\", found \"%s\"", words, kt_str_text(&report));
    kt_str_free(&report);
}

static void wrong_kernels_are_reported(void **state)
{
    (void)state;
    expect_kernel_report((kt_kernel){.op = "square", .name = "k", .run = wrong_kernel},
                         "k: result 0 [4]");
    expect_kernel_report((kt_kernel){.op = "square", .name = "k", .run = long_kernel},
                         "k writes outside of its memory");
    expect_kernel_report(
        (kt_kernel){.op = "square", .name = "k", .run = greedy_kernel, .in_place = 1}, "in place");
    expect_kernel_report((kt_kernel){.op = "nothing", .name = "k", .run = wrong_kernel},
                         "kernel k of nothing accepts no sample");
}

static kt_status always_wrong(kt_op_call *c)
{
    return kt_op_fail(c, -1, -1, 0, 0, "never right");
}

static void failures_other_than_memory_are_reported(void **state)
{
    kt_op_type op = {SQUARE};
    kt_str     report = {0};

    (void)state;
    present = &op;
    check_memory(&op, &report);
    assert_int_equal(report.len, 0);
    op.shape = always_wrong;
    check_memory(&op, &report);
    assert_non_null(strstr(kt_str_text(&report), "does not fail for lack of memory"));
    kt_str_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_op_passes),
        cmocka_unit_test(a_wrong_gradient_is_reported),
        cmocka_unit_test(wrong_shapes_are_reported),
        cmocka_unit_test(missing_samples_are_reported),
        cmocka_unit_test(wrong_kernels_are_reported),
        cmocka_unit_test(failures_other_than_memory_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
