/* widen.c - runs a kernel that knows float32 on buffers of 16 bits, which it is given as float32:
 * each op of 16 bits computes in float32 and is rounded once.
 *
 * The copies lie in scratch memory, in front of what the kernel itself asks for. */
#include "exec/plan.h"

typedef struct widened {
    kt__choice inner;
    kt_buf     buf[]; /* its inputs, then its results */
} widened;

static size_t room(const kt_buf *b)
{
    return kt_dtype_is_half(b->dtype) ? ((size_t)b->count * sizeof(float) + 63) / 64 * 64 : 0;
}

/* Gives each of n inner buffers its memory: that of the outer one, or the next piece of scratch. */
static void place(kt_buf *inner, const kt_buf *outer, int n, char **scratch)
{
    for (int i = 0; i < n; i++) {
        inner[i].data = kt_dtype_is_half(outer[i].dtype) ? *scratch : outer[i].data;
        *scratch += room(&outer[i]);
    }
}

static void run(const kt_run *r)
{
    widened *w = r->state;
    kt_run  *inner = &w->inner.r;
    char    *scratch = r->scratch;

    place(inner->in, r->in, r->n_in, &scratch);
    place(inner->out, r->out, r->n_out, &scratch);
    for (int i = 0; i < r->n_in; i++)
        if (kt_dtype_is_half(r->in[i].dtype))
            kt_convert(r->in[i].data, r->in[i].dtype, inner->in[i].data, KT_F32, r->in[i].count);
    inner->scratch = scratch;
    w->inner.fn(inner);
    for (int k = 0; k < r->n_out; k++)
        if (kt_dtype_is_half(r->out[k].dtype))
            kt_convert(inner->out[k].data, KT_F32, r->out[k].data, r->out[k].dtype,
                       r->out[k].count);
}

static void release(void *state)
{
    widened *w = state;

    if (w->inner.release && w->inner.r.state)
        w->inner.release(w->inner.r.state);
    kt_free(w);
}

bool kt__widen(kt__choice *c, const kt_node *n, bool (*search)(kt__choice *c, const kt_node *n))
{
    const kt_run *r = &c->r;
    int           all = r->n_in + r->n_out;
    widened      *w = NULL;
    size_t        bytes = 0;

    for (int i = 0; i < all; i++)
        bytes += room(i < r->n_in ? &r->in[i] : &r->out[i - r->n_in]);
    if (bytes > 0)
        w = kt_alloc(sizeof *w + (size_t)all * sizeof *w->buf);
    if (!w)
        return false;
    w->inner.r = *r;
    w->inner.r.in = w->buf;
    w->inner.r.out = w->buf + r->n_in;
    for (int i = 0; i < all; i++) {
        w->buf[i] = i < r->n_in ? r->in[i] : r->out[i - r->n_in];
        if (kt_dtype_is_half(w->buf[i].dtype))
            w->buf[i].dtype = KT_F32;
    }
    if (!search(&w->inner, n)) {
        kt_free(w);
        return false;
    }
    c->fn = run;
    c->name = w->inner.name;
    c->r.state = w;
    c->release = release;
    c->held = w->inner.held;
    c->scratch = bytes + w->inner.scratch;
    return true;
}
