/* encoder_decoder.c - an encoder-decoder LSTM that continues a wave.
 *
 *   (24, 1) -> LSTM(32)                        the sequence as one vector
 *           -> RepeatVector(12)                once for every step to come
 *           -> LSTM(32, return_sequences)      (12, 32)
 *           -> TimeDistributed(Dense(1))       (12, 1)
 */
#include <keratin/keratin.h>
#include <math.h>

enum { SAMPLES = 256, SEEN = 24, AHEAD = 12 };

/* Waves of several lengths and phases: what is seen, and how it goes on. */
static void waves(kt_tensor *x, kt_tensor *y)
{
    for (int i = 0; i < SAMPLES; i++)
        for (int t = 0; t < SEEN + AHEAD; t++) {
            double v = sin((0.3 + 0.001 * i) * t + i);
            if (t < SEEN)
                kt_tensor_set(x, i * SEEN + t, v);
            else
                kt_tensor_set(y, i * AHEAD + t - SEEN, v);
        }
}

int main(void)
{
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, SEEN, 1));
    kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, AHEAD, 1));

    if (!x || !y)
        return 1;
    waves(x, y);
    kt_set_seed(1);
    kt_model *m = kt_sequential(kt_lstm(32, .input_shape = {SEEN, 1}), kt_repeat_vector(AHEAD),
                                kt_lstm(32, .return_sequences = true),
                                kt_time_distributed(kt_dense(1)));
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)", .loss = "mse");
    kt_summary(m, stdout);
    kt_history *h = kt_fit(m, x, y, .epochs = 20, .validation_split = 0.25, .verbose = 2);
    int         failed = kt_failed(m);
    int         learned = kt_history_get(h, "loss", -1) < 0.5 * kt_history_get(h, "loss", 0);

    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed || !learned ? 1 : 0;
}
