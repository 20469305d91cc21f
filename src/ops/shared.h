/* shared.h - what the ops of this folder share: walking over arrays in reference kernels,
 * broadcasting in shape rules. */
#ifndef KT_OPS_SHARED_H
#define KT_OPS_SHARED_H

#include "ops/ops.h"

/* --- reference kernels --- */

#define KT_WALK_ARRAYS 16

/* Visits the elements of a shape in memory order, and follows arrays with strides of their own:
 *
 *   kt_walk w = kt__walk(&out->shape);
 *   kt__walk_broadcast(&w, &in->shape);
 *   for (int64_t i = 0; i < out->count; i++, kt__walk_next(&w))
 *       out->f64[i] = in->f64[w.pos[0]];
 */
typedef struct kt_walk {
    kt_shape over;
    int      n; /* arrays */
    int64_t  at[KT_MAX_RANK];
    int64_t  stride[KT_WALK_ARRAYS][KT_MAX_RANK];
    int64_t  pos[KT_WALK_ARRAYS]; /* the element of each array that belongs to the present place */
} kt_walk;

kt_walk kt__walk(const kt_shape *over);
/* Adds an array: elements to step along each axis of `over`, and the element to begin with. */
void kt__walk_add(kt_walk *w, const int64_t *stride, int64_t begin);
/* Adds an array of shape s, which broadcasts to `over`. */
void kt__walk_broadcast(kt_walk *w, const kt_shape *s);
void kt__walk_next(kt_walk *w);
/* Elements from one place to the next along each axis of s. */
void kt__strides(const kt_shape *s, int64_t *stride);
/* out[i] = in[i], for ops that only move numbers. */
void kt__copy(const kt_run *r);

/* out[i] = log softmax of n numbers that lie side by side. */
void kt__log_softmax_row(const double *x, int64_t n, double *out);

double kt__binary_value(kt_binary_fn fn, double x, double z);
/* c[b, m, n] = op(a) . op(b), for matmul and dense. in[0], in[1] and out[0] of the run. */
void kt__matmul_run(const kt_run *r, bool ta, bool tb);

/* Whether the slope of a scalar function is written in x (else in y). */
bool kt__slope_in_x(kt_unary_fn fn);

/* --- shape rules --- */

/* Which axis does not fit the inputs before it. */
typedef struct kt_misfit {
    int     input, axis;
    int64_t expected, received;
} kt_misfit;
/* The shape of out[0]: all inputs broadcast together, every size with its origin. False, and *bad
 * set, if they do not fit. */
bool kt__broadcast(kt_op_call *c, kt_misfit *bad);
/* The shape rule of ops that keep shape and dtype of their first input. */
kt_status kt__same_shape(kt_op_call *c);
/* Of ops that give each element the number of a bin: kt_hash_attr (hash.c). */
kt_status kt__bins_shape(kt_op_call *c);
kt_status kt__matmul_shape(kt_op_call *c, bool ta, bool tb);

/* a + b of two sizes; KT_UNKNOWN if one is, or on overflow. */
int64_t kt__plus(int64_t a, int64_t b);
/* "[2,3]" as TensorFlow prints shapes, in the graph's arena; "" without memory. */
const char *kt__shape_text(kt_graph *g, const kt_shape *s);
/* What two operands are brought to: the later of bool, uint8, int32, int64, float32, float64. */
kt_dtype kt__common_dtype(kt_dtype a, kt_dtype b);

#endif
