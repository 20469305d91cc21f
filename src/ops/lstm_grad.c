/* lstm_grad.c - the sequential part of the gradient of an LSTM: walks the steps backwards and gives
 * dz, the gradient of what the gates' activations are applied to, and those of the first states.
 * The products of dz with x, h and the weights are then plain matmuls over all steps at once.
 */
#include "ops/lstm.h"

static double value_at(kt_unary_attr f, double at)
{
    return kt__slope_in_x(f.fn) ? kt_unary_value(f, at) : at;
}

static double slope_at(kt_unary_attr f, double at)
{
    return kt_unary_slope(f, at, at);
}

static kt_status shape(kt_op_call *c)
{
    const kt_lstm_grad_attr *a = c->attr;
    int64_t                  u = a->lstm.units;

    if (c->n_in != 2 + a->lstm.masked + a->dy + a->dh + a->dc || c->in[1]->shape.rank != 3)
        return kt_op_fail(c, -1, -1, KT_NO_FACT, c->n_in, "lstm_grad: %d inputs", c->n_in);
    for (int k = 0; k < 3; k++) {
        c->out[k].dtype = c->in[1]->dtype;
        c->out[k].shape.rank = k == 0 ? 3 : 2;
        kt_from_axis(c, k, 0, 1, 0);
    }
    kt_from_axis(c, 0, 1, 1, 1);
    kt_from_field(c, 0, 2, 4 * u, "units");
    kt_from_field(c, 1, 1, u, "units");
    kt_from_field(c, 2, 1, u, "units");
    c->n_out = 3;
    return KT_OK;
}

/* dz of one step from d h and d c after it; d c becomes that before it. */
static void step_back(const kt_lstm_attr *a, const double *row, double *dz, const double *dh,
                      double *dc)
{
    kt_unary_attr act = a->act, gate = a->recurrent_act;
    int64_t       u = a->units;

    for (int64_t j = 0; j < u; j++) {
        const double *v = row + j;
        double        i = value_at(gate, v[GATE_I * u]), f = value_at(gate, v[GATE_F * u]);
        double        g = value_at(act, v[GATE_C * u]), o = value_at(gate, v[GATE_O * u]);

        dc[j] += dh[j] * o * slope_at(act, v[ACT_C * u]);
        dz[GATE_I * u + j] = dc[j] * g * slope_at(gate, v[GATE_I * u]);
        dz[GATE_F * u + j] = dc[j] * v[BEFORE_C * u] * slope_at(gate, v[GATE_F * u]);
        dz[GATE_C * u + j] = dc[j] * i * slope_at(act, v[GATE_C * u]);
        dz[GATE_O * u + j] = dh[j] * value_at(act, v[ACT_C * u]) * slope_at(gate, v[GATE_O * u]);
        dc[j] *= f;
    }
}

/* dh[k] = sum over j of dz[j] * recurrent[k, j] */
static void through_recurrent(const double *recurrent, const double *dz, double *dh, int64_t u)
{
    for (int64_t k = 0; k < u; k++) {
        dh[k] = 0;
        for (int64_t j = 0; j < 4 * u; j++)
            dh[k] += dz[j] * recurrent[k * 4 * u + j];
    }
}

/* The gradients that come in, or NULL. */
typedef struct incoming {
    const double *mask, *dy, *dh, *dc;
} incoming;

static incoming find_incoming(const kt_run *r, const kt_lstm_grad_attr *a)
{
    incoming in = {0};
    int      i = 2;

    if (a->lstm.masked)
        in.mask = r->in[i++].f64;
    if (a->dy)
        in.dy = r->in[i++].f64;
    if (a->dh)
        in.dh = r->in[i++].f64;
    if (a->dc)
        in.dc = r->in[i++].f64;
    return in;
}

/* The first step of a sequence that is not masked: before it the output is zeros, not the state. */
static int64_t first_seen(const kt_lstm_attr *a, const double *mask, int64_t time)
{
    int64_t s = 0;

    while (mask && s < time && mask[kt__lstm_time(a, s, time)] == 0)
        s++;
    return s;
}

static void back_row(const kt_run *r, const kt_lstm_attr *a, const incoming *in, int64_t b)
{
    int64_t       time = kt_dim(&r->in[1].shape, 1), u = a->units;
    const double *mask = in->mask ? in->mask + b * time : NULL;
    double       *dh = r->out[1].f64 + b * u, *dc = r->out[2].f64 + b * u;
    int64_t       first = first_seen(a, mask, time);

    for (int64_t j = 0; j < u; j++) {
        dh[j] = in->dh ? in->dh[b * u + j] : 0;
        dc[j] = in->dc ? in->dc[b * u + j] : 0;
    }
    for (int64_t s = time - 1; s >= 0; s--) {
        int64_t       t = kt__lstm_time(a, s, time), at = b * time + t;
        double       *dz = r->out[0].f64 + at * 4 * u;
        const double *dy = in->dy ? in->dy + (a->return_sequences ? b * time + s : b) * u : NULL;
        bool masked = mask && mask[t] == 0, gives = a->zero_output_for_mask ? !masked : s >= first;

        for (int64_t j = 0; j < u && dy && gives && (a->return_sequences || s == time - 1); j++)
            dh[j] += dy[j];
        for (int64_t j = 0; j < 4 * u && masked; j++)
            dz[j] = 0;
        if (masked)
            continue;
        step_back(a, r->in[1].f64 + at * KT_LSTM_RESERVE * u, dz, dh, dc);
        through_recurrent(r->in[0].f64, dz, dh, u);
    }
}

static void reference(const kt_run *r)
{
    const kt_lstm_grad_attr *a = r->attr;
    incoming                 in = find_incoming(r, a);

    for (int64_t b = 0; b < kt_dim(&r->in[1].shape, 0); b++)
        back_row(r, &a->lstm, &in, b);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    kt_node *y = kt__lstm_sample(s, variant), *dy[3] = {NULL};

    if (!y || kt_is_poison(s->g, y))
        return y;
    for (int k = 0; k < 3; k++)
        if ((variant % 7 + 1) >> k & 1) /* each choice of them */
            dy[k] = s->real(s, kt_part(y, k)->shape, -1, 1);
    return kt__lstm_grad(s->g, y, dy);
}

static const kt_op_type type = {
    .name = "lstm_grad",
    .min_in = 3,
    .max_in = 6,
    .shape = shape,
    .reference = reference,
    .sample = sample,
};

kt_node *kt__lstm_grad(kt_graph *g, kt_node *y, kt_node *const *dy)
{
    kt_lstm_grad_attr   a = {.dy = dy[0], .dh = dy[1], .dc = dy[2]};
    const kt_lstm_attr *lstm = y->attr;
    kt_node            *in[6] = {y->in[4], kt_part(y, 3)};
    int                 n = 2;

    a.lstm = *lstm;
    if (lstm->masked)
        in[n++] = y->in[y->n_in - 1];
    for (int k = 0; k < 3; k++)
        if (dy[k])
            in[n++] = dy[k];
    return kt_emit(g, &type, &a, sizeof a, n, in);
}

const kt_op_type *const kt_ops_lstm_grad[] = {&type, NULL};
