/* wide.c - element-wise ops on whole numbers, booleans and float64, where the fused kernels of
 * point.c compute in float32: as the reference does, in double, but piece by piece, with one loop a
 * function. Functions of bits take integers as they are.
 */
#include "backend/cpu/cpu.h"
#include "backend/cpu/spread.h"

#include <math.h>
#include <string.h>

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
    default: /* the first of the list */
#define CASE(name, value, slope, from)      \
    case KT_UN_##name:                      \
        for (int64_t i = 0; i < n; i++) {   \
            const double x = operand[0][i]; \
            out[i] = value;                 \
        }                                   \
        break;
        KT_UNARY_LIST(CASE)
#undef CASE
    }
}

static void binary(const void *attr, int64_t n, double (*operand)[PIECE], double *out)
{
    switch (((const kt_binary_attr *)attr)->fn) {
    default:
#define CASE(name, value)                                      \
    case KT_BI_##name:                                         \
        for (int64_t i = 0; i < n; i++) {                      \
            const double x = operand[0][i], z = operand[1][i]; \
            out[i] = value;                                    \
        }                                                      \
        break;
        KT_BINARY_LIST(CASE)
#undef CASE
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

/* --- bits of integers, as they are --- */

typedef void bits_fn(kt_pair_fn fn, int64_t n, const void *a, const void *b, void *out);

/* Places to move by, as graph/pair.c has them. Without AVX2 several numbers are moved at once only
 * where all move by the same. */
#define PLACES(z, most) ((int)((z) > (most) ? (most) : (z) > 0 ? (z) : 0))
#define EACH(T, value)              \
    for (int64_t i = 0; i < n; i++) \
    y[i] = (T)(value)
#define BITS(T, U)                                                                          \
    static void bits_##T(kt_pair_fn fn, int64_t n, const void *a, const void *b, void *out) \
    {                                                                                       \
        const T  *x = a, *z = b;                                                            \
        T        *y = out;                                                                  \
        const T   most = (T)(8 * sizeof(T) - 1);                                            \
        const int all = PLACES(z[0], most);                                                 \
        bool      same = memcmp(z, z + 1, (size_t)(n - 1) * sizeof(T)) == 0;                \
        switch (fn) {                                                                       \
        case KT_PA_AND: EACH(T, x[i] & z[i]); break;                                        \
        case KT_PA_OR: EACH(T, x[i] | z[i]); break;                                         \
        case KT_PA_XOR: EACH(T, x[i] ^ z[i]); break;                                        \
        case KT_PA_LEFT:                                                                    \
            if (same)                                                                       \
                EACH(T, (U)x[i] << all);                                                    \
            else                                                                            \
                EACH(T, (U)x[i] << PLACES(z[i], most));                                     \
            break;                                                                          \
        default: /* KT_PA_RIGHT */                                                          \
            if (same)                                                                       \
                EACH(T, x[i] >> all);                                                       \
            else                                                                            \
                EACH(T, x[i] >> PLACES(z[i], most));                                        \
            break;                                                                          \
        }                                                                                   \
    }
BITS(int8_t, uint8_t)
BITS(int16_t, uint16_t)
BITS(int32_t, uint32_t)
BITS(int64_t, uint64_t)
BITS(uint8_t, uint8_t)
BITS(uint16_t, uint16_t)
BITS(uint32_t, uint32_t)
BITS(uint64_t, uint64_t)
#undef BITS
#undef EACH
#undef PLACES

static bits_fn *const bits_of[KT_DTYPE_COUNT] = {
    [KT_I8] = bits_int8_t,    [KT_I16] = bits_int16_t, [KT_I32] = bits_int32_t,
    [KT_I64] = bits_int64_t,  [KT_U8] = bits_uint8_t,  [KT_U16] = bits_uint16_t,
    [KT_U32] = bits_uint32_t, [KT_U64] = bits_uint64_t};

static void bits_pieces(void *ctx, int64_t begin, int64_t end)
{
    const job          *j = ctx;
    const kt_pair_attr *a = j->r->attr;
    const kt_buf       *out = &j->r->out[0];
    size_t              size = kt_dtype_size(out->dtype);
    uint64_t            x[2][PIECE];

    for (int64_t at = begin; at < end; at += PIECE) {
        int64_t n = end - at < PIECE ? end - at : PIECE;
        for (int i = 0; i < 2; i++)
            kt_spread_read_same(&j->spread, i, &j->r->in[i], at, n, x[i]);
        bits_of[out->dtype](a->fn, n, x[0], x[1], (char *)out->data + (size_t)at * size);
    }
}

static bool bits_accepts(const kt_run *r, const char **why)
{
    const kt_pair_attr *a = r->attr;
    kt_dtype            d = r->out[0].dtype;

    *why = "no function of bits, or dtypes differ";
    return a->fn <= KT_PA_RIGHT && bits_of[d] && r->in[0].dtype == d && r->in[1].dtype == d &&
           r->out[0].shape.rank > 0;
}

static void bits_run(const kt_run *r)
{
    job j = {.r = r};

    kt_spread_make(&j.spread, &r->out[0].shape, r->n_in, r->in);
    kt_parallel(r->out[0].count, 8 * WORTH_A_THREAD, bits_pieces, &j);
}

static const kt_kernel bits = {
    .op = "pair", .name = "cpu_bits", .accepts = bits_accepts, .run = bits_run, .in_place = 0x3};

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

const kt_kernel *const kt_kernels_wide[] = {&wide_unary, &wide_binary, &bits,
                                            &wide_pair,  &wide_select, NULL};
