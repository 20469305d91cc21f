/* test_model_threads.c - many threads predict with one model: an error belongs to the call that
 * made it, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keratin/io.h"
#include "model/model.h"
#include "support/in_use.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { FAILING_CALLS = 3000 };
#else
enum { FAILING_CALLS = 100000 };
#endif
enum { THREADS = 8, CALLS = 200 };

static kt_model *new_model(void)
{
    kt_model *m = kt_model_from("Sequential([Dense(8, activation='relu', input_shape=(None, 4)), "
                                "LSTM(3), Dense(2)])");

    assert_false(kt_failed(m));
    return m;
}

static kt_tensor *rows(int64_t length, int64_t features)
{
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(3, length, features));

    for (int64_t i = 0; t && i < t->count; i++)
        kt_tensor_set(t, i, (double)(i % 5) - 2);
    return t;
}

/* --- one thread ------------------------------------------------------------------------------- */

static void later_calls_start_clean(void **state)
{
    kt_model  *m = new_model(), *other = new_model();
    kt_tensor *bad = rows(2, 5), *good = rows(2, 4);
    char       path[] = "/tmp/keratin-threads-XXXXXX";
    int        fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_null(kt_predict(m, bad));
    assert_true(kt_failed(m)); /* told to who made the call */
    assert_int_equal(kt_model_error(m)->status, KT_E_VALUE);
    assert_non_null(strstr(kt_model_error(m)->message, "incompatible"));
    assert_false(kt_failed(other));
    kt_tensor *y = kt_predict(m, good);
    assert_non_null(y);
    assert_false(kt_failed(m));
    assert_null(kt_model_error(m));
    kt_tensor_unref(y);

    assert_null(kt_predict(m, NULL));
    assert_string_equal(kt_model_error(m)->message, "predict needs data");
    kt_clear_error(m);
    assert_false(kt_failed(m));

    char json[sizeof path + 8];
    snprintf(json, sizeof json, "%s.json", path);
    assert_null(kt_predict(m, bad));
    assert_int_equal(kt_save(m, json), KT_OK);
    assert_false(kt_failed(m));
    unlink(json);
    unlink(path);

    assert_null(kt_predict(m, bad));
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(3, 2));
    assert_int_equal(kt_compile(m, .optimizer = "sgd", .loss = "mse"), KT_OK);
    assert_null(kt_predict(m, bad));
    kt_history *h = kt_fit(m, good, t);
    assert_non_null(h);
    assert_false(kt_failed(m));
    kt_history_free(h);
    kt_tensor_unref(t);
    kt_tensor_unref(bad);
    kt_tensor_unref(good);
    kt_model_free(m);
    kt_model_free(other);
}

/* The table is that of the call, also when another prediction has worked meanwhile. */
static void explain_shows_the_call(void **state)
{
    kt_model  *m = new_model();
    kt_tensor *bad = rows(2, 5);
    char      *text = NULL;
    size_t     size;
    FILE      *out = open_memstream(&text, &size);

    (void)state;
    assert_null(kt_predict(m, bad));
    kt_explain(m, out);
    fclose(out);
    assert_non_null(strstr(text, "ValueError"));
    assert_non_null(strstr(text, "fails here"));
    free(text);
    kt_tensor_unref(bad);
    kt_model_free(m);
}

/* A model at the address of a freed one has not failed. */
static void an_error_ends_with_its_model(void **state)
{
    kt_tensor *bad = rows(2, 5);

    (void)state;
    for (int i = 0; i < 20; i++) {
        kt_model *m = new_model();
        assert_false(kt_failed(m));
        assert_null(kt_predict(m, bad));
        assert_true(kt_failed(m));
        kt_model_free(m);
    }
    kt_tensor_unref(bad);
}

/* --- many threads ----------------------------------------------------------------------------- */

typedef struct caller {
    kt_model *m;
    int       number;
    int       wrong; /* calls that did not end as they should */
} caller;

static bool call_ends_well(caller *c, int i)
{
    bool       bad = c->number % 2 && i % 3 > 0;
    int64_t    features = bad ? 5 + c->number : 4;
    kt_tensor *x = rows(1 + (i + c->number) % 4, features), *y = kt_predict(c->m, x);
    char       size[32];

    snprintf(size, sizeof size, "%d)", (int)features); /* of this thread's own data */
    bool ok = bad ? !y && kt_failed(c->m) && strstr(kt_model_error(c->m)->message, size)
                  : y && !kt_failed(c->m) && kt_tensor_count(y) == 6;
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    return ok;
}

static void *call_many_times(void *ctx)
{
    caller *c = ctx;

    for (int i = 0; i < CALLS; i++)
        c->wrong += !call_ends_well(c, i);
    return NULL;
}

static void errors_stay_in_their_thread(void **state)
{
    kt_model *m = new_model();
    pthread_t thread[THREADS];
    caller    c[THREADS];

    (void)state;
    kt_set_threads(3);
    for (int i = 0; i < THREADS; i++) {
        c[i] = (caller){m, i, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, call_many_times, &c[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(c[i].wrong, 0);
    }
    assert_false(kt_failed(m));
    char *json = kt_to_json(m);
    assert_non_null(json);
    kt_text_free(json);
    kt_model_free(m);
}

/* Threads come and go with an error that nobody asked for. */
static void *fail_once(void *ctx)
{
    kt_tensor *bad = rows(2, 6);

    kt_tensor_unref(kt_predict(ctx, bad));
    kt_tensor_unref(bad);
    return NULL;
}

/* --- memory ----------------------------------------------------------------------------------- */

static void failing_calls_leave_nothing(void **state)
{
    kt_model  *m = new_model();
    kt_tensor *bad[2] = {rows(2, 5), kt_tensor_new(KT_F32, KT_SHAPE(3, 4))};
    size_t     before = 0;

    (void)state;
    for (int i = 0; i < FAILING_CALLS + 10; i++) {
        if (i == 10)
            before = bytes_in_use();
        assert_null(kt_predict(m, bad[i % 2]));
    }
    assert_int_equal(bytes_in_use(), before);
    kt_tensor_unref(bad[0]);
    kt_tensor_unref(bad[1]);
    kt_model_free(m);
}

static void ending_threads_leave_nothing(void **state)
{
    kt_model *m = new_model();
    size_t    before = 0;

    (void)state;
    for (int i = 0; i < 60; i++) {
        pthread_t thread;
        if (i == 10)
            before = bytes_in_use();
        assert_int_equal(pthread_create(&thread, NULL, fail_once, m), 0);
        pthread_join(thread, NULL);
    }
    assert_true(bytes_in_use() <=
                before + 4096); /* the C library may keep some of a thread's own */
    kt_model_free(m);
}

/* --- the end ---------------------------------------------------------------------------------- */

static int threads_now(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char  line[256];
    int   n = -1;

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Threads: %d", &n) == 1)
            break;
    if (f)
        fclose(f);
    return n;
}

/* A thread that was joined may still be counted for a moment. */
static bool threads_become(int n)
{
    for (int i = 0; i < 2000 && threads_now() != n; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return threads_now() == n;
}

static void nothing(void *ctx, int64_t begin, int64_t end)
{
    (void)ctx;
    (void)begin;
    (void)end;
}

static void shutdown_joins_the_pool(void **state)
{
    kt_model  *m = new_model();
    kt_tensor *bad = rows(2, 5), *good = rows(2, 4);

    (void)state;
    kt_shutdown();
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    int before = threads_now();
    for (int i = 0; i < 3; i++) {
        kt_set_threads(4);
        kt_parallel(4, 1, nothing, NULL);
        if (before > 0)
            assert_true(threads_become(before + 3));
        assert_null(kt_predict(m, bad));
        kt_shutdown();
        kt_shutdown();
        assert_false(kt_failed(m)); /* the thread's failure is gone too */
        if (before > 0)
            assert_true(threads_become(before));
        kt_tensor *y = kt_predict(m, good); /* and it all works on */
        assert_non_null(y);
        kt_tensor_unref(y);
    }
    kt_tensor_unref(bad);
    kt_tensor_unref(good);
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(later_calls_start_clean),
        cmocka_unit_test(explain_shows_the_call),
        cmocka_unit_test(an_error_ends_with_its_model),
        cmocka_unit_test(errors_stay_in_their_thread),
        cmocka_unit_test(failing_calls_leave_nothing),
        cmocka_unit_test(ending_threads_leave_nothing),
        cmocka_unit_test(shutdown_joins_the_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
