/* resnet.c - a small residual network that tells pictures apart.
 *
 *   resnet [MODEL.keras [EPOCHS]]
 *
 *   block:  x -- Conv2D -- BatchNormalization -- relu -- Conv2D -- BatchNormalization -- Add, relu
 *           |                                                                             |
 *           +---- as it is, or Conv2D 1 x 1 where the block changes the picture's size ---+
 *
 * The pictures are drawn here: a ring, a square, a cross or stripes, somewhere, in noise. Status 1
 * if fewer than 80 of 100 new ones are recognised.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>

enum { SIZE = 16, CLASSES = 4, TRAIN = 256, TEST = 128 };

static kt_symbol convolved(kt_symbol x, int filters, int size, int stride)
{
    x = kt_apply(kt_conv2d(filters, {size}, .strides = {stride}, .padding = "same",
                           .use_bias = false, .kernel_initializer = "he_normal"),
                 x);
    /* Keras' momentum of 0.99 is for thousands of steps, of which there are few here. */
    return kt_apply(kt_batch_normalization(.momentum = 0.8), x);
}

static kt_symbol relu(kt_symbol x)
{
    return kt_apply(kt_activation("relu"), x);
}

static kt_symbol block(kt_symbol x, int filters, int stride)
{
    kt_symbol y = convolved(relu(convolved(x, filters, 3, stride)), filters, 3, 1);
    kt_symbol shortcut = stride == 1 ? x : convolved(x, filters, 1, stride);

    return relu(kt_apply_list(kt_add(), 2, (kt_symbol[]){y, shortcut}));
}

static kt_model *network(void)
{
    kt_symbol in = kt_symbol_of(kt_input(.shape = {SIZE, SIZE, 1}, .name = "picture"));
    kt_symbol x = relu(convolved(in, 8, 3, 1));

    x = block(x, 8, 1);
    x = block(x, 16, 2);
    x = block(x, 32, 2);
    x = kt_apply(kt_global_average_pooling2d(), x);
    x = kt_apply(kt_dense(CLASSES, .activation = "softmax"), x);
    return kt_functional("resnet", 1, &in, 1, &x);
}

/* Whether a point seen from the middle of a picture of this class is on its lines. */
static int is_drawn(int class, double x, double y)
{
    double far = fmax(fabs(x), fabs(y));

    switch (class) {
    case 0: return fabs(hypot(x, y) - 3.5) < 0.7;
    case 1: return far > 2.8 && far < 4.2;
    case 2: return far < 4.2 && fmin(fabs(x), fabs(y)) < 0.7;
    default: return far < 4.2 && ((int)(y + 8) & 1);
    }
}

static void draw(uint32_t seed, int n, kt_tensor **x, kt_tensor **y)
{
    kt_tensor *noise = kt_numpy_randn(seed, KT_SHAPE(n, SIZE, SIZE, 1));
    kt_tensor *place = kt_numpy_randint(seed + 1, 5, SIZE - 5, KT_SHAPE(n, 2));

    *x = kt_tensor_cast(noise, KT_F32);
    *y = kt_numpy_randint(seed + 2, 0, CLASSES, KT_SHAPE(n));
    for (int64_t i = 0; i < (int64_t)n * SIZE * SIZE; i++) {
        int64_t k = i / (SIZE * SIZE), row = i / SIZE % SIZE, column = i % SIZE;
        int on = is_drawn((int)kt_tensor_get(*y, k), (double)column - kt_tensor_get(place, 2 * k),
                          (double)row - kt_tensor_get(place, 2 * k + 1));
        kt_tensor_set(*x, i, on + 0.25 * kt_tensor_get(noise, i));
    }
    kt_tensor_unref(place);
    kt_tensor_unref(noise);
}

int main(int argc, char **argv)
{
    kt_tensor *x, *y, *new_x, *new_y;

    draw(1, TRAIN, &x, &y);
    draw(11, TEST, &new_x, &new_y);
    kt_set_seed(1);
    kt_model *m = network();
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)",
               .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"});
    kt_summary(m, stdout);
    kt_history_free(
        kt_fit(m, x, y, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 5, .verbose = 2));
    kt_history *h = kt_evaluate(m, new_x, new_y);
    double      right = kt_history_get(h, "accuracy", -1);

    printf("right on new pictures: %.1f %%\n", 100 * right);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(new_y);
    kt_tensor_unref(new_x);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed || !(right >= 0.8) ? 1 : 0;
}
