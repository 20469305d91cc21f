/* overlap.c - losses on the overlap of two sets: Dice and Tversky, for segmentation. */
#include "nn/loss.h"

#define DICE_FIELDS(F)                                                     \
    KT_REDUCTION_FIELD(F)                                                  \
    F(STR, name, "dice", "", "Name of the loss.")                          \
    F(INTS, axis, "None", "kept: axis", "Axes of one overlap; None: all.") \
    F(ANY, dtype, "None", "", "Of the computation.")

#define FIELDS(F)                                                                \
    F(FLOAT, alpha, "0.5", "kept: operand", "Weight of what the output misses.") \
    F(FLOAT, beta, "0.5", "kept: operand", "Weight of what the output adds.")    \
    KT_REDUCTION_FIELD(F)                                                        \
    F(STR, name, "tversky", "", "Name of the loss.")                             \
    F(INTS, axis, "None", "kept: axis", "Axes of one overlap; None: all.")       \
    F(ANY, dtype, "None", "", "Of the computation.")
KT_CONFIG(FIELDS);

typedef struct dice_config {
    DICE_FIELDS(KT_MEMBER)
} dice_config;
#define DICE_ROW(kind, name, initial, rule, help) \
    {KT_F_##kind, #name, initial, rule, help, offsetof(dice_config, name), false},
static const kt_field       dice_fields[] = {DICE_FIELDS(DICE_ROW)};
static const kt_config_type dice_type = {sizeof(dice_config), dice_fields, KT_COUNT(dice_fields)};

#define EPSILON 1e-7

/* both / all: what is left is the loss */
static kt_node *rest(kt_graph *g, kt_node *both, kt_node *all)
{
    return kt_sub(g, kt_scalar(g, 1), kt_div(g, both, kt_add_scalar(g, all, EPSILON)));
}

static kt_node *sum(kt_graph *g, kt_node *x, const kt_ints *axes)
{
    unsigned mask = 0;

    if (kt_graph_failed(g) || !kt_axes_mask(g, &x->shape, axes, &mask))
        return g->poison;
    return mask ? kt_reduce(g, KT_RE_SUM, x, mask, false) : x;
}

/* Twice the overlap in both (Dice, 1945). */
static kt_node *dice_call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const kt_ints *axis = &((const dice_config *)cfg)->axis;

    kt_node *both = kt_mul_scalar(g, sum(g, kt_mul(g, y_true, y_pred), axis), 2);
    return rest(g, both, kt_add(g, sum(g, y_true, axis), sum(g, y_pred, axis)));
}

static kt_node *without(kt_graph *g, kt_node *x, kt_node *z)
{
    return kt_mul(g, x, kt_sub(g, kt_scalar(g, 1), z));
}

/* The overlap, with weights for what is on one side only (Tversky, 1977). */
static kt_node *tversky_call(kt_graph *g, const void *cfg, kt_node *y_true, kt_node *y_pred)
{
    const config *c = cfg;

    kt_node *both = sum(g, kt_mul(g, y_true, y_pred), &c->axis);
    kt_node *missed = sum(g, without(g, y_true, y_pred), &c->axis);
    kt_node *added = sum(g, without(g, y_pred, y_true), &c->axis);
    kt_node *all = kt_add(g, kt_add(g, both, kt_mul_scalar(g, missed, c->alpha)),
                          kt_mul_scalar(g, added, c->beta));
    return rest(g, both, all);
}

static const kt_loss_type dice = {
    .cls = {.class_name = "Dice",
            .aliases = "dice",
            .module = "keras.losses",
            .config = &dice_type,
            .summary = "One minus the share of the overlap.",
            .dropped = "dtype"},
    .fn_name = "dice",
    .call = dice_call,
};

static const kt_loss_type tversky = {
    .cls = {.class_name = "Tversky",
            .aliases = "tversky",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "One minus the overlap, with weights for both kinds of error.",
            .dropped = "dtype"},
    .fn_name = "tversky",
    .call = tversky_call,
};

const kt_class *const kt_losses_overlap[] = {&dice.cls, &tversky.cls, NULL};
