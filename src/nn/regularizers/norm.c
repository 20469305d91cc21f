/* norm.c - L1, L2 and L1L2: sums of sizes and of squares. */
#include <math.h>

#include "nn/nn.h"

#define FIELDS(F)                                        \
    F(ANY, l1, "0.0", "", "Factor of the sum of sizes.") \
    F(ANY, l2, "0.0", "", "Factor of the sum of squares.")
KT_CONFIG(FIELDS);

/* L1 and L2 read one of the two factors, with a default of their own. */
typedef struct one {
    const kt_value *factor;
} one;
static const kt_field l1_fields[] = {
    {KT_F_ANY, "l1", "0.01", "", "Factor of the sum of sizes.", offsetof(one, factor), false}};
static const kt_field l2_fields[] = {
    {KT_F_ANY, "l2", "0.01", "", "Factor of the sum of squares.", offsetof(one, factor), false}};
static const kt_config_type l1_config = {sizeof(one), l1_fields, 1};
static const kt_config_type l2_config = {sizeof(one), l2_fields, 1};

/* None is the default; anything but a number from 0 on is refused. */
static kt_status read_factor(kt_arena *a, const char *name, const kt_value **v, double initial,
                             kt_fault *f)
{
    double x = initial;

    if (*v && !kt_value_number(*v, &x))
        x = -1;
    if (!(x >= 0) || isinf(x)) {
        kt_str text = {0};
        if (*v && (*v)->kind == KT_STR)
            kt_str_add(&text, (*v)->s);
        else
            kt_value_repr(&text, *v);
        kt_raise(f, KT_E_VALUE,
                 "Invalid value for argument %s: expected a non-negative float.Received: %s=%s",
                 name, name, kt_str_text(&text));
        kt_str_free(&text);
        return KT_E_VALUE;
    }
    *v = kt_value_float(a, x);
    return *v ? KT_OK : kt_raise_memory(f);
}

static double number(const kt_value *v)
{
    double x = 0;
    (void)kt_value_number(v, &x);
    return x;
}

/* Keras keeps the factor of L1 as a float32. */
static kt_status check_l1(kt_arena *a, void *self, kt_fault *f)
{
    one *c = self;

    if (read_factor(a, "l1", &c->factor, 0.01, f) != KT_OK)
        return f->e.status;
    c->factor = kt_value_float(a, (double)(float)number(c->factor));
    return c->factor ? KT_OK : kt_raise_memory(f);
}

static kt_status check_l2(kt_arena *a, void *self, kt_fault *f)
{
    return read_factor(a, "l2", &((one *)self)->factor, 0.01, f);
}

static kt_status check_both(kt_arena *a, void *self, kt_fault *f)
{
    config *c = self;

    if (read_factor(a, "l1", &c->l1, 0, f) != KT_OK)
        return f->e.status;
    return read_factor(a, "l2", &c->l2, 0, f);
}

static kt_node *sum(kt_graph *g, double factor, kt_unary_fn fn, kt_node *w)
{
    return kt_mul_scalar(g, kt_sum_all(g, kt_unary(g, fn, w)), factor);
}

static kt_node *penalty_l1(kt_graph *g, const void *self, kt_node *w)
{
    return sum(g, number(((const one *)self)->factor), KT_UN_ABS, w);
}

static kt_node *penalty_l2(kt_graph *g, const void *self, kt_node *w)
{
    return sum(g, number(((const one *)self)->factor), KT_UN_SQUARE, w);
}

static kt_node *penalty_both(kt_graph *g, const void *self, kt_node *w)
{
    const config *c = self;
    double        l1 = number(c->l1), l2 = number(c->l2);

    if (l1 != 0 && l2 != 0)
        return kt_add(g, sum(g, l1, KT_UN_ABS, w), sum(g, l2, KT_UN_SQUARE, w));
    if (l1 != 0)
        return sum(g, l1, KT_UN_ABS, w);
    return l2 != 0 ? sum(g, l2, KT_UN_SQUARE, w) : kt_scalar_as(g, 0, w->dtype);
}

static const kt_regularizer_type l1 = {
    .cls = {.class_name = "L1",
            .aliases = "l1",
            .module = "keras.regularizers",
            .config = &l1_config,
            .summary = "l1 * sum(|w|): many weights become 0.",
            .check = check_l1},
    .penalty = penalty_l1,
};

static const kt_regularizer_type l2 = {
    .cls = {.class_name = "L2",
            .aliases = "l2",
            .module = "keras.regularizers",
            .config = &l2_config,
            .summary = "l2 * sum(w^2): weights stay small.",
            .check = check_l2},
    .penalty = penalty_l2,
};

static const kt_regularizer_type l1l2 = {
    .cls = {.class_name = "L1L2",
            .aliases = "l1l2",
            .module = "keras.regularizers",
            .config = &config_type,
            .summary = "l1 * sum(|w|) + l2 * sum(w^2).",
            .check = check_both},
    .penalty = penalty_both,
};

const kt_class *const kt_regularizers_norm[] = {&l1.cls, &l2.cls, &l1l2.cls, NULL};
