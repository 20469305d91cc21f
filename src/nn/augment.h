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
/* NotImplementedError of a layer that is called in training. */
kt_node *kt_augment_untrained(kt_layer *self, kt_call *c);

#endif
