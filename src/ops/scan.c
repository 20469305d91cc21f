/* scan.c - the same step for each row of sequences, as one node: a recurrent layer of any cell.
 *
 *   state, y[i] = body(x[i], state, rest)
 *
 * A step is traced as ordinary nodes and moved out of the graph afterwards; what does not depend on
 * the step's rows and states stays behind and is computed once. */
#include "ops/scan.h"

#include <string.h>

/* --- the op ----------------------------------------------------------------------------------- */

int64_t kt__scan_width(int n, kt_node *const *node)
{
    int64_t width = 0;

    for (int i = 0; i < n; i++)
        width = kt__plus(width, kt_shape_count(&node[i]->shape));
    return width;
}

kt_dtype kt__scan_reserve_dtype(int n, kt_node *const *node)
{
    kt_dtype d = KT_BOOLEAN;

    for (int i = 0; i < n; i++)
        d = kt__common_dtype(d, kt_dtype_is_int(node[i]->dtype) ? KT_F64 : node[i]->dtype);
    return d;
}

/* [steps, ..] of one step's value */
static void set_sequence(kt_op_call *c, int k, const kt_node *one)
{
    c->out[k].dtype = one->dtype;
    c->out[k].shape.rank = one->shape.rank + 1;
    kt_from_axis(c, k, 0, 0, 0);
    for (int i = 0; i < one->shape.rank; i++)
        kt_from(c, k, i + 1, one->shape.dim[i], KT_FROM_NOWHERE, -1, -1, -1);
}

static kt_status shape(kt_op_call *c)
{
    const kt_scan_attr *a = c->attr;
    int                 first = kt__scan_state(a), n = 0;

    if (c->n_in != first + a->body->n_in - kt__scan_body_state(a) || first == 0 ||
        a->n_y + a->n_state >= KT_MAX_PARTS)
        return kt_raise(c->g->fault, KT_E_NOT_IMPLEMENTED, "scan: %d inputs, %d results", c->n_in,
                        a->n_y + a->n_state);
    for (int k = 0; k < a->n_y; k++)
        set_sequence(c, n++, a->body->out[k]);
    for (int i = 0; i < a->n_state; i++)
        kt_like(c, n++, first + i);
    c->n_out = n;
    return KT_OK;
}

kt_node *kt__scan_emit(kt_graph *g, const kt_scan_attr *a, int n_in, kt_node *const *in)
{
    kt_node *y = kt_emit(g, &kt__op_scan, a, sizeof *a, n_in, in);

    kt_body_unref(a->body);
    return y;
}

/* --- the builder ------------------------------------------------------------------------------ */

static kt_node *placeholder_of(kt_graph *g, const kt_node *x, int axis)
{
    return kt_placeholder(g, "", x->dtype, kt_shape_slice(&x->shape, axis, x->shape.rank));
}

void kt_scan_begin(kt_graph *g, kt_scan *s)
{
    s->first = (int)g->nodes.n;
    for (int i = 0; i < s->n_x; i++)
        s->in[i] = placeholder_of(g, s->x[i], 1);
    for (int i = 0; i < s->n_state; i++)
        s->now[i] = placeholder_of(g, s->state[i], 0);
}

/* The state behind the step as that before it; sizes that do not fit are an error. */
static kt_node *settle(kt_graph *g, kt_node *next, const kt_node *now)
{
    if (!kt_is_poison(g, next) && !kt_shape_fits(&next->shape, &now->shape) &&
        !kt_shape_fits(&now->shape, &next->shape))
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "A state of shape %s becomes %s in a step",
                 kt_shape_text(&g->arena, &now->shape), kt_shape_text(&g->arena, &next->shape));
    return kt_cast(g, next, now->dtype);
}

/* The node of a body that is made of the step from s->first on. */
static kt_node *emit(kt_graph *g, const kt_scan *s, int n_y, kt_node *const *out)
{
    kt_scan_attr a = {.n_x = s->n_x,
                      .n_state = s->n_state,
                      .n_y = n_y,
                      .x_turned = s->x_turned,
                      .y_turned = s->y_turned};
    int          own = s->n_x + s->n_state;
    kt_node     *placeholder[4 * KT_MAX_CARRIED], *y = g->poison;
    kt_vec       rest = {0};

    memcpy(placeholder, s->in, (size_t)s->n_x * sizeof *placeholder);
    memcpy(placeholder + s->n_x, s->now, (size_t)s->n_state * sizeof *placeholder);
    a.body = kt_outline(g, s->first, own, placeholder, n_y + s->n_state, out, &rest);
    kt_node **in = kt_arena_calloc(&g->arena, (size_t)own + rest.n + 1, sizeof *in);
    if (!in)
        kt_raise_memory(g->fault);
    for (int i = 0; in && i < own; i++)
        in[i] = i < s->n_x ? s->x[i] : s->state[i - s->n_x];
    for (size_t i = 0; in && i < rest.n; i++)
        in[(size_t)own + i] = rest.at[i];
    if (in && a.body)
        y = kt__scan_emit(g, &a, own + (int)rest.n, in);
    else
        kt_body_unref(a.body);
    kt_vec_free(&rest);
    return y;
}

kt_node *kt_scan_end(kt_graph *g, const kt_scan *s, kt_node *const *next, int n_y,
                     kt_node *const *y)
{
    kt_node *out[2 * KT_MAX_CARRIED];

    KT_ASSERT(n_y <= KT_MAX_CARRIED && s->n_state <= KT_MAX_CARRIED);
    for (int k = 0; k < n_y; k++)
        out[k] = y[k];
    for (int i = 0; i < s->n_state; i++)
        out[n_y + i] = settle(g, next[i], s->now[i]);
    return kt_graph_failed(g) ? g->poison : emit(g, s, n_y, out);
}

/* --- samples ---------------------------------------------------------------------------------- */

/* r: x is gone through from its end; t: y is written from there; m: a mask holds states; a: the
 * state is multiplied by a weight, element by element; p: the product takes what is computed in the
 * step; b: a bias in the step; x: the gradient needs x; l: no y, the last state alone; 2: a state
 * that only remembers the one before; 1: one step; 0: no rows. */
static const char *const samples[] = {"",   "r",  "t",   "rt",   "m",  "mrt", "a",   "pb", "x",
                                      "xl", "l2", "mpl", "rxb2", "1x", "0",   "abx", "2"};

typedef struct example {
    const char *flags;
    kt_scan     scan;
    kt_node    *weights, *scale, *bias;
} example;

static bool has(const example *e, char flag)
{
    return strchr(e->flags, flag) != NULL;
}

/* h = tanh(x + h . weights ..), or h as it was where the mask says so */
static kt_node *sample_step(kt_graph *g, const example *e)
{
    kt_node *h = e->scan.now[0], *x = e->scan.in[0];
    kt_node *seen = has(e, 'a') ? kt_mul(g, h, e->scale) : h;

    if (has(e, 'p'))
        seen = kt_unary(g, KT_UN_SIGMOID, kt_mul(g, seen, e->scale));
    kt_node *z = kt_matmul(g, seen, e->weights, false, false);
    if (has(e, 'b'))
        z = kt_add(g, z, e->bias);
    z = kt_unary(g, KT_UN_TANH, kt_add(g, has(e, 'x') ? kt_mul(g, x, z) : z, x));
    return has(e, 'm') ? kt_select(g, kt_expand_dims(g, e->scan.in[1], 1), z, h) : z;
}

/* y, and the states so that each of them counts */
static kt_node *sum_up(kt_graph *g, const example *e, kt_node *y, int n_y)
{
    kt_node *sum = kt_part(y, n_y);

    if (has(e, '2'))
        sum = kt_add(g, kt_mul_scalar(g, sum, 0.5), kt_part(y, n_y + 1));
    return n_y > 0 ? kt_add(g, kt_expand_dims(g, sum, 0), y) : sum;
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t t = s->size(s, 2, 6), b = s->size(s, 1, 4), u = s->size(s, 1, 5);

    if (variant >= (int)KT_COUNT(samples))
        return NULL;
    example e = {.flags = samples[variant]};
    t = has(&e, '1') ? 1 : t;
    b = has(&e, '0') ? 0 : b;
    e.scan = (kt_scan){.n_x = 1 + has(&e, 'm'),
                       .n_state = 1 + has(&e, '2'),
                       .x_turned = has(&e, 'r') ? 3 : 0,
                       .y_turned = has(&e, 't')};
    e.scan.x[0] = s->real(s, KT_SHAPE(t, b, u), -1, 1);
    if (e.scan.n_x > 1)
        e.scan.x[1] = kt_cast(s->g, s->integer(s, KT_SHAPE(t, b), 0, 2), KT_BOOLEAN);
    e.scan.state[0] = s->real(s, KT_SHAPE(b, u), -1, 1);
    if (e.scan.n_state > 1)
        e.scan.state[1] = s->real(s, KT_SHAPE(b, u), -1, 1);
    e.weights = s->real(s, KT_SHAPE(u, u), -0.6, 0.6);
    e.scale = has(&e, 'a') || has(&e, 'p') ? s->real(s, KT_SHAPE(u), 0.5, 1) : NULL;
    e.bias = has(&e, 'b') ? s->real(s, KT_SHAPE(u), -1, 1) : NULL;
    kt_scan_begin(s->g, &e.scan);
    kt_node *next[] = {sample_step(s->g, &e), e.scan.now[0]};
    int      n_y = !has(&e, 'l');
    kt_node *y = kt_scan_end(s->g, &e.scan, next, n_y, next);
    return kt_graph_failed(s->g) ? s->g->poison : sum_up(s->g, &e, y, n_y);
}

const kt_op_type kt__op_scan = {
    .name = "scan",
    .min_in = 1,
    .max_in = -1,
    .flags = KT_OP_BODY,
    .shape = shape,
    .gradient = kt__scan_gradient,
    .reference = kt__scan_reference,
    .scratch = kt__scan_scratch,
    .sample = sample,
};

const kt_op_type *const kt_ops_scan[] = {&kt__op_scan, NULL};
