/* joining.c - operations that put several tensors together. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#define AXIS(F, T) F(T, INT, axis, "0", "met: range(x)", "The axis that grows, or the new one.")
KT_CONFIG_OF(along, AXIS);

enum { ALONG, BESIDE, BELOW, DEEP }; /* variant: which axis grows */

/* The tensors of the call in their common dtype; returns how many, 0 after a failure. */
static int tensors(kt_layer *self, kt_call *c, kt_node **out)
{
    kt_operand x[KT_MAX_IO];
    int        n = kt_operands_of(self, c, 0, x, KT_MAX_IO);
    kt_dtype   dtype = n > 0 ? kt_result_dtype(x, n, KT_STRONG) : KT_F32;

    for (int i = 0; i < n; i++)
        out[i] = kt_as(c, x[i], dtype);
    return n;
}

static kt_node *joined(kt_call *c, int n, kt_node **x, int axis)
{
    return n > 0 && !kt_graph_failed(c->g) ? kt_concat(c->g, n, x, axis) : c->g->poison;
}

static void concatenate(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x);

    c->out[0] = joined(c, n, x, (int)((const along *)self->config)->axis);
}

static void stack(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x), axis = (int)((const along *)self->config)->axis;
    int      at = n > 0 && axis < 0 ? axis + x[0]->shape.rank + 1 : axis;

    for (int i = 0; i < n; i++)
        x[i] = kt_expand_dims(c->g, x[i], at);
    c->out[0] = joined(c, n, x, at);
}

/* Axes of 1, before and behind, until there are three. */
static kt_node *with_depth(kt_graph *g, kt_node *x)
{
    while (x->shape.rank < 2 && !kt_graph_failed(g))
        x = kt_expand_dims(g, x, 0);
    return x->shape.rank == 2 ? kt_expand_dims(g, x, 2) : x;
}

/* Side by side, one below the other (numbers in one axis too, unlike NumPy), or in depth. */
static void stack_axes(kt_layer *self, kt_call *c)
{
    kt_node *x[KT_MAX_IO];
    int      n = tensors(self, c, x), way = self->type->variant;

    for (int i = 0; i < n && way == DEEP; i++)
        x[i] = with_depth(c->g, x[i]);
    int axis = way == BESIDE ? (n > 0 && x[0]->shape.rank > 1) : way == BELOW ? 0 : 2;
    c->out[0] = joined(c, n, x, axis);
}

#define OPTIONAL_AXIS(F, T) \
    F(T, OPTINT, axis, "None", "met: list[x]", "The axis that grows; None: flat.")
KT_CONFIG_OF(maybe_along, OPTIONAL_AXIS);

static void append(kt_layer *self, kt_call *c)
{
    const maybe_along *cfg = self->config;
    kt_operand         x[] = {kt_operand_of(self, c, 0), kt_operand_of(self, c, 1)};
    kt_node           *parts[2];

    for (int i = 0; i < 2; i++) {
        parts[i] = kt_as(c, x[i], kt_result_dtype(x, 2, KT_STRONG));
        if (!cfg->axis.set)
            parts[i] = kt_reshape(c->g, parts[i], KT_SHAPE(KT_UNKNOWN));
    }
    c->out[0] = joined(c, 2, parts, cfg->axis.set ? (int)cfg->axis.v : 0);
}

/* --- as Keras infers it --- */

/* The sizes of the first tensor, the one along the axis added up. */
static int grown(int n, const kt_shape *s, int axis, kt_result *out)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum = sum == KT_UNKNOWN || s[i].dim[axis] == KT_UNKNOWN ? KT_UNKNOWN : sum + s[i].dim[axis];
    kt_infers(out, s[0]);
    out[0].shape.dim[axis] = sum;
    return 1;
}

/* Keras prints lists of those that were given axes. */
static int differ(kt_layer *self, kt_call *c, const kt_shape *x, const kt_shape *first)
{
    bool listed = self->type->variant == DEEP;

    return kt_refuses(self, c,
                      "Every value in `xs` must have the same shape except on the `axis` dim. But "
                      "found element of shape %s, which is different from the first element's "
                      "shape %s.",
                      listed ? kt_listed_shape(c->g, x) : kt_shape_text(&c->g->arena, x),
                      listed ? kt_listed_shape(c->g, first) : kt_shape_text(&c->g->arena, first));
}

static kt_shape deepened(kt_shape s)
{
    kt_shape one = KT_SHAPE(1);

    while (s.rank < 2)
        s = kt_shape_concat(&one, &s);
    return s.rank == 2 ? kt_shape_concat(&s, &one) : s;
}

static int infer_joined(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[KT_MAX_IO];
    int      n = kt_item_shapes(self, c, 0, s, KT_MAX_IO), way = self->type->variant;
    int      axis = way == BELOW ? 0 : way == BESIDE ? 1 : 2;

    for (int i = 0; i < n && way == DEEP; i++)
        s[i] = deepened(s[i]);
    if (n > 0 && way == ALONG)
        axis = kt_canonical_axis(c, ((const along *)self->config)->axis, s[0].rank);
    if (n == 0 || axis < 0)
        return 0;
    if (axis >= s[0].rank)
        return kt_no_index(self, c, "list assignment");
    for (int i = 1; i < n; i++)
        if (!kt_shapes_agree(&s[i], &s[0], axis))
            return differ(self, c, &s[i], &s[0]);
    return grown(n, s, axis, out);
}

static int infer_stack(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[KT_MAX_IO], size = KT_SHAPE(0);
    int      n = kt_item_shapes(self, c, 0, s, KT_MAX_IO);
    int      axis = (int)((const along *)self->config)->axis;

    axis = n == 0 ? -1 : kt_canonical_axis(c, axis, s[0].rank + 1);
    if (axis < 0)
        return 0;
    for (int i = 1; i < n; i++)
        if (!kt_shapes_agree(&s[i], &s[0], -1))
            return kt_refuses(self, c,
                              "Every value in `x` must have the same shape. But found element of "
                              "shape %s,  which is different from the first element's shape %s.",
                              kt_shape_text(&c->g->arena, &s[i]),
                              kt_shape_text(&c->g->arena, &s[0]));
    kt_shape before = kt_shape_slice(&s[0], 0, axis);
    kt_shape behind = kt_shape_slice(&s[0], axis, s[0].rank);
    size.dim[0] = n;
    before = kt_shape_concat(&before, &size);
    return kt_infers(out, kt_shape_concat(&before, &behind));
}

/* Along an axis Keras adds sizes that it does not know, too: Python refuses. */
static int infer_append(kt_layer *self, kt_call *c, kt_result *out)
{
    const maybe_along *cfg = self->config;
    kt_shape           s[2];

    kt_argument_shapes(self, c, 2, s);
    if (!cfg->axis.set)
        return 0;
    int axis = kt_axis(&s[0], cfg->axis.v);
    if (s[0].rank == s[1].rank && axis < 0)
        return kt_no_index(self, c, "list assignment");
    if (!kt_shapes_agree(&s[0], &s[1], axis))
        return kt_refuses(self, c,
                          "`append` requires inputs to have the same shape except the `axis=%lld`, "
                          "but received shape %s and %s.",
                          (long long)cfg->axis.v, kt_shape_text(&c->g->arena, &s[0]),
                          kt_shape_text(&c->g->arena, &s[1]));
    int64_t n = s[0].dim[axis], m = s[1].dim[axis];
    if (n == KT_UNKNOWN || m == KT_UNKNOWN)
        return kt_no_operand(self, c, "+", n, m);
    return grown(2, s, axis, out);
}

#define ROWS(F)                                                                         \
    F(Concatenate, numpy, &along_type, "xs", concatenate, ALONG, .infer = infer_joined) \
    F(Stack, numpy, &along_type, "x", stack, 0, .infer = infer_stack)                   \
    F(Hstack, numpy, &kt_no_config, "xs", stack_axes, BESIDE, .infer = infer_joined)    \
    F(Vstack, numpy, &kt_no_config, "xs", stack_axes, BELOW, .infer = infer_joined)     \
    F(Dstack, numpy, &kt_no_config, "xs", stack_axes, DEEP, .infer = infer_joined)      \
    F(Append, numpy, &maybe_along_type, "x1 x2", append, 0, .infer = infer_append)
KT_OPERATIONS(joining, ROWS);
