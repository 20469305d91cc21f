/* warp.c - images [batch, rows, columns, channels] read between their pixels: through transforms
 * and through points. */
#include "nn/images/images.h"

static kt_border border_of(const char *mode)
{
    return kt_streq(mode, "reflect") ? KT_BORDER_REFLECT
         : kt_streq(mode, "wrap")    ? KT_BORDER_WRAP
         : kt_streq(mode, "nearest") ? KT_BORDER_NEAREST
                                     : KT_BORDER_CONSTANT;
}

kt_node *kt_projected(kt_graph *g, kt_node *images, kt_node *t, const char *interpolation,
                      const char *mode, double fill)
{
    kt_warp_attr a = {border_of(mode), !kt_streq(interpolation, "nearest"), fill};

    return kt_cast(g, kt_warp(g, kt_cast(g, images, KT_F32), t, &a), images->dtype);
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
