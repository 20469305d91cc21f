/* translate.h - what the parts of the translation of older configurations share. Not a door: only
 * translate*.c include it. */
#ifndef KT_IO_TRANSLATE_H
#define KT_IO_TRANSLATE_H

#include "io/io.h"

/* --- the tables (translate_table.c) ----------------------------------------------------------- */

/* A class that was called otherwise; `new` NULL: it is none today, and `why` says what to do. */
typedef struct kt_old_class {
    const char *old, *new, *why;
} kt_old_class;
extern const kt_old_class kt_old_classes[]; /* old is NULL at the end */

typedef enum kt_change {
    KT_RENAME,  /* the field is called `into` */
    KT_DROP,    /* it had no effect on what the model computes */
    KT_ONLY,    /* the only value that is understood is `value`; then it is dropped */
    KT_ONE,     /* a list of one number was what is the number */
    KT_REPLACE, /* `value` is now `into` */
    KT_DEFAULT, /* where it is absent it meant `value` */
    KT_JOIN,    /* the fields `value`, with bars between, are the list `into` */
    KT_DECAY,   /* of an optimizer: 1 / (1 + decay * steps) of the learning rate is a schedule */
    KT_PAIRS,   /* [top, bottom, left, right] or a dict of these were pairs */
    KT_ORDER,   /* of images, was left out: that of the model's other layers (Keras 1) */
} kt_change;

/* A field of classes with bars between (old or new names; "*" is any) in files of Keras up to
 * `until`. Values are Python literals. Rows are applied in their order. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a row is read in this order. */
typedef struct kt_old_field {
    int         until;
    const char *classes, *field;
    kt_change   what;
    const char *value, *into;
} kt_old_field;
extern const kt_old_field kt_old_fields[]; /* classes is NULL at the end */

/* Is the word one of those with bars between? */
bool kt__among(const char *words, const char *word);

/* --- one translation -------------------------------------------------------------------------- */

typedef struct kt_translation {
    kt_arena   *a;
    int         keras; /* its major version */
    const char *order; /* "channels_first", as the file's layers say; NULL: they do not */
    const char *file;
    kt_fault   *f;
} kt_translation;

/* The inbound nodes of a Functional's layers, and its ends, in today's form (translate_nodes.c). */
kt_status kt__translate_nodes(kt_translation *t, kt_value *config);
/* What Keras 1 did by layers of its own: Merge, TimeDistributedDense, and a Sequential that begins
 * with branches. layer: {"class_name", "config"}, translated otherwise; old: its class then
 * (translate_keras1.c). */
kt_status kt__translate_keras1(kt_translation *t, kt_value *layer, const char *old);
/* Raises that this layer's field has a value that is not understood. */
kt_status kt__refuse_field(kt_translation *t, const kt_value *config, const char *class_name,
                           const char *key, const kt_value *v);
/* Sets dict[key] to a Python literal. */
kt_status kt__set_literal(kt_translation *t, kt_value *dict, const char *key, const char *literal);
void      kt__drop(kt_value *dict, const char *key);

#endif
