/* reference.c - runs an op's reference kernel, which knows doubles only, on buffers of any dtype.
 *
 * Texts stay what they are: pointers. Other buffers that are not float64 are converted through
 * scratch memory, which the plan provides as for any kernel: first the inputs, then the results,
 * then what the reference kernel itself asks for.
 */
#include "exec/plan.h"

#include <math.h>

typedef struct reference {
    const kt_op_type *op;
    kt_run            inner;
    kt_buf            buf[]; /* inputs, then results */
} reference;

static size_t round_up(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static bool as_it_is(const kt_buf *b)
{
    return b->dtype == KT_F64 || b->dtype == KT_STRING;
}

static size_t room(const kt_buf *b)
{
    return as_it_is(b) ? 0 : round_up((size_t)b->count * sizeof(double));
}

/* A buffer of doubles for b: its own memory, or the next piece of scratch. */
static void bind(kt_buf *inner, const kt_buf *b, char **scratch)
{
    inner->data = as_it_is(b) ? b->data : *scratch;
    *scratch += room(b);
}

bool kt_goes_around(const kt_run *r, kt_dtype d)
{
    bool found = false;

    for (int i = 0; i < r->n_in; i++)
        found = found || r->in[i].dtype == d;
    return found && kt_dtype_is_int(d) && kt_dtype_size(d) <= 4;
}

void kt_go_around(double *x, int64_t n, kt_dtype d)
{
    double most = kt_dtype_most(d), least = kt_dtype_is_unsigned(d) ? 0 : -most - 1;

    for (int64_t i = 0; i < n; i++)
        if (x[i] < least || x[i] > most)
            x[i] -= (most - least + 1) * floor((x[i] - least) / (most - least + 1));
}

static void run(const kt_run *r)
{
    reference *ref = r->state;
    kt_run    *inner = &ref->inner;
    char      *scratch = r->scratch;

    for (int i = 0; i < r->n_in; i++) {
        bind(&inner->in[i], &r->in[i], &scratch);
        if (!as_it_is(&r->in[i]))
            kt_convert(r->in[i].data, r->in[i].dtype, inner->in[i].data, KT_F64, r->in[i].count);
    }
    for (int k = 0; k < r->n_out; k++)
        bind(&inner->out[k], &r->out[k], &scratch);
    inner->scratch = scratch;
    ref->op->reference(inner);
    for (int k = 0; k < r->n_out; k++)
        if (kt_goes_around(r, r->out[k].dtype))
            kt_go_around(inner->out[k].f64, r->out[k].count, r->out[k].dtype);
    for (int k = 0; k < r->n_out; k++)
        if (!as_it_is(&r->out[k]))
            kt_convert(inner->out[k].data, KT_F64, r->out[k].data, r->out[k].dtype,
                       r->out[k].count);
}

bool kt__reference_prepare(kt__choice *c, const kt_op_type *op)
{
    const kt_run *r = &c->r;
    int           n = r->n_in + r->n_out;
    reference    *ref = kt_alloc(sizeof *ref + (size_t)n * sizeof *ref->buf);
    size_t        bytes = 0;

    if (!ref)
        return false;
    ref->op = op;
    ref->inner = (kt_run){.attr = r->attr,
                          .n_in = r->n_in,
                          .n_out = r->n_out,
                          .in = ref->buf,
                          .out = ref->buf + r->n_in,
                          .refusal = r->refusal};
    for (int i = 0; i < n; i++) {
        ref->buf[i] = i < r->n_in ? r->in[i] : r->out[i - r->n_in];
        bytes += room(&ref->buf[i]);
        if (!as_it_is(&ref->buf[i]))
            ref->buf[i].dtype = KT_F64;
    }
    c->fn = run;
    c->name = "reference";
    c->r.state = ref;
    c->release = kt_free;
    c->held = KT__KERNEL_BYTES;
    c->scratch = bytes + (op->scratch ? op->scratch(&ref->inner) : 0);
    c->in_place = op->flags & KT_OP_POINT ? ~0U : 0;
    return true;
}
