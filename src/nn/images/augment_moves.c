/* augment_moves.c - layers that move the pixels of images in training: mirrored, cut, turned,
 * enlarged, shifted, sheared, bent, erased. */
#include "nn/images/augment.h"
#include "nn/images/images.h"
#include "nn/images/resize.h"

/* --- through transforms --- */

/* [n, 8] of six rows of numbers [n, 1], NULL: 0; the last two are 0. */
static kt_node *transform(const kt_change *h, kt_node *const part[6])
{
    kt_node *all[8],
        *zero = kt_broadcast_to(h->g, kt_scalar_as(h->g, 0, h->g->floatx), KT_SHAPE(h->n, 1));

    for (int i = 0; i < 8; i++)
        all[i] = i < 6 && part[i] ? part[i] : zero;
    return kt_concat(h->g, 8, all, 1);
}

static kt_node *ones(const kt_change *h)
{
    return kt_broadcast_to(h->g, kt_scalar_as(h->g, 1, h->g->floatx), KT_SHAPE(h->n, 1));
}

static kt_node *minus(const kt_change *h, kt_node *x)
{
    return kt_unary(h->g, KT_UN_NEG, x);
}

static double number_of(const kt_change *h, const char *field)
{
    const double *v = kt_augment_field(h->self, field);

    return v ? *v : 0;
}

static const char *text_of(const kt_change *h, const char *field)
{
    const char **v = kt_augment_field(h->self, field);

    return v ? *v : "reflect";
}

static kt_node *projected(const kt_change *h, kt_node *x, kt_node *t)
{
    return kt_projected(h->g, x, t, text_of(h, "interpolation"), text_of(h, "fill_mode"),
                        number_of(h, "fill_value"));
}

kt_node *kt_drawn_turn(const kt_change *h, const double degrees[2])
{
    kt_graph *g = h->g;
    double    w = (double)(h->columns - 1), t = (double)(h->rows - 1);
    kt_node  *angle = kt_drawn_each(h, degrees);

    angle = kt_mul_scalar(g, angle, 3.14159265358979323846 / 180);
    kt_node *cosine = kt_expand_dims(g, kt_unary(g, KT_UN_COS, angle), 1);
    kt_node *sine = kt_expand_dims(g, kt_unary(g, KT_UN_SIN, angle), 1);
    /* about the middle */
    kt_node *x = kt_sub(g, kt_mul_scalar(g, cosine, w), kt_mul_scalar(g, sine, t));
    kt_node *y = kt_add(g, kt_mul_scalar(g, sine, w), kt_mul_scalar(g, cosine, t));
    x = kt_mul_scalar(g, kt_add_scalar(g, minus(h, x), w), 0.5);
    y = kt_mul_scalar(g, kt_add_scalar(g, minus(h, y), t), 0.5);
    return transform(h, (kt_node *[]){cosine, minus(h, sine), x, sine, cosine, y});
}

kt_node *kt_drawn_move(const kt_change *h, const double down[2], const double right[2])
{
    kt_node *y = kt_drawn(h, down[0], down[1], KT_SHAPE(h->n, 1));
    kt_node *x = kt_drawn(h, right[0], right[1], KT_SHAPE(h->n, 1));

    y = kt_mul_scalar(h->g, y, (double)h->rows);
    x = kt_mul_scalar(h->g, x, (double)h->columns);
    return transform(h, (kt_node *[]){ones(h), NULL, minus(h, x), NULL, ones(h), minus(h, y)});
}

kt_node *kt_drawn_shear(const kt_change *h, const double x[2], const double y[2])
{
    kt_shape each = KT_SHAPE(h->n, 1);
    kt_node *sign = kt_drawn_sign(h, each);
    kt_node *down = kt_mul(h->g, kt_drawn(h, y[0], y[1], each), sign);
    kt_node *right = kt_mul(h->g, kt_drawn(h, x[0], x[1], each), sign);

    return transform(h, (kt_node *[]){ones(h), right, NULL, down, ones(h), NULL});
}

kt_node *kt_change_turn(const kt_change *h, kt_node *x)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    return projected(h, x, kt_drawn_turn(h, (double[]){360 * ends[0], 360 * ends[1]}));
}

kt_node *kt_change_move(const kt_change *h, kt_node *x)
{
    double down[2], right[2];

    kt_ends_of(h, "height_factor", down);
    kt_ends_of(h, "width_factor", right);
    return projected(h, x, kt_drawn_move(h, down, right));
}

kt_node *kt_change_shear(const kt_change *h, kt_node *x)
{
    double right[2], down[2];

    kt_ends_of(h, "x_factor", right);
    kt_ends_of(h, "y_factor", down);
    return projected(h, x, kt_drawn_shear(h, right, down));
}

/* (n - 1) / 2 (1 - zoom) */
static kt_node *beside(const kt_change *h, kt_node *zoom, int64_t n)
{
    return kt_mul_scalar(h->g, kt_add_scalar(h->g, minus(h, zoom), 1), (double)(n - 1) / 2);
}

kt_node *kt_change_zoom(const kt_change *h, kt_node *x)
{
    const kt_value **width = kt_augment_field(h->self, "width_factor");
    double           ends[2];

    kt_ends_of(h, "height_factor", ends);
    kt_node *down = kt_drawn(h, 1 + ends[0], 1 + ends[1], KT_SHAPE(h->n, 1)), *right = down;
    if (!kt_is_none(*width)) {
        kt_ends_of(h, "width_factor", ends);
        right = kt_drawn(h, 1 + ends[0], 1 + ends[1], KT_SHAPE(h->n, 1));
    }
    return projected(h, x,
                     transform(h, (kt_node *[]){right, NULL, beside(h, right, h->columns), NULL,
                                                down, beside(h, down, h->rows)}));
}

kt_node *kt_change_perspective(const kt_change *h, kt_node *x)
{
    const kt_value **field = kt_augment_field(h->self, "scale");
    double           w = (double)(h->columns - 1), t = (double)(h->rows - 1), scale = 0;
    kt_graph        *g = h->g;
    kt_node         *chosen = kt_drawn_choice(h);

    kt_value_number(*field, &scale);
    kt_node *off = kt_drawn(h, -scale / 2, scale / 2, KT_SHAPE(h->n, 4, 2));
    kt_node *start = kt_table(g, g->floatx, KT_SHAPE(1, 4, 2), (double[]){0, 0, w, 0, 0, t, w, t});
    start = kt_broadcast_to(g, start, KT_SHAPE(h->n, 4, 2));
    kt_node *end = kt_mul(g, start, kt_add_scalar(g, off, 1));
    kt_node *y = kt_projected(g, x, kt_homography(g, start, end), text_of(h, "interpolation"),
                              "constant", number_of(h, "fill_value"));
    return kt_select(g, chosen, y, x);
}

/* --- without transforms --- */

static kt_node *mirrored(const kt_change *h, kt_node *x, kt_node *which, int axis)
{
    return kt_select(h->g, which, kt_reverse(h->g, x, axis), x);
}

kt_node *kt_change_flip(const kt_change *h, kt_node *x)
{
    const char *mode = text_of(h, "mode");
    kt_node    *which = kt_drawn_image(h, (double[]){0, 1});

    which = kt_compare(h->g, KT_BI_LESS_EQUAL, which, 0.5);
    if (!kt_streq(mode, "vertical"))
        x = mirrored(h, x, which, 2);
    return kt_streq(mode, "horizontal") ? x : mirrored(h, x, which, 1);
}

/* The rows or columns from a drawn one on. */
static kt_node *cut(const kt_change *h, kt_node *x, int axis, int64_t size)
{
    kt_graph *g = h->g;
    kt_node  *first = kt_drawn(h, 0, (double)(kt_dim(&x->shape, axis) - size + 1), (kt_shape){0});

    first = kt_cast(g, kt_unary(g, KT_UN_FLOOR, first), KT_I64);
    return kt_gather(g, x, kt_add(g, kt_series(g, size, 0, 1), first), axis);
}

/* As many rows or columns as there are, up to `size`. Keras begins where a part of the wanted ratio
 * of sides, `other` by `across`, would be in the middle. */
static kt_node *middle(const kt_change *h, kt_node *x, int axis, int64_t size, int64_t other,
                       int64_t across)
{
    int64_t n = kt_dim(&x->shape, axis);
    double  part = across > 0 ? (double)other * (double)size / (double)across : (double)n;
    int64_t begin = part < (double)n ? (n - (int64_t)part) / 2 : 0;

    return kt_slice_axis(h->g, x, axis, begin, size < n - begin ? size : n - begin);
}

/* At random where it is smaller both ways, else once for all and then enlarged. */
kt_node *kt_change_crop(const kt_change *h, kt_node *x)
{
    const kt_value **height = kt_augment_field(h->self, "height");
    const kt_value **width = kt_augment_field(h->self, "width");

    if (!kt_is_int(*height) || !kt_is_int(*width) || (*height)->i < 0 || (*width)->i < 0)
        return kt_call_fail(h->self, h->c, KT_E_TYPE,
                            "Layer '%s': `height` and `width` must be numbers of pixels",
                            h->self->name);
    kt_resize to = {.height = (*height)->i, .width = (*width)->i, .interpolation = "bilinear"};
    if (to.height < h->rows && to.width < h->columns)
        return cut(h, cut(h, x, 1, to.height), 2, to.width);
    x = middle(h, x, 1, to.height, h->columns, to.width);
    x = middle(h, x, 2, to.width, h->rows, to.height);
    return kt_resized(h->g, x, &to);
}

kt_node *kt_change_elastic(const kt_change *h, kt_node *x)
{
    const char *method = text_of(h, "interpolation");
    kt_reading  how = {.order = !kt_streq(method, "nearest"),
                       .mode = text_of(h, "fill_mode"),
                       .fill = number_of(h, "fill_value")};
    int64_t     longer = h->rows > h->columns ? h->rows : h->columns;
    double      shorter = (double)(h->rows < h->columns ? h->rows : h->columns), ends[2];
    kt_node    *chosen = kt_drawn_choice(h);

    kt_ends_of(h, "scale", ends);
    kt_node *scale = kt_drawn(h, ends[0], ends[1], (kt_shape){0});
    kt_node *alpha = kt_mul_scalar(h->g, scale, (double)longer * 0.1);
    kt_node *sigma = kt_mul_scalar(h->g, scale, shorter * 0.05);
    kt_node *y = kt_bent(h->g, x, kt_next_seed(h->self, h->c, NULL), alpha, sigma,
                         ends[1] * shorter * 0.05, &how);
    return kt_clipped(h->g, kt_select(h->g, chosen, y, x), h->range[0], h->range[1]);
}

/* lo < i < lo + size, for the n places of an axis: [images, n]. */
static kt_node *within(const kt_change *h, kt_node *lo, kt_node *size, int64_t n)
{
    kt_graph *g = h->g;
    kt_node  *i = kt_expand_dims(g, kt_cast(g, kt_series(g, n, 0, 1), lo->dtype), 0);
    kt_node  *end = kt_expand_dims(g, kt_add(g, lo, size), 1);

    lo = kt_expand_dims(g, lo, 1);
    return kt_binary(g, KT_BI_AND, kt_binary(g, KT_BI_GREATER, i, lo),
                     kt_binary(g, KT_BI_LESS, i, end));
}

/* Where a box of this size begins, of those that lie within. */
static kt_node *beginning(const kt_change *h, kt_node *size, int64_t n)
{
    kt_node *room = kt_add_scalar(h->g, minus(h, size), (double)n);

    return kt_mul(h->g, kt_drawn(h, 0, 1, KT_SHAPE(h->n)), room);
}

kt_node *kt_drawn_box(const kt_change *h, kt_node *width, kt_node *height)
{
    kt_graph *g = h->g;
    kt_node  *columns = within(h, beginning(h, width, h->columns), width, h->columns);
    kt_node  *rows = within(h, beginning(h, height, h->rows), height, h->rows);

    return kt_expand_dims(
        g, kt_binary(g, KT_BI_AND, kt_expand_dims(g, rows, 2), kt_expand_dims(g, columns, 1)), 3);
}

/* Column i of numbers [n, 2], of an axis of `size`: [n]. */
static kt_node *side(const kt_change *h, kt_node *x, int i, int64_t size)
{
    kt_node *one = kt_squeeze(h->g, kt_slice_axis(h->g, x, 1, i, 1), 1);

    return kt_mul_scalar(h->g, one, (double)size);
}

kt_node *kt_change_erase(const kt_change *h, kt_node *x)
{
    const kt_value **given = kt_augment_field(h->self, "fill_value");
    kt_graph        *g = h->g;
    double           ends[2], value = 0;
    kt_node         *fill;

    kt_ends_of(h, "scale", ends);
    kt_node *share = kt_unary(g, KT_UN_SQRT, kt_drawn(h, ends[0], ends[1], KT_SHAPE(h->n, 2)));
    kt_node *box = kt_drawn_box(h, side(h, share, 0, h->columns), side(h, share, 1, h->rows));
    kt_node *chosen = kt_drawn_choice(h);
    if (kt_value_number(*given, &value)) {
        fill = kt_scalar_as(g, value, x->dtype);
    } else {
        fill = kt_cast(g, kt_drawn_normal(h, x), x->dtype);
        fill = kt_mul_scalar(g, fill, h->range[1]);
    }
    fill = kt_clipped(g, fill, h->range[0], h->range[1]);
    return kt_select(g, kt_binary(g, KT_BI_AND, chosen, box), fill, x);
}
