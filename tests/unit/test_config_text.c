/* test_config_text.c - which fields the text of a call names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "config/config.h"

/* As the call macros do it: the text is what the preprocessor makes of the arguments. */
#define NAMES(name, ...) kt_text_names(#__VA_ARGS__, name)

static void designators_are_found(void **state)
{
    (void)state;
    assert_true(NAMES("use_bias", 128, .activation = "relu", .use_bias = false));
    assert_true(NAMES("activation", 128, .activation = "relu", .use_bias = false));
    assert_true(NAMES("units", .units = 3));
    assert_true(NAMES("use_bias", 3, .use_bias /* none */ = false));
    assert_true(NAMES("input_shape", 3, .input_shape = {28, 28}));
    assert_true(NAMES("input_shape", 3, .input_shape[0] = 28));
    assert_true(NAMES("shape", 3, .shape.rank = 28));
    assert_true(kt_text_names("3,\n  .use_bias\n= 0", "use_bias"));
    assert_true(kt_text_names("3 /* , */ , /* here */ .use_bias = 0", "use_bias"));
    assert_true(kt_text_names("3, // first\n .use_bias = 0", "use_bias"));
}

static void other_names_are_not(void **state)
{
    (void)state;
    assert_false(NAMES("use_bias", 128, .activation = "relu"));
    assert_false(NAMES("bias", 128, .use_bias = false));
    assert_false(NAMES("use", 128, .use_bias = false));
    assert_false(NAMES("use_bias_2", 128, .use_bias = false));
    assert_false(kt_text_names("", "units"));
    assert_false(kt_text_names(NULL, "units"));
    assert_false(kt_text_names(".units = 3", NULL));
    assert_false(kt_text_names(". = 3", ""));
}

static void strings_and_comments_are_stepped_over(void **state)
{
    (void)state;
    assert_false(NAMES("use_bias", 3, .name = ", .use_bias = 1"));
    assert_false(NAMES("use_bias", 3, .name = "a\", .use_bias = 1"));
    assert_false(
        NAMES("use_bias", 3, .name = "// x", .c = ',', .d = '"', .e = "/* , .use_bias = */"));
    assert_true(NAMES("use_bias", 3, .name = "/* no comment", .use_bias = 1, .e = "*/"));
    assert_true(NAMES("use_bias", 3, .name = "// no comment", .use_bias = 1));
    assert_true(NAMES("use_bias", 3, .c = '"', .use_bias = 1));
    assert_true(NAMES("use_bias", 3, .name = "({[", .use_bias = 1));
    assert_false(kt_text_names("3 /* , .use_bias = 1 */", "use_bias"));
    assert_false(kt_text_names("3 // , .use_bias = 1", "use_bias"));
    assert_false(kt_text_names("3, \"unterminated, .use_bias = 1", "use_bias"));
    assert_false(kt_text_names("3, /* unterminated, .use_bias = 1", "use_bias"));
    assert_false(kt_text_names("3, \"\\", "use_bias"));
}

static void brackets_hide_what_is_inside(void **state)
{
    (void)state;
    assert_false(NAMES("use_bias", kt_dense(3, .use_bias = false)));
    assert_false(NAMES("b", (struct s){.a = {1, .b = 2}, .b = 3}.a));
    assert_false(NAMES("b", f[g(1, .b = 2)]));
    assert_true(NAMES("b", (struct s){.a = {1}}.a, .b = 3));
    assert_true(NAMES("shape", {{1, 2}, {3}}, .shape = {{.shape = 1}}));
}

static void comparisons_and_members_are_no_names(void **state)
{
    (void)state;
    assert_false(NAMES("units", o.units == 3));
    assert_false(NAMES("units", o.units = 3));
    assert_false(NAMES("units", o->a.units = 3));
    assert_false(kt_text_names(".units == 3", "units"));
    assert_true(NAMES("units", o.units == 3, .units = 4));
    assert_false(NAMES("e5", .5 + x.e5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(designators_are_found),
        cmocka_unit_test(other_names_are_not),
        cmocka_unit_test(strings_and_comments_are_stepped_over),
        cmocka_unit_test(brackets_hide_what_is_inside),
        cmocka_unit_test(comparisons_and_members_are_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
