/* unit_norm.c - UnitNorm. */
#include "nn/constraints/length.h"

#define FIELDS(F) F(INTS, axis, "0", "kept: axis", "Axes over which a length is taken.")
KT_CONFIG(FIELDS);

static kt_node *project(kt_graph *g, const void *self, kt_node *w)
{
    const config *c = self;
    kt_node      *norms = kt_lengths(g, w, &c->axis);

    return kt_with_lengths(g, w, norms, kt_is_poison(g, w) ? w : kt_scalar_as(g, 1, w->dtype));
}

static const kt_constraint_type unit_norm = {
    .cls = {.class_name = "UnitNorm",
            .aliases = "unit_norm",
            .module = "keras.constraints",
            .config = &config_type,
            .summary = "Vectors are made of length 1."},
    .project = project,
};

const kt_class *const kt_constraints_unit_norm[] = {&unit_norm.cls, NULL};
