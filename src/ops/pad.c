/* pad.c - x with a border of one value around it. */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_pad_attr *a = c->attr;
    const kt_shape    *x = &c->in[0]->shape;

    c->out[0].dtype = c->in[0]->dtype;
    c->out[0].shape.rank = x->rank;
    for (int i = 0; i < x->rank; i++) {
        if (a->before[i] < 0 || a->after[i] < 0)
            return kt_op_fail_tf(c, "Pad", "", 0, i, KT_NO_FACT, KT_NO_FACT,
                                 "Paddings must be non-negative: %lld %lld",
                                 (long long)a->before[i], (long long)a->after[i]);
        if (a->before[i] == 0 && a->after[i] == 0)
            kt_from_axis(c, 0, i, 0, i);
        else
            kt_from(c, 0, i, kt__plus(kt__plus(x->dim[i], a->before[i]), a->after[i]), KT_FROM_SUM,
                    0, i, i + 1);
    }
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_pad_attr *a = y->attr;
    kt_slice_attr      box = {{0}, {0}, {0}};

    for (int i = 0; i < y->shape.rank; i++) {
        box.begin[i] = a->before[i];
        box.size[i] = y->in[0]->shape.dim[i];
    }
    dx[0] = kt_slice(g, dy[0], &box);
}

static void reference(const kt_run *r)
{
    const kt_pad_attr *a = r->attr;
    const kt_buf      *x = &r->in[0], *y = &r->out[0];
    kt_walk            w = kt__walk(&x->shape);
    int64_t            stride[KT_MAX_RANK], begin = 0;

    kt__strides(&y->shape, stride);
    for (int i = 0; i < y->shape.rank; i++)
        begin += a->before[i] * stride[i];
    kt__walk_add(&w, stride, begin);
    for (int64_t i = 0; i < y->count; i++)
        y->f64[i] = a->value;
    for (int64_t i = 0; i < x->count; i++, kt__walk_next(&w))
        y->f64[w.pos[0]] = x->f64[i];
}

static kt_node *sample(kt_sampler *s, int variant)
{
    static const kt_pad_attr pads[] = {{{0, 1, 2}, {0, 3, 0}, 0},
                                       {{1, 0, 0}, {0, 0, 2}, -1.5},
                                       {{0}, {0}, 7},
                                       {{2, 0, 1}, {1, 0, 0}, 0}};

    if ((size_t)variant >= KT_COUNT(pads))
        return NULL;
    return kt_pad(
        s->g,
        s->real(s,
                KT_SHAPE(variant == 3 ? 0 : s->size(s, 1, 4), s->size(s, 1, 5), s->size(s, 1, 6)),
                -1, 1),
        &pads[variant]);
}

static const kt_op_type type = {
    .name = "pad",
    .min_in = 1,
    .max_in = 1,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_pad(kt_graph *g, kt_node *x, const kt_pad_attr *attr)
{
    return kt_emit(g, &type, attr, sizeof *attr, 1, &x);
}

const kt_op_type *const kt_ops_pad[] = {&type, NULL};
