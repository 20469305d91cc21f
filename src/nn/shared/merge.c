/* merge.c - Keras' base class of element-wise merge layers. */
#include "nn/shared/merge.h"

const char *kt_shapes_text(kt_arena *a, int n, const kt_shape *s, bool list)
{
    kt_str text = {0};

    if (list)
        kt_str_addc(&text, '[');
    for (int i = 0; i < n; i++) {
        if (i > 0)
            kt_str_add(&text, ", ");
        kt_shape_print(&text, &s[i]);
    }
    if (list)
        kt_str_addc(&text, ']');
    const char *kept = kt_str_keep(&text, a);
    return kept ? kept : "";
}

/* Broadcast of shapes without their batch. Unlike NumPy's, an unknown size gives an unknown one. */
static kt_status merge_shapes(kt_layer *l, const kt_shape *a, const kt_shape *b, kt_shape *out)
{
    if (a->rank < b->rank)
        return merge_shapes(l, b, a, out);
    kt_shape r = *a;
    int      lead = a->rank - b->rank;
    for (int i = 0; i < b->rank; i++) {
        int64_t x = a->dim[lead + i], y = b->dim[i];
        if (x == KT_UNKNOWN || y == KT_UNKNOWN) {
            r.dim[lead + i] = KT_UNKNOWN;
        } else if (x == 1 || y == 1) {
            r.dim[lead + i] = x == 1 ? y : x;
        } else if (x != y) {
            kt_layer_fail(l, KT_E_VALUE,
                          "Inputs have incompatible shapes. Received shapes %s and %s",
                          kt_shape_text(&l->arena, a), kt_shape_text(&l->arena, b));
            kt_fault_axis(&l->fault, 1, lead + i + 1, x, y);
            return kt_layer_status(l);
        }
    }
    *out = r;
    return KT_OK;
}

/* *out: without the batch. */
static kt_status merged_shape(kt_layer *l, int n, const kt_shape *in, kt_shape *out)
{
    *out = kt_shape_slice(&in[0], 1, in[0].rank);
    for (int i = 1; i < n; i++) {
        kt_shape next = kt_shape_slice(&in[i], 1, in[i].rank);
        if (merge_shapes(l, out, &next, out) != KT_OK)
            return kt_layer_status(l);
    }
    return KT_OK;
}

kt_status kt_merge_build(kt_layer *l, int n, const kt_shape *in)
{
    kt_shape out;
    int64_t  batch = KT_UNKNOWN;

    for (int i = 0; i < n; i++) {
        int64_t b = in[i].rank > 0 ? in[i].dim[0] : KT_UNKNOWN;
        if (b != KT_UNKNOWN && batch != KT_UNKNOWN && b != batch)
            return kt_layer_fail(
                l, KT_E_VALUE,
                "Cannot merge tensors with different batch sizes. Received tensors with shapes %s",
                kt_shapes_text(&l->arena, n, in, true));
        batch = b != KT_UNKNOWN ? b : batch;
    }
    return merged_shape(l, n, in, &out);
}

static kt_node *to_rank(kt_graph *g, kt_node *x, int rank)
{
    while (!kt_is_poison(g, x) && x->shape.rank < rank)
        x = kt_expand_dims(g, x, 1);
    return x;
}

static kt_node *mask_over(kt_graph *g, kt_node *mask, const kt_node *x)
{
    while (mask && !kt_is_poison(g, mask) && mask->shape.rank < x->shape.rank)
        mask = kt_expand_dims(g, mask, mask->shape.rank);
    return mask;
}

/* A symbolic result has the sizes that Keras infers, which are fewer than broadcasting tells; of
 * different batch sizes none. */
static void infer_shape(kt_layer *l, kt_call *c, kt_node *out)
{
    kt_shape in[KT_MAX_IO] = {{0}}, rest;
    int64_t  batch = KT_UNKNOWN;
    bool     one = true;

    for (int i = 0; i < c->n_in && i < KT_MAX_IO; i++) {
        in[i] = c->in[i]->shape;
        one = one && (batch == KT_UNKNOWN || in[i].dim[0] == KT_UNKNOWN || in[i].dim[0] == batch);
        batch = in[i].dim[0] == KT_UNKNOWN ? batch : in[i].dim[0];
    }
    if (c->n_in > KT_MAX_IO || merged_shape(l, c->n_in, in, &rest) != KT_OK ||
        rest.rank + 1 != out->shape.rank)
        return;
    out->shape.dim[0] = one ? batch : KT_UNKNOWN;
    for (int i = 0; i < rest.rank; i++)
        out->shape.dim[i + 1] = rest.dim[i];
}

/* What masked steps of the inputs do to the result, see merge.h. */
typedef struct merging {
    kt_graph *g;
    kt_node  *out, *mask; /* so far; mask: of all inputs, or NULL once one had none */
} merging;

static void choose(merging *m, kt_node **x, kt_node *mask)
{
    if (mask)
        *x = kt_select(m->g, mask, *x, m->out);
    if (m->mask)
        m->out = kt_select(m->g, m->mask, m->out, *x);
}

static kt_node *ones_where_masked(kt_graph *g, kt_node *x, kt_node *mask)
{
    return mask ? kt_select(g, mask, x, kt_scalar_as(g, 1, x->dtype)) : x;
}

static bool is_list(kt_layer *l, kt_call *c)
{
    if (!c->list)
        kt_call_fail(
            l, c, KT_E_VALUE,
            "A merge layer should be called on a list of inputs. Received: input_shape=%s (not a list of shapes)",
            kt_shape_text(&c->g->arena, &c->in[0]->shape));
    return c->list;
}

/* Shapes alone are looked at axis by axis, the batch first. */
static bool has_batches(kt_layer *l, kt_call *c)
{
    for (int i = 0; i < c->n_in && !c->t->eager; i++)
        if (c->in[i]->shape.rank == 0)
            kt_call_fail(l, c, KT_E_INDEX, "tuple index out of range");
    return !kt_graph_failed(c->g);
}

static int highest_rank(const kt_call *c)
{
    int rank = 0;

    for (int i = 0; i < c->n_in; i++)
        rank = c->in[i]->shape.rank > rank ? c->in[i]->shape.rank : rank;
    return rank;
}

void kt_merge_call(kt_layer *l, kt_call *c, kt_node *(*op)(kt_graph *g, kt_node *x, kt_node *z),
                   kt_merge_masks how)
{
    kt_graph *g = c->g;

    if (!is_list(l, c) || !has_batches(l, c))
        return;
    int      rank = highest_rank(c);
    merging  m = {.g = g, .out = to_rank(g, c->in[0], rank)};
    kt_node *joined = c->mask[0];
    m.mask = mask_over(g, c->mask[0], m.out);
    if (how == KT_MERGE_ONES)
        m.out = ones_where_masked(g, m.out, m.mask);
    for (int i = 1; i < c->n_in && !kt_graph_failed(g); i++) {
        kt_node *x = to_rank(g, c->in[i], rank), *mask = mask_over(g, c->mask[i], x);
        if (how == KT_MERGE_CHOOSE)
            choose(&m, &x, mask);
        else if (how == KT_MERGE_ONES)
            x = ones_where_masked(g, x, mask);
        m.mask = mask && m.mask ? kt_binary(g, KT_BI_OR, m.mask, mask) : NULL;
        joined = joined && c->mask[i] ? kt_binary(g, KT_BI_OR, joined, c->mask[i]) : NULL;
        m.out = op(g, m.out, x);
    }
    if (how == KT_MERGE_ONES && m.mask)
        m.out = kt_select(g, m.mask, m.out, kt_scalar_as(g, 0, m.out->dtype));
    if (!c->t->eager && !kt_graph_failed(g))
        infer_shape(l, c, m.out);
    c->out[0] = m.out;
    c->out_mask[0] = joined;
}
