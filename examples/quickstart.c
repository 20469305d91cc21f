/* quickstart.c - a small network: made, trained, used. */
#include <keratin/keratin.h>

int main(void)
{
    kt_tensor *x = kt_numpy_rand(1, KT_SHAPE(100, 5));
    kt_tensor *y = kt_numpy_randint(2, 0, 2, KT_SHAPE(100, 1));
    kt_model  *m = kt_sequential(kt_dense(10, .activation = "relu", .input_shape = {5}),
                                 kt_dense(1, .activation = "sigmoid"));
    kt_compile(m, .optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy"});
    kt_history_free(kt_fit(m, x, y, .epochs = 10, .verbose = 2));
    kt_tensor *p = kt_predict(m, x); /* [100, 1] */
    if (p)
        printf("the first of them: %.4f\n", kt_tensor_get(p, 0));
    int failed = kt_failed(m) || kt_thread_error();
    kt_explain(m, stderr); /* what went wrong and where, if anything did */
    kt_tensor_unref(p);
    kt_model_free(m);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed;
}
