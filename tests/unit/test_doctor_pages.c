/* test_doctor_pages.c - the answer as text, JSON, page and drawing; repairs of losses of several
 * outputs, of windows and of missing inputs; what training data should not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"

static void check_holds(const char *text, const char *what)
{
    if (!text || !strstr(text, what))
        fail_msg("not there: %s\n%s", what, text ? text : "(nothing)");
}

static int count_of(const char *text, const char *what)
{
    int n = 0;

    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static kt_diagnosis *broken(void)
{
    kt_data *data = kt_data_new();

    kt_data_add_x_shape(data, "", KT_SHAPE(32, 28, 28));
    kt_data_add_y_shape(data, "", KT_SHAPE(32));
    kt_diagnosis *d = kt_diagnose(.source = "Sequential([Input((784,)), Dense(16, name='a<b&c>d'), "
                                            "Dense(10, activation='softmax')])",
                                  .data = data, .loss = "sparse_categorical_crossentropy");
    kt_data_free(data);
    return d;
}

static void a_page_shows_both_chains(void **state)
{
    (void)state;
    kt_diagnosis *d = broken();
    char         *page = kt_diagnosis_html(d, 1), *part = kt_diagnosis_html(d, 0);

    assert_int_equal(strncmp(page, "<!DOCTYPE html>", 15), 0);
    assert_int_equal(count_of(page, "<svg"), 2);
    assert_int_equal(count_of(page, "</svg>"), 2);
    assert_int_equal(count_of(page, "class=\"edge bad\""), 1);
    check_holds(page, "class=\"layer mended\"");
    check_holds(page, "<pre>layers.Flatten(input_shape=(28, 28))</pre><button");
    check_holds(page, "prefers-color-scheme:dark");
    check_holds(page, "a&lt;b&amp;c&gt;d");
    assert_null(strstr(page, "a<b"));
    assert_null(strstr(page, "src="));
    assert_null(strstr(page, "href="));
    assert_null(strstr(page, "@import"));
    assert_null(strstr(part, "<html"));
    check_holds(part, "<div class=\"keratin\">");
    kt_text_free(page);
    kt_text_free(part);
    kt_diagnosis_free(d);
}

static void a_drawing_stands_alone(void **state)
{
    (void)state;
    kt_diagnosis *d = broken();
    char         *svg = kt_diagnosis_svg(d);

    assert_int_equal(strncmp(svg, "<svg", 4), 0);
    check_holds(svg, "xmlns=\"http://www.w3.org/2000/svg\"");
    check_holds(svg, "(32, 28, 28)");
    assert_int_equal(count_of(svg, "<text"), count_of(svg, "</text>"));
    kt_text_free(svg);
    kt_diagnosis_free(d);
    assert_null(kt_diagnosis_svg(NULL));
    assert_null(kt_diagnosis_html(NULL, 1));
    assert_null(kt_diagnosis_json(NULL));
    assert_null(kt_diagnosis_text(NULL, 0));
}

static void texts_say_the_same(void **state)
{
    (void)state;
    kt_diagnosis *d = broken();
    char         *json = kt_diagnosis_json(d), *text = kt_diagnosis_text(d, 0);

    check_holds(json, "\"kind\": \"flat_vs_shaped\"");
    check_holds(json, "\"code\": \"layers.Flatten(input_shape=(28, 28))\"");
    check_holds(text, "1. insert Flatten() as the first layer");
    kt_text_free(json);
    kt_text_free(text);
    kt_diagnosis_free(d);
    json = kt_explanation_json("ValueError: Shapes (None, 1) and (None, 10) are incompatible");
    check_holds(json, "\"cause\": \"labels_vs_loss\"");
    kt_text_free(json);
}

/* JSON text is a source, too. */
static void a_configuration_is_a_source(void **state)
{
    (void)state;
    if (!KERATIN_JANSSON) /* models as JSON */
        skip();
    kt_diagnosis *d = kt_diagnose(
            .source =
                " {\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": "
                "[{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"i\", \"batch_shape\": "
                "[null, 4]}}, {\"class_name\": \"LSTM\", \"config\": {\"name\": \"l\", \"units\": "
                "2}}]}}");

    assert_non_null(d->cause);
    assert_string_equal(d->cause->kind, "axis_missing");
    kt_diagnosis_free(d);
    d = kt_diagnose(
            .source =
                "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": "
                "[{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"i\", \"batch_shape\": "
                "[null, 4]}}, {\"class_name\": \"Own\", \"registered_name\": \"Own\", \"config\": "
                "{\"name\": \"own\"}, \"build_config\": {\"input_shape\": [null, 4]}}, "
                "{\"class_name\": \"Dense\", \"config\": {\"name\": \"d\", \"units\": 2}, "
                "\"build_config\": {\"input_shape\": [null, 4]}}]}}");
    char *json = kt_diagnosis_json(d);
    check_holds(json, "\"assumed\": \"what these layers compute is not known");
    kt_text_free(json);
    kt_diagnosis_free(d);
}

/* --- several outputs, windows, missing inputs ------------------------------------------------- */

static kt_diagnosis *of_file(kt_model *m, kt_data *data, const char *loss)
{
    kt_diagnosis *d = kt_diagnose(.model = m, .data = data, .loss = loss);

    assert_non_null(d);
    return d;
}

static void each_output_gets_its_loss(void **state)
{
    (void)state;
    const char *const losses[] = {"'categorical_crossentropy'",
                                  "['mse', 'sparse_categorical_crossentropy']",
                                  "{'a': 'sparse_categorical_crossentropy', 'c': 'mse'}"};
    kt_symbol         x = kt_symbol_of(kt_input(.shape = {6}));
    kt_symbol         out[2] = {kt_apply(kt_dense(3, .activation = "softmax", .name = "a"), x),
                                kt_apply(kt_dense(1, .name = "b"), x)};
    kt_model         *m = kt_functional("two", 1, &x, 2, out);
    kt_data          *data = kt_data_new();
    kt_tensor *t = kt_numpy_rand(1, KT_SHAPE(12, 6)), *y = kt_numpy_randint(2, 0, 3, KT_SHAPE(12));
    kt_tensor *z = kt_numpy_rand(3, KT_SHAPE(12, 1));

    kt_data_add_x(data, "", t);
    kt_data_add_y(data, "a", y);
    kt_data_add_y(data, "b", z);
    for (int i = 0; i < 3; i++) {
        kt_diagnosis *d = of_file(m, data, losses[i]);
        assert_true(d->n_remedies > 0);
        assert_string_equal(d->remedies[0].kind, "loss_per_output");
        assert_string_equal(d->cause->kind, i == 2 ? "target_count" : "labels_vs_loss");
        check_holds(d->remedies[0].edits[0].code,
                    "loss={'a': 'sparse_categorical_crossentropy', 'b': 'mse'}");
        assert_true(d->remedies[0].ran);
        kt_diagnosis_free(d);
    }
    kt_tensor_unref(t);
    kt_tensor_unref(y);
    kt_tensor_unref(z);
    kt_data_free(data);
    kt_model_free(m);
}

static bool has_kind(const kt_diagnosis *d, const char *kind, const char *words)
{
    for (int i = 0; i < d->n_remedies; i++)
        if (strcmp(d->remedies[i].kind, kind) == 0 && strstr(d->remedies[i].words, words))
            return true;
    return false;
}

/* A Functional model of layers written with ' for ". Made at call; the caller frees it. */
static char *functional(const char *layers, const char *in, const char *out)
{
    size_t n = strlen(layers) + strlen(in) + strlen(out) + 200;
    char  *text = malloc(n);

    assert_non_null(text);
    snprintf(text, n,
             "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [%s], "
             "'input_layers': [%s], 'output_layers': [%s]}}",
             layers, in, out);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    return text;
}

static void windows_meet_with_other_numbers(void **state)
{
    (void)state;
    if (!KERATIN_JANSSON) /* models as JSON */
        skip();
    char *model = functional(
        "{'class_name': 'InputLayer', 'name': 'x', 'inbound_nodes': [], "
        "'config': {'name': 'x', 'batch_shape': [null, 16, 16, 3]}},"
        "{'class_name': 'MaxPooling2D', 'name': 'p', 'inbound_nodes': [[['x', 0, 0, {}]]], "
        "'config': {'name': 'p', 'pool_size': [2, 2]}},"
        "{'class_name': 'Conv2D', 'name': 'c', 'inbound_nodes': [[['x', 0, 0, {}]]], "
        "'config': {'name': 'c', 'filters': 2, 'kernel_size': [3, 3], 'strides': [4, 4], "
        "'padding': 'same'}},"
        "{'class_name': 'Concatenate', 'name': 'j', 'config': {'name': 'j'}, "
        "'inbound_nodes': [[['p', 0, 0, {}], ['c', 0, 0, {}]]]}",
        "['x', 0, 0]", "['j', 0, 0]");
    kt_diagnosis *d = kt_diagnose(.source = model);

    assert_string_equal(d->cause->kind, "branch_sizes");
    assert_true(has_kind(d, "pool_size", "a pool of 4 in 'p'"));
    assert_true(has_kind(d, "strides", "strides of 2 in 'c'"));
    kt_diagnosis_free(d);
    free(model);
}

static void a_missing_input_is_handed_on(void **state)
{
    (void)state;
    if (!KERATIN_JANSSON) /* models as JSON */
        skip();
    char *model = functional(
        "{'class_name': 'InputLayer', 'name': 'x', 'inbound_nodes': [], "
        "'config': {'name': 'x', 'batch_shape': [null, 4]}},"
        "{'class_name': 'InputLayer', 'name': 'y', 'inbound_nodes': [], "
        "'config': {'name': 'y', 'batch_shape': [null, 3]}},"
        "{'class_name': 'Functional', 'name': 'inner', 'inbound_nodes': [[['x', 0, 0, {}]]], "
        "'config': {'name': 'inner', 'layers': ["
        "{'class_name': 'InputLayer', 'name': 'a', 'inbound_nodes': [], "
        "'config': {'name': 'a', 'batch_shape': [null, 4]}},"
        "{'class_name': 'InputLayer', 'name': 'b', 'inbound_nodes': [], "
        "'config': {'name': 'b', 'batch_shape': [null, 3]}},"
        "{'class_name': 'Concatenate', 'name': 'j', 'config': {'name': 'j'}, "
        "'inbound_nodes': [[['a', 0, 0, {}], ['b', 0, 0, {}]]]}], "
        "'input_layers': [['a', 0, 0], ['b', 0, 0]], 'output_layers': [['j', 0, 0]]}}",
        "['x', 0, 0], ['y', 0, 0]", "['inner', 1, 0]");
    kt_diagnosis *d = kt_diagnose(.source = model);

    assert_string_equal(d->cause->kind, "wiring");
    assert_true(has_kind(d, "connect_input", "hand 'y' on to 'inner'"));
    kt_diagnosis_free(d);
    free(model);
}

/* A call whose keyword arguments are a list is refused, not looked into. */
static void damaged_calls_are_refused(void **state)
{
    (void)state;
    if (!KERATIN_JANSSON) /* models as JSON */
        skip();
    char *model = functional(
        "{'class_name': 'InputLayer', 'name': 'x', 'inbound_nodes': [], "
        "'config': {'name': 'x', 'batch_shape': [null, 4]}},"
        "{'class_name': 'Dense', 'name': 'd', 'config': {'name': 'd', 'units': 2}, "
        "'inbound_nodes': [{'args': [{'class_name': '__keras_tensor__', 'config': "
        "{'shape': [null, 4], 'dtype': 'float32', 'keras_history': ['x', 0, 0]}}], "
        "'kwargs': [1]}]}",
        "['x', 0, 0]", "['d', 0, 0]");
    kt_diagnosis *d = kt_diagnose(.source = model);

    assert_false(d->ok);
    assert_string_equal(d->error->type, "TypeError");
    kt_diagnosis_free(d);
    kt_model *m = kt_from_json(model);
    assert_true(kt_failed(m));
    kt_model_free(m);
    free(model);
}

/* --- training data ---------------------------------------------------------------------------- */

static int warned(kt_tensor *x, const char *model, int training, const char *kind)
{
    kt_data   *data = kt_data_new();
    kt_tensor *y = kt_numpy_rand(2, KT_SHAPE(kt_tensor_shape(x)->dim[0], 1));
    int        found = 0;

    kt_data_add_x(data, "", x);
    kt_data_add_y(data, "", y);
    kt_diagnosis *d = kt_diagnose(.source = model, .data = data, .loss = "mse",
                                  .training = training);
    assert_true(d->ok);
    for (int i = 0; i < d->n_warnings; i++)
        found += strcmp(d->warnings[i].kind, kind) == 0;
    assert_true(training || d->n_warnings == 0);
    kt_diagnosis_free(d);
    kt_data_free(data);
    kt_tensor_unref(y);
    return found;
}

static void training_data_are_looked_at(void **state)
{
    (void)state;
    const char *plain = "Sequential([Input((5,)), Dense(1)])";
    kt_tensor  *x = kt_numpy_randint(1, 0, 256, KT_SHAPE(32, 5));

    assert_int_equal(warned(x, plain, 1, "never_scaled"), 1);
    assert_int_equal(warned(x, plain, 0, "never_scaled"), 0);
    assert_int_equal(
        warned(x, "Sequential([Input((5,)), BatchNormalization(), Dense(1)])", 1, "never_scaled"),
        0);
    assert_int_equal(warned(x, "Sequential([Input((5,)), Reshape((5, 1)), Flatten(), Dense(1)])", 1,
                            "never_scaled"),
                     1);
    assert_int_equal(warned(x, "Sequential([Input((5,)), Flatten()])", 1, "never_scaled"), 0);
    assert_int_equal(warned(x, plain, 1, "constant_columns"), 0);
    for (int64_t i = 0; i < 32; i++)
        kt_tensor_set(x, i * 5 + 2, 7);
    assert_int_equal(warned(x, plain, 1, "constant_columns"), 1);
    kt_tensor_unref(x);
    x = kt_numpy_rand(1, KT_SHAPE(32, 5));
    assert_int_equal(warned(x, plain, 1, "never_scaled"), 0);
    kt_tensor_unref(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_shows_both_chains),
        cmocka_unit_test(a_drawing_stands_alone),
        cmocka_unit_test(texts_say_the_same),
        cmocka_unit_test(a_configuration_is_a_source),
        cmocka_unit_test(each_output_gets_its_loss),
        cmocka_unit_test(windows_meet_with_other_numbers),
        cmocka_unit_test(a_missing_input_is_handed_on),
        cmocka_unit_test(damaged_calls_are_refused),
        cmocka_unit_test(training_data_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
