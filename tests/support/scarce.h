/* scarce.h - a work while memory runs out: begin, the work, end, then a look at what it gave. */
#ifndef TESTS_SUPPORT_SCARCE_H
#define TESTS_SUPPORT_SCARCE_H

#include <math.h>

#include "base/base.h"
#include "keratin/model.h"
#include "tensor/tensor.h"

static int64_t scarce_begun, scarce_ended; /* pieces asked for until then; 0: it has not ended */

/* The n-th piece of memory is refused, and all after it or this alone; 0: none is. */
static inline void scarce_begin(int64_t n, bool alone)
{
    kt_set_seed(7);
    scarce_begun = kt_alloc_count();
    scarce_ended = 0;
    if (alone)
        kt_alloc_fail_once(n);
    else
        kt_alloc_fail_after(n);
}

/* There is memory again. Once it has ended, it changes nothing. */
static inline void scarce_end(void)
{
    if (scarce_ended == 0)
        scarce_ended = kt_alloc_count();
    kt_alloc_fail_after(0);
}

/* That the work asked for. */
static inline int64_t scarce_pieces(void)
{
    return scarce_ended - scarce_begun;
}

/* With the numbers of a tensor, or NULL, so that their places count. */
static inline double scarce_sum(double sum, const kt_tensor *t)
{
    for (int64_t i = 0; t && t->dtype != KT_STRING && i < t->count; i++)
        sum += kt_tensor_get(t, i) * (double)(1 + i % 7);
    return sum;
}

/* But for what another kernel rounds. */
static inline bool scarce_same(double got, double whole)
{
    return fabs(got - whole) <= 1e-5 * (1 + fabs(whole)) || got == whole ||
           (got != got && whole != whole);
}

#endif
