/* images.c - images [batch, rows, columns, channels] in other colors, and filtered. */
#include "nn/images/images.h"

/* --- colors --- */

static kt_node *channel(kt_graph *g, kt_node *x, int i)
{
    return kt_slice_axis(g, x, 3, i, 1);
}

bool kt_has_image_rank(kt_layer *self, kt_call *c, const kt_shape *s)
{
    if (s->rank != 3 && s->rank != 4)
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid images rank: expected rank 3 (single image) or rank 4 (batch of "
                     "images). Received input with shape: images.shape=%s",
                     kt_shape_text(&c->g->arena, s));
    return s->rank == 3 || s->rank == 4;
}

kt_node *kt_gray(kt_graph *g, kt_node *x)
{
    static const double weight[] = {0.2989, 0.5870, 0.1140};
    kt_dtype            dtype = x->dtype;
    kt_node            *real = kt_cast(g, x, kt_real_dtype(dtype)), *y = NULL;

    for (int i = 0; i < 3; i++) {
        kt_node *part = kt_mul_scalar(g, channel(g, real, i), weight[i]);
        y = y ? kt_add(g, y, part) : part;
    }
    return kt_cast(g, y, dtype);
}

/* The part of the hue that a difference of two channels makes. */
static kt_node *sector(kt_graph *g, kt_node *a, kt_node *b, kt_node *norm, double offset)
{
    return kt_add_scalar(g, kt_mul(g, norm, kt_sub(g, a, b)), offset / 6);
}

kt_node *kt_hsv_of_rgb(kt_graph *g, kt_node *x)
{
    kt_node *red = channel(g, x, 0), *green = channel(g, x, 1), *blue = channel(g, x, 2);
    kt_node *value = kt_reduce(g, KT_RE_MAX, x, 8, true);
    kt_node *range = kt_sub(g, value, kt_reduce(g, KT_RE_MIN, x, 8, true));
    kt_node *some = kt_compare(g, KT_BI_GREATER, value, 0);
    kt_node *saturation = kt_where(g, some, kt_div(g, range, kt_where(g, some, value, 1)), 0);
    kt_node *colored = kt_compare(g, KT_BI_GREATER, range, 0);
    kt_node *norm = kt_unary(g, KT_UN_RECIPROCAL,
                             kt_mul_scalar(g, kt_where(g, colored, range, 1), 6));
    kt_node *hue = kt_select(g, kt_binary(g, KT_BI_EQUAL, value, green),
                             sector(g, blue, red, norm, 2), sector(g, red, green, norm, 4));
    hue = kt_select(g, kt_binary(g, KT_BI_EQUAL, value, red), sector(g, green, blue, norm, 0), hue);
    hue = kt_where(g, colored, hue, 0);
    hue = kt_select(g, kt_compare(g, KT_BI_LESS, hue, 0), kt_add_scalar(g, hue, 1), hue);
    return kt_concat(g, 3, (kt_node *[]){hue, saturation, value}, 3);
}

/* clip(|6 h - a| - b, 0, 1), or clip(b - |6 h - a|, 0, 1) */
static kt_node *ramp(kt_graph *g, kt_node *h6, double a, double b, bool down)
{
    kt_node *off = kt_unary(g, KT_UN_ABS, kt_add_scalar(g, h6, -a));

    off = down ? kt_add_scalar(g, kt_unary(g, KT_UN_NEG, off), b) : kt_add_scalar(g, off, -b);
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, 0, 1}, off);
}

kt_node *kt_rgb_of_hsv(kt_graph *g, kt_node *x)
{
    kt_node *h6 = kt_mul_scalar(g, channel(g, x, 0), 6), *s = channel(g, x, 1);
    kt_node *v = channel(g, x, 2), *dull = kt_add_scalar(g, kt_unary(g, KT_UN_NEG, s), 1);
    kt_node *part[] = {ramp(g, h6, 3, 1, false), ramp(g, h6, 2, 2, true), ramp(g, h6, 4, 2, true)};

    for (int i = 0; i < 3; i++)
        part[i] = kt_mul(g, kt_add(g, dull, kt_mul(g, s, part[i])), v);
    return kt_concat(g, 3, part, 3);
}

/* --- filters --- */

kt_node *kt_filtered(kt_graph *g, kt_node *x, kt_node *filter, bool same)
{
    int64_t        channels = kt_dim(&x->shape, -1);
    kt_window_attr attr = {.spatial = 2, .same = same, .groups = channels};
    kt_shape shape = KT_SHAPE(kt_dim(&filter->shape, 0), kt_dim(&filter->shape, 1), 1, channels);

    if (kt_is_poison(g, x) || kt_is_poison(g, filter))
        return g->poison;
    filter = kt_expand_dims(g, kt_expand_dims(g, filter, 2), 3);
    return kt_conv(g, x, kt_broadcast_to(g, filter, shape), &attr);
}

kt_node *kt_bell(kt_graph *g, int64_t n, kt_node *sigma, kt_node *reach)
{
    kt_node *at = kt_add_scalar(g, kt_cast(g, kt_series(g, n, 0, 1), sigma->dtype),
                                -(double)(n - 1) / 2);
    kt_node *y = kt_unary(g, KT_UN_SQUARE, kt_div(g, at, sigma));

    y = kt_unary(g, KT_UN_EXP, kt_mul_scalar(g, y, -0.5));
    if (reach)
        y = kt_where(g, kt_binary(g, KT_BI_LESS_EQUAL, kt_unary(g, KT_UN_ABS, at), reach), y, 0);
    return kt_div(g, y, kt_sum_all(g, y));
}

kt_node *kt_outer(kt_graph *g, kt_node *rows, kt_node *columns)
{
    return kt_mul(g, kt_expand_dims(g, rows, 1), kt_expand_dims(g, columns, 0));
}

/* Keras reads the filter of columns by rows as one of rows by columns. */
kt_node *kt_blurred(kt_graph *g, kt_node *x, int64_t rows, int64_t columns, kt_node *row_sigma,
                    kt_node *column_sigma)
{
    kt_node *filter = kt_outer(g, kt_bell(g, columns, column_sigma, NULL),
                               kt_bell(g, rows, row_sigma, NULL));

    filter = kt_reshape(g, filter, KT_SHAPE(rows, columns));
    return kt_filtered(g, x, kt_cast(g, filter, x->dtype), true);
}
