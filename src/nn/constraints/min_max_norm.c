/* min_max_norm.c - MinMaxNorm. */
#include "nn/constraints/length.h"

#define FIELDS(F)                                                           \
    F(FLOAT, min_value, "0.0", "kept: operand", "Least length.")            \
    F(FLOAT, max_value, "1.0", "kept: operand", "Greatest length.")         \
    F(FLOAT, rate, "1.0", "kept: operand; 1 - x",                           \
      "How far a length moves to its bound in one step: 1 is all the way.") \
    F(INTS, axis, "0", "kept: axis", "Axes over which a length is taken.")
KT_CONFIG(FIELDS);

static kt_node *project(kt_graph *g, const void *self, kt_node *w)
{
    const config *c = self;
    kt_node      *norms = kt_lengths(g, w, &c->axis);
    kt_unary_attr clip = {KT_UN_CLIP, c->min_value, c->max_value};
    kt_node      *bounded = kt_mul_scalar(g, kt_unary_with(g, clip, norms), c->rate);

    return kt_with_lengths(g, w, norms, kt_add(g, bounded, kt_mul_scalar(g, norms, 1 - c->rate)));
}

static const kt_constraint_type min_max_norm = {
    .cls = {.class_name = "MinMaxNorm",
            .aliases = "min_max_norm",
            .module = "keras.constraints",
            .config = &config_type,
            .summary = "Vectors that are too short or too long are moved to the bounds."},
    .project = project,
};

const kt_class *const kt_constraints_min_max_norm[] = {&min_max_norm.cls, NULL};
