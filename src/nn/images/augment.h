/* augment.h - what the layers share that change images: the checks of their constructors. */
#ifndef KT_AUGMENT_H
#define KT_AUGMENT_H

#include "nn/layer.h"

/* How a field is checked, and what becomes of it. Messages are Keras'. */
typedef enum kt_augment_how {
    KT_AUGMENT_RANGE,         /* a number or two in [lo, hi]: [max(-v, lo), v], or both in order */
    KT_AUGMENT_OR_ZERO,       /* the same; None is 0.0 */
    KT_AUGMENT_INNER,         /* the same for a layer inside: None is none, and the field stays */
    KT_AUGMENT_SPREAD,        /* a number or two in [lo, hi]: [-v, v]; `text` is the message */
    KT_AUGMENT_CHECKED,       /* the same, but the field stays as it is */
    KT_AUGMENT_ABOVE,         /* as CHECKED, lo itself is refused */
    KT_AUGMENT_ABOVE_OR_NONE, /* as ABOVE, or None */
    KT_AUGMENT_UP,            /* as SPREAD: [0, v] */
    KT_AUGMENT_PIXELS,        /* two numbers, put in order */
    KT_AUGMENT_PIXELS_KEPT,   /* the same for layers inside: the field stays */
    KT_AUGMENT_PIXELS_BARE,   /* the same of a class that forgot to say what is wrong */
    KT_AUGMENT_FILL,
    KT_AUGMENT_FILL_MIRROR, /* 'mirror', too */
    KT_AUGMENT_METHOD,
    KT_AUGMENT_ODD,   /* an odd number, or two */
    KT_AUGMENT_SHARE, /* a number between 0 and 1 that stays one */
    KT_AUGMENT_SCALE  /* the same in other words */
} kt_augment_how;
typedef struct kt_augment_rule {
    const char    *field;
    kt_augment_how how;
    double         lo, hi;
    const char    *text;
} kt_augment_rule;
/* data_format, then the rules, up to one without a field; rules may be NULL. */
kt_status kt_augment_check(kt_layer *self, const kt_augment_rule *rules);
/* The memory of a field of the layer's configuration; NULL if it has none of this name. */
void *kt_augment_field(const kt_layer *self, const char *name);

/* A result of x's shape and the layer's dtype where only shapes are asked for. */
kt_node *kt_augment_same(kt_layer *self, kt_call *c, const kt_node *x);
/* Keras' error where x is neither an image nor a batch of them. */
bool kt_augment_is_image(kt_layer *self, kt_call *c, const kt_node *x);
/* Pixels of one range as those of another, in this dtype; as they are where it is the same. */
kt_node *kt_rescaled(kt_graph *g, kt_node *x, const double from[2], const double to[2],
                     kt_dtype dtype);
kt_node *kt_clipped(kt_graph *g, kt_node *x, double lo, double hi);

/* --- what changes images in training -----------------------------------------------------------
 * The random numbers are those of Keras on TensorFlow, one draw of the layer's seed after another
 * in Keras' order. */

/* One call: images [n, rows, columns, channels] of the layer's dtype. */
typedef struct kt_change {
    kt_layer *self;
    kt_call  *c;
    kt_graph *g;
    kt_dtype  dtype;
    int64_t   n, rows, columns, channels;
    double    range[2]; /* value_range */
    bool      first;    /* the images were given with their channels first */
} kt_change;
typedef kt_node *(*kt_change_fn)(const kt_change *h, kt_node *x);

/* Draws (augment_draws.c). Numbers in [lo, hi), of this shape; [n]; [n, 1, 1, 1]. */
kt_node *kt_drawn(const kt_change *h, double lo, double hi, kt_shape shape);
kt_node *kt_drawn_each(const kt_change *h, const double ends[2]);
kt_node *kt_drawn_image(const kt_change *h, const double ends[2]);
/* Whole numbers in [lo, hi); width: of the integers that they are made of, 32 or 64. */
kt_node *kt_drawn_whole(const kt_change *h, int64_t lo, int64_t hi, int width, kt_shape shape);
/* The ends of a field's range; a number v is [-v, v]. */
void kt_ends_of(const kt_change *h, const char *field, double out[2]);
/* Which images are changed: true as often as the factor says, [n, 1, 1, 1]. */
kt_node *kt_drawn_choice(const kt_change *h);
kt_node *kt_images_of(const kt_change *h, kt_node *x); /* [n] or [n, 1] as [n, 1, 1, 1] */
/* 1, or -1 where a drawn number is above a half; of the draw's shape. */
kt_node *kt_drawn_sign(const kt_change *h, kt_shape shape);
kt_node *kt_drawn_normal(const kt_change *h, const kt_node *x); /* of x's shape */
kt_node *kt_drawn_order(const kt_change *h);                    /* the numbers below n, shuffled */
/* Of the beta distribution with both parameters alpha: of alpha's shape. */
kt_node *kt_drawn_share(const kt_change *h, kt_node *alpha);

/* Geometry (augment_moves.c). The transforms are [n, 8] of kt_projected. */
kt_node *kt_drawn_turn(const kt_change *h, const double degrees[2]);
kt_node *kt_drawn_move(const kt_change *h, const double down[2], const double right[2]);
kt_node *kt_drawn_shear(const kt_change *h, const double x[2], const double y[2]);
/* Which pixels lie in a box of these sides, [n] each, at a random place: [n, rows, columns, 1]. */
kt_node *kt_drawn_box(const kt_change *h, kt_node *width, kt_node *height);
kt_node *kt_change_flip(const kt_change *h, kt_node *x);
kt_node *kt_change_crop(const kt_change *h, kt_node *x);
kt_node *kt_change_turn(const kt_change *h, kt_node *x);
kt_node *kt_change_zoom(const kt_change *h, kt_node *x);
kt_node *kt_change_move(const kt_change *h, kt_node *x);
kt_node *kt_change_shear(const kt_change *h, kt_node *x);
kt_node *kt_change_perspective(const kt_change *h, kt_node *x);
kt_node *kt_change_elastic(const kt_change *h, kt_node *x);
kt_node *kt_change_erase(const kt_change *h, kt_node *x);

/* Colors (augment_colors.c): what is drawn, and what it does to images. */
kt_node *kt_drawn_contrast(const kt_change *h, const double factor[2]);
kt_node *kt_drawn_shift(const kt_change *h, double lo, double hi); /* of posterization */
kt_node *kt_brightened(const kt_change *h, kt_node *x, kt_node *factor);
kt_node *kt_contrasted(const kt_change *h, kt_node *x, kt_node *factor);
kt_node *kt_degenerated(const kt_change *h, kt_node *x, kt_node *factor);
kt_node *kt_sharpened(const kt_change *h, kt_node *x, kt_node *factor);
kt_node *kt_posterized(const kt_change *h, kt_node *x, kt_node *shift);
kt_node *kt_solarized(const kt_change *h, kt_node *x, kt_node *addition, kt_node *threshold);
kt_node *kt_spread(kt_graph *g, kt_node *x, const double range[2], kt_dtype dtype);
kt_node *kt_equalized(const kt_change *h, kt_node *x, int64_t bins);
kt_node *kt_change_saturation_by(const kt_change *h, kt_node *x, const double factor[2]);
kt_node *kt_change_hue_by(const kt_change *h, kt_node *x, const double factor[2]);
kt_node *kt_change_brightness(const kt_change *h, kt_node *x);
kt_node *kt_change_contrast(const kt_change *h, kt_node *x);
kt_node *kt_change_degeneration(const kt_change *h, kt_node *x);
kt_node *kt_change_sharpness(const kt_change *h, kt_node *x);
kt_node *kt_change_posterization(const kt_change *h, kt_node *x);
kt_node *kt_change_solarization(const kt_change *h, kt_node *x);
kt_node *kt_change_saturation(const kt_change *h, kt_node *x);
kt_node *kt_change_hue(const kt_change *h, kt_node *x);
kt_node *kt_change_gray(const kt_change *h, kt_node *x);
kt_node *kt_change_invert(const kt_change *h, kt_node *x);
kt_node *kt_change_blur(const kt_change *h, kt_node *x);
kt_node *kt_change_equalization(const kt_change *h, kt_node *x);

/* Several changes, and several images (augment_mixes.c). */
kt_node *kt_change_jitter(const kt_change *h, kt_node *x);
kt_node *kt_change_mix_up(const kt_change *h, kt_node *x);
kt_node *kt_change_cut_mix(const kt_change *h, kt_node *x);
kt_node *kt_change_some(const kt_change *h, kt_node *x);
kt_node *kt_change_chains(const kt_change *h, kt_node *x);
/* The layer's change of x, an image or a batch of known sizes: of the layer's dtype. */
kt_node *kt_augmented(kt_layer *self, kt_call *c, kt_node *x, kt_change_fn change);

#endif
