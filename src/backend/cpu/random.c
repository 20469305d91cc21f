/* random.c - random numbers from a seed; the same as kt_stateless_*, bit for bit. */
#include "backend/cpu/cpu.h"

enum { BLOCKS_WORTH_A_THREAD = 1 << 14 };

static bool accepts(const kt_run *r, const char **why)
{
    const kt_random_attr *a = r->attr;

    *why = "not float32, or whole numbers";
    return a->dtype == KT_F32 && r->out[0].dtype == KT_F32 && r->in[0].dtype == KT_I64 &&
           a->fn <= KT_RA_TRUNCATED;
}

typedef struct job {
    kt_uniform u;
    float     *out;
} job;

static void some_blocks(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;

    kt_isa()->uniform_blocks(&j->u, begin, end, j->out);
}

static void uniform(const int64_t *seed, float lo, float hi, int64_t n, float *out)
{
    job     j = {{.scale = hi - lo, .offset = lo, .n = n}, out};
    int64_t blocks = n / 4 + (n % 4 > 0);

    kt_stateless_key(seed, j.u.key, j.u.high);
    if (blocks < 2 * BLOCKS_WORTH_A_THREAD)
        some_blocks(&j, 0, blocks);
    else
        kt_parallel(blocks, BLOCKS_WORTH_A_THREAD, some_blocks, &j);
}

static void run(const kt_run *r)
{
    const kt_random_attr *a = r->attr;
    const int64_t        *seed = r->in[0].i64;
    int64_t               n = r->out[0].count;
    float                *y = r->out[0].f32, x = (float)a->a, z = (float)a->b;

    switch (a->fn) {
    case KT_RA_UNIFORM:
        if (n < INT32_MAX)
            uniform(seed, x, z, n, y);
        else
            kt_stateless_uniform(seed, x, z, n, y);
        break;
    case KT_RA_NORMAL: kt_stateless_normal(seed, x, z, n, y); break;
    default: kt_stateless_truncated_normal(seed, x, z, n, y);
    }
}

static const kt_kernel kernel = {
    .op = "random", .name = "cpu_random", .accepts = accepts, .run = run};

const kt_kernel *const kt_kernels_random[] = {&kernel, NULL};
