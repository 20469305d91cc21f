/* source.c - the ops that graph itself knows: where values come from (placeholder, variable,
 * constant), the further results of an op (part), and storing into a variable (assign). */
#include "graph/op.h"

static kt_status source_shape(kt_op_call *c)
{
    const kt_source_attr *a = c->attr;

    c->out[0].dtype = a->dtype;
    c->out[0].shape = a->shape;
    return KT_OK;
}

static kt_status placeholder_shape(kt_op_call *c)
{
    const kt_source_attr *a = c->attr;

    source_shape(c);
    for (int i = 0; i < a->shape.rank; i++)
        kt_from(c, 0, i, a->shape.dim[i], KT_FROM_DATA, -1, i, i + 1);
    return KT_OK;
}

static kt_status part_shape(kt_op_call *c)
{
    return kt_raise(c->g->fault, KT_E_RUNTIME, "parts are made with their owner only");
}

static kt_status assign_shape(kt_op_call *c)
{
    const kt_source_attr *a = c->attr;
    int64_t               have = kt_shape_count(&c->in[0]->shape), want = kt_shape_count(&a->shape);

    if (have != KT_UNKNOWN && have != want)
        return kt_op_fail(c, 0, -1, want, have,
                          "Shape mismatch when assigning to variable %s: %lld values for %lld",
                          a->name, (long long)have, (long long)want);
    return source_shape(c);
}

const kt_op_type kt_op_placeholder = {
    .name = "placeholder", .flags = KT_OP_SOURCE, .shape = placeholder_shape};
const kt_op_type kt_op_variable = {
    .name = "variable", .flags = KT_OP_SOURCE, .shape = source_shape};
const kt_op_type kt_op_constant = {
    .name = "constant", .flags = KT_OP_SOURCE, .shape = source_shape};
const kt_op_type kt_op_part = {
    .name = "part", .min_in = 1, .max_in = 1, .flags = KT_OP_SOURCE, .shape = part_shape};
const kt_op_type kt_op_assign = {
    .name = "assign",
    .min_in = 1,
    .max_in = 1,
    .flags = KT_OP_EFFECT,
    .shape = assign_shape,
};

kt_node *kt_placeholder(kt_graph *g, const char *name, kt_dtype dtype, kt_shape shape)
{
    kt_source_attr a = {kt_arena_strdup(&g->arena, name), dtype, shape};

    if (name && !a.name)
        kt_raise_memory(g->fault);
    return kt_emit(g, &kt_op_placeholder, &a, sizeof a, 0, NULL);
}

kt_node *kt_read(kt_graph *g, kt_variable *v)
{
    kt_source_attr a = {v->name, v->dtype, v->shape};
    kt_node       *n = kt_map_get(&g->vars, v);

    if (n)
        return n;
    n = kt_emit(g, &kt_op_variable, &a, sizeof a, 0, NULL);
    if (kt_is_poison(g, n))
        return n;
    n->var = v;
    if (!kt_map_set(&g->vars, v, n)) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    return n;
}

kt_node *kt_assign(kt_graph *g, kt_variable *v, kt_node *x)
{
    kt_source_attr a = {v->name, v->dtype, v->shape};
    kt_node       *n = kt_emit(g, &kt_op_assign, &a, sizeof a, 1, &x);

    if (!kt_is_poison(g, n))
        n->var = v;
    return n;
}

kt_node *kt_constant(kt_graph *g, kt_tensor *t)
{
    kt_source_attr a = {NULL, KT_F32, KT_SCALAR_SHAPE};
    kt_node       *n;

    if (!t || !kt_vec_push(&g->tensors, t)) {
        kt_tensor_unref(t);
        kt_raise_memory(g->fault);
        return g->poison;
    }
    a.dtype = t->dtype;
    a.shape = t->shape;
    n = kt_emit(g, &kt_op_constant, &a, sizeof a, 0, NULL);
    if (!kt_is_poison(g, n))
        n->constant = t;
    return n;
}

kt_node *kt_scalar_as(kt_graph *g, double v, kt_dtype dtype)
{
    kt_tensor *t = kt_tensor_new(dtype, KT_SCALAR_SHAPE);

    if (t)
        kt_tensor_set(t, 0, v);
    return kt_constant(g, t);
}

kt_node *kt_scalar(kt_graph *g, double v)
{
    return kt_scalar_as(g, v, g->floatx);
}
