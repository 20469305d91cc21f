/* point.c - a chain of element-wise ops in one pass, made by fusion after differentiation: a small
 * register machine that runs once per element. Inputs broadcast to the common shape, which all
 * results have. */
#include "ops/shared.h"

#include <math.h>

#define MAX_REGISTERS (KT_WALK_ARRAYS + KT_MAX_POINT_STEPS)

static kt_status bad(kt_op_call *c)
{
    return kt_raise(c->g->fault, KT_E_RUNTIME, "point: malformed chain");
}

/* Every register that a step reads must have been written before it. */
static bool well_formed(const kt_point_attr *attr, int n_in)
{
    if (attr->n_steps < 0 || attr->n_steps > KT_MAX_POINT_STEPS || attr->n_out < 1 ||
        attr->n_out > KT_MAX_POINT_RESULTS)
        return false;
    for (int i = 0; i < attr->n_steps; i++) {
        const kt_point_step *s = &attr->step[i];
        int known = n_in + i, used = s->kind == KT_PT_UNARY || s->kind == KT_PT_CAST ? 1
                                   : s->kind == KT_PT_SELECT                         ? 3
                                                                                     : 2;
        if (s->x < 0 || s->x >= known || (used > 1 && (s->z < 0 || s->z >= known)) ||
            (used > 2 && (s->w < 0 || s->w >= known)))
            return false;
    }
    for (int k = 0; k < attr->n_out; k++)
        if (attr->out[k] < 0 || attr->out[k] >= n_in + attr->n_steps)
            return false;
    return true;
}

static kt_status shape(kt_op_call *c)
{
    const kt_point_attr *attr = c->attr;
    kt_misfit            misfit;

    if (!well_formed(attr, c->n_in) || !kt__broadcast(c, &misfit))
        return bad(c);
    c->n_out = attr->n_out;
    for (int k = 0; k < attr->n_out; k++) {
        int reg = attr->out[k];

        c->out[k] = c->out[0];
        c->out[k].dtype = reg < c->n_in ? c->in[reg]->dtype : attr->step[reg - c->n_in].dtype;
    }
    return KT_OK;
}

/* Registers hold doubles: what a value of the dtype could not hold is cut off. */
static double as_dtype(double v, kt_dtype d)
{
    if (d == KT_BOOLEAN)
        return v != 0;
    return kt_dtype_is_float(d) ? v : trunc(v);
}

static double run_step(const kt_point_step *s, const double *reg)
{
    kt_unary_attr f = {(kt_unary_fn)s->fn, s->a, s->b};
    double        x = reg[s->x];

    switch (s->kind) {
    case KT_PT_UNARY: return kt_unary_value(f, x);
    case KT_PT_UNARY_GRAD: return reg[s->z] * kt_unary_slope(f, x, x);
    case KT_PT_BINARY: return kt__binary_value((kt_binary_fn)s->fn, x, reg[s->z]);
    case KT_PT_SELECT: return x != 0 ? reg[s->z] : reg[s->w];
    case KT_PT_CAST: break;
    }
    return x;
}

static void reference(const kt_run *r)
{
    const kt_point_attr *attr = r->attr;
    double               reg[MAX_REGISTERS];
    kt_walk              w = kt__walk(&r->out[0].shape);

    for (int k = 0; k < r->n_in; k++)
        kt__walk_broadcast(&w, &r->in[k].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w)) {
        for (int k = 0; k < r->n_in; k++)
            reg[k] = r->in[k].f64[w.pos[k]];
        for (int k = 0; k < attr->n_steps; k++)
            reg[r->n_in + k] = as_dtype(run_step(&attr->step[k], reg), attr->step[k].dtype);
        for (int k = 0; k < r->n_out; k++)
            r->out[k].f64[i] = reg[attr->out[k]];
    }
}

/* y = select(x > z, relu(x) * z, relu'(x)); further results: the relu, the integer part of x. */
static kt_node *sample_choice(kt_sampler *s, int variant)
{
    kt_dtype      f = s->g->floatx;
    int64_t       m = s->size(s, 2, 5), n = s->size(s, 2, 40);
    kt_point_attr attr = {
        .n_steps = 6,
        .n_out = variant + 1,
        .step = {{KT_PT_UNARY, KT_UN_RELU, 0, 0, 0, 0, 0, f},
                 {KT_PT_BINARY, KT_BI_GREATER, 0, 0, 0, 1, 0, KT_BOOLEAN},
                 {KT_PT_BINARY, KT_BI_MUL, 0, 0, 2, 1, 0, f},
                 {KT_PT_UNARY_GRAD, KT_UN_RELU, 0, 0, 2, 0, 0, f},
                 {KT_PT_SELECT, 0, 0, 0, 3, 4, 5, f},
                 {KT_PT_CAST, 0, 0, 0, 0, 0, 0, KT_I32}},
        .out = {6, 2, 7},
    };
    kt_node *in[2];

    in[0] = s->real(s, KT_SHAPE(m, n), -3, 3);
    in[1] = s->real(s,
                    variant == 1   ? KT_SHAPE(m, 1)
                    : variant == 2 ? KT_SCALAR_SHAPE
                                   : KT_SHAPE(n),
                    -3, 3);
    return kt_emit(s->g, &kt_op_point, &attr, sizeof attr, 2, in);
}

/* Adam's update, which fast kernels know as a whole: m += (g - m) * a, v += (g^2 - v) * a,
 * w -= m * a / (sqrt(v) + b). With `shared`, steps in between are wanted by others too. */
static kt_node *sample_update(kt_sampler *s, bool shared)
{
    kt_dtype      f = s->g->floatx;
    kt_shape      shape = KT_SHAPE(s->size(s, 1, 300));
    kt_point_attr attr = {
        .n_steps = 12,
        .n_out = shared ? 4 : 3,
        .step = {{KT_PT_BINARY, KT_BI_SUB, 0, 0, 1, 0, 0, f}, /* register 6 */
                 {KT_PT_BINARY, KT_BI_MUL, 0, 0, 6, 4, 0, f},
                 {KT_PT_BINARY, KT_BI_ADD, 0, 0, 0, 7, 0, f},
                 {KT_PT_UNARY, KT_UN_SQUARE, 0, 0, 1, 0, 0, f},
                 {KT_PT_BINARY, KT_BI_SUB, 0, 0, 9, 2, 0, f},
                 {KT_PT_BINARY, KT_BI_MUL, 0, 0, 10, 4, 0, f},
                 {KT_PT_BINARY, KT_BI_ADD, 0, 0, 2, 11, 0, f},
                 {KT_PT_BINARY, KT_BI_MUL, 0, 0, 8, 4, 0, f},
                 {KT_PT_UNARY, KT_UN_SQRT, 0, 0, 12, 0, 0, f},
                 {KT_PT_BINARY, KT_BI_ADD, 0, 0, 14, 5, 0, f},
                 {KT_PT_BINARY, KT_BI_DIV, 0, 0, 13, 15, 0, f},
                 {KT_PT_BINARY, KT_BI_SUB, 0, 0, 3, 16, 0, f}},
        .out = {8, 12, 17, 14},
    };
    kt_node *in[] = {s->real(s, shape, -1, 1),          s->real(s, shape, -1, 1),
                     s->real(s, shape, 0, 1),           s->real(s, shape, -1, 1),
                     s->real(s, KT_SCALAR_SHAPE, 0, 1), s->real(s, KT_SCALAR_SHAPE, 0.01, 1)};

    return kt_emit(s->g, &kt_op_point, &attr, sizeof attr, (int)KT_COUNT(in), in);
}

/* The sum of squares of all inputs and of as many sums as there is room for: more values at the
 * same time than fast kernels have registers for. */
static kt_node *sample_wide(kt_sampler *s)
{
    enum { ALL = KT_MAX_POINT_STEPS / 2 };
    kt_dtype      f = s->g->floatx;
    kt_shape      shape = KT_SHAPE(s->size(s, 1, 40));
    kt_point_attr attr = {
        .n_steps = 2 * ALL - 1, .n_out = 2, .out = {KT_WALK_ARRAYS + 2 * ALL - 2}};
    kt_node *in[KT_WALK_ARRAYS];

    for (int i = 0; i < KT_WALK_ARRAYS; i++)
        in[i] = s->real(s, shape, -1, 1);
    for (int k = 0; k < ALL; k++)
        attr.step[k] = (kt_point_step){KT_PT_BINARY,
                                       KT_BI_MUL,
                                       0,
                                       0,
                                       k % KT_WALK_ARRAYS,
                                       (k + k / KT_WALK_ARRAYS) % KT_WALK_ARRAYS,
                                       0,
                                       f};
    for (int k = 0; k < ALL - 1; k++)
        attr.step[ALL + k] = (kt_point_step){
            KT_PT_BINARY,       KT_BI_ADD, 0, 0, KT_WALK_ARRAYS + (k ? ALL + k - 1 : ALL - 1),
            KT_WALK_ARRAYS + k, 0,         f};
    attr.out[1] = KT_WALK_ARRAYS; /* lives to the end */
    return kt_emit(s->g, &kt_op_point, &attr, sizeof attr, KT_WALK_ARRAYS, in);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    if (variant < 3)
        return sample_choice(s, variant);
    if (variant == 5)
        return sample_wide(s);
    return variant < 5 ? sample_update(s, variant == 4) : NULL;
}

const kt_op_type kt_op_point = {
    .name = "point",
    .min_in = 1,
    .max_in = KT_WALK_ARRAYS,
    .flags = KT_OP_POINT,
    .shape = shape,
    .reference = reference,
    .sample = sample,
};

const kt_op_type *const kt_ops_point[] = {&kt_op_point, NULL};
