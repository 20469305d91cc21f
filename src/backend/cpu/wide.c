/* wide.c - element-wise ops on whole numbers, booleans and float64, where the fused kernels of
 * point.c compute in float32: as the reference does, in double, but piece by piece, with one loop a
 * function.
 */
#include "backend/cpu/cpu.h"
#include "backend/cpu/spread.h"

#include <math.h>

enum { PIECE = 256, OPERANDS = 3, WORTH_A_THREAD = 1 << 15 };

/* x: the operands' elements */
typedef void piece_fn(const void *attr, int64_t n, double (*x)[PIECE], double *y);

typedef struct job {
    const kt_run *r;
    kt_spread     spread;
    piece_fn     *piece;
    bool          around;
} job;

/* --- functions --- */

static void unary(const void *attr, int64_t n, double (*operand)[PIECE], double *out)
{
    const kt_unary_attr *f = attr;
    const double         a = f->a, b = f->b;

    (void)a, (void)b;
    switch (f->fn) {
#define CASE(name, value, slope, from)      \
    case KT_UN_##name:                      \
        for (int64_t i = 0; i < n; i++) {   \
            const double x = operand[0][i]; \
            out[i] = value;                 \
        }                                   \
        break;
        KT_UNARY_LIST(CASE)
#undef CASE
    default: break;
    }
}

static void binary(const void *attr, int64_t n, double (*operand)[PIECE], double *out)
{
    switch (((const kt_binary_attr *)attr)->fn) {
#define CASE(name, value)                                      \
    case KT_BI_##name:                                         \
        for (int64_t i = 0; i < n; i++) {                      \
            const double x = operand[0][i], z = operand[1][i]; \
            out[i] = value;                                    \
        }                                                      \
        break;
        KT_BINARY_LIST(CASE)
#undef CASE
    default: break;
    }
}

static void pair(const void *attr, int64_t n, double (*operand)[PIECE], double *out)
{
    kt_pair_values(attr, n, operand[0], operand[1], out);
}

static void choice(const void *attr, int64_t n, double (*operand)[PIECE], double *out)
{
    (void)attr;
    for (int64_t i = 0; i < n; i++)
        out[i] = operand[0][i] != 0 ? operand[1][i] : operand[2][i];
}

/* --- pieces --- */

static void run_pieces(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    kt_buf    *out = &j->r->out[0];
    size_t     size = kt_dtype_size(out->dtype);
    double     x[OPERANDS][PIECE], y[PIECE];

    for (int64_t at = begin; at < end; at += PIECE) {
        int64_t n = end - at < PIECE ? end - at : PIECE;
        for (int i = 0; i < j->r->n_in; i++)
            kt_spread_read_wide(&j->spread, i, &j->r->in[i], at, n, x[i]);
        j->piece(j->r->attr, n, x, y);
        if (j->around)
            kt_go_around(y, n, out->dtype);
        kt_convert(y, KT_F64, (char *)out->data + (size_t)at * size, out->dtype, n);
    }
}

static void run(const kt_run *r, piece_fn *piece)
{
    job j = {.r = r, .piece = piece, .around = kt_goes_around(r, r->out[0].dtype)};

    kt_spread_make(&j.spread, &r->out[0].shape, r->n_in, r->in);
    kt_parallel(r->out[0].count, WORTH_A_THREAD, run_pieces, &j);
}

/* Texts are no numbers, and floats of 16 bits are rounded from float32. */
static bool is_number(const kt_buf *b)
{
    return b->dtype != KT_STRING && !kt_dtype_is_half(b->dtype);
}

static bool accepts(const kt_run *r, const char **why)
{
    bool numbers = is_number(&r->out[0]);

    for (int i = 0; i < r->n_in; i++)
        numbers = numbers && is_number(&r->in[i]);
    *why = !numbers ? "texts, or floats of 16 bits" : "a lone number";
    return numbers && r->out[0].shape.rank > 0;
}

#define KERNEL(id, op_name, function)                         \
    static void id##_run(const kt_run *r)                     \
    {                                                         \
        run(r, function);                                     \
    }                                                         \
    static const kt_kernel id = {.op = op_name,               \
                                 .name = "cpu_wide_" op_name, \
                                 .accepts = accepts,          \
                                 .run = id##_run,             \
                                 .in_place = 0x7}
KERNEL(wide_unary, "unary", unary);
KERNEL(wide_binary, "binary", binary);
KERNEL(wide_pair, "pair", pair);
KERNEL(wide_select, "select", choice);

const kt_kernel *const kt_kernels_wide[] = {&wide_unary, &wide_binary, &wide_pair, &wide_select,
                                            NULL};
