/* attention.c - inputs, masks, weights and projections of layers of several attentions. */
#include "nn/shared/attention.h"

/* The numbers 0 .. n - 1. */
static kt_node *count(kt_graph *g, int64_t n)
{
    kt_tensor *t = kt_tensor_new(KT_I32, KT_SHAPE(n));

    for (int64_t i = 0; t && i < n; i++)
        kt_tensor_set(t, i, (double)i);
    if (!t)
        kt_raise_memory(g->fault);
    return t ? kt_constant(g, t) : g->poison;
}

static kt_node *both(kt_graph *g, kt_node *a, kt_node *b)
{
    return a && b ? kt_binary(g, KT_BI_AND, a, b) : a ? a : b;
}

bool kt_wanted(const kt_call *c, const char *keyword)
{
    const kt_value *v = kt_value_get(c->kwargs, keyword);

    return v && v->kind == KT_BOOL && v->b;
}

/* [1, q, v]: which values a query may see by its place. */
static kt_node *by_place(kt_call *c, int64_t q, int64_t v, const kt_value *window)
{
    kt_graph *g = c->g;
    kt_node  *row = kt_expand_dims(g, count(g, q), 1), *column = count(g, v), *seen = NULL;

    if (kt_wanted(c, "use_causal_mask"))
        seen = kt_binary(g, KT_BI_GREATER_EQUAL, row, column);
    if (!kt_is_none(window)) {
        kt_node *far = kt_unary(g, KT_UN_ABS, kt_sub(g, row, column));
        seen = both(g, seen,
                    kt_binary(g, KT_BI_LESS, far, kt_scalar_as(g, (double)window->i, KT_I32)));
    }
    return seen ? kt_expand_dims(g, seen, 0) : NULL;
}

kt_node *kt_visible(kt_call *c, kt_node *const *x, kt_node *const *mask, const kt_value *window)
{
    kt_graph *g = c->g;
    kt_node  *seen = NULL, *given = kt_keyword_tensor(c, "attention_mask");

    if (mask[0])
        seen = kt_expand_dims(g, kt_cast(g, mask[0], KT_BOOLEAN), mask[0]->shape.rank);
    for (int i = 1; i < 3; i++)
        if (mask[i])
            seen = both(
                g, seen,
                kt_expand_dims(g, kt_cast(g, mask[i], KT_BOOLEAN), mask[i]->shape.rank - 1));
    seen = both(g, seen, by_place(c, x[0]->shape.dim[1], x[1]->shape.dim[1], window));
    return both(g, given ? kt_cast(g, given, KT_BOOLEAN) : NULL, seen);
}

/* Softmax over the last axes: the number that attention goes over. */
static kt_node *softmax(kt_graph *g, kt_node *x, int n)
{
    unsigned axes = 0;

    if (n == 1)
        return kt_softmax(g, x, -1);
    if (kt_graph_failed(g))
        return g->poison;
    for (int i = 0; i < n; i++)
        axes |= 1u << (x->shape.rank - 1 - i);
    kt_node *most = kt_stop_gradient(g, kt_reduce(g, KT_RE_MAX, x, axes, true));
    kt_node *e = kt_unary(g, KT_UN_EXP, kt_sub(g, x, most));
    return kt_div(g, e, kt_reduce(g, KT_RE_SUM, e, axes, true));
}

kt_node *kt_attention_weights(kt_graph *g, kt_node *scores, kt_node *seen, int axes, bool even)
{
    double least = even ? -0.7 * 3.4028234663852886e38 : -1e9;

    if (!seen)
        return softmax(g, scores, axes);
    while (seen->shape.rank < scores->shape.rank && !kt_graph_failed(g))
        seen = kt_expand_dims(g, seen,
                              seen->shape.rank - 2 * axes < 0 ? 0 : seen->shape.rank - 2 * axes);
    kt_node *w = softmax(g, kt_select(g, seen, scores, kt_scalar_as(g, least, scores->dtype)),
                         axes);
    return even ? w : kt_select(g, seen, w, kt_scalar_as(g, 0, w->dtype));
}

bool kt_attention_inputs(kt_layer *self, kt_call *c, kt_node *x[3], kt_node *mask[3])
{
    int      n = c->args ? kt_count_tensors(c->args) : c->n_in;
    kt_node *key = kt_keyword_tensor(c, "key");

    x[0] = c->in[0];
    x[1] = n > 1 ? c->in[1] : kt_keyword_tensor(c, "value");
    x[2] = n > 2 ? c->in[2] : key ? key : x[1];
    mask[0] = c->mask ? c->mask[0] : NULL;
    mask[1] = kt_keyword_tensor(c, "value_mask");
    mask[2] = kt_keyword_tensor(c, "key_mask");
    for (int i = 1; i < 3; i++)
        if (!mask[i] && n > i && c->mask)
            mask[i] = c->mask[i];
    if (x[1])
        return true;
    kt_call_fail(self, c, KT_E_TYPE, "%s.call() missing 1 required positional argument: 'value'",
                 self->type->cls.class_name);
    return false;
}

/* --- projections ------------------------------------------------------------------------------ */

static bool add_object(kt_arena *a, kt_value *call, const char *key, const kt_value *v)
{
    return kt_is_none(v) || kt_value_add(a, call, key, kt_value_copy(a, v));
}

static bool add_initializer(kt_layer *self, kt_value *call, const char *key, const kt_value *v)
{
    const kt_value *own = kt_object_normal(&self->arena, "initializer", v, &self->fault);

    return kt_layer_status(self) == KT_OK && add_object(&self->arena, call, key, own);
}

/* Initializers anew, so that each projection draws its own seed. */
static bool add_common(kt_layer *self, const kt_projecting *all, kt_value *call)
{
    kt_arena *a = &self->arena;

    return add_initializer(self, call, "kernel_initializer", all->kernel_initializer) &&
           add_initializer(self, call, "bias_initializer", all->bias_initializer) &&
           add_object(a, call, "kernel_regularizer", all->kernel_regularizer) &&
           add_object(a, call, "bias_regularizer", all->bias_regularizer) &&
           add_object(a, call, "activity_regularizer", all->activity) &&
           add_object(a, call, "kernel_constraint", all->kernel_constraint) &&
           add_object(a, call, "bias_constraint", all->bias_constraint) &&
           kt_value_add(a, call, "dtype", kt_value_str(a, kt_policy_name(kt_layer_policy(self))));
}

static kt_value *shape_value(kt_arena *a, const kt_projection *p)
{
    kt_value *v = kt_value_new(a, KT_LIST);

    for (int i = 0; v && i < p->free; i++)
        if (!kt_value_add(a, v, NULL, kt_value_new(a, KT_NONE)))
            return NULL;
    for (int i = 0; v && i < p->n_out; i++)
        if (!kt_value_add(a, v, NULL, kt_value_int(a, p->out[i])))
            return NULL;
    return v;
}

kt_layer *kt_build_inside(kt_layer *self, const char *attr, kt_layer *l, const kt_shape *in)
{
    if (kt_add_sublayer(self, attr, l) != KT_OK || !l)
        return NULL;
    l->scope = kt_layer_path(self);
    kt_layer_build(l, 1, in);
    return kt_fault_copy(&self->fault, &l->fault) == KT_OK ? l : NULL;
}

kt_layer *kt_add_projection(kt_layer *self, const kt_projecting *all, const kt_projection *p,
                            const kt_shape *in)
{
    kt_arena *a = &self->arena;
    kt_value *call = kt_value_new(a, KT_CALL);

    if (call)
        call->s = "EinsumDense";
    bool ok = call && p->equation && p->bias &&
              kt_value_add(a, call, "equation", kt_value_str(a, p->equation)) &&
              kt_value_add(a, call, "output_shape", shape_value(a, p)) &&
              kt_value_add(a, call, "name", kt_value_str(a, p->name)) &&
              (!all->use_bias || kt_value_add(a, call, "bias_axes", kt_value_str(a, p->bias))) &&
              (!p->activation ||
               kt_value_add(a, call, "activation", kt_value_str(a, p->activation))) &&
              add_common(self, all, call);
    return kt_build_inside(self, p->attr, ok ? kt_layer_from_value(call) : NULL, in);
}

kt_status kt_write_activity(kt_arena *a, kt_value *to, const kt_value *activity, kt_fault *f)
{
    const kt_value none = {.kind = KT_NONE};

    return kt_value_set(a, to, "activity_regularizer",
                        kt_value_copy(a, activity ? activity : &none))
             ? KT_OK
             : kt_raise_memory(f);
}
