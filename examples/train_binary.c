/* train_binary.c - 100 samples of 5 numbers, two classes; with a declared input shape and
 * without. */
#include <keratin/keratin.h>

/* Ten epochs; the model is freed. 0 if it worked. */
static int train(const char *title, kt_model *m, kt_tensor *x, kt_tensor *y)
{
    puts(title);
    kt_compile(m, .optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy"});
    kt_history *h = kt_fit(m, x, y, .epochs = 10, .batch_size = 32);
    int         failed = kt_failed(m);

    for (int i = 0; i < kt_history_epochs(h); i++)
        printf("  epoch %2d  accuracy %.4f  loss %.4f\n", i + 1, kt_history_get(h, "accuracy", i),
               kt_history_get(h, "loss", i));
    if (failed)
        kt_explain(m, stderr);
    else
        kt_summary(m, stdout);
    kt_history_free(h);
    kt_model_free(m);
    return failed;
}

int main(void)
{
    kt_tensor *x = kt_numpy_rand(0, KT_SHAPE(100, 5));
    kt_tensor *y = kt_numpy_randint(1, 0, 2, KT_SHAPE(100));
    int        failed = 0;

    kt_set_seed(1);
    failed += train("with input_shape=(5,):",
                    kt_sequential(kt_dense(10, .activation = "relu", .input_shape = {5}),
                                  kt_dense(1, .activation = "sigmoid")),
                    x, y);
    /* Without one, the first batch that fit sees settles the shapes. */
    failed += train(
        "without input_shape:",
        kt_sequential(kt_dense(10, .activation = "relu"), kt_dense(1, .activation = "sigmoid")), x,
        y);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed ? 1 : 0;
}
