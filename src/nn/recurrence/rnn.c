/* rnn.c - the steps of recurrent layers one after another, and checks of cells. */
#include "nn/recurrence/rnn.h"

void *kt_field_of(const kt_layer *l, const char *name)
{
    const kt_field *f = kt_config_find(l->type->cls.config, name);

    KT_ASSERT(f);
    return (char *)l->config + f->offset;
}

kt_status kt_check_units(kt_layer *l)
{
    const kt_value *units = *(const kt_value **)kt_field_of(l, "units");
    kt_str          text = {0};
    double          n;

    if (!kt_python_orders(l, units, "<=", "int", 0))
        return kt_layer_status(l);
    if (kt_value_number(units, &n) && n > 0) /* Keras takes 2.5 here, and fails when it builds */
        return KT_OK;
    kt_python_str(&text, units);
    kt_layer_fail(
        l, KT_E_VALUE,
        "Received an invalid value for argument `units`, expected a positive integer, got %s.",
        kt_str_text(&text));
    kt_str_free(&text);
    return kt_layer_status(l);
}

kt_node *kt_rnn_swapped(kt_graph *g, kt_node *x)
{
    int      perm[KT_MAX_RANK] = {1, 0};
    kt_shape s = x->shape;

    for (int i = 2; i < KT_MAX_RANK; i++)
        perm[i] = i;
    if (kt_is_poison(g, x) || (s.dim[0] != 1 && s.dim[1] != 1))
        return kt_transpose(g, x, perm);
    s.dim[0] = x->shape.dim[1];
    s.dim[1] = x->shape.dim[0];
    return kt_reshape(g, x, s);
}

/* --- masks ------------------------------------------------------------------------------------ */

/* valid [batch, 1] ? x [batch, ..] : other */
static kt_node *where(kt_graph *g, kt_node *valid, kt_node *x, kt_node *other)
{
    kt_shape s = {.rank = x->shape.rank, .dim = {valid->shape.dim[0]}};

    for (int i = 1; i < s.rank; i++)
        s.dim[i] = 1;
    return kt_select(g, kt_reshape(g, valid, s), x, other);
}

static kt_node *or_zero(kt_graph *g, kt_node *valid, kt_node *y)
{
    return where(g, valid, y, kt_scalar_as(g, 0, y->dtype));
}

/* A masked step leaves all as it was; of its output nothing, or what was put out before (NULL: yet
 * nothing). */
static kt_node *choose(kt_graph *g, const kt_steps *s, kt_node *valid, kt_node **fresh,
                       kt_node *before, kt_node **state)
{
    kt_node *y = fresh[0];
    bool     zeros = !before || (s->flags->zero_output_for_mask && !s->flags->unroll);

    if (valid)
        y = zeros ? or_zero(g, valid, y) : where(g, valid, y, before);
    for (int i = 0; i < s->n_state; i++)
        state[i] = valid ? where(g, valid, fresh[i], state[i]) : fresh[i];
    return y;
}

/* --- unrolled: a layer's own wish ------------------------------------------------------------ */

/* Pieces of 1 along axis 1. By halves, since the gradient puts each piece back among zeros: piece
 * by piece, that would grow with the square of their number. */
static void pieces(kt_graph *g, kt_node *x, int64_t n, kt_node **out)
{
    if (n > 1) {
        pieces(g, kt_slice_axis(g, x, 1, 0, n / 2), n / 2, out);
        pieces(g, kt_slice_axis(g, x, 1, n / 2, n - n / 2), n - n / 2, out + n / 2);
    } else if (n == 1) {
        out[0] = x;
    }
}

/* Keras' unrolled steps leave out masked outputs in the end, by the mask in the sequence's own
 * order whatever that of the steps was; only the last alone goes by its own step. */
static kt_node *leave_out(kt_graph *g, const kt_steps *s, int64_t time, kt_node **all,
                          kt_node *const *masks, kt_node *y)
{
    const kt_rnn_flags *f = s->flags;

    if (!masks[0] || !f->unroll || !f->zero_output_for_mask)
        return y;
    for (int64_t i = 0; i < time && f->return_sequences; i++)
        all[i] = kt_expand_dims(
            g, or_zero(g, masks[f->turned ? time - 1 - i : i], kt_squeeze(g, all[i], 1)), 1);
    return or_zero(g, masks[f->go_backwards ? 0 : time - 1], y);
}

static kt_node *unrolled(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state)
{
    kt_node  *z = s->inputs(g, s->cell, x, false);
    int64_t   time = kt_is_poison(g, z) ? 0 : z->shape.dim[1];
    kt_node **all = kt_arena_calloc(&g->arena, (size_t)time * 3 + 1, sizeof *all), *y = NULL;
    kt_node  *fresh[KT_MAX_CARRIED];

    if (!all) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    kt_node **at = all + time, **masks = at + time;
    pieces(g, z, time, at);
    if (mask)
        pieces(g, mask, time, masks);
    for (int64_t i = 0; i < time && !kt_graph_failed(g); i++) {
        int64_t t = s->flags->go_backwards ? time - 1 - i : i;
        for (int k = 0; k < s->n_state; k++)
            fresh[k] = state[k];
        s->step(g, s->cell, kt_squeeze(g, at[t], 1), fresh);
        y = choose(g, s, masks[t], fresh, y, state);
        all[i] = kt_expand_dims(g, y, 1);
    }
    if (kt_graph_failed(g) || !y)
        return g->poison;
    y = leave_out(g, s, time, all, masks, y);
    return s->flags->return_sequences ? kt_concat(g, (int)time, all, 1) : y;
}

/* --- as a scan -------------------------------------------------------------------------------- */

/* z [time, batch, ..]: the smaller of x and z is turned. */
static kt_node *time_first(kt_graph *g, const kt_steps *s, kt_node *x)
{
    if (kt_is_poison(g, x))
        return x;
    if (kt_shape_product(&x->shape, 2, x->shape.rank) < s->width)
        return s->inputs(g, s->cell, kt_rnn_swapped(g, x), true);
    return kt_rnn_swapped(g, s->inputs(g, s->cell, x, false));
}

/* What the steps put out last is a state too where it is not the first one: it is carried on by
 * masked steps, or is all that is wanted of the outputs. */
static kt_node *scanned(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state)
{
    const kt_rnn_flags *f = s->flags;
    bool                carries = mask && !f->zero_output_for_mask;
    bool                extra = carries || (mask && !f->return_sequences);
    int                 n_y = f->return_sequences, n = s->n_state;
    kt_scan             scan = {.n_x = 1 + (mask != NULL),
                                .n_state = n + extra,
                                .x_turned = f->go_backwards ? 3 : 0,
                                .x = {time_first(g, s, x), mask ? kt_rnn_swapped(g, mask) : NULL}};
    kt_node            *fresh[KT_MAX_CARRIED], *next[KT_MAX_CARRIED], *valid = NULL;

    for (int i = 0; i < n; i++)
        scan.state[i] = state[i];
    if (extra)
        scan.state[n] = kt_broadcast_to(g, kt_scalar_as(g, 0, state[0]->dtype), state[0]->shape);
    kt_scan_begin(g, &scan);
    if (kt_graph_failed(g))
        return g->poison;
    for (int i = 0; i < n; i++)
        fresh[i] = next[i] = scan.now[i];
    s->step(g, s->cell, scan.in[0], fresh);
    if (mask)
        valid = kt_expand_dims(g, scan.in[1], 1);
    kt_node *y = choose(g, s, valid, fresh, carries ? scan.now[n] : NULL, next);
    if (extra)
        next[n] = y;
    kt_node *all = kt_scan_end(g, &scan, next, n_y, &y);
    if (kt_graph_failed(g))
        return g->poison;
    for (int i = 0; i < n; i++)
        state[i] = kt_part(all, n_y + i);
    return n_y ? kt_rnn_swapped(g, all) : kt_part(all, extra ? n : 0);
}

kt_node *kt_rnn_steps(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state)
{
    KT_ASSERT(s->n_state < KT_MAX_CARRIED);
    return (s->flags->unroll ? unrolled : scanned)(g, s, x, mask, state);
}
