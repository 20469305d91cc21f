/* autodiff.c - the gradient of a loss: the pullback of 1. */
#include "ops/ops.h"
#include "passes/passes.h"

kt_status kt_gradients(kt_graph *g, kt_node *loss, kt_node *const *wrt, int n, kt_node **grads)
{
    kt_node *one;

    for (int i = 0; i < n; i++)
        grads[i] = NULL;
    if (kt_graph_failed(g))
        return g->fault->e.status;
    if (kt_shape_count(&loss->shape) != 1 || !kt_dtype_is_float(loss->dtype))
        return kt_raise(g->fault, KT_E_VALUE, "a loss must be one real number, not %s %s",
                        kt_dtype_name(loss->dtype), kt_shape_text(&g->arena, &loss->shape));
    one = kt_scalar_as(g, 1, loss->dtype);
    if (loss->shape.rank)
        one = kt_reshape(g, one, loss->shape);
    return kt_pullback(g, 1, &loss, &one, n, wrt, grads);
}
