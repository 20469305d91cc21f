/* op_attempt.c - runs one fast kernel on the nodes of a trial, and compares with the reference. */
#include "support/op_trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct attempt {
    op_trial        *t;
    const kt_kernel *k;
    const kt_node   *n;
    kt_run           r;
    kt_buf           in[64], out[KT_MAX_PARTS];
    guarded          in_memory[64], out_memory[KT_MAX_PARTS], scratch;
} attempt;

static void describe(kt_buf *b, const kt_node *n)
{
    *b = (kt_buf){.dtype = n->dtype, .shape = n->shape, .count = kt_shape_count(&n->shape)};
}

static void fill_inputs(attempt *a)
{
    for (int i = 0; i < a->r.n_in; i++) {
        const double *at = a->t->at[a->n->in[i]->id];

        if (a->in[i].dtype == KT_STRING) /* pointers, which have the room of doubles */
            memcpy(a->in[i].data, at, a->in_memory[i].bytes);
        else
            kt_convert(at, KT_F64, a->in[i].data, a->in[i].dtype, a->in[i].count);
    }
}

static void allocate(attempt *a, int shift)
{
    bool good = true;

    for (int i = 0; i < a->r.n_in; i++) {
        good = good && guarded_new(&a->in_memory[i], a->in[i].count, a->in[i].dtype, shift, 0);
        a->in[i].data = a->in_memory[i].data;
    }
    for (int k = 0; k < a->r.n_out; k++) {
        good = good &&
               guarded_new(&a->out_memory[k], a->out[k].count, a->out[k].dtype, shift, 0x77);
        a->out[k].data = a->out_memory[k].data;
    }
    good = good && guarded_new(&a->scratch, a->k->scratch ? (int64_t)a->k->scratch(&a->r) : 0,
                               KT_U8, 0, 0x77);
    if (!good)
        abort();
    a->r.scratch = a->scratch.data;
}

static void release(attempt *a)
{
    for (int i = 0; i < a->r.n_in; i++)
        guarded_free(&a->in_memory[i]);
    for (int k = 0; k < a->r.n_out; k++)
        guarded_free(&a->out_memory[k]);
    guarded_free(&a->scratch);
}

static bool is_whole(const attempt *a)
{
    bool whole = guarded_is_whole(&a->scratch);

    for (int i = 0; i < a->r.n_in; i++)
        whole = whole && guarded_is_whole(&a->in_memory[i]);
    for (int k = 0; k < a->r.n_out; k++)
        whole = whole && guarded_is_whole(&a->out_memory[k]);
    return whole;
}

/* The largest number of terms that a result can be a sum of. */
static double terms(const kt_node *n)
{
    int64_t most = 1;

    for (int i = 0; i < n->n_in; i++)
        if (kt_shape_count(&n->in[i]->shape) > most)
            most = kt_shape_count(&n->in[i]->shape);
    return (double)most;
}

/* Rounding errors of a sum grow with the root of its length, and relative to its largest part. */
bool trial_compare(op_trial *t, const kt_node *n, int part, const void *data, const char *who,
                   const char *how)
{
    const kt_node *result = n->part[part];
    const double  *want = t->at[result->id];
    int64_t        count = kt_shape_count(&result->shape);
    double         scale = 1, slack;

    for (int64_t i = 0; i < count; i++)
        if (isfinite(want[i]) && fabs(want[i]) > scale)
            scale = fabs(want[i]);
    slack = kt_dtype_is_float(result->dtype) ? 2e-6 * sqrt(terms(n)) * scale : 0;
    for (int64_t i = 0; i < count; i++) {
        double got = kt_peek(data, result->dtype, i);

        if (fabs(got - want[i]) <= slack || got == want[i] || (got != got && want[i] != want[i]))
            continue;
        trial_complain(t, "%s%s: result %d [%lld] is %.9g, not %.9g", who, how, part, (long long)i,
                       got, want[i]);
        return false;
    }
    return true;
}

static bool compare(attempt *a, int part, const char *how)
{
    return trial_compare(a->t, a->n, part, a->out[part].data, a->k->name, how);
}

/* Twice, since what prepare() made must serve more than one run, and the inputs must still be what
 * they were. */
static void run_apart(attempt *a, int shift)
{
    bool good = true;

    allocate(a, shift);
    fill_inputs(a);
    for (int times = 0; times < 2 && good; times++) {
        for (int k = 0; k < a->r.n_out; k++)
            memset(a->out[k].data, 0x77, a->out_memory[k].bytes);
        a->k->run(&a->r);
        if (!is_whole(a))
            trial_complain(a->t, "%s writes outside of its memory", a->k->name);
        for (int k = 0; k < a->r.n_out; k++)
            good = compare(a, k, shift ? ", unaligned" : "") && good;
    }
    release(a);
}

/* With result k in the memory of input i, where the kernel says that it may be. */
static void run_in_place(attempt *a, int i, int k)
{
    void *own;

    if (!(a->k->in_place & 1u << i) || a->in[i].dtype != a->out[k].dtype ||
        a->in[i].count != a->out[k].count)
        return;
    allocate(a, 0);
    fill_inputs(a);
    own = a->out[k].data;
    a->out[k].data = a->in[i].data;
    a->k->run(&a->r);
    for (int part = 0; part < a->r.n_out; part++)
        compare(a, part, ", in place");
    a->out[k].data = own;
    if (!is_whole(a))
        trial_complain(a->t, "%s writes outside of its memory in place", a->k->name);
    release(a);
}

static bool has_empty_input(const attempt *a)
{
    for (int i = 0; i < a->r.n_in; i++)
        if (a->in[i].count == 0)
            return true;
    return false;
}

/* As a plan does it: empty inputs and results are never given to fast kernels. */
static bool begin(attempt *a)
{
    const char *why = NULL;
    int64_t     results = 0;

    a->r = (kt_run){.attr = a->n->attr, .in = a->in, .out = a->out};
    a->r.n_in = a->n->n_in;
    a->r.n_out = a->n->n_part;
    for (int i = 0; i < a->r.n_in; i++)
        describe(&a->in[i], a->n->in[i]);
    for (int k = 0; k < a->r.n_out; k++) {
        describe(&a->out[k], a->n->part[k]);
        results += a->out[k].count;
    }
    if (has_empty_input(a) || results == 0)
        return false;
    if (a->k->accepts && !a->k->accepts(&a->r, &why)) {
        if (!why || !*why)
            trial_complain(a->t, "%s declines without a reason", a->k->name);
        return false;
    }
    if (a->k->prepare) {
        a->r.state = a->k->prepare(&a->r);
        return a->r.state != NULL;
    }
    return true;
}

int trial_kernel(op_trial *t, const kt_kernel *k)
{
    int accepted = 0;

    kt_force_kernel(k->name);
    for (size_t id = 0; id < t->g->nodes.n; id++) {
        attempt a = {.t = t, .k = k, .n = t->g->nodes.at[id]};

        if (!kt_streq(a.n->op->name, k->op) || !begin(&a))
            continue;
        accepted++;
        run_apart(&a, 0);
        run_apart(&a, 1);
        for (int i = 0; i < a.r.n_in && i < 32; i++)
            for (int part = 0; part < (a.n->op->flags & KT_OP_POINT ? a.r.n_out : 1); part++)
                run_in_place(&a, i, part);
        if (k->release)
            k->release(a.r.state);
    }
    kt_force_kernel(NULL);
    return accepted;
}
