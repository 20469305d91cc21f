/* layout.c - ops that only move numbers: transpose, broadcast, slice and its gradient, pad,
 * reverse, concat, choose. */
#include "backend/cpu/move.h"

static bool accepts(const kt_run *r, const char **why)
{
    *why = "dtypes differ";
    for (int i = 0; i < r->n_in; i++)
        if (r->in[i].dtype != r->out[0].dtype)
            return false;
    return true;
}

static kt_move over(const kt_shape *s, kt_dtype dtype)
{
    kt_move m = {.rank = s->rank, .size = kt_dtype_size(dtype)};

    for (int i = 0; i < s->rank; i++)
        m.dim[i] = s->dim[i];
    return m;
}

static void *at(const kt_buf *b, int64_t element)
{
    return (char *)b->data + element * (int64_t)kt_dtype_size(b->dtype);
}

/* Every element of y := value. */
static void fill(const kt_buf *y, double value)
{
    kt_move m = {.rank = 1, .dim = {y->count}, .to = {1}, .size = kt_dtype_size(y->dtype)};
    double  number;

    kt_poke(&number, y->dtype, 0, value);
    kt_move_run(&m, &number, y->data);
}

static void transpose_run(const kt_run *r)
{
    const kt_perm_attr *a = r->attr;
    const kt_buf       *x = &r->in[0], *y = &r->out[0];
    kt_move             m = over(&y->shape, y->dtype);
    int64_t             step[KT_MAX_RANK];

    kt_move_steps(&x->shape, step);
    kt_move_steps(&y->shape, m.to);
    for (int i = 0; i < m.rank; i++)
        m.from[i] = step[a->perm[i]];
    kt_move_run(&m, x->data, y->data);
}

static void broadcast_to_run(const kt_run *r)
{
    const kt_buf *x = &r->in[0], *y = &r->out[0];
    kt_move       m = over(&y->shape, y->dtype);
    int64_t       step[KT_MAX_RANK];
    int           skip = y->shape.rank - x->shape.rank;

    kt_move_steps(&x->shape, step);
    kt_move_steps(&y->shape, m.to);
    for (int i = skip; i < m.rank; i++)
        m.from[i] = x->shape.dim[i - skip] == 1 ? 0 : step[i - skip];
    kt_move_run(&m, x->data, y->data);
}

/* The steps of a box within `whole`; returns its first element. */
static int64_t box_in(const kt_slice_attr *a, const kt_shape *whole, int64_t *step)
{
    int64_t first = 0;

    kt_move_steps(whole, step);
    for (int i = 0; i < whole->rank; i++) {
        first += a->begin[i] * step[i];
        step[i] *= a->stride[i];
    }
    return first;
}

static void slice_run(const kt_run *r)
{
    const kt_buf *x = &r->in[0], *y = &r->out[0];
    kt_move       m = over(&y->shape, y->dtype);
    int64_t       first = box_in(r->attr, &x->shape, m.from);

    kt_move_steps(&y->shape, m.to);
    kt_move_run(&m, at(x, first), y->data);
}

/* The attribute begins with the slice's own. */
static void slice_grad_run(const kt_run *r)
{
    const kt_buf *x = &r->in[0], *y = &r->out[0];
    kt_move       m = over(&x->shape, x->dtype);
    int64_t       first = box_in(r->attr, &y->shape, m.to);

    fill(y, 0);
    kt_move_steps(&x->shape, m.from);
    kt_move_run(&m, x->data, at(y, first));
}

static void pad_run(const kt_run *r)
{
    const kt_pad_attr *a = r->attr;
    const kt_buf      *x = &r->in[0], *y = &r->out[0];
    kt_move            m = over(&x->shape, x->dtype);
    int64_t            first = 0;

    kt_move_steps(&x->shape, m.from);
    kt_move_steps(&y->shape, m.to);
    for (int i = 0; i < m.rank; i++)
        first += a->before[i] * m.to[i];
    fill(y, a->value);
    kt_move_run(&m, x->data, at(y, first));
}

static void reverse_run(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    const kt_buf       *x = &r->in[0], *y = &r->out[0];
    kt_move             m = over(&y->shape, y->dtype);
    int64_t             first;

    kt_move_steps(&y->shape, m.to);
    kt_move_steps(&x->shape, m.from);
    first = (x->shape.dim[a->axis] - 1) * m.from[a->axis];
    m.from[a->axis] = -m.from[a->axis];
    kt_move_run(&m, at(x, first), y->data);
}

static void concat_run(const kt_run *r)
{
    const kt_axis_attr *a = r->attr;
    const kt_buf       *y = &r->out[0];
    int64_t             first = 0;

    for (int i = 0; i < r->n_in; i++) {
        const kt_buf *x = &r->in[i];
        kt_move       m = over(&x->shape, x->dtype);
        kt_move_steps(&x->shape, m.from);
        kt_move_steps(&y->shape, m.to);
        kt_move_run(&m, x->data, at(y, first));
        first += x->shape.dim[a->axis] * m.to[a->axis];
    }
}

static bool choose_accepts(const kt_run *r, const char **why)
{
    *why = "dtypes differ";
    return r->in[0].dtype == KT_I32 && r->in[1].dtype == r->out[0].dtype;
}

/* y may lie in any of the options. */
static void choose_run(const kt_run *r)
{
    const kt_buf *y = &r->out[0];
    kt_move       m = {.rank = 1, .dim = {y->count}, .from = {1}, .to = {1}};
    int32_t       which = *r->in[0].i32;

    m.size = kt_dtype_size(y->dtype);
    if (which < 0 || which >= r->n_in - 1)
        kt_refuse(r, &r->in[0], 0, which, r->n_in - 1);
    else if (r->in[1 + which].data != y->data)
        kt_move_run(&m, r->in[1 + which].data, y->data);
}

#define KERNEL(id) \
    static const kt_kernel id = {.op = #id, .name = "cpu_" #id, .accepts = accepts, .run = id##_run}
KERNEL(transpose);
KERNEL(broadcast_to);
KERNEL(slice);
KERNEL(slice_grad);
KERNEL(pad);
KERNEL(reverse);
KERNEL(concat);
static const kt_kernel choose = {.op = "choose",
                                 .name = "cpu_choose",
                                 .accepts = choose_accepts,
                                 .run = choose_run,
                                 .in_place = ~1U};

const kt_kernel *const kt_kernels_layout[] = {&transpose, &broadcast_to, &slice,  &slice_grad, &pad,
                                              &reverse,   &concat,       &choose, NULL};
