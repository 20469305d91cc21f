/* merging.c - Add, Subtract, Multiply, Average, Maximum, Minimum: inputs merged element by
 * element. */
#include "nn/shared/merge.h"

static kt_node *largest(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_MAXIMUM, x, z);
}

static kt_node *smallest(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_binary(g, KT_BI_MINIMUM, x, z);
}

static void add(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, kt_add, KT_MERGE_PLAIN);
}

static void subtract(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, kt_sub, KT_MERGE_PLAIN);
}

static void multiply(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, kt_mul, KT_MERGE_ONES);
}

static void average(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, kt_add, KT_MERGE_PLAIN);
    if (!kt_graph_failed(c->g))
        c->out[0] = kt_div(c->g, c->out[0], kt_scalar_as(c->g, c->n_in, c->out[0]->dtype));
}

static void maximum(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, largest, KT_MERGE_CHOOSE);
}

static void minimum(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, smallest, KT_MERGE_CHOOSE);
}

static kt_status build_two(kt_layer *self, int n, const kt_shape *in)
{
    if (kt_merge_build(self, n, in) != KT_OK || n == 2 || n == 1)
        return kt_layer_status(self); /* of one input the call says that it is no list */
    return kt_layer_fail(
        self, KT_E_VALUE,
        "A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape=%s",
        kt_shapes_text(&self->arena, n, in, true));
}

#define MERGE(name, make, emit, sentence, inputs)                                             \
    {                                                                                         \
        .cls = {.class_name = name,                                                           \
                .module = "keras.layers",                                                     \
                .config = &kt_no_config,                                                      \
                .summary = sentence},                                                         \
        .flags = KT_LAYER_LIST, .build = make, .call = emit, .sample = name "(); " name "()", \
        .sample_input = inputs,                                                               \
    }
#define TWO_OR_THREE "(2, 3) | (2, 3); (2, 3, 4) | (2, 1, 4) | (2, 3, 4)"

static const kt_layer_type types[] = {
    MERGE("Add", kt_merge_build, add, "The sum of its inputs.", TWO_OR_THREE),
    MERGE("Subtract", build_two, subtract, "The first input less the second.",
          "(2, 3) | (2, 3); (2, 3, 4) | (2, 1, 4)"),
    MERGE("Multiply", kt_merge_build, multiply, "The product of its inputs.", TWO_OR_THREE),
    MERGE("Average", kt_merge_build, average, "The mean of its inputs.", TWO_OR_THREE),
    MERGE("Maximum", kt_merge_build, maximum, "The largest of its inputs.", TWO_OR_THREE),
    MERGE("Minimum", kt_merge_build, minimum, "The smallest of its inputs.", TWO_OR_THREE),
};

const kt_layer_type *const kt_layers_merging[] = {&types[0], &types[1], &types[2], &types[3],
                                                  &types[4], &types[5], NULL};
