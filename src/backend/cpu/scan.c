/* scan.c - runs the body of a scan as a plan of its own, once for each step.
 *
 * The plan's placeholders read rows of the sequences, and the states, where they lie. States go to
 * and fro between two places in scratch memory, since a new one may be another's old one; the last
 * ones go right to the result. */
#include <string.h>

#include "exec/exec.h"
#include "exec/kernel.h"

typedef struct scan {
    kt_plan *plan;
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

static void *prepare(const kt_run *r)
{
    const kt_scan_attr *a = r->attr;
    scan               *s = kt_alloc(sizeof *s);
    kt_fault            f = {0};

    if (s)
        s->plan = kt_plan_new_bound(a->body->g, a->body->out, a->n_y + a->n_state + a->n_saved, &f);
    kt_fault_clear(&f);
    if (s && s->plan)
        return s;
    kt_free(s);
    return NULL;
}

static void release(void *state)
{
    scan *s = state;

    kt_plan_free(s->plan);
    kt_free(s);
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

static void keep(const job *j, const kt_node *n, void *to)
{
    if (bytes_of(n) > 0)
        memcpy(to, kt_plan_data(j->plan, n), bytes_of(n));
}

static void keep_rows(const job *j)
{
    const kt_scan_attr *a = j->a;
    kt_node *const     *out = a->body->out;
    int64_t             at = 0;

    for (int k = 0; k < a->n_y; k++)
        keep(j, out[k],
             row_of(&j->r->out[k], out[k], kt_scan_row(a->y_turned, k, j->step, j->steps)));
    for (int k = 0; k < a->n_saved; k++) {
        const kt_node *n = out[a->n_y + a->n_state + k];
        const kt_buf  *b = &j->r->out[a->n_y + a->n_state];
        kt_convert(kt_plan_data(j->plan, n), n->dtype, reserve_at(b, j->step, &at, n), b->dtype,
                   kt_shape_count(&n->shape));
    }
}

/* The states for the next step, or the last ones. */
static void keep_states(job *j)
{
    const kt_scan_attr *a = j->a;

    for (int i = 0; i < a->n_state; i++) {
        const kt_node *n = a->body->out[a->n_y + i];
        char          *pair = take(j, bytes_of(n)), *other = take(j, bytes_of(n));
        bool           last = j->step == j->steps - 1;
        keep(j, n, last ? (char *)j->r->out[a->n_y + i].data : j->step % 2 ? pair : other);
    }
}

static bool run_step(job *j)
{
    j->free = j->r->scratch;
    bind_states(j);
    bind_rows(j);
    if (!kt_plan_run(j->plan)) {
        if (j->r->refusal)
            *j->r->refusal = *kt_plan_refused(j->plan);
        return false;
    }
    keep_rows(j);
    j->free = j->r->scratch;
    keep_states(j);
    return true;
}

static void run(const kt_run *r)
{
    const kt_scan_attr *a = r->attr;
    const scan         *s = r->state;
    job                 j = {.r = r, .a = a, .plan = s->plan, .steps = r->in[0].shape.dim[0]};

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
