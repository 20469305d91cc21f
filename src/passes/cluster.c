/* cluster.c - a partition of the graph's nodes with a valid order of the parts, kept while parts
 * are joined. */
#include "graph/op.h"
#include "passes/point.h"

#include <stdlib.h>

/* Clusters further apart stay apart: nothing is gained by keeping values that long, and searches
 * stay short. */
#define MAX_DISTANCE 2048

static int *numbers(int n)
{
    return kt_calloc((size_t)n + 1, sizeof(int));
}

bool kt__clusters_new(kt__clusters *c, const kt__pass *p)
{
    int n = (int)p->g->nodes.n;

    *c = (kt__clusters){.p = p, .n = n};
    if (!kt_guards(p->g, &c->arena, p->needed, p->keep, &c->guard))
        return false;
    c->deps = kt__order_new(p->g, c->guard);
    c->of = numbers(n);
    c->next = numbers(n);
    c->last = numbers(n);
    c->order = numbers(n);
    c->pos = numbers(n);
    c->stamp = numbers(n);
    c->stack = numbers(n);
    c->moved = numbers(n);
    if (c->deps.failed || !c->of || !c->next || !c->last || !c->order || !c->pos || !c->stamp ||
        !c->stack || !c->moved)
        return false;
    for (int id = 0; id < n; id++) {
        c->of[id] = kt__owner(p->g, id);
        c->next[id] = -1;
        c->last[id] = id;
        c->order[id] = c->of[id] == id ? id : -1; /* parts go with their owner */
        c->pos[id] = id;
    }
    return true;
}

void kt__clusters_free(kt__clusters *c)
{
    kt__order_free(&c->deps);
    kt_arena_free(&c->arena);
    kt_free(c->of);
    kt_free(c->next);
    kt_free(c->last);
    kt_free(c->order);
    kt_free(c->pos);
    kt_free(c->stamp);
    kt_free(c->stack);
    kt_free(c->moved);
}

/* Visits what must run after cluster `a` and is placed before b; false if b itself is reached by
 * way of another. */
static bool search(kt__clusters *c, int a, int b)
{
    int depth = 0;

    c->now++;
    c->stack[depth++] = a;
    c->stamp[a] = c->now;
    while (depth) {
        int from = c->stack[--depth];

        for (int id = from; id >= 0; id = c->next[id])
            for (int e = c->deps.first[id]; e < c->deps.first[id + 1]; e++) {
                int to = c->of[c->deps.to[e]];

                if (to == b && from != a)
                    return false;
                if (c->stamp[to] == c->now || c->pos[to] >= c->pos[b])
                    continue;
                c->stamp[to] = c->now;
                c->stack[depth++] = to;
            }
    }
    return true;
}

/* After a search that did not reach b: what it visited goes behind b, so that a can go to b's
 * place. */
static void reorder(kt__clusters *c, int a, int b)
{
    int begin = c->pos[a], end = c->pos[b], at = begin, n_moved = 0;

    for (int i = begin; i <= end; i++) {
        int x = c->order[i];

        if (x < 0 || x == a || x == b)
            continue;
        if (c->stamp[x] == c->now) {
            c->moved[n_moved++] = x;
            continue;
        }
        c->order[at] = x;
        c->pos[x] = at++;
    }
    c->order[at] = a;
    c->pos[a] = at++;
    for (int i = 0; i < n_moved; i++) {
        c->order[at] = c->moved[i];
        c->pos[c->moved[i]] = at++;
    }
    while (at <= end)
        c->order[at++] = -1;
}

bool kt__clusters_join(kt__clusters *c, int a, int b)
{
    if (c->pos[a] > c->pos[b]) {
        int swap = a;
        a = b;
        b = swap;
    }
    if (c->pos[b] - c->pos[a] > MAX_DISTANCE || !search(c, a, b))
        return false;
    reorder(c, a, b);
    c->next[c->last[a]] = b;
    c->last[a] = c->last[b];
    for (int id = b; id >= 0; id = c->next[id])
        c->of[id] = a;
    return true;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* The nodes of cluster x, by id, and the parts that go with them; returns how many. */
static int list_nodes(const kt__clusters *c, int x, int *id)
{
    const kt_graph *g = c->p->g;
    int             n = 0;

    for (int i = x; i >= 0; i = c->next[i])
        id[n++] = i;
    qsort(id, (size_t)n, sizeof *id, by_number);
    if (n == 1) {
        const kt_node *y = g->nodes.at[x];
        for (int k = 1; k < y->n_part; k++)
            id[n++] = y->part[k]->id;
    }
    return n;
}

bool kt__clusters_apply(kt__clusters *c)
{
    kt_graph *g = c->p->g;
    kt_node **sorted = kt_calloc((size_t)c->n + 1, sizeof *sorted);
    int       at = 0;

    if (!sorted)
        return false;
    for (int i = 0; i < c->n; i++) {
        int n = c->order[i] < 0 ? 0 : list_nodes(c, c->order[i], c->stack);
        for (int k = 0; k < n; k++)
            sorted[at++] = g->nodes.at[c->stack[k]];
    }
    KT_ASSERT(at == c->n);
    for (int i = 0; i < at; i++) {
        g->nodes.at[i] = sorted[i];
        sorted[i]->id = i;
    }
    kt_free(sorted);
    return true;
}
