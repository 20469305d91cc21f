/* test_args.c - argument structs: which zeros are meant, and what their size says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"

#define AT(type, ...)                              \
    {                                              \
        .size = sizeof(type), .given = __VA_ARGS__ \
    }

/* The layer's model as JSON holds this text. Takes the layer. */
static void holds(kt_layer *l, const char *text)
{
    kt_model *m = kt_sequential(l);
    char     *json = kt_to_json(m);

    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    if (!json || !strstr(json, text))
        fail_msg("no %s in %s", text, json ? json : "(NULL)");
    kt_text_free(json);
    kt_model_free(m);
}

/* The error of the layer; takes it. */
static void fails(kt_layer *l, const char *type, const char *message)
{
    const kt_error *e = kt_layer_error(l);

    assert_non_null(e);
    assert_string_equal(e->type, type);
    assert_string_equal(e->message, message);
    kt_layer_free(l);
}

static kt_layer *dense(size_t size, const char *given)
{
    kt_dense_args a = {.at = {.size = size, .given = given}, .units = 3, .input_shape = {2}};

    return kt_layer_make("Dense", &a.at);
}

static kt_layer *normalization(const char *given)
{
    kt_normalization_args a = {.at = AT(a, given), .input_shape = {2}};

    return kt_layer_make("Normalization", &a.at);
}

/* --- layers ----------------------------------------------------------------------------------- */

static void given_zeros_of_layers_count(void **state)
{
    (void)state;
    holds(dense(sizeof(kt_dense_args), NULL), "\"use_bias\": true");
    holds(dense(sizeof(kt_dense_args), "use_bias"), "\"use_bias\": false");
    holds(dense(sizeof(kt_dense_args), " name,use_bias\n,\ttrainable "), "\"use_bias\": false");
    holds(dense(sizeof(kt_dense_args), "trainable"), "\"trainable\": false");
    holds(dense(sizeof(kt_dense_args), "kernel_initializer"), "\"kernel_initializer\": null");
    kt_dropout_args d = {.at = AT(d, "rate, seed"), .input_shape = {2}};
    holds(kt_layer_make("Dropout", &d.at), "\"rate\": 0.0, \"noise_shape\": null, \"seed\": 0");
    kt_batch_normalization_args b = {.at = AT(b, "momentum center"), .input_shape = {2}};
    holds(kt_layer_make("BatchNormalization", &b.at), "\"momentum\": 0.0");
}

static void given_arrays_say_their_length(void **state)
{
    (void)state;
    kt_input_args i = {.at = AT(i, "shape[0]")};
    holds(kt_layer_make("InputLayer", &i.at), "\"batch_shape\": [null]");
    kt_reshape_args r = {.at = AT(r, "target_shape[0]"), .input_shape = {1}};
    holds(kt_layer_make("Reshape", &r.at), "\"target_shape\": []");
    holds(normalization("axis[0]"), "\"axis\": []");
    kt_model *m = kt_sequential(normalization("axis[1]"));
    assert_int_equal(kt_model_error(m)->status, KT_E_VALUE); /* axis 0 is the batch, as in Keras */
    kt_model_free(m);
    fails(
        normalization("axis"), "TypeError",
        "kt_normalization_args: how many sizes has 'axis'? Write .axis = {0}, or \"axis[1]\" in .at.given");
}

static void names_that_are_no_members(void **state)
{
    (void)state;
    size_t n = sizeof(kt_dense_args);

    fails(dense(n, "use_bia"), "TypeError",
          "kt_dense_args: .at.given names 'use_bia', which is no member. Did you mean 'use_bias'?");
    fails(dense(n, "use_bias, zzzzzzzz"), "TypeError",
          "kt_dense_args: .at.given names 'zzzzzzzz', which is no member");
    fails(dense(n, "input_shape[9]"), "TypeError",
          "kt_dense_args: .at.given names 'input_shape[9]', which is no member. Did you mean "
          "'input_shape'?");
    fails(
        dense(n, "use_bias["), "TypeError",
        "kt_dense_args: .at.given names 'use_bias[', which is no member. Did you mean 'use_bias'?");
    holds(dense(n, ""), "\"use_bias\": true");
    holds(dense(n, " , "), "\"use_bias\": true");
}

/* What cannot be made of no layer is refused as Keras refuses None. */
static void no_layer_is_none(void **state)
{
    kt_layer *both = kt_bidirectional(kt_lstm(2), .backward_layer = NULL);

    (void)state;
    fails(kt_time_distributed(NULL), "ValueError",
          "Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance. "
          "Received: None");
    fails(kt_bidirectional(NULL), "ValueError",
          "Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. "
          "Received: None");
    assert_null(kt_layer_error(both));
    kt_layer_free(both);
}

static void a_size_is_needed(void **state)
{
    (void)state;
    fails(dense(0, NULL), "TypeError",
          "kt_dense_args: .at.size is 0; write .at = {.size = sizeof(kt_dense_args)}");
    fails(dense(8, NULL), "TypeError",
          "kt_dense_args: .at.size is 8; write .at = {.size = sizeof(kt_dense_args)}");
    kt_flatten_args f = {.name = "f"}; /* needs nothing: would be made with its defaults */
    fails(kt_layer_make("Flatten", &f.at), "TypeError",
          "kt_flatten_args: .at.size is 0; write .at = {.size = sizeof(kt_flatten_args)}");
}

#define NO_BIAS      .use_bias = false
#define ALONG(axis_) .axis = axis_
#define TWO_SIZES \
    {             \
        2, 0      \
    }
#define MY_DENSE(n, ...) kt_dense(n, .input_shape = {2}, __VA_ARGS__)

static void zeros_in_macros_count(void **state)
{
    (void)state;
    holds(kt_dense(3, .input_shape = {2}, NO_BIAS), "\"use_bias\": false");
    holds(MY_DENSE(3, NO_BIAS), "\"use_bias\": false");
    holds(MY_DENSE(3, .trainable = false), "\"trainable\": false");
    holds(kt_reshape(TWO_SIZES, .input_shape = {0}), "\"target_shape\": [2, 0]");
    kt_layer *l = kt_concatenate(ALONG(0));
    assert_null(kt_layer_error(l));
    kt_layer_free(l);
    l = kt_dense(0, NO_BIAS); /* the message shows the call as it was written */
    assert_string_equal(kt_layer_error(l)->text, "kt_dense(0, NO_BIAS)");
    kt_layer_free(l);
}

/* --- calls on models -------------------------------------------------------------------------- */

typedef struct bed {
    kt_tensor *x, *y;
    kt_model  *m;
} bed;

static bed make(void)
{
    kt_set_seed(1);
    bed b = {kt_numpy_rand(1, KT_SHAPE(40, 3)), kt_numpy_rand(2, KT_SHAPE(40, 1)),
             kt_sequential(kt_dense(4, .activation = "tanh", .input_shape = {3}), kt_dense(1))};
    kt_compile(b.m, .optimizer = "SGD(0.5)", .loss = "mse", .metrics = {"mae"});
    return b;
}

static void clear(bed *b)
{
    kt_model_free(b->m);
    kt_tensor_unref(b->x);
    kt_tensor_unref(b->y);
}

/* The loss after two epochs, which depends on the order of the rows. */
static double trained(bool by_hand, const char *given)
{
    bed         b = make();
    kt_fit_args a = {.at = AT(a, given), .model = b.m, .x = b.x, .y = b.y, .epochs = 2};

    a.batch_size = 7;
    kt_history *h = by_hand ? kt_fit_with(&a)
                            : kt_fit(b.m, b.x, b.y, .epochs = 2, .batch_size = 7, .shuffle = false);
    double      loss = kt_history_get(h, "loss", 1);
    kt_history_free(h);
    assert_false(kt_failed(b.m));
    clear(&b);
    return loss;
}

static void fit_hears_what_is_given(void **state)
{
    (void)state;
    double in_order = trained(false, NULL);

    assert_true(in_order > 0);
    assert_true(trained(true, "shuffle") == in_order);
    assert_true(trained(true, NULL) != in_order);
    bed         b = make();
    kt_fit_args a = {.at = AT(a, "epochs"), .model = b.m, .x = b.x, .y = b.y};
    kt_history *h = kt_fit_with(&a);
    assert_non_null(h);
    assert_int_equal(kt_history_epochs(h), 0);
    kt_history_free(h);
    clear(&b);
}

static void compile_hears_none(void **state)
{
    (void)state;
    bed             b = make();
    kt_compile_args a = {.at = AT(a, "metrics"), .model = b.m};

    kt_history *h = kt_evaluate(b.m, b.x, b.y);
    assert_int_equal(kt_history_keys(h), 2);
    kt_history_free(h);
    assert_int_equal(kt_recompile_with(&a), KT_OK); /* the loss stays, the metrics go */
    h = kt_evaluate(b.m, b.x, b.y);
    assert_int_equal(kt_history_keys(h), 1);
    kt_history_free(h);
    assert_int_equal(kt_compile(b.m, .optimizer = NULL, .loss = "mse"), KT_OK);
    h = kt_evaluate(b.m, b.x, b.y);
    assert_non_null(h);
    kt_history_free(h);
    assert_null(kt_fit(b.m, b.x, b.y)); /* without an optimizer */
    assert_string_equal(kt_model_error(b.m)->type, "AttributeError");
    clear(&b);
}

/* Every struct of model.h, with a wrong size and with a wrong name. */
static void wrong(kt_site at, const char *message)
{
    bed              b = make();
    kt_compile_args  c = {.at = at, .model = b.m, .loss = "mse"};
    kt_fit_args      f = {.at = at, .model = b.m, .x = b.x, .y = b.y};
    kt_evaluate_args e = {.at = at, .model = b.m, .x = b.x, .y = b.y};
    kt_summary_args  s = {.at = at, .model = b.m, .out = stderr};

    for (int i = 0; i < 6; i++) {
        kt_status status = KT_E_TYPE;
        if (i == 0)
            status = kt_compile_with(&c);
        else if (i == 1)
            status = kt_recompile_with(&c);
        else if (i == 2)
            assert_null(kt_fit_with(&f));
        else if (i == 3)
            status = kt_check_fit(&f);
        else if (i == 4)
            assert_null(kt_evaluate_with(&e));
        else
            status = kt_summary_with(&s);
        assert_int_equal(status, KT_E_TYPE);
        assert_non_null(kt_model_error(b.m));
        assert_non_null(strstr(kt_model_error(b.m)->message, message));
        kt_clear_error(b.m);
    }
    clear(&b);
}

static void structs_of_models_are_checked(void **state)
{
    (void)state;
    wrong((kt_site){.size = 0}, "_args: .at.size is 0; write .at = {.size = sizeof(kt_");
    wrong((kt_site){.size = 1}, "_args: .at.size is 1; write .at = {.size = sizeof(kt_");
    wrong((kt_site){.size = sizeof(kt_summary_args), .given = "modell"},
          "_args: .at.given names 'modell', which is no member. Did you mean 'model'?");
}

/* A struct of an older header ends before its newest members: they are not read. */
static void shorter_structs_are_read_to_their_end(void **state)
{
    (void)state;
    bed             b = make();
    kt_compile_args c = {.at = {.size = offsetof(kt_compile_args, metrics)},
                         .model = b.m,
                         .loss = "mae",
                         .metrics = {"no such metric"}};

    assert_int_equal(kt_compile_with(&c), KT_OK);
    kt_history *h = kt_evaluate(b.m, b.x, b.y);
    assert_int_equal(kt_history_keys(h), 1);
    kt_history_free(h);
    clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_zeros_of_layers_count),
        cmocka_unit_test(given_arrays_say_their_length),
        cmocka_unit_test(names_that_are_no_members),
        cmocka_unit_test(no_layer_is_none),
        cmocka_unit_test(a_size_is_needed),
        cmocka_unit_test(zeros_in_macros_count),
        cmocka_unit_test(fit_hears_what_is_given),
        cmocka_unit_test(compile_hears_none),
        cmocka_unit_test(structs_of_models_are_checked),
        cmocka_unit_test(shorter_structs_are_read_to_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
