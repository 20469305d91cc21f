/* test_doctor_remedies.c - calls that fail: cause and first remedy are the right ones, and the
 * repaired model really trains or predicts on the repaired data. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/keratin.h"
#include "support/needs.h"

/* What an array holds. */
typedef enum form { FLOATS, LABELS, ONE_HOT, FROM_ONE } form;

typedef struct row {
    const char *model, *call, *loss;
    kt_shape    x;
    form        x_form;
    int         x_top;
    kt_shape    y; /* rank 0: none */
    form        y_form;
    int         y_top; /* largest label */
    int64_t     batch;
    const char *cause, *kind;
} row;

#define NO_Y {0, {0}}, FLOATS, 0, 0
#define MLP  "Sequential([Input((6,)), Dense(8, activation='relu'), "

#define OF_CODE                                                                    \
    "[{\"args\": [{\"class_name\": \"__keras_tensor__\", \"config\": {\"shape\": " \
    "[null, 4], \"dtype\": \"float32\", \"keras_history\": [\"code\", 0, 0]}}], "  \
    "\"kwargs\": {}}]"
#define LAST_LAYER                                                                       \
    "{\"class_name\": \"Functional\", \"config\": {\"name\": \"decoder\", \"layers\": [" \
    "{\"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 4], "         \
    "\"name\": \"code\"}, \"name\": \"code\", \"inbound_nodes\": []}, "                  \
    "{\"class_name\": \"Dense\", \"config\": {\"name\": \"last\", \"units\": 12}, "      \
    "\"name\": \"last\", \"build_config\": {\"input_shape\": [null, 8]}, "               \
    "\"inbound_nodes\": " OF_CODE "}], \"input_layers\": [[\"code\", 0, 0]], "           \
    "\"output_layers\": [[\"last\", 0, 0]]}}"

static const row rows[] = {
    /* labels and loss */
    {MLP "Dense(5, activation='softmax')])",
     "fit",
     "categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {1, {40}},
     LABELS,
     4,
     0,
     "labels_vs_loss",
     "loss_sparse_categorical"},
    {MLP "Dense(5, activation='softmax')])",
     "fit",
     "sparse_categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {2, {40, 5}},
     ONE_HOT,
     0,
     0,
     "labels_vs_loss",
     "loss_categorical"},
    {MLP "Dense(5, activation='softmax')])",
     "evaluate",
     "sparse_categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {2, {40, 5}},
     ONE_HOT,
     0,
     0,
     "labels_vs_loss",
     "argmax_labels"},
    {MLP "Dense(5, activation='softmax')])",
     "fit",
     "sparse_categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {1, {40}},
     FROM_ONE,
     5,
     0,
     "label_range",
     "labels_from_zero"},
    {MLP "Dense(1, activation='sigmoid')])",
     "fit",
     "sparse_categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {1, {40}},
     LABELS,
     1,
     0,
     "labels_vs_loss",
     "loss_binary"},
    /* units */
    {MLP "Dense(7, activation='softmax')])",
     "fit",
     "categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {2, {40, 4}},
     ONE_HOT,
     0,
     0,
     "units_vs_target",
     "final_units"},
    {MLP "Dense(3, activation='softmax')])",
     "fit",
     "sparse_categorical_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {1, {40}},
     LABELS,
     8,
     0,
     "units_vs_target",
     "final_units"},
    {MLP "Dense(1, activation='sigmoid')])",
     "fit",
     "binary_crossentropy",
     {2, {40, 6}},
     FLOATS,
     0,
     {2, {40, 4}},
     ONE_HOT,
     0,
     0,
     "units_vs_target",
     "final_units+loss_categorical"},
    /* one row per sample */
    {"Sequential([Input((9, 7)), Dense(8, activation='relu'), Dense(4, activation='softmax')])",
     "fit",
     "categorical_crossentropy",
     {3, {20, 9, 7}},
     FLOATS,
     0,
     {2, {20, 4}},
     ONE_HOT,
     0,
     0,
     "flatten_missing",
     "add_flatten_at_input"},
    {"Sequential([Input((9, 7, 1)), Conv2D(3, 3), Dense(1, activation='sigmoid')])",
     "fit",
     "binary_crossentropy",
     {4, {20, 9, 7, 1}},
     FLOATS,
     0,
     {2, {20, 1}},
     LABELS,
     1,
     0,
     "flatten_missing",
     "add_flatten_before_head"},
    {"Sequential([Input((9, 7, 1)), Conv2D(3, 3), MaxPooling2D()])",
     "fit",
     "categorical_crossentropy",
     {4, {20, 9, 7, 1}},
     FLOATS,
     0,
     {2, {20, 3}},
     ONE_HOT,
     0,
     0,
     "flatten_missing",
     "add_head"},
    {"Sequential([Input((63,)), Dense(8), Dense(2)])",
     "fit",
     "mse",
     {3, {20, 9, 7}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "flat_vs_shaped",
     "add_flatten_at_input"},
    {"Sequential([Input((63,)), Dense(8), Dense(2)])",
     "predict",
     NULL,
     {3, {20, 9, 7}},
     FLOATS,
     0,
     NO_Y,
     "flat_vs_shaped",
     "flatten_data"},
    {"Sequential([Input((9, 7)), LSTM(3), Dense(2)])",
     "predict",
     NULL,
     {2, {20, 63}},
     FLOATS,
     0,
     NO_Y,
     "flat_vs_shaped",
     "reshape_data"},
    /* the batch axis */
    {"Sequential([Input((9, 7, 1)), Conv2D(3, 3), Flatten(), Dense(2)])",
     "predict",
     NULL,
     {3, {9, 7, 1}},
     FLOATS,
     0,
     NO_Y,
     "batch_axis_missing",
     "add_batch_axis_to_data"},
    {MLP "Dense(2)])",
     "predict",
     NULL,
     {1, {6}},
     FLOATS,
     0,
     NO_Y,
     "batch_axis_missing",
     "add_batch_axis_to_data"},
    {"Sequential([Input((20, 9, 7, 1)), Conv2D(3, 3), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {4, {20, 9, 7, 1}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "batch_in_input_shape",
     "input_shape_drop_batch"},
    {"Sequential([Input((40,)), Dense(2)])",
     "fit",
     "mse",
     {2, {40, 6}},
     FLOATS,
     0,
     {2, {40, 2}},
     FLOATS,
     0,
     0,
     "batch_in_input_shape",
     "input_shape_features"},
    {"Sequential([Input((9, 7, 1)), Conv2D(3, 3), Flatten(), Dense(4, activation='softmax')])",
     "fit",
     "sparse_categorical_crossentropy",
     {5, {5, 8, 9, 7, 1}},
     FLOATS,
     0,
     {2, {5, 8}},
     LABELS,
     3,
     0,
     "axis_extra",
     "merge_batch_axes"},
    /* axes and sizes */
    {"Sequential([Conv2D(3, 3), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {3, {20, 9, 7}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "axis_missing",
     "add_last_axis_to_data"},
    {"Sequential([Input((9, 7)), Conv2D(3, 3), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {4, {20, 9, 7, 1}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "axis_missing",
     "input_shape_add_axis"},
    {"Sequential([Input((1, 7)), LSTM(3), Dense(2)])",
     "fit",
     "mse",
     {2, {20, 7}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "axis_missing",
     "add_time_axis_to_data"},
    {MLP "Dense(2)])",
     "fit",
     "mse",
     {2, {20, 11}},
     FLOATS,
     0,
     {2, {20, 2}},
     FLOATS,
     0,
     0,
     "feature_count",
     "input_shape_features"},
    {MLP "Dense(2)])",
     "predict",
     NULL,
     {2, {20, 7}},
     FLOATS,
     0,
     NO_Y,
     "feature_count",
     "data_features"},
    {MLP "Dense(2)])",
     "predict",
     NULL,
     {2, {6, 1}},
     FLOATS,
     0,
     NO_Y,
     "axes_swapped",
     "transpose_data"},
    {"Sequential([Input((3, 20, 16)), Conv2D(3, 5), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {4, {8, 20, 16, 3}},
     FLOATS,
     0,
     {2, {8, 2}},
     FLOATS,
     0,
     0,
     "axes_swapped",
     "input_shape_transpose"},
    {"Sequential([Input((20, 16, 3)), Conv2D(3, 5), Flatten(), Dense(2)])",
     "predict",
     NULL,
     {4, {8, 3, 20, 16}},
     FLOATS,
     0,
     NO_Y,
     "axes_swapped",
     "transpose_data"},
    {"Sequential([Input((20, 16, 3)), Conv2D(3, 5), Flatten(), Dense(2)])",
     "predict",
     NULL,
     {4, {8, 24, 24, 3}},
     FLOATS,
     0,
     NO_Y,
     "input_size",
     "resize_data"},
    {"Sequential([Input((20, 16, 3)), Conv2D(3, 5), Flatten(), Dense(2)])",
     "predict",
     NULL,
     {4, {8, 20, 16, 4}},
     FLOATS,
     0,
     NO_Y,
     "channel_count",
     "convert_channels"},
    {"Sequential([Input((20, 16, 3)), Conv2D(3, 5), Flatten(), Dense(2)])",
     "predict",
     NULL,
     {3, {8, 20, 16}},
     FLOATS,
     0,
     NO_Y,
     "channel_count",
     "add_last_axis_to_data+convert_channels"},
    {MLP "Dense(1)])",
     "fit",
     "mse",
     {3, {20, 1, 6}},
     FLOATS,
     0,
     {2, {20, 1}},
     FLOATS,
     0,
     0,
     "axis_extra",
     "squeeze_data"},
    {MLP "Dense(3, activation='softmax')])",
     "fit",
     "categorical_crossentropy",
     {2, {20, 6}},
     FLOATS,
     0,
     {3, {20, 1, 3}},
     ONE_HOT,
     0,
     0,
     "axis_extra",
     "squeeze_target"},
    /* steps */
    {"Sequential([Input((10, 3)), LSTM(4), LSTM(4), Dense(1)])",
     "fit",
     "mse",
     {3, {8, 10, 3}},
     FLOATS,
     0,
     {2, {8, 1}},
     FLOATS,
     0,
     0,
     "sequence_vs_step",
     "return_sequences_true"},
    {"Sequential([Input((10, 3)), LSTM(4, return_sequences=True), Dense(1, activation='sigmoid')])",
     "fit",
     "binary_crossentropy",
     {3, {8, 10, 3}},
     FLOATS,
     0,
     {2, {8, 1}},
     LABELS,
     1,
     0,
     "sequence_vs_step",
     "return_sequences_false"},
    {"Sequential([Input((10, 3)), LSTM(4), RepeatVector(9), LSTM(4, return_sequences=True), "
     "TimeDistributed(Dense(1))])",
     "fit",
     "mse",
     {3, {8, 10, 3}},
     FLOATS,
     0,
     {3, {8, 5, 1}},
     FLOATS,
     0,
     0,
     "sequence_vs_step",
     "repeat_vector"},
    /* maps */
    {"Sequential([Input((30, 30, 1)), Conv2D(2, 3, 3), Conv2D(2, 3, 3), Conv2D(2, 3, 3), "
     "Conv2D(2, 3, 3), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {4, {4, 30, 30, 1}},
     FLOATS,
     0,
     {2, {4, 2}},
     FLOATS,
     0,
     0,
     "strides_trap",
     "strides_to_one"},
    {"Sequential([Input((12, 12, 1)), Conv2D(2, 3), MaxPooling2D(), Conv2D(2, 3), MaxPooling2D(), "
     "Conv2D(2, 3), Flatten(), Dense(2)])",
     "fit",
     "mse",
     {4, {4, 12, 12, 1}},
     FLOATS,
     0,
     {2, {4, 2}},
     FLOATS,
     0,
     0,
     "maps_shrink",
     "padding_same"},
    {"Sequential([Input((5,)), Dense(40), Reshape((3, 7, 2)), Conv2D(2, 3), Flatten(), Dense(1)])",
     "fit",
     "mse",
     {2, {4, 5}},
     FLOATS,
     0,
     {2, {4, 1}},
     FLOATS,
     0,
     0,
     "reshape_size",
     "layer_units"},
    {"Sequential([Input((None, None, 3)), Conv2D(2, 3), Flatten(), Dense(1)])",
     "fit",
     "mse",
     {4, {4, 9, 8, 3}},
     FLOATS,
     0,
     {2, {4, 1}},
     FLOATS,
     0,
     0,
     "undefined_size",
     "input_shape_full"},
    {"Sequential([Input((6, 5)), Flatten(), Dense(8), Dense(30)])",
     "fit",
     "mse",
     {3, {12, 6, 5}},
     FLOATS,
     0,
     {3, {12, 6, 5}},
     FLOATS,
     0,
     0,
     "flat_vs_shaped",
     "add_reshape"},
    /* words */
    {"Sequential([Input((7,)), Embedding(20, 3), Flatten(), Dense(1)])",
     "fit",
     "mse",
     {2, {12, 7}},
     LABELS,
     29,
     {2, {12, 1}},
     FLOATS,
     0,
     0,
     "index_range",
     "embedding_input_dim"},
    {"Sequential([Input((7, 11)), Embedding(11, 3), LSTM(2), Dense(1)])",
     "fit",
     "mse",
     {3, {12, 7, 11}},
     ONE_HOT,
     0,
     {2, {12, 1}},
     FLOATS,
     0,
     0,
     "index_range",
     "argmax_data+input_shape_drop_axis"},
    /* samples */
    {"Sequential([Input((10, 1)), LSTM(2), Dense(1)])",
     "fit",
     "mse",
     {3, {30, 10, 1}},
     FLOATS,
     0,
     {2, {40, 1}},
     FLOATS,
     0,
     0,
     "sample_count",
     "match_sample_count"},
    {"Sequential([InputLayer(batch_shape=(5, 4, 2)), LSTM(3, stateful=True), Dense(1)])",
     "fit",
     "mse",
     {3, {12, 4, 2}},
     FLOATS,
     0,
     {2, {12, 1}},
     FLOATS,
     0,
     5,
     "fixed_batch",
     "match_sample_count"},
    /* two faults */
    {"Sequential([Input((63,)), Dense(8), Dense(4, activation='softmax')])",
     "fit",
     "categorical_crossentropy",
     {3, {20, 9, 7}},
     FLOATS,
     0,
     {1, {20}},
     LABELS,
     3,
     0,
     "flat_vs_shaped",
     "add_flatten_at_input+loss_sparse_categorical"},
    /* a decoder made of the last layer of an autoencoder: the layer before it is not called */
    {LAST_LAYER,
     "fit",
     "mse",
     {2, {40, 4}},
     FLOATS,
     0,
     {2, {40, 12}},
     FLOATS,
     0,
     0,
     "wiring",
     "call_missing_layers"},
    /* the data have what that layer was built for: the declared shape is the wrong one */
    {LAST_LAYER,
     "fit",
     "mse",
     {2, {40, 8}},
     FLOATS,
     0,
     {2, {40, 12}},
     FLOATS,
     0,
     0,
     "feature_count",
     "input_shape_features"},
};

/* --- data ------------------------------------------------------------------------------------- */

static kt_tensor *array(kt_shape s, form f, int top)
{
    kt_tensor *t = kt_tensor_new(f == LABELS || f == FROM_ONE ? KT_I32 : KT_F32, s);
    int64_t    n = kt_tensor_count(t), width = s.dim[s.rank - 1];

    for (int64_t i = 0; i < n; i++) {
        double v = (double)(i * 7 % 97) / 97 + 0.001;
        if (f == LABELS)
            v = (double)(i % (top + 1));
        else if (f == FROM_ONE)
            v = (double)(i % top + 1);
        else if (f == ONE_HOT)
            v = i / width % width == i % width;
        kt_tensor_set(t, i, v);
    }
    return t;
}

static kt_data *data_of(const row *r)
{
    kt_data   *d = kt_data_new();
    kt_tensor *x = array(r->x, r->x_form, r->x_top), *y = NULL;

    kt_data_add_x(d, "", x);
    kt_tensor_unref(x);
    if (r->y.rank > 0) {
        y = array(r->y, r->y_form, r->y_top);
        kt_data_add_y(d, "", y);
        kt_tensor_unref(y);
    }
    return d;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void really_runs(const row *r, const kt_diagnosis *d)
{
    kt_model   *m = kt_repaired_model(d, 0);
    kt_data    *data = kt_repaired_data(d, 0);
    kt_history *h = NULL;
    kt_tensor  *out[1] = {NULL};

    assert_false(kt_failed(m));
    if (strcmp(r->call, "predict") == 0)
        assert_int_equal(kt_predict_many(m, data, r->batch, out, 1), KT_OK);
    else if (strcmp(r->call, "fit") == 0)
        h = kt_fit(m, NULL, NULL, .data = data, .epochs = 1, .batch_size = r->batch);
    if (kt_failed(m))
        print_error("%s: %s\n", r->model, kt_model_error(m)->message);
    assert_false(kt_failed(m));
    kt_tensor_unref(out[0]);
    kt_history_free(h);
    kt_data_free(data);
    kt_model_free(m);
}

static bool is_answer(const row *r, const kt_diagnosis *d)
{
    const char *cause = d->cause ? d->cause->kind : "none";
    const char *kind = d->n_remedies ? d->remedies[0].kind : "none";
    bool right = !d->ok && d->error && strcmp(cause, r->cause) == 0 && strcmp(kind, r->kind) == 0 &&
                 d->remedies[0].proved;

    if (!right)
        print_error("%s %s: %s, %s; wanted %s, %s\n", r->call, r->model, cause, kind, r->cause,
                    r->kind);
    return right;
}

static bool is_repaired(const row *r)
{
    kt_data      *data = data_of(r);
    kt_diagnosis *d = kt_diagnose(.source = r->model, .data = data, .call = r->call,
                                  .loss = r->loss, .batch_size = r->batch);

    assert_non_null(d);
    bool right = is_answer(r, d);
    if (right)
        really_runs(r, d);
    kt_diagnosis_free(d);
    kt_data_free(data);
    return right;
}

static void every_fault_is_repaired(void **state)
{
    (void)state;
    size_t n = sizeof rows / sizeof *rows, right = 0;

    for (size_t i = 0; i < n; i++) {
        if (*rows[i].model == '{' && !build_reads(false)) {
            print_message("without JSON left out: %s\n", rows[i].model);
            right++;
            continue;
        }
        right += is_repaired(&rows[i]);
    }
    assert_int_equal(right, n);
}

/* A diagnosis draws no seed: what is trained afterwards is the same. */
static void nothing_is_disturbed(void **state)
{
    (void)state;
    double first[2];

    for (int i = 0; i < 2; i++) {
        kt_set_seed(3);
        kt_data *data = data_of(&rows[1]);
        kt_diagnosis_free(
            i == 1 ? kt_diagnose(.source = rows[1].model, .data = data, .loss = rows[1].loss)
                   : NULL);
        kt_model *m = kt_sequential(kt_dense(3, .input_shape = {4}));
        first[i] = kt_tensor_get(kt_weight_at(m, 0, NULL), 0);
        kt_model_free(m);
        kt_data_free(data);
    }
    assert_true(first[0] == first[1]);
}

static void wrong_arguments_are_said(void **state)
{
    (void)state;
    kt_diagnosis *d = kt_diagnose(.source = "Sequential([Dense(1)])", .call = "train");

    assert_false(d->ok);
    assert_string_equal(d->error->type, "UsageError");
    kt_diagnosis_free(d);
    d = kt_diagnose(.call = "fit");
    assert_false(d->ok);
    kt_diagnosis_free(d);
    d = kt_diagnose_with(NULL);
    assert_string_equal(d->error->message, "a diagnosis needs arguments");
    kt_diagnosis_free(d);
    d = kt_diagnose(.source = "Dense()");
    assert_string_equal(d->error->type, "TypeError");
    kt_diagnosis_free(d);
    d = kt_diagnose(.source = "/nowhere/model.json");
    assert_string_equal(d->error->type, "FileNotFoundError");
    kt_diagnosis_free(d);
    kt_diagnosis_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_repaired),
        cmocka_unit_test(nothing_is_disturbed),
        cmocka_unit_test(wrong_arguments_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
