/* ports.c - several inputs and outputs, each with its name, loss, weight and metrics.
 *
 *   ports [MODEL.keras [EPOCHS]]
 *
 *   history (12, 1) -- LSTM --------+                     +-- Dense          next:  a number
 *                                   +-- Concatenate, Dense +
 *   kind (1,) -- Embedding, Flatten +                     +-- Dense sigmoid  alarm: yes or no
 *
 * A pump swings as its kind does; what is measured next, and will it be above a limit? Losses and
 * metrics are Python dicts by the outputs' names, as in Keras. Status 1 if the number is not told
 * much better than by its mean, or fewer than 80 of 100 alarms are right.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>

enum { SAMPLES = 512, STEPS = 12, KINDS = 4 };

static const double limit = 0.5;

static kt_model *network(void)
{
    kt_symbol in[] = {kt_symbol_of(kt_input(.shape = {STEPS, 1}, .name = "history")),
                      kt_symbol_of(kt_input(.shape = {1}, .dtype = "int32", .name = "kind"))};
    kt_symbol seen = kt_apply(kt_lstm(16), in[0]);
    kt_symbol kind = kt_apply(kt_flatten(), kt_apply(kt_embedding(KINDS, 4), in[1]));
    kt_symbol both = kt_apply_list(kt_concatenate(), 2, (kt_symbol[]){seen, kind});
    kt_symbol x = kt_apply(kt_dense(32, .activation = "relu"), both);
    kt_symbol out[] = {kt_apply(kt_dense(1, .name = "next"), x),
                       kt_apply(kt_dense(1, .activation = "sigmoid", .name = "alarm"), x)};

    return kt_functional("ports", 2, in, 2, out);
}

static kt_data *pumps(uint32_t seed)
{
    kt_tensor *history = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, STEPS, 1));
    kt_tensor *kind = kt_numpy_randint(seed, 0, KINDS, KT_SHAPE(SAMPLES, 1));
    kt_tensor *next = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, 1));
    kt_tensor *alarm = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, 1));
    kt_tensor *start = kt_numpy_rand(seed + 1, KT_SHAPE(SAMPLES));
    kt_data   *d = kt_data_new();

    for (int i = 0; i < SAMPLES; i++) {
        double phase = 6.2832 * kt_tensor_get(start, i), pace = 0.4 + 0.2 * kt_tensor_get(kind, i);
        for (int t = 0; t < STEPS; t++)
            kt_tensor_set(history, i * STEPS + t, sin(phase + pace * t));
        kt_tensor_set(next, i, sin(phase + pace * STEPS));
        kt_tensor_set(alarm, i, sin(phase + pace * STEPS) > limit);
    }
    kt_data_add_x(d, "history", history);
    kt_data_add_x(d, "kind", kind);
    kt_data_add_y(d, "next", next);
    kt_data_add_y(d, "alarm", alarm);
    kt_tensor_unref(start);
    kt_tensor_unref(alarm);
    kt_tensor_unref(next);
    kt_tensor_unref(kind);
    kt_tensor_unref(history);
    return d;
}

int main(int argc, char **argv)
{
    kt_data *train = pumps(1), *test = pumps(11);

    kt_set_seed(1);
    kt_model *m = network();
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)",
               .loss = "{'next': 'mse', 'alarm': 'binary_crossentropy'}",
               .loss_weights = "{'next': 1.0, 'alarm': 0.5}",
               .metrics = {"{'next': ['mae'], 'alarm': ['accuracy']}"});
    kt_summary(m, stdout);
    kt_history_free(kt_fit(m, .data = train, .validation_data = test,
                           .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 10, .verbose = 2));
    kt_history *h = kt_evaluate(m, .data = test);
    kt_tensor  *out[2] = {NULL, NULL};
    kt_predict_many(m, test, 0, out, 2); /* in the order of the model's outputs */
    for (int i = 0; out[0] && out[1] && i < 3; i++)
        printf("next %6.3f (%6.3f)  alarm %.2f (%.0f)\n", kt_tensor_get(out[0], i),
               kt_tensor_get(kt_data_y(test, 0), i), kt_tensor_get(out[1], i),
               kt_tensor_get(kt_data_y(test, 1), i));
    double mae = kt_history_get(h, "next_mae", -1), right = kt_history_get(h, "alarm_accuracy", -1);
    printf("on new pumps: off by %.3f (0.64 by the mean alone), %.1f %% of the alarms right\n", mae,
           100 * right);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_tensor_unref(out[1]);
    kt_tensor_unref(out[0]);
    kt_history_free(h);
    kt_model_free(m);
    kt_data_free(test);
    kt_data_free(train);
    return failed || !(mae < 0.3) || !(right >= 0.8) ? 1 : 0;
}
