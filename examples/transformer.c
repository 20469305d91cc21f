/* transformer.c - a Transformer encoder: the lamp is switched on and off; does it burn at the end?
 *
 *   transformer [MODEL.keras [EPOCHS]]
 *
 *   words, positions -> Embedding each -> Add
 *     -> 2 x  [ LayerNormalization -> MultiHeadAttention -> + x
 *               LayerNormalization -> Dense relu -> Dense  -> + x ]
 *     -> LayerNormalization -> GlobalAveragePooling1D -> Dense sigmoid
 *
 * The last "on" or "off" among other words decides, so places count. Sequences have 4 to 12 words:
 * the rest is 0, which mask_zero keeps out of the attention. Status 1 if fewer than 80 of 100 new
 * ones are right.
 */
#include <keratin/keratin.h>
#include <stdlib.h>

enum { LENGTH = 12, SHORTEST = 4, WIDTH = 16, HEADS = 2, TRAIN = 1024, TEST = 256 };
enum { NOTHING, ON, OFF, OTHERS, WORDS = 8 }; /* OTHERS .. WORDS - 1 mean nothing here */

static kt_symbol normed(kt_symbol x)
{
    return kt_apply(kt_layer_normalization(.epsilon = 1e-6), x);
}

static kt_symbol plus(kt_symbol a, kt_symbol b)
{
    return kt_apply_list(kt_add(), 2, (kt_symbol[]){a, b});
}

static kt_symbol block(kt_symbol x)
{
    kt_symbol y = normed(x);
    kt_layer *attention = kt_multi_head_attention(HEADS, WIDTH / HEADS);

    x = plus(x, kt_apply_list(attention, 2, (kt_symbol[]){y, y})); /* query, value */
    y = kt_apply(kt_dense(2 * WIDTH, .activation = "relu"), normed(x));
    return plus(x, kt_apply(kt_dense(WIDTH), y));
}

static kt_model *network(void)
{
    kt_symbol in[] = {
        kt_symbol_of(kt_input(.shape = {LENGTH}, .dtype = "int32", .name = "words")),
        kt_symbol_of(kt_input(.shape = {LENGTH}, .dtype = "int32", .name = "positions"))};
    kt_symbol word = kt_apply(kt_embedding(WORDS, WIDTH, .mask_zero = true), in[0]);
    kt_symbol x = plus(word, kt_apply(kt_embedding(LENGTH, WIDTH), in[1]));

    for (int i = 0; i < 2; i++)
        x = block(x);
    x = kt_apply(kt_global_average_pooling1d(), normed(x));
    x = kt_apply(kt_dense(1, .activation = "sigmoid", .name = "burns"), x);
    return kt_functional("transformer", 2, in, 1, &x);
}

static kt_data *sequences(uint32_t seed, int n)
{
    kt_tensor *x = kt_tensor_new(KT_I32, KT_SHAPE(n, LENGTH));
    kt_tensor *at = kt_tensor_new(KT_I32, KT_SHAPE(n, LENGTH));
    kt_tensor *y = kt_tensor_new(KT_F32, KT_SHAPE(n, 1));
    kt_tensor *word = kt_numpy_randint(seed, ON, WORDS, KT_SHAPE(n, LENGTH));
    kt_tensor *length = kt_numpy_randint(seed + 1, SHORTEST, LENGTH + 1, KT_SHAPE(n));
    kt_data   *d = kt_data_new();

    for (int i = 0; i < n; i++) {
        int words = (int)kt_tensor_get(length, i), last = i % 2 ? ON : OFF;
        for (int k = 0; k < LENGTH; k++) {
            int w = (int)kt_tensor_get(word, i * LENGTH + k);
            w = k == 0 && w >= OTHERS ? last : w; /* it is switched at least once */
            last = k < words && w < OTHERS ? w : last;
            kt_tensor_set(x, i * LENGTH + k, k < words ? w : NOTHING);
            kt_tensor_set(at, i * LENGTH + k, k);
        }
        kt_tensor_set(y, i, last == ON);
    }
    kt_data_add_x(d, "words", x);
    kt_data_add_x(d, "positions", at);
    kt_data_add_y(d, "burns", y);
    kt_tensor_unref(length);
    kt_tensor_unref(word);
    kt_tensor_unref(y);
    kt_tensor_unref(at);
    kt_tensor_unref(x);
    return d;
}

int main(int argc, char **argv)
{
    kt_data *train = sequences(1, TRAIN), *test = sequences(11, TEST);

    kt_set_seed(1);
    kt_model *m = network();
    kt_compile(m, .optimizer = "Adam(learning_rate=0.005)", .loss = "binary_crossentropy",
               .metrics = {"accuracy"});
    kt_summary(m, stdout);
    kt_history_free(
        kt_fit(m, .data = train, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 6, .verbose = 2));
    kt_history *h = kt_evaluate(m, .data = test);
    double      right = kt_history_get(h, "accuracy", -1);

    printf("right on new sequences: %.1f %%\n", 100 * right);
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
