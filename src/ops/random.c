/* random.c - random numbers from a seed [2], as TensorFlow's stateless generators: the same seed
 * gives the same numbers. */
#include "ops/shared.h"

static kt_status check_seed(kt_op_call *c)
{
    if (c->in[0]->shape.rank != 1 ||
        (c->in[0]->shape.dim[0] != 2 && !c->g->lenient && c->in[0]->shape.dim[0] != KT_UNKNOWN))
        return kt_op_fail(c, 0, -1, 2, kt_dim(&c->in[0]->shape, 0),
                          "seed must have shape [2], not %s",
                          kt__shape_text(c->g, &c->in[0]->shape));
    return KT_OK;
}

static kt_status shape(kt_op_call *c)
{
    const kt_random_attr *a = c->attr;

    if (check_seed(c) != KT_OK)
        return c->g->fault->e.status;
    if (a->fn >= KT_RA_WHOLE_32 && !(a->a < a->b))
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "Need minval < maxval, got %lld >= %lld", (long long)a->a,
                          (long long)a->b);
    c->out[0].dtype = a->dtype;
    c->out[0].shape = a->shape;
    return KT_OK;
}

static size_t scratch(const kt_run *r)
{
    return sizeof(float) * (size_t)r->out[0].count;
}

static void reference(const kt_run *r)
{
    const kt_random_attr *a = r->attr;
    int64_t seed[2] = {(int64_t)r->in[0].f64[0], (int64_t)r->in[0].f64[1]}, n = r->out[0].count;
    float  *y = r->scratch;

    if (a->dtype != KT_F32 && a->fn <= KT_RA_TRUNCATED) {
        kt_draw_floats(seed, (kt_distribution)a->fn, a->a, a->b, a->dtype, n, r->out[0].f64);
        return;
    }
    switch (a->fn) {
    case KT_RA_UNIFORM: kt_stateless_uniform(seed, (float)a->a, (float)a->b, n, y); break;
    case KT_RA_NORMAL: kt_stateless_normal(seed, (float)a->a, (float)a->b, n, y); break;
    case KT_RA_TRUNCATED:
        kt_stateless_truncated_normal(seed, (float)a->a, (float)a->b, n, y);
        break;
    default:
        kt_stateless_whole(seed, (int64_t)a->a, (int64_t)a->b, a->fn == KT_RA_WHOLE_64 ? 64 : 32, n,
                           r->out[0].f64);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        r->out[0].f64[i] = (double)y[i];
}

static kt_node *sample(kt_sampler *s, int variant)
{
    static const kt_random_attr kinds[] = {
        {KT_RA_UNIFORM, KT_F32, -2, 3, {0}},  {KT_RA_NORMAL, KT_F32, 1, 0.5, {0}},
        {KT_RA_TRUNCATED, KT_F32, 0, 2, {0}}, {KT_RA_NORMAL, KT_F32, 0, 1, {0}},
        {KT_RA_WHOLE_32, KT_F32, -2, 9, {0}}, {KT_RA_WHOLE_64, KT_F32, 1, 4, {0}},
        {KT_RA_UNIFORM, KT_F64, -2, 3, {0}},  {KT_RA_NORMAL, KT_F16, 1, 2, {0}},
        {KT_RA_TRUNCATED, KT_BF16, 0, 2, {0}}};
    kt_random_attr a;

    if (variant >= (int)KT_COUNT(kinds))
        return NULL;
    a = kinds[variant];
    a.shape = KT_SHAPE(s->size(s, 1, 9), variant == 3 ? 0 : s->size(s, 1, 9));
    return kt_random(s->g, s->integer(s, KT_SHAPE(2), 0, 1 << 30), &a);
}

static const kt_op_type type = {
    .name = "random",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_random(kt_graph *g, kt_node *seed, const kt_random_attr *attr)
{
    kt_random_attr a = *attr;

    if (!kt_dtype_is_float(a.dtype)) /* of a layer that is called on whole numbers */
        a.dtype = g->floatx;
    seed = kt_cast(g, seed, KT_I64);
    return kt_emit(g, &type, &a, sizeof a, 1, &seed);
}

/* --- random_gamma: seed [2], alpha [..] -> [..] --- */

static kt_status gamma_shape(kt_op_call *c)
{
    if (check_seed(c) != KT_OK)
        return c->g->fault->e.status;
    kt_like(c, 0, 1);
    return KT_OK;
}

static void gamma_reference(const kt_run *r)
{
    int64_t seed[2] = {(int64_t)r->in[0].f64[0], (int64_t)r->in[0].f64[1]};

    kt_stateless_gamma(seed, r->in[1].f64, r->out[0].count, r->out[0].f64);
}

static kt_node *gamma_sample(kt_sampler *s, int variant)
{
    if (variant > 0)
        return NULL;
    kt_node *seed = s->integer(s, KT_SHAPE(2), 0, 1 << 30);
    return kt_random_gamma(s->g, seed, s->real(s, KT_SHAPE(s->size(s, 1, 9)), 0.1, 3));
}

static const kt_op_type gamma_type = {
    .name = "random_gamma",
    .min_in = 2,
    .max_in = 2,
    .shape = gamma_shape,
    .reference = gamma_reference,
    .sample = gamma_sample,
    .no_gradient = 3,
};

kt_node *kt_random_gamma(kt_graph *g, kt_node *seed, kt_node *alpha)
{
    return kt_emit(g, &gamma_type, NULL, 0, 2, (kt_node *[]){kt_cast(g, seed, KT_I64), alpha});
}

const kt_op_type *const kt_ops_random[] = {&type, &gamma_type, NULL};
