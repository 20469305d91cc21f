/* concat.c - arrays behind one another along an axis (concat), or as one flat vector (pack). */
#include "ops/shared.h"

static kt_status fail_shapes(kt_op_call *c, int input, int axis, const char *what)
{
    const kt_shape *first = &c->in[0]->shape, *s = &c->in[input]->shape;

    return kt_op_fail_tf(
        c, "ConcatV2", " name: concat", input, axis, axis < 0 ? first->rank : first->dim[axis],
        axis < 0 ? s->rank : s->dim[axis], "ConcatOp : %s: shape[0] = %s vs. shape[%d] = %s", what,
        kt__shape_text(c->g, first), input, kt__shape_text(c->g, s));
}

/* Another axis must be the same everywhere; its size comes from the first input that knows it. */
static kt_status common_axis(kt_op_call *c, int axis)
{
    char what[64] = "Dimension ? in both shapes must be equal";
    int  from = 0;

    for (int i = 0; i < c->n_in; i++) {
        int64_t size = c->in[from]->shape.dim[axis], d = c->in[i]->shape.dim[axis];

        if (size == KT_UNKNOWN && d != KT_UNKNOWN)
            from = i;
        else if (d != KT_UNKNOWN && d != size) {
            what[10] = (char)('0' + axis);
            return fail_shapes(c, i, axis, what);
        }
    }
    kt_from_axis(c, 0, axis, from, axis);
    return KT_OK;
}

static kt_status concat_shape(kt_op_call *c)
{
    int     axis = ((const kt_axis_attr *)c->attr)->axis, rank = c->in[0]->shape.rank;
    int64_t sum = 0;

    if (axis < 0 || axis >= rank)
        return kt_op_fail_tf(
            c, "ConcatV2", " name: concat", 0, -1, KT_NO_FACT, KT_NO_FACT,
            "ConcatOp : Expected concatenating dimensions in the range [%d, %d), but got %d", -rank,
            rank, axis);
    for (int i = 0; i < c->n_in; i++) {
        const kt_shape *s = &c->in[i]->shape;

        if (s->rank != rank)
            return fail_shapes(c, i, -1, "Ranks of all input tensors should match");
        sum = kt__plus(sum, s->dim[axis]);
    }
    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = rank;
    for (int i = 0; i < rank; i++) {
        if (i == axis)
            kt_from(c, 0, i, sum, KT_FROM_SUM, 0, axis, axis + 1);
        else if (common_axis(c, i) != KT_OK)
            return c->g->fault->e.status;
    }
    return KT_OK;
}

static void concat_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    int     axis = ((const kt_axis_attr *)y->attr)->axis;
    int64_t at = 0;

    for (int i = 0; i < y->n_in; i++) {
        int64_t size = y->in[i]->shape.dim[axis];

        dx[i] = kt_slice_axis(g, dy[0], axis, at, size);
        at += size;
    }
}

static void concat_reference(const kt_run *r)
{
    int           axis = ((const kt_axis_attr *)r->attr)->axis;
    const kt_buf *y = &r->out[0];
    int64_t       outer = kt_shape_product(&y->shape, 0, axis),
            inner = kt_shape_product(&y->shape, axis + 1, y->shape.rank);
    int64_t at = 0, row = y->shape.dim[axis] * inner; /* elements of y for one outer index */

    for (int k = 0; k < r->n_in; k++) {
        int64_t n = r->in[k].shape.dim[axis] * inner;

        for (int64_t i = 0; i < outer; i++)
            for (int64_t j = 0; j < n; j++)
                y->f64[i * row + at + j] = r->in[k].f64[i * n + j];
        at += n;
    }
}

/* Two or three inputs along the first, middle and last axis; one of them empty. */
static kt_node *concat_sample(kt_sampler *s, int variant)
{
    int      axis = variant % 3, n = 2 + variant % 2;
    kt_node *in[3];
    kt_shape shape = KT_SHAPE(s->size(s, 1, 4), s->size(s, 1, 4), s->size(s, 1, 5));

    if (variant >= 6)
        return NULL;
    for (int i = 0; i < n; i++) {
        shape.dim[axis] = i == 1 && variant == 5 ? 0 : s->size(s, 1, 6);
        in[i] = s->real(s, shape, -1, 1);
    }
    return kt_concat(s->g, n, in, axis);
}

const kt_op_type kt_op_concat = {
    .name = "concat",
    .min_in = 1,
    .max_in = -1,
    .shape = concat_shape,
    .gradient = concat_gradient,
    .reference = concat_reference,
    .sample = concat_sample,
};

/* The inputs in their common dtype, in the graph's arena; NULL without memory. */
static kt_node **unified(kt_graph *g, int n, kt_node *const *x)
{
    kt_node **in = kt_arena_calloc(&g->arena, (size_t)n, sizeof *in);
    kt_dtype  dtype = x[0]->dtype;

    for (int i = 1; i < n; i++)
        dtype = kt__common_dtype(dtype, x[i]->dtype);
    for (int i = 0; in && i < n; i++)
        in[i] = kt_cast(g, x[i], dtype);
    if (!in)
        kt_raise_memory(g->fault);
    return in;
}

kt_node *kt_concat(kt_graph *g, int n, kt_node *const *x, int axis)
{
    int          at = kt_axis(&x[0]->shape, axis);
    kt_axis_attr attr = {at < 0 ? axis : at, false};
    kt_node    **in = unified(g, n, x);

    if (!in)
        return g->poison;
    return n == 1 ? x[0] : kt_emit(g, &kt_op_concat, &attr, sizeof attr, n, in);
}

/* --- pack --- */

static kt_status pack_shape(kt_op_call *c)
{
    int64_t total = 0;

    for (int i = 0; i < c->n_in; i++)
        total = kt__plus(total, kt_shape_count(&c->in[i]->shape));
    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = 1;
    kt_from(c, 0, 0, total, KT_FROM_NOWHERE, -1, -1, -1);
    return KT_OK;
}

static void pack_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    int64_t at = 0;

    for (int i = 0; i < y->n_in; i++) {
        const kt_shape *s = &y->in[i]->shape;
        int64_t         n = kt_shape_count(s);

        dx[i] = kt_reshape(g, kt_slice_axis(g, dy[0], 0, at, n), *s);
        at += n;
    }
}

static void pack_reference(const kt_run *r)
{
    double *y = r->out[0].f64;

    for (int k = 0; k < r->n_in; k++)
        for (int64_t i = 0; i < r->in[k].count; i++)
            *y++ = r->in[k].f64[i];
}

static kt_node *pack_sample(kt_sampler *s, int variant)
{
    kt_node *in[4];

    if (variant > 1)
        return NULL;
    in[0] = s->real(s, KT_SHAPE(s->size(s, 1, 5), s->size(s, 1, 5)), -1, 1);
    in[1] = s->real(s, KT_SCALAR_SHAPE, -1, 1);
    in[2] = s->real(s, KT_SHAPE(0, 3), -1, 1);
    in[3] = s->real(s, KT_SHAPE(s->size(s, 1, 9)), -1, 1);
    return kt_pack(s->g, variant ? 1 : 4, in);
}

const kt_op_type kt_op_pack = {
    .name = "pack",
    .min_in = 1,
    .max_in = -1,
    .flags = KT_OP_PACK,
    .shape = pack_shape,
    .gradient = pack_gradient,
    .reference = pack_reference,
    .sample = pack_sample,
};

kt_node *kt_pack(kt_graph *g, int n, kt_node *const *x)
{
    kt_node **in = unified(g, n, x);

    return in ? kt_emit(g, &kt_op_pack, NULL, 0, n, in) : g->poison;
}

const kt_op_type *const kt_ops_concat[] = {&kt_op_concat, &kt_op_pack, NULL};
