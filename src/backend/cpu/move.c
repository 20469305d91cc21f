/* move.c - copies numbers to other places: any copy with a fixed step along each axis on both
 * sides. */
#include "backend/cpu/move.h"

#include <string.h>

static void swap_axes(kt_move *m, int a, int b)
{
    int64_t dim = m->dim[a], from = m->from[a], to = m->to[a];

    m->dim[a] = m->dim[b], m->from[a] = m->from[b], m->to[a] = m->to[b];
    m->dim[b] = dim, m->from[b] = from, m->to[b] = to;
}

static void remove_axis(kt_move *m, int d)
{
    for (m->rank--; d < m->rank; d++) {
        m->dim[d] = m->dim[d + 1];
        m->from[d] = m->from[d + 1];
        m->to[d] = m->to[d + 1];
    }
}

/* Fewer and longer axes, the result written in order; the axis along which the source lies, next to
 * the last. */
static void arrange(kt_move *m)
{
    for (int d = m->rank - 1; d >= 0; d--)
        if (m->dim[d] == 1)
            remove_axis(m, d);
    for (int i = 1; i < m->rank; i++)
        for (int d = i; d > 0 && m->to[d - 1] < m->to[d]; d--)
            swap_axes(m, d - 1, d);
    for (int d = m->rank - 2; d >= 0; d--)
        if (m->from[d] == m->from[d + 1] * m->dim[d + 1] &&
            m->to[d] == m->to[d + 1] * m->dim[d + 1]) {
            m->dim[d + 1] *= m->dim[d];
            remove_axis(m, d);
        }
    for (int d = m->rank - 3; d >= 0; d--)
        if (m->from[d] == 1 && m->from[m->rank - 1] != 1)
            swap_axes(m, d, m->rank - 2);
}

/* The same element again and again, in order, is the one case that compilers turn into wide
 * stores. */
#define COPY_AXIS(T)                         \
    if (from_step == 0 && to_step == 1)      \
        for (int64_t i = 0; i < n; i++)      \
            ((T *)to)[i] = *(const T *)from; \
    else                                     \
        for (int64_t i = 0; i < n; i++)      \
        ((T *)to)[i * to_step] = ((const T *)from)[i * from_step]

/* One axis. */
static void copy_axis(size_t size, int64_t n, const char *from, int64_t from_step, char *to,
                      int64_t to_step)
{
    if (from_step == 1 && to_step == 1) {
        memcpy(to, from, (size_t)n * size);
        return;
    }
    switch (size) {
    case 1: COPY_AXIS(uint8_t); break;
    case 2: COPY_AXIS(uint16_t); break;
    case 4: COPY_AXIS(uint32_t); break;
    default: COPY_AXIS(uint64_t); break;
    }
}

static void copy_from(const kt_move *m, int axis, const char *from, char *to)
{
    int64_t size = (int64_t)m->size;

    if (axis == m->rank) {
        memcpy(to, from, m->size);
    } else if (axis == m->rank - 1) {
        copy_axis(m->size, m->dim[axis], from, m->from[axis], to, m->to[axis]);
    } else if (axis == m->rank - 2 && size == 4 && m->from[axis] == 1 && m->to[axis + 1] == 1) {
        kt_isa()->turn((float *)(void *)to, m->to[axis], (const float *)(const void *)from,
                       m->from[axis + 1], m->dim[axis + 1], m->dim[axis]);
    } else {
        for (int64_t i = 0; i < m->dim[axis]; i++)
            copy_from(m, axis + 1, from + i * m->from[axis] * size, to + i * m->to[axis] * size);
    }
}

typedef struct job {
    const kt_move *m;
    const char    *from;
    char          *to;
} job;

static void copy_part(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    kt_move    m = *j->m;
    int64_t    size = (int64_t)m.size;

    m.dim[0] = end - begin;
    copy_from(&m, 0, j->from + begin * m.from[0] * size, j->to + begin * m.to[0] * size);
}

void kt_move_run(const kt_move *asked, const void *from, void *to)
{
    kt_move m = *asked;
    job     j = {&m, from, to};
    int64_t bytes = (int64_t)m.size;

    for (int d = 0; d < m.rank; d++)
        bytes *= m.dim[d];
    arrange(&m);
    if (m.rank == 0 || bytes < 4 * KT_BYTES_WORTH_A_THREAD)
        copy_from(&m, 0, from, to);
    else
        kt_parallel(m.dim[0], 2 * KT_BYTES_WORTH_A_THREAD * m.dim[0] / bytes + 1, copy_part, &j);
}

void kt_move_steps(const kt_shape *s, int64_t *step)
{
    int64_t size = 1;

    for (int i = s->rank - 1; i >= 0; i--) {
        step[i] = size;
        size *= s->dim[i];
    }
}
