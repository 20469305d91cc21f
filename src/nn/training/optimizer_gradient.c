/* optimizer_gradient.c - what happens to gradients before they are used: unscaled, clipped. And
 * those that come by rows of a table, as tf.IndexedSlices do: Keras maps and clips each reading of
 * a row. */
#include "nn/training/gradient.h"

#include "nn/optimizer.h"

/* --- gradients by rows (tf.IndexedSlices) --- */

static bool is_rows(const kt_node *n)
{
    return kt_streq(n->op->name, "gather_grad") && !((const kt_gather_attr *)n->attr)->axis;
}

static bool is_sum(const kt_node *n)
{
    return kt_is(n, &kt_op_binary) && ((const kt_binary_attr *)n->attr)->fn == KT_BI_ADD;
}

/* The term by rows of a sum, and what is left; a gradient by rows is one itself. NULL: neither. */
static const kt_node *take_rows(const kt_node *n, const kt_node **rest)
{
    *rest = NULL;
    if (is_rows(n))
        return n;
    for (int i = 1; is_sum(n) && i >= 0; i--)
        if (is_rows(n->in[i])) {
            *rest = n->in[1 - i];
            return n->in[i];
        }
    return NULL;
}

bool kt__by_rows(const kt_node *n)
{
    while (n)
        if (!take_rows(n, &n))
            return false;
    return true;
}

/* f of each reading of a row, added up. */
static kt_node *map_rows(kt_graph *g, const kt_node *n, kt_unary_attr f)
{
    const kt_node *rows;
    kt_node       *sum = NULL;

    while (n && (rows = take_rows(n, &n)) != NULL) {
        const kt_gather_attr *a = rows->attr;
        kt_node *x = kt_gather_grad(g, rows->in[0], kt_unary_with(g, f, rows->in[1]), a->axis,
                                    rows->shape);
        sum = sum ? kt_add(g, sum, x) : x;
    }
    return sum ? sum : g->poison;
}

static kt_node *map_gradient(kt_graph *g, kt_node *x, const kt_node *raw, kt_node *scale,
                             kt_unary_fn fn)
{
    if (!raw)
        return kt_unary(g, fn, x);
    kt_node *y = map_rows(g, raw, (kt_unary_attr){.fn = fn});
    return scale ? kt_mul(g, y, kt_unary(g, fn, scale)) : y;
}

kt_node *kt_grad_map(kt_update *u, kt_unary_fn fn)
{
    return map_gradient(u->g, u->grad, u->raw, u->scale, fn);
}

/* --- scaling --- */

static void scale_by(kt_graph *g, kt__gradient *d, kt_node *s)
{
    if (d->raw)
        d->scale = d->scale ? kt_mul(g, d->scale, s) : s;
}

void kt__unscale(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d)
{
    const kt_optfloat factor = b->loss_scale_factor;

    if (!factor.set)
        return;
    d->x = kt_div(g, d->x, kt_scalar_as(g, factor.v, d->x->dtype));
    scale_by(g, d, kt_scalar_as(g, 1 / factor.v, d->x->dtype));
}

kt__gradient kt__gradient_start(kt_graph *g, const kt_optimizer_base *b, kt_node *grad,
                                kt_dtype dtype)
{
    kt__gradient d = {.x = kt_cast(g, grad, dtype)};

    if (d.x == grad && kt__by_rows(grad))
        d.raw = grad;
    kt__unscale(g, b, &d);
    return d;
}

/* --- clipping --- */

static kt_node *square_sum(kt_graph *g, const kt__gradient *d)
{
    return kt_sum_all(g, map_gradient(g, d->x, d->raw, d->scale, KT_UN_SQUARE));
}

static void clip_norm(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d)
{
    kt_node *limit = kt_scalar_as(g, b->clipnorm.v, d->x->dtype);
    kt_node *norm = kt_unary(g, KT_UN_SQRT, square_sum(g, d));
    kt_node *most = kt_binary(g, KT_BI_MAXIMUM, norm, limit);

    d->x = kt_div(g, kt_mul(g, d->x, limit), most);
    scale_by(g, d, kt_div(g, limit, most));
}

static void clip_global(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d, size_t n)
{
    double   limit = b->global_clipnorm.v;
    kt_node *sum = NULL;

    for (size_t i = 0; i < n; i++)
        if (d[i].x) {
            kt_node *s = square_sum(g, &d[i]);
            sum = sum ? kt_add(g, sum, s) : s;
        }
    if (!sum)
        return;
    kt_dtype dtype = sum->dtype;
    kt_node *norm = kt_unary(g, KT_UN_SQRT, sum);
    kt_node *least = kt_binary(g, KT_BI_MINIMUM, kt_div(g, kt_scalar_as(g, 1, dtype), norm),
                               kt_scalar_as(g, 1 / limit, dtype));
    kt_node *bad = kt_sub(g, norm, norm); /* NaN where the norm is not finite, else 0 */
    kt_node *scale = kt_add(g, kt_mul_scalar(g, least, limit), bad);
    for (size_t i = 0; i < n; i++)
        if (d[i].x) {
            d[i] = (kt__gradient){
                .x = kt_mul(g, d[i].x, scale)}; /* no rows: the product is dense */
        }
}

static void clip_value(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d)
{
    double        limit = b->clipvalue.v;
    kt_unary_attr range = {KT_UN_CLIP, -limit, limit};

    if (d->raw) {
        double scale = b->loss_scale_factor.set ? b->loss_scale_factor.v : 1;
        range = (kt_unary_attr){KT_UN_CLIP, -limit * scale, limit * scale};
        d->raw = map_rows(g, d->raw, range);
        d->x = d->scale ? kt_mul(g, d->raw, d->scale) : d->raw;
    } else {
        d->x = kt_unary_with(g, range, d->x);
    }
}

/* All but clipnorm, which is by variable, may also be given the block as one gradient. */
void kt__clip(kt_graph *g, const kt_optimizer_base *b, kt__gradient *d, size_t n)
{
    if (kt__above_zero(b->global_clipnorm))
        clip_global(g, b, d, n);
    for (size_t i = 0; i < n; i++) {
        if (d[i].x && kt__above_zero(b->clipnorm))
            clip_norm(g, b, &d[i]);
        if (d[i].x && kt__above_zero(b->clipvalue))
            clip_value(g, b, &d[i]);
    }
}
