/* categories.c - what turns numbers into categories: search, lookup, bincount, hash and cross, over
 * whole numbers as they are (the reference kernels see doubles). */
#include "backend/cpu/cpu.h"

#include <string.h>

static int64_t number_at(const kt_buf *x, int64_t i)
{
    switch (x->dtype) {
    case KT_I64: return x->i64[i];
    case KT_I32: return x->i32[i];
    default: return (int64_t)kt_peek(x->data, x->dtype, i);
    }
}

/* --- search --- */

static bool search_accepts(const kt_run *r, const char **why)
{
    *why = "not float32";
    return r->in[0].dtype == KT_F32 && r->in[1].dtype == KT_F32;
}

static void search_run(const kt_run *r)
{
    const float *sorted = r->in[1].f32;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        float   v = r->in[0].f32[i];
        int64_t lo = 0, n = r->in[1].count;

        while (n > 0) {
            int64_t half = n / 2;
            bool    below = v < sorted[lo + half];
            lo = below ? lo : lo + half + 1;
            n = below ? half : n - half - 1;
        }
        r->out[0].i32[i] = (int32_t)lo;
    }
}

/* --- lookup --- */

static bool lookup_accepts(const kt_run *r, const char **why)
{
    *why = "not int64";
    return r->in[0].dtype == KT_I64 && r->in[1].dtype == KT_I64 && r->in[2].dtype == KT_I64;
}

static void lookup_run(const kt_run *r)
{
    const int64_t *keys = r->in[1].i64, missing = ((const kt_lookup_attr *)r->attr)->missing;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        int64_t v = r->in[0].i64[i], lo = 0, hi = r->in[1].count;

        while (lo < hi) {
            int64_t mid = lo + (hi - lo) / 2;
            if (keys[mid] < v)
                lo = mid + 1;
            else
                hi = mid;
        }
        bool found = lo < r->in[1].count && keys[lo] == v;
        r->out[0].i64[i] = found ? r->in[2].i64[lo] : missing;
    }
}

/* --- bincount --- */

static bool bincount_accepts(const kt_run *r, const char **why)
{
    *why = "not float32, or the numbers are floats";
    return r->out[0].dtype == KT_F32 && kt_dtype_is_int(r->in[0].dtype) &&
           (r->n_in < 2 || r->in[1].dtype == KT_F32);
}

static void bincount_run(const kt_run *r)
{
    const kt_bincount_attr *a = r->attr;
    int64_t                 n = r->in[0].shape.dim[r->in[0].shape.rank - 1];
    float                  *y = r->out[0].f32;

    memset(y, 0, (size_t)r->out[0].count * sizeof *y);
    for (int64_t i = 0; i < r->in[0].count; i++) {
        int64_t at = number_at(&r->in[0], i);

        if (at < 0) {
            kt_refuse(r, &r->in[0], i, at, a->depth);
        } else if (at < a->depth) {
            float *to = y + i / n * a->depth + at;
            *to = a->binary ? 1 : *to + (r->n_in > 1 ? r->in[1].f32[i] : 1);
        }
    }
}

/* --- hash and cross --- */

static bool hash_accepts(const kt_run *r, const char **why)
{
    *why = "not int64";
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != KT_I64)
            return false;
    return r->out[0].dtype == KT_I64;
}

static void hash_run(const kt_run *r)
{
    const kt_hash_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].i64[i] = (int64_t)(kt_hash_int(r->in[0].i64[i], a->salted ? a->key : NULL) %
                                     (uint64_t)a->bins);
}

static void cross_run(const kt_run *r)
{
    const kt_hash_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        uint64_t h = KT_CROSS_KEY;
        for (int k = 0; k < r->n_in; k++)
            h = kt_hash_join(h, (uint64_t)r->in[k].i64[i]);
        r->out[0].i64[i] = (int64_t)(h % (uint64_t)a->bins);
    }
}

#define KERNEL(id)                \
    static const kt_kernel id = { \
        .op = #id, .name = "cpu_" #id, .accepts = id##_accepts, .run = id##_run}
#define cross_accepts hash_accepts
KERNEL(search);
KERNEL(lookup);
KERNEL(bincount);
KERNEL(hash);
KERNEL(cross);

const kt_kernel *const kt_kernels_categories[] = {&search, &lookup, &bincount, &hash, &cross, NULL};
