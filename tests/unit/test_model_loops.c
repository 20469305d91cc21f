/* test_model_loops.c - the loops over batches and epochs: which rows a batch holds and in which
 * order, sample weights that come and go, where a fit that was stopped leaves the model. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keratin/keratin.h"

enum { ROWS = 100 };

/* y = x * weight, so that everything can be told by hand. */
static kt_model *line(double weight)
{
    kt_model *m = kt_sequential(kt_dense(1, .use_bias = false, .input_shape = {1}));

    assert_false(kt_failed(m));
    kt_tensor_set(kt_weight_at(m, 0, NULL), 0, weight);
    return m;
}

/* [rows, 1]: begin, begin + 1, ... */
static kt_tensor *counting(int64_t rows, double begin, double step)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(rows, 1));

    assert_non_null(t);
    for (int64_t i = 0; i < rows; i++)
        kt_tensor_set(t, i, begin + step * (double)i);
    return t;
}

static kt_tensor *weights_of(int64_t rows, double even, double odd)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(rows));

    assert_non_null(t);
    for (int64_t i = 0; i < rows; i++)
        kt_tensor_set(t, i, i % 2 ? odd : even);
    return t;
}

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-5 * (1 + fabs(want))))
        fail_msg("%.9g, expected %.9g", got, want);
}

static double last(kt_history *h, const char *key)
{
    double v = kt_history_get(h, key, -1);

    assert_non_null(h);
    kt_history_free(h);
    return v;
}

/* --- predict ---------------------------------------------------------------------------------- */

static void test_each_batch_of_predict_has_its_own_rows(void **state)
{
    static const int64_t sizes[] = {0, 1, 7, 32, 99, 100, 1000};
    kt_model            *m = line(3);
    kt_tensor           *x = counting(ROWS, 0, 1);
    kt_data             *d = kt_data_new();

    (void)state;
    kt_data_add_x(d, "", x);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        kt_tensor *y = NULL;
        assert_int_equal(kt_predict_many(m, d, sizes[s], &y, 1), KT_OK);
        assert_int_equal(kt_tensor_count(y), ROWS);
        for (int64_t i = 0; i < ROWS; i++)
            near(kt_tensor_get(y, i), 3 * (double)i);
        kt_tensor_unref(y);
    }
    kt_data_free(d);
    kt_tensor_unref(x);
    kt_model_free(m);
}

/* --- weights of samples ----------------------------------------------------------------------- */

static double evaluated(kt_model *m, kt_tensor *x, kt_tensor *y, kt_tensor *weight)
{
    return last(kt_evaluate(m, .x = x, .y = y, .batch_size = 8, .sample_weight = weight), "loss");
}

/* The same shapes with and without weights, in both orders: the plans must not be mixed up. */
static void test_weights_come_and_go(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        kt_model  *m = line(0);
        kt_tensor *x = counting(16, 0, 0), *y = counting(16, 2, 0);
        kt_tensor *none = weights_of(16, 0, 0), *half = weights_of(16, 1, 0);
        kt_compile(m, .optimizer = "sgd", .loss = "mse");
        if (first)
            near(evaluated(m, x, y, half), 2);
        near(evaluated(m, x, y, NULL), 4);
        near(evaluated(m, x, y, half), 2);
        near(evaluated(m, x, y, none), 0);
        near(evaluated(m, x, y, NULL), 4);
        near(last(kt_fit(m, x, y, .batch_size = 8, .sample_weight = half), "loss"), 2);
        near(last(kt_fit(m, x, y, .batch_size = 8), "loss"), 4);
        kt_tensor_unref(x);
        kt_tensor_unref(y);
        kt_tensor_unref(none);
        kt_tensor_unref(half);
        kt_model_free(m);
    }
}

/* --- the order of rows ------------------------------------------------------------------------ */

typedef struct orders {
    int64_t n;
    double  seen[4 * ROWS];
} orders;

/* With x = 1 and this rate a step sets the weight to its sample's target. */
static int keep_target(void *user, const kt_progress *p)
{
    orders *o = user;

    assert_true(o->n < 4 * ROWS);
    o->seen[o->n++] = kt_tensor_get(kt_weight_at(p->model, 0, NULL), 0);
    return 0;
}

static void train_in_order(orders *o, int64_t epochs, bool shuffle, uint64_t seed)
{
    kt_model  *m = line(0);
    kt_tensor *x = counting(ROWS, 1, 0), *y = counting(ROWS, 0, 1);

    o->n = 0;
    kt_set_seed(seed);
    kt_compile(m, .optimizer = "SGD(0.5)", .loss = "mse");
    kt_history_free(kt_fit(m, x, y, .epochs = epochs, .batch_size = 1, .shuffle = shuffle,
                           .on_batch = keep_target, .user = o));
    assert_false(kt_failed(m));
    assert_int_equal(o->n, epochs * ROWS);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static bool is_everything(const double *seen)
{
    bool found[ROWS] = {false};

    for (int i = 0; i < ROWS; i++) {
        int64_t row = llround(seen[i]);
        if (row < 0 || row >= ROWS || found[row] || fabs(seen[i] - (double)row) > 1e-3)
            return false;
        found[row] = true;
    }
    return true;
}

static int moved(const double *a, const double *b)
{
    int n = 0;

    for (int i = 0; i < ROWS; i++)
        n += llround(a[i]) != llround(b[i]);
    return n;
}

static void test_every_epoch_has_an_order_of_its_own(void **state)
{
    orders a, b, c, plain;

    (void)state;
    train_in_order(&plain, 2, false, 1);
    train_in_order(&a, 3, true, 1);
    train_in_order(&b, 3, true, 1);
    train_in_order(&c, 3, true, 2);
    for (int i = 0; i < 2 * ROWS; i++)
        near(plain.seen[i], i % ROWS);
    for (int e = 0; e < 3; e++) {
        assert_true(is_everything(a.seen + e * ROWS));
        assert_true(moved(a.seen + e * ROWS, plain.seen) > ROWS / 2);
        assert_true(moved(a.seen + e * ROWS, a.seen + (e + 1) % 3 * ROWS) > ROWS / 2);
        assert_int_equal(moved(a.seen + e * ROWS, b.seen + e * ROWS), 0);
        assert_true(moved(a.seen + e * ROWS, c.seen + e * ROWS) > ROWS / 2);
    }
}

/* x and y are shuffled together, and so are the weights. */
static void test_rows_stay_together(void **state)
{
    kt_model  *m = line(5);
    kt_tensor *x = counting(ROWS, 0, 1), *y = counting(ROWS, 0, 5), *w = weights_of(ROWS, 1, 0);

    (void)state;
    kt_compile(m, .optimizer = "SGD(0.0)", .loss = "mse");
    near(last(kt_fit(m, x, y, .epochs = 2, .batch_size = 7), "loss"), 0);
    for (int64_t i = 1; i < ROWS; i += 2) /* wrong where the weight is zero */
        kt_tensor_set(y, i, -1000);
    near(last(kt_fit(m, x, y, .epochs = 2, .batch_size = 7, .sample_weight = w), "loss"), 0);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_tensor_unref(w);
    kt_model_free(m);
}

/* --- a fit that is stopped -------------------------------------------------------------------- */

static int stop_at_once(void *user, const kt_progress *p)
{
    ++*(int *)user;
    return p->batch == 0;
}

/* The epoch is of one batch; validation, evaluation and all that follows see every row. */
static void test_after_a_stop_everything_works(void **state)
{
    kt_model  *m = line(0);
    kt_tensor *x = counting(ROWS, 0, 0), *y = counting(ROWS, 0, 1);
    int        batches = 0;

    (void)state;
    kt_compile(m, .optimizer = "sgd", .loss = "mae");
    kt_history *h = kt_fit(m, x, y, .epochs = 5, .batch_size = 10, .shuffle = false, .val_x = x,
                           .val_y = y, .on_batch = stop_at_once, .user = &batches);
    assert_non_null(h);
    assert_int_equal(batches, 1);
    assert_int_equal(kt_history_epochs(h), 1);
    near(kt_history_get(h, "loss", 0), 4.5);
    near(kt_history_get(h, "val_loss", 0), 49.5);
    kt_history_free(h);
    near(last(kt_evaluate(m, .x = x, .y = y), "loss"), 49.5);
    kt_stop(m); /* with nothing that runs */
    near(last(kt_evaluate(m, .x = x, .y = y), "loss"), 49.5);
    kt_stop(m);
    near(last(kt_train_on_batch(m, x, y), "loss"), 49.5);
    kt_stop(m);
    h = kt_fit(m, x, y, .epochs = 2, .batch_size = 10);
    assert_int_equal(kt_history_epochs(h), 2);
    near(last(h, "loss"), 49.5);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static int stop_at_the_end(void *user, const kt_progress *p)
{
    assert_int_equal(p->batch, -1);
    return p->epoch == *(int *)user;
}

static void test_a_stop_at_the_end_of_an_epoch(void **state)
{
    kt_model  *m = line(0);
    kt_tensor *x = counting(8, 0, 1), *y = counting(8, 0, 1);
    int        until = 2;

    (void)state;
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    kt_history *h = kt_fit(m, x, y, .epochs = 9, .on_epoch = stop_at_the_end, .user = &until);
    assert_int_equal(kt_history_epochs(h), 3);
    kt_history_free(h);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
}

/* --- tables ----------------------------------------------------------------------------------- */

/* Numbers are a column, as Keras' losses want them beside outputs of one column: against [rows] a
 * [rows, 1] output would be compared with every target. */
static void test_a_target_column_keeps_its_axis(void **state)
{
    char      path[] = "/tmp/keratin-loops-XXXXXX";
    int       fd = mkstemp(path);
    FILE     *out = fdopen(fd, "w");
    kt_model *m = line(2);

    (void)state;
    assert_non_null(out);
    for (int i = 0; i < 5; i++)
        fprintf(out, "%d,%d\n", i, 2 * i);
    assert_int_equal(fclose(out), 0);
    kt_data        *d = kt_data_csv(path, "-1");
    const kt_shape *y = kt_tensor_shape(kt_data_y(d, 0));
    assert_int_equal(y->rank, 2);
    assert_int_equal(y->dim[0], 5);
    assert_int_equal(y->dim[1], 1);
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    near(last(kt_evaluate(m, .data = d), "loss"), 0);
    kt_data_free(d);
    kt_model_free(m);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_batch_of_predict_has_its_own_rows),
        cmocka_unit_test(test_weights_come_and_go),
        cmocka_unit_test(test_every_epoch_has_an_order_of_its_own),
        cmocka_unit_test(test_rows_stay_together),
        cmocka_unit_test(test_after_a_stop_everything_works),
        cmocka_unit_test(test_a_stop_at_the_end_of_an_epoch),
        cmocka_unit_test(test_a_target_column_keeps_its_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
