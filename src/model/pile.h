/* pile.h - inside src/model: what the batches of a predict become together, as in Keras: one
 * batch's output stays as it is; several lie one behind the other along their first axis, however
 * many rows each has; single numbers become a row of numbers. */
#ifndef KT_MODEL_PILE_H
#define KT_MODEL_PILE_H

#include "graph/graph.h"

/* One output. Zeroed before the first batch. */
typedef struct kt_pile {
    kt_tensor *whole; /* room for the rows so far and those that are expected */
    kt_shape   first; /* of the first batch */
    int64_t    rows, batches;
} kt_pile;

/* Adds the first `rows` of a batch's output (KT_UNKNOWN: all); data in memory order. expected: how
 * many batches there will be, and how many rows if every one gives as many as it gets (in: rows of
 * this batch). Raises into f where the shapes of two batches can not be joined. */
kt_status kt_pile_add(kt_pile *p, const kt_node *out, const void *data, int64_t rows, int64_t in,
                      int64_t expected_rows, int64_t expected_batches, kt_fault *f);
/* The joined tensor, the caller's; NULL (and no error) if there was no batch. The pile is empty
 * afterwards. */
kt_tensor *kt_pile_take(kt_pile *p, kt_fault *f);
void       kt_pile_clear(kt_pile *p);

#endif
