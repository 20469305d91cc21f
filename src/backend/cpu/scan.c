/* scan.c - runs the body of a scan as a plan of its own, once for each step.
 *
 * The plan's placeholders read rows of the sequences, and the states, where they lie, and what it
 * computes is written where it is wanted; what can not be (another dtype, a value under two names)
 * is copied there. States go to and fro between two places in scratch memory, since a new one may
 * be another's old one; the last ones go right to the result. */
#include <string.h>

#include "exec/exec.h"
#include "exec/kernel.h"

typedef struct scan {
    kt_plan *plan;
    bool    *direct; /* by output of the body: it is written where it is wanted */
} scan;

static size_t round_up(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static size_t bytes_of(const kt_node *n)
{
    return (size_t)kt_shape_count(&n->shape) * kt_dtype_size(n->dtype);
}

/* Where the states begin among the inputs, of the op and of the body. */
static int op_state(const kt_scan_attr *a)
{
    return a->n_x + (a->n_read > 0);
}

static int body_state(const kt_scan_attr *a)
{
    return a->n_x + a->n_read;
}

static void release(void *state)
{
    scan *s = state;

    kt_plan_free(s->plan);
    kt_free(s->direct);
    kt_free(s);
}

static void *prepare(const kt_run *r)
{
    const kt_scan_attr *a = r->attr;
    int                 n = a->n_y + a->n_state + a->n_saved;
    scan               *s = kt_alloc(sizeof *s);
    kt_fault            f = {0};

    if (!s)
        return NULL;
    s->direct = kt_calloc((size_t)n + 1, sizeof *s->direct);
    for (int k = 0; s->direct && k < n; k++)
        s->direct[k] = k < a->n_y + a->n_state ||
                       a->body->out[k]->dtype == r->out[a->n_y + a->n_state].dtype;
    if (s->direct)
        s->plan = kt_plan_new_bound(a->body->g, a->body->out, n, s->direct, &f);
    kt_fault_clear(&f);
    if (s->plan)
        return s;
    release(s);
    return NULL;
}

static size_t bytes(const void *state)
{
    return sizeof(scan) + kt_plan_footprint(((const scan *)state)->plan);
}

/* Memory for the states twice, then for what is read of the reserve in another dtype. */
static size_t scratch(const kt_run *r)
{
    const kt_scan_attr *a = r->attr;
    size_t              sum = 0;

    for (int i = 0; i < a->n_state; i++)
        sum += 2 * round_up(bytes_of(a->body->in[body_state(a) + i]));
    for (int k = 0; k < a->n_read; k++)
        sum += round_up(bytes_of(a->body->in[a->n_x + k]));
    return sum;
}

/* --- one step --------------------------------------------------------------------------------- */

typedef struct job {
    const kt_run       *r;
    const kt_scan_attr *a;
    kt_plan            *plan;
    const bool         *direct;
    int64_t             step, steps;
    char               *free; /* the next piece of scratch memory */
} job;

static char *take(job *j, size_t n)
{
    char *p = j->free;

    j->free += round_up(n);
    return p;
}

/* Row `row` of a sequence of what n is in one step. */
static char *row_of(const kt_buf *b, const kt_node *n, int64_t row)
{
    return (char *)b->data + (size_t)row * bytes_of(n);
}

/* The reserve's number `at` of this step's row, and the next one's place. */
static char *reserve_at(const kt_buf *b, int64_t row, int64_t *at, const kt_node *n)
{
    int64_t i = row * b->shape.dim[1] + *at;

    *at += kt_shape_count(&n->shape);
    return (char *)b->data + (size_t)i * kt_dtype_size(b->dtype);
}

static void bind_rows(job *j)
{
    const kt_scan_attr *a = j->a;
    int64_t             at = 0;

    for (int k = 0; k < a->n_x; k++) {
        const kt_node *n = a->body->in[k];
        int64_t        row = kt_scan_row(a->x_turned, k, j->step, j->steps);
        kt_plan_bind(j->plan, n, row_of(&j->r->in[k], n, row));
    }
    for (int k = 0; k < a->n_read; k++) {
        const kt_node *n = a->body->in[a->n_x + k];
        const kt_buf  *b = &j->r->in[a->n_x];
        char          *saved = reserve_at(b, j->steps - 1 - j->step, &at, n);
        char          *own = take(j, bytes_of(n));
        if (b->dtype != n->dtype) {
            kt_convert(saved, b->dtype, own, n->dtype, kt_shape_count(&n->shape));
            saved = own;
        }
        kt_plan_bind(j->plan, n, saved);
    }
}

static void bind_states(job *j)
{
    const kt_scan_attr *a = j->a;

    for (int i = 0; i < a->n_state; i++) {
        const kt_node *n = a->body->in[body_state(a) + i];
        char          *pair = take(j, bytes_of(n)), *other = take(j, bytes_of(n));
        const void    *first = j->r->in[op_state(a) + i].data;
        kt_plan_bind(j->plan, n, j->step == 0 ? first : j->step % 2 ? other : pair);
    }
}

/* Before the step, what is direct is bound to its place; after it, the rest is copied there. */
static void deliver(const job *j, int k, void *to, kt_dtype dtype, bool after)
{
    const kt_node *n = j->a->body->out[k];

    if (!after && j->direct[k])
        kt_plan_bind_result(j->plan, n, to);
    else if (after && !j->direct[k])
        kt_convert(kt_plan_data(j->plan, n), n->dtype, to, dtype, kt_shape_count(&n->shape));
}

static void deliver_rows(const job *j, bool after)
{
    const kt_scan_attr *a = j->a;
    kt_node *const     *out = a->body->out;
    int64_t             at = 0;

    for (int k = 0; k < a->n_y; k++)
        deliver(j, k, row_of(&j->r->out[k], out[k], kt_scan_row(a->y_turned, k, j->step, j->steps)),
                out[k]->dtype, after);
    for (int k = a->n_y + a->n_state; k < a->n_y + a->n_state + a->n_saved; k++) {
        const kt_buf *b = &j->r->out[a->n_y + a->n_state];
        deliver(j, k, reserve_at(b, j->step, &at, out[k]), b->dtype, after);
    }
}

/* The states for the next step, or the last ones. */
static void deliver_states(job *j, bool after)
{
    const kt_scan_attr *a = j->a;

    j->free = j->r->scratch;
    for (int k = a->n_y; k < a->n_y + a->n_state; k++) {
        const kt_node *n = a->body->out[k];
        char          *pair = take(j, bytes_of(n)), *other = take(j, bytes_of(n));
        bool           last = j->step == j->steps - 1;
        deliver(j, k,
                last          ? (char *)j->r->out[k].data
                : j->step % 2 ? pair
                              : other,
                n->dtype, after);
    }
}

static bool run_step(job *j)
{
    j->free = j->r->scratch;
    bind_states(j);
    bind_rows(j);
    deliver_rows(j, false);
    deliver_states(j, false);
    if (!kt_plan_run(j->plan)) {
        if (j->r->refusal)
            *j->r->refusal = *kt_plan_refused(j->plan);
        return false;
    }
    deliver_rows(j, true);
    deliver_states(j, true);
    return true;
}

static void run(const kt_run *r)
{
    const kt_scan_attr *a = r->attr;
    const scan         *s = r->state;
    job j = {.r = r, .a = a, .plan = s->plan, .direct = s->direct, .steps = r->in[0].shape.dim[0]};

    for (int i = body_state(a) + a->n_state; i < a->body->n_in; i++)
        kt_plan_bind(s->plan, a->body->in[i], r->in[i - a->n_read + (a->n_read > 0)].data);
    while (j.step < j.steps && run_step(&j))
        j.step++;
}

static const kt_kernel kernel = {.op = "scan",
                                 .name = "cpu_scan",
                                 .run = run,
                                 .scratch = scratch,
                                 .prepare = prepare,
                                 .release = release,
                                 .bytes = bytes};

const kt_kernel *const kt_kernels_scan[] = {&kernel, NULL};
