/* shapes.c - operations that give the same numbers under another shape or order of axes. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

/* An axis of a tensor of `rank` axes; raises Keras' words and gives -1 where there is none. */
static int axis_of(kt_call *c, int64_t axis, int rank)
{
    int64_t at = axis < 0 ? axis + rank : axis;

    if (at >= 0 && at < rank)
        return (int)at;
    kt_refuse_axis(c->g, axis, rank);
    return -1;
}

/* --- new sizes --- */

#define RESHAPE(F, T) F(T, INTS, newshape, REQUIRED, "", "The sizes; -1: what is left.")
KT_CONFIG_OF(reshaping, RESHAPE);

static void reshape(kt_layer *self, kt_call *c)
{
    const kt_ints *to = &((const reshaping *)self->config)->newshape;
    kt_shape       shape = {.rank = to->n};

    for (int i = 0; i < to->n; i++)
        shape.dim[i] = to->v[i] < 0 ? KT_UNKNOWN : to->v[i];
    c->out[0] = kt_reshape_by(c->g, kt_tensor_of(self, c, 0), shape, "newshape");
}

static void ravel(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_reshape(c->g, kt_tensor_of(self, c, 0), KT_SHAPE(KT_UNKNOWN));
}

#define AXIS(F, T) F(T, INTS, axis, "None", "met: range(x[i])", "The axis, or several.")
KT_CONFIG_OF(axes, AXIS);

/* The places count in the result. */
static void expand_dims(kt_layer *self, kt_call *c)
{
    const kt_ints *axis = &((const axes *)self->config)->axis;
    kt_node       *x = kt_tensor_of(self, c, 0);
    int            rank = x->shape.rank + axis->n;
    unsigned       mask = 0;

    for (int i = 0; i < axis->n; i++) {
        int at = axis_of(c, axis->v[i], rank);
        mask |= at < 0 ? 0 : 1u << at;
    }
    for (int i = 0; i < rank; i++)
        if (mask >> i & 1)
            x = kt_expand_dims(c->g, x, i);
    c->out[0] = x;
}

static void squeeze(kt_layer *self, kt_call *c)
{
    const kt_ints *axis = &((const axes *)self->config)->axis;
    kt_node       *x = kt_tensor_of(self, c, 0);
    unsigned       mask = 0;

    for (int i = 0; i < x->shape.rank; i++)
        if (axis->n == 0 && x->shape.dim[i] == 1)
            mask |= 1u << i;
    for (int i = 0; i < axis->n; i++) {
        int at = axis_of(c, axis->v[i], x->shape.rank);
        mask |= at < 0 ? 0 : 1u << at;
    }
    for (int i = x->shape.rank; i-- > 0;)
        if (mask >> i & 1)
            x = kt_squeeze(c->g, x, i);
    c->out[0] = x;
}

#define BROADCAST(F, T) F(T, SHAPE, shape, REQUIRED, "", "What the tensor is repeated to.")
KT_CONFIG_OF(broadcasting, BROADCAST);

static void broadcast_to(kt_layer *self, kt_call *c)
{
    c->out[0] = kt_broadcast_to(c->g, kt_tensor_of(self, c, 0),
                                ((const broadcasting *)self->config)->shape.v);
}

/* --- another order of axes --- */

#define TRANSPOSE(F, T) F(T, INTS, axes, "None", "", "The new order; None: backwards.")
KT_CONFIG_OF(transposing, TRANSPOSE);

static void transpose(kt_layer *self, kt_call *c)
{
    const kt_ints *order = &((const transposing *)self->config)->axes;
    kt_node       *x = kt_tensor_of(self, c, 0);
    int            rank = x->shape.rank, perm[KT_MAX_RANK];

    if (order->n != rank && !(order->n == 0 && order->scalar)) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "axis must be a list of the same length as the input shape, expected %d, but "
                     "received %d.",
                     rank, order->n);
        c->out[0] = c->g->poison;
        return;
    }
    for (int i = 0; i < rank; i++)
        perm[i] = order->n ? axis_of(c, order->v[i], rank) : rank - 1 - i;
    c->out[0] = kt_transpose(c->g, x, perm);
}

#define SWAP(F, T)                                           \
    F(T, INT, axis1, REQUIRED, "met: range(x)", "One axis.") \
    F(T, INT, axis2, REQUIRED, "met: range(x)", "The other.")
KT_CONFIG_OF(swapping, SWAP);

static void swapaxes(kt_layer *self, kt_call *c)
{
    const swapping *cfg = self->config;
    kt_node        *x = kt_tensor_of(self, c, 0);
    int             perm[KT_MAX_RANK], rank = x->shape.rank;
    int             a = axis_of(c, cfg->axis1, rank), b = axis_of(c, cfg->axis2, rank);

    for (int i = 0; i < rank; i++)
        perm[i] = i == a ? b : i == b ? a : i;
    c->out[0] = kt_graph_failed(c->g) ? c->g->poison : kt_transpose(c->g, x, perm);
}

#define MOVE(F, T)                                                               \
    F(T, INTS, source, REQUIRED, "met: range(x[i])", "The axes that are moved.") \
    F(T, INTS, destination, REQUIRED, "met: range(x[i])", "Where they go.")
KT_CONFIG_OF(moving, MOVE);

static void moveaxis(kt_layer *self, kt_call *c)
{
    const moving *cfg = self->config;
    kt_node      *x = kt_tensor_of(self, c, 0);
    int           rank = x->shape.rank, perm[KT_MAX_RANK], next = 0;
    unsigned      moved = 0;

    for (int i = 0; i < rank; i++)
        perm[i] = -1;
    for (int i = 0; i < cfg->source.n && i < cfg->destination.n; i++) {
        int from = axis_of(c, cfg->source.v[i], rank), to = axis_of(c, cfg->destination.v[i], rank);
        if (from < 0 || to < 0)
            break;
        perm[to] = from;
        moved |= 1u << from;
    }
    for (int i = 0; i < rank; i++) {
        while (perm[i] < 0 && (moved >> next & 1))
            next++;
        if (perm[i] < 0)
            perm[i] = next++;
    }
    c->out[0] = kt_graph_failed(c->g) ? c->g->poison : kt_transpose(c->g, x, perm);
}

/* --- as Keras infers it --- */

/* An axis that is not known is not 1. */
static int infer_squeeze(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints *axis = &((const axes *)self->config)->axis;
    kt_shape       s, y = {.rank = 0};
    bool           gone[KT_MAX_RANK] = {false};

    kt_argument_shapes(self, c, 1, &s);
    for (int i = 0; i < axis->n; i++) {
        int at = kt_axis(&s, axis->v[i]);
        if (at < 0)
            return kt_no_index(self, c, "list");
        if (s.dim[at] != 1)
            return kt_refuses(self, c, "Cannot squeeze axis %lld, because the dimension is not 1.",
                              (long long)axis->v[i]);
        gone[at] = true;
    }
    for (int i = 0; i < s.rank; i++)
        if (!(axis->n == 0 && axis->scalar ? s.dim[i] == 1 : gone[i]))
            y.dim[y.rank++] = s.dim[i];
    return kt_infers(out, y);
}

static int infer_broadcast_to(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_shape *to = &((const broadcasting *)self->config)->shape.v;
    kt_shape        s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_fits_broadcast(c, &s, to) ? kt_infers(out, *to) : 0;
}

/* Where a size is not known, -1 is not, either. */
static int infer_reshape(kt_layer *self, kt_call *c, kt_result *out)
{
    const kt_ints *to = &((const reshaping *)self->config)->newshape;
    kt_shape       s;
    int            open = -1, n_open = 0;
    int64_t        size = 1;

    kt_argument_shapes(self, c, 1, &s);
    kt_infers(out, (kt_shape){.rank = to->n});
    for (int i = 0; i < to->n; i++) {
        if (to->v[i] < -1)
            return kt_refuses(
                self, c,
                "Each dimension in `newshape` must be a non-negative integer, or `-1` "
                "for a single unknown dimension. Received: newshape=%s.",
                kt_listed_ints(c->g, to->n, to->v, to->list));
        out[0].shape.dim[i] = to->v[i] < 0 ? KT_UNKNOWN : to->v[i];
        open = to->v[i] < 0 ? i : open;
        n_open += to->v[i] < 0;
        size *= to->v[i] < 0 ? 1 : to->v[i];
    }
    if (n_open > 1)
        return kt_refuses(self, c,
                          "There must be at most one unknown dimension (-1) in `newshape`. "
                          "Received: newshape=%s.",
                          kt_listed_ints(c->g, to->n, to->v, to->list));
    int64_t all = kt_shape_count(&s);
    if (all == KT_UNKNOWN)
        return 1;
    if (open < 0 ? all != size : size == 0 || all % size != 0)
        return kt_refuses(self, c,
                          "The total size of the tensor must be unchanged%s Received: "
                          "input_shape=%s, newshape=%s",
                          open < 0 ? "."
                                   : ", however, the input size cannot by divided by the specified "
                                     "dimensions in newshape.",
                          kt_shape_text(&c->g->arena, &s),
                          kt_listed_ints(c->g, to->n, to->v, false));
    if (open >= 0)
        out[0].shape.dim[open] = all / size;
    return 1;
}

#define ROWS(F)                                                                                  \
    F(Reshape, numpy, &reshaping_type, "x", reshape, 0, .infer = infer_reshape)                  \
    F(Ravel, numpy, &kt_no_config, "x", ravel, 0)                                                \
    F(ExpandDims, numpy, &axes_type, "x", expand_dims, 0)                                        \
    F(Squeeze, numpy, &axes_type, "x", squeeze, 0, .infer = infer_squeeze)                       \
    F(BroadcastTo, numpy, &broadcasting_type, "x", broadcast_to, 0, .infer = infer_broadcast_to) \
    F(Transpose, numpy, &transposing_type, "x", transpose, 0)                                    \
    F(Swapaxes, numpy, &swapping_type, "x", swapaxes, 0)                                         \
    F(Moveaxis, numpy, &moving_type, "x", moveaxis, 0)
KT_OPERATIONS(shapes, ROWS);
