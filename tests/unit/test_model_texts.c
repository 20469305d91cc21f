/* test_model_texts.c - models that take texts: rows as long as a batch's texts say, in predict and
 * in training; texts where numbers are wanted; results that outlive the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "keratin/keratin.h"

static const char *const lines[] = {
    "good good film", "bad",  "a good one",   "bad bad bad film it was",
    "good",           "good", "not bad: bad", "so bad"};
enum { ROWS = 8 };

static kt_tensor *texts(int64_t rank)
{
    return kt_tensor_from_texts(lines, rank == 1 ? KT_SHAPE(ROWS) : KT_SHAPE(ROWS, 1));
}

static kt_tensor *labels(void)
{
    static const float y[ROWS] = {1, 0, 1, 0, 1, 1, 0, 0};

    return kt_tensor_from(y, KT_F32, KT_SHAPE(ROWS, 1));
}

static kt_model *classifier(void)
{
    return kt_model_from("Sequential([TextVectorization(), Embedding(20, 4), "
                         "GlobalAveragePooling1D(), Dense(1, activation='sigmoid')])");
}

static void rows_are_as_long_as_the_texts(void **state)
{
    (void)state;
    kt_model *m = kt_model_from(
        "Sequential([Input((1,), dtype='string'), TextVectorization(vocabulary=['good', 'bad'])])");
    kt_tensor *x = texts(2), *y = kt_predict(m, x), *flat = texts(1);

    assert_int_equal(kt_tensor_shape(y)->dim[1], 6);
    assert_true(kt_tensor_get(y, 0) == 2 && kt_tensor_get(y, 2) == 1 && kt_tensor_get(y, 3) == 0);
    kt_tensor_unref(y);
    kt_tensor *few = kt_tensor_rows(x, 4, 6);
    y = kt_predict(m, few);
    assert_int_equal(kt_tensor_shape(y)->dim[1], 1);
    kt_tensor_unref(y);
    y = kt_predict(m, flat); /* Keras adds the axis */
    assert_int_equal(kt_tensor_shape(y)->dim[1], 6);
    kt_tensor_unref(y);
    kt_tensor_unref(few);
    kt_tensor_unref(flat);
    kt_tensor_unref(x);
    kt_model_free(m);
}

static void training_learns_from_batches_of_all_lengths(void **state)
{
    (void)state;
    kt_model  *m = classifier();
    kt_data   *d = kt_data_new();
    kt_tensor *x = texts(2), *y = labels();

    assert_int_equal(kt_model_takes_texts(m), 1);
    kt_data_add_x(d, "", x);
    kt_data_add_y(d, "", y);
    assert_int_equal(kt_adapt(m, d), 1);
    kt_compile(m, .optimizer = "Adam(learning_rate=0.1)", .loss = "binary_crossentropy",
               .metrics = {"accuracy"});
    kt_history *h = kt_fit(m, .data = d, .epochs = 30, .batch_size = 3, .validation_split = 0.25);
    if (!h)
        fail_msg("%s", kt_model_error(m)->message);
    assert_true(kt_history_get(h, "accuracy", -1) == 1);
    kt_history_free(h);
    h = kt_evaluate(m, .data = d, .batch_size = 3);
    assert_true(kt_history_get(h, "accuracy", -1) == 1);
    kt_history_free(h);
    kt_tensor *p = kt_predict(m, x); /* of all at once, padded to one length */
    assert_int_equal(kt_tensor_count(p), ROWS);
    kt_tensor_unref(p);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_data_free(d);
    kt_model_free(m);
}

static void vectors_are_as_long_as_what_was_learnt(void **state)
{
    (void)state;
    kt_model  *m = kt_model_from("Sequential([TextVectorization(output_mode='count'), Dense(1)])");
    kt_data   *d = kt_data_new();
    kt_tensor *x = texts(2), *y = labels();

    kt_data_add_x(d, "", x);
    kt_data_add_y(d, "", y);
    assert_int_equal(kt_adapt(m, d), 1);
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    kt_history *h = kt_fit(m, .data = d, .epochs = 1);
    if (!h)
        fail_msg("%s", kt_model_error(m)->message);
    assert_int_equal(kt_tensor_count(kt_weight_at(m, 0, NULL)), 10); /* nine words, and others */
    assert_int_equal(kt_adapt(m, d), 0);
    kt_history_free(h);
    kt_data_free(d);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static void wrong(kt_model *m, kt_tensor *x, kt_status status, const char *words)
{
    assert_null(kt_predict(m, x));
    assert_int_equal(kt_model_error(m)->status, status);
    if (!strstr(kt_model_error(m)->message, words))
        fail_msg("%s", kt_model_error(m)->message);
    kt_clear_error(m);
}

static void texts_and_numbers_do_not_mix(void **state)
{
    (void)state;
    kt_model *reads = kt_model_from("Sequential([Input((1,), dtype='string'), "
                                    "StringLookup(vocabulary=['good'])])"),
             *dense = kt_model_from("Sequential([Input((1,)), Dense(2)])"),
             *both = kt_model_from("Sequential([Input((1,), dtype='string'), Dense(2)])");
    kt_tensor *x = texts(2), *n = labels();

    wrong(reads, n, KT_E_UNIMPLEMENTED, "Cast float to string is not supported");
    wrong(dense, x, KT_E_VALUE, "Invalid dtype: str736"); /* 23 characters */
    wrong(both, x, KT_E_VALUE, "dtype='string' is not a valid dtype");
    kt_compile(dense, .optimizer = "sgd", .loss = "mse");
    assert_null(kt_fit(dense, n, x, .epochs = 1));
    assert_non_null(strstr(kt_model_error(dense)->message, "Invalid dtype: str736"));
    assert_int_equal(kt_model_takes_texts(reads), 1);
    assert_int_equal(kt_model_takes_texts(dense), 0);
    assert_int_equal(kt_model_takes_texts(NULL), 0);
    kt_clear_thread_error();
    kt_tensor_unref(x);
    kt_tensor_unref(n);
    kt_model_free(reads);
    kt_model_free(dense);
    kt_model_free(both);
}

static void lengths_need_an_input(void **state)
{
    (void)state;
    kt_model *m = kt_model_from(
        "Sequential([Input((1,), dtype='int64'), StringLookup(vocabulary="
        "['good', 'bad'], invert=True), TextVectorization(vocabulary=['bad'])])");
    kt_tensor *x = kt_tensor_new(KT_I64, KT_SHAPE(2, 1));

    wrong(m, x, KT_E_NOT_IMPLEMENTED, "texts must come straight from an input");
    kt_model_free(m);
    m = kt_model_from(
        "Sequential([Input((2,), dtype='int64'), StringLookup(vocabulary=['good', 'bad'], "
        "invert=True), StringLookup(vocabulary=['bad'])])");
    kt_tensor *ids = kt_tensor_new(KT_I64, KT_SHAPE(1, 2));
    kt_tensor_set(ids, 1, 2);
    kt_tensor *y = kt_predict(m, ids);
    assert_true(kt_tensor_get(y, 0) == 0 && kt_tensor_get(y, 1) == 1);
    kt_tensor_unref(y);
    kt_tensor_unref(ids);
    kt_tensor_unref(x);
    kt_model_free(m);
}

static void results_outlive_the_model(void **state)
{
    (void)state;
    kt_model  *m = kt_model_from("Sequential([Input((1,), dtype='string'), Identity()])");
    kt_tensor *x = texts(2), *y = kt_predict(m, x);
    kt_layer  *l = kt_layer_from("StringLookup(vocabulary=['good', 'bad'], invert=True)");
    kt_tensor *id = kt_tensor_new(KT_I64, KT_SHAPE(1));

    kt_tensor_set(id, 0, 2);
    kt_tensor *word = kt_layer_on(l, id);
    kt_tensor_unref(x);
    kt_tensor_unref(id);
    kt_model_free(m);
    kt_layer_free(l);
    assert_string_equal(kt_tensor_text(y, 7), "so bad");
    assert_string_equal(kt_tensor_text(word, 0), "bad");
    kt_tensor_unref(y);
    kt_tensor_unref(word);
}

/* Each layer of texts has a length of its own, of which there may be 16. */
static void many_layers_of_texts(void **state)
{
    (void)state;
    for (int n = 16; n <= 17; n++) {
        kt_symbol  in = kt_symbol_of(kt_input(.shape = {1}, .dtype = "string")), all[17];
        kt_tensor *x = texts(2);
        for (int i = 0; i < n; i++)
            all[i] = kt_apply(kt_layer_from("TextVectorization(vocabulary=['good', 'bad'])"), in);
        kt_symbol  out = kt_apply_list(kt_layer_from("Concatenate()"), n, all);
        kt_model  *m = kt_functional("many", 1, &in, 1, &out);
        kt_tensor *y = kt_predict(m, x);
        if (n == 16) {
            assert_int_equal(kt_tensor_shape(y)->dim[1], 6 * n);
        } else {
            assert_null(y);
            assert_string_equal(kt_model_error(m)->message,
                                "more than 16 layers give rows as long as their texts; give them "
                                "an output_sequence_length");
        }
        kt_tensor_unref(y);
        kt_tensor_unref(x);
        kt_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_as_long_as_the_texts),
        cmocka_unit_test(training_learns_from_batches_of_all_lengths),
        cmocka_unit_test(vectors_are_as_long_as_what_was_learnt),
        cmocka_unit_test(texts_and_numbers_do_not_mix),
        cmocka_unit_test(lengths_need_an_input),
        cmocka_unit_test(results_outlive_the_model),
        cmocka_unit_test(many_layers_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
