/* max_norm.c - MaxNorm. */
#include "nn/constraints/length.h"

#define FIELDS(F)                                                 \
    F(FLOAT, max_value, "2", "kept: operand", "Greatest length.") \
    F(INTS, axis, "0", "kept: axis", "Axes over which a length is taken.")
KT_CONFIG(FIELDS);

static kt_node *project(kt_graph *g, const void *self, kt_node *w)
{
    const config *c = self;
    kt_node      *norms = kt_lengths(g, w, &c->axis);
    kt_unary_attr clip = {KT_UN_CLIP, 0, c->max_value};

    return kt_with_lengths(g, w, norms, kt_unary_with(g, clip, norms));
}

static const kt_constraint_type max_norm = {
    .cls = {.class_name = "MaxNorm",
            .aliases = "max_norm",
            .module = "keras.constraints",
            .config = &config_type,
            .summary = "Vectors that are too long are made shorter."},
    .project = project,
};

const kt_class *const kt_constraints_max_norm[] = {&max_norm.cls, NULL};
