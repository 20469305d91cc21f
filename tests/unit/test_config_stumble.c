/* test_config_stumble.c - each step that Keras does with a value which may be no number, on values
 * of all kinds: what is said is what was said (support/damage_words.txt). The words are Keras', as
 * in the facts of the classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "config/config.h"
#include "support/damage.h"

static const char *const steps[] = {"abs(x)",
                                    "len(x)",
                                    "os.fspath(x)",
                                    "x.lower()",
                                    "range(x)",
                                    "range(x[i])",
                                    "x[i]",
                                    "list[x]",
                                    "tuple[x]",
                                    "hash(x)",
                                    "nothing",
                                    "",
                                    "cast",
                                    "divisor",
                                    "tensor",
                                    "operand",
                                    "axis",
                                    "x <= 0",
                                    "x < 0.0",
                                    "x > 0.0",
                                    "x >= 1.0",
                                    "0 < x",
                                    "1 >= x",
                                    "1 - x",
                                    "1 + x",
                                    "x - 1",
                                    "-1 * x",
                                    "x and 1.0 - x",
                                    "x and os.fspath(x)",
                                    "x >= 0; range(x)",
                                    "cast; 1 - x",
                                    "operand; 1 - x"};

static const char *const values[] = {"None",     "True",        "False",    "3",       "-2",
                                     "2.5",      "'a'",         "''",       "[]",      "[1]",
                                     "[1, 'a']", "['a', None]", "(1, 2.5)", "()",      "{}",
                                     "{'a': 1}", "[[1, {}]]",   "[[2]]",    "Dense(3)"};

static void what_is_said(void **state)
{
    (void)state;
    kt_arena a = {0};
    kt_fault f = {0};
    kt_str   lines = {0};

    for (size_t i = 0; i < KT_COUNT(steps); i++) {
        kt_str   said = {0};
        uint32_t sum = DAMAGE_SUM;
        int      refused = 0;
        for (size_t k = 0; k < 2 * KT_COUNT(values) + 1; k++) {
            const char *text = k < 2 * KT_COUNT(values) ? values[k / 2] : NULL;
            kt_value   *v = text ? kt_expr_parse(text, &a, &f) : NULL;
            assert_int_equal(f.e.status, KT_OK);
            kt_status s = kt_stumble(steps[i], v, k % 2, &f);
            assert_int_equal(s, f.e.status);
            kt_str_printf(&said, "%s: %d %s %s\n", text ? text : "", (int)s,
                          f.e.type ? f.e.type : "", f.e.message ? f.e.message : "");
            refused += s != KT_OK;
            kt_fault_clear(&f);
        }
        damage_sum(&sum, kt_str_text(&said));
        kt_str_printf(&lines, "stumble %s: %d refused %08x\n", steps[i], refused, sum);
        kt_str_free(&said);
    }
    damage_as_kept(&lines);
    kt_str_free(&lines);
    kt_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
