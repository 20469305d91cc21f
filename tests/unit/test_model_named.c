/* test_model_named.c - models whose inputs and outputs have names, made in C. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "keratin/data.h"
#include "keratin/io.h"
#include "keratin/layers.h"
#include "support/needs.h"

enum { ROWS = 4 };

/* Outputs "tail" and "head", inputs "one" and "two", given against the order of their names. */
static kt_model *named(const char *second)
{
    kt_symbol one = kt_symbol_of(kt_input(.shape = {2}, .name = "one"));
    kt_symbol two = kt_symbol_of(kt_input(.shape = {3}, .name = "two"));
    kt_symbol tail = kt_apply(kt_dense(1, .name = "t", .kernel_initializer = "zeros"), two);
    kt_symbol head = kt_apply(
        kt_dense(2, .name = "h", .kernel_initializer = "zeros", .bias_initializer = "ones"), one);

    return kt_functional_named(
        "m", 2, (const char *const[]){"two", "one"}, (const kt_symbol[]){two, one}, 2,
        (const char *const[]){"tail", second}, (const kt_symbol[]){tail, head});
}

static kt_data *zeros(void)
{
    kt_data   *d = kt_data_new();
    kt_tensor *t[] = {
        kt_tensor_new(KT_F32, KT_SHAPE(ROWS, 2)), kt_tensor_new(KT_F32, KT_SHAPE(ROWS, 3)),
        kt_tensor_new(KT_F32, KT_SHAPE(ROWS, 1)), kt_tensor_new(KT_F32, KT_SHAPE(ROWS, 2))};

    kt_data_add_x(d, "one", t[0]);
    kt_data_add_x(d, "two", t[1]);
    kt_data_add_y(d, "tail", t[2]);
    kt_data_add_y(d, "head", t[3]);
    for (int i = 0; i < 4; i++)
        kt_tensor_unref(t[i]);
    return d;
}

/* The order of the names, wherever outputs are counted. */
static void check(kt_model *m)
{
    kt_data   *d = zeros();
    kt_tensor *out[2] = {NULL, NULL};

    assert_string_equal(kt_model_output_name(m, 0), "h"); /* arrays go by the layers' names */
    assert_string_equal(kt_model_output_name(m, 1), "t");
    assert_int_equal(kt_predict_many(m, d, 0, out, 2), KT_OK);
    assert_int_equal(kt_tensor_shape(out[0])->dim[1], 2);
    assert_true(kt_tensor_get(out[0], 0) == 1 && kt_tensor_get(out[1], 0) == 0);
    kt_tensor_unref(out[0]);
    kt_tensor_unref(out[1]);
    kt_data_free(d);
}

static void goes_by_names(void **state)
{
    kt_model *m = named("head");
    kt_data  *d = zeros();

    (void)state;
    check(m);
    kt_compile(m, .loss = "{'tail': 'mae', 'head': 'mse'}", .metrics = {"{'head': ['mae']}"});
    kt_history *h = kt_evaluate(m, .data = d);
    assert_non_null(h);
    assert_int_equal(kt_history_keys(h), 4);
    assert_true(kt_history_get(h, "head_loss", -1) == 1);
    assert_true(kt_history_get(h, "tail_loss", -1) == 0);
    assert_true(kt_history_get(h, "head_mae", -1) == 1);
    kt_history_free(h);
    kt_data_free(d);
    kt_model_free(m);
}

/* The file has the names in the order of their author, and gives them back. */
/* All losses of an output count; the history shows the last under its name, as Keras'. */
static void several_losses_of_one(void **state)
{
    kt_model *m = named("head");
    kt_data  *d = zeros();

    (void)state;
    kt_compile(m, .loss = "{'tail': 'mae', 'head': ['mse', 'huber']}",
               .loss_weights = "{'tail': 1.0, 'head': [2.0, 3.0]}");
    kt_history *h = kt_evaluate(m, .data = d);
    if (!h)
        fail_msg("%s", kt_model_error(m)->message);
    assert_true(kt_history_get(h, "loss", 0) == 2 * 1 + 3 * 0.5);
    assert_true(kt_history_get(h, "head_loss", 0) == 0.5);
    assert_true(kt_history_get(h, "tail_loss", 0) == 0);
    kt_history_free(h);
    kt_data_free(d);
    kt_model_free(m);
}

static void is_written(void **state)
{
    kt_model *m = named("head");

    (void)state;
    need_reading(false);
    char *text = kt_to_json(m);
    assert_non_null(text);
    assert_non_null(strstr(text,
                           "\"input_layers\": {\"two\": [\"two\", 0, 0], \"one\": [\"one\", 0, "
                           "0]}, \"output_layers\": {\"tail\": [\"t\", 0, 0], \"head\": "
                           "[\"h\", 0, 0]}"));
    kt_model *again = kt_from_json(text);
    check(again);
    kt_model_free(again);
    kt_text_free(text);
    kt_model_free(m);
}

/* Targets of some outputs, in any order: they go by their names, losses by the outputs' order. The
 * numbers are Keras'. */
static void targets_of_some_outputs(void **state)
{
    static const char *const names[][2] = {{"c", "b"}, {"b", "c"}, {"", ""}};
    static const float       ones[ROWS] = {1, 1, 1, 1}, zero[ROWS] = {0};

    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        kt_symbol  in = kt_symbol_of(kt_input(.shape = {2}, .name = "x"));
        kt_symbol  out[] = {kt_apply(kt_dense(1, .name = "a", .kernel_initializer = "ones"), in),
                            kt_apply(kt_dense(1, .name = "b", .kernel_initializer = "ones"), in),
                            kt_apply(kt_dense(1, .name = "c", .kernel_initializer = "ones"), in)};
        kt_model  *m = kt_functional("m", 1, &in, 3, out);
        kt_data   *d = kt_data_new();
        kt_tensor *x = kt_tensor_from((float[2 *ROWS]){1, 1, 1, 1, 1, 1, 1, 1}, KT_F32,
                                      KT_SHAPE(ROWS, 2)),
                  *of_b = kt_tensor_from(ones, KT_F32, KT_SHAPE(ROWS, 1)),
                  *of_c = kt_tensor_from(zero, KT_F32, KT_SHAPE(ROWS, 1));
        kt_data_add_x(d, "x", x);
        for (int i = 0; i < 2; i++)
            kt_data_add_y(d, names[k][i], *names[k][i] == 'c' || (k == 2 && i == 1) ? of_c : of_b);
        kt_compile(m, .optimizer = "sgd", .loss = "[None, 'mse', 'mae']");
        kt_history *h = kt_evaluate(m, .data = d);
        assert_null(kt_model_error(m));
        assert_true(kt_history_get(h, "b_loss", 0) == 1);
        assert_true(kt_history_get(h, "c_loss", 0) == 2);
        assert_true(kt_history_get(h, "loss", 0) == 3);
        kt_history_free(h);
        kt_tensor_unref(x);
        kt_tensor_unref(of_b);
        kt_tensor_unref(of_c);
        kt_data_free(d);
        kt_model_free(m);
    }
}

static void refused(const char *name, const char *message)
{
    kt_model *m = named(name);

    assert_true(kt_failed(m));
    assert_string_equal(kt_model_error(m)->message, message);
    kt_model_free(m);
}

static void wants_names(void **state)
{
    (void)state;
    refused("tail", "Model 'm': 'tail' stands there twice");
    refused("", "Model 'm': an input or output has no name");
    refused(NULL, "Model 'm': an input or output has no name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(goes_by_names),
                                       cmocka_unit_test(targets_of_some_outputs),
                                       cmocka_unit_test(several_losses_of_one),
                                       cmocka_unit_test(is_written), cmocka_unit_test(wants_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
