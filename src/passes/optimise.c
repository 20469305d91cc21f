/* optimise.c - runs the passes in order. */
#include "graph/op.h"
#include "passes/order.h"
#include "passes/passes.h"

typedef kt_status pass_fn(const kt__pass *p);

static bool *mark_kept(const kt_graph *g, kt_node *const *keep, int n_keep)
{
    bool *kept = kt_calloc(g->nodes.n + 1, sizeof *kept);

    for (int i = 0; kept && i < n_keep; i++)
        if (keep[i]->id >= 0)
            kept[keep[i]->id] = true;
    return kept;
}

static int *count_readers(const kt_graph *g, const bool *needed)
{
    int *readers = kt_calloc(g->nodes.n + 1, sizeof *readers);

    for (size_t id = 0; readers && needed && id < g->nodes.n; id++) {
        const kt_node *n = g->nodes.at[id];
        for (int i = 0; needed[id] && i < n->n_in; i++)
            readers[n->in[i]->id]++;
    }
    return readers;
}

/* Every pass sees fresh notes, since the one before has changed who reads what. */
static kt_status run(kt_graph *g, kt_node *const *keep, int n_keep, pass_fn *pass)
{
    bool         *kept = mark_kept(g, keep, n_keep), *needed = kt_needed(g, keep, n_keep);
    int          *readers = count_readers(g, needed);
    kt_variable **var = kt__variables_of(g);
    kt__pass      p = {g, kept, needed, readers, var};
    kt_status     status = kept && needed && readers && var ? pass(&p) : kt_raise_memory(g->fault);

    kt_free(kept);
    kt_free(needed);
    kt_free(readers);
    kt_free(var);
    return status;
}

/* What nodes run themselves is optimised too. */
static kt_status optimise_bodies(const kt_graph *g)
{
    kt_status status = KT_OK;

    for (size_t id = 0; id < g->nodes.n && status == KT_OK; id++) {
        const kt_node *n = g->nodes.at[id];
        if (n->op->flags & KT_OP_BODY) {
            const kt_body *b = *(kt_body *const *)n->attr;
            status = kt_optimise(b->g, b->out, b->n_out);
        }
    }
    return status;
}

kt_status kt_optimise(kt_graph *g, kt_node *const *keep, int n_keep)
{
    static pass_fn *const passes[] = {kt__fold, kt__join, kt__fuse_dense, kt__fuse_point};
    kt_status             status = g->fault->e.status;

    for (size_t i = 0; i < KT_COUNT(passes) && status == KT_OK; i++)
        status = run(g, keep, n_keep, passes[i]);
    if (status == KT_OK)
        status = kt__drop_unneeded(g, keep, n_keep);
    return status == KT_OK ? optimise_bodies(g) : status;
}
