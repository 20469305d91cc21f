/* test_model_steps.c - the plans that a model keeps: up to a bound in bytes, the least recently
 * used go first, and memory does not grow with the number of shapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/step.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PLAIN false /* freed memory stays with the sanitizer */
#else
#define PLAIN true
#endif

enum { LENGTHS = 1500, FEATURES = 2, UNITS = 4, BOUND = 4 << 20 };

static kt_model *sequences(void)
{
    kt_model *m = kt_model_from("Sequential([Input((None, 2)), LSTM(4, activity_regularizer='l2', "
                                "return_sequences=True), LSTM(4), Dense(1)])");

    assert_false(kt_failed(m));
    return m;
}

static kt_tensor *sequence(int64_t length)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(2, length, FEATURES));

    assert_non_null(t);
    for (int64_t i = 0; i < t->count; i++)
        kt_tensor_set(t, i, (double)(i % 7) / 7 - 0.4);
    return t;
}

static double predicted(kt_model *m, int64_t length)
{
    kt_tensor *x = sequence(length), *y = kt_predict(m, x);

    assert_non_null(y);
    double v = kt_tensor_get(y, 0);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return v;
}

/* In MB; 0 where it is not known. */
static double resident(void)
{
    FILE  *f = fopen("/proc/self/statm", "r");
    long   all = 0, here = 0;
    double mb = 0;

    if (f && fscanf(f, "%ld %ld", &all, &here) == 2)
        mb = (double)here * (double)sysconf(_SC_PAGESIZE) / 1e6;
    if (f)
        fclose(f);
    return mb;
}

static bool keeps(kt_model *m, int64_t length)
{
    for (size_t i = 0; i < m->steps.n; i++)
        if (((kt_step *)m->steps.at[i])->key.x[0].dim[1] == length)
            return true;
    return false;
}

static void memory_does_not_grow_with_shapes(void **state)
{
    kt_model *m = sequences();
    double    at_third = 0;

    (void)state;
    kt_set_plan_memory(m, BOUND);
    for (int64_t n = 1; n <= LENGTHS; n++) {
        predicted(m, n);
        assert_true(kt_plan_memory(m) <= BOUND);
        if (n == LENGTHS / 3)
            at_third = resident();
        if (n % (LENGTHS / 6) == 0)
            print_message("%5d shapes: %6.1f MB resident, %4.1f MB of plans\n", (int)n, resident(),
                          (double)kt_plan_memory(m) / 1e6);
    }
    assert_true(m->steps.n > 1 && m->steps.n < LENGTHS / 3);
    if (PLAIN) /* the longest sequences' own arrays are in it */
        assert_true(resident() - at_third < 8);
    kt_model_free(m);
}

static void the_default_is_a_bound_too(void **state)
{
    kt_model *m = sequences();

    (void)state;
    for (int64_t n = 1; n <= 1200; n++)
        predicted(m, 1 + n % 1100);
    assert_true(kt_plan_memory(m) <= (size_t)256 << 20);
    assert_true(m->steps.n <= 1024); /* and in number */
    kt_model_free(m);
}

/* A plan that was forgotten and made again computes the same. */
static void results_do_not_depend_on_the_bound(void **state)
{
    kt_model *m = sequences();
    double    first[20];

    (void)state;
    for (int64_t n = 0; n < 20; n++)
        first[n] = predicted(m, n + 1);
    kt_set_plan_memory(m, 1); /* only the last one used */
    assert_int_equal(m->steps.n, 1);
    for (int64_t n = 0; n < 20; n++) {
        assert_true(predicted(m, n + 1) == first[n]);
        assert_int_equal(m->steps.n, 1);
        assert_true(keeps(m, n + 1));
    }
    kt_set_plan_memory(m, 0);
    for (int64_t n = 0; n < 20; n++)
        predicted(m, n + 1);
    assert_int_equal(m->steps.n, 20);
    kt_model_free(m);
}

static void the_least_recently_used_goes_first(void **state)
{
    kt_model *m = sequences();

    (void)state;
    for (int64_t n = 10; n < 14; n++)
        predicted(m, n);
    predicted(m, 10); /* 11, 12, 13, 10 */
    kt_set_plan_memory(m, kt_plan_memory(m) - 1);
    assert_false(keeps(m, 11));
    assert_true(keeps(m, 10) && keeps(m, 12) && keeps(m, 13));
    kt_set_plan_memory(m, ((kt_step *)m->steps.at[m->steps.n - 1])->bytes);
    assert_int_equal(m->steps.n, 1);
    assert_true(keeps(m, 10));
    assert_int_equal(kt_plan_memory(m), ((kt_step *)m->steps.at[0])->bytes);
    kt_model_free(m);
}

/* Training has two plans in use at a time, and a callback predicts meanwhile: none that is in use
 * is forgotten. Trials count too. */
static int predict_meanwhile(void *user, const kt_progress *p)
{
    if (p->batch >= 0)
        predicted(user, 3 + p->batch);
    return 0;
}

static void training_under_a_small_bound(void **state)
{
    double loss[2];

    (void)state;
    for (int small = 0; small < 2; small++) {
        kt_set_seed(3);
        kt_model  *m = sequences();
        kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(11, 5, FEATURES));
        kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(11, 1));
        for (int64_t i = 0; i < x->count; i++)
            kt_tensor_set(x, i, (double)(i % 5) - 2);
        kt_set_plan_memory(m, small ? 1 : 0);
        kt_compile(m, .optimizer = "sgd", .loss = "mse");
        kt_history *h = kt_fit(m, x, y, .epochs = 3, .batch_size = 4, .validation_split = 0.2,
                               .on_batch = predict_meanwhile, .user = m);
        assert_non_null(h);
        loss[small] = kt_history_get(h, "val_loss", -1);
        if (small)
            assert_int_equal(m->steps.n, 1);
        kt_history_free(h);
        kt_model_free(m);
        kt_tensor_unref(x);
        kt_tensor_unref(y);
    }
    assert_true(loss[0] == loss[1]);
}

static void trials_are_bounded(void **state)
{
    kt_model *m = sequences();

    (void)state;
    kt_set_plan_memory(m, 1 << 20);
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    for (int64_t n = 1; n <= 300; n++) {
        kt_tensor  *x = sequence(n), *y = kt_tensor_new(KT_F32, KT_SHAPE(2, 1));
        kt_history *h = kt_evaluate(m, x, y);
        assert_non_null(h);
        assert_true(kt_plan_memory(m) <= 1 << 20);
        kt_history_free(h);
        kt_tensor_unref(x);
        kt_tensor_unref(y);
    }
    kt_model_free(m);
}

static void nothing_without_a_model(void **state)
{
    (void)state;
    kt_set_plan_memory(NULL, 1);
    assert_int_equal(kt_plan_memory(NULL), 0);
}

/* --- long sequences --------------------------------------------------------------------------- */

/* What a step of sequences [8, length, 3] takes, alone. */
static kt_step *step_of(const char *expression, kt_purpose purpose, int64_t length, kt_model **m)
{
    kt_step_key key = {.purpose = purpose, .rows = 8, .n_x = 1, .x = {KT_SHAPE(8, length, 3)}};
    kt_fault    f = {0};

    *m = kt_model_from(expression);
    assert_false(kt_failed(*m));
    if (purpose == KT_TRAIN) {
        assert_int_equal(kt_compile(*m, .optimizer = "sgd", .loss = "mse"), KT_OK);
        key.n_y = 1;
        key.y[0] = KT_SHAPE(8, 1);
        key.y_dtype[0] = KT_F32;
    }
    kt_step *s = kt_step_new(*m, &key, &f, NULL);
    if (!s)
        fail_msg("%s: %s", expression, f.e.message);
    return s;
}

typedef struct taken {
    int    steps;
    size_t graph, plan;
} taken;

static taken take(const char *expression, kt_purpose purpose, int64_t length)
{
    kt_model *m;
    kt_step  *s = step_of(expression, purpose, length, &m);
    taken     t = {kt_plan_steps(s->plan), kt_graph_bytes(s->graph), kt_plan_bytes(s->plan)};

    kt_step_free(s);
    kt_model_free(m);
    return t;
}

static const char *const stepped[] = {
    "Sequential([Input((None, 3)), GRU(16), Dense(1)])",
    "Sequential([Input((None, 3)), Masking(), Bidirectional(SimpleRNN(16)), Dense(1)])",
    ("Sequential([Input((None, 3)), RNN([LSTMCell(16, recurrent_dropout=0.5), GRUCell(16, "
     "reset_after=False, dropout=0.5)], go_backwards=True), Dense(1)])"),
};

/* As many nodes and calls for 2,000 steps as for 20. */
static void steps_are_traced_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < KT_COUNT(stepped); i++)
        for (int train = 0; train < 2; train++) {
            kt_purpose purpose = train ? KT_TRAIN : KT_PREDICT;
            taken      few = take(stepped[i], purpose, 20), many = take(stepped[i], purpose, 2000);
            assert_int_equal(few.steps, many.steps);
            assert_true(many.graph < few.graph + few.graph / 4);
        }
    kt_model *m; /* but where the layer asks for it */
    kt_step  *s = step_of("Sequential([Input((None, 3)), GRU(16, unroll=True), Dense(1)])",
                          KT_PREDICT, 20, &m);
    assert_true(kt_plan_steps(s->plan) > 40);
    kt_step_free(s);
    kt_model_free(m);
}

/* A training step takes at most twice what the op for all steps of an LSTM takes; predicting keeps
 * no states: products of the inputs in both orders, and the inputs. */
static void memory_is_that_of_the_op(void **state)
{
    static const char op[] = "Sequential([Input((None, 3)), LSTM(16), Dense(1)])";
    taken             fused = take(op, KT_TRAIN, 1000);

    (void)state;
    assert_true(take(stepped[0], KT_TRAIN, 1000).plan < 2 * fused.plan);
    assert_true(take("Sequential([Input((None, 3)), LSTM(16, recurrent_dropout=0.5), Dense(1)])",
                     KT_TRAIN, 1000)
                    .plan < 2 * fused.plan);
    size_t more = take(stepped[0], KT_PREDICT, 2000).plan - take(stepped[0], KT_PREDICT, 1000).plan;
    assert_true(more <= 1000 * 8 * (3 + 2 * 48) * sizeof(float));
}

/* Planning does not touch the memory of a plan: a page comes when it is first written. */
static void pages_come_when_they_are_written(void **state)
{
    kt_model *m;
    double    before = resident();
    kt_step  *s = step_of(stepped[0], KT_TRAIN, 20000, &m);

    (void)state;
    if (PLAIN)
        assert_true(resident() - before < (double)kt_plan_bytes(s->plan) / 4e6);
    kt_step_free(s);
    kt_model_free(m);
}

/* What the plan of a body takes counts too. */
static void bodies_are_counted(void **state)
{
    kt_model *m;
    kt_step  *s = step_of("Sequential([Input((None, 3)), GRU(512), Dense(1)])", KT_PREDICT, 2, &m);

    (void)state;
    assert_true(kt_plan_footprint(s->plan) - kt_plan_bytes(s->plan) >= 8 * 512 * 3 * sizeof(float));
    kt_step_free(s);
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_grow_with_shapes),
        cmocka_unit_test(the_default_is_a_bound_too),
        cmocka_unit_test(results_do_not_depend_on_the_bound),
        cmocka_unit_test(the_least_recently_used_goes_first),
        cmocka_unit_test(training_under_a_small_bound),
        cmocka_unit_test(trials_are_bounded),
        cmocka_unit_test(nothing_without_a_model),
        cmocka_unit_test(steps_are_traced_once),
        cmocka_unit_test(memory_is_that_of_the_op),
        cmocka_unit_test(pages_come_when_they_are_written),
        cmocka_unit_test(bodies_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
