/* autoencoder.c - 24 numbers through a neck of 2, and its half used alone.
 *
 *   autoencoder [MODEL.keras [EPOCHS]]
 *
 *   curve (24,) -> Dense -> Dense 2, "code" -> Dense -> Dense 24
 *   |------------- encoder ------------|
 *   |---------------------- autoencoder ----------------------|
 *
 * Two models over the same layers: training one trains the other. A curve is a hill that has a
 * place and a width, so two numbers can hold it. The encoder is what is saved. Status 1 if more
 * than a fifth of the curves' variance is lost, or if curves that are alike have no codes alike.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>

enum { CURVES = 512, POINTS = 24, CODE = 2 };

static void hills(kt_tensor *x)
{
    kt_tensor *u = kt_numpy_rand(1, KT_SHAPE(CURVES, 2));

    for (int i = 0; i < CURVES * POINTS; i++) {
        double place = POINTS * kt_tensor_get(u, i / POINTS * 2);
        double width = 3 + 4 * kt_tensor_get(u, i / POINTS * 2 + 1);
        kt_tensor_set(x, i, exp(-pow((i % POINTS - place) / width, 2)));
    }
    kt_tensor_unref(u);
}

/* Mean square of what the points differ from their means over all curves. */
static double variance(const kt_tensor *x)
{
    double sum = 0;

    for (int k = 0; k < POINTS; k++) {
        double s = 0, ss = 0;
        for (int i = k; i < CURVES * POINTS; i += POINTS) {
            s += kt_tensor_get(x, i);
            ss += kt_tensor_get(x, i) * kt_tensor_get(x, i);
        }
        sum += ss / CURVES - s / CURVES * s / CURVES;
    }
    return sum / POINTS;
}

static double distance(const kt_tensor *t, int width, int a, int b)
{
    double sum = 0;

    for (int k = 0; k < width; k++)
        sum += pow(kt_tensor_get(t, a * width + k) - kt_tensor_get(t, b * width + k), 2);
    return sqrt(sum);
}

/* The curve that is nearest to the first by its code. */
static int nearest(const kt_tensor *codes)
{
    int best = 1;

    for (int i = 2; i < CURVES; i++)
        if (distance(codes, CODE, 0, i) < distance(codes, CODE, 0, best))
            best = i;
    return best;
}

int main(int argc, char **argv)
{
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(CURVES, POINTS));

    hills(x);
    kt_set_seed(1);
    kt_symbol in = kt_symbol_of(kt_input(.shape = {POINTS}, .name = "curve"));
    kt_symbol hidden = kt_apply(kt_dense(32, .activation = "relu"), in);
    kt_symbol code = kt_apply(kt_dense(CODE, .name = "code"), hidden);
    kt_symbol wide = kt_apply(kt_dense(32, .activation = "relu"), code);
    kt_symbol out = kt_apply(kt_dense(POINTS, .name = "again"), wide);
    kt_model *encoder = kt_functional("encoder", 1, &in, 1, &code);
    kt_model *m = kt_functional("autoencoder", 1, &in, 1, &out);

    kt_compile(m, .optimizer = "Adam(learning_rate=0.005)", .loss = "mse");
    kt_summary(m, stdout);
    kt_history *h = kt_fit(m, x, x, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 30,
                           .verbose = 2);
    kt_tensor  *codes = kt_predict(encoder, x);
    double      lost = kt_history_get(h, "loss", -1) / variance(x);
    double      alike = codes ? distance(x, POINTS, 0, nearest(codes)) : NAN, mean = 0;

    for (int i = 1; i < CURVES; i++)
        mean += distance(x, POINTS, 0, i) / (CURVES - 1);
    printf("the first curve's code: %.3f, %.3f\n", kt_tensor_get(codes, 0),
           kt_tensor_get(codes, 1));
    printf("the curve with the nearest code is %.2f from it, others %.2f\n", alike, mean);
    printf("lost of the curves' variance: %.1f %%\n", 100 * lost);
    if (argc > 1)
        kt_save(encoder, argv[1]);
    int failed = kt_failed(m) || kt_failed(encoder);
    kt_explain(kt_failed(m) ? m : encoder, stderr);
    kt_tensor_unref(codes);
    kt_history_free(h);
    kt_model_free(encoder);
    kt_model_free(m);
    kt_tensor_unref(x);
    return failed || !(lost < 0.2) || !(alike < 0.5 * mean) ? 1 : 0;
}
