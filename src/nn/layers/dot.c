/* dot.c - Dot: the products of two inputs, summed over an axis of each. */
#include "nn/shared/merge.h"

#define FIELDS(F)                                                                     \
    F(ANY, axes, REQUIRED, "ints", "The axis that is summed, or one for each input.") \
    F(BOOL, normalize, "False", "", "Bring both to norm 1 along their axis before.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    const kt_value *v = ((const config *)self->config)->axes;

    if (kt_is_int(v))
        return KT_OK;
    if (!kt_value_is_seq(v))
        return kt_layer_fail(
            self, KT_E_TYPE,
            "Invalid type for argument `axes`: it should be a list or an int. Received: axes=%s",
            kt_python_text(self, v));
    if (v->n != 2)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid format for argument `axes`: it should contain two elements. Received: axes=%s",
            kt_python_text(self, v));
    if (!kt_is_int(v->items[0]) || !kt_is_int(v->items[1]))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Invalid format for argument `axes`: list elements should be integers. Received: axes=%s",
            kt_python_text(self, v));
    return KT_OK;
}

/* The axis of input i as Keras writes it in messages: one integer below 0 is counted from the
 * front, those of a list are not. */
static int64_t axis_of(const config *c, const kt_shape *in, int i)
{
    int64_t rank = in[i].rank;

    if (!kt_is_int(c->axes))
        return c->axes->items[i]->i;
    int64_t axis = c->axes->i;
    return axis >= 0 || rank == 0 ? axis : (axis % rank + rank) % rank;
}

static kt_status not_two(kt_layer *self, int n, const kt_shape *in, bool list)
{
    return kt_layer_fail(self, KT_E_VALUE,
                         "A `Dot` layer should be called on a list of 2 inputs. Received: "
                         "input_shape=%s",
                         kt_shapes_text(&self->arena, n, in, list));
}

static const char *size_text(kt_layer *self, int64_t size)
{
    const char *text = size == KT_UNKNOWN ? "None"
                                          : kt_arena_printf(&self->arena, "%lld", (long long)size);

    return text ? text : "";
}

static kt_status build(kt_layer *self, int n, const kt_shape *in)
{
    const config *c = self->config;
    int64_t       axis[2], size[2];

    if (n != 2)
        return not_two(self, n, in, n != 1);
    for (int i = 0; i < 2; i++) {
        if (kt_is_int(c->axes) && c->axes->i < 0 && in[i].rank == 0)
            return kt_layer_fail(self, KT_E_ZERO_DIVISION, "integer modulo by zero");
        axis[i] = axis_of(c, in, i);
        if (kt_axis(&in[i], axis[i]) < 0)
            return kt_layer_fail(self, KT_E_INDEX, "tuple index out of range");
        size[i] = kt_dim(&in[i], (int)axis[i]);
    }
    if (size[0] == size[1])
        return KT_OK;
    return kt_layer_fail(self, KT_E_VALUE,
                         "Incompatible input shapes: axis values %s (at axis %lld) != %s (at axis "
                         "%lld). Full input shapes: %s, %s",
                         size_text(self, size[0]), (long long)axis[0], size_text(self, size[1]),
                         (long long)axis[1], kt_shape_text(&self->arena, &in[0]),
                         kt_shape_text(&self->arena, &in[1]));
}

/* x / max(norm, 1e-7) along the axis. */
static kt_node *unit(kt_graph *g, kt_node *x, int axis)
{
    kt_node *square = kt_reduce(g, KT_RE_SUM, kt_unary(g, KT_UN_SQUARE, x), 1u << axis, true);
    kt_node *safe = kt_binary(g, KT_BI_MAXIMUM, square, kt_scalar_as(g, 1e-14, x->dtype));

    return kt_mul(g, x, kt_unary(g, KT_UN_RSQRT, safe));
}

/* Keras' compute_output_shape: the axes that are left of both, without the second batch; pops as
 * Python's lists do. */
static kt_node *inferred(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    kt_shape      in[2] = {c->in[0]->shape, c->in[1]->shape};

    for (int i = 0; i < 2; i++) {
        int at = kt_axis(&in[i], axis_of(cfg, in, i));
        if (at < 0)
            return kt_call_fail(self, c, KT_E_INDEX, "pop index out of range");
        for (int k = at; k + 1 < in[i].rank; k++)
            in[i].dim[k] = in[i].dim[k + 1];
        in[i].rank--;
    }
    if (in[1].rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "pop from empty list");
    kt_shape out = in[0];
    for (int k = 1; k < in[1].rank && out.rank < KT_MAX_RANK; k++)
        out.dim[out.rank++] = in[1].dim[k];
    if (out.rank == 1)
        out.dim[out.rank++] = 1;
    return kt_stand_in(c, c->in[0], out);
}

/* [batch, rest, summed] (variant 0) or [batch, summed, rest], the rest in one axis. */
static kt_node *as_matrix(kt_graph *g, kt_node *x, int axis, bool summed_first)
{
    int     perm[KT_MAX_RANK] = {0}, n = 1, rank = x->shape.rank;
    int64_t rest = 1, size = x->shape.dim[axis];

    if (summed_first)
        perm[n++] = axis;
    for (int i = 1; i < rank; i++)
        if (i != axis) {
            perm[n++] = i;
            rest *= x->shape.dim[i];
        }
    if (!summed_first)
        perm[n] = axis;
    return kt_reshape(g, kt_transpose(g, x, perm),
                      summed_first ? KT_SHAPE(x->shape.dim[0], size, rest)
                                   : KT_SHAPE(x->shape.dim[0], rest, size));
}

static kt_node *product(kt_layer *self, kt_call *c, const int *axis)
{
    const config *cfg = self->config;
    kt_graph     *g = c->g;
    kt_node      *x = c->in[0], *z = c->in[1];
    kt_shape      out = {.rank = 1, .dim = {x->shape.dim[0]}};

    if (cfg->normalize) {
        x = unit(g, x, axis[0]);
        z = unit(g, z, axis[1]);
    }
    for (int i = 1; i < x->shape.rank; i++)
        if (i != axis[0])
            out.dim[out.rank++] = x->shape.dim[i];
    for (int i = 1; i < z->shape.rank && out.rank < KT_MAX_RANK; i++)
        if (i != axis[1])
            out.dim[out.rank++] = z->shape.dim[i];
    if (out.rank == 1)
        out.dim[out.rank++] = 1;
    kt_node *y = kt_matmul(g, as_matrix(g, x, axis[0], false), as_matrix(g, z, axis[1], true),
                           false, false);
    return kt_reshape(g, y, out);
}

static void call(kt_layer *self, kt_call *c)
{
    const config *cfg = self->config;
    int           axis[2];

    c->out[0] = c->g->poison;
    if (!c->list || c->n_in != 2) {
        kt_shape in[KT_MAX_IO];
        for (int i = 0; i < c->n_in && i < KT_MAX_IO; i++)
            in[i] = c->in[i]->shape;
        not_two(self, c->n_in, in, c->list);
        return;
    }
    if (!c->t->eager) {
        c->out[0] = inferred(self, c);
        return;
    }
    const kt_shape in[2] = {c->in[0]->shape, c->in[1]->shape};
    if (in[0].rank < 2 || in[1].rank < 2) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Cannot do batch_dot on inputs with rank < 2. Received inputs with shapes "
                     "%s and %s.",
                     kt_shape_text(&c->g->arena, &in[0]), kt_shape_text(&c->g->arena, &in[1]));
        return;
    }
    for (int i = 0; i < 2; i++) {
        axis[i] = kt_axis(&in[i], axis_of(cfg, in, i));
        if (axis[i] <= 0) {
            kt_call_fail(self, c, axis[i] < 0 ? KT_E_INDEX : KT_E_VALUE,
                         axis[i] < 0
                             ? "tuple index out of range"
                             : "Cannot perform batch_dot over axis 0. If your inputs are not "
                               "batched, add a dummy batch dimension to your inputs using "
                               "keras.ops.expand_dims(x, 0)");
            return;
        }
    }
    c->out[0] = product(self, c, axis);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Dot",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "The products of two inputs, summed over an axis."},
    .flags = KT_LAYER_LIST,
    .check = check,
    .build = build,
    .call = call,
    .sample = "Dot(axes=1); Dot(axes=(2, 1)); Dot(axes=-1, normalize=True)",
    .sample_input = "(2, 3) | (2, 3); (2, 3, 4) | (2, 4, 2); (2, 3, 4) | (2, 2, 4)",
};

const kt_layer_type *const kt_layers_dot[] = {&type, NULL};
