/* test_nn_steps.c - an LSTM run step by step, as a scan or written out, gives what the op for all
 * steps gives, outputs and gradients, in every combination of its options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "nn/recurrence/rnn.h"
#include "support/op_golden.h"

enum { INPUTS = 6, RESULTS = 3 + INPUTS };

/* Bits of a variant. */
enum {
    SEQUENCES = 1,
    BACKWARDS = 2,
    ZEROS = 4,
    MASKED = 8,
    BIASED = 16,
    UNROLLED = 32,
    VARIANTS = 64
};

static const char *const names[RESULTS] = {"output", "h",      "c",         "dx",  "dh",
                                           "dc",     "kernel", "recurrent", "bias"};

typedef struct sizes {
    int64_t batch, time, features, units;
} sizes;

static kt_activation_type tanh_fn = {.cls = {.class_name = "tanh"}, .fn = {.fn = KT_UN_TANH}};
static kt_activation_type gate_fn = {.cls = {.class_name = "elu"}, .fn = {KT_UN_ELU, 0.5, 0}};

static kt_node *as_op(kt_graph *g, const kt_cell *p, int v, kt_node *x, kt_node *mask,
                      kt_node **state)
{
    kt_lstm_attr a = {.units = p->units,
                      .act = p->act->fn,
                      .recurrent_act = p->recurrent_act->fn,
                      .return_sequences = v & SEQUENCES,
                      .go_backwards = v & BACKWARDS,
                      .zero_output_for_mask = v & ZEROS};
    kt_node     *y = kt_lstm(g, x, state[0], state[1], p->kernel, p->recurrent, p->bias, mask, &a);

    state[0] = kt_part(y, 1);
    state[1] = kt_part(y, 2);
    return y;
}

static kt_node *as_steps(kt_graph *g, const kt_cell *p, int v, kt_node *x, kt_node *mask,
                         kt_node **state)
{
    kt_rnn_flags flags = {.return_sequences = v & SEQUENCES,
                          .go_backwards = v & BACKWARDS,
                          .zero_output_for_mask = v & ZEROS,
                          .unroll = v & UNROLLED};
    kt_steps     s = {.step = kt_lstm_cell.step,
                      .inputs = kt_cell_inputs,
                      .width = v & BIASED ? INT64_MAX : 0, /* both orders of what is turned */
                      .cell = p,
                      .n_state = 2,
                      .flags = &flags};

    return kt_rnn_steps(g, &s, x, mask, state);
}

/* Fills out with output, h, c, then the gradients. */
static void build(golden *t, sizes n, int v, bool steps, kt_node **out)
{
    kt_cell  p = {.units = n.units, .act = &tanh_fn, .recurrent_act = &gate_fn};
    int      bits[64];
    kt_node *x, *state[2], *mask;

    golden_start(t);
    for (int i = 0; i < 64; i++)
        bits[i] = (0x9A6C5D3 >> i % 28) & 1;
    x = golden_input(t, KT_SHAPE(n.batch, n.time, n.features), 0, 1);
    state[0] = golden_input(t, KT_SHAPE(n.batch, n.units), 1, 1);
    state[1] = golden_input(t, KT_SHAPE(n.batch, n.units), 2, 1);
    p.kernel = golden_input(t, KT_SHAPE(n.features, 4 * n.units), 3, 0.6);
    p.recurrent = golden_input(t, KT_SHAPE(n.units, 4 * n.units), 4, 0.6);
    p.bias = v & BIASED ? golden_input(t, KT_SHAPE(4 * n.units), 5, 0.5) : NULL;
    mask = v & MASKED ? golden_integers(t, KT_BOOLEAN, KT_SHAPE(n.batch, n.time), bits) : NULL;
    out[0] = (steps ? as_steps : as_op)(t->g, &p, v, x, mask, state);
    out[1] = state[0];
    out[2] = state[1];
    golden_gradients(t, 3, out, out + 3);
}

/* The op's values, as float32. */
static void values_of(golden *t, kt_node *y, float *to)
{
    kt_plan *p = kt_plan_new(t->g, &y, 1, &t->fault);

    assert_non_null(p);
    for (int i = 0; i < t->n; i++)
        kt_plan_bind(p, t->input[i], t->value[i]);
    kt_plan_run(p);
    for (int64_t i = 0; i < kt_shape_count(&y->shape); i++)
        to[i] = (float)kt_peek(kt_plan_data(p, y), y->dtype, i);
    kt_plan_free(p);
}

static void compare(sizes n, int v)
{
    golden   op, steps;
    kt_node *want[RESULTS], *got[RESULTS];
    float    values[1024];

    build(&op, n, v, false, want);
    build(&steps, n, v, true, got);
    for (int k = 0; k < 3 + op.n; k++) {
        char name[64];
        assert_true(kt_shape_equal(&want[k]->shape, &got[k]->shape));
        assert_true(kt_shape_count(&want[k]->shape) <= (int64_t)KT_COUNT(values));
        snprintf(name, sizeof name, "variant %d, %lld steps: %s", v, (long long)n.time, names[k]);
        values_of(&op, want[k], values);
        golden_check(&steps, name, got[k], values, (size_t)kt_shape_count(&want[k]->shape));
    }
    golden_end(&op);
    golden_end(&steps);
}

static void steps_are_the_op(void **state)
{
    static const sizes all[] = {{2, 5, 3, 2}, {1, 1, 1, 1}, {3, 4, 2, 5}, {4, 7, 6, 3}};

    (void)state;
    for (size_t i = 0; i < KT_COUNT(all); i++)
        for (int v = 0; v < VARIANTS; v++)
            if ((v & (UNROLLED | ZEROS | MASKED)) !=
                (UNROLLED | ZEROS | MASKED)) /* Keras' own way */
                compare(all[i], v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(steps_are_the_op)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
