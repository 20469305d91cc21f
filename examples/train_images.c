/* train_images.c - 100 images of 28 x 28: Flatten makes them rows of 784 for Dense.
 *
 * Without Flatten, Dense(128) would work on rows of 28, and the last layer's (28, 10) per image
 * would not fit one class per image: the second half shows what is said then.
 */
#include <keratin/keratin.h>

static kt_history *train(kt_model *m, kt_tensor *x, kt_tensor *y)
{
    kt_compile(m, .optimizer = "adam", .loss = "sparse_categorical_crossentropy",
               .metrics = {"accuracy"});
    return kt_fit(m, x, y, .epochs = 10, .batch_size = 32, .verbose = 2);
}

int main(void)
{
    kt_tensor *x = kt_numpy_rand(0, KT_SHAPE(100, 28, 28));
    kt_tensor *y = kt_numpy_randint(1, 0, 10, KT_SHAPE(100));

    kt_set_seed(1);
    kt_model   *m = kt_sequential(kt_flatten(.input_shape = {28, 28}),
                                  kt_dense(128, .activation = "relu"),
                                  kt_dense(10, .activation = "softmax"));
    kt_history *h = train(m, x, y);
    int         failed = kt_failed(m);
    kt_explain(m, stderr);

    kt_model   *bad = kt_sequential(kt_dense(128, .activation = "relu", .input_shape = {28, 28}),
                                    kt_dense(10, .activation = "softmax"));
    kt_history *none = train(bad, x, y);
    int         refused = kt_failed(bad);
    puts("\nthe same without Flatten:");
    kt_explain(bad, stdout);

    kt_history_free(none);
    kt_model_free(bad);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed || !refused ? 1 : 0;
}
