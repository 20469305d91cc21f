/* operations.c - calls of keras.ops between layers: a gate decides what of each step counts.
 *
 *   operations [MODEL.keras]
 *
 *   steps (12, 6) -- Dense -- h -- h[..., :8] * sigmoid(h[..., 8:]) -- mean over the steps -- Dense
 *
 * A series' target is the mean of its first feature over the steps whose second one is positive.
 * Status 1 if half of what the targets vary by is not learned.
 */
#include <keratin/keratin.h>

enum { SAMPLES = 256, STEPS = 12, FEATURES = 6, WIDTH = 8 };

static kt_model *model(void)
{
    kt_symbol x = kt_symbol_of(kt_input(.shape = {STEPS, FEATURES}, .name = "steps"));
    kt_symbol h = kt_apply(kt_dense(2 * WIDTH), x);
    kt_symbol gated = kt_operation("Multiply(GetItem(x0, (Ellipsis, slice(8))), "
                                   "Sigmoid(GetItem(x0, (Ellipsis, slice(8, None)))))",
                                   1, &h);
    kt_symbol pooled = kt_operation("Mean(axis=1)", 1, &gated);
    kt_symbol y = kt_apply(kt_dense(1, .name = "y"), pooled);

    return kt_functional("operations", 1, &x, 1, &y);
}

int main(int argc, char **argv)
{
    kt_tensor *noise = kt_numpy_randn(0, KT_SHAPE(SAMPLES, STEPS, FEATURES));
    kt_tensor *x = kt_tensor_cast(noise, KT_F32), *y = kt_tensor_new(KT_F32, KT_SHAPE(SAMPLES, 1));

    for (int i = 0; i < SAMPLES * STEPS; i++)
        if (kt_tensor_get(x, i * FEATURES + 1) > 0)
            kt_tensor_set(y, i / STEPS,
                          kt_tensor_get(y, i / STEPS) + kt_tensor_get(x, i * FEATURES) / STEPS);
    kt_set_seed(1);
    kt_model *m = model();
    kt_compile(m, .optimizer = "Adam(0.02)", .loss = "mse", .metrics = {"R2Score()"});
    kt_summary(m, stdout);
    kt_history *h = kt_fit(m, x, y, .epochs = 15, .verbose = 2);
    int         learned = kt_history_get(h, "r2_score", -1) > 0.5;

    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    kt_tensor_unref(noise);
    return failed || !learned ? 1 : 0;
}
