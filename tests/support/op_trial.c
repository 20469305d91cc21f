/* op_trial.c - makes samples of ops, and runs their reference kernels node by node between
 * guards. */
#include "support/op_trial.h"

#include <stdlib.h>
#include <string.h>

/* --- memory with guards --- */

enum { GUARD = 64, GUARD_BYTE = 0x5e };

bool guarded_new(guarded *m, int64_t n, kt_dtype dtype, int shift, unsigned char fill)
{
    m->lead = GUARD + (size_t)shift * kt_dtype_size(dtype);
    m->bytes = (size_t)n * kt_dtype_size(dtype);
    m->block = kt_alloc(m->lead + m->bytes + GUARD);
    if (!m->block)
        return false;
    memset(m->block, GUARD_BYTE, m->lead + m->bytes + GUARD);
    m->data = m->block + m->lead;
    memset(m->data, fill, m->bytes);
    return true;
}

bool guarded_is_whole(const guarded *m)
{
    for (size_t i = 0; i < m->lead; i++)
        if (m->block[i] != GUARD_BYTE)
            return false;
    for (size_t i = 0; i < GUARD; i++)
        if (m->block[m->lead + m->bytes + i] != GUARD_BYTE)
            return false;
    return true;
}

void guarded_free(guarded *m)
{
    kt_free(m->block);
    m->block = NULL;
}

/* --- the sampler --- */

static double between(op_trial *t, double lo, double hi)
{
    return lo + (hi - lo) * kt_mt_double(&t->random);
}

/* What memory of the dtype makes of x. */
static double rounded(double x, kt_dtype dtype)
{
    int64_t cell = 0;

    kt_poke(&cell, dtype, 0, x);
    return kt_peek(&cell, dtype, 0);
}

static kt_node *add_leaf(op_trial *t, kt_dtype dtype, kt_shape shape, double lo, double hi)
{
    int     i = t->n_leaf;
    int64_t count = kt_shape_count(&shape);

    if (i == TRIAL_LEAVES) {
        trial_complain(t, "more than %d inputs", TRIAL_LEAVES);
        return t->g->poison;
    }
    t->n_leaf++;
    if (count != KT_UNKNOWN && (t->most == 0 || count <= t->most)) {
        t->value[i] = kt_arena_calloc(&t->arena, (size_t)count + 1, sizeof *t->value[i]);
        for (int64_t k = 0; t->value[i] && k < count; k++)
            t->value[i][k] = rounded(between(t, lo, hi), dtype);
    }
    if ((t->unknown == ALL_UNKNOWN || t->unknown == i) && shape.rank > 0)
        shape.dim[0] = KT_UNKNOWN;
    t->leaf[i] = kt_placeholder(t->g, "x", dtype, shape);
    return t->leaf[i];
}

static kt_node *sample_real(kt_sampler *s, kt_shape shape, double lo, double hi)
{
    op_trial *t = (op_trial *)s;

    return add_leaf(t, t->floatx, shape, lo, hi);
}

/* Storing drops the fraction, towards zero: so negative numbers begin one lower. */
static kt_node *sample_integer(kt_sampler *s, kt_shape shape, int64_t lo, int64_t hi)
{
    return add_leaf((op_trial *)s, KT_I32, shape, lo < 0 ? (double)lo - 0.999 : (double)lo,
                    (double)hi - 0.001);
}

static int64_t sample_size(kt_sampler *s, int64_t lo, int64_t hi)
{
    op_trial *t = (op_trial *)s;
    int64_t   most = lo + (hi - lo) * t->scale;

    return lo + (int64_t)(kt_mt_double(&t->random) * (double)(most - lo + 1));
}

/* The op's first node in the graph, if y depends on it or not. */
static kt_node *find_node(const op_trial *t)
{
    for (size_t i = 0; i < t->g->nodes.n; i++) {
        kt_node *n = t->g->nodes.at[i];
        if (n->op == t->op)
            return n;
    }
    return NULL;
}

bool trial_start(op_trial *t)
{
    t->sampler = (kt_sampler){NULL, sample_real, sample_integer, sample_size};
    t->g = t->sampler.g = kt_graph_new(&t->fault);
    if (!t->g)
        return false;
    t->g->floatx = t->floatx;
    kt_mt_seed(&t->random, t->seed * 1000 + (uint32_t)t->variant);
    t->y = t->op->sample(&t->sampler, t->variant);
    if (t->y)
        t->node = find_node(t);
    return t->y != NULL;
}

void trial_free(op_trial *t)
{
    kt_graph_free(t->g);
    kt_arena_free(&t->arena);
    kt_fault_clear(&t->fault);
    t->g = NULL;
}

void trial_complain(op_trial *t, const char *fmt, ...)
{
    va_list ap;

    kt_str_printf(t->report, "%s variant %d seed %u: ", t->op->name, t->variant, (unsigned)t->seed);
    va_start(ap, fmt);
    kt_str_vprintf(t->report, fmt, ap);
    va_end(ap);
    kt_str_addc(t->report, '\n');
}

/* --- evaluation --- */

/* One run of a node's reference kernel into fresh memory that is filled with `fill`. */
static bool run_reference(op_trial *t, const kt_node *n, const kt_run *r, guarded *out,
                          unsigned char fill)
{
    guarded scratch;
    bool    whole;

    for (int k = 0; k < r->n_out; k++) {
        if (!guarded_new(&out[k], r->out[k].count, KT_F64, 0, fill))
            abort();
        r->out[k].data = out[k].data;
    }
    if (!guarded_new(&scratch, n->op->scratch ? (int64_t)n->op->scratch(r) : 0, KT_U8, 0, fill))
        abort();
    n->op->reference(
        &(kt_run){r->attr, r->n_in, r->n_out, r->in, r->out, scratch.data, NULL, NULL});
    whole = guarded_is_whole(&scratch);
    for (int k = 0; k < r->n_out; k++)
        whole = whole && guarded_is_whole(&out[k]);
    guarded_free(&scratch);
    if (!whole)
        trial_complain(t, "%s writes outside of its memory", n->op->name);
    return whole;
}

static kt_buf buffer_of(const op_trial *t, const kt_node *n)
{
    kt_buf b = {.dtype = KT_F64, .shape = n->shape, .count = kt_shape_count(&n->shape)};

    b.data = t->at[n->id];
    return b;
}

/* Twice, with other numbers lying in the memory of the results and the scratch: both must agree. */
static bool eval_node(op_trial *t, const kt_node *n)
{
    kt_buf  in[64], out[KT_MAX_PARTS];
    kt_run  r = {.attr = n->attr, .n_in = n->n_in, .n_out = n->n_part, .in = in, .out = out};
    guarded first[KT_MAX_PARTS] = {{0}}, second[KT_MAX_PARTS] = {{0}};
    bool    good;

    for (int i = 0; i < n->n_in; i++)
        in[i] = buffer_of(t, n->in[i]);
    for (int k = 0; k < n->n_part; k++)
        out[k] = buffer_of(t, n->part[k]);
    good = run_reference(t, n, &r, first, 0x11) && run_reference(t, n, &r, second, 0xee);
    for (int k = 0; k < n->n_part && good; k++) {
        double *to = t->at[n->part[k]->id];

        good = memcmp(first[k].data, second[k].data, first[k].bytes) == 0;
        if (!good)
            trial_complain(t, "%s does not write all of result %d", n->op->name, k);
        for (int64_t i = 0; i < out[k].count; i++)
            if (n->part[k]->dtype == KT_STRING) /* a pointer, which has the room of a double */
                memcpy(&to[i], (const double *)(const void *)first[k].data + i, sizeof *to);
            else
                to[i] = rounded(kt_peek(first[k].data, KT_F64, i), n->part[k]->dtype);
    }
    for (int k = 0; k < n->n_part; k++) {
        guarded_free(&first[k]);
        guarded_free(&second[k]);
    }
    return good;
}

static void eval_leaf(op_trial *t, const kt_node *n)
{
    for (int i = 0; i < t->n_leaf; i++)
        if (t->leaf[i] == n && t->at[n->id])
            memcpy(t->at[n->id], t->value[i], (size_t)kt_shape_count(&n->shape) * sizeof(double));
}

static bool eval_source(op_trial *t, const kt_node *n)
{
    int64_t count = kt_shape_count(&n->shape);

    if (n->op == &kt_op_placeholder)
        eval_leaf(t, n);
    else if (n->op == &kt_op_constant)
        kt_convert(n->constant->data, n->dtype, t->at[n->id], KT_F64, count);
    else if (n->op->flags & KT_OP_ALIAS)
        memcpy(t->at[n->id], t->at[n->in[0]->id], (size_t)count * sizeof(double));
    else
        return false;
    return true;
}

bool trial_eval(op_trial *t)
{
    size_t n = t->g->nodes.n;

    t->at = kt_arena_calloc(&t->arena, n + 1, sizeof *t->at);
    for (size_t i = 0; i < n && !t->arena.failed; i++) {
        const kt_node *x = t->g->nodes.at[i];
        t->at[i] = kt_arena_calloc(&t->arena, (size_t)kt_shape_count(&x->shape) + 1,
                                   sizeof(double));
    }
    if (t->arena.failed)
        abort();
    for (size_t i = 0; i < n; i++) {
        const kt_node *x = t->g->nodes.at[i];
        if (x->op != &kt_op_part && !eval_source(t, x) && !eval_node(t, x))
            return false;
    }
    return true;
}
