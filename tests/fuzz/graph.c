/* graph.c - fuzz target: any bytes as a random graph. What shape rules say of a graph with unknown
 * batch sizes must fit the known one, and the optimised plan must compute what running node after
 * node gives. */
#include <math.h>

#include "exec/exec.h"

#include "../support/naive.h"
#include "../support/random_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* --- inferred with unknown sizes against inferred with known ones --- */

static kt_node *source_again(kt_graph *to, const kt_node *n)
{
    kt_shape shape = n->shape;

    if (n->op == &kt_op_variable)
        return kt_read(to, n->var);
    if (n->op == &kt_op_constant)
        return kt_constant(to, kt_tensor_ref((kt_tensor *)(uintptr_t)n->constant));
    if (shape.rank)
        shape.dim[0] = KT_UNKNOWN;
    return kt_placeholder(to, "x", n->dtype, shape);
}

/* Emits node n of another graph once more; `twin` are the nodes so far, by id. */
static kt_node *emit_again(kt_graph *to, const kt_node *n, kt_node **twin)
{
    kt_node *in[64];

    if (n->op == &kt_op_part)
        return kt_part(twin[n->in[0]->id], n->part_index);
    if (n->op->flags & KT_OP_SOURCE)
        return source_again(to, n);
    expect(n->n_in <= (int)KT_COUNT(in));
    for (int i = 0; i < n->n_in; i++)
        in[i] = twin[n->in[i]->id];
    return kt_emit(to, n->op, n->attr, n->attr_size, n->n_in, in);
}

static void check_inference(const kt_graph *g)
{
    kt_fault  fault = {0};
    kt_graph *to = kt_graph_new(&fault);
    kt_node **twin = kt_calloc(g->nodes.n + 1, sizeof *twin);

    expect(to && twin);
    to->floatx = g->floatx;
    for (size_t i = 0; i < g->nodes.n; i++) {
        const kt_node *n = g->nodes.at[i];
        twin[i] = emit_again(to, n, twin);
        expect(!kt_graph_failed(to));
        expect(twin[i]->dtype == n->dtype && kt_shape_fits(&twin[i]->shape, &n->shape));
    }
    kt_free(twin);
    kt_graph_free(to);
    kt_fault_clear(&fault);
}

/* --- planned and optimised against plain execution --- */

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b ||
           fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b)));
}

static void feed(byte_source *s, kt_plan *p, const world *w, naive *n, const world *plain)
{
    for (int i = 0; i < w->n_input; i++)
        for (int64_t k = 0; k < kt_shape_count(&w->input[i]->shape); k++) {
            double v = input_value(s, w, i);
            kt_poke(kt_plan_data(p, w->input[i]), w->input[i]->dtype, k, v);
            kt_poke(n->input[plain->input[i]->id], w->input[i]->dtype, k, v);
        }
}

static void check_values(kt_plan *p, const world *w, const naive *n, const world *plain)
{
    for (int i = 0; i < w->n_keep; i++) {
        const kt_node *x = w->keep[i], *z = plain->keep[i];
        for (int64_t k = 0; !naive_is_variable(z) && k < kt_shape_count(&z->shape); k++)
            expect(same(kt_peek(kt_plan_data(p, x), x->dtype, k), n->value[z->id][k]));
    }
    for (int i = 0; i < w->n_var; i++)
        for (int64_t k = 0; k < kt_tensor_count(w->var[i].value); k++)
            expect(same(kt_tensor_get(w->var[i].value, k), kt_tensor_get(plain->var[i].value, k)));
}

static void run_both(world *w, world *plain)
{
    byte_source numbers = {.state = 1};
    kt_plan    *p;
    naive       n;

    expect(kt_optimise(w->g, w->keep, w->n_keep) == KT_OK);
    p = kt_plan_new(w->g, w->keep, w->n_keep, &w->fault);
    expect(p && naive_new(&n, plain->g));
    for (int step = 0; step < 2; step++) {
        feed(&numbers, p, w, &n, plain);
        kt_plan_run(p);
        naive_run(&n);
        check_values(p, w, &n, plain);
    }
    kt_plan_free(p);
    naive_free(&n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    byte_source a = {.data = data, .n = size}, b = a;
    world       w, plain;
    bool        good;

    if (!data || !size || size > 1024)
        return 0;
    good = world_build(&a, &w, KT_F64, 60);
    expect(world_build(&b, &plain, KT_F64, 60) == good);
    if (good) {
        check_inference(plain.g);
        run_both(&w, &plain);
    }
    world_free(&w);
    world_free(&plain);
    return 0;
}
