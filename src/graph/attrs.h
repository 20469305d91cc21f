/* attrs.h - attributes of ops: what shape rules, gradients and kernels of every backend share. */
#ifndef KT_ATTRS_H
#define KT_ATTRS_H

#include "keratin/register.h"
#include "tensor/tensor.h"

/* Scalar functions of one argument: enumerator, value y of x, derivative d (may use x and y),
 * what the derivative needs (X or Y: from y alone, so that fused kernels need not keep x). a and
 * b are parameters. One row is a whole function: value, gradient, fusion, activation of
 * recurrent layers, table test. */
#define KT_UNARY_LIST(F)                                                                         \
    F(NEG, -x, -1.0, Y)                                                                          \
    F(ABS, fabs(x), (x > 0) - (x < 0), X)                                                        \
    F(SIGN, (x > 0) - (x < 0), 0.0, Y)                                                           \
    F(SQUARE, x *x, 2 * x, X)                                                                    \
    F(SQRT, sqrt(x), 0.5 / y, Y)                                                                 \
    F(RSQRT, 1 / sqrt(x), -0.5 * y * y * y, Y)                                                   \
    F(RECIPROCAL, 1 / x, -y * y, Y)                                                              \
    F(EXP, exp(x), y, Y)                                                                         \
    F(EXPM1, expm1(x), y + 1, Y)                                                                 \
    F(LOG, log(x), 1 / x, X)                                                                     \
    F(LOG1P, log1p(x), 1 / (1 + x), X)                                                           \
    F(SIN, sin(x), cos(x), X)                                                                    \
    F(COS, cos(x), -sin(x), X)                                                                   \
    F(TANH, tanh(x), 1 - y * y, Y)                                                               \
    F(SIGMOID, x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)), y * (1 - y), Y)               \
    F(RELU, x <= 0 ? 0 : x, y > 0, Y)                                                            \
    F(LEAKY_RELU, x > 0 ? x : a * x, x > 0 ? 1 : a, X)                                           \
    F(ELU, x > 0 ? x : a * expm1(x), x > 0 ? 1 : a * exp(x), X)                                  \
    F(SOFTPLUS, x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)), 1 / (1 + exp(-x)), X)                \
    F(SOFTSIGN, x / (1 + fabs(x)), 1 / ((1 + fabs(x)) * (1 + fabs(x))), X)                       \
    F(ERF, erf(x), 1.1283791670955126 * exp(-x * x), X)                                          \
    F(FLOOR, floor(x), 0.0, Y)                                                                   \
    F(CEIL, ceil(x), 0.0, Y)                                                                     \
    F(ROUND, nearbyint(x), 0.0, Y)                                                               \
    F(CLIP, x<a ? a : x> b ? b : x, x >= a && x <= b, X)                                         \
    F(HARD_SIGMOID, x <= -3 ? 0 : x >= 3 ? 1 : x / 6 + 0.5, y > 0 && y < 1 ? 1 / 6.0 : 0, Y)     \
    F(SILU, x / (1 + exp(-x)), (1 + x / (1 + exp(x))) / (1 + exp(-x)), X)                        \
    F(GELU, 0.5 * x * (1 + erf(x * 0.70710678118654752)),                                        \
      0.5 * (1 + erf(x * 0.70710678118654752)) + x * 0.39894228040143268 * exp(-0.5 * x * x), X) \
    F(TAN, tan(x), 1 + y * y, Y)                                                                 \
    F(ASIN, asin(x), 1 / sqrt((1 - x) * (1 + x)), X)                                             \
    F(ACOS, acos(x), -1 / sqrt((1 - x) * (1 + x)), X)                                            \
    F(ATAN, atan(x), 1 / (1 + x * x), X)                                                         \
    F(SINH, sinh(x), cosh(x), X)                                                                 \
    F(COSH, cosh(x), sinh(x), X)                                                                 \
    F(ASINH, asinh(x), 1 / hypot(x, 1), X)                                                       \
    F(ACOSH, acosh(x), 1 / (sqrt(x - 1) * sqrt(x + 1)), X)                                       \
    F(ATANH, atanh(x), 1 / ((1 - x) * (1 + x)), X)                                               \
    F(LOG2, log2(x), 1.4426950408889634 / x, X)                                                  \
    F(LOG10, log10(x), 0.43429448190325183 / x, X)                                               \
    F(EXP2, exp2(x), 0.69314718055994531 * y, Y)                                                 \
    F(CBRT, cbrt(x), 1 / (3 * y * y), Y)                                                         \
    F(ERFC, erfc(x), -1.1283791670955126 * exp(-x * x), X)                                       \
    F(ERFINV, kt_erfinv(x), 0.88622692545275801 * exp(y * y), Y)                                 \
    F(BESSEL_I0, kt_bessel_i(0, x), kt_bessel_i(1, x), X)                                        \
    F(TRUNC, trunc(x), 0.0, Y)                                                                   \
    F(NOT, x == 0, 0.0, Y)                                                                       \
    F(IS_NAN, x != x, 0.0, Y)                                                                    \
    F(IS_INF, x == HUGE_VAL || x == -HUGE_VAL, 0.0, Y)                                           \
    F(SIGNBIT, signbit(x) != 0, 0.0, Y)

/* The x of which v is erf(x), for |v| <= 1. */
double kt_erfinv(double v);
/* The modified Bessel function of the first kind, of order 0 or 1. */
double kt_bessel_i(int order, double x);

typedef enum kt_unary_fn {
#define KT_UNARY_ID(name, value, slope, from) KT_UN_##name,
    KT_UNARY_LIST(KT_UNARY_ID)
#undef KT_UNARY_ID
        KT_UN_COUNT,
    KT_UN_IDENTITY = -1
} kt_unary_fn;

typedef struct kt_unary_attr {
    kt_unary_fn fn;
    double      a, b;
} kt_unary_attr;

/* Scalar functions of two arguments. Comparisons and logic give booleans. What is NaN stays it, as
 * in TensorFlow. */
#define KT_BINARY_LIST(F)               \
    F(ADD, x + z)                       \
    F(SUB, x - z)                       \
    F(MUL, x *z)                        \
    F(DIV, x / z)                       \
    F(POW, pow(x, z))                   \
    F(MAXIMUM, x > z || x != x ? x : z) \
    F(MINIMUM, x < z || x != x ? x : z) \
    F(MOD, x - floor(x / z) * z)        \
    F(DIV_NO_NAN, z == 0 ? 0 : x / z)   \
    F(EQUAL, x == z)                    \
    F(NOT_EQUAL, x != z)                \
    F(LESS, x < z)                      \
    F(LESS_EQUAL, x <= z)               \
    F(GREATER, x > z)                   \
    F(GREATER_EQUAL, x >= z)            \
    F(AND, x != 0 && z != 0)            \
    F(OR, x != 0 || z != 0)

typedef enum kt_binary_fn {
#define KT_BINARY_ID(name, value) KT_BI_##name,
    KT_BINARY_LIST(KT_BINARY_ID)
#undef KT_BINARY_ID
        KT_BI_COUNT
} kt_binary_fn;
#define KT_BI_IS_TEST(fn) ((fn) >= KT_BI_EQUAL)

/* placeholder, variable, constant, assign */
typedef struct kt_source_attr {
    const char *name;
    kt_dtype    dtype;
    kt_shape    shape;
} kt_source_attr;

typedef struct kt_binary_attr {
    kt_binary_fn fn;
} kt_binary_attr;
/* Functions of two numbers that no fused kernel has. All but NEXTAFTER are of integers, which have
 * `width` bits. */
typedef enum kt_pair_fn {
    KT_PA_AND,
    KT_PA_OR,
    KT_PA_XOR,
    KT_PA_LEFT,
    KT_PA_RIGHT,
    KT_PA_GCD,
    KT_PA_LCM,
    KT_PA_NEXTAFTER,
    KT_PA_COUNT
} kt_pair_fn;
typedef struct kt_pair_attr {
    kt_pair_fn fn;
    kt_dtype   dtype; /* of both and of the result: what has no room in it is lost */
} kt_pair_attr;
/* y[i] of x[i] and z[i]. Integers beyond 2^53 have lost digits before they come here. */
void kt_pair_values(const kt_pair_attr *a, int64_t n, const double *x, const double *z, double *y);
typedef struct kt_cast_attr {
    kt_dtype to;
} kt_cast_attr;
typedef struct kt_matmul_attr {
    bool ta, tb;
} kt_matmul_attr;
/* matmul (b rank 2) + bias [n] (input 2, optional) + activation, made by fusion. */
typedef struct kt_dense_attr {
    bool          ta, tb;
    kt_unary_attr act; /* fn KT_UN_IDENTITY: none */
} kt_dense_attr;

typedef enum kt_reduce_fn { KT_RE_SUM, KT_RE_MEAN, KT_RE_MAX, KT_RE_MIN, KT_RE_PROD } kt_reduce_fn;
typedef struct kt_reduce_attr {
    kt_reduce_fn fn;
    unsigned     axes; /* bit i: axis i is reduced */
    bool         keepdims;
} kt_reduce_attr;
/* softmax, argmax, concat, reverse, sort, cumsum, cumprod */
typedef struct kt_axis_attr {
    int  axis;
    bool flag;
} kt_axis_attr;
typedef struct kt_perm_attr {
    int perm[KT_MAX_RANK];
} kt_perm_attr;
typedef struct kt_shape_attr {
    kt_shape    shape;
    const char *field; /* configuration field that named it, or NULL */
} kt_shape_attr;
typedef struct kt_slice_attr {
    int64_t begin[KT_MAX_RANK];
    int64_t size[KT_MAX_RANK]; /* of the result; KT_UNKNOWN: to the end */
    int64_t stride[KT_MAX_RANK];
} kt_slice_attr;
typedef struct kt_pad_attr {
    int64_t before[KT_MAX_RANK], after[KT_MAX_RANK];
    double  value;
} kt_pad_attr;
typedef struct kt_gather_attr {
    int     axis;
    int64_t rows; /* of the table, for the gradient */
} kt_gather_attr;
typedef struct kt_ctc_attr {
    int64_t blank; /* the class that stands for no label */
} kt_ctc_attr;
typedef struct kt_beam_attr {
    int64_t width, paths; /* how many rows of labels are followed, and how many come out */
} kt_beam_attr;
typedef struct kt_bytes_attr {
    kt_dtype from, to;
} kt_bytes_attr;
typedef enum kt_scatter_fn { KT_SC_SET, KT_SC_ADD, KT_SC_MUL, KT_SC_MAX, KT_SC_MIN } kt_scatter_fn;
typedef struct kt_scatter_attr {
    kt_scatter_fn fn;
} kt_scatter_attr;
/* Of band and its gradient: what an entry of the result is made of lies side by side. */
typedef struct kt_band_attr {
    int     axis, n;    /* n axes from this one on: 1 or 2 */
    int64_t entries[2]; /* of x along each of them */
} kt_band_attr;
/* What an image has beside it. */
typedef enum kt_border {
    KT_BORDER_CONSTANT, /* kkkk|abcd|kkkk */
    KT_BORDER_NEAREST,  /* aaaa|abcd|dddd */
    KT_BORDER_REFLECT,  /* dcba|abcd|dcba */
    KT_BORDER_WRAP      /* abcd|abcd|abcd */
} kt_border;
typedef struct kt_warp_attr {
    kt_border border;
    bool      bilinear; /* between four pixels, else the nearest one */
    double    fill;     /* what is read out of the image */
} kt_warp_attr;
typedef struct kt_lookup_attr {
    int64_t missing; /* what a number gets that is none of the keys */
} kt_lookup_attr;
typedef struct kt_bincount_attr {
    int64_t depth;
    bool    binary; /* 1 where there is any */
} kt_bincount_attr;
/* hash, cross (bins alone) */
typedef struct kt_hash_attr {
    int64_t  bins;
    bool     salted; /* SipHash with the key, else FarmHash */
    uint64_t key[2];
} kt_hash_attr;
typedef struct kt_one_hot_attr {
    int64_t depth;
} kt_one_hot_attr;

/* solve, triangular_solve: `transposed` reads a as its transpose. qr, svd: `full` square factors.
 * svd: `vectors` or the values alone. */
typedef struct kt_linalg_attr {
    bool lower, transposed, full, vectors;
} kt_linalg_attr;

/* Convolution and pooling over 1..3 spatial axes, channels last. */
#define KT_MAX_SPATIAL 3
typedef struct kt_window_attr {
    int      spatial;
    bool     same;                   /* pads are computed from the shapes as TensorFlow's SAME */
    bool     max;                    /* of pooling: maximum, else average of the real cells */
    int64_t  window[KT_MAX_SPATIAL]; /* of pooling; convolution takes it from the kernel */
    int64_t  stride[KT_MAX_SPATIAL], dilation[KT_MAX_SPATIAL];
    int64_t  pad_lo[KT_MAX_SPATIAL], pad_hi[KT_MAX_SPATIAL];
    int64_t  groups; /* of convolution */
    kt_shape like;   /* of the gradients: shape of x or of the kernel */
} kt_window_attr;

typedef struct kt_lstm_attr {
    int64_t       units;
    kt_unary_attr act, recurrent_act;
    bool          return_sequences, go_backwards, zero_output_for_mask;
    bool          masked; /* the last input is a boolean mask [batch, time] */
    bool          biased; /* input 5 is the bias */
} kt_lstm_attr;
/* What lstm leaves for its gradient, [batch, time, 7 units]: row [b, t] belongs to the step that
 * reads x[b, t], whatever the direction. Seven blocks of `units`: what the slopes of the gates
 * i, f, c, o are evaluated at (the activation's value y, or its argument x where KT_UNARY_LIST
 * writes the slope in x); the state c before the step; the state h before the step; what the
 * slope of act(c after the step) is evaluated at, x or y alike. Rows of masked steps hold
 * anything finite, except h before the step. */
#define KT_LSTM_RESERVE 7
/* lstm_grad: inputs recurrent, reserve, mask if lstm.masked, then those of d output, d h, d c
 * that there are. Parts: the gradient of x . kernel + h . recurrent + bias [batch, time, 4
 * units] in the order of x (0 for masked steps), d h0, d c0. */
typedef struct kt_lstm_grad_attr {
    kt_lstm_attr lstm;
    bool         dy, dh, dc;
} kt_lstm_grad_attr;

/* A body (graph/graph.h) that is run for each row of sequences. Inputs: n_x sequences [steps, ..],
 * the reserve if n_read, n_state values before the first step, then what is the same in all steps.
 * Results: n_y sequences, the n_state values behind the last step, the reserve if n_saved. The
 * body's inputs and outputs are one step's: x, what is read of the reserve, states, the rest -> y,
 * states, what is saved.
 *
 * The reserve [steps, numbers of a step] is what the steps leave for the gradient's: the saved
 * values one after another, each step in its row; who reads it begins with the last row. */
typedef struct kt_scan_attr {
    struct kt_body *body; /* first: KT_OP_BODY */
    int             n_x, n_read, n_state, n_y, n_saved;
    unsigned        x_turned, y_turned; /* bit k: sequence k is gone through from its end */
} kt_scan_attr;
/* The row of sequence k that a step reads or writes. */
static inline int64_t kt_scan_row(unsigned turned, int k, int64_t step, int64_t steps)
{
    return turned >> k & 1U ? steps - 1 - step : step;
}

/* How texts become numbers: `read` makes `width` numbers of n texts. `self` outlives the plan. */
typedef struct kt_text_attr {
    void (*read)(const void *self, const kt_text *const *text, int64_t n, double *out,
                 int64_t width);
    const void *self;
    int         taken;  /* the last axes that are read together: 0 or 1 */
    bool        listed; /* the result has an axis of `width` in place of those; else width is 1 */
    int64_t     width;
} kt_text_attr;
/* The way back: the text of a number; it lives as long as self. NULL: the empty one. */
typedef struct kt_text_of_attr {
    const kt_text *(*text)(const void *self, int64_t number);
    const void *self;
} kt_text_of_attr;

/* A C function that a program registered: one of function and loss. */
typedef struct kt_custom_attr {
    const char             *name;
    const kt_function      *function;
    const kt_loss_function *loss;
    bool                    same_shape; /* as x, whatever function->shape says */
} kt_custom_attr;

/* The first three in the order of kt_distribution. WHOLE: whole numbers in [lo, hi), made of
 * integers of 32 or 64 bits. */
typedef enum kt_random_fn {
    KT_RA_UNIFORM,
    KT_RA_NORMAL,
    KT_RA_TRUNCATED,
    KT_RA_WHOLE_32,
    KT_RA_WHOLE_64
} kt_random_fn;
typedef struct kt_random_attr {
    kt_random_fn fn;
    kt_dtype     dtype; /* that they are drawn in, which tells the numbers */
    double       a, b;  /* lo, hi or mean, stddev */
    kt_shape     shape;
} kt_random_attr;

/* A chain of element-wise ops made by fusion: register i < n_in is input i, register n_in + k
 * the result of step k. x, z, w are registers. The node's results are the registers out[0 ..
 * n_out). */
typedef enum kt_point_kind {
    KT_PT_UNARY,
    KT_PT_UNARY_GRAD,
    KT_PT_BINARY,
    KT_PT_SELECT,
    KT_PT_CAST
} kt_point_kind;
typedef struct kt_point_step {
    kt_point_kind kind;
    int           fn;
    double        a, b;
    int           x, z, w;
    kt_dtype      dtype; /* of the step's result */
} kt_point_step;
#define KT_MAX_POINT_STEPS   48
#define KT_MAX_POINT_RESULTS 4
typedef struct kt_point_attr {
    int           n_steps, n_out;
    kt_point_step step[KT_MAX_POINT_STEPS];
    int           out[KT_MAX_POINT_RESULTS];
} kt_point_attr;

#endif
