/* test_layers_calls.c - the calls of keratin/layers.h: what they write reaches the layer. Each call
 * is compared with the Keras expression that says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "keratin/io.h"
#include "nn/layer.h"
#include "support/needs.h"

/* Last: its calls have names that ops have too. */
#include "keratin/layers.h"

/* The configuration as Python prints it. Frees the layer. */
static char *config_text(kt_layer *l)
{
    kt_arena a = {0};
    kt_fault f = {0};
    kt_str   text = {0};

    assert_non_null(l);
    if (kt_layer_error(l))
        fail_msg("%s", kt_layer_error(l)->message);
    kt_value_repr(&text, kt_value_get(kt_layer_value(l, &a, &f), "config"));
    char *copy = kt_strdup(kt_str_text(&text));
    kt_str_free(&text);
    kt_arena_free(&a);
    kt_layer_free(l);
    return copy;
}

static void same(kt_layer *made, const char *expression)
{
    char *a = config_text(made), *b = config_text(kt_layer_from(expression));

    assert_string_equal(a, b);
    kt_free(a);
    kt_free(b);
}

static void arguments_reach_the_layer(void **state)
{
    (void)state;
    same(kt_dense(128), "Dense(128)");
    same(kt_dense(128, .activation = "relu", .use_bias = true), "Dense(128, activation='relu')");
    same(kt_dense(3, .kernel_regularizer = "L2(0.01)", .name = "top"),
         "Dense(3, kernel_regularizer=L2(0.01), name='top')");
    same(kt_dense(3, .kernel_initializer = "HeNormal(seed=1)", .trainable = true),
         "Dense(3, kernel_initializer=HeNormal(seed=1))");
    same(kt_dropout(0.25, .seed = 3), "Dropout(0.25, seed=3)");
    same(kt_embedding(1000, 16), "Embedding(1000, 16)");
    same(kt_flatten(), "Flatten()");
    same(kt_activation("relu"), "Activation('relu')");
    same(kt_rescaling(1.0 / 255), "Rescaling(1/255)");
    same(kt_concatenate(.axis = 1), "Concatenate(axis=1)");
    same(kt_input(.shape = {28, KT_UNKNOWN}), "InputLayer(shape=(28, None))");
}

static void sizes_keep_their_number(void **state)
{
    (void)state;
    same(kt_conv2d(32, {3, 3}), "Conv2D(32, (3, 3))");
    same(kt_conv2d(32, {3}, .strides = {2, 1}, .padding = "same"),
         "Conv2D(32, 3, strides=(2, 1), padding='same')");
    same(kt_max_pooling2d(.pool_size = {3, 2}), "MaxPooling2D(pool_size=(3, 2))");
    same(kt_reshape({28, 28}), "Reshape((28, 28))");
    same(kt_reshape({-1, 7}), "Reshape((-1, 7))");
    same(kt_reshape({6}), "Reshape((6,))");
    same(kt_reshape({2, 0}), "Reshape((2, 0))");
    same(kt_dropout(0.1, .noise_shape = {KT_UNKNOWN, 1, 0}),
         "Dropout(0.1, noise_shape=(None, 1, 0))");
}

static void written_zeros_count(void **state)
{
    (void)state;
    same(kt_dense(3, .use_bias = false), "Dense(3, use_bias=False)");
    same(kt_dropout(0), "Dropout(0.0)");
    same(kt_dropout(0, .seed = 0), "Dropout(0.0, seed=0)");
    same(kt_dense(3, .trainable = false), "Dense(3, trainable=False)");
    same(kt_batch_normalization(.momentum = 0, .center = false, .scale = false),
         "BatchNormalization(momentum=0, center=False, scale=False)");
    same(kt_concatenate(.axis = 0), "Concatenate(axis=0)");
    same(kt_dense(3, .activation = NULL), "Dense(3, activation=None)");
}

static void layers_may_be_arguments(void **state)
{
    (void)state;
    same(kt_time_distributed(kt_dense(3, .use_bias = false)),
         "TimeDistributed(Dense(3, use_bias=False, name='dense'))");
    same(kt_time_distributed(kt_time_distributed(kt_dense(3))),
         "TimeDistributed(TimeDistributed(Dense(3, name='dense'), name='time_distributed'))");
    kt_layer *bad = kt_time_distributed(kt_dense(-1));
    assert_non_null(kt_layer_error(bad));
    assert_non_null(strstr(kt_layer_error(bad)->message, "units=-1"));
    kt_layer_free(bad);
}

static void errors_know_the_call(void **state)
{
    (void)state;
    int       line = __LINE__ + 1;
    kt_layer *l = kt_dense(0, .name = "top");

    const kt_error *e = kt_layer_error(l);
    assert_non_null(e);
    assert_string_equal(e->type, "ValueError");
    assert_string_equal(e->text, "kt_dense(0, .name = \"top\")");
    assert_int_equal(e->line, line);
    assert_non_null(strstr(e->file, "test_layers_calls.c"));
    kt_layer_free(l);

    l = kt_dense(3, .kernel_initializer = "HeNormal(");
    assert_non_null(kt_layer_error(l));
    assert_non_null(strstr(kt_layer_error(l)->message, "Invalid expression"));
    kt_layer_free(l);
}

/* Structs of another size: of a program that was compiled for an older or a newer library. */
static void other_sizes_of_structs(void **state)
{
    (void)state;
    struct {
        kt_dense_args known;
        int64_t       more;
    } newer = {.known = {.at = {.size = sizeof newer}, .units = 3, .activation = "relu"}};
    same(kt_layer_make("Dense", &newer.known.at), "Dense(3, activation='relu')");
    newer.more = 1;
    kt_layer *l = kt_layer_make("Dense", &newer.known.at);
    assert_non_null(kt_layer_error(l));
    kt_layer_free(l);

    kt_dense_args older = {
        .at = {.size = offsetof(kt_dense_args, activation)}, .units = 3, .activation = "relu"};
    same(kt_layer_make("Dense", &older.at), "Dense(3)"); /* what it does not have is not read */
    older.at.size = sizeof(kt_site);
    l = kt_layer_make("Dense", &older.at);
    assert_non_null(kt_layer_error(l)); /* units is missing */
    kt_layer_free(l);

    l = kt_layer_make("Dens", &older.at);
    assert_non_null(strstr(kt_layer_error(l)->message, "Dense"));
    kt_layer_free(l);
}

/* Every member of every struct lies where the library reads it. */
static void structs_match_the_tables(void **state)
{
    (void)state;
    kt_arg args[KT_MAX_ARGS];
    size_t size;
    int    n = kt_layer_args(kt_layer_type_find("Conv2D"), args, &size);

    assert_int_equal(size, sizeof(kt_conv2d_args));
    for (int i = 0; i < n; i++) {
        if (kt_streq(args[i].name, "use_bias"))
            assert_int_equal(args[i].offset, offsetof(kt_conv2d_args, use_bias));
        if (kt_streq(args[i].name, "kernel_initializer"))
            assert_int_equal(args[i].offset, offsetof(kt_conv2d_args, kernel_initializer));
        if (kt_streq(args[i].name, "bias_constraint"))
            assert_int_equal(args[i].offset, offsetof(kt_conv2d_args, bias_constraint));
    }
    kt_layer_args(kt_layer_type_find("BatchNormalization"), args, &size);
    assert_int_equal(size, sizeof(kt_batch_normalization_args));
    kt_layer_args(kt_layer_type_find("LSTM"), args, &size);
    assert_int_equal(size, sizeof(kt_lstm_args));
    kt_layer_args(kt_layer_type_find("Flatten"), args, &size);
    assert_int_equal(size, sizeof(kt_flatten_args));
}

/* --- the text of a call ----------------------------------------------------------------------- */

static void text_falls_into_items(void **state)
{
    (void)state;
    const char  *at = " 32 , {3, f(1, 2)}, . strides = {2}, .text = \"a, {b\", .n[0] = 4,";
    kt_text_item item;

    assert_true(kt_text_next(&at, &item));
    assert_null(item.name);
    assert_int_equal(kt_text_elements(&item), -1);
    assert_true(kt_text_next(&at, &item));
    assert_null(item.name);
    assert_int_equal(kt_text_elements(&item), 2);
    assert_true(kt_text_next(&at, &item));
    assert_memory_equal(item.name, "strides", item.name_length);
    assert_int_equal(kt_text_elements(&item), 1);
    assert_true(kt_text_next(&at, &item));
    assert_memory_equal(item.name, "text", item.name_length);
    assert_int_equal(kt_text_elements(&item), -1);
    assert_true(kt_text_next(&at, &item));
    assert_memory_equal(item.name, "n", item.name_length);
    assert_false(kt_text_next(&at, &item));
    at = "";
    assert_false(kt_text_next(&at, &item));
    at = "{1, {2, 3}, 4,}";
    assert_true(kt_text_next(&at, &item));
    assert_int_equal(kt_text_elements(&item), 3);
    at = "{1, 2"; /* no call looks so, but nothing is read behind the end */
    assert_true(kt_text_next(&at, &item));
    (void)kt_text_elements(&item);
    assert_false(kt_text_next(&at, &item));
}

/* The maker survives every allocation that fails. */
static void without_memory(void **state)
{
    (void)state;
    bool done = false;

    for (int64_t n = 1; n < 400 && !done; n++) {
        kt_alloc_fail_after(n);
        kt_layer *l = kt_conv2d(4, {3, 3}, .padding = "same", .kernel_regularizer = "L2(0.1)");
        kt_alloc_fail_after(0);
        done = l && !kt_layer_error(l);
        kt_layer_free(l);
    }
    assert_true(done);
}

static void inputs_are_listed_as_python_prints_them(void **state)
{
    kt_symbol   in[] = {kt_symbol_of(kt_input(.shape = {3})), kt_symbol_of(kt_input(.shape = {2}))};
    kt_symbol   out = kt_apply_list(kt_dense(3), 2, in);
    kt_model   *m = kt_functional("m", 2, in, 1, &out);
    const char *text = kt_failed(m) ? kt_model_error(m)->message : "", *list = strchr(text, '[');

    (void)state;
    assert_non_null(list);
    assert_int_equal(strncmp(list, "[<KerasTensor shape=(None, 3), ", 31), 0);
    assert_non_null(strstr(list, ">, <KerasTensor shape=(None, 2), "));
    assert_string_equal(text + strlen(text) - 2, ">]");
    kt_model_free(m);
}

/* The keywords of the call of the model's last layer, as Python prints them. Frees the model. */
static void expect_keywords(kt_model *m, const char *keywords)
{
    kt_arena        a = {0};
    kt_fault        f = {0};
    kt_str          text = {0};
    char           *json = kt_to_json(m);
    kt_value       *v = json ? kt_json_parse("m", json, strlen(json), &a, &f) : NULL;
    const kt_value *layers = kt_value_get(kt_value_get(v, "config"), "layers");

    assert_non_null(layers);
    const kt_value *calls = kt_value_get(layers->items[layers->n - 1], "inbound_nodes");
    assert_int_equal(calls->n, 1);
    kt_value_repr(&text, kt_value_get(calls->items[0], "kwargs"));
    assert_string_equal(kt_str_text(&text), keywords);
    kt_str_free(&text);
    kt_text_free(json);
    kt_arena_free(&a);
    kt_model_free(m);
}

static kt_model *pair(void)
{
    kt_symbol in[] = {kt_symbol_of(kt_input(.shape = {4, 3})),
                      kt_symbol_of(kt_input(.shape = {4, 3}))};
    kt_symbol out = kt_apply_list(kt_add(), 2, in);

    return kt_functional("pair", 2, in, 1, &out);
}

/* As Keras 3.15.1 writes the calls of these. */
static void calls_are_written_with_their_defaults(void **state)
{
    static const char *const cases[][2] = {
        {"BatchNormalization()", "{'mask': None}"},
        {"Softmax()", "{'mask': None}"},
        {"GlobalAveragePooling1D()", "{'mask': None}"},
        {"GlobalMaxPooling1D()", "{}"},
        {"TimeDistributed(Dense(2))", "{'mask': None}"},
        {"Bidirectional(LSTM(2))", "{'mask': None}"},
        {"Sequential([Dense(2)])", "{'mask': None}"},
        {"GRU(2)", "{'training': False, 'mask': None}"},
        {"RNN(SimpleRNNCell(2))", "{'training': False, 'mask': None}"},
        {"Pipeline([Dense(2)])", "{'training': True, 'mask': None}"},
        {"Dropout(0.1)", "{'training': False}"},
        {"GaussianNoise(0.1)", "{'training': False}"},
        {"SpectralNormalization(Dense(2))", "{'training': False}"},
        {"RandomFlip()", "{'training': True}"},
        {"Resizing(2, 2)", "{'training': True}"},
        {"Dense(2)", "{}"},
    };

    (void)state;
    if (!build_reads(false))
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kt_symbol in = kt_symbol_of(kt_input(.shape = {4, 3}));
        kt_symbol out = kt_apply(kt_layer_from(cases[i][0]), in);
        expect_keywords(kt_functional("m", 1, &in, 1, &out), cases[i][1]);
    }
    kt_symbol in = kt_symbol_of(kt_input(.shape = {4, 3}));
    kt_symbol both[] = {in, in}, out = kt_apply_list(kt_attention(), 2, both);
    expect_keywords(kt_functional("m", 1, &in, 1, &out), "{}");
    in = kt_symbol_of(kt_input(.shape = {4, 3}));
    both[0] = both[1] = in;
    out = kt_apply_list(kt_model_as_layer(pair()), 2, both);
    expect_keywords(kt_functional("m", 1, &in, 1, &out), "{'mask': [None, None]}");
}

static void a_model_wants_a_list_of_layers(void **state)
{
    kt_layer *l = kt_layer_from("Functional(name='m', layers={'a': 1})");

    (void)state;
    assert_non_null(kt_layer_error(l));
    assert_string_equal(kt_layer_error(l)->message, "Model 'm': `layers` is no list");
    kt_layer_free(l);
}

/* What Keras' constructors do not look at is written as it came, and refused where it counts. */
static void odd_numbers_wait_for_the_call(void **state)
{
    static const char *const layers[] = {"ELU(alpha='x')", "ELU('x')", "Masking([1.0])"};
    static const char *const written[] = {"'alpha': 'x'", "'alpha': 'x'", "'mask_value': [1.0]"};
    static const char *const said[] = {"Layer 'elu': `alpha` must be a number, not x",
                                       "Layer 'elu': `alpha` must be a number, not x",
                                       "Layer 'masking': `mask_value` must be a number, not [1.0]"};
    float                    x[6] = {0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        char *text = config_text(kt_layer_from(layers[i]));
        if (!strstr(text, written[i]))
            fail_msg("%s: written as %s", layers[i], text);
        kt_free(text);
        kt_model  *m = kt_model_from(layers[i]);
        kt_tensor *in = kt_tensor_from(x, KT_F32, KT_SHAPE(2, 3)), *y = kt_predict(m, in);
        assert_null(y);
        assert_non_null(kt_model_error(m));
        assert_string_equal(kt_model_error(m)->message, said[i]);
        kt_tensor_unref(in);
        kt_model_free(m);
    }
}

/* A layer whose arguments were refused has no configuration to write. */
static void refused_layers_are_not_written(void **state)
{
    static const char *const layers[] = {"Dense(2, kernel_initializer='nope')",
                                         "LSTM(2, dropout='a')", "Dense(2, dtype='float31')"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        kt_arena  a = {0};
        kt_fault  f = {0};
        kt_layer *l = kt_layer_from(layers[i]);
        assert_non_null(kt_layer_error(l));
        assert_null(kt_layer_value(l, &a, &f));
        assert_string_equal(f.e.message, kt_layer_error(l)->message);
        kt_fault_clear(&f);
        kt_arena_free(&a);
        kt_layer_free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inputs_are_listed_as_python_prints_them),
        cmocka_unit_test(calls_are_written_with_their_defaults),
        cmocka_unit_test(a_model_wants_a_list_of_layers),
        cmocka_unit_test(odd_numbers_wait_for_the_call),
        cmocka_unit_test(refused_layers_are_not_written),
        cmocka_unit_test(arguments_reach_the_layer),
        cmocka_unit_test(sizes_keep_their_number),
        cmocka_unit_test(written_zeros_count),
        cmocka_unit_test(layers_may_be_arguments),
        cmocka_unit_test(errors_know_the_call),
        cmocka_unit_test(other_sizes_of_structs),
        cmocka_unit_test(structs_match_the_tables),
        cmocka_unit_test(text_falls_into_items),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
