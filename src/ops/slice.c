/* slice.c - a box of x, with steps; and its gradient, the box put back among zeros. */
#include "ops/shared.h"

#include <string.h>

/* Whether the box reaches the last element that a step could reach. */
static bool to_the_end(const kt_slice_attr *a, int axis, int64_t dim)
{
    if (a->size[axis] == KT_UNKNOWN || dim == KT_UNKNOWN)
        return a->size[axis] == KT_UNKNOWN;
    return a->begin[axis] + a->size[axis] * a->stride[axis] >= dim;
}

/* Size of one axis of the result; KT_UNKNOWN for all of an unknown axis. */
static int64_t box_size(const kt_slice_attr *a, int axis, int64_t dim)
{
    if (a->size[axis] != KT_UNKNOWN)
        return a->size[axis];
    return dim == KT_UNKNOWN ? KT_UNKNOWN
                             : (dim - a->begin[axis] + a->stride[axis] - 1) / a->stride[axis];
}

static kt_status check_axis(kt_op_call *c, const kt_slice_attr *a, int i, int64_t dim)
{
    int64_t begin = a->begin[i], size = a->size[i], most;

    if (dim == KT_UNKNOWN)
        return KT_OK;
    if (begin < 0 || begin > dim)
        return kt_op_fail_tf(c, "Slice", "", 0, i, begin, dim,
                             "Expected begin[%d] in [0, %lld], but got %lld", i, (long long)dim,
                             (long long)begin);
    most = (dim - begin + a->stride[i] - 1) / a->stride[i];
    if (size != KT_UNKNOWN && (size < 0 || size > most))
        return kt_op_fail_tf(c, "Slice", "", 0, i, begin + size, dim,
                             "Expected size[%d] in [0, %lld], but got %lld", i, (long long)most,
                             (long long)size);
    return KT_OK;
}

static kt_status slice_shape(kt_op_call *c)
{
    const kt_slice_attr *a = c->attr;
    const kt_shape      *x = &c->in[0]->shape;

    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = x->rank;
    for (int i = 0; i < x->rank; i++) {
        int64_t size = box_size(a, i, x->dim[i]);

        if (a->stride[i] < 1)
            return kt_op_fail(c, 0, i, KT_NO_FACT, KT_NO_FACT, "slice strides must be positive");
        if (check_axis(c, a, i, x->dim[i]) != KT_OK)
            return c->g->fault->e.status;
        if (a->begin[i] == 0 && a->stride[i] == 1 && to_the_end(a, i, x->dim[i]))
            kt_from_axis(c, 0, i, 0, i);
        else
            kt_from(c, 0, i, size, to_the_end(a, i, x->dim[i]) ? KT_FROM_SUM : KT_FROM_NOWHERE, 0,
                    i, i + 1);
    }
    return KT_OK;
}

/* Of slice_grad: begins with the slice's own. */
typedef struct put_attr {
    kt_slice_attr box;
    kt_shape      shape;
} put_attr;

/* The walk over the box, with the elements of the whole array that it is cut from. */
static kt_walk walk_box(const kt_slice_attr *a, const kt_shape *box, const kt_shape *whole)
{
    kt_walk w = kt__walk(box);
    int64_t stride[KT_MAX_RANK], begin = 0;

    kt__strides(whole, stride);
    for (int i = 0; i < whole->rank; i++) {
        begin += a->begin[i] * stride[i];
        stride[i] *= a->stride[i];
    }
    kt__walk_add(&w, stride, begin);
    return w;
}

static void slice_reference(const kt_run *r)
{
    const kt_buf *y = &r->out[0];
    kt_walk       w = walk_box(r->attr, &y->shape, &r->in[0].shape);

    for (int64_t i = 0; i < y->count; i++, kt__walk_next(&w))
        y->f64[i] = r->in[0].f64[w.pos[0]];
}

static kt_status put_shape(kt_op_call *c)
{
    const put_attr *a = c->attr;

    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape = a->shape;
    return KT_OK;
}

static void put_reference(const kt_run *r)
{
    const put_attr *a = r->attr;
    const kt_buf   *dy = &r->in[0], *dx = &r->out[0];
    kt_walk         w = walk_box(&a->box, &dy->shape, &dx->shape);

    for (int64_t i = 0; i < dx->count; i++)
        dx->f64[i] = 0;
    for (int64_t i = 0; i < dy->count; i++, kt__walk_next(&w))
        dx->f64[w.pos[0]] = dy->f64[i];
}

static void put_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const put_attr *a = y->attr;

    dx[0] = kt_slice(g, dy[0], &a->box);
}

static kt_node *slice_sample(kt_sampler *s, int variant);
static kt_node *put_sample(kt_sampler *s, int variant);

const kt_op_type kt_op_slice_grad = {
    .name = "slice_grad",
    .min_in = 1,
    .max_in = 1,
    .shape = put_shape,
    .gradient = put_gradient,
    .reference = put_reference,
    .sample = put_sample,
};

static void slice_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    put_attr a = {.shape = y->in[0]->shape};

    memcpy(&a.box, y->attr, sizeof a.box);
    dx[0] = kt_emit(g, &kt_op_slice_grad, &a, sizeof a, 1, dy);
}

static const kt_op_type type = {
    .name = "slice",
    .min_in = 1,
    .max_in = 1,
    .shape = slice_shape,
    .gradient = slice_gradient,
    .reference = slice_reference,
    .sample = slice_sample,
};

kt_node *kt_slice(kt_graph *g, kt_node *x, const kt_slice_attr *attr)
{
    kt_slice_attr a = *attr;

    for (int i = 0; i < x->shape.rank; i++) {
        int64_t dim = x->shape.dim[i];

        if (a.stride[i] == 0)
            a.stride[i] = 1;
        if (dim == KT_UNKNOWN || a.stride[i] < 0)
            continue;
        if (a.begin[i] < 0)
            a.begin[i] += dim;
        a.size[i] = box_size(&a, i, dim);
    }
    return kt_emit(g, &type, &a, sizeof a, 1, &x);
}

kt_node *kt_slice_axis(kt_graph *g, kt_node *x, int axis, int64_t begin, int64_t size)
{
    kt_slice_attr a = {{0}, {0}, {0}};

    if (kt_is_poison(g, x))
        return x;
    if (axis < 0 || axis >= x->shape.rank) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT,
                 "Index out of range using input dim %d; input has only %d dims", x->shape.rank,
                 x->shape.rank);
        return g->poison;
    }
    for (int i = 0; i < x->shape.rank; i++)
        a.size[i] = KT_UNKNOWN;
    a.begin[axis] = begin;
    a.size[axis] = size;
    return kt_slice(g, x, &a);
}

/* The shape and the box of a variant: inner, with steps, last element, everything, nothing. */
static bool sample_box(kt_sampler *s, int variant, kt_shape *shape, kt_slice_attr *a)
{
    static const kt_slice_attr boxes[] = {
        {{1, 0, 2}, {2, -1, 1}, {1, 1, 1}},   {{0, 1, 1}, {-1, -1, 2}, {2, 3, 1}},
        {{-1, -2, 0}, {1, 2, -1}, {1, 1, 2}}, {{0, 0, 0}, {-1, -1, -1}, {0, 0, 0}},
        {{2, 0, 0}, {0, -1, -1}, {1, 1, 1}},
    };

    if ((size_t)variant >= KT_COUNT(boxes))
        return false;
    *shape = KT_SHAPE(s->size(s, 3, 5), s->size(s, 3, 7), s->size(s, 3, 6));
    *a = boxes[variant];
    return true;
}

static kt_node *slice_sample(kt_sampler *s, int variant)
{
    kt_shape      shape;
    kt_slice_attr a;

    return sample_box(s, variant, &shape, &a) ? kt_slice(s->g, s->real(s, shape, -1, 1), &a) : NULL;
}

static kt_node *put_sample(kt_sampler *s, int variant)
{
    static const put_attr attrs[] = {{{{1, 0}, {2, 3}, {1, 1}}, {2, {4, 3}}},
                                     {{{0, 1}, {2, 3}, {3, 2}}, {2, {5, 6}}}};
    const put_attr       *a = &attrs[variant % 2];
    kt_node              *dy;

    if (variant > 1)
        return NULL;
    dy = s->real(s, KT_SHAPE(2, 3), -1, 1);
    return kt_emit(s->g, &kt_op_slice_grad, a, sizeof *a, 1, &dy);
}

const kt_op_type *const kt_ops_slice[] = {&type, &kt_op_slice_grad, NULL};
