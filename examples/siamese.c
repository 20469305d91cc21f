/* siamese.c - are two curves of one kind? One tower looks at both, their distance decides.
 *
 *   siamese [MODEL.keras [EPOCHS]]
 *
 *   left  (32, 1) --+
 *                   tower (one set of weights) -- Subtract -- its square -- Dense sigmoid: same
 *   right (32, 1) --+
 *
 * Curves are sines of several paces, one pace a kind, with their own phase and noise. Status 1 if
 * fewer than 80 of 100 new pairs are right.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>

enum { TRAIN = 512, TEST = 256, POINTS = 32, KINDS = 4 };

static kt_layer *tower(void)
{
    kt_symbol in = kt_symbol_of(kt_input(.shape = {POINTS, 1}, .name = "curve"));
    kt_symbol x = kt_apply(kt_conv1d(16, {7}, .activation = "relu"), in);

    x = kt_apply(kt_conv1d(16, {5}, .strides = {2}, .activation = "relu"), x);
    x = kt_apply(kt_global_average_pooling1d(), x);
    x = kt_apply(kt_dense(8), x);
    return kt_model_as_layer(kt_functional("tower", 1, &in, 1, &x));
}

static kt_model *network(void)
{
    kt_symbol in[] = {kt_symbol_of(kt_input(.shape = {POINTS, 1}, .name = "left")),
                      kt_symbol_of(kt_input(.shape = {POINTS, 1}, .name = "right"))};
    kt_layer *shared = tower();
    kt_symbol code[] = {kt_apply(shared, in[0]), kt_apply(shared, in[1])};
    kt_symbol gap = kt_apply_list(kt_subtract(), 2, code);
    kt_symbol square = kt_apply_list(kt_multiply(), 2, (kt_symbol[]){gap, gap});
    kt_symbol same = kt_apply(kt_dense(1, .activation = "sigmoid", .name = "same"), square);

    return kt_functional("siamese", 2, in, 1, &same);
}

static kt_data *pairs(uint32_t seed, int n)
{
    kt_tensor *curve[] = {kt_tensor_new(KT_F32, KT_SHAPE(n, POINTS, 1)),
                          kt_tensor_new(KT_F32, KT_SHAPE(n, POINTS, 1))};
    kt_tensor *same = kt_tensor_new(KT_F32, KT_SHAPE(n, 1));
    kt_tensor *noise = kt_numpy_randn(seed, KT_SHAPE(n, 2, POINTS));
    kt_tensor *phase = kt_numpy_rand(seed + 1, KT_SHAPE(n, 2));
    kt_tensor *kind = kt_numpy_randint(seed + 2, 1, KINDS, KT_SHAPE(n, 2));
    kt_data   *d = kt_data_new();

    for (int i = 0; i < n; i++) { /* every other pair is of one kind */
        int left = (int)kt_tensor_get(kind, 2 * i);
        int other = (left + (int)kt_tensor_get(kind, 2 * i + 1)) % KINDS;
        kt_tensor_set(same, i, i % 2);
        for (int k = 0; k < 2 * POINTS; k++) {
            int    side = k / POINTS, t = k % POINTS;
            double pace = 0.3 + 0.3 * (side == 0 || i % 2 ? left : other);
            double v = sin(pace * t + 6.2832 * kt_tensor_get(phase, 2 * i + side));
            kt_tensor_set(curve[side], i * POINTS + t,
                          v + 0.2 * kt_tensor_get(noise, (2 * i + side) * POINTS + t));
        }
    }
    kt_data_add_x(d, "left", curve[0]);
    kt_data_add_x(d, "right", curve[1]);
    kt_data_add_y(d, "same", same);
    kt_tensor_unref(kind);
    kt_tensor_unref(phase);
    kt_tensor_unref(noise);
    kt_tensor_unref(same);
    kt_tensor_unref(curve[1]);
    kt_tensor_unref(curve[0]);
    return d;
}

int main(int argc, char **argv)
{
    kt_data *train = pairs(1, TRAIN), *test = pairs(11, TEST);

    kt_set_seed(1);
    kt_model *m = network();
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)", .loss = "binary_crossentropy",
               .metrics = {"accuracy"});
    kt_summary_with(
        &(kt_summary_args){.at.size = sizeof(kt_summary_args), .model = m, .expand_nested = true});
    kt_history_free(
        kt_fit(m, .data = train, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 8, .verbose = 2));
    kt_history *h = kt_evaluate(m, .data = test);
    double      right = kt_history_get(h, "accuracy", -1);

    printf("right on new pairs: %.1f %%\n", 100 * right);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_data_free(test);
    kt_data_free(train);
    return failed || !(right >= 0.8) ? 1 : 0;
}
