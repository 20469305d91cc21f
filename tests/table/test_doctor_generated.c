/* test_doctor_generated.c - sound models of random sizes, broken in a known way: thousands of
 * calls whose cause and right repairs are known, and the sound ones beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/base.h"
#include "keratin/keratin.h"
#include "support/damage.h"

enum { EACH = 60, ROWS = 24 };

/* --- a call ----------------------------------------------------------------------------------- */

typedef enum form { FLOATS, LABELS, ONE_HOT } form;

typedef struct call {
    char     model[600];
    kt_shape x, y; /* y.rank 0: none */
    form     x_form, y_form;
    int64_t  x_top, y_low, y_top;
    bool     fit;
    char     loss[40];
    /* what was broken, and what repairs it, "|" between */
    const char *cause, *kinds;
} call;

static kt_mt random_numbers;

static int64_t from(int64_t lo, int64_t hi)
{
    return kt_mt_randint(&random_numbers, lo, hi + 1);
}

/* Another number of the range. */
static int64_t other(int64_t than, int64_t lo, int64_t hi)
{
    int64_t n = than;

    while (n == than)
        n = from(lo, hi);
    return n;
}

static const char *text_of(const kt_shape *s, int begin)
{
    static char text[4][80];
    static int  turn;
    char       *out = text[turn++ % 4];
    int         n = snprintf(out, 80, "(");

    for (int i = begin; i < s->rank; i++)
        n += snprintf(out + n, (size_t)(80 - n), "%lld,", (long long)s->dim[i]);
    snprintf(out + n, (size_t)(80 - n), ")");
    return out;
}

static kt_tensor *array(const kt_shape *s, form f, int64_t low, int64_t top)
{
    kt_tensor *t = kt_tensor_new(f == LABELS ? KT_I32 : KT_F32, *s);
    int64_t    n = kt_tensor_count(t), width = s->dim[s->rank - 1];

    for (int64_t i = 0; i < n; i++) {
        double v = 0.05 + 0.9 * kt_mt_double(&random_numbers);
        if (f == LABELS)
            v = (double)(low + i % (top - low + 1));
        else if (f == ONE_HOT)
            v = i / width % width == i % width;
        kt_tensor_set(t, i, v);
    }
    if (f == LABELS && n > 0)
        kt_tensor_set(t, n - 1, (double)top);
    return t;
}

static kt_data *data_of(const call *c)
{
    kt_data   *d = kt_data_new();
    kt_tensor *x = array(&c->x, c->x_form, 0, c->x_top);

    kt_data_add_x(d, "", x);
    kt_tensor_unref(x);
    if (c->y.rank > 0) {
        kt_tensor *y = array(&c->y, c->y_form, c->y_low, c->y_top);
        kt_data_add_y(d, "", y);
        kt_tensor_unref(y);
    }
    return d;
}

/* --- sound calls ------------------------------------------------------------------------------ */

/* The head and the target of k classes; or of numbers, k < 2. */
static void give_target(call *c, int64_t k)
{
    int way = (int)from(0, 2);

    c->fit = true;
    c->y = KT_SHAPE(ROWS, k < 2 ? 1 : k);
    if (k < 2 || way == 2) {
        snprintf(c->loss, sizeof c->loss, "mse");
        c->y_form = FLOATS;
    } else if (way == 1) {
        snprintf(c->loss, sizeof c->loss, "categorical_crossentropy");
        c->y_form = ONE_HOT;
    } else {
        snprintf(c->loss, sizeof c->loss, "sparse_categorical_crossentropy");
        c->y_form = LABELS;
        c->y_top = k - 1;
        c->y.rank = 1;
    }
}

static const char *activation(const call *c)
{
    return strstr(c->loss, "cross") ? ", activation='softmax'" : "";
}

static int64_t width(const call *c)
{
    return c->y_form == LABELS ? c->y_top + 1 : c->y.dim[1];
}

static const char *head(const call *c)
{
    static char text[80];

    snprintf(text, sizeof text, "Dense(%lld%s)", (long long)width(c), activation(c));
    return text;
}

/* `middle` between the declared input and the head. */
static void write_model(call *c, const char *input, const char *middle, const char *last)
{
    snprintf(c->model, sizeof c->model, "Sequential([Input(%s), %s%s])", input, middle, last);
}

static const char *dense_layers(void)
{
    static char text[120];

    if (from(0, 1))
        snprintf(text, sizeof text, "Dense(%lld, activation='relu'), ", (long long)from(3, 20));
    else
        snprintf(text, sizeof text,
                 "Dense(%lld, activation='relu'), Dropout(0.2), Dense(%lld, activation='tanh'), ",
                 (long long)from(3, 20), (long long)from(3, 20));
    return text;
}

static void mlp(call *c)
{
    c->x = KT_SHAPE(ROWS, from(3, 40));
    give_target(c, from(3, 9));
    write_model(c, text_of(&c->x, 1), dense_layers(), head(c));
}

static const char *convolutions(void)
{
    static char              text[160];
    static const char *const ways[] = {
        "Conv2D(%lld, 3, activation='relu'), MaxPooling2D(), ",
        "Conv2D(%lld, 3, padding='same'), BatchNormalization(), Activation('relu'), ",
        "SeparableConv2D(%lld, 3), LeakyReLU(), AveragePooling2D(2), ",
        "Conv2D(%lld, 3, padding='same'), LayerNormalization(), SpatialDropout2D(0.1), ",
        "DepthwiseConv2D(3, depth_multiplier=%lld), ReLU(), ",
        "ZeroPadding2D(1), Conv2D(%lld, 3, strides=2), PReLU(shared_axes=[1, 2]), "};

    snprintf(text, sizeof text, ways[from(0, 5)], (long long)from(2, 5));
    return text;
}

static void cnn(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(12, 20), from(12, 20), from(0, 1) ? 3 : 1);
    give_target(c, from(3, 9));
    snprintf(middle, sizeof middle, "%s%sFlatten(), ", from(0, 3) ? "" : "Rescaling(0.5), ",
             convolutions());
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

/* Convolutions over three axes. */
static void volume(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(6, 9), from(6, 9), from(6, 9), from(0, 1) ? 3 : 1);
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, "Conv3D(%lld, 3, activation='relu'), %s, ",
             (long long)from(2, 4), from(0, 1) ? "MaxPooling3D(), Flatten()" : "Flatten()");
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

/* Pictures in a row: a convolution that remembers, or one for each picture. */
static const char *film_layers(void)
{
    static char              text[160];
    static const char *const ways[] = {
        "ConvLSTM2D(%lld, 3), ",
        "TimeDistributed(Conv2D(%lld, 3)), TimeDistributed(MaxPooling2D()), "};

    snprintf(text, sizeof text, ways[from(0, 1)], (long long)from(2, 4));
    return text;
}

static void film(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(3, 5), from(7, 10), from(7, 10), from(0, 1) ? 3 : 1);
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, "%sFlatten(), ", film_layers());
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

static void maps(call *c)
{
    void (*const all[])(call *) = {cnn, volume, film};

    all[from(0, 2)](c);
}

static const char *recurrent(void)
{
    static const char *const names[] = {"LSTM", "GRU", "SimpleRNN"};

    return names[from(0, 2)];
}

/* Convolutions over one axis. */
static void series(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(12, 20), from(2, 5));
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, "%s(%lld, 3, activation='relu'), %s, ",
             from(0, 1) ? "Conv1D" : "SeparableConv1D", (long long)from(2, 6),
             from(0, 1) ? "MaxPooling1D(), Flatten()" : "GlobalMaxPooling1D()");
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

/* Both directions, then one row. */
static void both_ways(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(5, 12), from(2, 4));
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, "Bidirectional(%s(%lld)), ", recurrent(),
             (long long)from(2, 5));
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

/* Layers of cells. */
static void cells(call *c)
{
    char                     middle[200];
    static const char *const ways[] = {"RNN(LSTMCell(%lld)), ", "RNN(GRUCell(%lld)), ",
                                       "RNN([LSTMCell(%lld), GRUCell(3)]), ",
                                       "Bidirectional(RNN(SimpleRNNCell(%lld))), "};

    c->x = KT_SHAPE(ROWS, from(5, 12), from(2, 4));
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, ways[from(0, 3)], (long long)from(2, 5));
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

static void lstm(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(5, 15), from(2, 4));
    give_target(c, from(1, 6));
    const char *a = recurrent(), *b = recurrent();
    snprintf(middle, sizeof middle, "%s(%lld, return_sequences=True), %s(%lld), ", a,
             (long long)from(3, 6), b, (long long)from(3, 6));
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

static void words(call *c)
{
    char middle[200];

    c->x = KT_SHAPE(ROWS, from(5, 15));
    c->x_form = LABELS;
    c->x_top = from(20, 60);
    give_target(c, from(3, 6));
    snprintf(middle, sizeof middle, "Embedding(%lld, 4), %s, ", (long long)c->x_top + 1,
             from(0, 1) ? "LSTM(3)" : "Flatten()");
    write_model(c, text_of(&c->x, 1), middle, head(c));
}

static void any(call *c)
{
    void (*const all[])(call *) = {mlp, cnn, lstm, words, series, both_ways, volume, film, cells};

    all[from(0, 8)](c);
}

static void predicts(call *c)
{
    c->fit = false;
    c->y.rank = 0;
}

/* --- broken calls ----------------------------------------------------------------------------- */

static void breaks(call *c, const char *cause, const char *kinds)
{
    c->cause = cause;
    c->kinds = kinds;
}

static void other_loss(call *c)
{
    do
        any(c);
    while (c->y_form == FLOATS);
    bool sparse = c->y_form == LABELS;
    snprintf(c->loss, sizeof c->loss,
             sparse ? "categorical_crossentropy" : "sparse_categorical_crossentropy");
    breaks(c, "labels_vs_loss",
           sparse ? "one_hot_labels|loss_sparse_categorical" : "argmax_labels|loss_categorical");
}

static void no_flatten(call *c)
{
    bool moving = from(0, 2) == 0;

    c->x = moving ? KT_SHAPE(ROWS, from(3, 5), from(8, 10), from(8, 10), 3)
                  : KT_SHAPE(ROWS, from(12, 20), from(12, 20), 3);
    do
        give_target(c, from(3, 9));
    while (strcmp(c->loss, "mse") == 0);
    if (c->y_form == LABELS) { /* one-hot rows: their rank says what is wanted */
        c->y_form = ONE_HOT;
        c->y = KT_SHAPE(ROWS, c->y_top + 1);
        snprintf(c->loss, sizeof c->loss, "categorical_crossentropy");
    }
    write_model(c, text_of(&c->x, 1), moving ? film_layers() : convolutions(), head(c));
    breaks(c, "flatten_missing", "add_flatten_before_head|add_global_pooling");
}

static void no_flatten_at_start(call *c)
{
    c->x = KT_SHAPE(ROWS, from(5, 12), from(5, 12));
    c->y = KT_SHAPE(ROWS, from(3, 9));
    c->y_form = ONE_HOT;
    c->fit = true;
    snprintf(c->loss, sizeof c->loss, "categorical_crossentropy");
    write_model(c, text_of(&c->x, 1), dense_layers(), head(c));
    breaks(c, "flatten_missing", "add_flatten_at_input|add_flatten_before_head");
}

static void other_units(call *c)
{
    do
        any(c);
    while (strcmp(c->loss, "mse") == 0 || width(c) < 3); /* fewer must be possible */
    int64_t k = width(c);
    char   *last = strstr(c->model, c->y_form == LABELS ? "Dense(" : "Dense(");
    for (char *p = last; p; p = strstr(p + 1, "Dense("))
        last = p;
    int64_t less = c->y_form == LABELS ? from(2, k - 1) : other(k, 2, 12);
    snprintf(last, (size_t)(c->model + sizeof c->model - last), "Dense(%lld%s)])", (long long)less,
             activation(c));
    breaks(c, "units_vs_target", "final_units");
}

static void one_sample(call *c)
{
    void (*const all[])(call *) = {mlp, maps, lstm, cells};

    all[from(0, 3)](c);
    predicts(c);
    for (int i = 1; i < c->x.rank; i++)
        c->x.dim[i - 1] = c->x.dim[i];
    c->x.rank--;
    breaks(c, "batch_axis_missing", "add_batch_axis_to_data");
}

static void samples_declared(call *c)
{
    void (*const all[])(call *) = {maps, lstm, cells};

    all[from(0, 2)](c);
    char *input = strstr(c->model, "Input(("), *end = strchr(input, ')');
    char  rest[600];
    snprintf(rest, sizeof rest, "%s", end);
    snprintf(input, (size_t)(c->model + sizeof c->model - input), "Input(%.*s%s",
             (int)(strlen(text_of(&c->x, 0)) - 1), text_of(&c->x, 0), rest);
    breaks(c, "batch_in_input_shape", "input_shape_drop_batch");
}

static void other_features(call *c)
{
    int last;

    do { /* as many features as samples would be another fault */
        (from(0, 1) ? mlp : lstm)(c);
        last = c->x.rank - 1;
    } while (c->x.dim[last] == ROWS);
    c->x.dim[last] = other(c->x.dim[last], 2, 40);
    if (c->x.dim[last] == ROWS)
        c->x.dim[last]++;
    breaks(c, "feature_count", "input_shape_features");
    if (from(0, 1)) {
        predicts(c);
        breaks(c, "feature_count", "data_features");
    }
}

static void other_order(call *c)
{
    do
        cnn(c);
    while (c->x.dim[3] != 3);
    kt_shape turned = KT_SHAPE(ROWS, c->x.dim[3], c->x.dim[1], c->x.dim[2]);
    c->x = turned;
    predicts(c);
    breaks(c, "axes_swapped", "transpose_data");
}

static void other_channels(call *c)
{
    maps(c);
    int64_t *channels = &c->x.dim[c->x.rank - 1];
    *channels = *channels == 1 ? 3 : from(0, 1) ? 4 : 1;
    if (from(0, 1))
        predicts(c);
    breaks(c, "channel_count", "convert_channels|input_shape_features");
}

static void other_size(call *c)
{
    (from(0, 1) ? cnn : volume)(c);
    c->x.dim[1] += from(1, 5);
    if (from(0, 1))
        predicts(c);
    breaks(c, "input_size",
           c->fit ? "input_shape_size|resize_data|input_shape_free" : "resize_data");
}

static void no_steps(call *c)
{
    lstm(c);
    char *steps = strstr(c->model, ", return_sequences=True");
    memmove(steps, steps + strlen(", return_sequences=True"),
            strlen(steps + strlen(", return_sequences=True")) + 1);
    breaks(c, "sequence_vs_step", "return_sequences_true");
}

static void all_steps(call *c)
{
    c->x = KT_SHAPE(ROWS, from(5, 15), from(2, 4));
    c->y = KT_SHAPE(ROWS, from(3, 6));
    c->y_form = ONE_HOT;
    c->fit = true;
    snprintf(c->loss, sizeof c->loss, "categorical_crossentropy");
    write_model(c, text_of(&c->x, 1), "LSTM(5, return_sequences=True), ", head(c));
    breaks(c, "sequence_vs_step", "return_sequences_false");
}

static void flat_data(call *c)
{
    cnn(c);
    c->x = KT_SHAPE(ROWS, c->x.dim[1] * c->x.dim[2] * c->x.dim[3]);
    if (from(0, 1))
        predicts(c);
    breaks(c, "flat_vs_shaped", c->fit ? "reshape_data|add_reshape" : "reshape_data");
}

static void shaped_data(call *c)
{
    int64_t rows = from(4, 9), columns = from(4, 9);

    mlp(c);
    c->x = KT_SHAPE(ROWS, rows * columns);
    write_model(c, text_of(&c->x, 1), dense_layers(), head(c));
    c->x = KT_SHAPE(ROWS, rows, columns);
    if (from(0, 1))
        predicts(c);
    breaks(c, "flat_vs_shaped", c->fit ? "add_flatten_at_input|flatten_data" : "flatten_data");
}

static void extra_axis(call *c)
{
    mlp(c);
    c->x = KT_SHAPE(ROWS, 1, c->x.dim[1]);
    if (from(0, 1))
        predicts(c);
    breaks(c, "axis_extra", "squeeze_data|flatten_data|add_flatten_at_input");
}

static void too_small(call *c)
{
    int64_t side = from(10, 14);

    c->x = KT_SHAPE(ROWS, side, side, 1);
    give_target(c, from(3, 6));
    write_model(c, text_of(&c->x, 1),
                "Conv2D(2, 3), MaxPooling2D(), Conv2D(2, 3), MaxPooling2D(), Conv2D(2, 3), "
                "Flatten(), ",
                head(c));
    breaks(c, "maps_shrink", "padding_same|remove_pooling");
}

static void from_one(call *c)
{
    do
        mlp(c);
    while (c->y_form != LABELS);
    c->y_low = 1;
    c->y_top++;
    breaks(c, "label_range", "labels_from_zero");
}

static void more_words(call *c)
{
    words(c);
    c->x_top += from(1, 30);
    breaks(c, "index_range", "embedding_input_dim");
}

static void more_targets(call *c)
{
    any(c);
    c->y.dim[0] += from(1, 10);
    breaks(c, "sample_count", "match_sample_count");
}

static void wrong_reshape(call *c)
{
    int64_t a = from(2, 5), b = from(2, 5), n = from(2, 4);

    c->x = KT_SHAPE(ROWS, from(3, 9));
    c->y = KT_SHAPE(ROWS, a, b, n);
    c->fit = true;
    snprintf(c->loss, sizeof c->loss, "mse");
    snprintf(c->model, sizeof c->model,
             "Sequential([Input(%s), Dense(%lld), Reshape((%lld, %lld, %lld))])", text_of(&c->x, 1),
             (long long)other(a * b * n, 5, 99), (long long)a, (long long)b, (long long)n);
    breaks(c, "reshape_size", "layer_units|reshape_target_shape");
}

static void no_channel(call *c)
{
    cnn(c);
    int64_t a = c->x.dim[1], b = c->x.dim[2];
    char    middle[200];
    snprintf(middle, sizeof middle, "%sFlatten(), ", convolutions());
    c->x = KT_SHAPE(ROWS, a, b);
    write_model(c, text_of(&c->x, 1), middle, head(c));
    breaks(c, "axis_missing", "input_shape_add_axis|add_reshape");
}

static void shape_and_labels(call *c)
{
    do
        shaped_data(c);
    while (!c->fit || c->y_form == FLOATS);
    bool sparse = c->y_form == LABELS;
    snprintf(c->loss, sizeof c->loss,
             sparse ? "categorical_crossentropy" : "sparse_categorical_crossentropy");
    breaks(c, "flat_vs_shaped",
           sparse
               ? "add_flatten_at_input+one_hot_labels|add_flatten_at_input+loss_sparse_categorical"
               : "add_flatten_at_input+argmax_labels|add_flatten_at_input+loss_categorical");
}

/* --- scores ----------------------------------------------------------------------------------- */

static void series_features(call *c)
{
    void (*const all[])(call *) = {series, both_ways, cells};

    all[from(0, 2)](c);
    c->x.dim[2] = other(c->x.dim[2], 2, 7);
    breaks(c, "feature_count", "input_shape_features|data_features");
}

static void series_order(call *c)
{
    (from(0, 1) ? series : both_ways)(c);
    while (c->x.dim[1] == c->x.dim[2])
        both_ways(c);
    c->x = KT_SHAPE(ROWS, c->x.dim[2], c->x.dim[1]);
    if (from(0, 1))
        predicts(c);
    breaks(c, "axes_swapped", c->fit ? "transpose_data|input_shape_transpose" : "transpose_data");
}

/* One target per sample, and every step of both directions comes out. */
static void all_steps_both_ways(call *c)
{
    do
        both_ways(c);
    while (c->y_form != ONE_HOT);
    char *end = strstr(strstr(c->model, "Bidirectional"), "))"), rest[600];
    snprintf(rest, sizeof rest, "%s", end);
    snprintf(end, sizeof c->model - (size_t)(end - c->model), ", return_sequences=True%s", rest);
    breaks(c, "sequence_vs_step", "return_sequences_false");
}

static bool among(const char *kind, const char *kinds)
{
    size_t n = strlen(kind);

    for (const char *p = kinds; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strncmp(p, kind, n) == 0 && (p[n] == 0 || p[n] == '|'))
            return true;
    return false;
}

static kt_diagnosis *diagnosed(const call *c, kt_data **data)
{
    *data = data_of(c);
    return kt_diagnose(.source = c->model, .data = *data, .call = c->fit ? "fit" : "predict",
                       .loss = c->fit ? c->loss : NULL);
}

typedef struct score {
    int top1, top3, cause, n;
} score;

static void add(score *s, const call *c, const kt_diagnosis *d)
{
    const char *first = d->n_remedies ? d->remedies[0].kind : "none";
    bool        right = d->n_remedies && among(first, c->kinds), third = false;

    for (int i = 0; i < d->n_remedies && i < 3; i++)
        third = third || among(d->remedies[i].kind, c->kinds);
    bool cause = d->cause && strcmp(d->cause->kind, c->cause) == 0;
    s->n++;
    s->top1 += right;
    s->top3 += third;
    s->cause += cause;
    if (!right || !cause)
        print_message("%s %s x %s y %s loss %s\n  %s, %s; wanted %s, %s\n",
                      c->fit ? "fit" : "predict", c->model, text_of(&c->x, 0), text_of(&c->y, 0),
                      c->loss, d->cause ? d->cause->kind : "none", first, c->cause, c->kinds);
}

/* All that is said of a call, but for the loss of a step: its last digits are the processor's. */
static void add_answer(uint32_t *sum, const kt_diagnosis *d)
{
    static const char loss[] = "the loss was ";
    char             *json = kt_diagnosis_json(d);

    assert_non_null(json);
    for (const char *p = json; *p; p++) {
        damage_sum(sum, (char[]){*p, '\0'});
        if (strncmp(p, loss, sizeof loss - 1) == 0)
            p += sizeof loss - 2 + strspn(p + sizeof loss - 1, "0123456789.e+-");
    }
    kt_text_free(json);
}

static void broken_calls(void **state)
{
    (void)state;
    void (*const ways[])(call *) = {other_loss,         no_flatten,      no_flatten_at_start,
                                    other_units,        one_sample,      samples_declared,
                                    other_features,     other_order,     other_channels,
                                    other_size,         no_steps,        all_steps,
                                    flat_data,          shaped_data,     extra_axis,
                                    too_small,          from_one,        more_words,
                                    more_targets,       wrong_reshape,   no_channel,
                                    shape_and_labels,   series_features, series_order,
                                    all_steps_both_ways};
    score  all = {0};
    kt_str lines = {0};

    kt_mt_seed(&random_numbers, 20);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        score    s = {0};
        call     c;
        uint32_t sum = DAMAGE_SUM;
        for (int i = 0; i < EACH; i++) {
            kt_data *data;
            memset(&c, 0, sizeof c);
            ways[w](&c);
            kt_diagnosis *d = diagnosed(&c, &data);
            add_answer(&sum, d);
            if (!d->ok) /* a pooling may swallow another size: then nothing is broken */
                add(&s, &c, d);
            kt_diagnosis_free(d);
            kt_data_free(data);
        }
        print_message("%-22s first %d, of the first three %d, cause %d of %d\n", c.cause, s.top1,
                      s.top3, s.cause, s.n);
        kt_str_printf(&lines, "doctor %zu %s: %08x\n", w, c.cause, sum);
        all.top1 += s.top1;
        all.top3 += s.top3;
        all.cause += s.cause;
        all.n += s.n;
    }
    print_message("all: first %d, of the first three %d, cause %d of %d\n", all.top1, all.top3,
                  all.cause, all.n);
    damage_as_kept(&lines);
    kt_str_free(&lines);
    assert_true(all.n * 100 >= (int)(sizeof ways / sizeof *ways) * EACH * 98);
    assert_true(all.top1 * 100 >= all.n * 98);
    assert_true(all.top3 * 100 >= all.n * 99);
    assert_true(all.cause * 100 >= all.n * 98);
}

static void sound_calls(void **state)
{
    (void)state;

    kt_mt_seed(&random_numbers, 30);
    for (int i = 0; i < 10 * EACH; i++) {
        call     c;
        kt_data *data;
        memset(&c, 0, sizeof c);
        any(&c);
        if (i % 4 == 0)
            predicts(&c);
        kt_diagnosis *d = diagnosed(&c, &data);
        if (!d->ok || d->n_warnings)
            print_error("%s x %s y %s loss %s: %s\n", c.model, text_of(&c.x, 0), text_of(&c.y, 0),
                        c.loss, d->ok ? d->warnings[0].kind : d->error->message);
        assert_true(d->ok);
        assert_int_equal(d->n_warnings, 0);
        kt_diagnosis_free(d);
        kt_data_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_calls),
        cmocka_unit_test(sound_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
