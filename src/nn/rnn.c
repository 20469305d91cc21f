/* rnn.c - states, dropout and checks of recurrent layers. */
#include "nn/rnn.h"

kt_status kt_check_units(kt_layer *l, const kt_value *units)
{
    kt_str text = {0};
    double n;

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

double kt_share(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

kt_status kt_rnn_state_build(kt_layer *l, kt_rnn_state *s, int n, const kt_shape *in, int64_t units)
{
    int64_t batch = in->dim[0];

    if (batch == KT_UNKNOWN)
        return kt_layer_fail(
            l, KT_E_VALUE,
            "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape=%s",
            kt_shape_text(&l->arena, in));
    for (s->n = 0; s->n < n; s->n++) {
        kt_variable *v = kt_arena_alloc(&l->arena, sizeof *v);
        if (v)
            v->value = kt_tensor_new(l->dtype, KT_SHAPE(batch, units));
        if (!v || !v->value)
            return kt_raise_memory(&l->fault);
        v->name = v->path = "rnn_state";
        v->dtype = l->dtype;
        v->shape = KT_SHAPE(batch, units);
        s->state[s->n] = v;
    }
    return KT_OK;
}

void kt_rnn_state_free(kt_rnn_state *s)
{
    for (int i = 0; i < s->n; i++)
        kt_tensor_unref(s->state[i]->value);
    s->n = 0;
}

static kt_node *zeros(kt_call *c, int64_t batch, int64_t units, kt_dtype d)
{
    return kt_broadcast_to(c->g, kt_scalar_as(c->g, 0, d), KT_SHAPE(batch, units));
}

void kt_rnn_start(kt_layer *l, kt_call *c, const kt_rnn_state *s, bool stateful, int n,
                  int64_t units, kt_node **out)
{
    int64_t batch = c->in[0]->shape.dim[0];

    for (int i = 0; i < n; i++) {
        if (c->n_in > i + 1) {
            out[i] = kt_cast(c->g, c->in[i + 1], l->dtype);
        } else if (stateful && s->state[i]) {
            int64_t expected = s->state[i]->shape.dim[0];
            if (c->t->eager && batch != KT_UNKNOWN && batch != expected) {
                kt_call_fail(
                    l, c, KT_E_VALUE,
                    "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial "
                    "state. \n- Expected batch size: %lld\n- Received batch size: %lld",
                    (long long)expected, (long long)batch);
                return;
            }
            out[i] = kt_read(c->g, s->state[i]);
        } else {
            out[i] = zeros(c, batch, units, l->dtype);
        }
    }
}

/* --- step by step ----------------------------------------------------------------------------- */

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

/* A masked step leaves all as it was; of its output nothing, or what was put out before. */
static kt_node *choose(kt_graph *g, const kt_steps *s, kt_node *valid, kt_node **fresh,
                       kt_node *before, kt_node **state)
{
    kt_node *y = fresh[0];

    if (valid)
        y = kt_select(g, valid, y,
                      before && !s->zero_output_for_mask ? before : kt_scalar_as(g, 0, y->dtype));
    for (int i = 0; i < s->n_state; i++)
        state[i] = valid ? kt_select(g, valid, fresh[i], state[i]) : fresh[i];
    return y;
}

kt_node *kt_rnn_steps(kt_graph *g, const kt_steps *s, kt_node *x, kt_node *mask, kt_node **state)
{
    int64_t   time = kt_is_poison(g, x) ? 0 : x->shape.dim[1];
    kt_node **all = kt_arena_calloc(&g->arena, (size_t)time * 3 + 1, sizeof *all), *y = NULL;
    kt_node  *fresh[4];

    KT_ASSERT(s->n_state <= 4);
    if (!all) {
        kt_raise_memory(g->fault);
        return g->poison;
    }
    kt_node **at = all + time, **masks = at + time;
    pieces(g, x, time, at);
    if (mask)
        pieces(g, mask, time, masks);
    for (int64_t i = 0; i < time && !kt_graph_failed(g); i++) {
        int64_t  t = s->go_backwards ? time - 1 - i : i;
        kt_node *valid = masks[t];
        for (int k = 0; k < s->n_state; k++)
            fresh[k] = state[k];
        s->step(g, s->cell, kt_squeeze(g, at[t], 1), fresh);
        y = choose(g, s, valid, fresh, y, state);
        all[i] = kt_expand_dims(g, y, 1);
    }
    if (kt_graph_failed(g) || !y)
        return g->poison;
    return s->return_sequences ? kt_concat(g, (int)time, all, 1) : y;
}
