/* ops.h - the door of src/ops: builders, one per op, and the handy compositions of them.
 * Every builder returns a node of g (g->poison after a failure), never NULL. */
#ifndef KT_OPS_H
#define KT_OPS_H

#include "graph/graph.h"
#include "graph/op.h"

/* --- element-wise (unary.c, binary.c, pairs.c, select.c, cast.c) --- */
kt_node *kt_unary(kt_graph *g, kt_unary_fn fn, kt_node *x);
kt_node *kt_unary_with(kt_graph *g, kt_unary_attr attr, kt_node *x); /* IDENTITY returns x */
/* dy * slope. The node's inputs are v and dy: v is x or y, whichever the slope is written in
 * (attrs.h), so a kernel evaluates the slope with x = y = v. */
kt_node *kt_unary_grad(kt_graph *g, kt_unary_attr attr, kt_node *x, kt_node *y, kt_node *dy);
/* broadcasts; dtypes are unified */
kt_node *kt_binary(kt_graph *g, kt_binary_fn fn, kt_node *x, kt_node *z);
kt_node *kt_add(kt_graph *g, kt_node *x, kt_node *z);
kt_node *kt_sub(kt_graph *g, kt_node *x, kt_node *z);
kt_node *kt_mul(kt_graph *g, kt_node *x, kt_node *z);
kt_node *kt_div(kt_graph *g, kt_node *x, kt_node *z);
kt_node *kt_add_scalar(kt_graph *g, kt_node *x, double v);
kt_node *kt_mul_scalar(kt_graph *g, kt_node *x, double v);
/* The same for what no fused kernel has; integers but for NEXTAFTER (pairs.c). */
kt_node *kt_pair(kt_graph *g, kt_pair_fn fn, kt_node *x, kt_node *z);
/* The angle of (x, y) in (-pi, pi], as atan2(y, x). */
kt_node *kt_angle(kt_graph *g, kt_node *y, kt_node *x);
/* cond ? x : z, broadcasts */
kt_node *kt_select(kt_graph *g, kt_node *cond, kt_node *x, kt_node *z);
/* option[which], of n of one shape and dtype; which: int32 []. What only the other options need
 * does not run, if `which` was made before it. */
kt_node *kt_choose(kt_graph *g, kt_node *which, int n, kt_node *const *option);
/* x itself if it has the dtype */
kt_node *kt_cast(kt_graph *g, kt_node *x, kt_dtype to);
/* The same bytes as another dtype: the last axis grows or shrinks. No integers of 64 bits. */
kt_node *kt_bytes_as(kt_graph *g, kt_node *x, kt_dtype to);
kt_node *kt_stop_gradient(kt_graph *g, kt_node *x);
/* Value and slope of a scalar function in double (reference kernels of recurrent ops use them). */
double kt_unary_value(kt_unary_attr f, double x);
double kt_unary_slope(kt_unary_attr f, double x, double y);

/* --- linear algebra (matmul.c, dense.c) --- */
/* [.., m, k] . [k, n] or batched [b.., m, k] . [b.., k, n]; ta, tb transpose the last two axes. */
kt_node *kt_matmul(kt_graph *g, kt_node *a, kt_node *b, bool ta, bool tb);

/* --- decompositions of matrices [b.., m, n] (solve.c, triangular.c, qr.c, eigh.c, svd.c) --- */
/* x of a . x = b, or of transposed a; b [b.., n, k]. A singular a is refused. */
kt_node *kt_solve(kt_graph *g, kt_node *a, kt_node *b, bool transposed);
/* The sign of the determinant, part 1: the logarithm of its size. */
kt_node *kt_slogdet(kt_graph *g, kt_node *a);
/* L below the diagonal, U from it on; part 1: which row of a each row is, int32. */
kt_node *kt_lu(kt_graph *g, kt_node *a);
/* Of the lower triangle; what is not positive is refused. */
kt_node *kt_cholesky(kt_graph *g, kt_node *a);
kt_node *kt_triangular_solve(kt_graph *g, kt_node *a, kt_node *b, bool lower, bool transposed);
kt_node *kt_qr(kt_graph *g, kt_node *a, bool full); /* q, part 1: r */
/* Of the lower triangle: eigenvalues from the least on, part 1: vectors as columns. */
kt_node *kt_eigh(kt_graph *g, kt_node *a);
/* Singular values from the largest on; parts 1 and 2: u and v, as columns. */
typedef enum kt_svd_kind { KT_SVD_VALUES, KT_SVD_REDUCED, KT_SVD_FULL } kt_svd_kind;
kt_node *kt_svd(kt_graph *g, kt_node *a, kt_svd_kind kind);

/* --- spectra (fft.c) --- */
/* The discrete Fourier transform of the last axis of a pair of real and imaginary parts, or the one
 * backwards; neither is divided by the length. Part 1: the imaginary parts. */
kt_node *kt_fft(kt_graph *g, kt_node *re, kt_node *im, bool inverse);

/* --- shape (reshape.c, transpose.c, broadcast.c, concat.c, slice.c, pad.c, reverse.c) --- */
/* one -1 may be unknown: taken from the count */
kt_node *kt_reshape(kt_graph *g, kt_node *x, kt_shape to);
/* sizes that `field` named */
kt_node *kt_reshape_by(kt_graph *g, kt_node *x, kt_shape to, const char *field);
/* [a.., b.., ] -> axes from `axis` on become one */
kt_node *kt_flatten_from(kt_graph *g, kt_node *x, int axis);
kt_node *kt_expand_dims(kt_graph *g, kt_node *x, int axis);
kt_node *kt_squeeze(kt_graph *g, kt_node *x, int axis);
kt_node *kt_transpose(kt_graph *g, kt_node *x, const int *perm);
kt_node *kt_broadcast_to(kt_graph *g, kt_node *x, kt_shape to);
kt_node *kt_concat(kt_graph *g, int n, kt_node *const *x, int axis);
/* all elements of all x, one after another: [total] */
kt_node *kt_pack(kt_graph *g, int n, kt_node *const *x);
/* `size` elements begin, begin + stride, ... of each axis. A begin below 0 counts from the end,
 * a stride of 0 is 1; where the axis is known, the node's attributes hold the plain numbers. */
kt_node *kt_slice(kt_graph *g, kt_node *x, const kt_slice_attr *attr);
kt_node *kt_slice_axis(kt_graph *g, kt_node *x, int axis, int64_t begin, int64_t size);
kt_node *kt_pad(kt_graph *g, kt_node *x, const kt_pad_attr *attr);
kt_node *kt_reverse(kt_graph *g, kt_node *x, int axis);

/* --- registered C functions (custom.c); what attr points to outlives the graph --- */
kt_node *kt_custom(kt_graph *g, const kt_custom_attr *attr, kt_node *x);
kt_node *kt_custom_loss(kt_graph *g, const kt_custom_attr *attr, kt_node *y_true, kt_node *y_pred);

/* --- reductions (reduce.c, argmax.c, cumsum.c, sort.c) --- */
kt_node *kt_reduce(kt_graph *g, kt_reduce_fn fn, kt_node *x, unsigned axes, bool keepdims);
kt_node *kt_sum_all(kt_graph *g, kt_node *x);
kt_node *kt_mean_all(kt_graph *g, kt_node *x);
kt_node *kt_reduce_last(kt_graph *g, kt_reduce_fn fn, kt_node *x); /* over the last axis, dropped */
/* Undoes broadcasting from `to` (known sizes). */
kt_node *kt_sum_to(kt_graph *g, kt_node *x, const kt_shape *to);
kt_node *kt_argmax(kt_graph *g, kt_node *x, int axis); /* int64, axis dropped, first of equals */
kt_node *kt_cumsum(kt_graph *g, kt_node *x, int axis, bool reverse);
kt_node *kt_cumprod(kt_graph *g, kt_node *x, int axis, bool reverse);
/* part 1: int32 indices */
kt_node *kt_sort(kt_graph *g, kt_node *x, int axis, bool descending);

/* --- indexing (gather.c, scatter.c, one_hot.c) --- */
/* An index out of range gives a row of zeros: there are no errors while running. */
kt_node *kt_gather(kt_graph *g, kt_node *table, kt_node *index, int axis);
kt_node *kt_gather_grad(kt_graph *g, kt_node *index, kt_node *dy, int axis, kt_shape table);
/* base [rows, b..] with the rows of values [n, b..] set, added, ... at index [n], one after
 * another; an index out of range changes nothing. */
kt_node *kt_scatter(kt_graph *g, kt_scatter_fn fn, kt_node *base, kt_node *index, kt_node *values);
/* Where x is not 0: [rank, count of x] places, part 1: how many there are []; int32 (unique.c). */
kt_node *kt_nonzero(kt_graph *g, kt_node *x);
/* The different rows of x [n, b], in order or as they come: [n, b]. Part 1, [3, n]: where each is
 * first, which one each row is, how often each is there; part 2: how many there are []; int32. */
kt_node *kt_unique(kt_graph *g, kt_node *x, bool sorted);
/* [..] -> [.., depth], floatx; out of range: zeros */
kt_node *kt_one_hot(kt_graph *g, kt_node *index, int64_t depth);

/* --- weighted sums of neighbours (band.c) ---
 * Along an axis, y[j] = sum over k of weight[j, k] * x[start[j] + k]: start int32 [m], weight
 * [m, width] of x's dtype. What lies outside of x counts as 0. taps: start and weight of each of
 * the n axes (1 or 2) from `axis` on. */
kt_node *kt_band(kt_graph *g, kt_node *x, int axis, int n, kt_node *const *taps);

/* --- images through transforms (warp.c) ---
 * images [b, rows, columns, channels], t [b or 1, 8]: like images. No gradient for t. */
kt_node *kt_warp(kt_graph *g, kt_node *images, kt_node *t, const kt_warp_attr *a);
kt_node *kt_warp_grad(kt_graph *g, kt_node *t, kt_node *dy, const kt_warp_attr *a);

/* --- numbers as categories (search.c, bincount.c, hash.c) --- */
/* How many entries of the sorted list [n] are not above each number: int32. */
kt_node *kt_bucket(kt_graph *g, kt_node *x, kt_node *sorted);
/* The value whose key equals each number (as int64); keys sorted [n], values [n]. */
kt_node *kt_lookup(kt_graph *g, kt_node *x, kt_node *keys, kt_node *values, int64_t missing);
/* [.., n] -> [.., depth] of floatx: how often each number stands there, those beyond depth not
 * counted; weight: of x's shape, or NULL. */
kt_node *kt_bincount(kt_graph *g, kt_node *x, kt_node *weight, int64_t depth, bool binary);
/* int64 in [0, bins) of each number's decimal text. */
kt_node *kt_hash(kt_graph *g, kt_node *x, const kt_hash_attr *attr);
/* Texts as numbers, their bins, and numbers as texts (text.c). */
kt_node *kt_text_read(kt_graph *g, kt_node *x, const kt_text_attr *attr);
kt_node *kt_text_hash(kt_graph *g, kt_node *x, const kt_hash_attr *attr);
kt_node *kt_text_of(kt_graph *g, kt_node                                                 *x,
                    const kt_text *(*text)(const void *self, int64_t number), const void *self);
/* int64 in [0, bins) of the numbers of n tensors of one shape together. */
kt_node *kt_cross(kt_graph *g, int n, kt_node *const *x, int64_t bins);

/* --- softmax and cross-entropies (softmax.c, xent.c) --- */
kt_node *kt_softmax(kt_graph *g, kt_node *x, int axis);
kt_node *kt_log_softmax(kt_graph *g, kt_node *x, int axis);
/* [.., classes] x [.., classes] -> [..]; part 1: d loss / d logits. */
kt_node *kt_softmax_xent(kt_graph *g, kt_node *logits, kt_node *target);
/* labels integer [..] */
kt_node *kt_sparse_softmax_xent(kt_graph *g, kt_node *logits, kt_node *labels);
/* element-wise, stable form */
kt_node *kt_sigmoid_xent(kt_graph *g, kt_node *logits, kt_node *target);

/* logits [batch, steps, classes], labels [batch, labels], lengths [batch] -> [batch]; part 1:
 * d loss / d logits. */
kt_node *kt_ctc(kt_graph *g, kt_node *logits, kt_node *labels, kt_node *label_length,
                kt_node *logit_length, int64_t blank);
/* logits [batch, steps, classes], the last class the blank; lengths [batch] -> labels [paths,
 * batch, steps], int32; part 1: their log-probabilities [batch, paths]. */
kt_node *kt_ctc_beam(kt_graph *g, kt_node *logits, kt_node *lengths, int64_t width, int64_t paths);

/* --- windows (conv.c, pool.c) --- channels last:
 * x [batch, s1.., in], kernel [k1.., in/groups, out]. A stride, dilation or groups of 0 is 1. The
 * nodes' attributes hold the window, and where x's sizes are known, the pads of `same` too. */
kt_node *kt_conv(kt_graph *g, kt_node *x, kt_node *kernel, const kt_window_attr *attr);
/* attr->like: x */
kt_node *kt_conv_grad_input(kt_graph *g, kt_node *kernel, kt_node *dy, const kt_window_attr *attr);
/* attr->like: kernel */
kt_node *kt_conv_grad_kernel(kt_graph *g, kt_node *x, kt_node *dy, const kt_window_attr *attr);
kt_node *kt_pool(kt_graph *g, kt_node *x, const kt_window_attr *attr);
kt_node *kt_pool_grad(kt_graph *g, kt_node *x, kt_node *y, kt_node *dy, const kt_window_attr *attr);

/* --- recurrent (lstm.c) ---
 * x [b, t, f], h0, c0 [b, u], kernel [f, 4u], recurrent [u, 4u], bias [4u] or NULL, mask [b, t]
 * bool or NULL; gates i f c o. Parts: 0 output ([b, t, u] or the last [b, u]), 1 h, 2 c,
 * 3 reserve (for the gradient). */
kt_node *kt_lstm(kt_graph *g, kt_node *x, kt_node *h0, kt_node *c0, kt_node *kernel,
                 kt_node *recurrent, kt_node *bias, kt_node *mask, const kt_lstm_attr *attr);

/* --- the same step for each row of sequences (scan.c) --------------------------------------- */

#define KT_MAX_CARRIED 8

/* A step while it is traced: its nodes are emitted into the graph itself, between kt_scan_begin and
 * kt_scan_end, which moves those that depend on in[] and now[] out into a body. */
typedef struct kt_scan {
    int      n_x, n_state;
    kt_node *x[KT_MAX_CARRIED];       /* given: sequences [steps, ..], at least one */
    kt_node *state[KT_MAX_CARRIED];   /* given: what the first step begins with */
    unsigned x_turned, y_turned;      /* given: bit k, sequence k goes from its end */
    kt_node *in[2 * KT_MAX_CARRIED];  /* n_x rows of one step */
    kt_node *now[2 * KT_MAX_CARRIED]; /* n_state values before the step */
    int      first;                   /* id where the step begins */
} kt_scan;
void kt_scan_begin(kt_graph *g, kt_scan *s);
/* next: states behind the step, of the shapes of those before; y: what it gives. Parts of the
 * result: the y [steps, ..], then the states behind the last step. */
kt_node *kt_scan_end(kt_graph *g, const kt_scan *s, kt_node *const *next, int n_y,
                     kt_node *const *y);

/* --- gradients (pullback.c) ------------------------------------------------------------------- */

/* Emits what n values' gradients dy[k] say of those of x[0..n_x); dx[i] is NULL where no y depends
 * on it. */
kt_status kt_pullback(kt_graph *g, int n, kt_node *const *y, kt_node *const *dy, int n_x,
                      kt_node *const *x, kt_node **dx);
/* For gradient rules: whether the gradient of input x will be used. */
bool kt_is_wanted(const kt_graph *g, const kt_node *x);

/* --- random (random.c) --- seed: int64 [2] */
kt_node *kt_random(kt_graph *g, kt_node *seed, const kt_random_attr *attr);
/* Numbers of the gamma distribution, one for each alpha: of alpha's shape. */
kt_node *kt_random_gamma(kt_graph *g, kt_node *seed, kt_node *alpha);

/* --- what passes look for, or make themselves (point, dense) --- */
extern const kt_op_type kt_op_unary, kt_op_unary_grad, kt_op_binary, kt_op_select, kt_op_cast,
    kt_op_matmul, kt_op_dense, kt_op_stop_gradient, kt_op_reshape, kt_op_point, kt_op_reduce,
    kt_op_softmax, kt_op_pack, kt_op_concat, kt_op_slice_grad;

/* All ops: one list a file, from ops.list (filled by src/registry.c). The table and each list
 * end with NULL. */
extern const kt_op_type *const *const kt_op_table[];

#endif
