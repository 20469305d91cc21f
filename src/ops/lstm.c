/* lstm.c - a whole sequence of LSTM steps as one op.
 *
 *   z = x[t] . kernel + h . recurrent + bias; i, f, o = recurrent_act(z_i, z_f, z_o)
 *   c = f c + i act(z_c); h = o act(c)
 *
 * A masked step keeps both states and gives the output before it (at first zeros), or zeros if
 * zero_output_for_mask. What the gradient needs is left in the reserve (graph/attrs.h).
 */
#include "ops/lstm.h"

#include <math.h>
#include <string.h>

/* An activation's value; *at is what its slope is evaluated at. */
static double activate(kt_unary_attr f, double x, double *at)
{
    double y = kt_unary_value(f, x);

    *at = kt__slope_in_x(f.fn) ? x : y;
    return y;
}

static kt_status expect(kt_op_call *c, int input, int rank, int axis, int64_t size)
{
    const kt_shape *s = &c->in[input]->shape;
    int64_t         have = axis < 0 ? size : kt_dim(s, axis);

    if (s->rank != rank)
        return kt_op_fail(c, input, -1, rank, s->rank, "lstm: input %d must have rank %d, not %d",
                          input, rank, s->rank);
    if (have != size && have != KT_UNKNOWN && size != KT_UNKNOWN && !c->g->lenient)
        return kt_op_fail(c, input, axis, size, have,
                          "lstm: axis %d of input %d must have size %lld, not %lld", axis, input,
                          (long long)size, (long long)have);
    return KT_OK;
}

static kt_status check(kt_op_call *c, const kt_lstm_attr *a)
{
    int64_t batch = kt_dim(&c->in[0]->shape, 0), time = kt_dim(&c->in[0]->shape, 1), u = a->units;
    bool    ok = u >= 0 && u <= INT32_MAX && c->n_in == 5 + a->biased + a->masked;

    if (!ok)
        return kt_op_fail(c, -1, -1, KT_NO_FACT, u, "lstm: %lld units, %d inputs", (long long)u,
                          c->n_in);
    ok = expect(c, 0, 3, -1, 0) == KT_OK;
    for (int i = 1; i <= 2; i++)
        ok = ok && expect(c, i, 2, 0, batch) == KT_OK && expect(c, i, 2, 1, u) == KT_OK;
    ok = ok && expect(c, 3, 2, 0, kt_dim(&c->in[0]->shape, 2)) == KT_OK &&
         expect(c, 3, 2, 1, 4 * u) == KT_OK;
    ok = ok && expect(c, 4, 2, 0, u) == KT_OK && expect(c, 4, 2, 1, 4 * u) == KT_OK;
    if (ok && a->biased)
        ok = expect(c, 5, 1, 0, 4 * u) == KT_OK;
    if (ok && a->masked)
        ok = expect(c, c->n_in - 1, 2, 0, batch) == KT_OK &&
             expect(c, c->n_in - 1, 2, 1, time) == KT_OK;
    return ok ? KT_OK : c->g->fault->e.status;
}

/* result k is [batch, units] or [batch, time, width] */
static void set_result(kt_op_call *c, int k, bool sequence, int64_t width)
{
    int rank = 0;

    c->out[k].dtype = c->in[0]->dtype;
    kt_from_axis(c, k, rank++, 0, 0);
    if (sequence)
        kt_from_axis(c, k, rank++, 0, 1);
    kt_from_field(c, k, rank++, width, "units");
    c->out[k].shape.rank = rank;
}

static kt_status shape(kt_op_call *c)
{
    const kt_lstm_attr *a = c->attr;

    if (check(c, a) != KT_OK)
        return c->g->fault->e.status;
    set_result(c, 0, a->return_sequences, a->units);
    set_result(c, 1, false, a->units);
    set_result(c, 2, false, a->units);
    set_result(c, 3, true, KT_LSTM_RESERVE * a->units);
    c->n_out = 4;
    return KT_OK;
}

/* out[4 units] = x . kernel + h . recurrent + bias */
static void mix(const kt_run *r, const kt_lstm_attr *a, const double *x, const double *h,
                double *out)
{
    int64_t width = 4 * a->units, features = kt_dim(&r->in[0].shape, 2);

    for (int64_t j = 0; j < width; j++) {
        double z = a->biased ? r->in[5].f64[j] : 0;

        for (int64_t k = 0; k < features; k++)
            z += x[k] * r->in[3].f64[k * width + j];
        for (int64_t k = 0; k < a->units; k++)
            z += h[k] * r->in[4].f64[k * width + j];
        out[j] = z;
    }
}

/* Turns row, whose gates hold z, into a reserve row, and moves the states on unless the step is
 * masked. */
static void step(const kt_lstm_attr *a, double *row, double *h, double *c, bool masked)
{
    int64_t u = a->units;

    for (int64_t j = 0; j < u; j++) {
        double *v = row + j, i, f, g, o, new_c, new_h;

        v[BEFORE_C * u] = c[j];
        v[BEFORE_H * u] = h[j];
        i = activate(a->recurrent_act, v[GATE_I * u], &v[GATE_I * u]);
        f = activate(a->recurrent_act, v[GATE_F * u], &v[GATE_F * u]);
        g = activate(a->act, v[GATE_C * u], &v[GATE_C * u]);
        o = activate(a->recurrent_act, v[GATE_O * u], &v[GATE_O * u]);
        new_c = f * c[j] + i * g;
        new_h = o * activate(a->act, new_c, &v[ACT_C * u]);
        if (!masked) {
            c[j] = new_c;
            h[j] = new_h;
        }
    }
}

/* One sequence: x and the reserve of batch row b. */
static void run_row(const kt_run *r, const kt_lstm_attr *a, int64_t b)
{
    int64_t time = kt_dim(&r->in[0].shape, 1), features = kt_dim(&r->in[0].shape, 2), u = a->units;
    const double *mask = a->masked ? r->in[r->n_in - 1].f64 + b * time : NULL;
    double       *h = r->out[1].f64 + b * u, *c = r->out[2].f64 + b * u;
    bool          seen = false;

    for (int64_t j = 0; j < u; j++) {
        h[j] = r->in[1].f64[b * u + j];
        c[j] = r->in[2].f64[b * u + j];
    }
    for (int64_t j = 0; j < u && !a->return_sequences; j++)
        r->out[0].f64[b * u + j] = 0;
    for (int64_t s = 0; s < time; s++) {
        int64_t t = kt__lstm_time(a, s, time), at = b * time + t;
        double *row = r->out[3].f64 + at * KT_LSTM_RESERVE * u;
        double *y = r->out[0].f64 + (a->return_sequences ? b * time + s : b) * u;
        bool    masked = mask && mask[t] == 0;

        mix(r, a, r->in[0].f64 + at * features, h, row);
        step(a, row, h, c, masked);
        seen |= !masked;
        for (int64_t j = 0; j < u; j++)
            y[j] = (a->zero_output_for_mask ? !masked : seen) ? h[j] : 0;
    }
}

static void reference(const kt_run *r)
{
    for (int64_t b = 0; b < kt_dim(&r->in[0].shape, 0); b++)
        run_row(r, r->attr, b);
}

/* [batch, time, n] -> [batch * time, n] */
static kt_node *rows_of(kt_graph *g, kt_node *x)
{
    return kt_reshape(g, x, KT_SHAPE(kt_shape_product(&x->shape, 0, 2), kt_dim(&x->shape, 2)));
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_lstm_attr *a = y->attr;
    kt_node            *dz = kt__lstm_grad(g, y, dy), *rows, *before;

    if (kt_is_poison(g, dz))
        return;
    rows = rows_of(g, dz);
    before = kt_slice_axis(g, kt_part(y, 3), 2, BEFORE_H * a->units, a->units);
    dx[0] = kt_matmul(g, dz, y->in[3], false, true);
    dx[1] = kt_part(dz, 1);
    dx[2] = kt_part(dz, 2);
    dx[3] = kt_matmul(g, rows_of(g, y->in[0]), rows, true, false);
    dx[4] = kt_matmul(g, rows_of(g, before), rows, true, false);
    if (a->biased)
        dx[5] = kt_reduce(g, KT_RE_SUM, rows, 1, false);
}

/* --- samples --- */

/* b: bias, s: return_sequences, r: go_backwards, m: masked, z: zero_output_for_mask; 1: one step,
 * 0: no rows. Activations with slopes of either kind. */
static const struct example {
    kt_unary_fn act, gate;
    const char *flags;
} examples[] = {
    {KT_UN_TANH, KT_UN_SIGMOID, "b"},      {KT_UN_TANH, KT_UN_SIGMOID, "bs"},
    {KT_UN_TANH, KT_UN_SIGMOID, "rs"},     {KT_UN_TANH, KT_UN_SIGMOID, "bm"},
    {KT_UN_TANH, KT_UN_SIGMOID, "bms"},    {KT_UN_TANH, KT_UN_SIGMOID, "mrs"},
    {KT_UN_TANH, KT_UN_SIGMOID, "bmsz"},   {KT_UN_TANH, KT_UN_SIGMOID, "mrz"},
    {KT_UN_SOFTSIGN, KT_UN_SOFTPLUS, "b"}, {KT_UN_SILU, KT_UN_SIGMOID, "s"},
    {KT_UN_ELU, KT_UN_HARD_SIGMOID, "b"},  {KT_UN_IDENTITY, KT_UN_SIGMOID, "bs"},
    {KT_UN_TANH, KT_UN_SIGMOID, "bs1"},    {KT_UN_TANH, KT_UN_SIGMOID, "bs0"},
    {KT_UN_RELU, KT_UN_SIGMOID, "br"},     {KT_UN_TANH, KT_UN_IDENTITY, "m"},
};

static bool has(const struct example *e, char flag)
{
    return strchr(e->flags, flag) != NULL;
}

static kt_lstm_attr attributes(const struct example *e, int64_t units)
{
    return (kt_lstm_attr){
        .units = units,
        .act = {.fn = e->act, .a = 0.3},
        .recurrent_act = {.fn = e->gate, .a = 0.3},
        .return_sequences = has(e, 's'),
        .go_backwards = has(e, 'r'),
        .zero_output_for_mask = has(e, 'z'),
    };
}

/* Weights are small where units are many, so that rounding errors do not grow with time. */
kt_node *kt__lstm_sample(kt_sampler *s, int variant)
{
    int64_t  b = s->size(s, 1, 4), t = s->size(s, 2, 5), f = s->size(s, 1, 6), u = s->size(s, 1, 9);
    double   bound = 1 / sqrt((double)u);
    kt_node *x, *h, *c, *kernel, *recurrent, *bias, *mask;
    const struct example *e;
    kt_lstm_attr          a;

    if (variant >= (int)KT_COUNT(examples))
        return NULL;
    e = &examples[variant];
    a = attributes(e, u);
    if (has(e, '0'))
        b = 0;
    if (has(e, '1'))
        t = 1;
    x = s->real(s, KT_SHAPE(b, t, f), -1, 1);
    h = s->real(s, KT_SHAPE(b, u), -1, 1);
    c = s->real(s, KT_SHAPE(b, u), -1, 1);
    kernel = s->real(s, KT_SHAPE(f, 4 * u), -bound, bound);
    recurrent = s->real(s, KT_SHAPE(u, 4 * u), -bound, bound);
    bias = has(e, 'b') ? s->real(s, KT_SHAPE(4 * u), -0.5, 0.5) : NULL;
    mask = has(e, 'm') ? s->integer(s, KT_SHAPE(b, t), 0, 2) : NULL;
    return kt_lstm(s->g, x, h, c, kernel, recurrent, bias, mask, &a);
}

/* All of output, h and c, one of them, or two: so the gradient op meets every combination. */
static kt_node *sample(kt_sampler *s, int variant)
{
    kt_node            *y = kt__lstm_sample(s, variant), *both;
    const kt_lstm_attr *a;

    if (!y || kt_is_poison(s->g, y))
        return y;
    a = y->attr;
    switch (variant % 4) {
    case 0: return kt_part(y, 1);
    case 1: return y;
    case 2: return kt_part(y, 2);
    default:
        both = kt_add(s->g, kt_part(y, 1), kt_mul(s->g, kt_part(y, 2), kt_part(y, 2)));
        return kt_add(s->g, y, a->return_sequences ? kt_expand_dims(s->g, both, 1) : both);
    }
}

static const kt_op_type type = {
    .name = "lstm",
    .min_in = 5,
    .max_in = 7,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
};

kt_node *kt_lstm(kt_graph *g, kt_node *x, kt_node *h0, kt_node *c0, kt_node *kernel,
                 kt_node *recurrent, kt_node *bias, kt_node *mask, const kt_lstm_attr *attr)
{
    kt_lstm_attr a = *attr;
    kt_dtype     dtype = kt__common_dtype(x->dtype, kernel->dtype);
    kt_node     *in[7] = {x, h0, c0, kernel, recurrent, bias};
    int          n = bias ? 6 : 5;

    a.biased = bias != NULL;
    a.masked = mask != NULL;
    for (int i = 0; i < n; i++)
        in[i] = kt_cast(g, in[i], dtype);
    if (mask)
        in[n++] = kt_cast(g, mask, KT_BOOLEAN);
    return kt_emit(g, &type, &a, sizeof a, n, in);
}

const kt_op_type *const kt_ops_lstm[] = {&type, NULL};
