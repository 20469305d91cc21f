/* gather.c - entries of a table by number, the gradient that adds them up, one_hot, argmax. */
#include "backend/cpu/cpu.h"

#include <math.h>
#include <string.h>

/* The table as [outer, rows, inner]. */
typedef struct places {
    int64_t outer, rows, inner;
} places;

static places places_of(const kt_gather_attr *a, const kt_shape *table)
{
    return (places){kt_shape_product(table, 0, a->axis), table->dim[a->axis],
                    kt_shape_product(table, a->axis + 1, table->rank)};
}

static int64_t number_at(const kt_buf *index, int64_t i)
{
    return index->dtype == KT_I32 ? index->i32[i] : (int64_t)kt_peek(index->data, index->dtype, i);
}

/* A row below 0 counts from the end. */
static int64_t row_at(const kt_buf *index, int64_t i, int64_t rows)
{
    int64_t at = number_at(index, i);

    return at < 0 ? at + rows : at;
}

static bool accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or float indices";
    return r->in[0].dtype == KT_F32 && r->out[0].dtype == KT_F32 && kt_dtype_is_int(r->in[1].dtype);
}

static void gather_run(const kt_run *r)
{
    places       p = places_of(r->attr, &r->in[0].shape);
    const float *table = r->in[0].f32;
    float       *y = r->out[0].f32;
    size_t       bytes = (size_t)p.inner * sizeof(float);

    for (int64_t o = 0; o < p.outer; o++, table += p.rows * p.inner)
        for (int64_t k = 0; k < r->in[1].count; k++, y += p.inner) {
            int64_t at = row_at(&r->in[1], k, p.rows);
            if (at >= 0 && at < p.rows) {
                memcpy(y, table + at * p.inner, bytes);
            } else {
                memset(y, 0, bytes);
                kt_refuse(r, &r->in[1], k, at, p.rows);
            }
        }
}

static bool grad_accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or float indices";
    return r->in[1].dtype == KT_F32 && r->out[0].dtype == KT_F32 && kt_dtype_is_int(r->in[0].dtype);
}

/* Entries are added in the order of the indices, so results repeat. */
static void grad_run(const kt_run *r)
{
    places       p = places_of(r->attr, &r->out[0].shape);
    const float *dy = r->in[1].f32;
    float       *table = r->out[0].f32;
    kt_loop2     add = kt_isa()->binary[KT_BI_ADD];

    memset(table, 0, (size_t)r->out[0].count * sizeof(float));
    for (int64_t o = 0; o < p.outer; o++, table += p.rows * p.inner)
        for (int64_t k = 0; k < r->in[0].count; k++, dy += p.inner) {
            int64_t at = row_at(&r->in[0], k, p.rows);
            if (at >= 0 && at < p.rows)
                add(p.inner, table + at * p.inner, 1, dy, 1, table + at * p.inner, 0, 0);
        }
}

/* --- one_hot --- */

static bool one_hot_accepts(const kt_run *r, const char **why)
{
    *why = "another dtype than float32, or float indices";
    return r->out[0].dtype == KT_F32 && kt_dtype_is_int(r->in[0].dtype);
}

static void one_hot_run(const kt_run *r)
{
    int64_t depth = ((const kt_one_hot_attr *)r->attr)->depth;

    memset(r->out[0].data, 0, (size_t)r->out[0].count * sizeof(float));
    for (int64_t i = 0; i < r->in[0].count; i++) {
        int64_t at = number_at(&r->in[0], i);
        if (at >= 0 && at < depth)
            r->out[0].f32[i * depth + at] = 1;
    }
}

/* --- argmax --- */

static bool argmax_accepts(const kt_run *r, const char **why)
{
    *why = "not float32";
    return r->in[0].dtype == KT_F32 && r->out[0].dtype == KT_I64;
}

static void argmax_run(const kt_run *r)
{
    const kt_shape *s = &r->in[0].shape;
    int             axis = ((const kt_axis_attr *)r->attr)->axis;
    int64_t         n = s->dim[axis], step = kt_shape_product(s, axis + 1, s->rank);

    for (int64_t i = 0; i < r->out[0].count; i++) {
        const float *x = r->in[0].f32 + i / step * n * step + i % step;
        float        most = -INFINITY;
        int64_t      at = 0;
        for (int64_t j = 0; j < n; j++)
            if (x[j * step] > most) {
                most = x[j * step];
                at = j;
            }
        r->out[0].i64[i] = at;
    }
}

#define KERNEL(id, op_name, accept, body) \
    static const kt_kernel id = {         \
        .op = op_name, .name = "cpu_" op_name, .accepts = accept, .run = body}
KERNEL(gather, "gather", accepts, gather_run);
KERNEL(gather_grad, "gather_grad", grad_accepts, grad_run);
KERNEL(one_hot, "one_hot", one_hot_accepts, one_hot_run);
KERNEL(argmax, "argmax", argmax_accepts, argmax_run);

const kt_kernel *const kt_kernels_gather[] = {&gather, &gather_grad, &one_hot, &argmax, NULL};
