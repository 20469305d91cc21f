/* move.h - copying numbers to other places. */
#ifndef KT_CPU_MOVE_H
#define KT_CPU_MOVE_H

#include "backend/cpu/cpu.h"

/* For every index within dim: to[sum of index * to] = from[sum of index * from]. Steps in elements,
 * any sign; several indices may read one element (step 0), none may write one. */
typedef struct kt_move {
    int     rank;
    int64_t dim[KT_MAX_RANK], from[KT_MAX_RANK], to[KT_MAX_RANK];
    size_t  size; /* of an element: 1, 4 or 8 bytes */
} kt_move;

void kt_move_run(const kt_move *asked, const void *from, void *to);
/* Elements from one index to the next, along each axis of s. */
void kt_move_steps(const kt_shape *s, int64_t *step);

#endif
