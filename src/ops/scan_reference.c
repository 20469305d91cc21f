/* scan_reference.c - the definition of a scan: runs the reference kernels of its body's nodes, one
 * after another, for each step. Values are rounded to the dtypes of their nodes. */
#include "ops/scan.h"

#include <string.h>

typedef struct interpreter {
    const kt_run       *r;
    const kt_scan_attr *a;
    char               *memory; /* NULL: to measure only */
    size_t              used;
    double            **at;       /* by id: the value */
    double            **state[2]; /* n_state each: memory for every other step */
    kt_buf             *in, *out;
    double             *rounded;
    char               *scratch; /* of the ops */
} interpreter;

static void *take(interpreter *t, size_t bytes)
{
    void *p = t->memory ? t->memory + t->used : NULL;

    t->used += (bytes + 63) / 64 * 64;
    return p;
}

static size_t size_of(const kt_node *n)
{
    return (size_t)kt_shape_count(&n->shape) * sizeof(double);
}

static void describe(kt_buf *b, const kt_node *n, double *data)
{
    *b = (kt_buf){
        .dtype = KT_F64, .shape = n->shape, .count = kt_shape_count(&n->shape), .f64 = data};
}

static kt_run run_of(const interpreter *t, const kt_node *n, kt_buf *in, kt_buf *out)
{
    for (int i = 0; i < n->n_in; i++)
        describe(&in[i], n->in[i], t->at ? t->at[n->in[i]->id] : NULL);
    for (int k = 0; k < n->n_part; k++)
        describe(&out[k], n->part[k], t->at ? t->at[n->part[k]->id] : NULL);
    return (kt_run){.attr = n->attr,
                    .n_in = n->n_in,
                    .n_out = n->n_part,
                    .in = in,
                    .out = out,
                    .scratch = t->scratch,
                    .refusal = t->r->refusal};
}

enum { FEW = 8 }; /* ops that ask for scratch have no more inputs */

static size_t scratch_of(const interpreter *t, const kt_node *n)
{
    kt_buf      in[FEW], out[KT_MAX_PARTS];
    interpreter none = {.r = t->r};
    kt_run      r;

    if (!n->op->scratch || n->n_in > FEW)
        return 0;
    r = run_of(&none, n, in, out);
    return n->op->scratch(&r);
}

static bool is_alias(const kt_node *n)
{
    return (n->op->flags & KT_OP_ALIAS) != 0;
}

/* Places what all steps share; with memory, also the values that stay where they are. */
static void lay_out(interpreter *t)
{
    const kt_graph *g = t->a->body->g;
    size_t          widest = 0, scratch = 0, most_in = 0;

    t->at = take(t, g->nodes.n * sizeof(double *));
    for (size_t id = 0; id < g->nodes.n; id++) {
        const kt_node *n = g->nodes.at[id];
        size_t         own = scratch_of(t, n);
        double        *value = is_alias(n) ? NULL : take(t, size_of(n));
        if (t->memory)
            t->at[id] = value;
        widest = size_of(n) > widest ? size_of(n) : widest;
        scratch = own > scratch ? own : scratch;
        most_in = (size_t)n->n_in > most_in ? (size_t)n->n_in : most_in;
    }
    for (int i = 0; i < 2; i++)
        t->state[i] = take(t, (size_t)t->a->n_state * sizeof(double *));
    for (int k = 0; k < 2 * t->a->n_state; k++) {
        int     i = k / 2;
        double *state = take(t, size_of(t->a->body->out[t->a->n_y + i]));
        if (t->memory)
            t->state[k % 2][i] = state;
    }
    t->in = take(t, most_in * sizeof *t->in);
    t->out = take(t, KT_MAX_PARTS * sizeof *t->out);
    t->rounded = take(t, widest);
    t->scratch = take(t, scratch);
}

size_t kt__scan_scratch(const kt_run *r)
{
    interpreter t = {.r = r, .a = r->attr};

    lay_out(&t);
    return t.used;
}

/* --- running ---------------------------------------------------------------------------------- */

static void round_to(const interpreter *t, const kt_node *n)
{
    double *x = t->at[n->id];
    int64_t count = kt_shape_count(&n->shape);

    if (n->dtype == KT_F64)
        return;
    kt_convert(x, KT_F64, t->rounded, n->dtype, count);
    kt_convert(t->rounded, n->dtype, x, KT_F64, count);
}

static void run_node(const interpreter *t, const kt_node *n)
{
    if (is_alias(n)) {
        t->at[n->id] = t->at[n->in[0]->id];
        return;
    }
    if (n->op->flags & KT_OP_SOURCE)
        return;
    kt_run r = run_of(t, n, t->in, t->out);
    n->op->reference(&r);
    for (int k = 0; k < n->n_part; k++)
        round_to(t, n->part[k]);
}

static void fill_constants(const interpreter *t)
{
    const kt_graph *g = t->a->body->g;

    for (size_t id = 0; id < g->nodes.n; id++) {
        const kt_node *n = g->nodes.at[id];
        if (n->constant)
            kt_convert(n->constant->data, n->dtype, t->at[id], KT_F64, n->constant->count);
    }
}

/* Points placeholder i of the body at its value. */
static void bind(const interpreter *t, int i, double *value)
{
    t->at[t->a->body->in[i]->id] = value;
}

static void copy(double *to, const interpreter *t, const kt_node *n)
{
    if (size_of(n) > 0)
        memcpy(to, t->at[n->id], size_of(n));
}

/* Of one step: its rows of x and the reserve, and the states of before. */
static void bind_step(const interpreter *t, int64_t step, int64_t steps)
{
    const kt_scan_attr *a = t->a;
    const kt_body      *b = a->body;
    int64_t             at = 0;

    for (int k = 0; k < a->n_x; k++)
        bind(t, k,
             t->r->in[k].f64 +
                 kt_scan_row(a->x_turned, k, step, steps) * kt_shape_count(&b->in[k]->shape));
    if (a->n_read > 0)
        at = (steps - 1 - step) * t->r->in[a->n_x].shape.dim[1];
    for (int k = 0; k < a->n_read; k++) {
        bind(t, a->n_x + k, t->r->in[a->n_x].f64 + at);
        at += kt_shape_count(&b->in[a->n_x + k]->shape);
    }
    for (int i = 0; i < a->n_state; i++)
        bind(t, kt__scan_body_state(a) + i,
             step > 0 ? t->state[step % 2][i] : t->r->in[kt__scan_state(a) + i].f64);
}

/* The rows of y and of the reserve, and the states for the next step. */
static void keep_step(const interpreter *t, int64_t step, int64_t steps)
{
    const kt_scan_attr *a = t->a;
    kt_node *const     *out = a->body->out;
    const kt_buf       *reserve = &t->r->out[a->n_y + a->n_state];
    int64_t             at = a->n_saved > 0 ? step * reserve->shape.dim[1] : 0;

    for (int k = 0; k < a->n_y; k++)
        copy(t->r->out[k].f64 +
                 kt_scan_row(a->y_turned, k, step, steps) * kt_shape_count(&out[k]->shape),
             t, out[k]);
    for (int i = 0; i < a->n_state; i++)
        copy(t->state[(step + 1) % 2][i], t, out[a->n_y + i]);
    for (int k = 0; k < a->n_saved; k++) {
        const kt_node *n = out[a->n_y + a->n_state + k];
        copy(reserve->f64 + at, t, n);
        at += kt_shape_count(&n->shape);
    }
}

void kt__scan_reference(const kt_run *r)
{
    interpreter         t = {.r = r, .a = r->attr, .memory = r->scratch};
    const kt_scan_attr *a = t.a;
    const kt_graph     *g = a->body->g;
    int64_t             steps = r->in[0].shape.dim[0];
    int                 n_in = a->body->n_in, shift = kt__scan_body_state(a) - kt__scan_state(a);

    lay_out(&t);
    fill_constants(&t);
    for (int i = kt__scan_body_state(a) + a->n_state; i < n_in; i++)
        bind(&t, i, r->in[i - shift].f64);
    for (int64_t step = 0; step < steps; step++) {
        bind_step(&t, step, steps);
        for (size_t id = 0; id < g->nodes.n; id++)
            run_node(&t, g->nodes.at[id]);
        keep_step(&t, step, steps);
    }
    for (int i = 0; i < a->n_state; i++) {
        const kt_buf *y = &r->out[a->n_y + i];
        const double *last = steps > 0 ? t.state[steps % 2][i] : r->in[kt__scan_state(a) + i].f64;
        if (y->count > 0)
            memcpy(y->data, last, (size_t)y->count * sizeof(double));
    }
}
