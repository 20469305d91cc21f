/* concatenate.c - Concatenate: its inputs one after another along an axis. */
#include "nn/shared/merge.h"

#define FIELDS(F) F(ANY, axis, "-1", "int", "The axis that grows.")
KT_CONFIG(FIELDS);

/* Drops the concatenation axis the way Keras does: only where the index is in range after Python's
 * rules. */
static bool reduced(const kt_shape *in, int64_t axis, kt_shape *out)
{
    int64_t at = axis < 0 ? axis + in->rank : axis;

    *out = *in;
    if (in->rank <= axis)
        return true; /* Keras keeps the axis then */
    if (at < 0)
        return false;
    out->rank = 0;
    for (int i = 0; i < in->rank; i++)
        if (i != at)
            out->dim[out->rank++] = in->dim[i];
    return true;
}

static kt_status mismatch(kt_layer *self, int n, const kt_shape *in)
{
    return kt_layer_fail(
        self, KT_E_VALUE,
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: input_shape=%s",
        kt_shapes_text(&self->arena, n, in, true));
}

/* axis % rank, and what Python makes of it for another type. */
static kt_status refuse_axis(kt_layer *self, const kt_value *axis)
{
    if (axis && axis->kind == KT_STR)
        return kt_layer_fail(self, KT_E_TYPE,
                             "not all arguments converted during string formatting");
    if (axis && axis->kind == KT_FLOAT)
        return kt_layer_fail(self, KT_E_TYPE, "list indices must be integers or slices, not float");
    return kt_layer_fail(self, KT_E_TYPE, "unsupported operand type(s) for %%: '%s' and 'int'",
                         kt_kept_type(axis));
}

static kt_status build(kt_layer *self, int n, const kt_shape *in)
{
    const kt_value *given = ((const config *)self->config)->axis;
    int64_t         axis = kt_is_int(given) ? given->i : 0;
    kt_shape        first = {0}, next;

    if (!kt_is_int(given) && n > 1)
        return refuse_axis(self, given);
    if (n == 1 && in[0].rank == 0)
        return KT_OK; /* no list: the call says so */
    for (int i = 0; i < n; i++) {
        if (in[i].rank == 0)
            return kt_layer_fail(self, KT_E_ZERO_DIVISION, "integer modulo by zero");
        if (!reduced(&in[i], axis, &next))
            return kt_layer_fail(self, KT_E_INDEX, "list assignment index out of range");
        if (i == 0)
            first = next;
        if (next.rank != first.rank)
            return mismatch(self, n, in);
        for (int k = 0; k < next.rank; k++) {
            if (first.dim[k] == KT_UNKNOWN)
                first.dim[k] = next.dim[k];
            else if (next.dim[k] != KT_UNKNOWN && next.dim[k] != first.dim[k])
                return mismatch(self, n, in);
        }
    }
    return KT_OK;
}

/* A mask of the result where any input has one: unmasked inputs count as all valid. */
static kt_node *join_masks(kt_call *c, int axis)
{
    kt_graph *g = c->g;
    kt_node  *parts[KT_MAX_IO];
    bool      any = false;

    for (int i = 0; i < c->n_in; i++) {
        kt_node *m = c->mask[i];
        any = any || m;
        if (!m)
            m = kt_scalar_as(g, 1, KT_BOOLEAN);
        while (!kt_is_poison(g, m) && c->mask[i] && m->shape.rank < c->in[i]->shape.rank)
            m = kt_expand_dims(g, m, m->shape.rank);
        parts[i] = m;
    }
    if (!any)
        return NULL;
    for (int i = 0; i < c->n_in; i++)
        parts[i] = kt_broadcast_to(g, parts[i], c->in[i]->shape);
    kt_node *all = kt_cast(g, kt_concat(g, c->n_in, parts, axis), KT_I32);
    return kt_cast(g, kt_reduce_last(g, KT_RE_MAX, all), KT_BOOLEAN);
}

/* What Keras infers without looking at the other axes; false if that is what the op infers. A layer
 * that is built already does not check. */
static bool unchecked_shape(const kt_call *c, int axis, kt_shape *out)
{
    bool fits = true;

    *out = c->in[0]->shape;
    for (int i = 1; i < c->n_in; i++) {
        const kt_shape *s = &c->in[i]->shape;
        int             at = axis - c->in[0]->shape.rank + s->rank;
        if (at < 0)
            return false;
        for (int k = 0; k < s->rank && s->rank == out->rank; k++)
            fits = fits && (k == axis || s->dim[k] == out->dim[k] || s->dim[k] == KT_UNKNOWN ||
                            out->dim[k] == KT_UNKNOWN);
        fits = fits && s->rank == out->rank;
        bool known = out->dim[axis] != KT_UNKNOWN && s->dim[at] != KT_UNKNOWN;
        out->dim[axis] = known ? out->dim[axis] + s->dim[at] : KT_UNKNOWN;
    }
    return !fits;
}

static void call(kt_layer *self, kt_call *c)
{
    const kt_value *axis = ((const config *)self->config)->axis;
    int             at = kt_is_int(axis) ? kt_axis(&c->in[0]->shape, axis->i) : -1;
    kt_shape        shape;

    if (!c->list) {
        kt_call_fail(
            self, c, KT_E_VALUE,
            "A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape=%s",
            kt_shape_text(&c->g->arena, &c->in[0]->shape));
        return;
    }
    if (at < 0) {
        kt_call_fail(self, c, KT_E_INDEX, "list index out of range");
        return;
    }
    if (!c->t->eager && unchecked_shape(c, at, &shape)) {
        c->out[0] = kt_stand_in(c, c->in[0], shape);
        return;
    }
    kt_node *y = kt_concat(c->g, c->n_in, c->in, at);
    for (int i = 0; !c->t->eager && i < y->shape.rank;
         i++) /* Keras infers the other axes from the first input alone */
        if (i != at && c->in[0]->shape.dim[i] == KT_UNKNOWN)
            y->shape.dim[i] = KT_UNKNOWN;
    c->out[0] = y;
    c->out_mask[0] = join_masks(c, at);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Concatenate",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Its inputs one after another along an axis."},
    .flags = KT_LAYER_LIST,
    .build = build,
    .call = call,
    .sample = "Concatenate(); Concatenate(axis=1)",
    .sample_input = "(2, 3) | (2, 2); (2, 3, 4) | (2, 1, 4)",
};

const kt_layer_type *const kt_layers_concatenate[] = {&type, NULL};
