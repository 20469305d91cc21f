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
#include "support/scarce.h"

enum { ROWS = 2, WIDTH = 3, TOO_MANY = 64 };
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
    kt_str many = {0};
    kt_str_add(&many, "Concatenate([x0");
    for (int i = 1; i < TOO_MANY; i++)
        kt_str_add(&many, ", Square(x0)");
    kt_str_add(&many, "])");
    refuses(kt_str_text(&many), 1, "ValueError", "An operation has more than 63 inputs");
    kt_str_free(&many);
    refuses("Add(x0, Add(x0, 'a'))", 1, "TypeError",
            "Layer 'add': this argument is no tensor: 'a'");
    refuses("Kron(None, x0)", 1, "TypeError",
            "Kron.call() missing 1 required positional argument: 'x1'");
}

/* The n-th piece of memory is refused, and all after it or this alone; its status. */
static kt_status scarce(const char *call, int64_t n, bool alone)
{
    kt_symbol x[] = {kt_symbol_of(kt_input(.shape = {WIDTH}, .name = "a")),
                     kt_symbol_of(kt_input(.shape = {WIDTH}, .name = "b"))};

    scarce_begin(n, alone);
    kt_symbol y = kt_operation(call, 2, x);
    kt_model *m = kt_functional("m", 2, x, 1, &y);
    char     *text = m ? kt_to_json(m) : NULL;
    scarce_end();
    kt_status status = text ? KT_OK : m && kt_failed(m) ? kt_model_error(m)->status : KT_E_MEMORY;
    if (n == 0 && !text)
        fail_msg("%s: %s", call, m ? kt_model_error(m)->message : "no model");
    kt_text_free(text);
    kt_model_free(m);
    return status;
}

/* Whichever piece of memory is missing: the call is made and written, or that is the error. */
static void without_memory(void **state)
{
    static const char *const calls[] = {
        "Add(Square(x0), x1)",
        "Concatenate([x1, Add(x0, [1.0, 2.0, 3.0])], axis=1)",
        "GetItem(Where(Greater(x1, x0), x0, 0), (Ellipsis, slice(0, 2), None))",
        "Einsum(x0, x1, subscripts='bi,bj->bij')",
        "Average(x0, weights=x1, axis=1)",
        "Subtract",
    };

    (void)state;
    for (size_t i = 0; i < KT_COUNT(calls); i++) {
        (void)scarce(calls[i], 0, false);
        int64_t all = scarce_pieces();
        for (int64_t n = 1; n <= all; n++)
            for (int alone = 0; alone < 2; alone++) {
                kt_status status = scarce(calls[i], n, alone);
                if (status != KT_E_MEMORY && !(alone && status == KT_OK))
                    fail_msg("%s: status %d where piece %lld of %lld is missing", calls[i],
                             (int)status, (long long)n, (long long)all);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes), cmocka_unit_test(goes_between_layers),
        cmocka_unit_test(is_written), cmocka_unit_test(refused), cmocka_unit_test(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
