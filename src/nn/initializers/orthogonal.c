/* orthogonal.c - Orthogonal: columns (or rows, of a wide matrix) of length 1 at right angles. */
#include <math.h>

#include "nn/initializers/draw.h"

#define FIELDS(F)                                                   \
    F(FLOAT, gain, "1.0", "kept: operand", "Factor of the matrix.") \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    (void)a;
    return kt_check_seed(((const config *)self)->seed, f);
}

/* The columns of a matrix, each contiguous: n of them, m long. Those before `end` are orthonormal;
 * [begin, end) is the panel that is still in those behind it. */
typedef struct columns {
    double *at;
    int64_t m, n, begin, end;
} columns;

/* A panel of columns stays in the cache while the rest of the matrix passes by. */
#define PANEL 16
#define TILE  4 /* columns whose products with x are taken in one pass over x */

/* Takes the parts of `count` columns at q, at most TILE, out of x. */
static void take_out(const double *q, int count, double *x, int64_t m)
{
    double part[TILE] = {0};

    for (int c = 0; c < count; c++) {
        double sum[4] = {0};
        for (int64_t i = 0; i + 4 <= m; i += 4)
            for (int j = 0; j < 4; j++)
                sum[j] += q[c * m + i + j] * x[i + j];
        for (int64_t i = m - m % 4; i < m; i++)
            sum[0] += q[c * m + i] * x[i];
        part[c] = sum[0] + sum[1] + (sum[2] + sum[3]);
    }
    if (count == TILE) {
        const double *q1 = q + m, *q2 = q1 + m, *q3 = q2 + m;
        for (int64_t i = 0; i < m; i++)
            x[i] -= part[0] * q[i] + part[1] * q1[i] + (part[2] * q2[i] + part[3] * q3[i]);
        return;
    }
    for (int c = 0; c < count; c++)
        for (int64_t i = 0; i < m; i++)
            x[i] -= part[c] * q[c * m + i];
}

/* Takes the panel out of columns behind it. */
static void project(void *ctx, int64_t first, int64_t last)
{
    const columns *q = ctx;

    for (int64_t k = q->end + first; k < q->end + last; k++)
        for (int64_t c = q->begin; c < q->end; c += TILE) {
            int count = q->end - c < TILE ? (int)(q->end - c) : TILE;
            take_out(q->at + c * q->m, count, q->at + k * q->m, q->m);
        }
}

/* Q of the factors QR with a positive diagonal of R, which Keras' change of signs asks for: the
 * Gram-Schmidt process, modified so that rounding does not add up, panel after panel. */
static void orthonormalise(columns *q)
{
    for (q->end = 0; q->end < q->n;) {
        q->begin = q->end;
        while (q->end < q->n && q->end < q->begin + PANEL) {
            double *x = q->at + q->end * q->m, squares = 0;
            for (int64_t c = q->begin; c < q->end; c++)
                take_out(q->at + c * q->m, 1, x, q->m);
            for (int64_t i = 0; i < q->m; i++)
                squares += x[i] * x[i];
            double length = sqrt(squares);
            for (int64_t i = 0; length > 0 && i < q->m; i++)
                x[i] /= length;
            q->end++;
        }
        kt_parallel(q->n - q->end, 1 + 4096 / (q->m + 1), project, q);
    }
}

/* The flat matrix is tall: [m, n]. A wide result is its transpose. */
static kt_status fill_tall(const int64_t seed[2], double gain, bool wide, columns *q,
                           kt_tensor *value, kt_fault *f)
{
    if (kt_fill_normal(seed, 0, 1, value, f) != KT_OK)
        return f->e.status;
    for (int64_t i = 0; i < value->count; i++)
        q->at[i % q->n * q->m + i / q->n] = kt_peek(value->data, value->dtype, i);
    orthonormalise(q);
    for (int64_t i = 0; i < value->count; i++) {
        double x = wide ? q->at[i] : q->at[i % q->n * q->m + i / q->n];
        kt_poke(value->data, value->dtype, i, gain * x);
    }
    return KT_OK;
}

static kt_status fill(const void *self, const int64_t seed[2], kt_tensor *value, kt_fault *f)
{
    const config   *c = self;
    const kt_shape *s = &value->shape;
    kt_arena        scratch = {0};

    if (s->rank < 2) {
        kt_raise(f, KT_E_VALUE,
                 "The tensor to initialize must be at least two-dimensional. Received: shape=%s "
                 "of rank %d.",
                 kt_shape_text(&scratch, s), s->rank);
        kt_arena_free(&scratch);
        return KT_E_VALUE;
    }
    if (value->count == 0)
        return KT_OK;
    int64_t   cols = s->dim[s->rank - 1], rows = value->count / cols;
    bool      wide = rows < cols;
    columns   q = {.m = wide ? cols : rows, .n = wide ? rows : cols};
    kt_status status = KT_E_MEMORY;

    q.at = kt_calloc((size_t)value->count, sizeof *q.at);
    if (q.at)
        status = fill_tall(seed, c->gain, wide, &q, value, f);
    else
        kt_raise_memory(f);
    kt_free(q.at);
    return status;
}

static const kt_initializer_type orthogonal = {
    .cls = {.class_name = "Orthogonal",
            .aliases = "orthogonal|OrthogonalInitializer",
            .module = "keras.initializers",
            .config = &config_type,
            .summary = "A random matrix whose columns or rows are orthonormal.",
            .check = check},
    .fill = fill,
};

const kt_class *const kt_initializers_orthogonal[] = {&orthogonal.cls, NULL};
