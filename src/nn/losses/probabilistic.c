/* probabilistic.c - losses between distributions: KLDivergence and Poisson. */
#include "nn/loss.h"

#define FIELDS(F) KT_LOSS_FIELDS(F, "None")
KT_CONFIG(FIELDS);

#define EPSILON 1e-7

static kt_node *clipped(kt_graph *g, kt_node *p)
{
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, EPSILON, 1}, p);
}

/* sum t log(t / p) (Kullback and Leibler, 1951) */
static kt_node *divergence(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_node *t = clipped(g, y_true), *p = clipped(g, y_pred);
    return kt_reduce_last(g, KT_RE_SUM, kt_mul(g, t, kt_unary(g, KT_UN_LOG, kt_div(g, t, p))));
}

/* p - t log p: the likelihood of a count t where p are expected */
static kt_node *counts(kt_graph *g, const void *c, kt_node *y_true, kt_node *y_pred)
{
    (void)c;
    kt_node *log = kt_unary(g, KT_UN_LOG, kt_add_scalar(g, y_pred, EPSILON));
    return kt_reduce_last(g, KT_RE_MEAN, kt_sub(g, y_pred, kt_mul(g, y_true, log)));
}

static const kt_loss_type kl_divergence = {
    .cls = {.class_name = "KLDivergence",
            .aliases = "kl_divergence|kld|KLD",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Kullback-Leibler divergence of two distributions.",
            .dropped = "dtype"},
    .fn_name = "kl_divergence",
    .call = divergence,
};

static const kt_loss_type poisson = {
    .cls = {.class_name = "Poisson",
            .aliases = "poisson",
            .module = "keras.losses",
            .config = &config_type,
            .summary = "Of counts, where the output is the expected one.",
            .dropped = "dtype"},
    .fn_name = "poisson",
    .call = counts,
};

const kt_class *const kt_losses_probabilistic[] = {&kl_divergence.cls, &poisson.cls, NULL};
