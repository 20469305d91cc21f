/* augment_colors.c - layers that change the brightness and the colors of images in training. */
#include "nn/images/augment.h"
#include "nn/images/images.h"

static const double unit[] = {0, 1}, bytes[] = {0, 255};

kt_node *kt_clipped(kt_graph *g, kt_node *x, double lo, double hi)
{
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, lo, hi}, x);
}

kt_node *kt_rescaled(kt_graph *g, kt_node *x, const double from[2], const double to[2],
                     kt_dtype dtype)
{
    if (from[0] == to[0] && from[1] == to[1])
        return x;
    x = kt_add_scalar(g, kt_cast(g, x, dtype), -from[0]);
    x = kt_div(g, x, kt_scalar_as(g, from[1] - from[0], dtype));
    return kt_add_scalar(g, kt_mul_scalar(g, x, to[1] - to[0]), to[0]);
}

static kt_node *held(const kt_change *h, kt_node *x)
{
    return kt_clipped(h->g, x, h->range[0], h->range[1]);
}

/* a + (b - a) f */
static kt_node *blended(kt_graph *g, kt_node *a, kt_node *b, kt_node *f)
{
    return kt_add(g, a, kt_mul(g, kt_sub(g, b, a), f));
}

/* --- brightness, contrast --- */

kt_node *kt_brightened(const kt_change *h, kt_node *x, kt_node *factor)
{
    kt_node *more = kt_mul_scalar(h->g, factor, h->range[1] - h->range[0]);

    return held(h, kt_add(h->g, x, kt_cast(h->g, more, x->dtype)));
}

kt_node *kt_change_brightness(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_brightened(h, x, kt_drawn_image(h, ends));
}

kt_node *kt_drawn_contrast(const kt_change *h, const double factor[2])
{
    return kt_drawn_image(h, (double[]){1 - factor[0], 1 + factor[1]});
}

kt_node *kt_contrasted(const kt_change *h, kt_node *x, kt_node *factor)
{
    kt_graph *g = h->g;
    kt_node  *mean = kt_reduce(g, KT_RE_MEAN, kt_cast(g, x, KT_F32), 2, true);

    mean = kt_cast(g, kt_reduce(g, KT_RE_MEAN, mean, 4, true), x->dtype);
    factor = kt_cast(g, factor, x->dtype);
    return held(h, kt_add(g, kt_mul(g, kt_sub(g, x, mean), factor), mean));
}

kt_node *kt_change_contrast(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_contrasted(h, x, kt_drawn_contrast(h, ends));
}

/* --- gray, sharp --- */

kt_node *kt_degenerated(const kt_change *h, kt_node *x, kt_node *factor)
{
    return held(h, blended(h->g, x, kt_gray(h->g, x), factor));
}

kt_node *kt_change_degeneration(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_degenerated(h, x, kt_drawn_image(h, ends));
}

kt_node *kt_change_gray(const kt_change *h, kt_node *x)
{
    const kt_value **field = kt_augment_field(h->self, "factor");
    double           factor = 0;

    kt_value_number(*field, &factor);
    kt_node *chosen = kt_drawn_each(h, unit);
    chosen = kt_images_of(h, kt_compare(h->g, KT_BI_LESS, chosen, factor));
    return kt_select(h->g, chosen, kt_gray(h->g, x), x);
}

kt_node *kt_sharpened(const kt_change *h, kt_node *x, kt_node *factor)
{
    static const double smooth[] = {1 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0, 5 / 13.0,
                                    1 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0};
    kt_node *y = kt_filtered(h->g, x, kt_table(h->g, x->dtype, KT_SHAPE(3, 3), smooth), true);

    return held(h, blended(h->g, y, x, kt_mul_scalar(h->g, factor, 2)));
}

kt_node *kt_change_sharpness(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_sharpened(h, x, kt_images_of(h, kt_drawn_each(h, ends)));
}

kt_node *kt_change_blur(const kt_change *h, kt_node *x)
{
    const kt_value **size = kt_augment_field(h->self, "kernel_size");
    kt_graph        *g = h->g;
    double           ends[2], places[2] = {0, 0};
    kt_node         *chosen = kt_drawn_choice(h), *sigma;

    kt_ends_of(h, "sigma", ends);
    kt_value_number((*size)->items[0], &places[0]);
    kt_value_number((*size)->items[1], &places[1]);
    if (!(places[0] >= 1 && places[1] >= 1 && places[0] < 512 && places[1] < 512))
        return kt_call_fail(h->self, h->c, KT_E_VALUE,
                            "Layer '%s': a filter has 1 to 511 rows and columns", h->self->name);
    sigma = kt_drawn(h, ends[0], ends[1], KT_SHAPE(2));
    kt_node *y = kt_blurred(g, x, (int64_t)places[0], (int64_t)places[1],
                            kt_slice_axis(g, sigma, 0, 0, 1), kt_slice_axis(g, sigma, 0, 1, 1));
    return held(h, kt_select(g, chosen, y, x));
}

/* --- steps of brightness --- */

kt_node *kt_change_invert(const kt_change *h, kt_node *x)
{
    kt_node *chosen = kt_drawn_choice(h);
    kt_node *y = kt_add_scalar(h->g, kt_unary(h->g, KT_UN_NEG, x), h->range[1]);

    return kt_select(h->g, chosen, y, x);
}

kt_node *kt_drawn_shift(const kt_change *h, double lo, double hi)
{
    kt_node *bits = kt_drawn_whole(h, (int64_t)lo, (int64_t)hi, 64, KT_SHAPE(h->n));

    return kt_images_of(h, kt_add_scalar(h->g, kt_unary(h->g, KT_UN_NEG, bits), 8));
}

kt_node *kt_posterized(const kt_change *h, kt_node *x, kt_node *shift)
{
    kt_graph *g = h->g;
    kt_node  *y = kt_cast(g, kt_rescaled(g, x, h->range, bytes, h->dtype), KT_U8);

    /* to the right and back again: the lowest bits are lost */
    kt_node *kept = kt_pair(g, KT_PA_LEFT, kt_scalar_as(g, 255, KT_U8), kt_cast(g, shift, KT_U8));
    y = kt_pair(g, KT_PA_AND, y, kept);
    return kt_rescaled(g, kt_cast(g, y, h->dtype), bytes, h->range, h->dtype);
}

kt_node *kt_change_posterization(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_posterized(h, x, kt_drawn_shift(h, ends[0], ends[1]));
}

kt_node *kt_solarized(const kt_change *h, kt_node *x, kt_node *addition, kt_node *threshold)
{
    kt_graph *g = h->g;
    kt_node  *y = kt_rescaled(g, x, h->range, bytes, h->dtype);

    y = kt_clipped(g, kt_add(g, y, addition), 0, 255);
    y = kt_select(g, kt_binary(g, KT_BI_LESS, y, threshold), y,
                  kt_add_scalar(g, kt_unary(g, KT_UN_NEG, y), 255));
    return kt_rescaled(g, y, bytes, h->range, h->dtype);
}

kt_node *kt_change_solarization(const kt_change *h, kt_node *x)
{
    double added[2], above[2];

    kt_ends_of(h, "addition_factor", added);
    kt_ends_of(h, "threshold_factor", above);
    /* Keras scales the upper end alone */
    kt_node *addition = kt_drawn_image(h, (double[]){added[0], 255 * added[1]});
    kt_node *threshold = kt_drawn_image(h, (double[]){above[0], 255 * above[1]});
    return kt_solarized(h, x, addition, threshold);
}

/* --- over all brightnesses --- */

kt_node *kt_spread(kt_graph *g, kt_node *x, const double range[2], kt_dtype dtype)
{
    kt_node *given = kt_cast(g, x, dtype),
            *y = kt_cast(g, kt_rescaled(g, x, range, bytes, dtype), dtype);
    kt_node *low = kt_reduce(g, KT_RE_MIN, y, 6u, true),
            *high = kt_reduce(g, KT_RE_MAX, y, 6u, true);
    kt_node *scale = kt_div(g, kt_scalar_as(g, 255, dtype), kt_sub(g, high, low));

    y = kt_sub(g, kt_mul(g, y, scale), kt_mul(g, low, scale));
    y = kt_rescaled(g, kt_clipped(g, y, 0, 255), bytes, range, dtype);
    /* an image of one brightness stays as it is */
    return kt_select(g, kt_unary(g, KT_UN_IS_NAN, y), given, y);
}

/* --- equalization: over all images of the batch together, channel by channel --- */

static kt_node *equalized_channel(const kt_change *h, kt_node *x, int64_t bins)
{
    kt_graph *g = h->g;
    double    last = (double)(bins - 1);
    kt_node  *y = kt_rescaled(g, x, h->range, bytes, h->dtype);
    kt_node  *step = kt_cast(g, kt_mul_scalar(g, y, last / 255), KT_I64);

    step = kt_clipped(g, step, 0, last);
    kt_node *count = kt_bincount(g, kt_flat(g, step), NULL, bins, false);
    kt_node *sum = kt_cumsum(g, count, 0, false);
    kt_node *kinds = kt_sum_all(g,
                                kt_cast(g, kt_compare(g, KT_BI_GREATER, count, 0), count->dtype));
    double   total = (double)kt_shape_count(&x->shape);
    /* the least of the sums that are not 0 */
    kt_node *first = kt_reduce(
        g, KT_RE_MIN, kt_where(g, kt_compare(g, KT_BI_GREATER, sum, 0), sum, total), 1, false);
    kt_node *rest = kt_add_scalar(g, kt_unary(g, KT_UN_NEG, first), total);
    kt_node *one = kt_scalar_as(g, 1, rest->dtype);

    rest = kt_select(g, kt_compare(g, KT_BI_EQUAL, rest, 0), one, rest);
    kt_node *to = kt_div(g, kt_mul_scalar(g, kt_sub(g, sum, first), 255), rest);
    to = kt_clipped(g, kt_unary(g, KT_UN_ROUND, to), 0, 255);
    kt_node *z = kt_cast(g, kt_gather(g, to, step, 0), h->dtype);
    z = kt_select(g, kt_compare(g, KT_BI_LESS_EQUAL, kinds, 1), y, z);
    return kt_rescaled(g, z, bytes, h->range, h->dtype);
}

kt_node *kt_equalized(const kt_change *h, kt_node *x, int64_t bins)
{
    kt_node *y = NULL;

    for (int64_t k = 0; k < h->channels && !kt_graph_failed(h->g); k++) {
        kt_node *one = equalized_channel(h, kt_slice_axis(h->g, x, 3, k, 1), bins);
        y = y ? kt_concat(h->g, 2, (kt_node *[]){y, one}, 3) : one;
    }
    return y ? y : x;
}

kt_node *kt_change_equalization(const kt_change *h, kt_node *x)
{
    const int64_t *bins = kt_augment_field(h->self, "bins");

    if (*bins < 1 || *bins > 1 << 24)
        return kt_call_fail(h->self, h->c, KT_E_VALUE, "Layer '%s': bins must be positive",
                            h->self->name);
    return kt_equalized(h, x, *bins);
}

/* --- hue, saturation --- */

static kt_node *channel(kt_graph *g, kt_node *x, int i)
{
    return kt_slice_axis(g, x, 3, i, 1);
}

static bool has_colors(const kt_change *h)
{
    if (h->channels != 3)
        kt_call_fail(h->self, h->c, KT_E_PRECONDITION,
                     "input must have 3 channels but input only has %lld channels.",
                     (long long)h->channels);
    return h->channels == 3;
}

/* Keras scales the saturation by 1 / (1 - factor) - 1, and holds it within the range of pixels. */
kt_node *kt_change_saturation_by(const kt_change *h, kt_node *x, const double factor[2])
{
    kt_graph *g = h->g;
    kt_node  *f = kt_drawn_each(h, factor);

    if (!has_colors(h))
        return g->poison;
    f = kt_unary(g, KT_UN_RECIPROCAL, kt_add_scalar(g, kt_unary(g, KT_UN_NEG, f), 1));
    f = kt_images_of(h, kt_add_scalar(g, f, -1));
    x = kt_hsv_of_rgb(g, x);
    kt_node *s = held(h, kt_mul(g, channel(g, x, 1), f));
    return kt_rgb_of_hsv(g,
                         kt_concat(g, 3, (kt_node *[]){channel(g, x, 0), s, channel(g, x, 2)}, 3));
}

kt_node *kt_change_saturation(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_change_saturation_by(h, x, ends);
}

kt_node *kt_change_hue_by(const kt_change *h, kt_node *x, const double factor[2])
{
    kt_graph *g = h->g;
    kt_node  *sign = kt_drawn_sign(h, KT_SHAPE(h->n));
    kt_node  *turn = kt_mul_scalar(g, kt_mul(g, kt_drawn_each(h, factor), sign), 0.5);

    if (!has_colors(h))
        return g->poison;
    x = kt_hsv_of_rgb(g, kt_rescaled(g, x, h->range, unit, h->dtype));
    kt_node *hue = kt_add(g, channel(g, x, 0), kt_images_of(h, turn));
    hue = kt_select(g, kt_compare(g, KT_BI_GREATER, hue, 1), kt_add_scalar(g, hue, -1), hue);
    hue = kt_select(g, kt_compare(g, KT_BI_LESS, hue, 0), kt_add_scalar(g, hue, 1), hue);
    x = kt_concat(g, 3, (kt_node *[]){hue, channel(g, x, 1), channel(g, x, 2)}, 3);
    x = kt_clipped(g, kt_rgb_of_hsv(g, x), 0, 1);
    return kt_rescaled(g, x, unit, h->range, h->dtype);
}

kt_node *kt_change_hue(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return kt_change_hue_by(h, x, ends);
}
