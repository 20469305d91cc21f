/* test_operations_calls.c - calls of keras.ops made in C: kt_operation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "keratin/data.h"
#include "keratin/io.h"
#include "keratin/layers.h"
#include "support/needs.h"

enum { ROWS = 2, WIDTH = 3 };
static const float numbers[] = {1, -2, 3, -4, 5, -6};

/* Two inputs of the same three numbers, and one operation on them. */
static kt_model *model(const char *call, int n)
{
    kt_symbol x[] = {kt_symbol_of(kt_input(.shape = {WIDTH}, .name = "a")),
                     kt_symbol_of(kt_input(.shape = {WIDTH}, .name = "b"))};
    kt_symbol y = kt_operation(call, n, x);

    kt_model *m = kt_functional("m", n, x, 1, &y);
    if (n == 1)
        kt_layer_free(x[1].layer);
    return m;
}

static kt_tensor *given(void)
{
    return kt_tensor_from(numbers, KT_F32, KT_SHAPE(ROWS, WIDTH));
}

static kt_tensor *result(kt_model *m, int n)
{
    kt_tensor *x = given(), *y = NULL;
    kt_data   *d = kt_data_new();

    for (int i = 0; i < n; i++)
        kt_data_add_x(d, i == 0 ? "a" : "b", x);
    if (kt_predict_many(m, d, 0, &y, 1) != KT_OK)
        fail_msg("%s", kt_model_error(m)->message);
    kt_data_free(d);
    kt_tensor_unref(x);
    return y;
}

/* The first row of what it gives. */
static void gives(const char *call, int n, int64_t width, const double *want)
{
    kt_model  *m = model(call, n);
    kt_tensor *y = result(m, n);

    assert_int_equal(kt_tensor_count(y), ROWS * width);
    for (int64_t i = 0; i < width; i++)
        if (!(fabs(kt_tensor_get(y, i) - want[i]) < 1e-6))
            fail_msg("%s: %g, expected %g", call, kt_tensor_get(y, i), want[i]);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static void computes(void **state)
{
    (void)state;
    gives("Add", 2, 3, (double[]){2, -4, 6});
    gives("Negative()", 1, 3, (double[]){-1, 2, -3});
    gives("Sum(axis=-1)", 1, 1, (double[]){2});
    gives("Multiply(x0, 0.5)", 1, 3, (double[]){0.5, -1, 1.5});
    gives("Subtract(1, x0)", 1, 3, (double[]){0, 3, -2});
    gives("Concatenate([x1, x0], axis=1)", 2, 6, (double[]){1, -2, 3, 1, -2, 3});
    gives("Where(Greater(x0, 0), x0, Multiply(x0, 0.1))", 1, 3, (double[]){1, -0.2, 3});
    gives("GetItem(x0, (Ellipsis, slice(1, None)))", 1, 2, (double[]){-2, 3});
    gives("GetItem(x0, (slice(None), -1))", 1, 1, (double[]){3});
    gives("Einsum(x0, x1, subscripts='bi,bi->b')", 2, 1, (double[]){14});
    gives("Mean(Square(Subtract(x0, x0)), axis=-1)", 1, 1, (double[]){0});
    gives("Average(x0, weights=x1, axis=1)", 2, 1, (double[]){7});
    gives("Argpartition(x0, kth=1, axis=None)", 1, 3, (double[]){5, 3, 4});
}

/* Several results, and the operation between layers. */
static void goes_between_layers(void **state)
{
    kt_symbol x = kt_symbol_of(kt_input(.shape = {WIDTH}));
    kt_symbol h = kt_apply(kt_dense(4, .activation = "relu"), x);
    kt_symbol top = kt_operation("TopK(k=2)", 1, &h);
    kt_symbol y[] = {top, kt_output_of(top, 1)};
    kt_symbol z = kt_operation("Matmul(ExpandDims(x0, axis=2), ExpandDims(x0, axis=1))", 1, y);
    kt_symbol out[] = {kt_apply(kt_dense(1), kt_apply(kt_flatten(), z)), y[1]};
    kt_model *m = kt_functional("m", 1, &x, 2, out);

    (void)state;
    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    assert_int_equal(kt_count_parameters(m), 4 * 4 + 5);
    kt_model_free(m);
}

/* What is written is read again, names settled. */
static void is_written(void **state)
{
    kt_model *m = model("Add(Add(x0, x1), GetItem(x0, (slice(None), slice(0, 1))))", 2), *again;

    (void)state;
    need_reading(false);
    char *text = kt_to_json(m);
    assert_non_null(text);
    assert_non_null(strstr(text, "\"keras_history\": [\"add\", 0, 0]"));
    assert_non_null(strstr(text, "\"output_layers\": [[\"add_1\", 0, 0]]") ||
                            strstr(text, "\"output_layers\": [\"add_1\", 0, 0]")
                        ? text
                        : NULL);
    again = kt_from_json(text);
    kt_tensor *y = result(again, 2);
    assert_true(kt_tensor_get(y, 0) == 3 && kt_tensor_get(y, 1) == -3);
    kt_tensor_unref(y);
    kt_text_free(text);
    kt_model_free(again);
    kt_model_free(m);
}

static void refuses(const char *call, int n, const char *type, const char *message)
{
    kt_model *m = model(call, n);

    if (!kt_failed(m))
        fail_msg("%s is not refused", call);
    assert_string_equal(kt_model_error(m)->message, message);
    assert_string_equal(kt_model_error(m)->type, type);
    kt_model_free(m);
}

static void refused(void **state)
{
    (void)state;
    refuses("Ad", 1, "ValueError", "Unknown operation: 'Ad'");
    refuses("Add(x0, x2)", 2, "IndexError", "there is no 'x2': the call has 2 inputs");
    refuses("Add(x0, 1)", 2, "ValueError", "'x1' is not used in the call");
    refuses("Add(x0, Ad(x1))", 2, "ValueError", "Unknown operation: 'Ad'");
    refuses("Add(Square(x0), Ad(x1))", 2, "ValueError", "Unknown operation: 'Ad'");
    refuses("Square(x0, x1)", 2, "TypeError",
            "Square.call() takes 2 positional arguments but 3 were given");
    refuses("Add(x0)", 1, "TypeError", "Add.call() missing 1 required positional argument: 'x2'");
    refuses("Add(Square(x1), x0, x2=1)", 2, "TypeError",
            "Add.call() got multiple values for argument 'x2'");
    refuses("Sum(x0, foo=1)", 1, "ValueError",
            "Unrecognized keyword arguments passed to Sum: {'foo': 1}");
    refuses("3", 1, "ValueError", "This is no call of an operation");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(computes),
                                       cmocka_unit_test(goes_between_layers),
                                       cmocka_unit_test(is_written), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
