/* pairs.c - functions of two numbers, element by element with broadcasting, that no fused kernel
 * has: of bits, divisors, and the next number of a format. */
#include "ops/shared.h"

#include <math.h>

static kt_status shape(kt_op_call *c)
{
    kt_misfit bad;

    if (!kt__broadcast(c, &bad))
        return kt_op_fail(c, bad.input, bad.axis, bad.expected, bad.received,
                          "Incompatible shapes: %s vs. %s", kt__shape_text(c->g, &c->in[0]->shape),
                          kt__shape_text(c->g, &c->in[1]->shape));
    c->out[0].dtype = c->in[0]->dtype;
    return KT_OK;
}

/* Only what is real has slopes: the next number moves with x. */
static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (kt_dtype_is_float(y->dtype))
        dx[0] = kt_sum_to(g, dy[0], &y->in[0]->shape);
}

static int64_t magnitude(int64_t x)
{
    return x < 0 && x != INT64_MIN ? -x : x;
}

static int64_t gcd(int64_t x, int64_t z)
{
    while (z != 0) {
        int64_t rest = x % z;
        x = z;
        z = rest;
    }
    return x;
}

/* As many places to the left as there are, what falls out is lost. */
static int64_t shifted(int64_t x, int64_t places, int width)
{
    uint64_t bits = (uint64_t)x << places;

    return width == 8  ? (int64_t)(uint8_t)bits
         : width == 32 ? (int32_t)(uint32_t)bits
                       : (int64_t)bits;
}

static int64_t whole_value(const kt_pair_attr *a, int64_t x, int64_t z)
{
    int64_t places = z < 0 ? 0 : z >= a->width ? a->width - 1 : z;

    switch (a->fn) {
    case KT_PA_AND: return x & z;
    case KT_PA_OR: return x | z;
    case KT_PA_XOR: return x ^ z;
    case KT_PA_LEFT: return shifted(x, places, a->width);
    case KT_PA_RIGHT: return x >> places;
    case KT_PA_GCD: return gcd(magnitude(x), magnitude(z));
    default: break;
    }
    x = magnitude(x);
    z = magnitude(z);
    int64_t divisor = gcd(x, z);
    return divisor ? shifted((int64_t)((uint64_t)x * (uint64_t)(z / divisor)), 0, a->width) : 0;
}

/* Integers beyond 2^53 have lost digits before they come here: reference kernels see doubles. */
static double value(const kt_pair_attr *a, double x, double z)
{
    const double most = 9223372036854774784.0; /* the largest double below 2^63 */

    if (a->fn == KT_PA_NEXTAFTER)
        return nextafter(x, z);
    x = x >= -most && x <= most ? x : 0;
    z = z >= -most && z <= most ? z : 0;
    return (double)whole_value(a, (int64_t)x, (int64_t)z);
}

static void reference(const kt_run *r)
{
    kt_walk w = kt__walk(&r->out[0].shape);

    kt__walk_broadcast(&w, &r->in[0].shape);
    kt__walk_broadcast(&w, &r->in[1].shape);
    for (int64_t i = 0; i < r->out[0].count; i++, kt__walk_next(&w))
        r->out[0].f64[i] = value(r->attr, r->in[0].f64[w.pos[0]], r->in[1].f64[w.pos[1]]);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t    m = s->size(s, 1, 5), n = s->size(s, 1, 9);
    kt_pair_fn fn = (kt_pair_fn)(variant / 2);
    kt_shape   xs = variant % 2 ? KT_SHAPE(m, 1) : KT_SHAPE(m, n), zs = KT_SHAPE(m, n);

    if (fn >= KT_PA_COUNT)
        return NULL;
    if (fn == KT_PA_NEXTAFTER)
        return kt_pair(s->g, fn, s->real(s, xs, -1, 1), s->real(s, zs, 2, 3));
    return kt_pair(s->g, fn, s->integer(s, xs, -40, 40), s->integer(s, zs, -5, 40));
}

static const kt_op_type type = {
    .name = "pair",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 2,
};

kt_node *kt_pair(kt_graph *g, kt_pair_fn fn, kt_node *x, kt_node *z)
{
    kt_dtype     dtype = kt__common_dtype(x->dtype, z->dtype);
    kt_pair_attr a = {fn, dtype == KT_I64 ? 64 : dtype == KT_I32 ? 32 : 8};

    return kt_emit(g, &type, &a, sizeof a, 2,
                   (kt_node *[]){kt_cast(g, x, dtype), kt_cast(g, z, dtype)});
}

const kt_op_type *const kt_ops_pairs[] = {&type, NULL};
