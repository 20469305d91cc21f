/* orthogonal.c - Orthogonal: columns (or rows, of a wide matrix) of length 1 at right angles. */
#include <math.h>

#include "nn/initializers/draw.h"

#define FIELDS(F)                                      \
    F(FLOAT, gain, "1.0", "", "Factor of the matrix.") \
    F(ANY, seed, "None", "", "An integer: the same values at each call.")
KT_CONFIG(FIELDS);

static kt_status check(kt_arena *a, void *self, kt_fault *f)
{
    (void)a;
    return kt_check_seed(((const config *)self)->seed, f);
}

/* The columns of a matrix, each contiguous: n of them, m long. */
typedef struct columns {
    double *at;
    int64_t m, n, done; /* `done` are orthonormal */
} columns;

static double dot(const double *a, const double *b, int64_t n)
{
    double sum[4] = {0};
    for (int64_t i = 0; i + 4 <= n; i += 4)
        for (int j = 0; j < 4; j++)
            sum[j] += a[i + j] * b[i + j];
    for (int64_t i = n - n % 4; i < n; i++)
        sum[0] += a[i] * b[i];
    return sum[0] + sum[1] + (sum[2] + sum[3]);
}

/* Takes the new column's part out of those behind it. */
static void project(void *ctx, int64_t begin, int64_t end)
{
    const columns *q = ctx;
    const double  *unit = q->at + q->done * q->m;

    for (int64_t k = q->done + 1 + begin; k < q->done + 1 + end; k++) {
        double *x = q->at + k * q->m;
        double  part = dot(unit, x, q->m);
        for (int64_t i = 0; i < q->m; i++)
            x[i] -= part * unit[i];
    }
}

/* Q of the factors QR with a positive diagonal of R, which Keras' change of signs asks for: the
 * Gram-Schmidt process, modified so that rounding does not add up. */
static void orthonormalise(columns *q)
{
    for (q->done = 0; q->done < q->n; q->done++) {
        double *x = q->at + q->done * q->m;
        double  length = sqrt(dot(x, x, q->m));

        for (int64_t i = 0; length > 0 && i < q->m; i++)
            x[i] /= length;
        kt_parallel(q->n - q->done - 1, 1 + 32768 / (q->m + 1), project, q);
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
