/* test_thread_error.c - failures that belong to no object are kept by the thread, the first one,
 * and what is given to an object is an error of it. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"

/* The thread holds this failure, and now no more. */
static void holds(const char *type, const char *message)
{
    const kt_error *e = kt_thread_error();

    assert_non_null(e);
    assert_string_equal(e->type, type);
    assert_string_equal(e->message, message);
    assert_true(e->axis == -1 && e->input == -1 && e->expected == KT_NO_FACT);
    kt_clear_thread_error();
    assert_null(kt_thread_error());
}

/* A sentence that is too long ends in dots, and no letter of several bytes is cut. */
static void long_sentences(void **state)
{
    char path[2000] = "/", whole[1200], want[1200];

    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(1));
        size_t     n = 1;
        while (n < 1 + (size_t)shift)
            path[n++] = 'a';
        while (n + 3 < sizeof path) {
            memcpy(path + n, "\xe2\x82\xac", 4);
            n += 3;
        }
        assert_true(kt_tensor_save(t, path) != KT_OK);
        snprintf(whole, sizeof whole, "[Errno 36] File name too long: '%.1100s", path);
        size_t end = 1020;
        while (((unsigned char)whole[end] & 0xc0) == 0x80)
            end--;
        snprintf(want, sizeof want, "%.*s...", (int)end, whole);
        assert_string_equal(kt_thread_error()->message, want);
        kt_clear_thread_error();
        kt_tensor_unref(t);
    }
}

static void tensors(void **state)
{
    (void)state;
    kt_tensor *t = kt_tensor_new(KT_F32, KT_SHAPE(2, 3));

    assert_true(isnan(kt_tensor_get(t, 6)));
    holds("IndexError", "kt_tensor_get: index 6 is out of range for a tensor of 6 elements");
    assert_true(isnan(kt_tensor_get(t, -1)));
    holds("IndexError", "kt_tensor_get: index -1 is out of range for a tensor of 6 elements");
    kt_tensor_set(t, 7, 1);
    holds("IndexError", "kt_tensor_set: index 7 is out of range for a tensor of 6 elements");
    assert_null(kt_tensor_rows(t, 1, 3));
    holds("IndexError", "kt_tensor_rows: [1, 3) is not within 2 rows");
    assert_null(kt_tensor_reshape(t, KT_SHAPE(4)));
    holds("ValueError", "kt_tensor_reshape: the tensor has 6 elements, the shape 4");
    assert_null(kt_tensor_new(KT_F32, KT_SHAPE(2, KT_UNKNOWN)));
    holds("ValueError", "a tensor's sizes must be known, and their product fit 63 bits");
    assert_null(kt_tensor_new(KT_F64, KT_SHAPE(INT64_MAX / 4)));
    holds("MemoryError", "a tensor of 2305843009213693951 elements does not fit the memory");
    assert_null(kt_tensor_new(KT_F32, (kt_shape){.rank = 9}));
    holds("ValueError", "a tensor of rank 9: 0 to 8 axes are possible");
    assert_null(kt_numpy_randint(1, 3, 3, KT_SHAPE(2)));
    holds("ValueError", "low >= high");
    assert_null(kt_tensor_from(NULL, KT_F32, KT_SHAPE(2)));
    holds("ValueError", "kt_tensor_from: data is NULL");
    assert_int_equal(kt_tensor_save(t, "/no/such/folder/a.npy"), KT_E_FILE_NOT_FOUND);
    assert_string_equal(kt_thread_error()->type, "FileNotFoundError");
    kt_clear_thread_error();
    assert_true(kt_tensor_get(t, 5) == 0);
    assert_null(kt_thread_error());
    kt_tensor_unref(t);
}

static void models_refuse(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(NULL, kt_dense(3));

    assert_string_equal(
        kt_model_error(m)->message,
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: None (of type <class 'NoneType'>)");
    kt_model_free(m);
    m = kt_sequential(kt_dense(3, .input_shape = {2}), NULL);
    assert_true(kt_failed(m));
    kt_model_free(m);
    m = kt_sequential_of(NULL);
    assert_true(kt_failed(m));
    kt_model_free(m);
    m = kt_sequential_list(0, NULL);
    assert_false(kt_failed(m));
    kt_model_free(m);
    m = kt_sequential(kt_dense(3, .input_shape = {2}));
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(4, 2));
    kt_data   *d = kt_data_new();
    kt_data_add_x(d, "x", x);
    assert_int_equal(kt_compile(m, .loss = "msee"), KT_E_VALUE);
    assert_string_equal(kt_model_error(m)->text, "kt_compile(m, .loss = \"msee\")");
    kt_clear_error(m);
    kt_compile(m, .loss = "mse");
    assert_null(kt_fit(m, x, .data = d));
    assert_string_equal(kt_model_error(m)->message, "give either x and y, or data; received both");
    assert_string_equal(kt_model_error(m)->text, "kt_fit(m, x, .data = d)");
    kt_clear_error(m);
    assert_null(kt_evaluate(m, x, .data = d));
    assert_string_equal(kt_model_error(m)->text, "kt_evaluate(m, x, .data = d)");
    kt_data_free(d);
    kt_tensor_unref(x);
    kt_model_free(m);
}

static void objects_keep_their_own(void **state)
{
    (void)state;
    kt_model  *m = kt_sequential(kt_dense(1, .input_shape = {3}));
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(2, 3));
    kt_data   *d = kt_data_new();

    assert_null(kt_predict(m, NULL));
    assert_true(kt_failed(m));
    assert_string_equal(kt_model_error(m)->message, "predict needs data");
    kt_clear_error(m);
    kt_data_add_x(d, "x", NULL);
    assert_string_equal(kt_data_error(d)->message, "the array 'x' is NULL");
    kt_tensor *out = NULL;
    assert_int_equal(kt_predict_many(m, d, 0, &out, 1), KT_E_VALUE);
    assert_string_equal(kt_model_error(m)->message, "the array 'x' is NULL");
    kt_clear_error(m);
    kt_compile(m, .loss = "mse");
    assert_null(kt_fit(m, .data = d));
    assert_string_equal(kt_model_error(m)->message, "the array 'x' is NULL");
    assert_null(kt_thread_error());
    assert_null(kt_predict(NULL, x));
    holds("ValueError", "kt_predict: the model is NULL");
    assert_null(kt_fit_with(NULL));
    holds("ValueError", "kt_fit: the argument struct is NULL");
    assert_null(kt_fit(NULL, x, x));
    holds("ValueError", "kt_fit: the model is NULL");
    kt_data_free(d);
    kt_tensor_unref(x);
    kt_model_free(m);
}

static void the_first_one_stays(void **state)
{
    (void)state;
    char name[3000];

    kt_tensor_get(NULL, 0);
    kt_predict(NULL, NULL);
    holds("ValueError", "kt_tensor_get: the tensor is NULL");
    memset(name, 'a', sizeof name - 1); /* too long to be kept whole */
    name[sizeof name - 1] = 0;
    assert_null(kt_tensor_load(name, NULL));
    size_t n = strlen(kt_thread_error()->message);
    assert_true(n > 900 && n < 1024);
    assert_string_equal(kt_thread_error()->message + n - 3, "...");
    kt_clear_thread_error();
    char *error = NULL;
    assert_null(kt_tensor_load("no such file", &error)); /* the caller asks for it */
    assert_non_null(error);
    assert_null(kt_thread_error());
    kt_text_free(error);
}

static void explained(const kt_model *m, const char *text)
{
    char   buffer[512] = "";
    FILE  *f = tmpfile();
    size_t n;

    kt_explain(m, f);
    rewind(f);
    n = fread(buffer, 1, sizeof buffer - 1, f);
    buffer[n] = 0;
    fclose(f);
    assert_string_equal(buffer, text);
}

static void it_is_explained_where_the_model_is_well(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_dense(1, .input_shape = {3}));

    explained(m, "");
    explained(NULL, "");
    kt_tensor_get(NULL, 0);
    explained(m, "ValueError: kt_tensor_get: the tensor is NULL\n");
    explained(NULL, "ValueError: kt_tensor_get: the tensor is NULL\n");
    kt_predict(m, NULL);
    explained(m, "ValueError: predict needs data\n"); /* what came of it is not repeated */
    kt_clear_thread_error();
    kt_model_free(m);
}

static void *other(void *is_clean)
{
    *(bool *)is_clean = !kt_thread_error();
    kt_tensor_get(NULL, 0);
    return NULL;
}

static void each_thread_has_its_own(void **state)
{
    (void)state;
    bool      clean = false;
    pthread_t t;

    kt_tensor_rows(NULL, 0, 1);
    assert_int_equal(pthread_create(&t, NULL, other, &clean), 0);
    pthread_join(t, NULL);
    assert_true(clean);
    holds("ValueError", "kt_tensor_rows: the tensor is NULL");
}

static void loading_from_memory(void **state)
{
    (void)state;
    char      json[] = "no model";
    kt_model *m = kt_load_memory(json, sizeof json - 1, NULL);

    assert_true(kt_failed(m));
    assert_non_null(strstr(kt_model_error(m)->message, "memory"));
    assert_null(strstr(kt_model_error(m)->message, "out of memory"));
    kt_model_free(m);
    m = kt_load_memory(NULL, 3, NULL);
    assert_string_equal(kt_model_error(m)->message, "kt_load_memory: data is NULL");
    kt_model_free(m);
    kt_model *made = kt_sequential(kt_dense(2, .input_shape = {3}));
    char     *text = kt_to_json(made);
    m = kt_load_memory(text, strlen(text), NULL);
    memset(text, 0, strlen(text)); /* the buffer is not needed any more */
    kt_text_free(text);
    if (kt_failed(m)) /* a build without jansson can not read it, and says so */
        assert_string_equal(kt_model_error(m)->type, "NotImplementedError");
    else
        assert_int_equal(kt_count_parameters(m), 8);
    kt_model_free(m);
    kt_model_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors),
        cmocka_unit_test(long_sentences),
        cmocka_unit_test(models_refuse),
        cmocka_unit_test(objects_keep_their_own),
        cmocka_unit_test(the_first_one_stays),
        cmocka_unit_test(it_is_explained_where_the_model_is_well),
        cmocka_unit_test(each_thread_has_its_own),
        cmocka_unit_test(loading_from_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
