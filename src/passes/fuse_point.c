/* fuse_point.c - element-wise nodes of one shape become one kernel that reads each input once.
 *
 * First along the data: a node joins those that make its inputs. Then side by side: clusters that
 * read the same array, or are so small that the call costs more than the work. So an optimizer's
 * whole update is one pass over the weights.
 */
#include "graph/op.h"
#include "passes/point.h"

#define SMALL     256 /* elements below which a kernel call costs more than its work */
#define LOOK_BACK 8

typedef struct fusion {
    const kt__pass *p;
    kt__clusters    c;
    bool           *point; /* by id: may be fused */
    kt_arena        arena;
    kt__group      *group;
    int             n_group;
} fusion;

static const kt_node *node_at(const fusion *f, int id)
{
    return f->p->g->nodes.at[id];
}

static bool same_shape(const fusion *f, int a, int b)
{
    return kt_shape_equal(&node_at(f, a)->shape, &node_at(f, b)->shape);
}

static void try_join(fusion *f, int a, int b)
{
    if (a != b && kt__point_fits(&f->c, a, b))
        kt__clusters_join(&f->c, a, b);
}

static void join_along_data(fusion *f)
{
    for (int id = 0; id < f->c.n; id++) {
        const kt_node *n = node_at(f, id);

        for (int i = 0; f->point[id] && i < n->n_in; i++) {
            int from = n->in[i]->id;
            if (f->point[from] && same_shape(f, from, id))
                try_join(f, f->c.of[from], f->c.of[id]);
        }
    }
}

/* Whether clusters a and b read one array of their own shape: reading it once is the gain. */
static bool share_input(const fusion *f, int a, int b)
{
    const int *next = f->c.next;

    for (int i = a; i >= 0; i = next[i])
        for (int k = b; k >= 0; k = next[k])
            for (int s = 0; s < node_at(f, i)->n_in; s++)
                for (int t = 0; t < node_at(f, k)->n_in; t++) {
                    const kt_node *x = node_at(f, i)->in[s];
                    if (x == node_at(f, k)->in[t] &&
                        kt_shape_equal(&x->shape, &node_at(f, a)->shape))
                        return true;
                }
    return false;
}

static void join_side_by_side(fusion *f)
{
    kt__clusters *c = &f->c;

    for (int i = 0; i < c->n; i++) {
        int seen = 0;

        for (int k = i - 1; k >= 0 && seen < LOOK_BACK && c->order[i] >= 0; k--) {
            int a = c->order[k], b = c->order[i];

            if (!f->point[b])
                break;
            if (a < 0 || !f->point[a] || !same_shape(f, a, b))
                continue;
            seen++;
            if (kt_shape_count(&node_at(f, a)->shape) <= SMALL || share_input(f, a, b))
                try_join(f, a, b);
        }
    }
}

/* --- rewriting -------------------------------------------------------------------------------- */

static int size_of(const fusion *f, int cluster)
{
    int n = 0;

    for (int id = cluster; id >= 0; id = f->c.next[id])
        n++;
    return n;
}

static bool note_group(fusion *f, int cluster, int size)
{
    kt__group *group = &f->group[f->n_group++];
    int        at = 0;

    group->n = size;
    group->node = kt_arena_calloc(&f->arena, (size_t)size, sizeof *group->node);
    group->is_result = kt_arena_calloc(&f->arena, (size_t)size, sizeof *group->is_result);
    if (!group->node || !group->is_result)
        return false;
    for (int id = 0; id < f->c.n && at < size; id++)
        if (f->c.of[id] == cluster) {
            group->node[at] = f->p->g->nodes.at[id];
            group->is_result[at++] = kt__is_result(&f->c, id, cluster, -1);
        }
    return true;
}

/* Notes the clusters of several nodes, with pointers, since ids are about to change. */
static bool note_groups(fusion *f)
{
    f->group = kt_arena_calloc(&f->arena, (size_t)f->c.n + 1, sizeof *f->group);
    for (int i = 0; f->group && i < f->c.n; i++) {
        int cluster = f->c.order[i], size;

        if (cluster < 0 || !f->point[cluster])
            continue;
        size = size_of(f, cluster);
        if (size > 1 && !note_group(f, cluster, size))
            return false;
    }
    return f->group;
}

static kt_status rewrite(fusion *f)
{
    kt_graph *g = f->p->g;
    kt_status status = KT_OK;

    if (!note_groups(f) || !kt__clusters_apply(&f->c))
        return kt_raise_memory(g->fault);
    for (int i = 0; i < f->n_group && status == KT_OK; i++)
        status = kt__point_make(g, &f->group[i]);
    return status;
}

kt_status kt__fuse_point(const kt__pass *p)
{
    fusion    f = {.p = p};
    kt_status status;

    f.point = kt_calloc(p->g->nodes.n + 1, sizeof *f.point);
    if (kt__clusters_new(&f.c, p) && f.point) {
        for (int id = 0; id < f.c.n; id++)
            f.point[id] = kt__is_point(p, node_at(&f, id));
        join_along_data(&f);
        join_side_by_side(&f);
        status = rewrite(&f);
    } else {
        status = kt_raise_memory(p->g->fault);
    }
    kt__clusters_free(&f.c);
    kt_free(f.point);
    kt_arena_free(&f.arena);
    return status;
}
