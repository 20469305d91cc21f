/* muon.c - Muon: matrices are stepped along the orthogonal matrix nearest to their momentum, all
 * else by Adam (Jordan and others, 2024). */
#include "nn/layer.h"
#include "nn/optimizer.h"

#include <ctype.h>
#include <math.h>
#include <regex.h>
#include <string.h>

#define FIELDS(F)                                                                                \
    KT_OPTIMIZER_RATE(F, "0.001")                                                                \
    F(FLOAT, adam_beta_1, "0.9", "kept: cast; 1 - x",                                            \
      "Adam's share of the old mean of gradients.")                                              \
    F(FLOAT, adam_beta_2, "0.999", "kept: cast; 1 - x",                                          \
      "Adam's share of the old mean of squares.")                                                \
    F(OPTFLOAT, adam_weight_decay, "0.004", "kept: operand", "Weight decay of what Adam steps.") \
    F(FLOAT, epsilon, "1e-07", "kept: tensor", "Added to the root of Adam's mean square.")       \
    KT_OPTIMIZER_DECAY(F, "0.004")                                                               \
    KT_OPTIMIZER_FIELDS(F)                                                                       \
    F(ANY, exclude_layers, "[]", "", "Patterns of paths that Adam steps.")                       \
    F(BOOL, exclude_embeddings, "True", "", "Adam steps embeddings.")                            \
    F(FLOAT, muon_a, "3.4445", "kept: operand", "Coefficient of x in the iteration.")            \
    F(FLOAT, muon_b, "-4.775", "kept: operand", "Coefficient of x^3.")                           \
    F(FLOAT, muon_c, "2.0315", "kept: operand", "Coefficient of x^5.")                           \
    F(FLOAT, adam_lr_ratio, "1", "kept: tensor", "Adam's learning rate over Muon's.")            \
    F(FLOAT, momentum, "0.95", "kept: x - 1", "Share of the old momentum.")                      \
    F(INT, ns_steps, "5", "[0, 1000]", "Iterations towards the orthogonal matrix.")              \
    F(BOOL, nesterov, "True", "", "Looks ahead along the momentum.")                             \
    F(OPTFLOAT, rms_rate, "0.2", "kept: operand", "Root mean square of a step before the rate.")
KT_CONFIG(FIELDS);

/* `exclude_layers or []` */
static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    config *c = cfg;

    if (!kt_value_true(c->exclude_layers))
        c->exclude_layers = kt_value_new(a, KT_LIST);
    else if (!c->exclude_layers->keys && !kt_value_is_seq(c->exclude_layers) &&
             c->exclude_layers->kind != KT_STR)
        return kt_raise(f, KT_E_TYPE, "'%s' object is not iterable",
                        kt_python_type(c->exclude_layers));
    return c->exclude_layers ? KT_OK : kt_raise_memory(f);
}

/* --- which weights --- */

static bool contains(const char *path, const char *lower)
{
    size_t n = strlen(lower);

    for (; *path; path++) {
        size_t i = 0;
        while (i < n && path[i] && tolower((unsigned char)path[i]) == lower[i])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

static bool matches(const char *pattern, const char *path)
{
    regex_t re;
    bool    found;

    if (!pattern || regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    found = regexec(&re, path, 0, NULL, 0) == 0;
    regfree(&re);
    return found;
}

static bool by_adam(const config *c, const kt_variable *v)
{
    const char *path = v->path ? v->path : v->name;

    if (v->shape.rank != 2 || (c->exclude_embeddings && contains(path, "embedding")))
        return true;
    for (size_t i = 0; c->exclude_layers && i < c->exclude_layers->n; i++)
        if (matches(kt_value_text(c->exclude_layers->items[i]), path))
            return true;
    return false;
}

static int slots(const void *cfg, kt_slot_kind *kinds)
{
    (void)cfg;
    kinds[0].name = "momentum";
    kinds[1].name = "velocity";
    kinds[1].beside = true;
    return 2;
}

static bool slot_like(const void *cfg, int kind, const kt_variable *v, kt_dtype *dtype,
                      kt_shape *shape)
{
    (void)dtype, (void)shape;
    return kind == 0 || by_adam(cfg, v);
}

static bool decay(const void *cfg, const kt_variable *v, double *rate)
{
    const config *c = cfg;
    kt_optfloat   share = by_adam(c, v) ? c->adam_weight_decay : c->weight_decay;

    *rate = share.v;
    return share.set;
}

/* --- updates --- */

static kt_node *adam(kt_update *u)
{
    const config *c = u->config;
    kt_graph     *g = u->g;
    kt_node      *power_1 = kt_step_power(u, c->adam_beta_1);
    kt_node      *root = kt_unary(g, KT_UN_SQRT, kt_one_minus(g, kt_step_power(u, c->adam_beta_2)));
    kt_node      *rate = kt_mul(g, kt_mul_scalar(g, u->lr, c->adam_lr_ratio), root);
    kt_node      *m = kt_toward(g, kt_slot(u, 0), u->grad, 1 - c->adam_beta_1);
    kt_node      *v = kt_toward(g, kt_slot(u, 1), kt_grad_map(u, KT_UN_SQUARE), 1 - c->adam_beta_2);
    kt_node      *size = kt_add_scalar(g, kt_unary(g, KT_UN_SQRT, v), c->epsilon);

    kt_slot_assign(u, 0, m);
    kt_slot_assign(u, 1, v);
    rate = kt_div(g, rate, kt_one_minus(g, power_1));
    return kt_sub(g, u->w, kt_div(g, kt_mul(g, m, rate), size));
}

static kt_node *transposed(kt_graph *g, kt_node *x)
{
    return kt_transpose(g, x, (int[]){1, 0});
}

/* Brings all singular values near 1: x := a x + (b x x' + c (x x')^2) x, `ns_steps` times. */
static kt_node *orthogonal(kt_graph *g, const config *c, kt_node *x)
{
    bool     tall = x->shape.dim[0] > x->shape.dim[1];
    kt_node *norm = kt_unary(g, KT_UN_SQRT, kt_sum_all(g, kt_unary(g, KT_UN_SQUARE, x)));

    x = kt_div(g, tall ? transposed(g, x) : x, kt_add_scalar(g, norm, 1e-7));
    for (int64_t i = 0; i < c->ns_steps; i++) {
        kt_node *p = kt_matmul(g, x, x, false, true);
        kt_node *q = kt_matmul(g, kt_mul_scalar(g, p, c->muon_c), p, false, false);
        q = kt_add(g, kt_mul_scalar(g, p, c->muon_b), q);
        x = kt_add(g, kt_mul_scalar(g, x, c->muon_a), kt_matmul(g, q, x, false, false));
    }
    return tall ? transposed(g, x) : x;
}

static kt_node *muon_step(kt_update *u)
{
    const config  *c = u->config;
    kt_graph      *g = u->g;
    const int64_t *dim = u->w->shape.dim;
    kt_node       *change = kt_add(g, u->grad, kt_mul_scalar(g, kt_slot(u, 0), c->momentum - 1));
    kt_node       *m = kt_add(g, kt_slot(u, 0), change);
    kt_node       *d = c->nesterov ? kt_add(g, u->grad, kt_mul_scalar(g, m, c->momentum)) : m;
    kt_node       *step = kt_mul(g, u->lr, orthogonal(g, c, d));

    kt_slot_assign(u, 0, m);
    if (c->rms_rate.set) {
        step = kt_mul_scalar(g, step, sqrt((double)(dim[0] > dim[1] ? dim[0] : dim[1])));
        step = kt_mul_scalar(g, step, c->rms_rate.v);
    }
    return kt_sub(g, u->w, step);
}

static kt_node *update(kt_update *u)
{
    return by_adam(u->config, u->variable) ? adam(u) : muon_step(u);
}

static const kt_optimizer_type muon = {
    .cls = {.class_name = "Muon",
            .aliases = "muon",
            .module = "keras.optimizers",
            .config = &config_type,
            .summary = "Matrices are stepped by orthogonal matrices, all else by Adam.",
            .check = check},
    .slots = slots,
    .slot_like = slot_like,
    .update = update,
    .decay = decay,
    .per_variable = true,
};

const kt_class *const kt_optimizers_muon[] = {&muon.cls, NULL};
