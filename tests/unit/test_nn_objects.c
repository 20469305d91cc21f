/* test_nn_objects.c - classes by name, objects from their three spellings, seeds that stay with
 * their initializer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "nn/layer.h"

static const char *const families[] = {"activation", "initializer", "regularizer", "constraint"};

/* --- the tables ------------------------------------------------------------------------------- */

/* Each class is found by its own name and by each alias: no two share one. */
static void names_are_unique(void **state)
{
    (void)state;
    const kt_class *cls;
    size_t          n = 0;

    for (const kt_family *f = kt_family_table; f->name; f++)
        for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++) {
            kt_arena a = {0};
            char    *words = kt_arena_strdup(&a, cls->aliases ? cls->aliases : "");

            assert_ptr_equal(kt_class_find(f->name, cls->class_name), cls);
            for (char *word = words; *word; n++) {
                size_t len = strcspn(word, "|");
                bool   last = word[len] == '\0';
                word[len] = '\0';
                if (kt_class_find(f->name, word) != cls)
                    fail_msg("%s '%s' is not %s", f->name, word, cls->class_name);
                word += last ? len : len + 1;
            }
            kt_arena_free(&a);
        }
    assert_true(n > 20);
}

static void classes_say_what_they_are(void **state)
{
    (void)state;
    const kt_class *cls;

    for (const kt_family *f = kt_family_table; f->name; f++)
        for (size_t i = 0; (cls = kt_family_class(f, i)) != NULL; i++) {
            assert_non_null(cls->module);
            assert_non_null(cls->config);
            if (strncmp(cls->module, "keras.", 6) != 0)
                assert_memory_equal(cls->module, "keratin.", 8); /* what Keras has not */
            if (!cls->summary || cls->summary[strlen(cls->summary) - 1] != '.')
                fail_msg("%s %s: the summary is no sentence", f->name, cls->class_name);
        }
}

static void unknown_families_and_names(void **state)
{
    (void)state;
    assert_null(kt_family_find("colour"));
    assert_null(kt_class_find("colour", "red"));
    assert_null(kt_class_find("initializer", "Glorot"));
    assert_null(kt_class_find("initializer", ""));
    assert_null(kt_class_find("initializer", NULL));
    assert_null(kt_class_find("initializer", "uniform|"));
    assert_null(kt_class_find("initializer", "random_uniform|uniform"));
}

/* --- objects ---------------------------------------------------------------------------------- */

static const kt_object *from(kt_arena *a, const char *family, const char *expression, kt_fault *f)
{
    kt_value *v = kt_expr_parse(expression, a, f);
    return v ? kt_object_make(a, family, v, f) : NULL;
}

/* What is written reads back as the same, for every class. */
static void round_trip(void **state)
{
    (void)state;
    for (size_t k = 1; k < KT_COUNT(families); k++) {
        const kt_family *family = kt_family_find(families[k]);
        const kt_class  *cls;

        for (size_t i = 0; (cls = kt_family_class(family, i)) != NULL; i++) {
            kt_arena a = {0};
            kt_fault f = {0};
            /* a name alone is read as a file is, where some lack what they need */
            const char      *call = kt_arena_printf(&a, "%s()", cls->class_name);
            const kt_object *o = from(&a, family->name, cls->needs ? call : cls->class_name, &f);
            kt_value        *v = o ? kt_object_value(&a, o, &f) : NULL;
            const kt_object *again = v ? kt_object_make(&a, family->name, v, &f) : NULL;
            kt_value        *w = again ? kt_object_value(&a, again, &f) : NULL;

            assert_non_null(w);
            assert_ptr_equal(again->cls, cls);
            assert_true(kt_value_equal(v, w));
            if (!cls->dropped)
                assert_int_equal(kt_value_get(v, "config")->n, cls->config->n);
            kt_arena_free(&a);
            kt_fault_clear(&f);
        }
    }
}

static void spellings(void **state)
{
    (void)state;
    static const char *const same[] = {
        "RandomNormal(0.0, 0.5, 7)", "RandomNormal(seed=7, stddev=0.5)",
        "normal(stddev=0.5, seed=7)",
        "{'class_name': 'RandomNormal', 'config': {'stddev': 0.5, 'seed': 7}}"};
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_value *first = kt_object_value(&a, from(&a, "initializer", same[0], &f), &f);

    for (size_t i = 1; i < KT_COUNT(same); i++)
        assert_true(
            kt_value_equal(first, kt_object_value(&a, from(&a, "initializer", same[i], &f), &f)));
    const kt_object *o = from(&a, "initializer", "uniform", &f);
    assert_true(o->by_name);
    assert_string_equal(o->name, "uniform");
    kt_arena_free(&a);
    kt_fault_clear(&f);
}

static void near_names_are_hinted(void **state)
{
    (void)state;
    static const struct {
        const char *family, *name, *hint;
    } cases[] = {
        {"activation", "rellu", "did you mean 'relu'?"},
        {"initializer", "GlorotUniforn", "did you mean 'GlorotUniform'?"},
        {"constraint", "MaxNrm", "did you mean 'MaxNorm'?"},
    };
    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_arena a = {0};
        kt_fault f = {0};

        assert_null(from(&a, cases[i].family, cases[i].name, &f));
        assert_non_null(strstr(f.e.message, "Could not interpret"));
        assert_string_equal(f.e.hint, cases[i].hint);
        kt_arena_free(&a);
        kt_fault_clear(&f);
    }
}

static void wrong_arguments(void **state)
{
    (void)state;
    kt_arena a = {0};
    kt_fault f = {0};

    assert_null(from(&a, "initializer", "RandomNormal(sttdev=1)", &f));
    assert_string_equal(f.e.message,
                        "RandomNormal.__init__() got an unexpected keyword argument 'sttdev'");
    assert_string_equal(f.e.hint, "did you mean 'stddev'?");
    kt_fault_clear(&f);
    assert_null(from(&a, "regularizer", "L1L2(0.1, 0.2, 0.3)", &f));
    assert_string_equal(f.e.message,
                        "L1L2.__init__() takes from 1 to 3 positional arguments but 4 were given");
    kt_fault_clear(&f);
    kt_arena_free(&a);
}

/* --- activations ------------------------------------------------------------------------------ */

static void functions_in_files(void **state)
{
    (void)state;
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_value *v = kt_expr_parse("{'module': 'builtins', 'class_name': 'function', 'config': "
                                "'swish', 'registered_name': 'function'}",
                                &a, &f);

    assert_string_equal(kt_activation_find(v, &f)->cls.class_name, "silu");
    assert_string_equal(kt_activation_find(NULL, &f)->cls.class_name, "linear");
    assert_int_equal(kt_activation_find(NULL, &f)->fn.fn, KT_UN_IDENTITY);
    kt_arena_free(&a);
}

static void logits_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool        keeps;
    } cases[] = {{"softmax", true}, {"sigmoid", true}, {"log_softmax", false}, {"tanh", false}};
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_node  *x = kt_placeholder(g, "x", KT_F32, KT_SHAPE(2, 3));

    for (size_t i = 0; i < KT_COUNT(cases); i++) {
        kt_value v = {.kind = KT_STR, .s = cases[i].name};
        kt_node *y = kt_activate(g, kt_activation_find(&v, &f), x);
        assert_ptr_equal(y->logits, cases[i].keeps ? x : NULL);
    }
    kt_graph_free(g);
    kt_fault_clear(&f);
}

/* --- seeds ------------------------------------------------------------------------------------ */

static kt_tensor *values_of(const kt_value *initializer)
{
    kt_fault    f = {0};
    kt_variable v = {.dtype = KT_F32, .shape = KT_SHAPE(4), .initializer = initializer};

    v.value = kt_tensor_new(KT_F32, v.shape);
    assert_non_null(v.value);
    assert_int_equal(kt_initialize(&v, &f), KT_OK);
    return v.value;
}

static bool same_values(const kt_value *one, const kt_value *other)
{
    kt_tensor *a = values_of(one), *b = values_of(other);
    bool       same = memcmp(a->data, b->data, 4 * sizeof(float)) == 0;

    kt_tensor_unref(a);
    kt_tensor_unref(b);
    return same;
}

static kt_value *written(kt_arena *a, const char *expression)
{
    kt_fault f = {0};
    return kt_object_value(a, from(a, "initializer", expression, &f), &f);
}

static void drawn_seeds_stay_with_the_initializer(void **state)
{
    (void)state;
    kt_arena  a = {0};
    kt_value *loose = written(&a, "HeNormal"), *held = written(&a, "HeNormal");

    kt_hold_seed(held);
    assert_true(same_values(held, held));
    assert_false(same_values(loose, loose)); /* drawn at each use */
    assert_false(same_values(loose, held));
    assert_true(kt_value_equal(loose, held)); /* and the configuration shows nothing of it */
    kt_value *fixed = written(&a, "HeNormal(seed=3)");
    kt_hold_seed(fixed);
    assert_true(same_values(fixed, written(&a, "HeNormal(seed=3)")));
    kt_arena_free(&a);
}

/* The order of draws is that of the constructors, not of the weights. */
static void layers_draw_when_they_are_made(void **state)
{
    (void)state;
    static const char *const names[] = {"Dense(3)", "Dropout(0.5)", "Dropout(0.0)", "LSTM(2)",
                                        "Dense(3, bias_initializer='normal')"};
    static const int         draws[] = {1, 1, 0, 3, 2};

    for (size_t i = 0; i < KT_COUNT(names); i++) {
        kt_arena  a = {0};
        kt_fault  f = {0};
        kt_value *v = kt_expr_parse(names[i], &a, &f);
        int64_t   want = 0;

        kt_set_random_seed(5);
        for (int k = 0; k <= draws[i]; k++)
            want = kt_draw_seed();
        kt_set_random_seed(5);
        kt_layer *l = kt_layer_from_value(v);
        assert_int_equal(kt_layer_status(l), KT_OK);
        l->owners = 1;
        if (kt_draw_seed() != want)
            fail_msg("%s does not draw %d seeds", names[i], draws[i]);
        kt_layer_release(l);
        kt_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(classes_say_what_they_are),
        cmocka_unit_test(unknown_families_and_names),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(spellings),
        cmocka_unit_test(near_names_are_hinted),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(functions_in_files),
        cmocka_unit_test(logits_are_kept),
        cmocka_unit_test(drawn_seeds_stay_with_the_initializer),
        cmocka_unit_test(layers_draw_when_they_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
