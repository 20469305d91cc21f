/* scan_save.c - from the pullback of a scan's body to the scan that runs it: which forward values
 * the steps save, and the nodes in the graph around. */
#include "ops/scan.h"

#include <string.h>

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
static bool is_repeated(const kt__back *b, const kt_node *n, int depth)
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
static bool is_input(const kt__back *b, const kt_node *n)
{
    return n->id < b->n && !is_repeated(b, n, 0);
}

static void need(kt__back *b, const kt_vec *nodes)
{
    for (size_t i = 0; i < nodes->n; i++)
        b->needed[((const kt_node *)nodes->at[i])->id] = true;
}

/* Marks what the results need, down to what must be saved. */
static void mark(kt__back *b)
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
static int input_of(const kt__back *b, const kt_node *n)
{
    for (int i = 0; i < b->joint->n_in; i++)
        if (b->joint->in[i] == n)
            return i;
    return -1;
}

static void list_inputs(kt__back *b)
{
    int state = kt__scan_body_state(&b->a), rest = state + b->a.n_state;

    for (int id = 0; id < b->n; id++) {
        kt_node *n = b->joint->g->nodes.at[id];
        int      i = input_of(b, n);

        if (!b->needed[id] || !is_input(b, n))
            continue;
        if (i >= 0 && i < b->a.n_x)
            kt__back_add_turned(b, &b->x, n, b->y->in[i], !(b->a.x_turned >> i & 1U));
        else if (i >= rest)
            kt__back_add(b, &b->rest, n, b->y->in[i]);
        else
            kt__back_push(b, &b->read, n);
    }
    if (b->x.joint.n + b->read.n == 0) /* something must say how many steps there are */
        kt__back_add_turned(b, &b->x, b->joint->in[0], b->y->in[0], true);
}

/* Operands of the sums that are not saved are results. */
static void list_operands(kt__back *b)
{
    for (int i = 0; i < b->n_terms; i++)
        for (int k = 0; k < b->terms[i].op->n_in; k++) {
            bool saved = false;
            for (size_t r = 0; r < b->read.n; r++)
                saved |= b->read.at[r] == b->terms[i].operand[k];
            if (!saved)
                b->terms[i].result[k] = kt__back_result(b, b->terms[i].operand[k], true);
        }
}

/* --- the new scan ----------------------------------------------------------------------------- */

static void place_inputs(kt__back *b, kt_map *map, const kt_vec *joint)
{
    for (size_t i = 0; i < joint->n && !kt_graph_failed(b->g); i++) {
        const kt_node *n = joint->at[i];
        if (!kt_map_set(map, n, kt_body_input(b->body, n->dtype, n->shape)))
            kt_raise_memory(b->g->fault);
    }
}

static void make_body(kt__back *b)
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
static kt_node *save(kt__back *b)
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

static kt_node *emit(kt__back *b, kt_node *reserve)
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
        kt__back_push(b, &in, b->x.outer.at[i]);
    if (reserve)
        kt__back_push(b, &in, reserve);
    for (size_t i = 0; i < b->state.outer.n; i++)
        kt__back_push(b, &in, b->state.outer.at[i]);
    for (size_t i = 0; i < b->rest.outer.n; i++)
        kt__back_push(b, &in, b->rest.outer.at[i]);
    kt_node *y = kt__scan_emit(b->g, &a, (int)in.n, (kt_node *const *)in.at);
    b->body = NULL; /* the graph's now */
    kt_vec_free(&in);
    return y;
}

/* --- back in the graph around ----------------------------------------------------------------- */

/* The rows of the joint node that is saved, [steps, ..]. */
static kt_node *saved_rows(kt__back *b, kt_node *reserve, const kt_node *joint)
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

static kt_node *sum_of(kt__back *b, const kt__scan_term *t, kt_node *y, kt_node *reserve)
{
    kt_node *in[2] = {NULL, NULL};

    for (int k = 0; k < t->op->n_in && !kt_graph_failed(b->g); k++)
        in[k] = merged(b->g, t->result[k] >= 0 ? kt_part(y, t->result[k])
                                               : saved_rows(b, reserve, t->operand[k]));
    return kt_emit(b->g, t->op->op, t->op->attr, t->op->attr_size, t->op->n_in, in);
}

/* dx by the inputs of y; those of the body that come from the reserve do not exist. */
static void give(kt__back *b, kt_node *y, kt_node *reserve, kt_node **dx)
{
    for (int k = 0; k < b->a.n_x; k++)
        if (b->slope[k] >= 0)
            dx[k] = kt_part(y, b->slope[k]);
    for (size_t i = 0; i < b->after.joint.n; i++)
        dx[b->carried[i]] = kt_part(y, (int)(b->out.joint.n + i));
    for (int i = 0; i < b->n_terms && !kt_graph_failed(b->g); i++) {
        const kt__scan_term *t = &b->terms[i];
        kt_node             *sum = sum_of(b, t, y, reserve), **to = &dx[t->input];
        *to = *to ? kt_add(b->g, *to, sum) : sum;
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

void kt__back_emit(kt__back *b, kt_node **dx)
{
    kt_arena *a = &b->joint->g->arena;

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
