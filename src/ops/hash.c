/* hash.c - numbers put into bins by their hash, as TensorFlow does: `hash` hashes the decimal text
 * of a whole number (FarmHash, or SipHash with a key), `cross` the numbers of several inputs
 * together (tf.sparse.cross_hashed). Both give int64 in [0, bins).
 */
#include "ops/shared.h"

kt_status kt__bins_shape(kt_op_call *c)
{
    const kt_hash_attr *a = c->attr;

    if (a->bins <= 0)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, a->bins, "bins must be positive, got: %lld",
                          (long long)a->bins);
    kt_like(c, 0, 0);
    c->out[0].dtype = KT_I64;
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_hash_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = (double)(kt_hash_int((int64_t)r->in[0].f64[i],
                                                a->salted ? a->key : NULL) %
                                    (uint64_t)a->bins);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    kt_hash_attr a = {.bins = s->size(s, 1, 50), .salted = variant == 1, .key = {133, 137}};

    return variant > 1
             ? NULL
             : kt_hash(s->g, s->integer(s, KT_SHAPE(s->size(s, 1, 3), 5), -30000, 30000), &a);
}

static const kt_op_type type = {
    .name = "hash",
    .min_in = 1,
    .max_in = 1,
    .shape = kt__bins_shape,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_hash(kt_graph *g, kt_node *x, const kt_hash_attr *attr)
{
    return kt_emit(g, &type, attr, sizeof *attr, 1, (kt_node *[]){kt_cast(g, x, KT_I64)});
}

/* --- cross --- */

static void cross_reference(const kt_run *r)
{
    const kt_hash_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        uint64_t h = KT_CROSS_KEY;
        for (int k = 0; k < r->n_in; k++)
            h = kt_hash_join(h, (uint64_t)(int64_t)r->in[k].f64[i]);
        r->out[0].f64[i] = (double)(h % (uint64_t)a->bins);
    }
}

static kt_node *cross_sample(kt_sampler *s, int variant)
{
    kt_shape shape = KT_SHAPE(s->size(s, 1, 9));
    kt_node *x[3] = {s->integer(s, shape, -9, 99), s->integer(s, shape, -9, 99),
                     s->integer(s, shape, 0, 3)};

    return variant > 1 ? NULL : kt_cross(s->g, 2 + variant, x, s->size(s, 1, 50));
}

static const kt_op_type cross_type = {
    .name = "cross",
    .min_in = 1,
    .max_in = -1,
    .shape = kt__bins_shape,
    .reference = cross_reference,
    .sample = cross_sample,
    .no_gradient = ~0u,
};

kt_node *kt_cross(kt_graph *g, int n, kt_node *const *x, int64_t bins)
{
    kt_hash_attr a = {.bins = bins};
    kt_node    **in = kt_arena_alloc(&g->arena, (size_t)n * sizeof *in);

    if (!in) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    for (int i = 0; i < n; i++)
        in[i] = kt_cast(g, x[i], KT_I64);
    return kt_emit(g, &cross_type, &a, sizeof a, n, in);
}

const kt_op_type *const kt_ops_hash[] = {&type, &cross_type, NULL};
