/* time.c - how long the steps of a plan take, and how much they compute. */
#include "exec/plan.h"

#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void kt_plan_run_timed(kt_plan *p)
{
    kt_float_state before = kt_float_begin();
    double         begin = now();

    for (int i = 0; i < p->n_steps; i++) {
        double end;
        if (kt__is_asked(p->step[i].guard))
            p->step[i].fn(&p->step[i].r);
        end = now();
        p->note[i].seconds = end - begin;
        begin = end;
    }
    kt_float_set(before);
}

/* Inner length of a product: elements of a that go into one element of y [.., m, n]. */
static double inner(const kt_buf *a, bool transposed)
{
    return (double)kt_dim(&a->shape, transposed ? -2 : -1);
}

/* Multiply-adds per output of a convolution: the kernel's cells over one output channel. */
static double window(const kt_shape *kernel)
{
    return (double)kt_shape_count(kernel) /
           (double)(kt_dim(kernel, -1) > 0 ? kt_dim(kernel, -1) : 1);
}

double kt__flops(const char *op, const kt_run *r)
{
    double count = r->n_out ? (double)r->out[0].count : 0;

    if (kt_streq(op, "matmul"))
        return 2 * count * inner(&r->in[0], ((const kt_matmul_attr *)r->attr)->ta);
    if (kt_streq(op, "dense"))
        return 2 * count * inner(&r->in[0], ((const kt_dense_attr *)r->attr)->ta);
    if (kt_streq(op, "conv"))
        return 2 * count * window(&r->in[1].shape);
    if (kt_streq(op, "conv_grad_input"))
        return 2 * (double)r->in[1].count * window(&r->in[0].shape);
    if (kt_streq(op, "conv_grad_kernel"))
        return 2 * (double)r->in[1].count * window(&r->out[0].shape);
    if (kt_streq(op, "point"))
        return count * ((const kt_point_attr *)r->attr)->n_steps;
    for (int i = 0; i < r->n_in; i++)
        if (count < (double)r->in[i].count)
            count = (double)r->in[i].count;
    return count;
}
