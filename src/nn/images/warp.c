/* warp.c - images [batch, rows, columns, channels] read between their pixels: through transforms
 * and through points. */
#include "nn/images/images.h"

/* What lies out of an axis of n elements: coordinate x, brought to what is read there. */
typedef kt_node *(*border_fn)(kt_graph *g, kt_node *x, int64_t n);

static kt_node *number(kt_graph *g, const kt_node *like, double v)
{
    return kt_scalar_as(g, v, like->dtype);
}

static kt_node *clamped(kt_graph *g, kt_node *x, int64_t n)
{
    return kt_binary(g, KT_BI_MINIMUM, kt_binary(g, KT_BI_MAXIMUM, x, number(g, x, 0)),
                     number(g, x, (double)(n > 0 ? n - 1 : 0)));
}

static kt_node *whole_times(kt_graph *g, kt_node *x, double by)
{
    return kt_unary(g, KT_UN_TRUNC, kt_div(g, x, number(g, x, by)));
}

/* dcba|abcd|dcba */
static kt_node *reflected(kt_graph *g, kt_node *x, int64_t n)
{
    double   two = 2 * (double)n;
    kt_node *minus = kt_unary(g, KT_UN_NEG, x);
    kt_node *low = kt_add(g, x, kt_mul_scalar(g, whole_times(g, minus, two), two));
    kt_node *high = kt_sub(g, x, kt_mul_scalar(g, whole_times(g, x, two), two));

    low = kt_select(g, kt_compare(g, KT_BI_LESS, low, -(double)n), kt_add_scalar(g, low, two),
                    kt_add_scalar(g, kt_unary(g, KT_UN_NEG, low), -1));
    high = kt_select(g, kt_compare(g, KT_BI_GREATER_EQUAL, high, (double)n),
                     kt_add_scalar(g, kt_unary(g, KT_UN_NEG, high), two - 1), high);
    x = kt_select(g, kt_compare(g, KT_BI_GREATER, x, (double)(n - 1)), high, x);
    x = kt_select(g, kt_compare(g, KT_BI_LESS, minus, 0), x,
                  kt_select(g, kt_compare(g, KT_BI_GREATER, minus, 0), low, x));
    return clamped(g, x, n);
}

/* abcd|abcd|abcd */
static kt_node *wrapped(kt_graph *g, kt_node *x, int64_t n)
{
    double   size = (double)n, last = n > 1 ? (double)(n - 1) : 1;
    kt_node *turns = whole_times(g, kt_unary(g, KT_UN_NEG, x), last);
    kt_node *low = kt_add(g, x, kt_mul_scalar(g, kt_add_scalar(g, turns, 1), size));
    kt_node *high = kt_sub(g, x, kt_mul_scalar(g, whole_times(g, x, last), size));

    high = kt_select(g, kt_compare(g, KT_BI_GREATER, x, size - 1), high, x);
    return clamped(g, kt_select(g, kt_compare(g, KT_BI_LESS, x, 0), low, high), n);
}

static kt_node *as_it_is(kt_graph *g, kt_node *x, int64_t n)
{
    (void)g;
    (void)n;
    return x;
}

static border_fn border_of(const char *mode)
{
    return kt_streq(mode, "reflect") ? reflected
         : kt_streq(mode, "wrap")    ? wrapped
         : kt_streq(mode, "nearest") ? clamped
                                     : as_it_is;
}

/* --- images [B, H, W, C] at coordinates [B, H, W] --- */

typedef struct reader {
    kt_graph *g;
    kt_node  *x; /* [B H W, C] */
    int64_t   b, h, w;
    double    fill;
} reader;

static kt_node *inside(kt_graph *g, kt_node *x, int64_t n)
{
    return kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_GREATER_EQUAL, x, 0),
                     kt_compare(g, KT_BI_LESS, x, (double)n));
}

/* The elements at whole places; `fill` where there are none. */
static kt_node *at(const reader *r, kt_node *y, kt_node *x)
{
    kt_graph *g = r->g;
    kt_node  *good = kt_binary(g, KT_BI_AND, inside(g, y, r->h), inside(g, x, r->w));
    kt_node  *batch = kt_reshape(g, kt_series(g, r->b, 0, r->h * r->w), KT_SHAPE(r->b, 1, 1));
    kt_node  *row = kt_cast(g, kt_where(g, good, y, 0), KT_I64);
    kt_node  *column = kt_cast(g, kt_where(g, good, x, 0), KT_I64);
    kt_node  *place = kt_add(g, kt_add(g, kt_mul_scalar(g, row, (double)r->w), column), batch);

    return kt_where(g, kt_expand_dims(g, good, 3), kt_gather(g, r->x, place, 0), r->fill);
}

/* Halves away from 0. */
static kt_node *nearest(kt_graph *g, kt_node *x)
{
    kt_node *up = kt_unary(g, KT_UN_FLOOR, kt_add_scalar(g, kt_unary(g, KT_UN_ABS, x), 0.5));

    return kt_mul(g, up, kt_unary(g, KT_UN_SIGN, x));
}

static kt_node *read_at(const reader *r, kt_node *y, kt_node *x, bool bilinear, kt_dtype dtype)
{
    kt_graph *g = r->g;

    if (!bilinear)
        return kt_cast(g, at(r, nearest(g, y), nearest(g, x)), dtype);
    kt_node *top = kt_unary(g, KT_UN_FLOOR, y), *left = kt_unary(g, KT_UN_FLOOR, x), *row[2];
    kt_node *down = kt_expand_dims(g, kt_sub(g, y, top), 3);
    kt_node *right = kt_expand_dims(g, kt_sub(g, x, left), 3);
    for (int i = 0; i < 2; i++) {
        kt_node *line = kt_add_scalar(g, top, i);
        kt_node *a = kt_cast(g, at(r, line, left), KT_F32);
        kt_node *b = kt_cast(g, at(r, line, kt_add_scalar(g, left, 1)), KT_F32);
        row[i] = kt_add(g, kt_mul(g, kt_sub(g, number(g, right, 1), right), a),
                        kt_mul(g, right, b));
    }
    kt_node *sum = kt_add(g, kt_mul(g, kt_sub(g, number(g, down, 1), down), row[0]),
                          kt_mul(g, down, row[1]));
    return kt_cast(g, sum, dtype);
}

/* Coefficient i of transforms [N, 8], as [N, 1, 1]. */
static kt_node *coefficient(kt_graph *g, kt_node *t, int i)
{
    return kt_expand_dims(g, kt_slice_axis(g, t, 1, i, 1), 2);
}

/* c[i] X + c[i + 1] Y + last */
static kt_node *plane(kt_graph *g, kt_node *t, int i, kt_node *x, kt_node *y, kt_node *last)
{
    kt_node *sum = kt_add(g, kt_mul(g, coefficient(g, t, i), x),
                          kt_mul(g, coefficient(g, t, i + 1), y));

    return kt_add(g, sum, last);
}

kt_node *kt_projected(kt_graph *g, kt_node *images, kt_node *t, const char *interpolation,
                      const char *mode, double fill)
{
    reader    r = {.g = g,
                   .b = images->shape.dim[0],
                   .h = images->shape.dim[1],
                   .w = images->shape.dim[2],
                   .fill = fill};
    border_fn border = border_of(mode);
    kt_node  *x = kt_reshape(g, kt_cast(g, kt_series(g, r.w, 0, 1), KT_F32), KT_SHAPE(1, 1, r.w));
    kt_node  *y = kt_reshape(g, kt_cast(g, kt_series(g, r.h, 0, 1), KT_F32), KT_SHAPE(1, r.h, 1));
    kt_node  *k = plane(g, t, 6, x, y, number(g, x, 1));
    kt_node  *flat = kt_compare(g, KT_BI_EQUAL, k, 0),
            *safe = kt_select(g, flat, number(g, k, 1), k);
    kt_node *in_x = kt_div(g, plane(g, t, 0, x, y, coefficient(g, t, 2)), safe);
    kt_node *in_y = kt_div(g, plane(g, t, 3, x, y, coefficient(g, t, 5)), safe);
    kt_shape all = KT_SHAPE(r.b, r.h, r.w);

    r.x = kt_reshape(g, images, KT_SHAPE(r.b * r.h * r.w, images->shape.dim[3]));
    in_x = kt_broadcast_to(g, border(g, in_x, r.w), all);
    in_y = kt_broadcast_to(g, border(g, in_y, r.h), all);
    kt_node *out = read_at(&r, in_y, in_x, !kt_streq(interpolation, "nearest"), images->dtype);
    return kt_select(g, kt_expand_dims(g, kt_broadcast_to(g, flat, all), 3), number(g, out, fill),
                     out);
}

/* Coordinate k of point i of points [N, 4, 2], as [N, 1]. */
static kt_node *of_point(kt_graph *g, kt_node *points, int i, int k)
{
    return kt_squeeze(g, kt_slice_axis(g, kt_slice_axis(g, points, 1, i, 1), 2, k, 1), 2);
}

kt_node *kt_homography(kt_graph *g, kt_node *start, kt_node *end)
{
    kt_node *rows[8], *values[8];

    for (int i = 0; i < 8; i++) {
        kt_node *x = of_point(g, end, i / 2, 0), *y = of_point(g, end, i / 2, 1);
        kt_node *to = of_point(g, start, i / 2, i % 2), *zero = kt_mul_scalar(g, x, 0);
        kt_node *one = kt_add_scalar(g, zero, 1), *minus = kt_unary(g, KT_UN_NEG, to);
        kt_node *px = kt_mul(g, minus, x), *py = kt_mul(g, minus, y);
        kt_node *cells[2][8] = {{x, y, one, zero, zero, zero, px, py},
                                {zero, zero, zero, x, y, one, px, py}};

        if (kt_graph_failed(g))
            return g->poison;
        rows[i] = kt_expand_dims(g, kt_concat(g, 8, cells[i % 2], 1), 1);
        values[i] = to;
    }
    kt_node *target = kt_expand_dims(g, kt_concat(g, 8, values, 1), 2);
    return kt_squeeze(g, kt_solve(g, kt_concat(g, 8, rows, 1), target, false), 2);
}
