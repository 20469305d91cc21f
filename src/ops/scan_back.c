/* scan_back.c - the gradient of a scan: a scan from the last step to the first.
 *
 * The body and its pullback are made in one graph, the joint one. What the pullback reads of the
 * forward values is saved by the steps (the reserve), or computed anew where that costs next to
 * nothing. The gradient of what all steps share is a sum over steps: sums and products over the
 * batch are taken out of the scan and done once, over steps and batch; others are carried along. */
#include "ops/scan.h"

#include <string.h>

/* Inputs or results of the scan that is being made: nodes of the joint graph, and of the graph
 * around. */
typedef struct list {
    kt_vec   joint, outer;
    unsigned turned;
} list;

/* A sum over steps: the operands' rows, side by side in the order of the steps, then one op. */
typedef struct term {
    const kt_node *op; /* of the joint graph */
    int            input;
    kt_node       *operand[2];
    int            result[2]; /* which y of the scan, or -1: saved */
} term;

enum { MOST_TERMS = 2 * KT_MAX_PARTS };

typedef struct back {
    kt_graph    *g;
    kt_node     *y;
    kt_scan_attr a; /* of y */
    kt_body     *joint, *body;
    int          n;      /* nodes of the joint graph that are copies */
    kt_node    **source; /* by id: of what */
    bool        *direct, *needed;
    list         x, state, rest, out, after; /* inputs; y and the states behind a step */
    kt_vec       read;                       /* joint nodes whose values are saved */
    term         terms[MOST_TERMS];
    int          n_terms;
    int          carried[KT_MAX_PARTS]; /* by state of the new scan: gradient of which input */
    int         *slope;                 /* by input of x: which y is its gradient, or -1 */
} back;

static void push(back *b, kt_vec *v, void *p)
{
    if (!kt_vec_push(v, p))
        kt_raise_memory(b->g->fault);
}

static void add(back *b, list *l, kt_node *joint, kt_node *outer)
{
    push(b, &l->joint, joint);
    push(b, &l->outer, outer);
}

static void add_turned(back *b, list *l, kt_node *joint, kt_node *outer, bool turned)
{
    l->turned |= (unsigned)turned << l->joint.n;
    add(b, l, joint, outer);
}

static kt_node *placeholder_like(kt_graph *g, const kt_node *x)
{
    return kt_placeholder(g, "", x->dtype, x->shape);
}

static kt_node *zeros_like(kt_graph *g, const kt_node *x)
{
    return kt_broadcast_to(g, kt_scalar_as(g, 0, x->dtype), x->shape);
}

/* --- the joint graph -------------------------------------------------------------------------- */

/* A copy of the body: inputs and outputs are those of `from`, without what it saves. */
static kt_body *copy_body(kt_graph *g, const kt_body *from, int n_out, kt_vec *sources)
{
    kt_body *to = kt_body_new(g);
    kt_map   map = {0};

    for (int i = 0; to && i < from->n_in; i++)
        if (!kt_map_set(&map, from->in[i],
                        kt_body_input(to, from->in[i]->dtype, from->in[i]->shape)) ||
            !kt_vec_push(sources, from->in[i]))
            kt_raise_memory(g->fault);
    for (size_t id = 0; to && id < from->g->nodes.n && !kt_graph_failed(g); id++) {
        const kt_node *n = from->g->nodes.at[id];
        if (n->part_index || kt_map_get(&map, n))
            continue;
        kt_copy_node(to->g, &map, n);
        for (int k = 0; k < n->n_part; k++)
            if (!kt_vec_push(sources, n->part[k]))
                kt_raise_memory(g->fault);
    }
    for (int i = 0; to && i < n_out && !kt_graph_failed(g); i++)
        kt_body_output(to, kt_map_get(&map, from->out[i]));
    kt_map_free(&map);
    return to;
}

/* Placeholders for the gradients that come in, and the pullback; dx by the body's inputs. */
static void pull_back(back *b, kt_node *const *dy, kt_node **dx)
{
    kt_graph *j = b->joint->g;
    kt_node **out = b->joint->out, *seed[KT_MAX_PARTS], *of[KT_MAX_PARTS];
    kt_node **wrt = kt_arena_calloc(&j->arena, (size_t)b->joint->n_in + 1, sizeof *wrt);
    kt_node **got = kt_arena_calloc(&j->arena, (size_t)b->joint->n_in + 1, sizeof *got);
    int       n = 0, n_wrt = 0, state = kt__scan_body_state(&b->a);

    if (!wrt || !got) {
        kt_raise_memory(b->g->fault);
        return;
    }
    for (int k = 0; k < b->a.n_y + b->a.n_state; k++) {
        bool y = k < b->a.n_y;
        if (!kt_dtype_is_float(out[k]->dtype) || (y && !dy[k]))
            continue;
        of[n] = out[k];
        seed[n] = placeholder_like(j, out[k]);
        if (y)
            add_turned(b, &b->x, seed[n], dy[k], !(b->a.y_turned >> k & 1U));
        else
            add(b, &b->state, seed[n], dy[k] ? dy[k] : zeros_like(b->g, b->y->part[k]));
        n++;
    }
    for (int i = 0; i < b->joint->n_in; i++)
        if ((i >= state && i < state + b->a.n_state) || kt_is_wanted(b->g, b->y->in[i]))
            wrt[n_wrt++] = b->joint->in[i];
    kt_pullback(j, n, of, seed, n_wrt, wrt, got);
    for (int i = 0, k = 0; i < b->joint->n_in; i++)
        dx[i] = k < n_wrt && wrt[k] == b->joint->in[i] ? got[k++] : NULL;
}

/* --- sums over steps -------------------------------------------------------------------------- */

static bool is_add(const kt_node *n)
{
    return n->op == &kt_op_binary && ((const kt_binary_attr *)n->attr)->fn == KT_BI_ADD &&
           kt_shape_equal(&n->in[0]->shape, &n->shape) &&
           kt_shape_equal(&n->in[1]->shape, &n->shape);
}

/* Whether the node sums over axis 0 of its inputs, so that it may do so over more rows at once. */
static bool sums_rows(const kt_node *n)
{
    const kt_matmul_attr *product = n->attr;
    const kt_reduce_attr *sum = n->attr;

    if (n->op == &kt_op_matmul)
        return product->ta && !product->tb && n->in[0]->shape.rank == 2 &&
               n->in[1]->shape.rank == 2;
    if (n->op == &kt_op_reduce)
        return sum->fn == KT_RE_SUM && sum->axes & 1U && !sum->keepdims;
    return kt_streq(n->op->name, "conv_grad_kernel");
}

static bool is_reshape(const kt_node *n)
{
    return n->op == &kt_op_reshape && kt_shape_equal(&n->in[0]->shape, &n->shape);
}

/* Takes the gradient of input i apart; gives what must be carried along, or NULL. */
static kt_node *split(back *b, int i, kt_node *dx)
{
    while (is_reshape(dx))
        dx = dx->in[0];
    if (dx->id >= b->n && is_add(dx)) {
        kt_node *left = split(b, i, dx->in[0]), *right = split(b, i, dx->in[1]);
        return left && right ? kt_add(b->joint->g, left, right) : left ? left : right;
    }
    if (dx->id < b->n || !sums_rows(dx) || b->n_terms == MOST_TERMS)
        return dx;
    term *t = &b->terms[b->n_terms++];
    *t = (term){.op = dx, .input = i, .result = {-1, -1}};
    for (int k = 0; k < dx->n_in; k++)
        t->operand[k] = dx->in[k];
    return NULL;
}

/* --- what the new scan gives ------------------------------------------------------------------ */

/* The y that gives the joint node, rows in the order `turned`; a new one if there is none. */
static int result_of(back *b, kt_node *joint, bool turned)
{
    for (size_t k = 0; k < b->out.joint.n; k++)
        if (b->out.joint.at[k] == joint && (b->out.turned >> k & 1U) == (unsigned)turned)
            return (int)k;
    add_turned(b, &b->out, joint, NULL, turned);
    return (int)b->out.joint.n - 1;
}

/* States: the gradients of the states before the step, then sums that grow from step to step. */
static void list_results(back *b, kt_node *const *dx)
{
    kt_graph *j = b->joint->g;
    int       state = kt__scan_body_state(&b->a);

    for (int k = 0; k < b->a.n_x; k++)
        b->slope[k] = dx[k] ? result_of(b, dx[k], !(b->a.x_turned >> k & 1U)) : -1;
    for (int i = 0; i < b->a.n_state; i++) {
        kt_node *before = b->joint->in[state + i];
        if (!kt_dtype_is_float(before->dtype))
            continue;
        b->carried[b->after.joint.n] = kt__scan_state(&b->a) + i;
        add(b, &b->after, dx[state + i] ? dx[state + i] : zeros_like(j, before), NULL);
    }
    for (int i = state + b->a.n_state; i < b->joint->n_in && !kt_graph_failed(b->g); i++) {
        kt_node *rest = dx[i] ? split(b, i, dx[i]) : NULL;
        if (!rest)
            continue;
        if (b->after.joint.n == KT_MAX_PARTS) {
            kt_raise(b->g->fault, KT_E_NOT_IMPLEMENTED, "scan: too many gradients in a step");
            return;
        }
        kt_node *sum = placeholder_like(j, rest);
        b->carried[b->after.joint.n] = i;
        add(b, &b->state, sum, zeros_like(b->g, rest));
        add(b, &b->after, kt_add(j, sum, rest), NULL);
    }
}

/* --- what it needs ---------------------------------------------------------------------------- */

static bool is_alias(const kt_node *n)
{
    return (n->op->flags & KT_OP_ALIAS) != 0;
}

static bool is_cheap(const kt_node *n)
{
    return is_alias(n) || n->op == &kt_op_binary || n->op == &kt_op_select || n->op == &kt_op_cast;
}

enum { DEPTH = 8 };

/* Whether forward node n is better computed again than saved. */
static bool is_repeated(const back *b, const kt_node *n, int depth)
{
    if (n->constant)
        return true;
    if (!is_cheap(n) || depth == DEPTH)
        return false;
    for (int i = 0; i < n->n_in; i++) {
        const kt_node *x = n->in[i];
        if (x->op != &kt_op_placeholder && !b->direct[x->id] && !is_repeated(b, x, depth + 1))
            return false;
    }
    return true;
}

/* Whether the values of forward node n are inputs of the new scan. */
static bool is_input(const back *b, const kt_node *n)
{
    return n->id < b->n && !is_repeated(b, n, 0);
}

static void need(back *b, const kt_vec *nodes)
{
    for (size_t i = 0; i < nodes->n; i++)
        b->needed[((const kt_node *)nodes->at[i])->id] = true;
}

/* Marks what the results need, down to what must be saved. */
static void mark(back *b)
{
    const kt_graph *j = b->joint->g;

    need(b, &b->out.joint);
    need(b, &b->after.joint);
    for (int i = 0; i < b->n_terms; i++)
        for (int k = 0; k < b->terms[i].op->n_in; k++)
            b->needed[b->terms[i].operand[k]->id] = true;
    for (int id = (int)j->nodes.n - 1; id >= 0; id--) {
        const kt_node *n = j->nodes.at[id];

        if (id == b->n - 1)
            memcpy(b->direct, b->needed, (size_t)b->n * sizeof *b->direct);
        if (!b->needed[id] || is_input(b, n))
            continue;
        for (int i = 0; i < n->n_in; i++)
            b->needed[n->in[i]->id] = true;
    }
}

/* Which of the body's inputs the joint node is, or -1. */
static int input_of(const back *b, const kt_node *n)
{
    for (int i = 0; i < b->joint->n_in; i++)
        if (b->joint->in[i] == n)
            return i;
    return -1;
}

static void list_inputs(back *b)
{
    int state = kt__scan_body_state(&b->a), rest = state + b->a.n_state;

    for (int id = 0; id < b->n; id++) {
        kt_node *n = b->joint->g->nodes.at[id];
        int      i = input_of(b, n);

        if (!b->needed[id] || !is_input(b, n))
            continue;
        if (i >= 0 && i < b->a.n_x)
            add_turned(b, &b->x, n, b->y->in[i], !(b->a.x_turned >> i & 1U));
        else if (i >= rest)
            add(b, &b->rest, n, b->y->in[i]);
        else
            push(b, &b->read, n);
    }
    if (b->x.joint.n + b->read.n == 0) /* something must say how many steps there are */
        add_turned(b, &b->x, b->joint->in[0], b->y->in[0], true);
}

/* Operands of the sums that are not saved are results. */
static void list_operands(back *b)
{
    for (int i = 0; i < b->n_terms; i++)
        for (int k = 0; k < b->terms[i].op->n_in; k++) {
            bool saved = false;
            for (size_t r = 0; r < b->read.n; r++)
                saved |= b->read.at[r] == b->terms[i].operand[k];
            if (!saved)
                b->terms[i].result[k] = result_of(b, b->terms[i].operand[k], true);
        }
}

/* --- the new scan ----------------------------------------------------------------------------- */

static void place_inputs(back *b, kt_map *map, const kt_vec *joint)
{
    for (size_t i = 0; i < joint->n && !kt_graph_failed(b->g); i++) {
        const kt_node *n = joint->at[i];
        if (!kt_map_set(map, n, kt_body_input(b->body, n->dtype, n->shape)))
            kt_raise_memory(b->g->fault);
    }
}

static void make_body(back *b)
{
    const kt_graph *j = b->joint->g;
    kt_map          map = {0};

    b->body = kt_body_new(b->g);
    if (!b->body)
        return;
    place_inputs(b, &map, &b->x.joint);
    place_inputs(b, &map, &b->read);
    place_inputs(b, &map, &b->state.joint);
    place_inputs(b, &map, &b->rest.joint);
    for (size_t id = 0; id < j->nodes.n && !kt_graph_failed(b->g); id++) {
        const kt_node *n = j->nodes.at[id];
        if (b->needed[id] && !kt_map_get(&map, n))
            kt_copy_node(b->body->g, &map, n);
    }
    for (size_t k = 0; k < b->out.joint.n && !kt_graph_failed(b->g); k++)
        kt_body_output(b->body, kt_map_get(&map, b->out.joint.at[k]));
    for (size_t i = 0; i < b->after.joint.n && !kt_graph_failed(b->g); i++)
        kt_body_output(b->body, kt_map_get(&map, b->after.joint.at[i]));
    kt_map_free(&map);
}

/* Lets y save what is read; the reserve, or NULL if nothing is. */
static kt_node *save(back *b)
{
    kt_node     **read = (kt_node **)b->read.at;
    int           n = (int)b->read.n;
    kt_scan_attr *a = kt_arena_alloc(&b->g->arena, sizeof *a);
    kt_shape      s = KT_SHAPE(b->y->in[0]->shape.dim[0], kt__scan_width(n, read));

    if (!a)
        kt_raise_memory(b->g->fault);
    if (!a || !n)
        return NULL;
    for (int k = 0; k < n; k++)
        kt_body_output(b->a.body, b->source[read[k]->id]);
    *a = b->a;
    a->n_saved = n;
    b->y->attr = a;
    return kt_add_part(b->g, b->y, kt__scan_reserve_dtype(n, read), s);
}

static kt_node *emit(back *b, kt_node *reserve)
{
    kt_scan_attr a = {.body = b->body,
                      .n_x = (int)b->x.joint.n,
                      .n_read = (int)b->read.n,
                      .n_state = (int)b->state.joint.n,
                      .n_y = (int)b->out.joint.n,
                      .x_turned = b->x.turned,
                      .y_turned = b->out.turned};
    kt_vec       in = {0};

    for (size_t i = 0; i < b->x.outer.n; i++)
        push(b, &in, b->x.outer.at[i]);
    if (reserve)
        push(b, &in, reserve);
    for (size_t i = 0; i < b->state.outer.n; i++)
        push(b, &in, b->state.outer.at[i]);
    for (size_t i = 0; i < b->rest.outer.n; i++)
        push(b, &in, b->rest.outer.at[i]);
    kt_node *y = kt__scan_emit(b->g, &a, (int)in.n, (kt_node *const *)in.at);
    b->body = NULL; /* the graph's now */
    kt_vec_free(&in);
    return y;
}

/* --- back in the graph around ----------------------------------------------------------------- */

/* The rows of the joint node that is saved, [steps, ..]. */
static kt_node *saved_rows(back *b, kt_node *reserve, const kt_node *joint)
{
    kt_shape steps = KT_SHAPE(reserve->shape.dim[0]);
    int      k = 0;

    while (b->read.at[k] != joint)
        k++;
    kt_node *rows = kt_slice_axis(b->g, reserve, 1, kt__scan_width(k, (kt_node *const *)b->read.at),
                                  kt_shape_count(&joint->shape));
    return kt_cast(b->g, kt_reshape(b->g, rows, kt_shape_concat(&steps, &joint->shape)),
                   joint->dtype);
}

/* [steps, batch, ..] -> [steps * batch, ..] */
static kt_node *merged(kt_graph *g, kt_node *x)
{
    kt_shape s = kt_shape_slice(&x->shape, 1, x->shape.rank);

    s.dim[0] *= x->shape.dim[0];
    return kt_reshape(g, x, s);
}

static kt_node *sum_of(back *b, const term *t, kt_node *y, kt_node *reserve)
{
    kt_node *in[2] = {NULL, NULL};

    for (int k = 0; k < t->op->n_in && !kt_graph_failed(b->g); k++)
        in[k] = merged(b->g, t->result[k] >= 0 ? kt_part(y, t->result[k])
                                               : saved_rows(b, reserve, t->operand[k]));
    return kt_emit(b->g, t->op->op, t->op->attr, t->op->attr_size, t->op->n_in, in);
}

/* dx by the inputs of y; those of the body that come from the reserve do not exist. */
static void give(back *b, kt_node *y, kt_node *reserve, kt_node **dx)
{
    for (int k = 0; k < b->a.n_x; k++)
        if (b->slope[k] >= 0)
            dx[k] = kt_part(y, b->slope[k]);
    for (size_t i = 0; i < b->after.joint.n; i++)
        dx[b->carried[i]] = kt_part(y, (int)(b->out.joint.n + i));
    for (int i = 0; i < b->n_terms && !kt_graph_failed(b->g); i++) {
        const term *t = &b->terms[i];
        kt_node    *sum = sum_of(b, t, y, reserve), **to = &dx[t->input];
        *to = *to ? kt_add(b->g, *to, sum) : sum;
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool begin(back *b, kt_vec *sources)
{
    b->joint = copy_body(b->g, b->a.body, b->a.n_y + b->a.n_state, sources);
    if (kt_graph_failed(b->g))
        return false;
    b->n = (int)b->joint->g->nodes.n;
    b->source = (kt_node **)sources->at;
    b->slope = kt_arena_calloc(&b->joint->g->arena, (size_t)b->a.n_x + 1, sizeof *b->slope);
    if (!b->slope)
        kt_raise_memory(b->g->fault);
    return b->slope;
}

static void derive(back *b, kt_node *const *dy, kt_node **dx)
{
    kt_arena *a = &b->joint->g->arena;
    kt_node **inner = kt_arena_calloc(a, (size_t)b->joint->n_in + 1, sizeof *inner);

    if (!inner) {
        kt_raise_memory(b->g->fault);
        return;
    }
    pull_back(b, dy, inner);
    if (!kt_graph_failed(b->g))
        list_results(b, inner);
    b->direct = kt_arena_calloc(a, b->joint->g->nodes.n + 1, sizeof *b->direct);
    b->needed = kt_arena_calloc(a, b->joint->g->nodes.n + 1, sizeof *b->needed);
    if (!b->direct || !b->needed)
        kt_raise_memory(b->g->fault);
    if (kt_graph_failed(b->g))
        return;
    mark(b);
    list_inputs(b);
    list_operands(b);
    make_body(b);
    kt_node *reserve = kt_graph_failed(b->g) ? NULL : save(b);
    if (kt_graph_failed(b->g))
        return;
    kt_node *y = emit(b, reserve);
    if (!kt_graph_failed(b->g))
        give(b, y, reserve, dx);
}

static void free_list(list *l)
{
    kt_vec_free(&l->joint);
    kt_vec_free(&l->outer);
}

/* Another node that does what y does, for a second gradient of it: each has a reserve of its own. */
static kt_node *repeated(kt_graph *g, const kt_node *y)
{
    kt_scan_attr a = *(const kt_scan_attr *)y->attr;
    kt_vec       sources = {0};

    a.n_saved = 0;
    a.body = copy_body(g, a.body, a.n_y + a.n_state, &sources);
    kt_vec_free(&sources);
    return kt_graph_failed(g) ? g->poison : kt__scan_emit(g, &a, y->n_in, y->in);
}

/* A gradient's scan has none itself. */
void kt__scan_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_scan_attr *a = y->attr;
    back                b = {.g = g, .y = a->n_saved > 0 ? repeated(g, y) : y};
    kt_vec              sources = {0};

    if (a->n_read > 0 || kt_graph_failed(g))
        return;
    b.a = *(const kt_scan_attr *)b.y->attr;
    if (begin(&b, &sources))
        derive(&b, dy, dx);
    kt_body_unref(b.joint);
    kt_body_unref(b.body);
    free_list(&b.x);
    free_list(&b.state);
    free_list(&b.rest);
    free_list(&b.out);
    free_list(&b.after);
    kt_vec_free(&b.read);
    kt_vec_free(&sources);
}
