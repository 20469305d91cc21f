/* test_base_str.c - growing text, comparing, suggesting names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"

static void text_grows(void **state)
{
    (void)state;
    kt_str s = {0};
    assert_string_equal(kt_str_text(&s), "");
    kt_str_add(&s, "(None");
    kt_str_addc(&s, ',');
    kt_str_printf(&s, " %d)", 28);
    kt_str_addn(&s, "!!!", 1);
    kt_str_add(&s, NULL);
    assert_string_equal(kt_str_text(&s), "(None, 28)!");
    assert_int_equal(s.len, 11);
    for (int i = 0; i < 10000; i++) {
        kt_str_printf(&s, "%d", i % 10);
    }
    assert_false(s.failed);
    assert_int_equal(s.len, 10011);
    assert_string_equal(kt_str_text(&s) + 10001, "0123456789");
    kt_str_free(&s);
    assert_string_equal(kt_str_text(&s), "");
}

static void text_stops_at_its_limit(void **state)
{
    (void)state;
    kt_str s = {.limit = 5};
    kt_str_add(&s, "12345");
    assert_false(s.failed);
    kt_str_addc(&s, '6');
    assert_true(s.failed);
    kt_str_printf(&s, "%d", 7);
    kt_str_addc(&s, '8');
    assert_string_equal(kt_str_text(&s), "12345");
    kt_str_free(&s);
    assert_false(s.failed);
    assert_int_equal(s.limit, 5);
}

static void text_survives_lack_of_memory(void **state)
{
    (void)state;
    char more[200];
    memset(more, 'x', sizeof more);
    kt_str s = {0};
    kt_str_add(&s, "kept");
    kt_alloc_fail_after(1);
    kt_str_addn(&s, more, sizeof more);
    kt_alloc_fail_after(0);
    assert_true(s.failed);
    assert_string_equal(kt_str_text(&s), "kept");
    kt_str_free(&s);
}

static void equal_texts(void **state)
{
    (void)state;
    assert_true(kt_streq("a", "a"));
    assert_false(kt_streq("a", "b"));
    assert_false(kt_streq("a", NULL));
    assert_false(kt_streq(NULL, "a"));
    assert_true(kt_streq(NULL, NULL));
}

static const char *suggest(const char *word)
{
    static const char *const names[] = {"relu",
                                        "selu",
                                        "sigmoid",
                                        "softmax",
                                        "softplus",
                                        NULL,
                                        "kernel_initializer",
                                        "bias_initializer",
                                        "units"};
    return kt_did_you_mean(word, names, KT_COUNT(names));
}

static void near_names_are_suggested(void **state)
{
    (void)state;
    assert_string_equal(suggest("rleu"), "relu");
    assert_string_equal(suggest("ReLU"), "relu");
    assert_string_equal(suggest("sigmod"), "sigmoid");
    assert_string_equal(suggest("softmaxx"), "softmax");
    assert_string_equal(suggest("kernel_initialiser"), "kernel_initializer");
    assert_string_equal(suggest("unit"), "units");
}

static void far_names_are_not(void **state)
{
    (void)state;
    assert_null(suggest("swish"));
    assert_null(suggest("x"));
    assert_null(suggest(""));
    assert_null(suggest(NULL));
    char endless[1000];
    memset(endless, 'r', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(suggest(endless));
    assert_null(kt_did_you_mean("relu", NULL, 0));
}

/* A third of the letters of the longer word, rounded down, may be wrong, and not one more. */
static void the_threshold_is_a_third(void **state)
{
    static const struct {
        const char *word, *name;
        bool        near;
    } pairs[] = {
        {"ab", "ac", false},
        {"ab", "abc", true},
        {"abc", "abx", true},
        {"abc", "axx", false},
        {"abcde", "abcdx", true},
        {"abcde", "abcxx", false},
        {"abcdef", "abcdxx", true},
        {"abcdef", "abcxxx", false},
        {"abcd", "abcdef", true},
        {"abc", "abcdef", false},
        {"abcdefgh", "abcdefxx", true},
        {"abcdefgh", "abcdexxx", false},
        {"abcdefghi", "abcdefxxx", true},
        {"abcdefghi", "abcdexxxx", false},
    };

    (void)state;
    for (size_t i = 0; i < KT_COUNT(pairs); i++) {
        const char *got = kt_did_you_mean(pairs[i].word, &pairs[i].name, 1);
        if ((got != NULL) != pairs[i].near)
            fail_msg("%s for %s: %s", pairs[i].name, pairs[i].word, got ? "near" : "far");
    }
}

/* Of equally near ones the first; the nearest, wherever it stands. */
static void the_nearest_is_suggested(void **state)
{
    static const char *const names[] = {"abcx", "abxd", "abcdefgx", "abcdefgh"};

    (void)state;
    assert_string_equal(kt_did_you_mean("abcd", names, 2), "abcx");
    assert_string_equal(kt_did_you_mean("abcdefgh", names, 4), "abcdefgh");
    assert_string_equal(kt_did_you_mean("abcdegfx", names, 4), "abcdefgx"); /* one swap */
}

static void names_have_at_most_63_letters(void **state)
{
    char        word[65], name[65];
    const char *names[] = {name};

    (void)state;
    memset(word, 'w', sizeof word);
    word[63] = '\0';
    memcpy(name, word, sizeof name);
    name[0] = 'x';
    assert_non_null(kt_did_you_mean(word, names, 1));
    name[63] = 'w';
    name[64] = '\0';
    assert_null(kt_did_you_mean(word, names, 1));
    name[63] = '\0';
    word[63] = 'w';
    word[64] = '\0';
    assert_null(kt_did_you_mean(word, names, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_threshold_is_a_third),
        cmocka_unit_test(the_nearest_is_suggested),
        cmocka_unit_test(names_have_at_most_63_letters),
        cmocka_unit_test(text_grows),
        cmocka_unit_test(text_stops_at_its_limit),
        cmocka_unit_test(text_survives_lack_of_memory),
        cmocka_unit_test(equal_texts),
        cmocka_unit_test(near_names_are_suggested),
        cmocka_unit_test(far_names_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
