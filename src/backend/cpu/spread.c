/* spread.c - broadcasting: merging axes, and spreading a smaller operand over a stretch of the
 * result. */
#include "backend/cpu/spread.h"

#include <string.h>

/* Elements to step in `in` along each axis of `out`. */
static void steps_of(const kt_shape *in, const kt_shape *out, int64_t *step)
{
    int64_t size = 1;

    for (int i = out->rank - 1; i >= 0; i--) {
        int     axis = i - (out->rank - in->rank);
        int64_t dim = axis < 0 ? 1 : in->dim[axis];
        step[i] = dim == 1 ? 0 : size;
        size *= dim;
    }
}

/* Whether axis d continues axis d + 1 for all operands. */
static bool joins(const kt_spread *s, int n_in, int d)
{
    for (int i = 0; i < n_in; i++)
        if (s->step[i][d] != s->step[i][d + 1] * s->dim[d + 1])
            return false;
    return true;
}

static void drop_axis(kt_spread *s, int n_in, int d)
{
    s->rank--;
    for (int k = d; k < s->rank; k++) {
        s->dim[k] = s->dim[k + 1];
        for (int i = 0; i < n_in; i++)
            s->step[i][k] = s->step[i][k + 1];
    }
}

void kt_spread_make(kt_spread *s, const kt_shape *out, int n_in, const kt_buf *in)
{
    s->rank = out->rank;
    memcpy(s->dim, out->dim, sizeof s->dim);
    for (int i = 0; i < n_in; i++)
        steps_of(&in[i].shape, out, s->step[i]);
    for (int d = s->rank - 1; d >= 0 && s->rank > 1; d--)
        if (s->dim[d] == 1)
            drop_axis(s, n_in, d);
    for (int d = s->rank - 2; d >= 0; d--)
        if (joins(s, n_in, d)) {
            s->dim[d + 1] *= s->dim[d];
            drop_axis(s, n_in, d);
        }
}

static void repeat(float value, int64_t n, float *to)
{
    for (int64_t i = 0; i < n; i++)
        to[i] = value;
}

/* `run` elements from number `at` on go to to[done], as floats; step: 1, or 0 for one that is
 * repeated (no axis of several elements lies behind the last one). */
static void stretch(const kt_buf *from, int64_t at, int64_t step, int64_t run, void *whole,
                    int64_t done)
{
    float *to = (float *)whole + done;

    if (step == 0)
        repeat((float)kt_peek(from->data, from->dtype, at), run, to);
    else if (from->dtype == KT_F32)
        memcpy(to, from->f32 + at, (size_t)run * sizeof *to);
    else if (from->dtype == KT_U8 || from->dtype == KT_BOOLEAN)
        for (int64_t i = 0; i < run; i++)
            to[i] = (float)from->u8[at + i];
    else
        for (int64_t i = 0; i < run; i++)
            to[i] = (float)kt_peek(from->data, from->dtype, at + i);
}

/* The same as doubles. */
static void wide_stretch(const kt_buf *from, int64_t at, int64_t step, int64_t run, void *whole,
                         int64_t done)
{
    double     *to = (double *)whole + done, lone = kt_peek(from->data, from->dtype, at);
    const char *first = (const char *)from->data + (size_t)at * kt_dtype_size(from->dtype);

    if (step == 1)
        kt_convert(first, from->dtype, to, KT_F64, run);
    for (int64_t i = 0; step == 0 && i < run; i++)
        to[i] = lone;
}

/* The same as they are. */
static void same_stretch(const kt_buf *from, int64_t at, int64_t step, int64_t run, void *whole,
                         int64_t done)
{
    size_t size = kt_dtype_size(from->dtype), bytes = (size_t)run * size;
    char  *to = (char *)whole + (size_t)done * size;
    size_t have = step == 1 ? bytes : size;

    memcpy(to, (const char *)from->data + (size_t)at * size, have);
    for (size_t more; have < bytes; have += more) { /* twice as many each time */
        more = have < bytes - have ? have : bytes - have;
        memcpy(to + have, to, more);
    }
}

typedef void stretch_fn(const kt_buf *from, int64_t at, int64_t step, int64_t run, void *whole,
                        int64_t done);

static void read(const kt_spread *s, int operand, const kt_buf *from, int64_t begin, int64_t n,
                 void *to, stretch_fn *put)
{
    const int64_t *step = s->step[operand];
    int64_t        at[KT_MAX_RANK], offset = 0, rest = begin, done = 0;
    int            last = s->rank - 1;

    for (int d = last; d >= 0; d--) {
        at[d] = rest % s->dim[d];
        rest /= s->dim[d];
        offset += at[d] * step[d];
    }
    while (done < n) {
        int64_t left = s->dim[last] - at[last], run = left < n - done ? left : n - done;
        put(from, offset, step[last], run, to, done);
        done += run;
        offset -= at[last] * step[last];
        at[last] = 0;
        for (int d = last - 1; d >= 0; d--) {
            offset += step[d];
            if (++at[d] < s->dim[d])
                break;
            offset -= at[d] * step[d];
            at[d] = 0;
        }
    }
}

void kt_spread_read(const kt_spread *s, int operand, const kt_buf *from, int64_t begin, int64_t n,
                    float *to)
{
    read(s, operand, from, begin, n, to, stretch);
}

void kt_spread_read_wide(const kt_spread *s, int operand, const kt_buf *from, int64_t begin,
                         int64_t n, double *to)
{
    read(s, operand, from, begin, n, to, wide_stretch);
}

void kt_spread_read_same(const kt_spread *s, int operand, const kt_buf *from, int64_t begin,
                         int64_t n, void *to)
{
    read(s, operand, from, begin, n, to, same_stretch);
}
