/* non_neg.c - NonNeg. */
#include "nn/nn.h"

static kt_node *project(kt_graph *g, const void *self, kt_node *w)
{
    (void)self;
    return kt_unary(g, KT_UN_RELU, w);
}

static const kt_constraint_type non_neg = {
    .cls = {.class_name = "NonNeg",
            .aliases = "non_neg",
            .module = "keras.constraints",
            .config = &kt_no_config,
            .summary = "Negative weights become 0."},
    .project = project,
};

const kt_class *const kt_constraints_non_neg[] = {&non_neg.cls, NULL};
