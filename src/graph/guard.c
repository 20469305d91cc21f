/* guard.c - which nodes need not run because another option was chosen: those whose values only
 * one option of a choice needs.
 *
 * From the last node back, the guard of a value is what the guards of all its readers have in
 * common. Guards lie within one another as choices do; readers in different options of one choice
 * have the guard around it in common. */
#include "graph/op.h"

typedef struct guards {
    kt_arena  *arena;
    kt_guard **of; /* by id */
} guards;

/* Of a value that nobody was seen to read yet. */
static kt_guard unread;

static kt_guard *common(kt_guard *a, kt_guard *b)
{
    if (a == &unread)
        return b;
    while (a != b) {
        bool deeper = a && (!b || a->depth >= b->depth);
        if (deeper)
            a = a->outer;
        else
            b = b->outer;
    }
    return a;
}

/* The innermost of g and those around it that are decided, all of them, before node id runs. */
static kt_guard *decided(kt_guard *g, int id)
{
    kt_guard *out = g;

    for (; g; g = g->outer)
        if (g->choice->in[0]->id >= id)
            out = g->outer;
    return out;
}

static void read_under(guards *s, const kt_node *x, kt_guard *g)
{
    s->of[x->id] = common(s->of[x->id], decided(g, x->id));
}

static void visit(guards *s, const kt_node *n, kt_guard *outer)
{
    bool      choice = n->op->flags & KT_OP_CHOICE;
    kt_guard *option = choice ? kt_arena_calloc(s->arena, (size_t)n->n_in, sizeof *option) : NULL;

    for (int i = 0; i < n->n_in; i++) {
        kt_guard *mine = outer;

        if (option && i) {
            mine = &option[i];
            *mine = (kt_guard){outer, n, NULL, i - 1, outer ? outer->depth + 1 : 0};
        }
        read_under(s, n->in[i], mine);
    }
}

static bool has_choices(const kt_graph *g)
{
    for (size_t id = 0; id < g->nodes.n; id++)
        if (((const kt_node *)g->nodes.at[id])->op->flags & KT_OP_CHOICE)
            return true;
    return false;
}

bool kt_guards(const kt_graph *g, kt_arena *arena, const bool *needed, const bool *keep,
               kt_guard ***of)
{
    guards s = {arena, NULL};

    *of = NULL;
    if (!has_choices(g))
        return true;
    s.of = kt_arena_calloc(arena, g->nodes.n, sizeof *s.of);
    for (size_t id = 0; s.of && id < g->nodes.n; id++)
        s.of[id] = &unread;
    for (size_t id = s.of ? g->nodes.n : 0; id-- > 0;) {
        const kt_node *n = g->nodes.at[id];
        bool           read = s.of[id] != &unread;

        if (!read || keep[id])
            s.of[id] = NULL;
        if (needed[id] && (read || keep[id] || n->op != &kt_op_part))
            visit(&s, n, s.of[id]);
    }
    *of = s.of;
    return !arena->failed;
}
