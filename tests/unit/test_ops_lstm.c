/* test_ops_lstm.c - LSTM sequences, masked, reversed, with other activations: as Keras has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "goldens/op_lstm.h"
#include "support/op_golden.h"

static const int mask[] = {0, 1, 1, 0, 1, 1, 0, 1, 0, 0};

typedef struct lstm {
    golden   t;
    kt_node *result[3], *grad[GOLDEN_INPUTS];
} lstm;

/* x [2, 5, 3], 2 units. */
static void run(lstm *l, kt_lstm_attr a, bool biased, bool masked)
{
    golden  *t = &l->t;
    kt_node *x, *h, *c, *kernel, *recurrent, *bias, *m, *y;

    golden_start(t);
    x = golden_input(t, KT_SHAPE(2, 5, 3), 0, 1);
    h = golden_input(t, KT_SHAPE(2, 2), 1, 1);
    c = golden_input(t, KT_SHAPE(2, 2), 2, 1);
    kernel = golden_input(t, KT_SHAPE(3, 8), 3, 1);
    recurrent = golden_input(t, KT_SHAPE(2, 8), 4, 1);
    bias = biased ? golden_input(t, KT_SHAPE(8), 5, 1) : NULL;
    m = masked ? golden_integers(t, KT_BOOLEAN, KT_SHAPE(2, 5), mask) : NULL;
    a.units = 2;
    if (a.act.fn == 0) {
        a.act.fn = KT_UN_TANH;
        a.recurrent_act.fn = KT_UN_SIGMOID;
    }
    y = kt_lstm(t->g, x, h, c, kernel, recurrent, bias, m, &a);
    for (int k = 0; k < 3; k++)
        l->result[k] = kt_part(y, k);
    golden_gradients(t, 3, l->result, l->grad);
}

#define CHECK_ALL(l, name)                               \
    CHECK(&(l)->t, (l)->result[0], lstm_##name##_y);     \
    CHECK(&(l)->t, (l)->result[1], lstm_##name##_h);     \
    CHECK(&(l)->t, (l)->result[2], lstm_##name##_c);     \
    CHECK(&(l)->t, (l)->grad[0], lstm_##name##_dx);      \
    CHECK(&(l)->t, (l)->grad[1], lstm_##name##_dh);      \
    CHECK(&(l)->t, (l)->grad[2], lstm_##name##_dc);      \
    CHECK(&(l)->t, (l)->grad[3], lstm_##name##_dkernel); \
    CHECK(&(l)->t, (l)->grad[4], lstm_##name##_drecurrent)
#define CHECK_BIASED(l, name) \
    CHECK_ALL(l, name);       \
    CHECK(&(l)->t, (l)->grad[5], lstm_##name##_dbias)

static void last_output(void **state)
{
    lstm l;

    (void)state;
    run(&l, (kt_lstm_attr){.return_sequences = false}, true, false);
    CHECK_BIASED(&l, last);
    golden_end(&l.t);
}

static void whole_sequence(void **state)
{
    lstm l;

    (void)state;
    run(&l, (kt_lstm_attr){.return_sequences = true}, true, false);
    CHECK_BIASED(&l, sequence);
    golden_end(&l.t);
}

static void masked_steps_keep_output_and_states(void **state)
{
    lstm l;

    (void)state;
    run(&l, (kt_lstm_attr){.return_sequences = true}, true, true);
    CHECK_BIASED(&l, masked);
    golden_end(&l.t);
    run(&l, (kt_lstm_attr){.return_sequences = false}, true, true);
    CHECK_BIASED(&l, masked_last);
    golden_end(&l.t);
}

static void backwards_stays_reversed(void **state)
{
    lstm l;

    (void)state;
    run(&l, (kt_lstm_attr){.return_sequences = true, .go_backwards = true}, true, true);
    CHECK_BIASED(&l, backwards);
    golden_end(&l.t);
}

static void masked_steps_may_give_zeros(void **state)
{
    lstm l;

    (void)state;
    run(&l, (kt_lstm_attr){.return_sequences = true, .zero_output_for_mask = true}, true, true);
    CHECK_BIASED(&l, zeros);
    golden_end(&l.t);
    run(&l, (kt_lstm_attr){.go_backwards = true, .zero_output_for_mask = true}, true, true);
    CHECK_BIASED(&l, zeros_last);
    golden_end(&l.t);
}

static void other_activations_without_bias(void **state)
{
    kt_lstm_attr a = {.act = {.fn = KT_UN_SOFTSIGN}, .recurrent_act = {.fn = KT_UN_HARD_SIGMOID}};
    lstm         l;

    (void)state;
    run(&l, a, false, false);
    CHECK_ALL(&l, others);
    golden_end(&l.t);
}

/* The message must name what does not fit. */
static void sizes_are_checked(void **state)
{
    kt_lstm_attr a = {.units = 2};
    golden       t;
    kt_node     *x, *h, *kernel, *recurrent;

    (void)state;
    golden_start(&t);
    x = golden_input(&t, KT_SHAPE(2, 5, 3), 0, 1);
    h = golden_input(&t, KT_SHAPE(2, 2), 1, 1);
    kernel = golden_input(&t, KT_SHAPE(4, 8), 3, 1);
    recurrent = golden_input(&t, KT_SHAPE(2, 8), 4, 1);
    assert_ptr_equal(kt_lstm(t.g, x, h, h, kernel, recurrent, NULL, NULL, &a), t.g->poison);
    assert_int_equal(t.fault.e.status, KT_E_INVALID_ARGUMENT);
    assert_string_equal(t.fault.e.message, "lstm: axis 0 of input 3 must have size 3, not 4");
    golden_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_output),
        cmocka_unit_test(whole_sequence),
        cmocka_unit_test(masked_steps_keep_output_and_states),
        cmocka_unit_test(backwards_stays_reversed),
        cmocka_unit_test(masked_steps_may_give_zeros),
        cmocka_unit_test(other_activations_without_bias),
        cmocka_unit_test(sizes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
