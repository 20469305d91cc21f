/* test_config_expr.c - Keras expressions: what they mean, and what is said of those that mean
 * nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "config/config.h"

/* The repr of what is read; the message where nothing is. Both arenas are freed. */
static void read(const char *text, kt_str *out, kt_str *hint)
{
    kt_arena  arena = {0};
    kt_fault  fault = {0};
    kt_value *v = kt_expr_parse(text, &arena, &fault);

    assert_int_equal(v == NULL, fault.e.status != KT_OK);
    if (v) {
        kt_value_repr(out, v);
    } else {
        kt_str_add(out, fault.e.message);
        kt_str_add(hint, fault.e.hint ? fault.e.hint : "");
    }
    kt_arena_free(&arena);
    kt_fault_clear(&fault);
}

static void check(const char *text, const char *expected)
{
    kt_str out = {0}, hint = {0};
    read(text, &out, &hint);
    assert_string_equal(kt_str_text(&out), expected);
    kt_str_free(&out);
    kt_str_free(&hint);
}

static void check_error(const char *text, const char *message, const char *expected_hint)
{
    kt_str out = {0}, hint = {0}, full = {0};
    read(text, &out, &hint);
    kt_str_printf(&full, "Invalid expression at line %s", message);
    assert_string_equal(kt_str_text(&out), kt_str_text(&full));
    assert_string_equal(kt_str_text(&hint), expected_hint);
    kt_str_free(&out);
    kt_str_free(&hint);
    kt_str_free(&full);
}

static void numbers_are_those_of_python(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"12", "12"},
        {"1_000", "1000"},
        {"0x1F", "31"},
        {"0o17", "15"},
        {"0b101", "5"},
        {"0x_f", "15"},
        {"00", "0"},
        {"1.", "1.0"},
        {".5", "0.5"},
        {"1e-3", "0.001"},
        {"1E5", "100000.0"},
        {"1_0.2_5", "10.25"},
        {"1e400", "inf"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775807", "-9223372036854775807"},
        {"True", "True"},
        {"-inf", "-inf"},
        {"nan", "nan"},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++)
        check(cases[i][0], cases[i][1]);
}

static void arithmetic_is_that_of_python(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"1./255", "0.00392156862745098"},
        {"1+2*3", "7"},
        {"(1+2)*3", "9"},
        {"7//2", "3"},
        {"-7//2", "-4"},
        {"-7%3", "2"},
        {"7%-3", "-2"},
        {"7/2", "3.5"},
        {"2**3", "8"},
        {"2**3**2", "512"},
        {"-2**2", "-4"},
        {"2**-1", "0.5"},
        {"1//.1", "9.0"},
        {"-1.5%1", "0.5"},
        {"28*28", "784"},
        {"+True", "1"},
        {"--3", "3"},
        {"-+-2.5", "2.5"},
        {"10-3-2", "5"},
        {"True+1", "2"},
        {"2*-3", "-6"},
        {"0.0**0", "1.0"},
        {"100/10/2", "5.0"},
        {"1-.5", "0.5"},
        {"(-8)**2", "64"},
        {"-0.0", "-0.0"},
        {"3 - -3", "6"},
        {"7.5//2", "3.0"},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++)
        check(cases[i][0], cases[i][1]);
}

static void sequences_and_dicts_are_read(void **state)
{
    (void)state;
    check("()", "()");
    check("(3)", "3");
    check("(3,)", "(3,)");
    check("(None, 28, 28)", "(None, 28, 28)");
    check("None, 28", "(None, 28)");
    check("3,", "(3,)");
    check("[1, [2, (3,)], ]", "[1, [2, (3,)]]");
    check("[]", "[]");
    check("{'a': 1, \"b\": None,}", "{'a': 1, 'b': None}");
    check("{0: 1.0, 1: 2.5, x: 'y'}", "{'0': 1.0, '1': 2.5, 'x': 'y'}");
    check("{'a': 1, 'a': 2}", "{'a': 2}");
    check("{}", "{}");
}

static void names_are_texts_or_literals(void **state)
{
    (void)state;
    check("relu", "'relu'");
    check("_a1", "'_a1'");
    check("keras.activations.relu", "'relu'");
    check("None", "None");
    check("[true, false, null]", "[True, False, None]");
    check("Nonesuch", "'Nonesuch'");
}

static void strings_are_read(void **state)
{
    (void)state;
    check("'abc'", "'abc'");
    check("\"it's\"", "\"it's\"");
    check("'a' \"b\"\n'c'", "'abc'");
    check("'\\x41\\u00e9\\101\\t\\\\\\''", "\"A\xC3\xA9"
                                           "A\\t\\\\'\"");
    check("'\\U0001F600\\u20ac'", "'\xF0\x9F\x98\x80\xE2\x82\xAC'");
    check("'\\d'", "'\\\\d'");
    check("'a\\\nb'", "'ab'");
    check("'# no comment'", "'# no comment'");
    check("''", "''");
}

static void calls_are_read(void **state)
{
    (void)state;
    check("Dense(128, activation='relu')", "Dense(128, activation='relu')");
    check("keras . layers . Dense(3)", "Dense(3)");
    check("Dropout ( .5 , )", "Dropout(0.5)");
    check("Flatten()", "Flatten()");
    check("Sequential([Flatten(input_shape=(28, 28)),\n"
          "            Dense(2**7, activation=keras.activations.relu), # hidden\n"
          "            Dense(10, kernel_regularizer=L2(0.01)),\n"
          "])",
          "Sequential([Flatten(input_shape=(28, 28)), Dense(128, activation='relu'), "
          "Dense(10, kernel_regularizer=L2(0.01))])");
    check("  \\\n\tf(a = 1)  # end", "f(a=1)");
}

static void a_call_keeps_what_has_no_name(void **state)
{
    (void)state;
    kt_arena  arena = {0};
    kt_value *v = kt_expr_parse("Dense(3, use_bias=False)", &arena, NULL);
    assert_int_equal(v->kind, KT_CALL);
    assert_string_equal(v->s, "Dense");
    assert_int_equal(v->n, 2);
    assert_null(v->keys[0]);
    assert_string_equal(v->keys[1], "use_bias");
    kt_arena_free(&arena);
}

#define COMMA "is a comma or a quote missing?"
#define EARLY "the expression ends too early"
#define OPEN  "a bracket is not closed"

static void broken_brackets_are_found(void **state)
{
    (void)state;
    check_error("", "1, column 1: expected a value but found the end", EARLY);
    check_error("1 +", "1, column 4: expected a value but found the end", EARLY);
    check_error("Dense(1", "1, column 8: expected ',' or ')' but found the end", OPEN);
    check_error("[1, 2", "1, column 6: expected ',' or ']' but found the end", OPEN);
    check_error("(1, 2))", "1, column 7: expected the end but found ')'", "");
    check_error("[1, 2)", "1, column 6: expected ',' or ']' but found ')'", COMMA);
    check_error("Dense(units 3)", "1, column 13: expected ',' or ')' but found '3'", COMMA);
    check_error("f(1,, 2)", "1, column 5: expected a value but found ','", "");
    check_error("Dense(\n 128,\n activation='relu' use_bias=True)",
                "3, column 20: expected ',' or ')' but found 'use_bias'", COMMA);
    check_error("[1 aaaaaaaaaaaaaaaaaaaaaaa\xC3\xA9]", /* no half of a letter is shown */
                "1, column 4: expected ',' or ']' but found 'aaaaaaaaaaaaaaaaaaaaaaa\xC3\xA9'",
                COMMA);
    check_error("['\xC3\xA9' 1]", "1, column 6: expected ',' or ']' but found '1'", COMMA);
    check_error("{'a'}", "1, column 5: expected ':' but found '}'",
                "a dict is written as {'key': value}");
    check_error("{[1]: 2}", "1, column 2: a key must be a text or a number", "");
    check_error("a.", "1, column 3: expected a name after '.' but found the end", "");
}

static void misused_arguments_are_found(void **state)
{
    (void)state;
    check_error("f(a=1, 2)", "1, column 8: an argument without name follows 'a='",
                "arguments without a name come first");
    check_error("f(a=1, a=2)", "1, column 8: the argument 'a' is given twice", "");
    check_error("f(*a)", "1, column 3: '*' and '**' arguments are not supported",
                "write the arguments out");
    check_error("f(a==b)", "1, column 4: expected ',' or ')' but found '='", COMMA);
    check_error("Input(3)(x)", "1, column 9: calling or indexing a result is not supported",
                "list the layers in Sequential([...])");
    check_error("model = Dense(3)", "1, column 7: expected the end but found '='",
                "write only what stands right of '='");
}

static void broken_words_are_found(void **state)
{
    (void)state;
    static const char number[] = "numbers look like 12, 1_000, 0.5, 1e-3 or 0x1F";
    static const char large[] = "integers have 64 bits here; write it as a float, such as 1e20";
    static const char *const bad[] = {"007", "1__0", "1_",    "0x",  "0b2",
                                      "1e",  "1e+",  "12abc", "1.e", "3j"};
    for (size_t i = 0; i < KT_COUNT(bad); i++) {
        kt_str message = {0};
        kt_str_printf(&message, "1, column 1: invalid number '%s'", bad[i]);
        check_error(bad[i], kt_str_text(&message), number);
        kt_str_free(&message);
    }
    check_error("99999999999999999999", "1, column 1: the integer is too large", large);
    check_error("[2**63]", "1, column 3: the result is too large", large);
    check_error("9223372036854775807 + 1", "1, column 21: the result is too large", large);
    check_error("10.0**400", "1, column 5: the result is too large", "");
    check_error("1/0", "1, column 2: division by zero", "");
    check_error("1//0.0", "1, column 2: division by zero", "");
    check_error("1%0", "1, column 2: division by zero", "");
    check_error("0**-1", "1, column 2: division by zero", "");
    check_error("(-8)**.5", "1, column 5: the result is a complex number", "");
    check_error("'a' + 1", "1, column 5: '+' does not work on str and int",
                "only numbers can be calculated with");
    check_error("-Dense(3)", "1, column 1: '-' does not work on Dense", "");
    check_error("['abc", "1, column 2: unterminated string",
                "strings end with the quote that they begin with");
    check_error("'a\nb'", "1, column 1: unterminated string",
                "strings end with the quote that they begin with");
    check_error("'\\x4'", "1, column 2: invalid escape in a string", "");
    check_error("'\\0'", "1, column 2: invalid escape in a string", "");
    check_error("'\\ud800'", "1, column 2: invalid escape in a string", "");
    check_error("r'abc'", "1, column 1: a string follows 'r'", "write strings without a prefix");
    check_error("f(\xE2\x80\x9Crelu\xE2\x80\x9D)",
                "1, column 3: expected a value but found '\xE2\x80\x9Crelu\xE2\x80\x9D'",
                "use the plain quotes ' or \"");
    check_error("a ? b", "1, column 3: expected the end but found '?'", "");
}

static void depth_is_limited(void **state)
{
    (void)state;
    char                     text[20001];
    static const char *const openers[] = {"(", "[", "f(", "{1:", "2**", "-", "+ "};
    for (size_t i = 0; i < KT_COUNT(openers); i++) {
        size_t n = strlen(openers[i]);
        for (size_t at = 0; at + n < sizeof text; at += n)
            memcpy(text + at, openers[i], n + 1);
        kt_arena arena = {0};
        kt_fault fault = {0};
        assert_null(kt_expr_parse(text, &arena, &fault));
        assert_non_null(
            strstr(fault.e.message, i < 5 ? "more than 100 brackets" : "expected a value"));
        kt_arena_free(&arena);
        kt_fault_clear(&fault);
    }
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    text[200] = '\0';
    kt_arena arena = {0};
    assert_non_null(kt_expr_parse(text, &arena, NULL));
    kt_arena_free(&arena);
    check_error("[[[(((1", "1, column 8: expected ',' or ')' but found the end", OPEN);
}

/* Pieces of memory are blocks of an arena otherwise. */
static bool is_read_without(const char *text, int64_t n)
{
    kt_arena arena = {0};
    kt_fault fault = {0};

    kt_alloc_fail_after(n);
    kt_value *v = kt_expr_parse(text, &arena, &fault);
    kt_alloc_fail_after(0);
    assert_int_equal(fault.e.status, v ? KT_OK : KT_E_MEMORY);
    kt_arena_free(&arena);
    kt_fault_clear(&fault);
    return v != NULL;
}

static void shortage_of_memory_is_said(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "f([1, (2.5, 'a')], b={c: -3})", "1, 2", "my>Squash", "{1: 2, 2.5: {}}", "{}", "'a' 'b'"};

    kt_alloc_count_pieces(true);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int64_t n = 1; !is_read_without(texts[i], n); n++)
            assert_true(n < 1000);
    kt_alloc_count_pieces(false);
}

/* How many items a text may have, and how long it may be. */
static void texts_have_an_end(void **state)
{
    (void)state;
    static const struct {
        const char *open, *item, *close, *says;
        int         n;
    } cases[] = {{"{", "%d: 0, ", "}", "more than 4096 keys", 4097},
                 {"{", "%d: 0, ", "}", NULL, 4096},
                 {"f(", "a%d=0, ", ")", "more than 4096 arguments", 4097},
                 {"f(", "a%d=0, ", ")", NULL, 4096},
                 {"'", "%07d", "'", "the text is longer than 1048576 bytes", 150000},
                 {"'", "%07d", "'", NULL, 149000}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kt_str   text = {0};
        kt_arena arena = {0};
        kt_fault fault = {0};
        kt_str_add(&text, cases[i].open);
        for (int k = 0; k < cases[i].n; k++) {
            char one[32];
            snprintf(one, sizeof one, cases[i].item, k);
            kt_str_add(&text, one);
        }
        kt_str_add(&text, cases[i].close);
        kt_value *v = kt_expr_parse(kt_str_text(&text), &arena, &fault);
        assert_int_equal(v == NULL, cases[i].says != NULL);
        if (!v)
            assert_non_null(strstr(fault.e.message, cases[i].says));
        kt_arena_free(&arena);
        kt_fault_clear(&fault);
        kt_str_free(&text);
    }
}

static void objects_have_a_class_and_arguments(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        bool        args;
    } cases[] = {
        {"'relu'", "relu", false},
        {"L2(0.01)", "L2", true},
        {"{'class_name': 'L2', 'config': {'l2': 0.1}}", "L2", true},
        {"{'class_name': 'Zeros', 'config': None}", "Zeros", false},
        {"{'class_name': 'Zeros'}", "Zeros", false},
        {"{'class_name': 'function', 'config': 'mse', 'module': 'builtins'}", "mse", false},
        {"{'config': {}}", NULL, false},
        {"{'class_name': 3}", NULL, false},
        {"{'class_name': 'L2', 'config': 3}", NULL, false},
        {"3", NULL, false},
        {"None", NULL, false},
        {"['L2']", NULL, false},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_arena        arena = {0};
        const char     *name = NULL;
        const kt_value *args = NULL;
        kt_value       *v = kt_expr_parse(cases[i].text, &arena, NULL);
        assert_int_equal(kt_object_parts(v, &name, &args), cases[i].name != NULL);
        assert_true(kt_streq(name, cases[i].name));
        assert_int_equal(args != NULL, cases[i].args);
        kt_arena_free(&arena);
    }
    assert_false(kt_object_parts(NULL, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_python),
        cmocka_unit_test(arithmetic_is_that_of_python),
        cmocka_unit_test(sequences_and_dicts_are_read),
        cmocka_unit_test(names_are_texts_or_literals),
        cmocka_unit_test(strings_are_read),
        cmocka_unit_test(calls_are_read),
        cmocka_unit_test(a_call_keeps_what_has_no_name),
        cmocka_unit_test(broken_brackets_are_found),
        cmocka_unit_test(misused_arguments_are_found),
        cmocka_unit_test(broken_words_are_found),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(shortage_of_memory_is_said),
        cmocka_unit_test(texts_have_an_end),
        cmocka_unit_test(objects_have_a_class_and_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
