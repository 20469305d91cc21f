/* test_model_refused.c - what works on a model, called on data and with arguments that make no
 * sense: it says why it does nothing, and the model works as before afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/bench.h"
#include "keratin/io.h"
#include "keratin/keratin.h"
#include "support/kept.h"

/* --- data ------------------------------------------------------------------------------------- */

static kt_tensor *x, *y, *lone, *longer, *texts;

static void add(kt_data *d, kt_tensor *a, kt_tensor *b)
{
    if (a)
        kt_data_add_x(d, "", a);
    if (b)
        kt_data_add_y(d, "", b);
}

static void nothing(kt_data *d)
{
    (void)d;
}

static void only_targets(kt_data *d)
{
    add(d, NULL, y);
}

static void shapes(kt_data *d)
{
    kt_data_add_x_shape(d, "", KT_SHAPE(4, 2));
    kt_data_add_y_shape(d, "", KT_SHAPE(4, 1));
}

static void lone_x(kt_data *d)
{
    add(d, lone, y);
}

static void lone_y(kt_data *d)
{
    add(d, x, lone);
}

static void other_rows(kt_data *d)
{
    add(d, x, longer);
}

static void two_x(kt_data *d)
{
    add(d, x, y);
    add(d, longer, NULL);
}

static void words(kt_data *d)
{
    add(d, texts, y);
}

static void failed(kt_data *d)
{
    add(d, x, y);
    kt_data_add_weight(d, "nobody", y);
}

static void lone_weight(kt_data *d)
{
    add(d, x, y);
    kt_data_set_weight(d, lone);
}

static void too_many(kt_data *d)
{
    for (int i = 0; i < 100; i++)
        add(d, x, NULL);
}

static const struct {
    const char *name;
    void (*fill)(kt_data *d);
} kinds[] = {{"nothing", nothing},
             {"only targets", only_targets},
             {"shapes", shapes},
             {"a lone x", lone_x},
             {"a lone y", lone_y},
             {"other rows", other_rows},
             {"two x", two_x},
             {"words", words},
             {"data that failed", failed},
             {"a lone weight", lone_weight},
             {"too many", too_many}};

/* --- calls ------------------------------------------------------------------------------------ */

static void fit(kt_model *m, kt_data *d)
{
    kt_history_free(kt_fit(m, .data = d));
}

static void fit_a_part(kt_model *m, kt_data *d)
{
    kt_history_free(kt_fit(m, .data = d, .validation_split = 0.5));
}

static void fit_validated(kt_model *m, kt_data *d)
{
    kt_history_free(kt_fit(m, .x = x, .y = y, .validation_data = d));
}

static void check_fit(kt_model *m, kt_data *d)
{
    (void)kt_check_fit(&(kt_fit_args){.at = {.size = sizeof(kt_fit_args)}, .model = m, .data = d});
}

static void evaluate(kt_model *m, kt_data *d)
{
    kt_history_free(kt_evaluate(m, .data = d));
}

static void predict(kt_model *m, kt_data *d)
{
    kt_tensor *out = NULL;

    (void)kt_predict_many(m, d, 0, &out, 1);
    kt_tensor_unref(out);
}

static void check(kt_model *m, kt_data *d)
{
    (void)kt_check_data(m, d);
}

static void adapt(kt_model *m, kt_data *d)
{
    (void)kt_adapt(m, d);
}

static const struct {
    const char *name;
    void (*call)(kt_model *m, kt_data *d);
    enum { TO_TRAIN, TO_PREDICT, TO_CHECK, TO_ADAPT } kind;
} calls[] = {
    {"fit", fit, TO_TRAIN},
    {"fit on a part", fit_a_part, TO_TRAIN},
    {"fit validated", fit_validated, TO_TRAIN},
    {"check of fit", check_fit, TO_TRAIN},
    {"evaluate", evaluate, TO_TRAIN},
    {"predict", predict, TO_PREDICT},
    {"check", check, TO_CHECK},
    {"adapt", adapt, TO_ADAPT},
};

/* --- words ------------------------------------------------------------------------------------ */

#define AMBIGUOUS                                                                                 \
    "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of " \
    "samples.'x' sizes: "
#define NUMBERS "ValueError: array 0 of x is a shape without numbers: it can only be checked"
#define WEIGHTS                                                                                \
    "ValueError: You should provide one `sample_weight` array per output in `y`. There is no " \
    "target for the weights 'nobody'"
#define MOST "ValueError: more than 32 arrays"

/* By kind of data; "": nothing is wrong with them. */
static const char *const said[][sizeof kinds / sizeof *kinds] = {
    [TO_TRAIN] = {"ValueError: no input data (x) was given",
                  "ValueError: no input data (x) was given", NUMBERS,
                  "ValueError: x data has no batch axis: it is a single number",
                  "ValueError: y data has no batch axis: it is a single number",
                  AMBIGUOUS "4\n'y' sizes: 5\n", AMBIGUOUS "4, 5\n'y' sizes: 4\n",
                  "ValueError: Invalid dtype: str32", WEIGHTS,
                  "ValueError: sample_weight data has no batch axis: it is a single number", MOST},
    [TO_PREDICT] = {"ValueError: predict needs data", "ValueError: predict needs data", NUMBERS,
                    "ValueError: predict needs data with a batch axis; input 0 is a single number",
                    "", "", AMBIGUOUS "4, 5\n", "ValueError: Invalid dtype: str32", WEIGHTS, "",
                    MOST},
    [TO_CHECK] = {"ValueError: no data was given", "ValueError: no data was given", "",
                  "ValueError: Invalid input shape for input 0.0 with name 'input_layer' and path "
                  "''. Expected shape (None, 2), but input has incompatible shape ()",
                  "", "",
                  "ValueError: Layer \"sequential\" expects 1 input(s), but it received 2 input "
                  "tensors.",
                  "UnimplementedError: {{function_node __wrapped__Cast_device_/job:localhost/"
                  "replica:0/task:0/device:CPU:0}} Cast string to float is not supported [Op:Cast] "
                  "name: ",
                  WEIGHTS, "", MOST},
    [TO_ADAPT] = {"", "", NUMBERS, "ValueError: input 0 has another number of samples", "", "", "",
                  "ValueError: Invalid dtype: str32", WEIGHTS, "", MOST},
};

static void each(size_t i, size_t k)
{
    kt_model *m = kt_model_from(
        "Sequential([Input((2,)), Normalization(), Dense(1)], name='sequential')");
    kt_data    *d = kt_data_new();
    char        got[400] = "";
    const char *want = said[calls[i].kind][k];

    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    kinds[k].fill(d);
    calls[i].call(m, d);
    const kt_error *e = kt_model_error(m);
    if (e)
        snprintf(got, sizeof got, "%s: %s", e->type, e->message);
    if (strcmp(got, calls[i].call == check_fit && want == said[TO_TRAIN][2] ? "" : want) != 0)
        fail_msg("%s on %s: '%s', expected '%s'", calls[i].name, kinds[k].name, got, want);
    kt_clear_error(m);
    kt_tensor *out = kt_predict(m, x);
    assert_non_null(out);
    kt_tensor_unref(out);
    kt_data_free(d);
    kt_model_free(m);
}

static void calls_say_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            each(i, k);
}

/* --- models of other kinds -------------------------------------------------------------------- */

static void whole(kt_data *d)
{
    add(d, x, y);
}

static void wider(kt_data *d)
{
    kt_tensor *wide = kt_numpy_rand(5, KT_SHAPE(4, 3));

    add(d, wide, y);
    kt_tensor_unref(wide);
}

static void two_and_two(kt_data *d)
{
    kt_data_add_x(d, "a", x);
    kt_data_add_x(d, "b", y);
    kt_data_add_y(d, "one", y);
    kt_data_add_y(d, "two", x);
}

static void two_turned(kt_data *d)
{
    kt_data_add_x(d, "b", y);
    kt_data_add_x(d, "a", x);
    kt_data_add_y(d, "two", x);
    kt_data_add_y(d, "one", y);
}

static void two_of_other_rows(kt_data *d)
{
    kt_data_add_x(d, "a", x);
    kt_data_add_x(d, "b", longer);
    kt_data_add_y(d, "one", y);
    kt_data_add_y(d, "two", x);
}

static void two_and_one(kt_data *d)
{
    kt_data_add_x(d, "a", x);
    kt_data_add_x(d, "b", y);
    kt_data_add_y(d, "one", y);
}

static void two_weighted(kt_data *d)
{
    two_and_two(d);
    kt_data_add_weight(d, "two", y);
}

static void one_column_of_words(kt_data *d)
{
    kt_tensor *column = kt_tensor_from_texts((const char *[]){"a b", "b", "", "c"}, KT_SHAPE(4, 1));

    add(d, column, y);
    kt_tensor_unref(column);
}

static const struct {
    const char *name;
    void (*fill)(kt_data *d);
} more[] = {{"x and y", whole},
            {"wider x", wider},
            {"two and two", two_and_two},
            {"two turned", two_turned},
            {"two of other rows", two_of_other_rows},
            {"two and one", two_and_one},
            {"two weighted", two_weighted},
            {"a column of words", one_column_of_words}};

static kt_model *two_inputs(void)
{
    kt_symbol a = kt_symbol_of(kt_input(.shape = {2}, .name = "a"));
    kt_symbol b = kt_symbol_of(kt_input(.shape = {1}, .name = "b"));
    kt_symbol in[] = {a, b};
    kt_symbol one = kt_apply(kt_layer_from("Dense(1, name='one')"),
                             kt_apply(kt_layer_from("Normalization(name='norm')"), b));
    kt_symbol two = kt_apply(kt_layer_from("Dense(2, name='two')"),
                             kt_apply_list(kt_layer_from("Concatenate(name='join')"), 2, in));

    return kt_functional("both", 2, in, 2, (kt_symbol[]){one, two});
}

static kt_model *other_rows_inside(void)
{
    kt_symbol in = kt_symbol_of(kt_input(.shape = {2}, .name = "a"));
    kt_symbol flat = kt_operation("Reshape(newshape=(-1, 1))", 1, &in);

    return kt_functional(
        "flat", 1, &in, 1,
        (kt_symbol[]){kt_apply(kt_layer_from("Normalization(name='norm')"), flat)});
}

static const struct {
    const char *expression; /* or */
    kt_model *(*make)(void);
} models[] = {
    {"Sequential([Normalization(name='norm'), Dense(1, name='d')], name='not_built')", NULL},
    {"Sequential([TextVectorization(output_mode='count', max_tokens=5, name='texts'), "
     "Dense(1, name='d')], name='of_texts')",
     NULL},
    {"Sequential([Input((2,)), Discretization(num_bins=3, name='bins'), "
     "Dense(1, name='d')], name='bins')",
     NULL},
    {"Sequential([Input((1,), dtype='string'), StringLookup("
     "name='words'), Dense(1, name='d')], name='of_words')",
     NULL},
    {"both", two_inputs},
    {"flat", other_rows_inside}};

static void add_outcome(kt_str *out, size_t model, size_t call, const char *on,
                        void fill(kt_data *))
{
    kt_model *m = models[model].make ? models[model].make()
                                     : kt_model_from(models[model].expression);
    kt_data  *d = kt_data_new();

    if (kt_failed(m))
        fail_msg("%s", kt_model_error(m)->message);
    kt_compile(m, .optimizer = "sgd", .loss = "mse");
    fill(d);
    calls[call].call(m, d);
    const kt_error *e = kt_model_error(m);
    kt_str_printf(out, "%s, %s on %s: %s%s%s\n", kt_model_name(m), calls[call].name, on,
                  e ? e->type : "done", e ? ": " : "", e ? e->message : "");
    kt_data_free(d);
    kt_model_free(m);
}

static void other_models_say_why(void **state)
{
    kt_str lines = {0};

    (void)state;
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
            for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
                add_outcome(&lines, i, c, kinds[k].name, kinds[k].fill);
            for (size_t k = 0; k < sizeof more / sizeof *more; k++)
                add_outcome(&lines, i, c, more[k].name, more[k].fill);
        }
    kept_as("refused.txt", &lines);
    kt_str_free(&lines);
}

/* --- arguments -------------------------------------------------------------------------------- */

static void is_said(const kt_error *e, const char *want)
{
    char got[400] = "";

    if (e)
        snprintf(got, sizeof got, "%s: %s", e->type, e->message);
    if (strcmp(got, want) != 0)
        fail_msg("'%s', expected '%s'", got, want);
}

/* A model that could not be made stays what it is, whatever is asked of it. */
static kt_status compile_it(kt_model *m)
{
    return kt_compile(m, .optimizer = "sgd", .loss = "mse");
}

static kt_status recompile(kt_model *m)
{
    return kt_recompile_with(
        &(kt_compile_args){.at = {.size = sizeof(kt_compile_args)}, .model = m, .loss = "mae"});
}

static kt_status save(kt_model *m)
{
    return kt_save(m, "/tmp/keratin-never.keras");
}

static kt_status weights(kt_model *m)
{
    return kt_load_weights(m, "/tmp/keratin-never.npz");
}

static kt_status build(kt_model *m)
{
    kt_shape s = KT_SHAPE(4, 2);

    return kt_build(m, 1, &s);
}

static kt_status check_shapes(kt_model *m)
{
    kt_shape s = KT_SHAPE(4, 2);

    return kt_check_shapes(m, 1, &s, true);
}

static kt_status one_step(kt_model *m)
{
    kt_history *h = kt_train_on_batch(m, x, y);
    kt_status   s = h ? KT_OK : kt_model_error(m)->status;

    kt_history_free(h);
    return s;
}

static kt_status one_array(kt_model *m)
{
    kt_tensor *out = kt_predict(m, x);
    kt_status  s = out ? KT_OK : kt_model_error(m)->status;

    kt_tensor_unref(out);
    return s;
}

static kt_status rate(kt_model *m)
{
    kt_set_learning_rate(m, 0.5);
    return kt_model_error(m)->status;
}

static kt_status bench(kt_model *m)
{
    kt_bench *b = kt_bench_new(m, 2, false);
    kt_status s = b ? KT_OK : kt_model_error(m)->status;

    kt_bench_free(b);
    return s;
}

static kt_status text(kt_model *m)
{
    char     *json = kt_to_json(m);
    kt_status s = json ? KT_OK : kt_model_error(m)->status;

    kt_text_free(json);
    return s;
}

static void failed_models_stay(void **state)
{
    static const char want[] =
        "ValueError: Received an invalid value for `units`, expected a positive integer. Received: "
        "units=-1";
    static kt_status (*const each_call[])(kt_model *) = {
        compile_it, recompile, save, weights, build, check_shapes,
        one_step,   one_array, rate, bench,   text};
    kt_data *d = kt_data_new();

    (void)state;
    add(d, x, y);
    kt_model *m = kt_model_from("Sequential([Input((2,)), Dense(-1)])");
    is_said(kt_model_error(m), want);
    for (size_t i = 0; i < sizeof each_call / sizeof *each_call; i++) {
        if (each_call[i](m) != KT_E_VALUE)
            fail_msg("call %zu does not say that the model failed", i);
        is_said(kt_model_error(m), want);
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        calls[i].call(m, d);
        is_said(kt_model_error(m), want);
    }
    kt_clear_error(m);
    is_said(kt_model_error(m), want);
    kt_data_free(d);
    kt_model_free(m);
}

/* --- arguments -------------------------------------------------------------------------------- */

static kt_model *compiled(const char *expression)
{
    kt_model *m = kt_model_from(expression);

    assert_int_equal(kt_compile(m, .optimizer = "sgd", .loss = "mse"), KT_OK);
    return m;
}

static void arguments_of_fit(void **state)
{
    static const char small[] = "Sequential([Input((2,)), Dense(1)])";
    static const struct {
        kt_fit_args a;
        const char *words;
    } rows[] = {
        {{.batch_size = -1},
         "ValueError: epochs and batch_size must be positive; received: epochs=1, batch_size=-1"},
        {{.epochs = -2},
         "ValueError: epochs and batch_size must be positive; received: epochs=-2, batch_size=0"},
        {{.class_weight = "[1, 2]"},
         "ValueError: class_weight must be a dict such as {0: 1.0, 1: 2.0}; received: [1, 2]"},
        {{.class_weight = "{0: 1"},
         "ValueError: Invalid expression at line 1, column 6: expected ',' or '}' but found the "
         "end"},
        {{.validation_split = 2},
         "ValueError: `validation_split` must be between 0 and 1; received: 2"},
        {{.callbacks = {"Nix()"}}, "ValueError: Could not interpret callback identifier: Nix()"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kt_model   *m = compiled(small);
        kt_fit_args a = rows[i].a;
        a.at.size = sizeof a;
        a.model = m;
        a.x = x;
        a.y = y;
        assert_null(kt_fit_with(&a));
        is_said(kt_model_error(m), rows[i].words);
        kt_clear_error(m);
        kt_history_free(kt_fit(m, x, y));
        is_said(kt_model_error(m), "");
        kt_model_free(m);
    }
}

static void arguments_of_models(void **state)
{
    kt_model *m = kt_model_from("Sequential([Input((2,)), Dense(1)])");
    kt_shape  many[40], some = KT_SHAPE(4, 2);
    kt_symbol in = kt_symbol_of(kt_input(.shape = {2}));

    (void)state;
    for (int i = 0; i < 40; i++)
        many[i] = some;
    (void)kt_check_shapes(m, 40, many, false);
    is_said(kt_model_error(m), "ValueError: a model takes at most 32 inputs");
    kt_clear_error(m);
    kt_set_learning_rate(m, 0.5);
    is_said(kt_model_error(m), "ValueError: kt_set_learning_rate: the model is not compiled");
    kt_clear_error(m);
    assert_null(kt_bench_new(m, 4, true));
    is_said(kt_model_error(m), "ValueError: You must call `compile()` before calling `fit()`.");
    kt_model_free(m);

    m = kt_model_from("Sequential([Dense(1)])");
    assert_null(kt_bench_new(m, 4, false));
    is_said(kt_model_error(m),
            "ValueError: the model has no input shape yet: build it for one first");
    kt_model_free(m);
    m = kt_model_from("Sequential([Input((None, 2)), Dense(1)], name='open')");
    assert_null(kt_bench_new(m, 4, false));
    is_said(kt_model_error(m), "ValueError: the sizes of 'input_layer' are not all known: build "
                               "the model for a shape first");
    kt_model_free(m);

    m = kt_functional("none", 1, &in, 0, &in);
    is_said(kt_model_error(m), "ValueError: A model needs 1 to 64 inputs and 1 to 16 outputs");
    kt_model_free(m);
    in = kt_symbol_of(kt_input(.shape = {2}));
    kt_symbol out = kt_operation("Add()", 99, &in);
    m = kt_functional("many", 1, &in, 1, &out);
    is_said(kt_model_error(m), "ValueError: kt_operation: it takes 0 to 63 symbols");
    kt_model_free(m);
}

/* What adapts to other data than x is learnt from says so, and keeps what it had. */
static void statistics(void **state)
{
    kt_model *m = compiled("Sequential([Input((2,)), Normalization(), Dense(1)])");
    kt_data  *d = kt_data_new();

    (void)state;
    assert_int_equal(
        kt_adapt_for_fit(&(kt_fit_args){.at = {.size = sizeof(kt_fit_args)}, .model = m}), 0);
    is_said(kt_model_error(m), "ValueError: the array '' is NULL");
    kt_clear_error(m);
    kt_data_add_x_shape(d, "", KT_SHAPE(4, 2));
    kt_data_add_y_shape(d, "", KT_SHAPE(4, 1));
    assert_int_equal(
        kt_adapt_for_fit(&(kt_fit_args){
            .at = {.size = sizeof(kt_fit_args)}, .model = m, .data = d, .validation_split = 0.5}),
        0);
    is_said(kt_model_error(m),
            "ValueError: array 0 of x is a shape without numbers: it can only be checked");
    kt_data_free(d);
    kt_model_free(m);

    m = compiled("Sequential([Input((2,)), Sequential([Normalization(name='n')], name='s')])");
    d = kt_data_new();
    add(d, x, y);
    assert_int_equal(kt_adapt(m, d), 0);
    is_said(kt_model_error(m),
            "NotImplementedError: layer 'n' inside 's' has no statistics, and they can not be "
            "learnt there: give it `mean` and `variance`");
    kt_data_free(d);
    kt_model_free(m);
}

static void rows_in_another_order(void **state)
{
    void (*const fill[])(kt_data *) = {shapes, other_rows, failed};
    static const char *const words[] = {
        NUMBERS,
        "ValueError: Data cardinality is ambiguous: rows can only be shuffled together where all "
        "arrays have as many",
        WEIGHTS};

    (void)state;
    for (int i = 0; i < 3; i++) {
        kt_data *d = kt_data_new();
        fill[i](d);
        assert_int_equal(kt_data_shuffle(d), KT_E_VALUE);
        is_said(kt_data_error(d), words[i]);
        kt_data_free(d);
    }
}

static int set_up(void **state)
{
    (void)state;
    x = kt_tensor_new(KT_F32, KT_SHAPE(4, 2));
    y = kt_tensor_new(KT_F32, KT_SHAPE(4, 1));
    longer = kt_tensor_new(KT_F32, KT_SHAPE(5, 1));
    lone = kt_tensor_new(KT_F32, (kt_shape){.rank = 0});
    texts = kt_tensor_new(KT_STRING, KT_SHAPE(4, 2));
    return 0;
}

static int tear_down(void **state)
{
    kt_tensor *all[] = {x, y, longer, lone, texts};

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        kt_tensor_unref(all[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_say_why),        cmocka_unit_test(other_models_say_why),
        cmocka_unit_test(arguments_of_fit),     cmocka_unit_test(arguments_of_models),
        cmocka_unit_test(statistics),           cmocka_unit_test(failed_models_stay),
        cmocka_unit_test(rows_in_another_order)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
