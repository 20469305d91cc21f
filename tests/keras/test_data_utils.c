/* test_data_utils.c - what keras.utils makes of arrays and folders:
 * tests/goldens/data_utils.jsonl. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "keratin/error.h"
#include "support/fact_model.h"

enum { MOST = 16 };

static int64_t whole(const kt_value *row, const char *key)
{
    const kt_value *v = kt_value_get(row, key);
    double          x = 0;

    return v && kt_value_number(v, &x) ? (int64_t)x : 0;
}

static double number(const kt_value *row, const char *key)
{
    double x = 0;

    kt_value_number(kt_value_get(row, key), &x);
    return x;
}

static kt_tensor *padded(const kt_value *row)
{
    const kt_value *lengths = kt_value_get(row, "lengths");
    int64_t         n[MOST];
    kt_tensor      *values = fact_tensor(kt_value_get(row, "values"));

    for (size_t i = 0; i < lengths->n; i++)
        n[i] = lengths->items[i]->i;
    kt_tensor *y = kt_pad_sequences(.values = values, .lengths = n, .n = (int64_t)lengths->n,
                                    .maxlen = whole(row, "maxlen"),
                                    .dtype = kt_value_text(kt_value_get(row, "dtype")),
                                    .padding = kt_value_text(kt_value_get(row, "padding")),
                                    .truncating = kt_value_text(kt_value_get(row, "truncating")),
                                    .value = number(row, "value"));
    kt_tensor_unref(values);
    return y;
}

/* The results, and the error where there are none. */
static int of_tensor(const kt_value *row, const char *call, kt_tensor **y)
{
    kt_tensor *x = kt_streq(call, "pad_sequences") ? NULL : fact_tensor(kt_value_get(row, "x"));

    y[0] = !x ? padded(row)
         : kt_streq(call, "to_categorical")
             ? kt_to_categorical(x, whole(row, "n"))
             : kt_normalize(x, (int)whole(row, "axis"), number(row, "order"));
    kt_tensor_unref(x);
    return y[0] ? 1 : 0;
}

static int of_series(const kt_value *row, kt_tensor **y, const kt_error **error, kt_data **keep)
{
    const kt_value *targets = kt_value_get(row, "targets");
    kt_tensor *x = fact_tensor(kt_value_get(row, "x")), *t = targets ? fact_tensor(targets) : NULL;

    *keep = kt_timeseries(.data = x, .targets = t, .sequence_length = whole(row, "sequence_length"),
                          .sequence_stride = whole(row, "sequence_stride"),
                          .sampling_rate = whole(row, "sampling_rate"),
                          .start_index = whole(row, "start_index"),
                          .end_index = whole(row, "end_index"));
    kt_tensor_unref(x);
    kt_tensor_unref(t);
    *error = kt_data_error(*keep);
    if (*error || kt_data_rows(*keep) == 0)
        return 0;
    y[0] = kt_tensor_ref(kt_data_x(*keep, 0));
    y[1] = kt_tensor_ref(kt_data_y(*keep, 0));
    return y[1] ? 2 : 1;
}

static int of_split(const kt_value *row, kt_tensor **y)
{
    kt_data   *d = kt_data_new(), *part[2];
    kt_tensor *x = kt_tensor_new(KT_I32, KT_SHAPE(10));

    for (int i = 0; i < 10; i++)
        kt_tensor_set(x, i, i);
    kt_data_add_x(d, "x", x);
    kt_data_add_y(d, "y", x);
    kt_data_set_weight(d, x);
    kt_status status = kt_data_split(d, number(row, "left"), number(row, "right"),
                                     whole(row, "seed"), &part[0], &part[1]);
    for (int i = 0; i < 2 && status == KT_OK; i++) {
        y[i] = kt_tensor_ref(kt_data_x(part[i], 0));
        assert_memory_equal(kt_tensor_data(y[i]), kt_tensor_data(kt_data_y(part[i], 0)),
                            sizeof(int32_t) * (size_t)kt_tensor_count(y[i]));
        kt_data_free(part[i]);
    }
    kt_tensor_unref(x);
    kt_data_free(d);
    return status == KT_OK ? 2 : 0;
}

/* --- images ----------------------------------------------------------------------------------- */

static bool flag(const kt_value *row, const char *key, bool usual)
{
    const kt_value *v = kt_value_get(row, key);

    return v ? v->b : usual;
}

static kt_data *image_dataset(const kt_value *row)
{
    const kt_value *names = kt_value_get(row, "class_names"),
                   *label_mode = kt_value_get(row, "label_mode"),
                   *size = kt_value_get(row, "image_size");
    const char *asked[MOST] = {NULL};

    for (size_t i = 0; names && i < names->n; i++)
        asked[i] = kt_value_text(names->items[i]);
    kt_image_dataset_args a = {
        .at = {.size = sizeof a},
        .directory = kt_value_text(kt_value_get(row, "directory")),
        .label_mode = label_mode && kt_is_none(label_mode) ? "none" : kt_value_text(label_mode),
        .class_names = names ? asked : NULL,
        .color_mode = kt_value_text(kt_value_get(row, "color_mode")),
        .image_size = {size->items[0]->i, size->items[1]->i},
        .shuffle = flag(row, "shuffle", true),
        .seed = whole(row, "seed"),
        .validation_split = number(row, "validation_split"),
        .subset = kt_value_text(kt_value_get(row, "subset")),
        .interpolation = kt_value_text(kt_value_get(row, "interpolation")),
        .crop_to_aspect_ratio = flag(row, "crop_to_aspect_ratio", false),
        .pad_to_aspect_ratio = flag(row, "pad_to_aspect_ratio", false)};
    a.at.given = a.shuffle ? kt_value_get(row, "seed") ? "seed" : NULL : "shuffle seed";
    return kt_image_dataset_with(&a);
}

/* Row i of x is this file, whose size is that of the images, and its class is its folder's. */
static void is_file(const kt_data *d, int64_t i, const char *name)
{
    char            folder[64];
    kt_bytes        b = {0};
    kt_pixels       p = {0};
    kt_fault        f = {0};
    kt_tensor      *x = kt_data_x(d, 0), *y = kt_data_y(d, 0);
    const kt_shape *s = kt_tensor_shape(x);
    int64_t         n = s->dim[1] * s->dim[2] * s->dim[3];

    if (kt_file_read(name, &b, &f) != KT_OK ||
        kt_image_read(name, b.data, b.size, (int)s->dim[3], &p, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    assert_int_equal(p.height * p.width * p.channels, n);
    for (int64_t k = 0; k < n; k++)
        if (kt_tensor_f32(x)[i * n + k] != p.data[k])
            fail_msg("image %d is not '%s', as in Keras", (int)i, name);
    if (y && kt_tensor_shape(y)->rank == 1) {
        const char *word = kt_legend_word(kt_data_legend(d), true, 0, (int)kt_tensor_get(y, i));
        snprintf(folder, sizeof folder, "/%s/", word ? word : "?");
        assert_non_null(strstr(name, folder));
    }
    kt_pixels_free(&p);
    kt_bytes_free(&b);
}

/* In the folder of the images, where their paths begin. */
static int of_images(const kt_value *row, kt_tensor **y, const kt_error **error, kt_data **keep)
{
    const kt_value *files = kt_value_get(row, "files"), *shape = kt_value_get(row, "shape"),
                   *want = kt_value_get(row, "y");
    const char *root = getenv("KERATIN_SOURCE");
    char        images[512], back[512];
    int         n = 0;

    snprintf(images, sizeof images, "%s/tests/goldens/images", root ? root : ".");
    assert_non_null(getcwd(back, sizeof back));
    assert_int_equal(chdir(images), 0);
    *keep = image_dataset(row);
    *error = kt_data_error(*keep);
    if (*error || !files) {
        assert_int_equal(chdir(back), 0);
        return 0;
    }
    const kt_shape *s = kt_tensor_shape(kt_data_x(*keep, 0));
    assert_int_equal(files->n, s->dim[0]);
    for (int k = 0; k < 4; k++)
        assert_int_equal(shape->items[k]->i, s->dim[k]);
    if (want->n == 0 || kt_value_get(want->items[0], "shape")->n < 4)
        for (size_t i = 0; i < files->n; i++)
            is_file(*keep, (int64_t)i, kt_value_text(files->items[i]));
    else
        y[n++] = kt_tensor_ref(kt_data_x(*keep, 0));
    assert_int_equal(chdir(back), 0);
    if ((size_t)n < want->n)
        y[n++] = kt_tensor_ref(kt_data_y(*keep, 0));
    return n;
}

/* --- any call --------------------------------------------------------------------------------- */

/* In Keras' words where it is Keras that refuses, not NumPy or TensorFlow. */
static void told(const char *call, const kt_value *want, const kt_error *error)
{
    if (!error)
        fail_msg("%s: no error, Keras has one", call);
    if (kt_streq(kt_value_text(kt_value_get(want, "type")), "ValueError"))
        fact_error(call, want, error);
}

static void check(const kt_value *row)
{
    const char     *call = kt_value_text(kt_value_get(row, "call"));
    const kt_value *want = kt_value_get(row, "y");
    const kt_error *error = NULL;
    kt_tensor      *y[2] = {NULL, NULL};
    kt_data        *keep = NULL;
    int             n;

    if (kt_streq(call, "image_dataset") && !(KERATIN_PNG && KERATIN_JPEG))
        return;
    kt_clear_thread_error();
    n = kt_streq(call, "timeseries")    ? of_series(row, y, &error, &keep)
      : kt_streq(call, "split")         ? of_split(row, y)
      : kt_streq(call, "image_dataset") ? of_images(row, y, &error, &keep)
                                        : of_tensor(row, call, y);
    error = error ? error : kt_thread_error();
    if (want && error)
        fail_msg("%s: %s", call, error->message);
    if (!want)
        told(call, kt_value_get(row, "error"), error);
    for (size_t i = 0; want && i < want->n; i++) {
        if ((int)i >= n)
            fail_msg("%s: %d results, Keras gives %zu", call, n, want->n);
        fact_tensor_close(call, want->items[i], y[i], 1e-6);
    }
    for (int i = 0; i < 2; i++)
        kt_tensor_unref(y[i]);
    kt_data_free(keep);
    kt_clear_thread_error();
}

static void as_keras(void **state)
{
    (void)state;
    facts_each("data_utils", check);
}

/* All windows are there, with their targets, in an order that the seed decides. */
static void shuffled(void **state)
{
    enum { STEPS = 30 };

    (void)state;
    kt_tensor *x = kt_tensor_new(KT_F32, KT_SHAPE(STEPS));
    for (int i = 0; i < STEPS; i++)
        kt_tensor_set(x, i, i);
    kt_data *a[] = {
        kt_timeseries(.data = x, .targets = x, .sequence_length = 2, .shuffle = true, .seed = 1),
        kt_timeseries(.data = x, .targets = x, .sequence_length = 2, .shuffle = true, .seed = 1),
        kt_timeseries(.data = x, .targets = x, .sequence_length = 2, .shuffle = true, .seed = 2)};
    bool seen[STEPS] = {false}, same = true;
    for (int i = 0; i < STEPS - 1; i++) {
        double first = kt_tensor_get(kt_data_x(a[0], 0), 2 * i);
        assert_true(kt_tensor_get(kt_data_x(a[0], 0), 2 * i + 1) == first + 1);
        assert_true(kt_tensor_get(kt_data_y(a[0], 0), i) == first);
        assert_true(kt_tensor_get(kt_data_y(a[1], 0), i) == first);
        same = same && kt_tensor_get(kt_data_y(a[2], 0), i) == first;
        assert_false(seen[(int)first]);
        seen[(int)first] = true;
    }
    assert_false(same);
    for (int i = 0; i < 3; i++)
        kt_data_free(a[i]);
    kt_tensor_unref(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_keras), cmocka_unit_test(shuffled)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
