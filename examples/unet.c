/* unet.c - a U-Net: which points of a picture belong to the things in it?
 *
 *   unet [MODEL.keras [EPOCHS]]
 *
 *   32 x 32   Conv2D 8 ------------------------------- Concatenate -- Conv2D 8 -- Conv2D 1, sigmoid
 *   16 x 16      MaxPooling2D -- Conv2D 16 -- Concatenate -- Conv2D 16 -- Conv2DTranspose
 *    8 x  8                         MaxPooling2D -- Conv2D 32 -- Conv2DTranspose
 *
 * The pictures are made here: discs and boxes in noise. BinaryIoU is the share of points that are
 * in both the true and the found things, of those in either. Status 1 if it is below 0.6 on new
 * pictures.
 */
#include <keratin/keratin.h>
#include <math.h>
#include <stdlib.h>

enum { SIZE = 32, POINTS = SIZE * SIZE, TRAIN = 96, TEST = 32, THINGS = 3 };

static kt_symbol convolved(kt_symbol x, int filters)
{
    return kt_apply(kt_conv2d(filters, {3}, .padding = "same", .activation = "relu"), x);
}

/* Twice as large, and beside it what the picture was at this size on the way down. */
static kt_symbol up(kt_symbol x, kt_symbol before, int filters)
{
    kt_symbol larger = kt_apply(kt_conv2d_transpose(filters, {2}, .strides = {2}), x);
    kt_symbol both = kt_apply_list(kt_concatenate(), 2, (kt_symbol[]){before, larger});

    return convolved(both, filters);
}

static kt_model *network(void)
{
    kt_symbol in = kt_symbol_of(kt_input(.shape = {SIZE, SIZE, 1}, .name = "picture"));
    kt_symbol top = convolved(in, 8);
    kt_symbol middle = convolved(kt_apply(kt_max_pooling2d(), top), 16);
    kt_symbol bottom = convolved(kt_apply(kt_max_pooling2d(), middle), 32);
    kt_symbol x = up(up(bottom, middle, 16), top, 8);
    kt_symbol mask = kt_apply(kt_conv2d(1, {1}, .activation = "sigmoid", .name = "mask"), x);

    return kt_functional("unet", 1, &in, 1, &mask);
}

/* n pictures and the masks of what is in them. */
static void draw(uint32_t seed, int n, kt_tensor **x, kt_tensor **y)
{
    kt_tensor *noise = kt_numpy_randn(seed, KT_SHAPE(n, SIZE, SIZE, 1));
    kt_tensor *thing = kt_numpy_randint(seed + 1, 0, SIZE, KT_SHAPE(n, THINGS, 3));

    *x = kt_tensor_cast(noise, KT_F32);
    *y = kt_tensor_new(KT_F32, KT_SHAPE(n, SIZE, SIZE, 1));
    for (int64_t i = 0; i < (int64_t)n * POINTS; i++) {
        int on = 0;
        for (int64_t k = i / POINTS * THINGS; k < (i / POINTS + 1) * THINGS; k++) {
            double dx = (double)(i % SIZE) - kt_tensor_get(thing, 3 * k);
            double dy = (double)(i / SIZE % SIZE) - kt_tensor_get(thing, 3 * k + 1);
            double size = 3 + kt_tensor_get(thing, 3 * k + 2) / 8;
            on |= k % 2 ? hypot(dx, dy) < size : fmax(fabs(dx), fabs(dy)) < size;
        }
        kt_tensor_set(*y, i, on);
        kt_tensor_set(*x, i, on + 0.7 * kt_tensor_get(noise, i));
    }
    kt_tensor_unref(thing);
    kt_tensor_unref(noise);
}

/* The first picture, what is in it and what was found. */
static void show(const kt_tensor *x, const kt_tensor *y, const kt_tensor *found)
{
    for (int row = 0; found && row < SIZE; row += 2) {
        for (int i = row * SIZE; i < (row + 1) * SIZE; i++)
            putchar(kt_tensor_get(x, i) > 0.5 ? '#' : '.');
        printf("   ");
        for (int i = row * SIZE; i < (row + 1) * SIZE; i++)
            putchar(kt_tensor_get(y, i) > 0.5 ? '#' : '.');
        printf("   ");
        for (int i = row * SIZE; i < (row + 1) * SIZE; i++)
            putchar(kt_tensor_get(found, i) > 0.5 ? '#' : '.');
        puts("");
    }
}

int main(int argc, char **argv)
{
    kt_tensor *x, *y, *new_x, *new_y;

    draw(1, TRAIN, &x, &y);
    draw(11, TEST, &new_x, &new_y);
    kt_set_seed(1);
    kt_model *m = network();
    kt_compile(m, .optimizer = "Adam(learning_rate=0.01)", .loss = "binary_crossentropy",
               .metrics = {"BinaryIoU(target_class_ids=[1], name='iou')"});
    kt_history_free(kt_fit(m, x, y, .epochs = argc > 2 ? strtol(argv[2], NULL, 10) : 6,
                           .batch_size = 16, .verbose = 2));
    kt_history *h = kt_evaluate(m, new_x, new_y);
    kt_tensor  *found = kt_predict(m, new_x);
    double      iou = kt_history_get(h, "iou", -1);

    show(new_x, new_y, found);
    printf("IoU on new pictures: %.3f\n", iou);
    if (argc > 1)
        kt_save(m, argv[1]);
    int failed = kt_failed(m);
    kt_explain(m, stderr);
    kt_tensor_unref(found);
    kt_history_free(h);
    kt_model_free(m);
    kt_tensor_unref(new_y);
    kt_tensor_unref(new_x);
    kt_tensor_unref(y);
    kt_tensor_unref(x);
    return failed || !(iou >= 0.6) ? 1 : 0;
}
