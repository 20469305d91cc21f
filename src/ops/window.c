/* window.c - windows that slide over 1 to 3 spatial axes: sizes, pads, and walking over their
 * cells. */
#include "ops/window.h"

/* Sums of larger sizes could overflow. */
#define MOST INT32_MAX

static int64_t reach(const kt_window_attr *a, int i)
{
    return (a->window[i] - 1) * a->dilation[i] + 1;
}

static bool has_places(const kt_window_attr *a, int i, int64_t n)
{
    return n != KT_UNKNOWN && (a->same || a->window[i] != KT_UNKNOWN);
}

/* Places of a window along an axis of size n; may be negative. */
static int64_t places(const kt_window_attr *a, int i, int64_t n)
{
    if (a->same)
        return (n + a->stride[i] - 1) / a->stride[i];
    return (n + a->pad_lo[i] + a->pad_hi[i] - reach(a, i) + a->stride[i]) / a->stride[i];
}

/* TensorFlow's SAME: the odd cell goes to the end. */
static void pad_same(kt_window_attr *a, int i, int64_t n)
{
    int64_t missing = (places(a, i, n) - 1) * a->stride[i] + reach(a, i) - n;

    a->pad_lo[i] = missing > 0 ? missing / 2 : 0;
    a->pad_hi[i] = missing > 0 ? missing - missing / 2 : 0;
}

static bool is_sane(int64_t x, int64_t least)
{
    return x >= least && x <= MOST;
}

/* Whether sums of these sizes cannot overflow; a window that is not known yet is no harm. */
static bool axis_is_sane(const kt_window_attr *a, int i)
{
    return (is_sane(a->window[i], 1) || a->window[i] == KT_UNKNOWN) && is_sane(a->stride[i], 1) &&
           is_sane(a->dilation[i], 1) && is_sane(a->pad_lo[i], 0) && is_sane(a->pad_hi[i], 0);
}

kt_window_attr kt__window_resolve(kt_window_attr a, const kt_shape *x)
{
    if (a.groups == 0)
        a.groups = 1;
    for (int i = 0; i < a.spatial && i < KT_MAX_SPATIAL; i++) {
        if (a.stride[i] == 0)
            a.stride[i] = 1;
        if (a.dilation[i] == 0)
            a.dilation[i] = 1;
        if (a.same)
            a.pad_lo[i] = a.pad_hi[i] = 0;
        if (a.same && axis_is_sane(&a, i) && a.window[i] > 0 && is_sane(kt_dim(x, i + 1), 0))
            pad_same(&a, i, kt_dim(x, i + 1));
    }
    return a;
}

kt_status kt__window_shape(kt_op_call *c, const kt_window_attr *a, const char *tf_op)
{
    for (int i = 0; i < a->spatial; i++) {
        int64_t n = c->in[0]->shape.dim[i + 1], out = KT_UNKNOWN;

        if (!axis_is_sane(a, i) || n > MOST)
            return kt_op_fail(
                c, 0, i + 1, KT_NO_FACT, KT_NO_FACT,
                "%s: window %lld, stride %lld, dilation %lld over %lld cells is out of range",
                c->op->name, (long long)a->window[i], (long long)a->stride[i],
                (long long)a->dilation[i], (long long)n);
        if (has_places(a, i, n)) {
            out = places(a, i, n);
            if (out < 0)
                return kt_op_fail_tf(
                    c, tf_op, " name: ", 0, i + 1, reach(a, i), n,
                    "Computed output size would be negative: %lld [input_size: %lld, "
                    "effective_filter_size: %lld, stride: %lld]",
                    (long long)out, (long long)n, (long long)reach(a, i), (long long)a->stride[i]);
        }
        kt_from(c, 0, i + 1, out, KT_FROM_WINDOW, 0, i + 1, i + 2);
    }
    return KT_OK;
}

bool kt__window_fits(const kt_window_attr *a, const kt_shape *x, const kt_shape *y)
{
    for (int i = 0; i < a->spatial; i++) {
        int64_t n = x->dim[i + 1], out = y->dim[i + 1];

        if (!axis_is_sane(a, i) || n > MOST)
            return false;
        if (out != KT_UNKNOWN && has_places(a, i, n) && places(a, i, n) != out)
            return false;
    }
    return true;
}

kt_windows kt__windows(const kt_window_attr *a, const kt_shape *x, const kt_shape *y)
{
    kt_windows g = {.batch = x->dim[0]};

    for (int i = 0; i < 3; i++) {
        int  from = i - 3 + a->spatial;
        bool real = from >= 0;

        g.in[i] = real ? x->dim[from + 1] : 1;
        g.out[i] = real ? y->dim[from + 1] : 1;
        g.window[i] = real ? a->window[from] : 1;
        g.stride[i] = real ? a->stride[from] : 1;
        g.dilation[i] = real ? a->dilation[from] : 1;
        g.lo[i] = real ? a->pad_lo[from] : 0;
    }
    return g;
}

static int64_t volume(const int64_t *n)
{
    return n[0] * n[1] * n[2];
}

static void unravel(int64_t i, const int64_t *n, int64_t *at)
{
    at[2] = i % n[2];
    at[1] = i / n[2] % n[1];
    at[0] = i / n[2] / n[1];
}

/* The cell of the input that cell w of the window at place y sees; -1 in the padding. */
static int64_t cell(const kt_windows *g, const int64_t *y, const int64_t *w)
{
    int64_t x = 0;

    for (int i = 0; i < 3; i++) {
        int64_t at = y[i] * g->stride[i] - g->lo[i] + w[i] * g->dilation[i];

        if (at < 0 || at >= g->in[i])
            return -1;
        x = x * g->in[i] + at;
    }
    return x;
}

void kt__windows_visit(const kt_windows *g, kt_window_visit *visit, void *context)
{
    int64_t n_in = volume(g->in), n_out = volume(g->out), n_window = volume(g->window), at[3],
            in[3];

    for (int64_t y = 0; y < g->batch * n_out; y++) {
        unravel(y % n_out, g->out, at);
        for (int64_t w = 0; w < n_window; w++) {
            int64_t x;

            unravel(w, g->window, in);
            x = cell(g, at, in);
            if (x >= 0)
                visit(context, y / n_out * n_in + x, w, y);
        }
    }
}
