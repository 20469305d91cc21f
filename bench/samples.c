/* samples.c - what a workload trains on: Fashion-MNIST where KERATIN_DATA has it, else random
 * numbers. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

/* Blocks, so that NumPy's float64 numbers never stand beside all of the data. */
enum { BLOCK = 1 << 18 };

typedef kt_tensor *(*draw)(uint32_t seed, int64_t n, int64_t limit);

static kt_tensor *normal(uint32_t seed, int64_t n, int64_t limit)
{
    (void)limit;
    return kt_numpy_randn(seed, KT_SHAPE(n));
}

static kt_tensor *integers(uint32_t seed, int64_t n, int64_t limit)
{
    return kt_numpy_randint(seed, 0, limit, KT_SHAPE(n));
}

/* A tensor of draws times a scale. */
static kt_tensor *filled(kt_dtype dtype, kt_shape shape, draw from, int64_t limit, double scale)
{
    kt_tensor *t = kt_tensor_new(dtype, shape);
    int64_t    count = t ? kt_tensor_count(t) : 0;

    for (int64_t begin = 0; begin < count; begin += BLOCK) {
        int64_t    n = count - begin < BLOCK ? count - begin : BLOCK;
        kt_tensor *block = from((uint32_t)(begin / BLOCK), n, limit);
        for (int64_t i = 0; block && i < n; i++)
            kt_tensor_set(t, begin + i, kt_tensor_get(block, i) * scale);
        kt_tensor_unref(block);
    }
    return t;
}

static kt_tensor *random_x(const workload *w)
{
    if (strcmp(w->xkind, "unit") == 0)
        return filled(KT_F32, w->x, integers, 256, 1.0 / 255);
    if (strncmp(w->xkind, "tokens:", 7) == 0)
        return filled(KT_I32, w->x, integers, strtoll(w->xkind + 7, NULL, 10), 1);
    return filled(KT_F32, w->x, normal, 0, 1);
}

static kt_tensor *random_y(const workload *w)
{
    if (strcmp(w->labels, "zeros") == 0)
        return kt_tensor_new(KT_F32, w->y);
    if (strcmp(w->labels, "binary") == 0)
        return filled(KT_F32, w->y, integers, 2, 1);
    if (strncmp(w->labels, "sparse:", 7) == 0)
        return filled(KT_I64, w->y, integers, strtoll(w->labels + 7, NULL, 10), 1);
    return filled(KT_F32, w->y, normal, 0, 1);
}

/* The first samples of the files, pixels as 0..1; false if they are not there. */
static bool read_fashion(const workload *w, kt_data *out)
{
    const char *folder = getenv("KERATIN_DATA");
    char        images[1024], labels[1024];

    if (!w->fashion || !folder)
        return false;
    snprintf(images, sizeof images, "%s/train-images-idx3-ubyte.gz", folder);
    snprintf(labels, sizeof labels, "%s/train-labels-idx1-ubyte.gz", folder);
    if (access(images, R_OK) != 0 || access(labels, R_OK) != 0)
        return false;
    kt_data   *files = kt_data_idx(images, labels);
    kt_tensor *pixels = kt_tensor_rows(kt_data_x(files, 0), 0, w->x.dim[0]);
    kt_tensor *x = pixels ? kt_tensor_cast(pixels, KT_F32) : NULL;
    kt_tensor *classes = kt_tensor_rows(kt_data_y(files, 0), 0, w->x.dim[0]);
    kt_tensor *y = classes ? kt_tensor_cast(classes, KT_I64) : NULL;
    kt_tensor *shaped = x ? kt_tensor_reshape(x, w->x) : NULL;
    float     *v = shaped ? kt_tensor_f32(shaped) : NULL;
    for (int64_t i = 0; v && i < kt_tensor_count(shaped); i++)
        v[i] /= 255;
    if (shaped && y) {
        kt_data_add_x(out, NULL, shaped);
        kt_data_add_y(out, NULL, y);
    }
    bool ok = shaped && y;
    kt_tensor_unref(shaped);
    kt_tensor_unref(y);
    kt_tensor_unref(classes);
    kt_tensor_unref(x);
    kt_tensor_unref(pixels);
    kt_data_free(files);
    return ok;
}

kt_data *samples_new(const workload *w, const char **source)
{
    kt_data *d = kt_data_new();

    *source = "fashion";
    if (!d || read_fashion(w, d))
        return d;
    *source = "random";
    kt_tensor *x = random_x(w), *y = random_y(w);
    kt_data_add_x(d, NULL, x);
    kt_data_add_y(d, NULL, y);
    bool ok = x && y;
    kt_tensor_unref(x);
    kt_tensor_unref(y);
    if (ok)
        return d;
    kt_data_free(d);
    return NULL;
}
