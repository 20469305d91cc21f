/* scan_back.c - the gradient of a scan: a scan from the last step to the first.
 *
 * The body and its pullback are made in one graph, the joint one. What the pullback reads of the
 * forward values is saved by the steps (the reserve), or computed anew where that costs next to
 * nothing. The gradient of what all steps share is a sum over steps: sums and products over the
 * batch are taken out of the scan and done once, over steps and batch; others are carried along. */
#include "ops/scan.h"

void kt__back_push(kt__back *b, kt_vec *v, void *p)
{
    if (!kt_vec_push(v, p))
        kt_raise_memory(b->g->fault);
}

void kt__back_add(kt__back *b, kt__scan_list *l, kt_node *joint, kt_node *outer)
{
    kt__back_push(b, &l->joint, joint);
    kt__back_push(b, &l->outer, outer);
}

void kt__back_add_turned(kt__back *b, kt__scan_list *l, kt_node *joint, kt_node *outer, bool turned)
{
    l->turned |= (unsigned)turned << l->joint.n;
    kt__back_add(b, l, joint, outer);
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
static void pull_back(kt__back *b, kt_node *const *dy, kt_node **dx)
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
            kt__back_add_turned(b, &b->x, seed[n], dy[k], !(b->a.y_turned >> k & 1U));
        else
            kt__back_add(b, &b->state, seed[n], dy[k] ? dy[k] : zeros_like(b->g, b->y->part[k]));
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
static kt_node *split(kt__back *b, int i, kt_node *dx)
{
    while (is_reshape(dx))
        dx = dx->in[0];
    if (dx->id >= b->n && is_add(dx)) {
        kt_node *left = split(b, i, dx->in[0]), *right = split(b, i, dx->in[1]);
        return left && right ? kt_add(b->joint->g, left, right) : left ? left : right;
    }
    if (dx->id < b->n || !sums_rows(dx) || b->n_terms == KT__MOST_TERMS)
        return dx;
    kt__scan_term *t = &b->terms[b->n_terms++];
    *t = (kt__scan_term){.op = dx, .input = i, .result = {-1, -1}};
    for (int k = 0; k < dx->n_in; k++)
        t->operand[k] = dx->in[k];
    return NULL;
}

/* --- what the new scan gives ------------------------------------------------------------------ */

int kt__back_result(kt__back *b, kt_node *joint, bool turned)
{
    for (size_t k = 0; k < b->out.joint.n; k++)
        if (b->out.joint.at[k] == joint && (b->out.turned >> k & 1U) == (unsigned)turned)
            return (int)k;
    kt__back_add_turned(b, &b->out, joint, NULL, turned);
    return (int)b->out.joint.n - 1;
}

/* States: the gradients of the states before the step, then sums that grow from step to step. */
static void list_results(kt__back *b, kt_node *const *dx)
{
    kt_graph *j = b->joint->g;
    int       state = kt__scan_body_state(&b->a);

    for (int k = 0; k < b->a.n_x; k++)
        b->slope[k] = dx[k] ? kt__back_result(b, dx[k], !(b->a.x_turned >> k & 1U)) : -1;
    for (int i = 0; i < b->a.n_state; i++) {
        kt_node *before = b->joint->in[state + i];
        if (!kt_dtype_is_float(before->dtype))
            continue;
        b->carried[b->after.joint.n] = kt__scan_state(&b->a) + i;
        kt__back_add(b, &b->after, dx[state + i] ? dx[state + i] : zeros_like(j, before), NULL);
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
        kt__back_add(b, &b->state, sum, zeros_like(b->g, rest));
        kt__back_add(b, &b->after, kt_add(j, sum, rest), NULL);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool begin(kt__back *b, kt_vec *sources)
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

static void derive(kt__back *b, kt_node *const *dy, kt_node **dx)
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
    if (!kt_graph_failed(b->g))
        kt__back_emit(b, dx);
}

static void free_list(kt__scan_list *l)
{
    kt_vec_free(&l->joint);
    kt_vec_free(&l->outer);
}

/* Another node that does what y does, for a second gradient of it: each has its own reserve. */
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
    kt__back            b = {.g = g, .y = a->n_saved > 0 ? repeated(g, y) : y};
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
