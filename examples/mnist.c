/* mnist.c - handwritten digits: 784 pixels, 128 hidden units, ten classes; about 0.96 after five
 * epochs.
 *
 *   KERATIN_DATA=FOLDER mnist
 *
 * The folder, or its folder mnist/, holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz:
 * 10000 images. The first 8000 train, the last 2000 test. Status 1 if fewer than 95 of 100 are
 * right.
 */
#include <keratin/keratin.h>
#include <stdlib.h>
#include <unistd.h>

enum { TRAIN = 8000, TEST = 2000 };

/* The two files below a folder; NULL if they are not there. */
static kt_data *open_below(const char *folder, const char *inner)
{
    char images[1024], labels[1024];

    if (!folder)
        return NULL;
    snprintf(images, sizeof images, "%s%s/t10k-images-idx3-ubyte.gz", folder, inner);
    snprintf(labels, sizeof labels, "%s%s/t10k-labels-idx1-ubyte.gz", folder, inner);
    if (access(images, R_OK) != 0 || access(labels, R_OK) != 0)
        return NULL;
    return kt_data_idx(images, labels);
}

static kt_data *open_data(void)
{
    const char *folder = getenv("KERATIN_DATA");
    kt_data    *d = open_below(folder, "");

    d = d ? d : open_below(folder, "/mnist");
    return d ? d : open_below("../shared/data", "/mnist");
}

/* [rows, 28, 28] of 0..255 as 0..1. New reference. */
static kt_tensor *scaled(kt_tensor *pixels)
{
    kt_tensor *x = pixels ? kt_tensor_cast(pixels, KT_F32) : NULL;
    float     *v = x ? kt_tensor_f32(x) : NULL;

    for (int64_t i = 0; v && i < kt_tensor_count(x); i++)
        v[i] /= 255;
    return x;
}

/* Accuracy on the last rows, or -1. */
static double train_and_test(kt_model *m, kt_tensor *x, kt_tensor *y)
{
    kt_tensor *x1 = kt_tensor_rows(x, 0, TRAIN), *x2 = kt_tensor_rows(x, TRAIN, TRAIN + TEST);
    kt_tensor *y1 = kt_tensor_rows(y, 0, TRAIN), *y2 = kt_tensor_rows(y, TRAIN, TRAIN + TEST);
    double     accuracy = -1;

    if (x1 && x2 && y1 && y2) {
        kt_history_free(kt_fit(m, x1, y1, .epochs = 5, .verbose = 2));
        kt_history *h = kt_evaluate(m, x2, y2);
        accuracy = h ? kt_history_get(h, "accuracy", -1) : -1;
        kt_history_free(h);
    }
    kt_tensor_unref(y2);
    kt_tensor_unref(y1);
    kt_tensor_unref(x2);
    kt_tensor_unref(x1);
    return accuracy;
}

int main(void)
{
    kt_data *d = open_data();

    if (!d) {
        puts("MNIST is not here: set KERATIN_DATA to a folder with t10k-images-idx3-ubyte.gz and "
             "t10k-labels-idx1-ubyte.gz");
        return 0;
    }
    const kt_error *e = kt_data_error(d);
    if (e) { /* a build without gzip is no failure of this program */
        int status = e->status == KT_E_NOT_IMPLEMENTED ? 0 : 1;
        printf("%s\n", e->message);
        kt_data_free(d);
        return status;
    }
    kt_set_seed(1);
    kt_tensor *x = scaled(kt_data_x(d, 0));
    kt_model  *m = kt_sequential(kt_flatten(.input_shape = {28, 28}),
                                 kt_dense(128, .activation = "relu"), kt_dropout(0.2),
                                 kt_dense(10, .activation = "softmax"));
    kt_compile(m, .optimizer = "adam", .loss = "sparse_categorical_crossentropy",
               .metrics = {"accuracy"});
    double accuracy = train_and_test(m, x, kt_data_y(d, 0));
    kt_explain(m, stderr);
    printf("accuracy on %d images not seen in training: %.4f\n", TEST, accuracy);
    kt_model_free(m);
    kt_tensor_unref(x);
    kt_data_free(d);
    return accuracy >= 0.95 ? 0 : 1;
}
