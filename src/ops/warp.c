/* warp.c - images read through projective transforms, as TensorFlow's
 * ImageProjectiveTransformV3, and the gradient that puts results back where they were read.
 *
 * images [b, rows, columns, channels], t [b or 1, 8] -> like images. What stands at row i, column j
 * is read at x = (t0 j + t1 i + t2) / k, y = (t3 j + t4 i + t5) / k, where k = t6 j + t7 i + 1; it
 * is `fill` where k is 0. x and y are brought into the image as the border says; a pixel out of it
 * is `fill`.
 */
#include "ops/shared.h"

#include <math.h>

static kt_status shape_for(kt_op_call *c, int images, int transforms)
{
    const kt_shape *s = &c->in[images]->shape, *t = &c->in[transforms]->shape;

    if (s->rank != 4)
        return kt_op_fail(c, images, -1, 4, s->rank, "images must be 4-dimensional, not %s",
                          kt__shape_text(c->g, s));
    if (t->rank != 2 || t->dim[1] != 8 ||
        (t->dim[0] != 1 && t->dim[0] != s->dim[0] && t->dim[0] != KT_UNKNOWN &&
         s->dim[0] != KT_UNKNOWN))
        return kt_op_fail(c, transforms, -1, KT_NO_FACT, KT_NO_FACT,
                          "Input transform should be num_images x 8 or 1 x 8, not %s",
                          kt__shape_text(c->g, t));
    kt_like(c, 0, images);
    return KT_OK;
}

static kt_status shape(kt_op_call *c)
{
    return shape_for(c, 0, 1);
}

/* --- one axis --- */

/* dcba|abcd|dcba */
static double reflected(double x, double n)
{
    double two = 2 * n;

    if (x < 0) {
        x += two * trunc(-x / two);
        return x < -n ? x + two : -x - 1;
    }
    if (x <= n - 1)
        return x;
    x -= two * trunc(x / two);
    return x >= n ? two - 1 - x : x;
}

/* abcd|abcd|abcd */
static double wrapped(double x, double n)
{
    double last = n > 1 ? n - 1 : 1;

    if (x < 0)
        return x + n * (trunc(-x / last) + 1);
    return x > n - 1 ? x - n * trunc(x / last) : x;
}

static double bordered(kt_border border, double x, double n)
{
    switch (border) {
    case KT_BORDER_CONSTANT: return x;
    case KT_BORDER_REFLECT: x = reflected(x, n); break;
    case KT_BORDER_WRAP: x = wrapped(x, n); break;
    case KT_BORDER_NEAREST: break;
    }
    return x >= 0 ? fmin(x, n - 1) : 0;
}

/* --- one pixel --- */

/* The pixels that make it: number in their image, or -1 for `fill`, and how much each counts. */
typedef struct corners {
    int     n;
    int64_t place[4];
    double  weight[4];
} corners;

static void add_corner(corners *c, const kt_shape *s, double y, double x, double weight)
{
    double rows = (double)s->dim[1], columns = (double)s->dim[2];
    bool   inside = y >= 0 && y < rows && x >= 0 && x < columns;

    c->place[c->n] = inside ? (int64_t)y * s->dim[2] + (int64_t)x : -1;
    c->weight[c->n++] = weight;
}

/* Halves away from 0. */
static double nearest(double x)
{
    return copysign(floor(fabs(x) + 0.5), x);
}

static corners corners_of(const kt_warp_attr *a, const kt_shape *s, const double *t, int64_t i,
                          int64_t j)
{
    double  row = (double)i, column = (double)j, k = t[6] * column + t[7] * row + 1;
    corners c = {0};

    if (k == 0) {
        add_corner(&c, s, -1, -1, 1);
        return c;
    }
    double x = bordered(a->border, (t[0] * column + t[1] * row + t[2]) / k, (double)s->dim[2]);
    double y = bordered(a->border, (t[3] * column + t[4] * row + t[5]) / k, (double)s->dim[1]);
    if (!a->bilinear) {
        add_corner(&c, s, nearest(y), nearest(x), 1);
        return c;
    }
    double top = floor(y), left = floor(x), down = y - top, right = x - left;
    add_corner(&c, s, top, left, (1 - down) * (1 - right));
    add_corner(&c, s, top, left + 1, (1 - down) * right);
    add_corner(&c, s, top + 1, left, down * (1 - right));
    add_corner(&c, s, top + 1, left + 1, down * right);
    return c;
}

/* --- all of them --- */

/* Row i, column j of image b; at: where its channels lie in a batch of this shape. */
typedef void (*visit)(const kt_run *r, const kt_shape *s, int64_t b, int64_t at, const corners *c);

static void each_pixel(const kt_run *r, const kt_buf *transforms, visit f)
{
    const kt_shape *s = &r->out[0].shape;
    int64_t         at = 0, step = transforms->shape.dim[0] > 1 ? 8 : 0;

    for (int64_t b = 0; b < s->dim[0]; b++)
        for (int64_t i = 0; i < s->dim[1]; i++)
            for (int64_t j = 0; j < s->dim[2]; j++, at += s->dim[3]) {
                corners c = corners_of(r->attr, s, transforms->f64 + b * step, i, j);
                f(r, s, b * s->dim[1] * s->dim[2], at, &c);
            }
}

static void read_pixel(const kt_run *r, const kt_shape *s, int64_t image, int64_t at,
                       const corners *c)
{
    const kt_warp_attr *a = r->attr;

    for (int64_t k = 0; k < s->dim[3]; k++) {
        double sum = 0;
        for (int i = 0; i < c->n; i++)
            sum += c->weight[i] * (c->place[i] < 0
                                       ? a->fill
                                       : r->in[0].f64[(image + c->place[i]) * s->dim[3] + k]);
        r->out[0].f64[at + k] = sum;
    }
}

static void reference(const kt_run *r)
{
    each_pixel(r, &r->in[1], read_pixel);
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    dx[0] = kt_warp_grad(g, y->in[1], dy[0], y->attr);
}

enum { VARIANTS = 16 };

/* In 64ths, so that both precisions find the same pixels: near the image, and far from it where it
 * repeats. A view from aside (k is not 1) only where what is read changes little by little. The
 * last sees one column of pixels nowhere (k is 0). */
static kt_node *transforms_of(kt_sampler *s, int64_t n, int variant)
{
    static const double  middle[8] = {1, 0, 0, 0, 1, 0, 0, 0};
    static const int64_t most[8] = {30, 30, 200, 30, 30, 200, 4, 4};
    kt_node             *part[8];
    bool                 aside = variant % 8 == 1 || variant % 8 == 2, far = variant % 4 == 3;

    for (int i = 0; i < 8; i++) {
        bool     gone = variant == VARIANTS;
        int64_t  reach = gone || (i > 5 && !aside) ? 0 : far ? 6 * most[i] : most[i];
        kt_node *whole = s->integer(s, KT_SHAPE(n, 1), -reach, reach + 1);
        part[i] = kt_mul_scalar(s->g, kt_cast(s->g, whole, s->g->floatx), i > 5 ? 0x1p-12 : 0x1p-6);
        part[i] = kt_add_scalar(s->g, part[i], gone && i == 6 ? -1 : middle[i]);
    }
    return kt_concat(s->g, 8, part, 1);
}

static kt_warp_attr sample_attr(int variant)
{
    return (kt_warp_attr){.border = (kt_border)(variant % 4),
                          .bilinear = variant / 4 % 2 == 0,
                          .fill = variant < 8 ? 0 : 0.5};
}

/* Of images, or of what came of them. */
static kt_node *sample_of(kt_sampler *s, int variant, bool back)
{
    kt_warp_attr a = sample_attr(variant);
    int64_t      b = s->size(s, 1, 3);
    kt_shape     images = KT_SHAPE(b, s->size(s, 1, 9), s->size(s, 1, 9), s->size(s, 1, 5));

    if (variant > VARIANTS)
        return NULL;
    kt_node *x = s->real(s, images, -1, 1), *t = transforms_of(s, variant % 3 ? b : 1, variant);
    return back ? kt_warp_grad(s->g, t, x, &a) : kt_warp(s->g, x, t, &a);
}

static kt_node *sample(kt_sampler *s, int variant)
{
    return sample_of(s, variant, false);
}

static const kt_op_type type = {
    .name = "warp",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 2,
};

kt_node *kt_warp(kt_graph *g, kt_node *images, kt_node *t, const kt_warp_attr *a)
{
    return kt_emit(g, &type, a, sizeof *a, 2, (kt_node *[]){images, t});
}

/* --- gradient: inputs t and dy --- */

static kt_status grad_shape(kt_op_call *c)
{
    return shape_for(c, 1, 0);
}

static void put_pixel(const kt_run *r, const kt_shape *s, int64_t image, int64_t at,
                      const corners *c)
{
    for (int i = 0; i < c->n; i++)
        for (int64_t k = 0; c->place[i] >= 0 && k < s->dim[3]; k++)
            r->out[0].f64[(image + c->place[i]) * s->dim[3] + k] += c->weight[i] *
                                                                    r->in[1].f64[at + k];
}

static void grad_reference(const kt_run *r)
{
    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].f64[i] = 0;
    each_pixel(r, &r->in[0], put_pixel);
}

/* It is linear, and reads nothing where the border is `fill`. */
static void grad_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    kt_warp_attr a = *(const kt_warp_attr *)y->attr;

    a.fill = 0;
    dx[1] = kt_warp(g, dy[0], y->in[0], &a);
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    return sample_of(s, variant, true);
}

static const kt_op_type grad_type = {
    .name = "warp_grad",
    .min_in = 2,
    .max_in = 2,
    .shape = grad_shape,
    .gradient = grad_gradient,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 1,
};

kt_node *kt_warp_grad(kt_graph *g, kt_node *t, kt_node *dy, const kt_warp_attr *a)
{
    return kt_emit(g, &grad_type, a, sizeof *a, 2, (kt_node *[]){t, dy});
}

const kt_op_type *const kt_ops_warp[] = {&type, &grad_type, NULL};
