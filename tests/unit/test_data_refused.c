/* test_data_refused.c - what makes data of arrays and files, called in ways that make no sense:
 * nothing comes out, and the words say why. Keras' own words stand in the facts of
 * test_data_utils.c, too; others are the library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "keratin/data.h"
#include "keratin/error.h"
#include "keratin/io.h"

static kt_tensor *numbers, *row, *deep, *classes;

static void no_tensor(kt_tensor *t, const char *type, const char *words)
{
    assert_null(t);
    assert_non_null(kt_thread_error());
    assert_string_equal(kt_thread_error()->message, words);
    assert_string_equal(kt_thread_error()->type, type);
    kt_clear_thread_error();
}

static void no_data(kt_data *d, const char *type, const char *words)
{
    const kt_error *e = kt_data_error(d);

    if (!e)
        fail_msg("not refused: %s", words);
    assert_string_equal(e->message, words);
    assert_string_equal(e->type, type);
    kt_data_free(d);
}

static void padding(void **state)
{
    static const int64_t lengths[] = {2, 2}, more[] = {2, 3}, less[] = {-1, 2};

    (void)state;
    no_tensor(kt_pad_sequences(.lengths = lengths, .n = 2), "ValueError",
              "kt_pad_sequences: `values` is NULL");
    no_tensor(kt_pad_sequences(.values = row, .n = 2), "ValueError",
              "kt_pad_sequences: there are no sequences, or maxlen is below 0");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths), "ValueError",
              "kt_pad_sequences: there are no sequences, or maxlen is below 0");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths, .n = 2, .maxlen = -1),
              "ValueError", "kt_pad_sequences: there are no sequences, or maxlen is below 0");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths, .n = 2, .dtype = "int3"),
              "TypeError", "data type 'int3' not understood");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths, .n = 2, .dtype = "string"),
              "TypeError", "data type 'string' not understood");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths, .n = 2, .padding = "mid"),
              "ValueError", "Padding type \"mid\" not understood");
    no_tensor(kt_pad_sequences(.values = row, .lengths = lengths, .n = 2, .truncating = "mid"),
              "ValueError", "Truncating type \"mid\" not understood");
    no_tensor(kt_pad_sequences(.values = row, .lengths = more, .n = 2), "ValueError",
              "kt_pad_sequences: the lengths add up to more than the 4 numbers");
    no_tensor(kt_pad_sequences(.values = row, .lengths = less, .n = 2), "ValueError",
              "kt_pad_sequences: the lengths add up to more than the 4 numbers");
    no_tensor(kt_pad_sequences(.values = deep, .lengths = lengths, .n = 1), "ValueError",
              "a tensor has at most 8 axes");

    kt_tensor *t = kt_pad_sequences(.values = row, .lengths = lengths, .n = 2);
    assert_int_equal(kt_tensor_count(t), 4);
    assert_int_equal(kt_tensor_dtype(t), KT_I32);
    kt_tensor_unref(t);
}

static void categories(void **state)
{
    kt_tensor *none = kt_tensor_new(KT_F32, KT_SHAPE(0)),
              *below = kt_tensor_new(KT_F32, KT_SHAPE(1));

    (void)state;
    kt_tensor_set(below, 0, -3);
    no_tensor(kt_to_categorical(NULL, 2), "ValueError", "kt_to_categorical: x is NULL");
    no_tensor(kt_to_categorical(none, 0), "ValueError",
              "zero-size array to reduction operation maximum which has no identity");
    no_tensor(kt_to_categorical(below, 0), "ValueError",
              "kt_to_categorical: the largest class is -1");
    kt_tensor_set(below, 0, 4e9);
    no_tensor(kt_to_categorical(below, 0), "ValueError",
              "kt_to_categorical: the largest class is 4e+09");
    no_tensor(kt_to_categorical(deep, 2), "ValueError", "a tensor has at most 8 axes");
    no_tensor(kt_normalize(NULL, 0, 2), "ValueError", "kt_normalize: x is NULL");
    kt_tensor_unref(none);
    kt_tensor_unref(below);
}

static void windows(void **state)
{
    static const char arrays[] = "kt_timeseries: data and targets must be arrays of numbers";
    kt_tensor        *one = kt_tensor_new(KT_F32, KT_SCALAR_SHAPE);

    (void)state;
    no_data(kt_timeseries(.sequence_length = 2), "ValueError", arrays);
    no_data(kt_timeseries(.data = one, .sequence_length = 2), "ValueError", arrays);
    no_data(kt_timeseries(.data = row, .targets = one, .sequence_length = 2), "ValueError", arrays);
    no_data(kt_timeseries(.data = deep, .sequence_length = 2), "ValueError",
            "a tensor has at most 8 axes");
    kt_tensor *few = kt_tensor_new(KT_F32, KT_SHAPE(1, 5));
    no_data(kt_timeseries(.data = row, .targets = few, .sequence_length = 2, .start_index = 1),
            "InvalidArgumentError", "kt_timeseries: 1 targets are too few for 1 windows");
    kt_tensor_unref(few);
    no_data(kt_timeseries(.data = row), "ValueError",
            "kt_timeseries: sequence_length must be above 0");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .sampling_rate = -1), "ValueError",
            "`sampling_rate` must be higher than 0. Received: sampling_rate=-1");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .sequence_stride = -1), "ValueError",
            "`sequence_stride` must be higher than 0. Received: sequence_stride=-1");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .start_index = -1), "ValueError",
            "`start_index` must be 0 or greater. Received: start_index=-1");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .start_index = 4), "ValueError",
            "`start_index` must be lower than the length of the data. Received: start_index=4, "
            "for data of length 4");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .start_index = 2, .end_index = 2),
            "ValueError",
            "`end_index` must be higher than `start_index`. Received: start_index=2, and "
            "end_index=2 ");
    no_data(kt_timeseries(.data = row, .sequence_length = 2, .end_index = 5), "ValueError",
            "`end_index` must be lower than the length of the data. Received: end_index=5, for "
            "data of length 4");
    kt_tensor_unref(one);
}

static void parts(void **state)
{
    static const struct {
        double      left, right;
        const char *words;
    } rows[] = {
        {0.7, 0.7,
         "The sum of `left_size` and `right_size` is greater than 1. It must be less than or equal "
         "to 1."},
        {3, 2,
         "The sum of `left_size` and `right_size` should be smaller than the 4. Received: left_size "
         "+ right_size = 5 and total_length = 4"},
    };
    kt_data *d = kt_data_new(), *left = NULL, *right = NULL;

    (void)state;
    kt_data_add_x(d, "x", row);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(kt_data_split(d, rows[i].left, rows[i].right, -1, &left, &right),
                         KT_E_VALUE);
        assert_string_equal(kt_thread_error()->message, rows[i].words);
        kt_clear_thread_error();
        assert_null(left);
        assert_null(right);
    }
    kt_data_add_y(d, "y", numbers);
    assert_int_equal(kt_data_split(d, 0.5, 0, -1, &left, &right), KT_E_VALUE);
    assert_string_equal(kt_thread_error()->message,
                        "kt_data_split: the arrays have different numbers of rows");
    kt_clear_thread_error();
    kt_data_free(d);
}

/* Rows go with their targets and with the weights of each target, and names stay. */
static void parts_are_whole(void **state)
{
    kt_data *d = kt_data_new(), *half[2] = {NULL, NULL};

    (void)state;
    kt_data_add_x(d, "x", row);
    kt_data_add_y(d, "y", classes);
    kt_data_add_weight(d, "y", row);
    assert_int_equal(kt_data_split(d, 0.75, 0, -1, &half[0], &half[1]), KT_OK);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(kt_data_rows(half[k]), k ? 1 : 3);
        assert_string_equal(kt_data_x_name(half[k], 0), "x");
        assert_string_equal(kt_data_y_name(half[k], 0), "y");
        assert_string_equal(kt_data_x_name(half[k], 1), "");
        assert_string_equal(kt_data_y_name(half[k], 1), "");
        assert_string_equal(kt_data_x_name(half[k], -1), "");
        assert_null(kt_data_x(half[k], 1));
        assert_null(kt_data_y(half[k], 1));
        for (int64_t i = 0; i < kt_data_rows(half[k]); i++) {
            assert_true(kt_tensor_get(kt_data_x(half[k], 0), i) == kt_tensor_get(row, 3 * k + i));
            assert_true(kt_tensor_get(kt_data_y(half[k], 0), i) ==
                        kt_tensor_get(classes, 3 * k + i));
        }
        kt_data_free(half[k]);
    }
    kt_data_free(d);
}

static void told(const char *words)
{
    assert_non_null(kt_thread_error());
    assert_string_equal(kt_thread_error()->message, words);
    kt_clear_thread_error();
}

/* What is not there, and texts where numbers are wanted. */
static void nothing(void **state)
{
    kt_data    *d = kt_data_new(), *part;
    kt_tensor  *texts = kt_tensor_from_texts((const char *[]){"a"}, KT_SHAPE(1)), *t[] = {row};
    const char *name = "a";

    (void)state;
    kt_data_add_x(NULL, "x", row);
    told("kt_data_add_x: the data is NULL");
    kt_data_add_y(NULL, "y", row);
    told("kt_data_add_y: the data is NULL");
    kt_data_add_x_shape(NULL, "x", KT_SHAPE(2));
    told("kt_data_add_x_shape: the data is NULL");
    kt_data_add_y_shape(NULL, "y", KT_SHAPE(2));
    told("kt_data_add_y_shape: the data is NULL");
    kt_data_set_weight(NULL, row);
    told("kt_data_set_weight: the data is NULL");
    kt_data_add_weight(NULL, "y", row);
    told("kt_data_add_weight: the data is NULL");
    kt_data_add_weight(d, "y", NULL);
    told("kt_data_add_weight: the weights is NULL");
    assert_int_equal(kt_data_split(d, 0.5, 0, -1, NULL, &part), KT_E_VALUE);
    told("kt_data_split: the place of a part is NULL");
    assert_int_equal(kt_data_split(NULL, 0.5, 0, -1, &part, &part), KT_E_VALUE);
    told("kt_data_split: the data is NULL");
    assert_int_equal(kt_tensors_save(NULL, 1, &name, t), KT_E_VALUE);
    told("kt_tensors_save: the path is NULL");
    assert_int_equal(kt_tensors_save("a.npz", 1, NULL, t), KT_E_VALUE);
    told("kt_tensors_save: a list is NULL");
    no_tensor(kt_normalize(texts, 0, 2), "TypeError", "kt_normalize: x holds texts");
    no_tensor(kt_to_categorical(texts, 2), "TypeError", "kt_to_categorical: x holds texts");
    assert_null(kt_data_error(d));
    kt_tensor_unref(texts);
    kt_data_free(d);
}

static void files(void **state)
{
    kt_tensor  *t[] = {row, NULL};
    const char *names[] = {"a", "b"};

    (void)state;
    no_data(kt_data_load(.csv = "a.csv", .y = "b.csv"), "UsageError",
            "y belongs to x; the targets of csv are its target column");
    no_data(kt_data_load(.x = "a.csv", .csv = "b.csv"), "UsageError",
            "give either x (and y) or csv");
    no_data(kt_data_load(.x = "a.csv", .y = "b.csv", .drop_na = true), "UsageError",
            "rows can only be left out where inputs and targets stand in one table");
    no_data(kt_data_load(.csv = "a.csv", .decimal = ';'), "UsageError",
            "the decimal sign is '.' or ','");
    no_data(kt_data_load_with(NULL), "TypeError", "kt_data_load: the argument struct is NULL");
    static struct {
        kt_data_args a;
        int          more;
    } newer = {.a = {.at = {.size = sizeof newer}, .csv = "/nowhere.csv"}};
    no_data(kt_data_load_with(&newer.a), "FileNotFoundError",
            "[Errno 2] No such file or directory: '/nowhere.csv'");
    newer.more = 1;
    no_data(kt_data_load_with(&newer.a), "TypeError",
            "kt_data_args: the program was compiled for a newer Keratin: an argument is not known "
            "here");
    no_data(kt_data_idx("/nowhere.idx", "/labels.idx"), "FileNotFoundError",
            "[Errno 2] No such file or directory: '/nowhere.idx'");
    assert_int_equal(kt_tensors_save("/nowhere/a.npz", 2, names, t), KT_E_VALUE);
    assert_string_equal(kt_thread_error()->message, "kt_tensors_save: array 1 or its name is NULL");
    kt_clear_thread_error();
}

static void images(void **state)
{
    (void)state;
    no_data(kt_image_dataset(.image_size = {2, 2}), "ValueError",
            "kt_image_dataset: the directory is NULL");
    no_data(kt_image_dataset(.directory = ".", .label_mode = "none",
                             .class_names = (const char *const[]){"a", NULL}),
            "ValueError",
            "When `labels=None` (no labels), argument `class_names` cannot be specified.");
    no_data(kt_image_dataset(.directory = ".", .interpolation = "gaussian"), "NotImplementedError",
            "kt_image_dataset: there is no interpolation 'gaussian' yet");
    no_data(kt_image_dataset(.directory = ".", .image_size = {0, 2}), "InvalidArgumentError",
            "output dimensions must be positive");
    no_data(kt_image_dataset(.directory = ".", .validation_split = 1.5), "ValueError",
            "`validation_split` must be between 0 and 1, received: 1.5");
    no_data(kt_image_dataset(.directory = ".", .validation_split = 0.5), "ValueError",
            "If `subset` is set, `validation_split` must be set, and inversely.");
    no_data(kt_image_dataset(.directory = ".", .subset = "training"), "ValueError",
            "If `subset` is set, `validation_split` must be set, and inversely.");
    no_data(kt_image_dataset(.directory = ".", .subset = "test", .validation_split = 0.5),
            "ValueError",
            "`subset` must be either \"training\", \"validation\" or \"both\", received: test");
    no_data(kt_image_dataset(.directory = ".", .seed = -1), "ValueError",
            "Seed must be between 0 and 2**32 - 1");
}

static int set_up(void **state)
{
    (void)state;
    numbers = kt_tensor_new(KT_F32, KT_SHAPE(3, 2));
    row = kt_tensor_new(KT_F32, KT_SHAPE(4));
    deep = kt_tensor_new(KT_F32, KT_SHAPE(2, 1, 1, 1, 1, 1, 1, 2));
    classes = kt_tensor_new(KT_I32, KT_SHAPE(4));
    for (int64_t i = 0; i < 4; i++) {
        kt_tensor_set(row, i, (double)i + 0.5);
        kt_tensor_set(classes, i, (double)(i % 3));
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kt_tensor_unref(numbers);
    kt_tensor_unref(row);
    kt_tensor_unref(deep);
    kt_tensor_unref(classes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padding), cmocka_unit_test(categories),      cmocka_unit_test(windows),
        cmocka_unit_test(parts),   cmocka_unit_test(files),           cmocka_unit_test(nothing),
        cmocka_unit_test(images),  cmocka_unit_test(parts_are_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
