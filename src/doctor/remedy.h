/* remedy.h - inside src/doctor: what files of remedies/ share. */
#ifndef KT_DOCTOR_REMEDY_H
#define KT_DOCTOR_REMEDY_H

#include "doctor/doctor.h"

/* --- shapes (shapes.c) ------------------------------------------------------------------------ */

kt_shape kt_batch_of(const kt_shape *inner); /* (None, ...) */
/* Is `longer` the shape `shorter` with one more axis? *axis: where it was put, the last if there is
 * a choice of sizes of 1; -1 else. */
bool     kt_one_more(const kt_shape *shorter, const kt_shape *longer, int *axis);
kt_shape kt_drop_axis(const kt_shape *s, int axis);
kt_shape kt_put_axis(const kt_shape *s, int axis, int64_t size);
/* to[i] = from[perm[i]], not the identity; false if there is none. */
bool    kt_permutation(const kt_shape *from, const kt_shape *to, int *perm);
bool    kt_same_but_last(const kt_shape *a, const kt_shape *b); /* same rank, last differs */
bool    kt_squeezed(const kt_shape *s, const kt_shape *to);     /* s without its axes of 1 is to */
int64_t kt_numbers(const kt_shape *s); /* product; 0 where something is unknown */

/* --- facts (facts.c) -------------------------------------------------------------------------- */

/* Do data and declared input shape disagree, beyond what Keras adjusts by itself? */
bool kt_conflict(const kt_look *k);
/* Is there an array for each input? */
bool kt_paired(const kt_look *k);
bool kt_has_target(const kt_look *k); /* and a target for each output? */
/* The first layer that does something; of a look: with the input that it is about. -1: none. */
int  kt_first(const kt_view *v);
int  kt_first_of(const kt_look *k);
bool kt_first_is(const kt_look *k, kt_role role);
/* The number of axes that the failing layer wants and what it got, without the batch; false if the
 * failure is another. */
bool kt_wants_rank(const kt_look *k, int *wants, int *got);
/* No shape was declared and the failing layer is the first. */
bool kt_at_first(const kt_look *k);
/* Samples whose channels come first: few of them, and larger maps behind. */
bool kt_channels_first(const kt_look *k);
/* The role of a layer, or of the one that a wrapper applies. */
kt_role kt_work_of(const kt_spot *s);
/* The last activation of output i, "" for none. */
const char *kt_last_activation(const kt_look *k, int i);
/* The activation that a head of k units has under this loss. */
const char *kt_activation_for(kt_loss_kind loss, bool logits, int64_t units);
const char *kt_say(const kt_look *k, const char *fmt, ...) KT_PRINTF(2, 3); /* in the arena */
const char *kt_shown(const kt_look *k, const kt_shape *s);                  /* "(28, 28)" */
kt_value   *kt_int_value(const kt_look *k, int64_t v);
kt_value   *kt_text_value(const kt_look *k, const char *text);
/* A last activation that no longer fits goes along with new units or another loss. */
bool kt_refit_activation(const kt_look *k, kt_scene *s, const char *want);

#endif
