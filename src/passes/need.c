/* need.c - which nodes matter: those that a kept value or an effect depends on. The others are
 * dropped. */
#include "graph/op.h"
#include "passes/order.h"
#include "passes/passes.h"

bool *kt_needed(const kt_graph *g, kt_node *const *keep, int n_keep)
{
    bool *needed = kt_calloc(g->nodes.n + 1, sizeof *needed);

    if (!needed)
        return NULL;
    for (int i = 0; i < n_keep; i++)
        if (keep[i]->id >= 0)
            needed[keep[i]->id] = true;
    for (size_t id = g->nodes.n; id-- > 0;) {
        const kt_node *n = g->nodes.at[id];

        if (n->op->flags & KT_OP_EFFECT)
            needed[id] = true;
        for (int i = 0; needed[id] && i < n->n_in; i++)
            needed[n->in[i]->id] = true;
    }
    return needed;
}

/* Sources stay, since the graph's user may still ask for them; a part stays with its owner. */
static bool stays(const kt_graph *g, const bool *needed, int id)
{
    const kt_node *n = g->nodes.at[id];

    if (n->part_index)
        return needed[id] || needed[n->in[0]->id];
    return needed[id] || n->op->flags & KT_OP_SOURCE;
}

kt_status kt__drop_unneeded(kt_graph *g, kt_node *const *keep, int n_keep)
{
    bool  *needed = kt_needed(g, keep, n_keep);
    size_t at = 0;

    if (!needed)
        return kt_raise_memory(g->fault);
    for (int id = 0; id < (int)g->nodes.n; id++)
        needed[id] = stays(g, needed, id);
    for (size_t id = 0; id < g->nodes.n; id++) {
        kt_node *n = g->nodes.at[id];

        if (!needed[id]) {
            n->id = -1;
            continue;
        }
        g->nodes.at[at] = n;
        n->id = (int)at++;
    }
    g->nodes.n = at;
    kt_free(needed);
    return KT_OK;
}
