/* array.h - what the array formats of this folder share. Not a door: only src/codec includes it. */
#ifndef KT_CODEC_ARRAY_H
#define KT_CODEC_ARRAY_H

#include "codec/codec.h"

/* The product of the axes, 0 where one is 0. -1 if an axis is negative, the rank too high, or the
 * product of the axes other than 0 larger than any array, whatever its elements. */
int64_t kt__array_count(const int64_t *dim, int rank);
/* Sets *out up with zeroed data. The rank and sizes must have passed kt__array_count. */
kt_status kt__array_make(kt_array *out, char type, int item, int rank, const int64_t *dim,
                         kt_fault *f);
/* Swaps the bytes of each of n elements. */
void kt__swap_bytes(void *data, int64_t n, int item);
/* Widens n float16 (as their bits) to float32. */
void kt__widen_half(const uint16_t *in, int64_t n, float *out);

#endif
