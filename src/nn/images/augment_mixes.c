/* augment_mixes.c - layers that mix images in training, or several changes of them. */
#include <math.h>

#include "nn/images/augment.h"
#include "nn/images/images.h"

kt_node *kt_augmented(kt_layer *self, kt_call *c, kt_node *x, kt_change_fn change)
{
    const kt_value **range = kt_augment_field(self, "value_range");
    const char     **format = kt_augment_field(self, "data_format");
    bool             first = format && kt_streq(*format, "channels_first");
    bool             single = x->shape.rank == 3;
    kt_change        h = {.self = self, .c = c, .g = c->g, .dtype = self->dtype, .first = first};

    x = kt_cast(c->g, single ? kt_expand_dims(c->g, x, 0) : x, self->dtype);
    if (first)
        x = kt_transpose(c->g, x, (int[]){0, 2, 3, 1});
    if (kt_is_poison(c->g, x))
        return x;
    h.range[1] = 255;
    h.n = x->shape.dim[0];
    h.rows = x->shape.dim[1];
    h.columns = x->shape.dim[2];
    h.channels = x->shape.dim[3];
    if (range)
        kt_ends_of(&h, "value_range", h.range);
    x = kt_cast(c->g, change(&h, x), self->dtype);
    if (first)
        x = kt_transpose(c->g, x, (int[]){0, 3, 1, 2});
    return single ? kt_squeeze(c->g, x, 0) : x;
}

/* --- two images --- */

static kt_node *others(const kt_change *h, kt_node *x, kt_node *order)
{
    return kt_gather(h->g, x, order, 0);
}

kt_node *kt_change_mix_up(const kt_change *h, kt_node *x)
{
    const double *alpha = kt_augment_field(h->self, "alpha");
    kt_graph     *g = h->g;
    kt_node      *order = kt_drawn_order(h);
    kt_node      *all = kt_broadcast_to(g, kt_scalar_as(g, *alpha, g->floatx), KT_SHAPE(h->n));
    kt_node      *share = kt_images_of(h, kt_cast(g, kt_drawn_share(h, all), x->dtype));
    kt_node      *rest = kt_add_scalar(g, kt_unary(g, KT_UN_NEG, share), 1);

    return kt_add(g, kt_mul(g, share, x), kt_mul(g, rest, others(h, x, order)));
}

kt_node *kt_change_cut_mix(const kt_change *h, kt_node *x)
{
    kt_graph *g = h->g;
    double    ends[2];

    kt_ends_of(h, "factor", ends);
    kt_node *alpha = kt_drawn(h, ends[0], ends[1], (kt_shape){0});
    kt_node *share = kt_drawn_share(h, kt_broadcast_to(g, alpha, KT_SHAPE(h->n)));
    share = kt_unary(g, KT_UN_SQRT, kt_add_scalar(g, kt_unary(g, KT_UN_NEG, share), 1));
    kt_node *box = kt_drawn_box(h, kt_mul_scalar(g, share, (double)h->columns),
                                kt_mul_scalar(g, share, (double)h->rows));
    return kt_select(g, box, others(h, x, kt_drawn_order(h)), x);
}

/* --- one change after another --- */

/* The ends of a range, none of them below `least`; false where the field is None. */
static bool inner_ends(const kt_change *h, const char *field, double least, double out[2])
{
    const kt_value **v = kt_augment_field(h->self, field);

    kt_ends_of(h, field, out);
    out[0] = out[0] < least ? least : out[0];
    return !kt_is_none(*v);
}

kt_node *kt_change_jitter(const kt_change *h, kt_node *x)
{
    double ends[2];

    if (inner_ends(h, "brightness_factor", -1, ends))
        x = kt_brightened(h, x, kt_drawn_image(h, ends));
    if (inner_ends(h, "contrast_factor", 0, ends))
        x = kt_contrasted(h, x, kt_drawn_contrast(h, ends));
    if (inner_ends(h, "saturation_factor", -1, ends))
        x = kt_change_saturation_by(h, x, ends);
    return inner_ends(h, "hue_factor", 0, ends) ? kt_change_hue_by(h, x, ends) : x;
}

/* What RandAugment and AugMix choose from. */
typedef enum kind {
    SHEAR,
    MOVE,
    TURN,
    BRIGHTNESS,
    DEGENERATION,
    CONTRAST,
    SHARPNESS,
    POSTERIZATION,
    SOLARIZATION,
    AUTO_CONTRAST,
    EQUALIZATION,
    N_KINDS
} kind;
typedef struct drawn {
    kt_node *a, *b;
} drawn;

static drawn draw(const kt_change *h, kind k, const double f[2])
{
    const double degrees[2] = {360 * f[0], 360 * f[1]}, pixels[2] = {f[0], 255 * f[1]};
    drawn        d = {NULL, NULL};

    switch (k) {
    case SHEAR: d.a = kt_drawn_shear(h, f, f); break;
    case MOVE: d.a = kt_drawn_move(h, f, f); break;
    case TURN: d.a = kt_drawn_turn(h, degrees); break;
    case CONTRAST: d.a = kt_drawn_contrast(h, f); break;
    case SHARPNESS: d.a = kt_images_of(h, kt_drawn_each(h, f)); break;
    case POSTERIZATION: d.a = kt_drawn_shift(h, 1, fmax(2, floor(8 * f[1]))); break;
    case SOLARIZATION:
        d.a = kt_drawn_image(h, pixels);
        d.b = kt_drawn_image(h, pixels);
        break;
    case BRIGHTNESS:
    case DEGENERATION: d.a = kt_drawn_image(h, f); break;
    default: break;
    }
    return d;
}

/* The images x, changed. */
static kt_node *applied(const kt_change *h, kind k, drawn d, kt_node *x)
{
    const char **method = kt_augment_field(h->self, "interpolation");

    switch (k) {
    case SHEAR:
    case MOVE:
    case TURN: return kt_projected(h->g, x, d.a, *method, "reflect", 0);
    case BRIGHTNESS: return kt_brightened(h, x, d.a);
    case DEGENERATION: return kt_degenerated(h, x, d.a);
    case CONTRAST: return kt_contrasted(h, x, d.a);
    case SHARPNESS: return kt_sharpened(h, x, d.a);
    case POSTERIZATION: return kt_posterized(h, x, d.a);
    case SOLARIZATION: return kt_solarized(h, x, d.a, d.b);
    case AUTO_CONTRAST: return kt_spread(h->g, x, h->range, h->dtype);
    default: return kt_equalized(h, x, 256);
    }
}

/* x changed in the way whose number `which` is; N_KINDS: as it is. */
static kt_node *changed(const kt_change *h, kt_node *which, const drawn *d, kt_node *x)
{
    kt_node *option[N_KINDS + 1];

    which = kt_cast(h->g, which, KT_I32);
    for (int k = 0; k < N_KINDS; k++)
        option[k] = kt_cast(h->g, applied(h, (kind)k, d[k], x), x->dtype);
    option[N_KINDS] = x;
    return kt_choose(h->g, which, N_KINDS + 1, option);
}

kt_node *kt_change_some(const kt_change *h, kt_node *x)
{
    const int64_t *n = kt_augment_field(h->self, "num_ops");
    double         ends[2];
    drawn          d[N_KINDS];

    if (*n < 0)
        return kt_call_fail(h->self, h->c, KT_E_INVALID_ARGUMENT, "Dimension %lld must be >= 0",
                            (long long)*n);
    if (*n > 64)
        return kt_call_fail(h->self, h->c, KT_E_VALUE, "Layer '%s': num_ops is at most 64",
                            h->self->name);
    kt_ends_of(h, "factor", ends);
    kt_node *which = kt_drawn_whole(h, 0, N_KINDS, 32, KT_SHAPE(*n));
    for (int k = 0; k < N_KINDS; k++)
        d[k] = draw(h, (kind)k, ends);
    for (int64_t i = 0; i < *n && !kt_graph_failed(h->g); i++)
        x = changed(h, kt_squeeze(h->g, kt_slice_axis(h->g, which, 0, i, 1), 0), d, x);
    return x;
}

/* --- chains of changes --- */

/* Which change a step of a chain is: one of all, or of those that leave colors be. */
static kt_node *drawn_kind(const kt_change *h, bool all)
{
    static const double plain[] = {SHEAR,        MOVE,          TURN,        POSTERIZATION,
                                   SOLARIZATION, AUTO_CONTRAST, EQUALIZATION};
    kt_node *k = kt_drawn_whole(h, 0, all ? N_KINDS : (int64_t)KT_COUNT(plain), 32, (kt_shape){0});
    kt_node *kinds = kt_table(h->g, h->g->floatx, KT_SHAPE((int64_t)KT_COUNT(plain)), plain);

    return all ? k : kt_gather(h->g, kinds, kt_cast(h->g, k, KT_I64), 0);
}

/* One to `depth` changes, one after another. */
static kt_node *chain(const kt_change *h, kt_node *x, int64_t depth, bool all, const double ends[2])
{
    kt_node *length = kt_drawn_whole(h, 1, depth + 1, 32, (kt_shape){0});
    drawn    d[N_KINDS];

    for (int64_t i = 0; i < depth && !kt_graph_failed(h->g); i++) {
        kt_node *which = drawn_kind(h, all);
        for (int k = 0; k < N_KINDS; k++)
            d[k] = draw(h, (kind)k, ends);
        kt_node *on = kt_compare(h->g, KT_BI_GREATER, length, (double)i);
        which = kt_select(h->g, on, which, kt_scalar_as(h->g, N_KINDS, which->dtype));
        x = changed(h, which, d, x);
    }
    return x;
}

/* Keras chooses the changes by Python's random numbers, which no seed of the layer says; here they
 * are drawn from it, too. */
kt_node *kt_change_chains(const kt_change *h, kt_node *x)
{
    const int64_t *n = kt_augment_field(h->self, "num_chains");
    const int64_t *depth = kt_augment_field(h->self, "chain_depth");
    const double  *alpha = kt_augment_field(h->self, "alpha");
    const bool    *all = kt_augment_field(h->self, "all_ops");
    kt_graph      *g = h->g;
    double         ends[2];

    if (*n < 1 || *n > 16 || *depth < 1 || *depth > 16)
        return kt_call_fail(h->self, h->c, KT_E_VALUE,
                            "Layer '%s': num_chains and chain_depth are 1 to 16", h->self->name);
    kt_ends_of(h, "factor", ends);
    kt_node *one = kt_scalar_as(g, *alpha, g->floatx);
    kt_node *weight = kt_random_gamma(g, kt_next_seed(h->self, h->c, NULL),
                                      kt_broadcast_to(g, one, KT_SHAPE(*n)));
    weight = kt_cast(g, kt_div(g, weight, kt_sum_all(g, weight)), x->dtype);
    kt_node *share = kt_cast(g, kt_drawn_share(h, one), x->dtype), *sum = NULL;
    for (int64_t i = 0; i < *n && !kt_graph_failed(g); i++) {
        kt_node *part = kt_mul(g, chain(h, x, *depth, *all, ends),
                               kt_slice_axis(g, weight, 0, i, 1));
        sum = sum ? kt_add(g, sum, part) : part;
    }
    if (!sum)
        return g->poison;
    kt_node *rest = kt_add_scalar(g, kt_unary(g, KT_UN_NEG, share), 1);
    return kt_add(g, kt_mul(g, x, share), kt_mul(g, sum, rest));
}
