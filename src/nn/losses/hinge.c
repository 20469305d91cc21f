/* hinge.c - losses that ask for a margin: labels are -1 and 1, or one-hot. */
#include "nn/loss.h"

#define FIELDS(F) KT_LOSS_FIELDS(F, "None")
KT_CONFIG(FIELDS);

/* Labels 0 and 1 become -1 and 1 where all are such. */
static kt_node *signs(kt_graph *g, kt_node *y)
{
    kt_node *binary = kt_binary(g, KT_BI_OR, kt_binary(g, KT_BI_EQUAL, y, kt_scalar(g, 0)),
                                kt_binary(g, KT_BI_EQUAL, y, kt_scalar(g, 1)));

    if (kt_graph_failed(g))
        return g->poison;
    kt_node *all = kt_reduce(g, KT_RE_MIN, kt_cast(g, binary, g->floatx), (1u << y->shape.rank) - 1,
                             false);
    return kt_select(g, kt_cast(g, all, KT_BOOLEAN), kt_add_scalar(g, kt_mul_scalar(g, y, 2), -1),
                     y);
}

static kt_node *at_least_zero(kt_graph *g, kt_node *x)
{
    return kt_binary(g, KT_BI_MAXIMUM, x, kt_scalar(g, 0));
}

/* By how much the margin of 1 is missed. */
static kt_node *missed(kt_graph *g, kt_node *y_true, kt_node *y_pred)
{
    kt_node *margin = kt_mul(g, signs(g, y_true), y_pred);
    return at_least_zero(g, kt_sub(g, kt_scalar(g, 1), margin));
}

static kt_node *linear(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    return kt_reduce_last(g, KT_RE_MEAN, missed(g, y_true, y_pred));
}

static kt_node *squared(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    return kt_reduce_last(g, KT_RE_MEAN, kt_unary(g, KT_UN_SQUARE, missed(g, y_true, y_pred)));
}

/* The largest output of another class against that of the right one. */
static kt_node *categorical(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_node *right = kt_reduce_last(g, KT_RE_SUM, kt_mul(g, y_true, y_pred));
    kt_node *others = kt_mul(g, kt_sub(g, kt_scalar(g, 1), y_true), y_pred);
    kt_node *wrong = kt_reduce_last(g, KT_RE_MAX, others);
    return at_least_zero(g, kt_add_scalar(g, kt_sub(g, wrong, right), 1));
}

static const kt_loss_type hinge = {
    .cls = {.class_name = "Hinge",
            .aliases = "hinge",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Linear loss below a margin of 1.",
            .dropped = "dtype"},
    .fn_name = "hinge",
    .call = linear,
};

static const kt_loss_type squared_hinge = {
    .cls = {.class_name = "SquaredHinge",
            .aliases = "squared_hinge",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Squared loss below a margin of 1.",
            .dropped = "dtype"},
    .fn_name = "squared_hinge",
    .call = squared,
};

static const kt_loss_type categorical_hinge = {
    .cls = {.class_name = "CategoricalHinge",
            .aliases = "categorical_hinge",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Margin between the right class and the best other one.",
            .dropped = "dtype"},
    .fn_name = "categorical_hinge",
    .call = categorical,
};

const kt_class *const kt_losses_hinge[] = {&hinge.cls, &squared_hinge.cls, &categorical_hinge.cls,
                                           NULL};
