/* test_memory.c - the n-th allocation fails, for every n: building, training, saving and loading
 * end in MemoryError or succeed; they neither crash nor leak (the sanitizers look). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "keratin/io.h"
#include "keratin/model.h"
#include "support/needs.h"

enum { MOST = 200000 };

typedef struct outcome {
    bool        ok;
    kt_status   status;
    const char *message;
} outcome;

static outcome outcome_of(kt_model *m)
{
    const kt_error *e = kt_model_error(m);

    return (outcome){m && !e, e ? e->status : KT_E_MEMORY, e ? e->message : ""};
}

static kt_tensor *x, *y;
static char       path[64];

static outcome build(void)
{
    kt_model *m = kt_model_from(
        "Sequential([Dense(4, activation='relu', input_shape=(3,)), BatchNormalization(), Dropout(0.5), Dense(2)])");
    outcome o = outcome_of(m);

    kt_model_free(m);
    return o;
}

static kt_model *trained(void)
{
    kt_model *m = kt_model_from(
        "Sequential([Dense(4, activation='relu', input_shape=(3,)), Dropout(0.2), Dense(2, activation='softmax')])");

    kt_compile(m, .optimizer = "Adam(clipnorm=1.0)", .loss = "sparse_categorical_crossentropy",
               .metrics = {"accuracy"});
    kt_history_free(kt_fit(m, x, y, .epochs = 2, .batch_size = 4, .validation_split = 0.25));
    return m;
}

static outcome fit(void)
{
    kt_model *m = trained();
    outcome   o = outcome_of(m);

    kt_model_free(m);
    return o;
}

static outcome save(void)
{
    kt_model *m = kt_load(path);
    char      other[80];

    snprintf(other, sizeof other, "%s.copy.keras", path);
    if (!kt_failed(m))
        kt_save(m, other);
    outcome o = outcome_of(m);
    kt_model_free(m);
    unlink(other);
    return o;
}

static outcome predict(void)
{
    kt_model *m = kt_load(path);

    kt_tensor_unref(kt_predict(m, x));
    outcome o = outcome_of(m);
    kt_model_free(m);
    return o;
}

/* Fails allocation 1, 2, 3 ... until the work makes fewer. `spare`: how many of them the work can
 * do without. */
static void starve(outcome (*work)(void), const char *name, int spare)
{
    int64_t n = 1;

    for (; n < MOST; n++) {
        int64_t before = kt_alloc_count();
        kt_alloc_fail_after(n);
        outcome   o = work();
        kt_status status = o.status;
        bool      ok = o.ok;
        kt_alloc_fail_after(0);
        if (ok && kt_alloc_count() - before < n)
            break;
        if (ok && spare-- <= 0)
            fail_msg("%s succeeds though allocation %lld fails", name, (long long)n);
        if (!ok && status != KT_E_MEMORY)
            fail_msg("%s with allocation %lld failing: status %d instead of MemoryError", name,
                     (long long)n, (int)status);
    }
    assert_true(n > 10 && n < MOST);
}

static void test_building(void **state)
{
    (void)state;
    starve(build, "build", 0);
}

static void test_training(void **state)
{
    (void)state;
    starve(fit, "fit", 0);
}

static void test_saving(void **state)
{
    (void)state;
    starve(save, "save", 1); /* the name of the folder that is flushed */
}

static void test_loading_and_predicting(void **state)
{
    (void)state;
    starve(predict, "load and predict", 0);
}

static int set_up(void **state)
{
    (void)state;
    need_reading(true);
    x = kt_tensor_new(KT_F32, KT_SHAPE(12, 3));
    y = kt_tensor_new(KT_I32, KT_SHAPE(12));
    for (int64_t i = 0; i < 36; i++)
        kt_tensor_set(x, i, (double)(i % 7) / 7);
    for (int64_t i = 0; i < 12; i++)
        kt_tensor_set(y, i, (double)(i % 2));
    snprintf(path, sizeof path, "/tmp/keratin-memory-XXXXXX.keras");
    int fd = mkstemps(path, 6);
    close(fd);
    kt_model *m = trained();
    int       bad = kt_save(m, path) != KT_OK;
    kt_model_free(m);
    return bad;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_building),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_saving),
        cmocka_unit_test(test_loading_and_predicting),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
