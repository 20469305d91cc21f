/* custom.c - C functions that a program registered: of one value, and losses of targets and
 * outputs. */
#include "ops/shared.h"

static const kt_function *function_of(const void *attr)
{
    return ((const kt_custom_attr *)attr)->function;
}

static const kt_loss_function *loss_of(const void *attr)
{
    return ((const kt_custom_attr *)attr)->loss;
}

static void no_backward(kt_graph *g, const kt_node *y)
{
    kt_raise(g->fault, KT_E_NOT_IMPLEMENTED,
             "'%s' was registered without `backward`: a model with it can not be trained",
             ((const kt_custom_attr *)y->attr)->name);
}

/* --- y = f(x) --------------------------------------------------------------------------------- */

static kt_status shape(kt_op_call *c)
{
    const kt_custom_attr *attr = c->attr;
    const kt_function    *f = attr->function;
    const kt_shape       *x = &c->in[0]->shape;
    kt_shape              y = *x;

    kt_like(c, 0, 0);
    if (!f->shape || attr->same_shape)
        return KT_OK;
    bool fits = f->shape(f->user, x, &y) == 0 && y.rank >= 0 && y.rank <= KT_MAX_RANK;
    if (!fits || (kt_shape_known(x) && !kt_shape_known(&y)))
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "'%s' does not take an input of shape %s", attr->name,
                          kt_shape_text(&c->g->arena, x));
    c->out[0].shape.rank = y.rank;
    for (int i = 0; i < y.rank; i++) {
        if (i < x->rank && y.dim[i] == x->dim[i])
            kt_from_axis(c, 0, i, 0, i);
        else
            kt_from_field(c, 0, i, y.dim[i] < 0 ? KT_UNKNOWN : y.dim[i], "shape");
    }
    return KT_OK;
}

static void reference(const kt_run *r)
{
    const kt_function *f = function_of(r->attr);

    f->forward(f->user, &r->in[0].shape, r->in[0].count, r->in[0].f64, r->out[0].f64);
}

static void grad_reference(const kt_run *r)
{
    const kt_function *f = function_of(r->attr);

    f->backward(f->user, &r->in[0].shape, r->in[0].count, r->in[0].f64, r->in[1].f64,
                r->out[0].f64);
}

static const kt_op_type type, grad_type, loss_type, loss_grad_type;

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (function_of(y->attr)->backward)
        dx[0] = kt_emit(g, &grad_type, y->attr, sizeof(kt_custom_attr), 2,
                        (kt_node *[]){y->in[0], dy[0]});
    else
        no_backward(g, y);
}

/* --- losses ----------------------------------------------------------------------------------- */

/* The outputs' shape without the last axis. */
static kt_status loss_shape(kt_op_call *c)
{
    kt_like(c, 0, 1);
    if (c->in[0]->shape.rank != c->in[1]->shape.rank || c->in[1]->shape.rank < 1)
        return kt_op_fail(c, 0, -1, c->in[1]->shape.rank, c->in[0]->shape.rank,
                          "'%s' takes targets and outputs of one shape",
                          ((const kt_custom_attr *)c->attr)->name);
    c->out[0].shape.rank--;
    return KT_OK;
}

static int64_t width_of(const kt_buf *y)
{
    return y->shape.dim[y->shape.rank - 1];
}

static int64_t rows_of(const kt_buf *y)
{
    return width_of(y) > 0 ? y->count / width_of(y) : 0;
}

static void loss_reference(const kt_run *r)
{
    const kt_loss_function *f = loss_of(r->attr);
    const kt_buf           *p = &r->in[1];

    f->forward(f->user, rows_of(p), width_of(p), r->in[0].f64, p->f64, r->out[0].f64);
}

static void loss_grad_reference(const kt_run *r)
{
    const kt_loss_function *f = loss_of(r->attr);
    const kt_buf           *p = &r->in[1];

    f->backward(f->user, rows_of(p), width_of(p), r->in[0].f64, p->f64, r->in[2].f64,
                r->out[0].f64);
}

static kt_status like_outputs(kt_op_call *c)
{
    kt_like(c, 0, 1);
    return KT_OK;
}

static void loss_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (loss_of(y->attr)->backward)
        dx[1] = kt_emit(g, &loss_grad_type, y->attr, sizeof(kt_custom_attr), 3,
                        (kt_node *[]){y->in[0], y->in[1], dy[0]});
    else
        no_backward(g, y);
}

/* --- samples: a cube and squares ------------------------------------------------------------- */

static void sample_forward(void *user, const kt_shape *s, int64_t n, const double *x, double *y)
{
    (void)user, (void)s;
    for (int64_t i = 0; i < n; i++)
        y[i] = x[i] * x[i] * x[i];
}

static void sample_backward(void *user, const kt_shape *s, int64_t n, const double *x,
                            const double *dy, double *dx)
{
    (void)user, (void)s;
    for (int64_t i = 0; i < n; i++)
        dx[i] = 3 * x[i] * x[i] * dy[i];
}

static void sample_loss(void *user, int64_t rows, int64_t width, const double *t, const double *p,
                        double *loss)
{
    (void)user;
    for (int64_t r = 0; r < rows; r++) {
        loss[r] = 0;
        for (int64_t i = r * width; i < (r + 1) * width; i++)
            loss[r] += (p[i] - t[i]) * (p[i] - t[i]);
    }
}

static void sample_slope(void *user, int64_t rows, int64_t width, const double *t, const double *p,
                         const double *dloss, double *dp)
{
    (void)user;
    for (int64_t i = 0; i < rows * width; i++)
        dp[i] = 2 * (p[i] - t[i]) * dloss[i / width];
}

static const kt_function sample_function = {
    .size = sizeof sample_function, .forward = sample_forward, .backward = sample_backward};
static const kt_loss_function sample_loss_function = {
    .size = sizeof sample_loss_function, .forward = sample_loss, .backward = sample_slope};
static const kt_custom_attr cube = {.name = "cube", .function = &sample_function},
                            squares = {.name = "squares", .loss = &sample_loss_function};

static kt_node *sample(kt_sampler *s, int variant)
{
    if (variant > 0)
        return NULL;
    return kt_custom(s->g, &cube, s->real(s, KT_SHAPE(s->size(s, 1, 4), 3), -1, 1));
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    kt_shape shape = KT_SHAPE(s->size(s, 1, 4), 3);

    if (variant > 0)
        return NULL;
    return kt_emit(s->g, &grad_type, &cube, sizeof cube, 2,
                   (kt_node *[]){s->real(s, shape, -1, 1), s->real(s, shape, -1, 1)});
}

static kt_node *loss_sample(kt_sampler *s, int variant)
{
    kt_shape shape = KT_SHAPE(s->size(s, 1, 4), 3);

    if (variant > 0)
        return NULL;
    return kt_custom_loss(s->g, &squares, s->real(s, shape, -1, 1), s->real(s, shape, -1, 1));
}

static kt_node *loss_grad_sample(kt_sampler *s, int variant)
{
    int64_t  rows = s->size(s, 1, 4);
    kt_shape shape = KT_SHAPE(rows, 3);

    if (variant > 0)
        return NULL;
    return kt_emit(s->g, &loss_grad_type, &squares, sizeof squares, 3,
                   (kt_node *[]){s->real(s, shape, -1, 1), s->real(s, shape, -1, 1),
                                 s->real(s, KT_SHAPE(rows), -1, 1)});
}

/* --- the types -------------------------------------------------------------------------------- */

static const kt_op_type type = {.name = "custom",
                                .min_in = 1,
                                .max_in = 1,
                                .shape = shape,
                                .gradient = gradient,
                                .reference = reference,
                                .sample = sample};
static const kt_op_type grad_type = {.name = "custom_grad",
                                     .min_in = 2,
                                     .max_in = 2,
                                     .shape = kt__same_shape,
                                     .reference = grad_reference,
                                     .sample = grad_sample,
                                     .no_gradient = 3};
static const kt_op_type loss_type = {.name = "custom_loss",
                                     .min_in = 2,
                                     .max_in = 2,
                                     .shape = loss_shape,
                                     .gradient = loss_gradient,
                                     .reference = loss_reference,
                                     .sample = loss_sample,
                                     .no_gradient = 1};
static const kt_op_type loss_grad_type = {.name = "custom_loss_grad",
                                          .min_in = 3,
                                          .max_in = 3,
                                          .shape = like_outputs,
                                          .reference = loss_grad_reference,
                                          .sample = loss_grad_sample,
                                          .no_gradient = 7};

kt_node *kt_custom(kt_graph *g, const kt_custom_attr *attr, kt_node *x)
{
    return kt_emit(g, &type, attr, sizeof *attr, 1, &x);
}

kt_node *kt_custom_loss(kt_graph *g, const kt_custom_attr *attr, kt_node *y_true, kt_node *y_pred)
{
    return kt_emit(g, &loss_type, attr, sizeof *attr, 2, (kt_node *[]){y_true, y_pred});
}

const kt_op_type *const kt_ops_custom[] = {&type, &grad_type, &loss_type, &loss_grad_type, NULL};
