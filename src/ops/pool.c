/* pool.c - the maximum or the average of the real cells in each window, and its gradient.
 * Padding is never counted. */
#include "ops/window.h"

#include <math.h>

static kt_status pool_shape(kt_op_call *c)
{
    const kt_window_attr *a = c->attr;
    const kt_shape       *x = &c->in[0]->shape;
    const char           *tf_op = a->max ? (a->spatial == 3 ? "MaxPool3D" : "MaxPool")
                                         : (a->spatial == 3 ? "AvgPool3D" : "AvgPool");

    if (a->spatial < 1 || a->spatial > KT_MAX_SPATIAL || x->rank != a->spatial + 2)
        return kt_op_fail_tf(c, tf_op, " name: ", 0, -1, a->spatial + 2, x->rank,
                             "tensor_in must be %d-dimensional", a->spatial + 2);
    kt_like(c, 0, 0);
    return kt__window_shape(c, a, tf_op);
}

static void pool_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_pool_grad(g, y->in[0], y, dy[0], y->attr);
}

/* --- kernels: what happens to the channels of one cell --- */

typedef struct pooling {
    int64_t       channels;
    const double *x, *y, *dy;
    double       *out;
    int64_t       current; /* the window that `seen` is about */
    double       *seen;    /* [channels] the maximum was met */
    double       *cells;   /* [places] real cells of each window */
} pooling;

static void count_cell(void *context, int64_t x, int64_t w, int64_t y)
{
    pooling *p = context;

    (void)x, (void)w;
    p->cells[y]++;
}

static void take_maximum(void *context, int64_t x_cell, int64_t w, int64_t y_cell)
{
    pooling      *p = context;
    const double *x = p->x + x_cell * p->channels;
    double       *y = p->out + y_cell * p->channels;

    (void)w;
    for (int64_t i = 0; i < p->channels; i++)
        if (x[i] > y[i] || x[i] != x[i])
            y[i] = x[i];
}

static void add_share(void *context, int64_t x_cell, int64_t w, int64_t y_cell)
{
    pooling      *p = context;
    const double *x = p->x + x_cell * p->channels;
    double       *y = p->out + y_cell * p->channels;

    (void)w;
    for (int64_t i = 0; i < p->channels; i++)
        y[i] += x[i] / p->cells[y_cell];
}

/* dy goes to the first cell that is the maximum. */
static void give_maximum(void *context, int64_t x_cell, int64_t w, int64_t y_cell)
{
    pooling      *p = context;
    const double *x = p->x + x_cell * p->channels, *y = p->y + y_cell * p->channels;
    double       *dx = p->out + x_cell * p->channels;

    (void)w;
    if (p->current != y_cell) {
        p->current = y_cell;
        for (int64_t i = 0; i < p->channels; i++)
            p->seen[i] = 0;
    }
    for (int64_t i = 0; i < p->channels; i++)
        if (x[i] == y[i] && p->seen[i] == 0) {
            p->seen[i] = 1;
            dx[i] += p->dy[y_cell * p->channels + i];
        }
}

static void give_share(void *context, int64_t x_cell, int64_t w, int64_t y_cell)
{
    pooling *p = context;
    double  *dx = p->out + x_cell * p->channels;

    (void)w;
    for (int64_t i = 0; i < p->channels; i++)
        dx[i] += p->dy[y_cell * p->channels + i] / p->cells[y_cell];
}

static int64_t places(const kt_shape *y)
{
    return kt_shape_product(y, 0, y->rank - 1);
}

/* Room for the cells of each window, or for what was seen in each channel. */
static size_t scratch_for(const kt_window_attr *a, const kt_shape *y)
{
    return sizeof(double) * (size_t)(a->max ? kt_dim(y, -1) : places(y));
}

/* The number of real cells of each window, in scratch. */
static void count_cells(pooling *p, const kt_windows *g, const kt_shape *y, void *scratch)
{
    p->cells = scratch;
    for (int64_t i = 0; i < places(y); i++)
        p->cells[i] = 0;
    kt__windows_visit(g, count_cell, p);
}

static size_t pool_scratch(const kt_run *r)
{
    return scratch_for(r->attr, &r->out[0].shape);
}

static void pool_reference(const kt_run *r)
{
    const kt_window_attr *a = r->attr;
    const kt_buf         *x = &r->in[0], *y = &r->out[0];
    kt_windows            g = kt__windows(a, &x->shape, &y->shape);
    pooling               p = {.channels = kt_dim(&x->shape, -1), .x = x->f64, .out = y->f64};

    for (int64_t i = 0; i < y->count; i++)
        y->f64[i] = a->max ? -INFINITY : 0;
    if (!a->max)
        count_cells(&p, &g, &y->shape, r->scratch);
    kt__windows_visit(&g, a->max ? take_maximum : add_share, &p);
}

/* inputs x, y, dy */
static size_t grad_scratch(const kt_run *r)
{
    return scratch_for(r->attr, &r->in[1].shape);
}

static void grad_reference(const kt_run *r)
{
    const kt_window_attr *a = r->attr;
    const kt_buf         *dx = &r->out[0], *y = &r->in[1];
    kt_windows            g = kt__windows(a, &dx->shape, &y->shape);
    pooling               p = {.channels = kt_dim(&y->shape, -1),
                               .x = r->in[0].f64,
                               .y = y->f64,
                               .dy = r->in[2].f64,
                               .out = dx->f64,
                               .current = -1,
                               .seen = r->scratch};

    for (int64_t i = 0; i < dx->count; i++)
        dx->f64[i] = 0;
    if (!a->max)
        count_cells(&p, &g, &y->shape, r->scratch);
    kt__windows_visit(&g, a->max ? give_maximum : give_share, &p);
}

/* --- samples: both kinds over 1, 2 and 3 axes; SAME, explicit pads, overlapping and apart; no
 * rows --- */

static bool make_example(kt_sampler *s, int variant, kt_window_attr *a, kt_shape *x)
{
    static const kt_window_attr kinds[] = {
        {.spatial = 1, .window = {2}, .stride = {2}},
        {.spatial = 1, .window = {3}, .stride = {2}, .same = true},
        {.spatial = 2, .window = {2, 2}, .stride = {2, 2}},
        {.spatial = 2, .window = {3, 2}, .stride = {1, 2}, .same = true},
        {.spatial = 2, .window = {3, 3}, .stride = {2, 1}, .pad_lo = {1, 2}, .pad_hi = {2, 0}},
        {.spatial = 2, .window = {2, 1}, .stride = {3, 3}},
        {.spatial = 3, .window = {2, 3, 2}, .stride = {2, 1, 2}, .same = true},
        {.spatial = 3, .window = {2, 2, 2}, .stride = {2, 2, 2}},
        {.spatial = 2, .window = {2, 2}, .stride = {2, 2}}, /* no rows */
    };
    int n = (int)KT_COUNT(kinds);

    if (variant >= 2 * n)
        return false;
    *a = kinds[variant % n];
    a->max = variant < n;
    x->rank = a->spatial + 2;
    x->dim[0] = variant % n == n - 1 ? 0 : s->size(s, 1, 3);
    for (int i = 1; i <= a->spatial; i++)
        x->dim[i] = s->size(s, 3, 7);
    x->dim[a->spatial + 1] = s->size(s, 1, 17);
    return true;
}

static kt_node *pool_sample(kt_sampler *s, int variant)
{
    kt_window_attr a;
    kt_shape       x;

    return make_example(s, variant, &a, &x) ? kt_pool(s->g, s->real(s, x, -1, 1), &a) : NULL;
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    kt_window_attr a;
    kt_shape       shape;
    kt_node       *x, *y;

    if (!make_example(s, variant, &a, &shape))
        return NULL;
    x = s->real(s, shape, -1, 1);
    y = kt_pool(s->g, x, &a);
    return kt_pool_grad(s->g, x, y, s->real(s, y->shape, -1, 1), &a);
}

static const kt_op_type pool_type = {
    .name = "pool",
    .min_in = 1,
    .max_in = 1,
    .shape = pool_shape,
    .gradient = pool_gradient,
    .reference = pool_reference,
    .scratch = pool_scratch,
    .sample = pool_sample,
};

kt_node *kt_pool(kt_graph *g, kt_node *x, const kt_window_attr *attr)
{
    kt_window_attr a = kt__window_resolve(*attr, &x->shape);

    if (!a.max && !kt_dtype_is_float(x->dtype))
        x = kt_cast(g, x, g->floatx);
    return kt_emit(g, &pool_type, &a, sizeof a, 1, &x);
}

static kt_status grad_shape(kt_op_call *c)
{
    const kt_window_attr *a = c->attr;
    const kt_shape       *x = &c->in[0]->shape, *y = &c->in[1]->shape, *dy = &c->in[2]->shape;
    bool fits = a->spatial >= 1 && a->spatial <= KT_MAX_SPATIAL && x->rank == a->spatial + 2;

    if (!fits || y->rank != x->rank || !kt_shape_fits(y, dy) || !kt__window_fits(a, x, y))
        return kt_op_fail(c, 2, -1, KT_NO_FACT, KT_NO_FACT,
                          "pool_grad: input %s, output %s and gradient %s do not belong together",
                          kt__shape_text(c->g, x), kt__shape_text(c->g, y),
                          kt__shape_text(c->g, dy));
    kt_like(c, 0, 0);
    return KT_OK;
}

static const kt_op_type grad_type = {
    .name = "pool_grad",
    .min_in = 3,
    .max_in = 3,
    .shape = grad_shape,
    .reference = grad_reference,
    .scratch = grad_scratch,
    .sample = grad_sample,
};

kt_node *kt_pool_grad(kt_graph *g, kt_node *x, kt_node *y, kt_node *dy, const kt_window_attr *attr)
{
    kt_window_attr a = kt__window_resolve(*attr, &x->shape);

    a.like = x->shape;
    return kt_emit(g, &grad_type, &a, sizeof a, 3, (kt_node *[]){x, y, dy});
}

const kt_op_type *const kt_ops_pool[] = {&pool_type, &grad_type, NULL};
