/* lstm_sequences.c - an LSTM before a Dense, and the target that belongs to it.
 *
 *   return_sequences=True    one output per step      target (samples, steps, 1)
 *   return_sequences=False   one output per sequence  target (samples, 1)
 *
 * The wrong pair is an error with most losses. Beware of mean_squared_error, which, as in Keras,
 * stretches a target (samples, 1) over all steps without a word.
 */
#include <keratin/keratin.h>

enum { SAMPLES = 64, STEPS = 10, FEATURES = 3 };

static kt_model *network(bool each_step)
{
    kt_model *m = kt_sequential(
        kt_lstm(8, .return_sequences = each_step, .input_shape = {STEPS, FEATURES}),
        kt_dense(1, .activation = "sigmoid"));

    kt_compile(m, .optimizer = "adam", .loss = "binary_crossentropy");
    return m;
}

/* 1 if the pair of network and target trains. */
static int trains(const char *title, bool each_step, kt_tensor *x, kt_tensor *y)
{
    kt_model   *m = network(each_step);
    kt_history *h = kt_fit(m, x, y, .epochs = 3);
    int         ok = !kt_failed(m);

    printf("\n%s\n", title);
    for (int i = 0; i < kt_history_epochs(h); i++)
        printf("  epoch %d  loss %.4f\n", i + 1, kt_history_get(h, "loss", i));
    kt_explain(m, stdout);
    kt_history_free(h);
    kt_model_free(m);
    return ok;
}

int main(void)
{
    kt_tensor *x = kt_numpy_rand(0, KT_SHAPE(SAMPLES, STEPS, FEATURES));
    kt_tensor *per_step = kt_numpy_randint(1, 0, 2, KT_SHAPE(SAMPLES, STEPS, 1));
    kt_tensor *per_sequence = kt_numpy_randint(2, 0, 2, KT_SHAPE(SAMPLES, 1));

    kt_set_seed(1);
    int good = trains("sequences against a target per step", true, x, per_step) +
               trains("last output against a target per sequence", false, x, per_sequence);
    int bad = trains("sequences against a target per sequence", true, x, per_sequence);
    kt_tensor_unref(per_sequence);
    kt_tensor_unref(per_step);
    kt_tensor_unref(x);
    return good == 2 && bad == 0 ? 0 : 1;
}
