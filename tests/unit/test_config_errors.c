/* test_config_errors.c - the words for arguments that a class does not take: Keras 3.15's where
 * it has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "config/config.h"

#define FIELDS(F)                                                                     \
    F(INT, units, "1", "> 0", "Size of the last output axis.")                        \
    F(INT, steps, "1", ">= 0", "How many.")                                           \
    F(INT, any, "1", "", "Any integer.")                                              \
    F(OPTINT, most, "None", "> 0", "Upper bound.")                                    \
    F(FLOAT, rate, "0.5", "[0, 1]", "Share that is dropped.")                         \
    F(FLOAT, momentum, "0.5", "[0, 1)", "Of the average.")                            \
    F(FLOAT, epsilon, "0.5", "> 0", "Small.")                                         \
    F(FLOAT, scale, "0.5", "", "Any number.")                                         \
    F(OPTFLOAT, alpha, "None", ">= 0", "Slope.")                                      \
    F(BOOL, use_bias, "true", "", "Add a bias vector.")                               \
    F(FLOAT, dropped, "0.0", "share", "A share.")                                     \
    F(STR, padding, "valid", "valid|same", "Of the border.")                          \
    F(STR, data_format, "None", "channels_last|channels_first", "Order of the axes.") \
    F(STR, label, "None", "", "Any text.")                                            \
    F(INTS, kernel_size, "3", "2 > 0", "Of the window.")                              \
    F(INTS, border, "0", "2 >= 0", "Cells.")                                          \
    F(INTS, axis, "-1", "", "Axes.")                                                  \
    F(INTS, dims, "1", "> 0", "Axes.")                                                \
    F(SHAPE, shape, "None", "", "Sizes.")                                             \
    F(OBJ, activation, "None", "activation", "Applied to the result.")                \
    F(OBJ, kernel_regularizer, "None", "regularizer", "Of the kernel.")
KT_CONFIG(FIELDS);

static kt_arena arena;
static kt_fault fault;

static int clear(void **state)
{
    (void)state;
    kt_arena_free(&arena);
    kt_fault_clear(&fault);
    kt_names_table = NULL;
    return 0;
}

static void check(const char *expression, const char *message)
{
    const char *const skip[] = {"name", NULL};
    clear(NULL);
    kt_value *v = kt_expr_parse(expression, &arena, &fault);
    assert_non_null(v);
    assert_null(kt_config_read(&arena, &config_type, v->s, v, skip, &fault));
    assert_string_equal(fault.e.message, message);
}

static void numbers(void **state)
{
    (void)state;
    check("Dense(0)",
          "Received an invalid value for `units`, expected a positive integer. Received: units=0");
    assert_string_equal(fault.e.hint, "`units` of Dense: Size of the last output axis.");
    assert_int_equal(fault.e.status, KT_E_VALUE);
    check(
        "Dense(2.5)",
        "Received an invalid value for `units`, expected a positive integer. Received: units=2.5");
    check("D(1, dropped='a')", "'>' not supported between instances of 'str' and 'float'");
    assert_int_equal(fault.e.status, KT_E_TYPE);
    check("Dense('3')",
          "Received an invalid value for `units`, expected a positive integer. Received: units=3");
    check(
        "D(None)",
        "Received an invalid value for `units`, expected a positive integer. Received: units=None");
    check(
        "D(steps=-1)",
        "Received an invalid value for `steps`, expected a non-negative integer. Received: steps=-1");
    check("D(any=[1])",
          "Received an invalid value for `any`, expected an integer. Received: any=[1]");
    check(
        "D(most=0)",
        "Received an invalid value for `most`, expected a positive integer or None. Received: most=0");
    check(
        "Dropout(rate=1.5)",
        "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=1.5");
    check(
        "Dropout(rate=nan)",
        "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=nan");
    check("Dropout(rate='0.5')", "'<=' not supported between instances of 'int' and 'str'");
    assert_int_equal(fault.e.status, KT_E_TYPE);
    check(
        "D(momentum=1)",
        "Invalid value received for argument `momentum`. Expected a float value in [0, 1). Received: momentum=1");
    check(
        "D(epsilon=0)",
        "Invalid value received for argument `epsilon`. Expected a positive float value. Received: epsilon=0");
    check("D(scale='a')",
          "Invalid value received for argument `scale`. Expected a float value. Received: scale=a");
    check("D(alpha=-1)",
          "Invalid value received for argument `alpha`. Expected a non-negative float value or "
          "None. Received: alpha=-1");
}

static void words(void **state)
{
    (void)state;
    check(
        "D(padding='valide')",
        "The `padding` argument must be a list/tuple or one of {'same', 'valid'}. Received: valide");
    check(
        "D(padding=None)",
        "The `padding` argument must be a list/tuple or one of {'same', 'valid'}. Received: None");
    check("D(padding='val')",
          "The `padding` argument must be a list/tuple or one of {'same', 'valid'}. Received: val");
    check("D(data_format='last')", "The `data_format` argument must be one of {'channels_first', "
                                   "'channels_last'}. Received: data_format=last");
}

static void tuples(void **state)
{
    (void)state;
    check("D(kernel_size=0)",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=0, "
          "including values {0} that do not satisfy `value > 0`");
    check("D(kernel_size=(3, -1))",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=(3, -1), "
          "including values {-1} that do not satisfy `value > 0`");
    check("D(kernel_size=(-1, 0))",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=(-1, 0), "
          "including values {0, -1} that do not satisfy `value > 0`");
    check(
        "D(kernel_size=[3, 3, 3])",
        "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=[3, 3, 3]");
    check("D(kernel_size='3')",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=3");
    check("D(kernel_size=None)",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=None");
    check("D(kernel_size=(3, 'a'))",
          "The `kernel_size` argument must be a tuple of 2 integers. Received kernel_size=(3, 'a')"
          "including element a of type <class 'str'>");
    check("D(border=-1)",
          "The `border` argument must be a tuple of 2 integers. Received border=-1, "
          "including values {-1} that do not satisfy `value >= 0`");
    check("D(axis=1.5)",
          "Expected an int or a list/tuple of ints for the argument 'axis', but received: 1.5");
    check("D(axis='1')",
          "Expected an int or a list/tuple of ints for the argument 'axis', but received: '1'");
    assert_int_equal(fault.e.status, KT_E_TYPE);
    check(
        "D(axis=[1, None])",
        "Expected an int or a list/tuple of ints for the argument 'axis', but received: [1, None]");
    check("D(dims=[1, 0])",
          "Invalid value for argument `dims`. Expected a positive integer. Received: dims=[1, 0]");
    check("D(axis=[1,2,3,4,5,6,7,8,9])", "The `axis` argument takes at most 8 integers. Received: "
                                         "axis=[1, 2, 3, 4, 5, 6, 7, 8, 9]");
}

static void shapes(void **state)
{
    (void)state;
    check("D(shape=(-3,))",
          "Cannot convert '(-3,)' to a shape. Negative dimensions are not allowed.");
    check("D(shape=-3)", "Cannot convert '-3' to a shape. Negative dimensions are not allowed.");
    check(
        "D(shape=(2, 'a'))",
        "Cannot convert '(2, 'a')' to a shape. Found invalid dimension 'a' of type '<class 'str'>'. ");
    check("D(shape='abc')", "Cannot convert 'abc' to a shape.");
    check(
        "D(shape=(1,2,3,4,5,6,7,8,9))",
        "Cannot convert '(1, 2, 3, 4, 5, 6, 7, 8, 9)' to a shape. At most 8 dimensions are supported.");
}

static const char *const activations[] = {"relu", "softmax", "linear"};

static bool is_activation(const char *name)
{
    for (size_t i = 0; i < KT_COUNT(activations); i++) {
        if (kt_streq(name, activations[i]))
            return true;
    }
    return false;
}

static size_t list_activations(const char **names, size_t max)
{
    for (size_t i = 0; i < KT_COUNT(activations) && i < max; i++)
        names[i] = activations[i];
    return KT_COUNT(activations);
}

static bool nothing_is_known(const char *name)
{
    (void)name;
    return false;
}

static void objects(void **state)
{
    (void)state;
    static const kt_names table[] = {
        {"activation", is_activation, list_activations},
        {"regularizer", nothing_is_known, NULL},
        {NULL, NULL, NULL},
    };
    static const struct {
        const char *expression, *message, *hint;
    } cases[] = {
        {"D(activation='rellu')", "Could not interpret activation function identifier: rellu",
         "did you mean 'relu'?"},
        {"D(kernel_regularizer='l3')", "Could not interpret regularizer identifier: l3",
         "`kernel_regularizer` of D: Of the kernel."},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        clear(NULL);
        kt_value *v = kt_expr_parse(cases[i].expression, &arena, &fault);
        assert_non_null(kt_config_read(&arena, &config_type, "D", v, NULL, &fault));
        kt_names_table = table;
        assert_null(kt_config_read(&arena, &config_type, "D", v, NULL, &fault));
        assert_string_equal(fault.e.message, cases[i].message);
        assert_string_equal(fault.e.hint, cases[i].hint);
    }
    kt_fault_clear(&fault);
    kt_value *good = kt_expr_parse("D(activation='relu', kernel_regularizer=L9(1))", &arena,
                                   &fault);
    assert_non_null(kt_config_read(&arena, &config_type, "D", good, NULL, &fault));
}

/* The three calls that Python itself refuses, of classes with 1, 2, 3 required arguments. */
static const kt_field needed[] = {
    {KT_F_ANY, "a", NULL, "", "", 0, false},
    {KT_F_ANY, "b", NULL, "", "", 8, false},
    {KT_F_ANY, "c", NULL, "", "", 16, false},
    {KT_F_ANY, "d", "1", "", "", 24, false},
};

static void check_call(size_t first, size_t n, const char *expression, bool layer,
                       const char *message)
{
    const kt_config_type t = {32, needed + first, n};
    const char *const    skip[] = {NULL};
    clear(NULL);
    kt_value *v = kt_expr_parse(expression, &arena, &fault);
    assert_non_null(v);
    assert_null(kt_config_read(&arena, &t, v->s, v, layer ? skip : NULL, &fault));
    assert_string_equal(fault.e.message, message);
}

static void calls(void **state)
{
    (void)state;
    check_call(0, 1, "Dense()", true,
               "Dense.__init__() missing 1 required positional argument: 'a'");
    assert_int_equal(fault.e.status, KT_E_TYPE);
    check_call(0, 2, "C()", true,
               "C.__init__() missing 2 required positional arguments: 'a' and 'b'");
    check_call(0, 4, "C()", true,
               "C.__init__() missing 3 required positional arguments: 'a', 'b', and 'c'");
    check_call(0, 4, "C(1, c=2)", true, "C.__init__() missing 1 required positional argument: 'b'");
    check_call(0, 2, "C(1, 2, 3)", true,
               "C.__init__() takes 3 positional arguments but 4 were given");
    check_call(2, 2, "C(1, 2, 3)", true,
               "C.__init__() takes from 2 to 3 positional arguments but 4 were given");
    check_call(0, 0, "C(1)", true, "C.__init__() takes 1 positional argument but 2 were given");
    check_call(0, 1, "C(1, a=2)", true, "C.__init__() got multiple values for argument 'a'");
    check_call(0, 1, "Dense(foo=1)", true,
               "Dense.__init__() missing 1 required positional argument: 'a'");
}

static void unknown_arguments(void **state)
{
    (void)state;
    check("Dense(foo=1)", "Unrecognized keyword arguments passed to Dense: {'foo': 1}");
    assert_int_equal(fault.e.status, KT_E_VALUE);
    check("Dense(0, foo=1, name='x', bar='a')",
          "Unrecognized keyword arguments passed to Dense: {'foo': 1, 'bar': 'a'}");
    check("Dense(unit=1)", "Unrecognized keyword arguments passed to Dense: {'unit': 1}");
    assert_string_equal(fault.e.hint, "did you mean 'units'?");
    check("Dense(nam=1)", "Unrecognized keyword arguments passed to Dense: {'nam': 1}");
    assert_string_equal(fault.e.hint, "did you mean 'name'?");
    check_call(0, 1, "Zeros(1, foo=1)", false,
               "Zeros.__init__() got an unexpected keyword argument 'foo'");
    assert_int_equal(fault.e.status, KT_E_TYPE);
}

static void a_fault_is_not_needed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "D(0)",      "D(rate=2)",    "D(padding='x')", "D(kernel_size=0)", "D(axis='a')",
        "D(dims=0)", "D(shape='x')", "D(foo=1)",       "D(1, units=2)",    "D(*)"};
    for (size_t i = 0; i + 1 < KT_COUNT(bad); i++) {
        kt_value *v = kt_expr_parse(bad[i], &arena, NULL);
        assert_non_null(v);
        assert_null(kt_config_read(&arena, &config_type, "D", v, NULL, NULL));
    }
    assert_null(kt_expr_parse(bad[KT_COUNT(bad) - 1], &arena, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(numbers, clear),
        cmocka_unit_test_teardown(words, clear),
        cmocka_unit_test_teardown(tuples, clear),
        cmocka_unit_test_teardown(shapes, clear),
        cmocka_unit_test_teardown(objects, clear),
        cmocka_unit_test_teardown(calls, clear),
        cmocka_unit_test_teardown(unknown_arguments, clear),
        cmocka_unit_test_teardown(a_fault_is_not_needed, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
