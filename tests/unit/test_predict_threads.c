/* test_predict_threads.c - several threads predict with one model at once, batches of several
 * sizes: each gets what a thread alone gets. (make tsan looks closer.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/base.h"
#include "keratin/model.h"
#include "tensor/tensor.h"

enum { THREADS = 6, SIZES = 24, ROUNDS = 20, FEATURES = 3 };

static kt_tensor *inputs[SIZES], *wanted[SIZES];

typedef struct job {
    kt_model   *m;
    _Atomic int ready, wrong;
} job;

static kt_model *new_model(void)
{
    kt_set_seed(7);
    return kt_model_from(
        "Sequential([Dense(8, activation='tanh', input_shape=(3,)), Dropout(0.5), Dense(2)])");
}

static bool same(const kt_tensor *a, const kt_tensor *b)
{
    return a && a->count == b->count &&
           memcmp(a->data, b->data, (size_t)a->count * sizeof(float)) == 0;
}

/* All begin together, each with another size. */
static void *predict(void *user)
{
    job *j = user;
    int  first = atomic_fetch_add(&j->ready, 1);

    while (j->ready < THREADS)
        ;
    for (int i = 0; i < SIZES; i++) {
        int        k = (first + i) % SIZES;
        kt_tensor *y = kt_predict(j->m, inputs[k]);
        if (!same(y, wanted[k]))
            j->wrong++;
        kt_tensor_unref(y);
    }
    return NULL;
}

static void threads_predict_at_once(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t thread[THREADS];
        job       j = {.m = new_model()};

        assert_false(kt_failed(j.m));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&thread[i], NULL, predict, &j), 0);
        for (int i = 0; i < THREADS; i++)
            pthread_join(thread[i], NULL);
        assert_int_equal(j.wrong, 0);
        kt_model_free(j.m);
    }
}

static int set_up(void **state)
{
    kt_model *m = new_model();

    (void)state;
    for (int i = 0; i < SIZES; i++) {
        inputs[i] = kt_numpy_rand((uint32_t)i + 1, KT_SHAPE(1 + i, FEATURES));
        wanted[i] = kt_predict(m, inputs[i]);
    }
    kt_model_free(m);
    return wanted[0] ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < SIZES; i++) {
        kt_tensor_unref(inputs[i]);
        kt_tensor_unref(wanted[i]);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_predict_at_once)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
