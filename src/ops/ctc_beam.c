/* ctc_beam.c - the rows of labels that steps of logits most likely spell, found by a beam search as
 * TensorFlow's: of the rows that the steps so far may spell, the `width` likeliest are followed.
 * Inputs: logits [b, t, c], how many of a row's steps count [b]. Parts: 0 labels [paths, b, t],
 * int32, -1 behind the last; 1 their log-probabilities [b, paths]. The blank is the last class. */
#include "ops/shared.h"

#include <math.h>

/* More nodes than this are refused: a node for each label that any followed row may go on with. */
#define MOST_NODES ((int64_t)1 << 26)

static int64_t nodes_of(const kt_beam_attr *a, int64_t steps, int64_t classes)
{
    double n = (double)steps * (double)a->width * (double)classes + 1;

    return n <= (double)MOST_NODES ? (int64_t)n : -1;
}

static kt_status shape(kt_op_call *c)
{
    const kt_beam_attr *a = c->attr;
    kt_shape            x = c->in[0]->shape;

    if (x.rank != 3 || c->in[1]->shape.rank != 1)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "ctc_beam: logits must be [batch, steps, classes] and lengths [batch]; "
                          "received logits of shape %s",
                          kt_shape_text(&c->g->arena, &x));
    if (kt_shape_known(&x) && nodes_of(a, x.dim[1], x.dim[2]) < 0)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "ctc_beam: a beam of %lld is too wide for %lld steps of %lld classes",
                          (long long)a->width, (long long)x.dim[1], (long long)x.dim[2]);
    kt_like(c, 0, 0);
    kt_like(c, 1, 0);
    c->out[0].dtype = KT_I32;
    kt_from_field(c, 0, 0, a->paths, "top_paths");
    kt_from_axis(c, 0, 1, 0, 0);
    kt_from_axis(c, 0, 2, 0, 1);
    kt_from_axis(c, 1, 0, 0, 0);
    kt_from_field(c, 1, 1, a->paths, "top_paths");
    c->out[1].shape.rank = 2;
    c->n_out = 2;
    return KT_OK;
}

/* --- the tree of rows ------------------------------------------------------------------------- */

typedef struct chances {
    double total, blank, label; /* logarithms: of both, of ending in a blank, in the label */
} chances;

static const chances impossible = {-INFINITY, -INFINITY, -INFINITY};

/* A row of labels: that of its parent and one more. */
typedef struct node {
    chances before, now; /* after the step before, and after this one */
    int32_t parent, label, child, next;
} node;

typedef struct search {
    node    *nodes; /* the first is the empty row */
    int32_t *leaf;  /* those that are followed, the likeliest first */
    int32_t *branch;
    double  *log_p; /* of the step's classes */
    int64_t  n_nodes, n_leaves, width, classes;
} search;

static double log_add(double a, double b)
{
    double most = a > b ? a : b;

    return most == -INFINITY ? most : most + log1p(exp((a > b ? b : a) - most));
}

static bool is_followed(const node *n)
{
    return n->now.total != -INFINITY;
}

static bool is_candidate(const search *s, double total)
{
    return total > -INFINITY &&
           (s->n_leaves < s->width || total > s->nodes[s->leaf[s->n_leaves - 1]].now.total);
}

static void push(search *s, int32_t k)
{
    int64_t at = s->n_leaves < s->width ? s->n_leaves++ : s->n_leaves - 1;

    for (; at > 0 && s->nodes[s->leaf[at - 1]].now.total < s->nodes[k].now.total; at--)
        s->leaf[at] = s->leaf[at - 1];
    s->leaf[at] = k;
}

static int32_t child_of(const search *s, int32_t parent, int32_t label)
{
    int32_t k = s->nodes[parent].child;

    while (k >= 0 && s->nodes[k].label != label)
        k = s->nodes[k].next;
    return k;
}

static int32_t new_child(search *s, int32_t parent, int32_t label)
{
    int32_t k = (int32_t)s->n_nodes++;

    s->nodes[k] = (node){impossible, impossible, parent, label, -1, s->nodes[parent].child};
    s->nodes[parent].child = k;
    return k;
}

/* What a row was likely after the step before, if a label is to follow it: the same one only behind
 * a blank. */
static double opening(const node *n, int32_t label)
{
    return n->label == label ? n->before.blank : n->before.total;
}

static void stay(search *s, int32_t k)
{
    node       *n = &s->nodes[k];
    const node *parent = n->parent >= 0 ? &s->nodes[n->parent] : NULL;

    if (parent) {
        if (is_followed(parent))
            n->now.label = log_add(n->now.label, opening(parent, n->label));
        n->now.label += s->log_p[n->label];
    }
    n->now.blank = n->before.total + s->log_p[s->classes - 1];
    n->now.total = log_add(n->now.blank, n->now.label);
}

static void grow(search *s, int32_t parent)
{
    for (int32_t label = 0; label < s->classes - 1; label++) {
        double  p = s->log_p[label] + opening(&s->nodes[parent], label);
        int32_t k = child_of(s, parent, label);

        if (k >= 0 && is_followed(&s->nodes[k]))
            continue;
        if (!is_candidate(s, p)) {
            if (k >= 0)
                s->nodes[k].before = s->nodes[k].now = impossible;
            continue;
        }
        k = k >= 0 ? k : new_child(s, parent, label);
        if (s->n_leaves == s->width)
            s->nodes[s->leaf[s->n_leaves - 1]].now = impossible;
        s->nodes[k].now = (chances){p, -INFINITY, p};
        push(s, k);
    }
}

static void step(search *s)
{
    int64_t n = s->n_leaves;

    for (int64_t i = 0; i < n; i++) {
        s->branch[i] = s->leaf[i];
        s->nodes[s->leaf[i]].before = s->nodes[s->leaf[i]].now;
    }
    s->n_leaves = 0;
    for (int64_t i = 0; i < n; i++) {
        stay(s, s->branch[i]);
        push(s, s->branch[i]);
    }
    for (int64_t i = 0; i < n; i++)
        if (is_candidate(s, s->nodes[s->branch[i]].before.total))
            grow(s, s->branch[i]);
}

/* --- the op ----------------------------------------------------------------------------------- */

static size_t scratch(const kt_run *r)
{
    const kt_beam_attr *a = r->attr;
    const kt_shape     *x = &r->in[0].shape;

    return (size_t)nodes_of(a, x->dim[1], x->dim[2]) * sizeof(node) +
           (size_t)x->dim[2] * sizeof(double) + 2 * (size_t)a->width * sizeof(int32_t);
}

static void write_path(const search *s, int32_t k, double *out, int64_t steps)
{
    int64_t n = 0;

    for (int32_t i = k; s->nodes[i].parent >= 0; i = s->nodes[i].parent)
        n++;
    for (int64_t t = n; t < steps; t++)
        out[t] = -1;
    for (int32_t i = k; s->nodes[i].parent >= 0; i = s->nodes[i].parent)
        out[--n] = s->nodes[i].label;
}

static void search_row(search *s, const double *x, int64_t steps)
{
    s->nodes[0] = (node){{0, 0, -INFINITY}, {0, 0, -INFINITY}, -1, -1, -1, -1};
    s->leaf[0] = 0;
    s->n_nodes = s->n_leaves = 1;
    for (int64_t t = 0; t < steps; t++) {
        kt__log_softmax_row(x + t * s->classes, s->classes, s->log_p);
        step(s);
    }
}

static void reference(const kt_run *r)
{
    const kt_beam_attr *a = r->attr;
    int64_t             batch = r->in[0].shape.dim[0], steps = r->in[0].shape.dim[1];
    search s = {.nodes = r->scratch, .width = a->width, .classes = r->in[0].shape.dim[2]};

    s.log_p = (double *)(void *)(s.nodes + nodes_of(a, steps, s.classes));
    s.leaf = (int32_t *)(void *)(s.log_p + s.classes);
    s.branch = s.leaf + a->width;
    for (int64_t b = 0; b < batch; b++) {
        double length = r->in[1].f64[b];
        if (length > (double)steps)
            kt_refuse_words(r, "sequence_length is greater than the number of steps");
        search_row(&s, r->in[0].f64 + b * steps * s.classes,
                   length > (double)steps ? steps
                   : length > 0           ? (int64_t)length
                                          : 0);
        if (s.n_leaves < a->paths)
            kt_refuse_words(r, "Less leaves in the beam search than requested.");
        for (int64_t p = 0; p < a->paths; p++) {
            int32_t k = p < s.n_leaves ? s.leaf[p] : 0;
            write_path(&s, k, r->out[0].f64 + (p * batch + b) * steps, steps);
            r->out[1].f64[b * a->paths + p] = s.nodes[k].now.total;
        }
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  b = s->size(s, 1, 4), t = s->size(s, 3, 6), n = s->size(s, 3, 6);
    kt_node *x = s->real(s, KT_SHAPE(b, t, n), -2, 2);

    switch (variant) {
    case 0: return kt_ctc_beam(s->g, x, s->integer(s, KT_SHAPE(b), 2, t + 1), 20, 2);
    case 1: return kt_ctc_beam(s->g, x, s->integer(s, KT_SHAPE(b), 0, t + 1), 2, 1);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "ctc_beam",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
    .no_gradient = 1 | 2,
};

kt_node *kt_ctc_beam(kt_graph *g, kt_node *logits, kt_node *lengths, int64_t width, int64_t paths)
{
    kt_beam_attr a = {width, paths};

    return kt_emit(g, &type, &a, sizeof a, 2, (kt_node *[]){logits, kt_cast(g, lengths, KT_I64)});
}

const kt_op_type *const kt_ops_ctc_beam[] = {&type, NULL};
