/* adafactor.c - Adafactor: Adam that keeps a row and a column instead of a matrix of mean squares
 * (Shazeer and Stern, 2018). */
#include "nn/optimizer.h"

#define FIELDS(F)                                                                                  \
    KT_OPTIMIZER_RATE(F, "0.001")                                                                  \
    F(FLOAT, beta_2_decay, "-0.8", "kept: tensor",                                                 \
      "Power of the step in the share of new squares.")                                            \
    F(FLOAT, epsilon_1, "1e-30", "kept: tensor", "Added to squares.")                              \
    F(FLOAT, epsilon_2, "0.001", "kept: cast", "Least size of a weight that steps are scaled to.") \
    F(FLOAT, clip_threshold, "1.0", "kept: tensor",                                                \
      "Largest root mean square of a step before the rate.")                                       \
    F(BOOL, relative_step, "True", "", "The rate falls with the root of the step.")                \
    KT_OPTIMIZER_DECAY(F, "None")                                                                  \
    KT_OPTIMIZER_FIELDS(F)
KT_CONFIG(FIELDS);

enum { ROWS, COLUMNS, VELOCITY };

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[ROWS].name = "r";
    kinds[COLUMNS] = (kt_slot_kind){.name = "c", .beside = true};
    kinds[VELOCITY] = (kt_slot_kind){.name = "velocity", .beside = true};
    return 3;
}

/* Vectors have no rows and columns: Keras keeps an unused integer in their place. */
static bool slot_like(const void *cfg, int kind, const kt_variable *v, kt_dtype *dtype,
                      kt_shape *shape)
{
    int rank = v->shape.rank;

    (void)cfg;
    if (kind == VELOCITY)
        return true;
    if (rank < 2) {
        *dtype = KT_I32;
        *shape = KT_SCALAR_SHAPE;
        return true;
    }
    if (kind == COLUMNS)
        shape->dim[rank - 2] = shape->dim[rank - 1];
    shape->rank = rank - 1;
    return true;
}

static kt_node *mean(kt_graph *g, kt_node *x, int axis, bool keep)
{
    int at = kt_axis(&x->shape, axis); /* none in poison */

    return at < 0 ? g->poison : kt_reduce(g, KT_RE_MEAN, x, 1U << at, keep);
}

/* share * new + (1 - share) * old, with the share of the old given */
static kt_node *mix(kt_graph *g, kt_node *keep, kt_node *old, kt_node *new_one)
{
    return kt_add(g, kt_mul(g, keep, old), kt_mul(g, kt_one_minus(g, keep), new_one));
}

/* The mean squares, out of rows and columns where there are any. */
static kt_node *velocity(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *power = kt_scalar_as(g, c->beta_2_decay, u->step->dtype);
    kt_node      *keep = kt_one_minus(g, kt_binary(g, KT_BI_POW, u->step, power));
    kt_node      *square = kt_add_scalar(g, kt_grad_map(u, KT_UN_SQUARE), c->epsilon_1), *v;

    if (u->w->shape.rank < 2) {
        v = mix(g, keep, kt_slot(u, VELOCITY), square);
    } else {
        kt_node *rows = mix(g, keep, kt_slot(u, ROWS), mean(g, square, -1, false));
        kt_node *columns = mix(g, keep, kt_slot(u, COLUMNS), mean(g, square, -2, false));
        kt_node *share = kt_div(g, rows, mean(g, rows, -1, true));
        int      rank = u->w->shape.rank;

        kt_slot_assign(u, ROWS, rows);
        kt_slot_assign(u, COLUMNS, columns);
        v = kt_mul(g, kt_expand_dims(g, share, rank - 1), kt_expand_dims(g, columns, rank - 2));
    }
    kt_slot_assign(u, VELOCITY, v);
    return v;
}

static kt_node *update(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *one = kt_scalar_as(g, 1, u->w->dtype), *rate = u->lr, *v = velocity(u), *square;
    kt_node      *fall = kt_div(g, one, kt_unary(g, KT_UN_SQRT, u->step));
    kt_node      *size = kt_unary(g, KT_UN_SQRT, kt_mean_all(g, kt_unary(g, KT_UN_SQUARE, u->w)));

    if (c->relative_step && !u->optimizer->schedule)
        rate = kt_binary(g, KT_BI_MINIMUM, rate, fall);
    rate = kt_mul(g, kt_binary(g, KT_BI_MAXIMUM, kt_scalar_as(g, c->epsilon_2, size->dtype), size),
                  kt_binary(g, KT_BI_MINIMUM, rate, fall));
    kt_node *step = kt_div(g, u->grad, kt_unary(g, KT_UN_SQRT, v));
    square = u->raw ? kt_div(g, kt_grad_map(u, KT_UN_SQUARE), v) : kt_unary(g, KT_UN_SQUARE, step);
    kt_node *excess = kt_div(g, kt_unary(g, KT_UN_SQRT, kt_mean_all(g, square)),
                             kt_scalar_as(g, c->clip_threshold, u->w->dtype));
    step = kt_div(g, step, kt_binary(g, KT_BI_MAXIMUM, one, excess));
    return kt_sub(g, u->w, kt_mul(g, rate, step));
}

static const kt_optimizer_type adafactor = {
    .cls = {.class_name = "Adafactor",
            .aliases = "adafactor",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Adam that keeps rows and columns instead of matrices."},
    .slots = slots,
    .slot_like = slot_like,
    .update = update,
    .per_variable = true,
};

const kt_class *const kt_optimizers_adafactor[] = {&adafactor.cls, NULL};
