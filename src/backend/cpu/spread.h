/* spread.h - broadcasting of operands to the shape of a result. */
#ifndef KT_CPU_SPREAD_H
#define KT_CPU_SPREAD_H

#include "graph/op.h"

#define KT_SPREAD_MAX 16

/* The result's axes, merged where all operands allow it, and the operands' elements from one place
 * to the next. */
typedef struct kt_spread {
    int     rank;
    int64_t dim[KT_MAX_RANK], step[KT_SPREAD_MAX][KT_MAX_RANK];
} kt_spread;

/* n_in <= KT_SPREAD_MAX operands; rank of the result >= 1. */
void kt_spread_make(kt_spread *s, const kt_shape *out, int n_in, const kt_buf *in);
/* to[0 .. n): the operand's elements that belong to elements [begin, begin + n) of the result. */
void kt_spread_read(const kt_spread *s, int operand, const kt_buf *from, int64_t begin, int64_t n,
                    float *to);
/* The same in double, and as they are. */
void kt_spread_read_wide(const kt_spread *s, int operand, const kt_buf *from, int64_t begin,
                         int64_t n, double *to);
void kt_spread_read_same(const kt_spread *s, int operand, const kt_buf *from, int64_t begin,
                         int64_t n, void *to);

#endif
