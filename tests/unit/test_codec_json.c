/* test_codec_json.c - JSON as Python reads and writes it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"

static kt_arena arena;

static kt_value *parse(const char *text)
{
    kt_fault  f = {0};
    kt_value *v = kt_json_parse("t.json", text, strlen(text), &arena, &f);

    if (!v)
        fail_msg("%s: %s", text, f.e.message);
    return v;
}

static void assert_refused(const char *text, const char *part)
{
    kt_fault f = {0};

    assert_null(kt_json_parse("t.json", text, strlen(text), &arena, &f));
    assert_int_equal(f.e.status, KT_E_VALUE);
    assert_non_null(strstr(f.e.message, "'t.json'"));
    if (!strstr(f.e.message, part))
        fail_msg("'%s' does not say '%s'", f.e.message, part);
    kt_fault_clear(&f);
}

static void assert_prints(const kt_value *v, int indent, const char *want)
{
    kt_str s = {0};

    kt_json_print(&s, v, indent);
    assert_string_equal(kt_str_text(&s), want);
    kt_str_free(&s);
}

static int teardown(void **state)
{
    (void)state;
    kt_arena_free(&arena);
    return 0;
}

static void kinds(void **state)
{
    (void)state;
    kt_value *v = parse(
        "{\"z\": 1, \"a\": [1.0, -2e3, true, false, null, \"x\"], \"i\": 9223372036854775807}");

    assert_int_equal(v->kind, KT_DICT);
    assert_int_equal(v->n, 3);
    assert_string_equal(v->keys[0], "z"); /* order stays */
    assert_int_equal(v->items[0]->kind, KT_INT);
    const kt_value *a = v->items[1];
    assert_int_equal(a->kind, KT_LIST);
    assert_int_equal(a->items[0]->kind, KT_FLOAT);
    assert_true(a->items[1]->f == -2000);
    assert_true(a->items[2]->kind == KT_BOOL && a->items[2]->b && !a->items[3]->b);
    assert_int_equal(a->items[4]->kind, KT_NONE);
    assert_string_equal(a->items[5]->s, "x");
    assert_true(v->items[2]->i == INT64_MAX);
}

static void scalars_stand_alone(void **state)
{
    (void)state;
    assert_int_equal(parse(" 3 ")->i, 3);
    assert_string_equal(parse("\"x\"")->s, "x");
    assert_int_equal(parse("\xef\xbb\xbf[]")->kind, KT_LIST); /* byte order mark */
}

static void words_of_python(void **state)
{
    (void)state;
    kt_value *v = parse(
        "[NaN, Infinity, -Infinity, -1, \"NaN\", \"-Infinity\", \"\\\"NaN\", \"\\\\\", NaN]");

    assert_true(isnan(v->items[0]->f));
    assert_true(isinf(v->items[1]->f) && v->items[1]->f > 0);
    assert_true(isinf(v->items[2]->f) && v->items[2]->f < 0);
    assert_int_equal(v->items[3]->i, -1);
    assert_string_equal(v->items[4]->s, "NaN");
    assert_string_equal(v->items[5]->s, "-Infinity");
    assert_string_equal(v->items[6]->s, "\"NaN");
    assert_string_equal(v->items[7]->s, "\\");
    assert_true(isnan(v->items[8]->f));
    /* what a replaced word looks like inside cannot come from the file */
    assert_refused("[\"\\u0000n\"]", "NUL");
    assert_refused("{NaN: 1}", "line 1");
    assert_refused("[NaNNaN]", "line 1");
    assert_refused("[Infinity1]", "line 1");
    assert_refused("[- Infinity]", "line 1");
    assert_refused("[nan]", "line 1");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    assert_refused("", "JSON");
    assert_refused("{\"a\": 1,\n \"b\": }", "line 2");
    assert_refused("[1] x", "line 1");
    assert_refused("\"\xff\"", "decode");
    assert_refused("99999999999999999999", "integer");

    char deep[1400] = {0};
    memset(deep, '[', 600);
    memset(deep + 600, ']', 600);
    assert_refused(deep, "nests");
    memset(deep, '[', 400);
    memset(deep + 400, ']', 400);
    deep[800] = '\0';
    parse(deep);
}

static void prints_as_python(void **state)
{
    (void)state;
    const kt_value *v = parse(
        "{\"a\": [1, 1.5, 1e22, 1e-7, NaN, -Infinity, null, true], \"b\": {}, \"c\": [], "
        "\"\\u00e9\\ud83d\\ude00\": \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"}");

    assert_prints(
        v, -1,
        "{\"a\": [1, 1.5, 1e+22, 1e-07, NaN, -Infinity, null, true], \"b\": {}, \"c\": [], "
        "\"\\u00e9\\ud83d\\ude00\": \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"}");
    assert_prints(parse("{\"a\": [1, {}], \"b\": {\"c\": []}}"), 2,
                  "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}");
    assert_prints(parse("[[1]]"), 0, "[\n[\n1\n]\n]");
}

/* The printer alone works in every build. */
static void prints_without_a_reader(void **state)
{
    kt_arena  a = {0};
    kt_value *v = kt_value_new(&a, KT_TUPLE);

    (void)state;
    assert_true(kt_value_add(&a, v, NULL, kt_value_int(&a, -3)));
    assert_true(
        kt_value_add(&a, v, NULL, kt_value_str(&a, "a\xff\xc3z"))); /* no UTF-8: nothing is lost */
    assert_true(kt_value_add(&a, v, NULL, kt_value_float(&a, INFINITY)));
    assert_prints(v, -1, "[-3, \"a\\udcff\\udcc3z\", Infinity]");
    kt_arena_free(&a);
}

static void without_jansson(void **state)
{
    kt_fault f = {0};
    kt_arena a = {0};

    (void)state;
    assert_null(kt_json_parse("t.json", "1", 1, &a, &f));
    assert_int_equal(f.e.status, KT_E_NOT_IMPLEMENTED);
    assert_non_null(strstr(f.e.message, "jansson"));
    kt_fault_clear(&f);
}

static kt_status read_json(const uint8_t *data, size_t size, kt_fault *f)
{
    kt_arena  a = {0};
    kt_value *v = kt_json_parse("damaged", (const char *)data, size, &a, f);

    kt_arena_free(&a);
    return v ? KT_OK : f->e.status;
}

static void damage(void **state)
{
    static const char text[] =
        "{\"a\": [1, -2.5e-3, true, null, NaN, -Infinity], \"b\\u00e9\": \"x\\n\"}";
    const uint8_t *data = (const uint8_t *)text;
    size_t         size = sizeof text - 1;

    (void)state;
    assert_int_equal(damage_cut(read_json, data, size), -1);
    assert_in_range(damage_flip(read_json, data, size, 8), 1, 8 * size - 1);
    assert_in_range(damage_memory(read_json, data, size), 2, 1000);
}

int main(void)
{
    const struct CMUnitTest with[] = {
        cmocka_unit_test_teardown(kinds, teardown),
        cmocka_unit_test_teardown(scalars_stand_alone, teardown),
        cmocka_unit_test_teardown(words_of_python, teardown),
        cmocka_unit_test_teardown(mistakes_are_named, teardown),
        cmocka_unit_test_teardown(prints_as_python, teardown),
        cmocka_unit_test(damage),
        cmocka_unit_test(prints_without_a_reader),
    };
    const struct CMUnitTest without[] = {
        cmocka_unit_test(without_jansson),
        cmocka_unit_test(prints_without_a_reader),
    };
    return KERATIN_JANSSON ? cmocka_run_group_tests(with, NULL, NULL)
                           : cmocka_run_group_tests(without, NULL, NULL);
}
