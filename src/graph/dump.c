/* dump.c - a graph as text, one node a line:
 *
 *   %2 = binary.ADD(%0, %1) float32 (None, 10)  sequential/dense
 */
#include "graph/op.h"

static const char *const unary_names[] = {
#define NAME(name, value, slope, from) #name,
    KT_UNARY_LIST(NAME)
#undef NAME
};
static const char *const binary_names[] = {
#define NAME(name, value) #name,
    KT_BINARY_LIST(NAME)
#undef NAME
};
static const char *const reduce_names[] = {"SUM", "MEAN", "MAX", "MIN", "PROD"};

/* The name of the scalar function that the op applies, or NULL. */
static const char *function_name(const kt_node *n)
{
    const char *op = n->op->name;

    if (kt_streq(op, "unary") || kt_streq(op, "unary_grad"))
        return unary_names[((const kt_unary_attr *)n->attr)->fn];
    if (kt_streq(op, "binary"))
        return binary_names[((const kt_binary_attr *)n->attr)->fn];
    if (kt_streq(op, "reduce"))
        return reduce_names[((const kt_reduce_attr *)n->attr)->fn];
    return NULL;
}

static void print_node(kt_str *out, const kt_node *n)
{
    const char *fn = function_name(n);

    kt_str_printf(out, "%%%d = %s%s%s(", n->id, n->op->name, fn ? "." : "", fn ? fn : "");
    for (int i = 0; i < n->n_in; i++)
        kt_str_printf(out, "%s%%%d", i ? ", " : "", n->in[i]->id);
    if (n->op == &kt_op_part)
        kt_str_printf(out, ", %d", n->part_index);
    if (n->var)
        kt_str_printf(out, "%s%s", n->n_in ? ", " : "", n->var->path ? n->var->path : n->var->name);
    kt_str_printf(out, ") %s ", kt_dtype_name(n->dtype));
    kt_shape_print(out, &n->shape);
    kt_str_printf(out, "%s%s\n", *n->scope ? "  " : "", n->scope);
}

/* A node's body follows it, a step further in. */
static void print_nodes(kt_str *out, const kt_graph *g, int depth)
{
    for (size_t i = 0; i < g->nodes.n; i++) {
        const kt_node *n = g->nodes.at[i];

        kt_str_printf(out, "%*s", 4 * depth, "");
        print_node(out, n);
        if (n->op->flags & KT_OP_BODY)
            print_nodes(out, (*(kt_body *const *)n->attr)->g, depth + 1);
    }
}

void kt_graph_print(kt_str *out, const kt_graph *g)
{
    print_nodes(out, g, 0);
}
