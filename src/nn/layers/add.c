/* add.c - Add: the sum of its inputs. */
#include "nn/merge.h"

static void call(kt_layer *self, kt_call *c)
{
    kt_merge_call(self, c, kt_add);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Add",
            .module = "keras.layers",
            .config = &kt_no_config,
            .summary = "The sum of its inputs."},
    .flags = KT_LAYER_LIST | KT_LAYER_OWN_MASK,
    .build = kt_merge_build,
    .call = call,
    .sample = "Add(); Add()",
    .sample_input = "(2, 3) | (2, 3); (2, 3, 4) | (2, 1, 4) | (2, 3, 4)",
};

const kt_layer_type *const kt_layers_add[] = {&type, NULL};
