/* choose.c - y = the option whose number is given. What only other options need does not run
 * (exec/guard.c); select() is for a choice in each element. */
#include <string.h>

#include "ops/shared.h"

static kt_status fail_option(kt_op_call *c, int i)
{
    return kt_op_fail(c, i, -1, KT_NO_FACT, KT_NO_FACT,
                      "choose: options %s and %s must have the same shape and dtype",
                      kt__shape_text(c->g, &c->in[1]->shape),
                      kt__shape_text(c->g, &c->in[i]->shape));
}

static kt_status shape(kt_op_call *c)
{
    kt_shape *y = &c->out[0].shape;

    if (c->in[0]->dtype != KT_I32 || c->in[0]->shape.rank)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "choose: the number of the option is a whole number without axes");
    kt_like(c, 0, 1);
    for (int i = 2; i < c->n_in; i++) {
        const kt_shape *s = &c->in[i]->shape;

        if (c->in[i]->dtype != c->out[0].dtype || s->rank != y->rank)
            return fail_option(c, i);
        for (int k = 0; k < y->rank; k++)
            if (y->dim[k] == KT_UNKNOWN)
                kt_from_axis(c, 0, k, i, k);
            else if (s->dim[k] != KT_UNKNOWN && s->dim[k] != y->dim[k])
                return fail_option(c, i);
    }
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_node *zero = kt_scalar_as(g, 0, y->dtype);

    for (int i = 1; i < y->n_in; i++) {
        kt_node *chosen = kt_binary(g, KT_BI_EQUAL, y->in[0], kt_scalar_as(g, i - 1, KT_I32));
        dx[i] = kt_select(g, chosen, dy[0], zero);
    }
}

static void reference(const kt_run *r)
{
    double which = *r->in[0].f64;

    if (which < 0 || which >= r->n_in - 1) {
        kt_refuse(r, &r->in[0], 0, (int64_t)which, r->n_in - 1);
        return;
    }
    memcpy(r->out[0].data, r->in[1 + (int)which].data, (size_t)r->out[0].count * sizeof(double));
}

static kt_node *sample(kt_sampler *s, int variant)
{
    kt_shape full = KT_SHAPE(s->size(s, 1, 5), s->size(s, 2, 9));
    kt_node *which = s->integer(s, KT_SCALAR_SHAPE, variant, variant + 1);
    kt_node *option[] = {s->real(s, full, -1, 1), s->real(s, full, -1, 1), s->real(s, full, -1, 1)};

    return variant > 2 ? NULL : kt_choose(s->g, kt_cast(s->g, which, KT_I32), 3, option);
}

const kt_op_type kt_op_choose = {
    .name = "choose",
    .min_in = 2,
    .max_in = -1,
    .flags = KT_OP_CHOICE,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 1,
};

kt_node *kt_choose(kt_graph *g, kt_node *which, int n, kt_node *const *option)
{
    kt_node **in = kt_arena_calloc(&g->arena, (size_t)n + 1, sizeof *in);

    if (!in) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    in[0] = which;
    for (int i = 0; i < n; i++)
        in[i + 1] = option[i];
    return kt_emit(g, &kt_op_choose, NULL, 0, n + 1, in);
}

const kt_op_type *const kt_ops_choose[] = {&kt_op_choose, NULL};
