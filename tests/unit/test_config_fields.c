/* test_config_fields.c - configurations: defaults, arguments, values in and out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "config/config.h"

#define FIELDS(F)                                                                         \
    F(INT, units, REQUIRED, "> 0", "Size of the last output axis.")                       \
    F(FLOAT, rate, "1./4", "[0, 1]", "Share that is dropped.")                            \
    F(BOOL, use_bias, "true", "", "Add a bias vector.")                                   \
    F(STR, padding, "valid", "valid|same", "Of the border.")                              \
    F(STR, label, "None", "", "Any text.")                                                \
    F(STR, quoted, "'a b'", "", "A default with a blank.")                                \
    F(OPTINT, seed, "None", "", "For the generator.")                                     \
    F(OPTFLOAT, limit, "None", ">= 0", "Upper bound.")                                    \
    F(INTS, strides, "(1, 1)", "2 > 0", "Steps.")                                         \
    F(INTS, axis, "-1", "", "Axes.")                                                      \
    F(INTS, cut, "None", ">= 0", "None or some.")                                         \
    F(SHAPE, shape, "None", "", "Sizes.")                                                 \
    F(OBJ, activation, "None", "activation", "Applied to the result.")                    \
    F(OBJ, kernel_initializer, "glorot_uniform", "initializer", "How the kernel starts.") \
    F(ANY, extra, "{'a': [1, 2]}", "", "Anything.")
KT_CONFIG(FIELDS);
#define LOOSE(F, T)                                \
    F(T, FLOAT, dropped, "0.0", "share", "Share.") \
    F(T, OPTINT, seed, "None", "kept", "Seed.")
KT_CONFIG_OF(loose, LOOSE);

static kt_arena arena;
static kt_fault fault;

static int clear(void **state)
{
    (void)state;
    kt_arena_free(&arena);
    kt_fault_clear(&fault);
    return 0;
}

static const char *const skipped[] = {"name", "dtype", NULL};

/* The configuration that Thing(<arguments>) gives. */
static config *read(const char *expression)
{
    kt_value *v = kt_expr_parse(expression, &arena, &fault);
    assert_non_null(v);
    return kt_config_read(&arena, &config_type, "Thing", v, skipped, &fault);
}

static void check_written(const config *c, const char *expected)
{
    kt_value *dict = kt_value_new(&arena, KT_DICT);
    kt_str    text = {0};
    assert_int_equal(kt_config_write(&arena, &config_type, c, dict, &fault), KT_OK);
    kt_value_repr(&text, dict);
    assert_string_equal(kt_str_text(&text), expected);
    kt_str_free(&text);
}

static void defaults_fill_the_struct(void **state)
{
    (void)state;
    const config *c = kt_config_new(&arena, &config_type, &fault);
    assert_non_null(c);
    assert_int_equal(c->units, 0);
    assert_true(c->rate == 0.25);
    assert_true(c->use_bias);
    assert_string_equal(c->padding, "valid");
    assert_null(c->label);
    assert_string_equal(c->quoted, "a b");
    assert_false(c->seed.set);
    assert_false(c->limit.set);
    assert_true(c->strides.n == 2 && c->strides.v[1] == 1);
    assert_true(c->axis.n == 1 && c->axis.scalar && c->axis.v[0] == -1);
    assert_true(c->cut.n == 0 && c->cut.scalar);
    assert_false(c->shape.set);
    assert_null(c->activation);
    assert_string_equal(kt_value_text(c->kernel_initializer), "glorot_uniform");
    assert_int_equal(kt_value_get(c->extra, "a")->n, 2);
    check_written(c,
                  "{'units': 0, 'rate': 0.25, 'use_bias': True, 'padding': 'valid', 'label': None, "
                  "'quoted': 'a b', 'seed': None, 'limit': None, 'strides': (1, 1), 'axis': -1, "
                  "'cut': None, 'shape': None, 'activation': None, "
                  "'kernel_initializer': 'glorot_uniform', 'extra': {'a': [1, 2]}}");
}

static void values_are_read_and_written_as_they_were(void **state)
{
    (void)state;
    const config *c = read("Thing(units=10, rate=1, use_bias=0, padding='SAME', label='x', seed=7, "
                           "limit=0.5, strides=3, axis=[1, 2], cut=(), shape=(None, 3), "
                           "activation=LeakyReLU(0.2), kernel_initializer=None, extra=3)");
    assert_non_null(c);
    check_written(c,
                  "{'units': 10, 'rate': 1.0, 'use_bias': False, 'padding': 'same', 'label': 'x', "
                  "'quoted': 'a b', 'seed': 7, 'limit': 0.5, 'strides': (3, 3), 'axis': [1, 2], "
                  "'cut': (), 'shape': (None, 3), 'activation': LeakyReLU(0.2), "
                  "'kernel_initializer': None, 'extra': 3}");
}

/* A text is any value's, a share lies in [0, 1], what is kept waits for who uses it. */
static void loose_values_are_taken(void **state)
{
    (void)state;
    const config *c = read("Thing(1, label=[3, 'a'], padding='valid')");
    assert_string_equal(c->label, "[3, 'a']");
    static const struct {
        const char *given;
        double      share;
    } shares[] = {{"2", 1}, {"-0.5", 0}, {"0.25", 0.25}, {"True", 1}};
    for (size_t i = 0; i < KT_COUNT(shares); i++) {
        kt_value *v = kt_expr_parse(shares[i].given, &arena, &fault);
        loose     l = {0};
        assert_int_equal(kt_config_set(&arena, &loose_type.fields[0], &l, v, "Thing", &fault),
                         KT_OK);
        assert_true(l.dropped == shares[i].share);
    }
    static const char *const odd[] = {"'a'", "True", "1.5", "[1]"};
    for (size_t i = 0; i < KT_COUNT(odd); i++) {
        kt_value *v = kt_expr_parse(odd[i], &arena, &fault);
        loose     l = {0};
        assert_int_equal(kt_config_set(&arena, &loose_type.fields[1], &l, v, "Thing", &fault),
                         KT_OK);
        assert_non_null(l.seed.odd);
        assert_true(kt_value_equal(kt_config_get(&arena, &loose_type.fields[1], &l), v));
    }
    loose l = {0};
    assert_int_equal(
        kt_config_set(&arena, &loose_type.fields[1], &l, kt_value_int(&arena, 3), "Thing", &fault),
        KT_OK);
    assert_true(l.seed.set && l.seed.v == 3 && !l.seed.odd);
    kt_config_set(&arena, &loose_type.fields[1], &l, NULL, "Thing", &fault);
    assert_false(l.seed.set || l.seed.odd);
}

static void booleans_are_what_python_takes_for_true(void **state)
{
    (void)state;
    static const char *const no[] = {"None", "0", "0.0", "''", "[]", "()"};
    static const char *const yes[] = {"2", "0.5", "'no'", "[0]", "f()"};
    char                     text[64];
    for (size_t i = 0; i < KT_COUNT(no); i++) {
        snprintf(text, sizeof text, "Thing(1, use_bias=%s)", no[i]);
        assert_false(((const config *)read(text))->use_bias);
    }
    for (size_t i = 0; i < KT_COUNT(yes); i++) {
        snprintf(text, sizeof text, "Thing(1, use_bias=%s)", yes[i]);
        assert_true(((const config *)read(text))->use_bias);
    }
}

static void what_is_written_reads_as_the_same(void **state)
{
    (void)state;
    const config *c = read("Thing(5, .5, strides=[2, 3], axis=(4,), shape=7, extra=[None])");
    kt_value     *dict = kt_value_new(&arena, KT_DICT);
    kt_str        first = {0};
    assert_int_equal(kt_config_write(&arena, &config_type, c, dict, &fault), KT_OK);
    kt_value_repr(&first, dict);
    const config *again = kt_config_read(&arena, &config_type, "Thing", dict, skipped, &fault);
    assert_non_null(again);
    check_written(again, kt_str_text(&first));
    kt_str_free(&first);
}

static void positional_arguments_come_in_the_order_of_rows(void **state)
{
    (void)state;
    const config *c = read("Thing(3, 0.5, False, 'same')");
    assert_true(c->units == 3 && c->rate == 0.5 && !c->use_bias);
    assert_string_equal(c->padding, "same");
}

static void arguments_of_the_base_are_skipped(void **state)
{
    (void)state;
    assert_non_null(read("Thing(3, name='x', dtype='float32')"));
    assert_int_equal(fault.e.status, KT_OK);
}

static void no_arguments_are_all_defaults(void **state)
{
    (void)state;
    assert_non_null(kt_config_read(&arena, &kt_no_config, "Empty", NULL, NULL, &fault));
    assert_null(kt_config_read(&arena, &config_type, "Thing", NULL, NULL, &fault));
    assert_string_equal(fault.e.message,
                        "Thing.__init__() missing 1 required positional argument: 'units'");
}

static void values_outlive_their_source(void **state)
{
    (void)state;
    kt_arena      other = {0};
    kt_value     *v = kt_expr_parse("Thing(3, label='kept', extra=['kept'])", &other, &fault);
    const config *c = kt_config_read(&arena, &config_type, "Thing", v, NULL, &fault);
    kt_arena_free(&other);
    assert_string_equal(c->label, "kept");
    assert_string_equal(kt_value_text(c->extra->items[0]), "kept");
}

typedef struct hiding {
    int64_t a, b, c;
} hiding;
static const kt_field hiding_fields[] = {
    {KT_F_INT, "a", NULL, "", "First.", offsetof(hiding, a), false},
    {KT_F_INT, "b", "2", "", "Not written, by name only.", offsetof(hiding, b), true},
    {KT_F_INT, "c", "3", "", "Third.", offsetof(hiding, c), false},
};
static const kt_config_type hiding_type = {sizeof(hiding), hiding_fields, KT_COUNT(hiding_fields)};

static void hidden_fields_are_neither_positional_nor_written(void **state)
{
    (void)state;
    kt_value     *v = kt_expr_parse("H(1, 9, b=5)", &arena, &fault);
    const hiding *h = kt_config_read(&arena, &hiding_type, "H", v, NULL, &fault);
    kt_value     *dict = kt_value_new(&arena, KT_DICT);
    assert_true(h && h->a == 1 && h->b == 5 && h->c == 9);
    assert_int_equal(kt_config_write(&arena, &hiding_type, h, dict, &fault), KT_OK);
    assert_int_equal(dict->n, 2);
    assert_null(kt_value_get(dict, "b"));
    assert_ptr_equal(kt_config_find(&hiding_type, "b"), &hiding_fields[1]);
    assert_null(kt_config_find(&hiding_type, "d"));
}

static void writing_replaces_what_the_base_wrote(void **state)
{
    (void)state;
    kt_value *dict = kt_value_new(&arena, KT_DICT);
    assert_true(kt_value_add(&arena, dict, "a", kt_value_str(&arena, "of the base")));
    hiding h = {1, 2, 3};
    assert_int_equal(kt_config_write(&arena, &hiding_type, &h, dict, &fault), KT_OK);
    assert_int_equal(kt_value_get(dict, "a")->i, 1);
    assert_int_equal(dict->n, 2);
}

static void shortage_of_memory_is_said(void **state)
{
    (void)state;
    for (int64_t n = 1;; n++) {
        clear(NULL);
        kt_value *v = kt_expr_parse("Thing(3, label='x', axis=[1], extra=['y'])", &arena, &fault);
        kt_value *dict = kt_value_new(&arena, KT_DICT);
        kt_arena  other = {0};
        kt_alloc_fail_after(n);
        const config *c = kt_config_read(&other, &config_type, "Thing", v, skipped, &fault);
        bool          ok = c && kt_config_write(&other, &config_type, c, dict, &fault) == KT_OK;
        kt_alloc_fail_after(0);
        assert_int_equal(fault.e.status, ok ? KT_OK : KT_E_MEMORY);
        kt_arena_free(&other);
        if (ok)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(defaults_fill_the_struct, clear),
        cmocka_unit_test_teardown(values_are_read_and_written_as_they_were, clear),
        cmocka_unit_test_teardown(loose_values_are_taken, clear),
        cmocka_unit_test_teardown(booleans_are_what_python_takes_for_true, clear),
        cmocka_unit_test_teardown(what_is_written_reads_as_the_same, clear),
        cmocka_unit_test_teardown(positional_arguments_come_in_the_order_of_rows, clear),
        cmocka_unit_test_teardown(arguments_of_the_base_are_skipped, clear),
        cmocka_unit_test_teardown(no_arguments_are_all_defaults, clear),
        cmocka_unit_test_teardown(values_outlive_their_source, clear),
        cmocka_unit_test_teardown(hidden_fields_are_neither_positional_nor_written, clear),
        cmocka_unit_test_teardown(writing_replaces_what_the_base_wrote, clear),
        cmocka_unit_test_teardown(shortage_of_memory_is_said, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
