/* gates.c - the element-wise part of an LSTM step: a fused loop for sigmoid and tanh, one loop
 * after another for other activations. */
#include "backend/cpu/gates.h"

#include <string.h>

/* Blocks of a row of the reserve, and of scratch. */
enum { GATE_I, GATE_F, GATE_C, GATE_O, BEFORE_C, BEFORE_H, ACT_C };
enum { WORK = 3 };

kt_gates kt_gates_of(const kt_lstm_attr *a, float *scratch)
{
    kt_gates g = {
        .units = a->units, .act = a->act, .recurrent = a->recurrent_act, .scratch = scratch};

    g.usual = a->act.fn == KT_UN_TANH && a->recurrent_act.fn == KT_UN_SIGMOID;
    g.row = g.usual ? 0 : (4 + WORK) * a->units;
    return g;
}

static bool slope_in_x(kt_unary_fn fn)
{
    enum { X = true, Y = false };
    static const bool in_x[] = {
#define ROW(name, value, slope, from) from,
        KT_UNARY_LIST(ROW)
#undef ROW
    };
    return fn != KT_UN_IDENTITY && in_x[fn];
}

static void apply(kt_unary_attr f, int64_t n, const float *x, float *y)
{
    if (f.fn == KT_UN_IDENTITY)
        memmove(y, x, (size_t)n * sizeof *y);
    else
        kt_cpu_unary(f, n, x, y);
}

/* y = z f'(at) */
static void slope(kt_unary_attr f, int64_t n, const float *at, const float *z, float *y)
{
    if (f.fn == KT_UN_IDENTITY)
        memmove(y, z, (size_t)n * sizeof *y);
    else
        kt_isa()->slope[f.fn](n, at, 1, z, 1, y, (float)f.a, (float)f.b);
}

static void times(int64_t n, const float *x, const float *z, float *y)
{
    kt_isa()->binary[KT_BI_MUL](n, x, 1, z, 1, y, 0, 0);
}

static void plus(int64_t n, const float *x, const float *z, float *y)
{
    kt_isa()->binary[KT_BI_ADD](n, x, 1, z, 1, y, 0, 0);
}

/* The value where the reserve keeps `at`: at itself, or f of it in `room`. */
static const float *value_at(kt_unary_attr f, int64_t n, const float *at, float *room)
{
    if (!slope_in_x(f.fn))
        return at;
    apply(f, n, at, room);
    return room;
}

/* Applies f to z, and leaves in z what the slope is evaluated at; the value is returned. */
static const float *activate(kt_unary_attr f, int64_t n, float *z, float *room)
{
    if (slope_in_x(f.fn))
        return value_at(f, n, z, room);
    apply(f, n, z, z);
    return z;
}

void kt_gates_row(const kt_gates *g, int64_t b, float *reserve, float *h, float *c, bool move)
{
    int64_t      u = g->units;
    float       *room = g->scratch + b * g->row, *work = room + 4 * u, *more = work + u;
    const float *i, *f, *z, *o;

    if (g->usual) {
        kt_isa()->lstm_row(u, reserve, h, c, move);
        return;
    }
    memcpy(reserve + BEFORE_C * u, c, (size_t)u * sizeof *c);
    memcpy(reserve + BEFORE_H * u, h, (size_t)u * sizeof *h);
    i = activate(g->recurrent, u, reserve + GATE_I * u, room);
    f = activate(g->recurrent, u, reserve + GATE_F * u, room + u);
    z = activate(g->act, u, reserve + GATE_C * u, room + 2 * u);
    o = activate(g->recurrent, u, reserve + GATE_O * u, room + 3 * u);
    times(u, f, c, work);
    times(u, i, z, more);
    plus(u, work, more, work);
    memcpy(reserve + ACT_C * u, work, (size_t)u * sizeof *work);
    if (move) {
        memcpy(c, work, (size_t)u * sizeof *work);
        times(u, o, activate(g->act, u, reserve + ACT_C * u, more), h);
    } else {
        activate(g->act, u, reserve + ACT_C * u, more);
    }
}

void kt_gates_grad_row(const kt_gates *g, int64_t b, const float *reserve, const float *dh,
                       float *dc, float *dz)
{
    int64_t      u = g->units;
    float       *room = g->scratch + b * g->row, *work = room + 4 * u, *more = work + u;
    const float *i, *f, *z, *o, *t;

    if (g->usual) {
        kt_isa()->lstm_grad_row(u, reserve, dh, dc, dz);
        return;
    }
    i = value_at(g->recurrent, u, reserve + GATE_I * u, room);
    f = value_at(g->recurrent, u, reserve + GATE_F * u, room + u);
    z = value_at(g->act, u, reserve + GATE_C * u, room + 2 * u);
    o = value_at(g->recurrent, u, reserve + GATE_O * u, room + 3 * u);
    t = value_at(g->act, u, reserve + ACT_C * u, more);
    times(u, dh, t, work);
    slope(g->recurrent, u, reserve + GATE_O * u, work, dz + GATE_O * u);
    times(u, dh, o, work);
    slope(g->act, u, reserve + ACT_C * u, work, work);
    plus(u, dc, work, dc);
    times(u, dc, z, work);
    slope(g->recurrent, u, reserve + GATE_I * u, work, dz + GATE_I * u);
    times(u, dc, reserve + BEFORE_C * u, work);
    slope(g->recurrent, u, reserve + GATE_F * u, work, dz + GATE_F * u);
    times(u, dc, i, work);
    slope(g->act, u, reserve + GATE_C * u, work, dz + GATE_C * u);
    times(u, dc, f, dc);
}
