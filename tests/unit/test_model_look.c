/* test_model_look.c - looking at models: checks of shapes, the table of layers, explanations, the
 * catalogue, adapting, timing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"

static void shape_is(kt_shape s, int rank, int64_t a, int64_t b)
{
    assert_int_equal(s.rank, rank);
    assert_int_equal(s.dim[0], a);
    if (rank > 1)
        assert_int_equal(s.dim[1], b);
}

static void tables_of_sequential_models(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_flatten(.input_shape = {2, 3}), kt_dense(4, .name = "top"));

    assert_int_equal(kt_model_layers(m), 2); /* the InputLayer is not shown */
    kt_layer_info top = kt_model_layer(m, 1);
    assert_string_equal(top.name, "top");
    assert_string_equal(top.class_name, "Dense");
    assert_int_equal(top.params, 28);
    shape_is(kt_model_layer_in(m, 1, 0), 2, KT_UNKNOWN, 6);
    shape_is(kt_model_layer_out(m, 1, 0), 2, KT_UNKNOWN, 4);
    assert_int_equal(kt_model_layer_out(m, 1, 1).rank, -1);
    assert_int_equal(kt_model_layer_out(m, 2, 0).rank, -1);
    assert_null(kt_model_layer(m, -1).name);

    kt_shape data = KT_SHAPE(5, 2, 3), bad = KT_SHAPE(5, 2, 4);
    assert_int_equal(kt_check_shapes(m, 0, NULL, false), KT_OK);
    shape_is(kt_checked_output(m, 0), 2, KT_UNKNOWN, 4);
    assert_int_equal(kt_check_shapes(m, 1, &data, true), KT_OK);
    shape_is(kt_checked_output(m, 0), 2, 5, 4);
    assert_int_equal(kt_check_shapes(m, 1, &bad, true), KT_E_VALUE);
    assert_int_equal(kt_checked_outputs(m), 0);
    assert_true(kt_model_layer(m, 1).failed);
    kt_clear_error(m);
    assert_int_equal(kt_check_shapes(m, 1, &data, true), KT_OK);
    kt_model_free(m);
}

static void tables_of_other_models(void **state)
{
    (void)state;
    kt_symbol in[] = {kt_symbol_of(kt_input(.shape = {4}, .name = "a")),
                      kt_symbol_of(kt_input(.shape = {4}, .name = "b"))};
    kt_symbol y = kt_apply_list(kt_add(), 2, in);
    kt_model *m = kt_functional("two", 2, in, 1, &y);

    assert_int_equal(kt_model_layers(m), 3);
    assert_string_equal(kt_model_layer(m, 0).name, "a");
    assert_int_equal(kt_model_layer(m, 2).n_in, 2);
    shape_is(kt_model_layer_in(m, 2, 1), 2, KT_UNKNOWN, 4);
    kt_model_free(m);

    m = kt_sequential(kt_dense(4)); /* not built: no shapes yet */
    assert_int_equal(kt_model_layers(m), 1);
    assert_int_equal(kt_model_layer(m, 0).n_out, 0);
    assert_int_equal(kt_check_shapes(m, 0, NULL, false), KT_OK);
    assert_int_equal(kt_checked_outputs(m), 0);
    kt_model_free(m);

    m = kt_model_from("Dense(3)"); /* a lone layer */
    kt_shape s = KT_SHAPE(KT_UNKNOWN, 5);
    assert_int_equal(kt_check_shapes(m, 1, &s, false), KT_OK);
    assert_int_equal(kt_model_layers(m), 1);
    assert_int_equal(kt_model_layer(m, 0).params, 18);
    shape_is(kt_checked_output(m, 0), 2, KT_UNKNOWN, 3);
    kt_model_free(m);
}

/* What the function prints, freed by the caller. */
static char *printed(kt_model *m, bool explain)
{
    char  *text = NULL;
    size_t size = 0;
    FILE  *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (explain)
        kt_explain(m, out);
    else
        kt_summary(m, out);
    fclose(out);
    return text;
}

/* As Keras 3.15 has it. */
static void built_twice(void **state)
{
    (void)state;
    kt_model *declared = kt_sequential(kt_dense(3, .input_shape = {2})),
             *open = kt_sequential(kt_dense(3)), *functional;
    kt_shape  two = KT_SHAPE(KT_UNKNOWN, 2), three = KT_SHAPE(KT_UNKNOWN, 3), rows = KT_SHAPE(4, 2);
    kt_symbol x = kt_symbol_of(kt_input(.shape = {2})), y = kt_apply(kt_dense(3), x);

    functional = kt_functional("f", 1, &x, 1, &y);
    assert_int_equal(kt_build(functional, 1, &three), KT_OK); /* says nothing, builds nothing */
    assert_int_equal(kt_build(open, 1, &two), KT_OK);
    for (int i = 0; i < 2; i++) {
        kt_model *m = i ? open : declared;
        assert_int_equal(kt_build(m, 1, &two), KT_OK);
        assert_int_equal(kt_build(m, 1, &rows), KT_E_VALUE);
        assert_non_null(strstr(kt_model_error(m)->message,
                               "has already been configured to use input shape (None, 2). You "
                               "cannot build it with input_shape (4, 2)"));
        kt_clear_error(m);
        assert_int_equal(kt_build(m, 1, &three), KT_E_VALUE);
        kt_clear_error(m);
        assert_int_equal(kt_check_shapes(m, 1, &rows, true), KT_OK);
        kt_model_free(m);
    }
    kt_model_free(functional);
}

static void explanations_mark_the_place(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_flatten(.input_shape = {2, 3}), kt_dense(4));
    kt_shape  bad = KT_SHAPE(5, 2, 4);

    char *text = printed(m, true);
    assert_string_equal(text, ""); /* nothing has failed */
    free(text);
    kt_check_shapes(m, 1, &bad, true);
    text = printed(m, true);
    assert_non_null(strstr(text, "ValueError: Input 0 with name 'None' of layer 'dense'"));
    assert_non_null(strstr(text, "kt_dense(4)"));
    assert_non_null(strstr(
        text,
        "  flatten (Flatten)  (5, 2, 4)  (5, 8)\n> dense (Dense)      (5, 8)     <- fails here\n"));
    free(text);
    kt_model_free(m);
}

static void long_names_are_cut(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(
        kt_dense(4, .input_shape = {2}, .name = "a_name_of_a_layer_that_is_wider_than_its_column"));
    char *text = printed(m, false);

    assert_non_null(strstr(
        text, "│ a_name_of_a_layer_that_is_wide… │ (None, 4)              │            12 │"));
    assert_non_null(strstr(
        text, "│ (Dense)                         │                        │               │"));
    free(text);
    kt_model_free(m);
}

static void the_catalogue(void **state)
{
    (void)state;
    kt_class_info c;
    int           classes = 0;

    assert_true(kt_catalog_find("Dense", &c));
    assert_string_equal(c.family, "layer");
    assert_string_equal(c.module, "keras.layers");
    assert_string_equal(kt_catalog_field(&c, 0).name, "units");
    assert_string_equal(kt_catalog_field(&c, 0).kind, "integer");
    assert_null(kt_catalog_field(&c, 0).initial);
    assert_null(kt_catalog_field(&c, c.fields).name);
    assert_true(kt_catalog_find("mse", &c));
    assert_false(kt_catalog_find("Dens", &c));
    assert_false(kt_catalog_find(NULL, &c));
    assert_string_equal(kt_catalog_family(0), "layer");
    for (int k = 0; kt_catalog_family(k); k++)
        for (int i = 0; kt_catalog_class(kt_catalog_family(k), i, &c); i++, classes++) {
            assert_non_null(c.summary);
            for (int f = 0; f < c.fields; f++) {
                assert_non_null(kt_catalog_field(&c, f).kind);
                assert_non_null(kt_catalog_field(&c, f).help);
            }
        }
    assert_true(classes > 60);
    assert_null(kt_catalog_family(-1));
    assert_false(kt_catalog_class("nothing", 0, &c));
}

/* A Normalization behind another layer learns from what that layer gives. */
static void layers_learn_statistics(void **state)
{
    (void)state;
    kt_model  *m = kt_sequential(kt_rescaling(2.0, .offset = 1.0, .input_shape = {2}),
                                 kt_normalization());
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(600, 2));
    kt_data   *d = kt_data_new();

    for (int64_t i = 0; i < 1200; i++)
        kt_tensor_set(x, i, i % 2 ? 5 : (double)(i / 2 % 4));
    kt_data_add_x(d, "", x);
    assert_int_equal(kt_adapt(m, d), 1);
    assert_int_equal(kt_adapt(m, d), 0); /* it knows them now */
    const kt_tensor *mean = kt_weight_at(m, 0, NULL), *variance = kt_weight_at(m, 1, NULL);
    assert_true(fabs(kt_tensor_get(mean, 0) - 4) < 1e-5);
    assert_true(fabs(kt_tensor_get(mean, 1) - 11) < 1e-5);
    assert_true(fabs(kt_tensor_get(variance, 0) - 5) < 1e-5);
    assert_true(fabs(kt_tensor_get(variance, 1)) < 1e-5);
    kt_tensor_unref(x);
    kt_data_free(d);
    kt_model_free(m);
}

/* There is a mean for each of the three features, and none for the other 4997. */
static void statistics_of_other_data_are_refused(void **state)
{
    (void)state;
    kt_model  *m = kt_sequential(kt_normalization(.input_shape = {3}));
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(4, 5000));
    kt_data   *d = kt_data_new();

    kt_data_add_x(d, "", x);
    assert_int_equal(kt_adapt(m, d), 0);
    assert_string_equal(
        kt_model_error(m)->message,
        "The layer was built with input_shape=(None, 3), but adapt() is being called with data "
        "with an incompatible shape, data.shape=(4, 5000)");
    kt_tensor_unref(x);
    kt_data_free(d);
    kt_model_free(m);
}

static void fit_is_checked_without_training(void **state)
{
    (void)state;
    kt_model  *m = kt_sequential(kt_dense(3, .input_shape = {4}));
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(64, 4)),
              *y = kt_tensor_new(KT_F32, KT_SHAPE(64, 5));
    kt_fit_args f = {.at = {.size = sizeof f}, .model = m, .x = x, .y = y};

    kt_compile(m, .optimizer = "sgd", .loss = "categorical_crossentropy");
    double before = kt_tensor_get(kt_weight_at(m, 0, NULL), 0);
    assert_int_equal(kt_check_fit(&f), KT_E_VALUE);
    kt_clear_error(m);
    kt_tensor_unref(y);
    f.y = y = kt_tensor_new(KT_F32, KT_SHAPE(64, 3));
    assert_int_equal(kt_check_fit(&f), KT_OK);
    assert_true(kt_tensor_get(kt_weight_at(m, 0, NULL), 0) == before);
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    kt_model_free(m);
}

static void steps_are_timed(void **state)
{
    (void)state;
    kt_model *m = kt_sequential(kt_dense(3, .input_shape = {4}));

    kt_bench *b = kt_bench_new(m, 8, false);
    assert_non_null(b);
    assert_true(kt_bench_runs(b) >= 3);
    assert_true(kt_bench_best(b) <= kt_bench_seconds(b));
    assert_true(kt_bench_rows(b) > 0);
    assert_string_equal(kt_bench_row_at(b, 0).layer, "sequential/dense");
    kt_bench_free(b);
    assert_null(kt_bench_new(m, 8, true)); /* not compiled */
    assert_non_null(strstr(kt_model_error(m)->message, "compile"));
    kt_model_free(m);

    m = kt_sequential(kt_dense(3));
    assert_null(kt_bench_new(m, 8, false)); /* no shape */
    kt_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_sequential_models),
        cmocka_unit_test(tables_of_other_models),
        cmocka_unit_test(built_twice),
        cmocka_unit_test(explanations_mark_the_place),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(the_catalogue),
        cmocka_unit_test(layers_learn_statistics),
        cmocka_unit_test(statistics_of_other_data_are_refused),
        cmocka_unit_test(fit_is_checked_without_training),
        cmocka_unit_test(steps_are_timed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
