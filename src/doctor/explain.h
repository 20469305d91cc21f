/* explain.h - inside src/doctor: a pasted error, read and explained. */
#ifndef KT_DOCTOR_EXPLAIN_H
#define KT_DOCTOR_EXPLAIN_H

#include "doctor/remedy.h"

typedef struct kt_pasted {
    kt_explanation e; /* first: what the user holds */
    kt_arena       arena;
    const char    *text; /* in one line, without colours */
} kt_pasted;

/* --- reading (pasted.c) ----------------------------------------------------------------------- */

/* The text in one line, single blanks, without colours; arena-owned. */
const char *kt_one_line(kt_arena *a, const char *text);
/* Behind the words, which may stand anywhere; NULL if they do not. */
const char *kt_behind(const char *text, const char *words);
/* The next shape at or behind p: (None, 28), [None, 28], [1,28], [null,784], [?,3]. Rank -1 without
 * one; *after is behind it. */
kt_shape kt_read_shape(const char *p, const char **after);
/* The next whole number; false without one. */
bool kt_read_number(const char *p, int64_t *out);
/* The name behind "layer ": 'dense', "dense", dense. In the arena; "" without one. */
const char *kt_read_layer(kt_arena *a, const char *text);

/* --- explaining (explain.c, pairs.c) ---------------------------------------------------------- */

const char *kt_put(kt_pasted *p, const char *fmt, ...) KT_PRINTF(2, 3);
const char *kt_put_shape(kt_pasted *p, const kt_shape *s);
/* What a layer or model wants, and what it was given; both with the batch axis. */
void kt_explain_input(kt_pasted *p, const kt_shape *want, const kt_shape *got);
/* A target against an output, both with the batch axis. */
void kt_explain_target(kt_pasted *p, const kt_shape *target, const kt_shape *output);

/* --- sentences (sentences.c): at is behind the words of explain.c's row ---------------------- */

void kt_tell(kt_pasted *p, const char *cause, const char *words, const char *advice,
             const char *ask);
void kt_tell_label(kt_pasted *p, const char *at);
void kt_tell_index(kt_pasted *p, const char *at);
void kt_tell_samples(kt_pasted *p, const char *at);
void kt_tell_reshape(kt_pasted *p, const char *at);
void kt_tell_names(kt_pasted *p, const char *at);
void kt_tell_number_of_arrays(kt_pasted *p, const char *at);
void kt_tell_numpy_reshape(kt_pasted *p, const char *at);
void kt_tell_uneven(kt_pasted *p, const char *at);
void kt_tell_matrices(kt_pasted *p, const char *at);
void kt_tell_dimensions(kt_pasted *p, const char *at);
void kt_tell_weights(kt_pasted *p, const char *at);
void kt_tell_kernel(kt_pasted *p, const char *at);

#endif
