/* data.h - arrays and tables for training and prediction: from memory, from files.
 *
 *   kt_data *train = kt_data_load(.csv = "iris.csv", .target = "species");
 *   kt_history *h = kt_fit(m, .data = train, .epochs = 50);
 *   kt_data *more = kt_data_load(.csv = "more.csv", .legend = kt_model_legend(m));
 *
 * Text in a table is numbered: the texts of a column, sorted, stand for 0, 1, 2 ... That numbering,
 * with the columns' names, is the legend of the data. A model keeps the legend of the data that it
 * was trained on, and saves it; data that are read with it get the same numbers.
 *
 * Ownership: data take their own references of tensors. Errors: sticky, see kt_data_error. Threads:
 * data that nobody changes may be read by any number of threads.
 */
#ifndef KERATIN_DATA_H
#define KERATIN_DATA_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- arrays ----------------------------------------------------------------------------------- */

KT_API kt_data *kt_data_new(void);
KT_API void kt_data_add_x(kt_data *d, const char *name, kt_tensor *t); /* takes its own reference */
KT_API void kt_data_add_y(kt_data *d, const char *name, kt_tensor *t);
/* Arrays of which only the shape is known: for kt_check_fit, kt_check_data, kt_diagnose. Whatever
 * needs their numbers refuses them, and kt_data_x is NULL. */
KT_API void kt_data_add_x_shape(kt_data *d, const char *name, kt_shape shape);
KT_API void kt_data_add_y_shape(kt_data *d, const char *name, kt_shape shape);
KT_API void kt_data_set_weight(kt_data *d, kt_tensor *w); /* one number per sample */
/* Weights of the samples of one target, [samples, ...], in place of those of all. target: a name
 * that was added before; NULL: the next one that has none. Targets without weights count as they
 * are. */
KT_API void            kt_data_add_weight(kt_data *d, const char *target, kt_tensor *w);
KT_API kt_tensor      *kt_data_x(const kt_data *d, int i); /* borrowed; NULL out of range */
KT_API kt_tensor      *kt_data_y(const kt_data *d, int i);
KT_API const char     *kt_data_x_name(const kt_data *d, int i); /* "" without a name */
KT_API const char     *kt_data_y_name(const kt_data *d, int i);
KT_API int64_t         kt_data_rows(const kt_data *d);
KT_API const kt_error *kt_data_error(const kt_data *d); /* NULL if there is none */
KT_API void            kt_data_free(kt_data *d);
/* Brings the rows of all arrays, weights too, into one new order, which kt_set_seed decides. */
KT_API kt_status kt_data_shuffle(kt_data *d);

/* --- files ------------------------------------------------------------------------------------ */

/* How files are read: arrays (.npy, .npz, IDX), or tables (CSV). Left out, or zero: found out from
 * the file. */
#define KT_MAX_NA          16
#define KT_MAX_CATEGORICAL 32
typedef struct kt_data_args {
    kt_site     at;
    const char *x, *y;  /* files of inputs and targets; y may be NULL. "-": standard input */
    const char *csv;    /* or one table with both */
    const char *target; /* of csv: the column that becomes y, by name or index ("-1": the last) */
    bool        inputs_only;   /* of csv: the target's column is not read */
    char        sep;           /* ',', ';', '\t', ' ' (any run of blanks), or any other sign */
    char        decimal;       /* '.'; or ',' */
    int         header;        /* 1: the first line has the names of the columns; -1: it has not */
    bool        drop_na;       /* rows with a missing value are left out; else they are an error */
    const char *na[KT_MAX_NA]; /* texts that stand for a missing value, too */
    const char *categorical[KT_MAX_CATEGORICAL]; /* columns whose numbers are taken for text */
    const kt_legend *legend; /* of a model or of other data: the same columns, the same numbers */
    /* The numbers of an .npy stay in the file and are read when they are needed. No other program
     * may write to it as long as the data are in use. */
    bool mapped;
    /* Inputs are texts, for a model that takes them: all columns of a table but its target's, and
     * what is neither an array nor a .csv has a text on each line. Arrays of texts (.npy, .npz) are
     * texts in any case. */
    bool texts;
} kt_data_args;
/* Data in error state if the files can not be read, or differ from the legend. */
KT_API kt_data *kt_data_load_with(const kt_data_args *args);
#define kt_data_load(...) \
    kt_data_load_with(    \
        &(kt_data_args){.at = KT_SITE(kt_data_args, #__VA_ARGS__, __VA_ARGS__), __VA_ARGS__})
/* Sentence i on how the files were read ("... 0 = no, 1 = yes", rows left out); NULL out of
 * range. */
KT_API const char *kt_data_note_at(const kt_data *d, int i);
KT_API kt_data    *kt_data_files(const char *x, const char *y);         /* y may be NULL */
KT_API kt_data    *kt_data_csv(const char *path, const char *target);   /* target may be NULL */
KT_API kt_data    *kt_data_idx(const char *images, const char *labels); /* MNIST's files, .gz too */

/* --- what keras.utils makes of arrays ---------------------------------------------------------
 * New references; NULL where it fails, and kt_thread_error says why. */

/* Sequences of different lengths as rows of one length. */
typedef struct kt_pad_args {
    kt_site          at;
    const kt_tensor *values;     /* of all sequences, one after another: [numbers, ...] */
    const int64_t   *lengths;    /* of each sequence */
    int64_t          n;          /* how many sequences there are */
    int64_t          maxlen;     /* 0: the longest */
    const char      *dtype;      /* NULL: "int32" */
    const char      *padding;    /* where a short one is filled up: "pre" (NULL) or "post" */
    const char      *truncating; /* where a long one is cut: "pre" (NULL) or "post" */
    double           value;      /* what it is filled up with */
} kt_pad_args;
KT_API kt_tensor *kt_pad_sequences_with(const kt_pad_args *args);
#define kt_pad_sequences(...) \
    kt_pad_sequences_with(    \
        &(kt_pad_args){.at = KT_SITE(kt_pad_args, #__VA_ARGS__, __VA_ARGS__), __VA_ARGS__})
/* Class numbers as rows of 0 and one 1, float32: [..] -> [.., classes]; a last axis of 1 is
 * dropped before. classes 0: one more than the largest number. */
KT_API kt_tensor *kt_to_categorical(const kt_tensor *x, int64_t classes);
/* x divided by its norms along an axis; order: 2, 1, any other number, INFINITY. Whole numbers
 * become float64. As Keras has it, a row becomes [1, n], and the norms of axis 0 are spread as if
 * they were those of the last. */
KT_API kt_tensor *kt_normalize(const kt_tensor *x, int axis, double order);
/* Windows of a series: what keras.utils.timeseries_dataset_from_array gives, as one batch. */
typedef struct kt_timeseries_args {
    kt_site          at;
    const kt_tensor *data;            /* [steps, ...] */
    const kt_tensor *targets;         /* [steps, ...]: a window has that of its first step */
    int64_t          sequence_length; /* steps of a window */
    int64_t          sequence_stride; /* steps between the beginnings of windows; 0: 1 */
    int64_t          sampling_rate;   /* steps between those of a window; 0: 1 */
    bool             shuffle;         /* by this seed; Keras' order is another */
    int64_t          seed;
    int64_t          start_index, end_index; /* steps that are not used before and from; 0: all */
} kt_timeseries_args;
/* Data with the windows as x, and the targets as y. Never NULL but without memory. */
KT_API kt_data *kt_timeseries_with(const kt_timeseries_args *args);
#define kt_timeseries(...)                    \
    kt_timeseries_with(&(kt_timeseries_args){ \
        .at = KT_SITE(kt_timeseries_args, #__VA_ARGS__, __VA_ARGS__), __VA_ARGS__})
/* Images in folders, one for each class: what keras.utils.image_dataset_from_directory gives, as
 * one batch. PNG and JPEG are read. */
typedef struct kt_image_dataset_args {
    kt_site     at;
    const char *directory;
    /* "int" (NULL: int32 [images]), "categorical" (float32 [images, classes]), "binary" (float32
     * [images, 1]), or "none": no y, and images may lie anywhere below the directory */
    const char *label_mode;
    /* The folders that are read, in the order of their numbers; ends with NULL. NULL: all,
     * sorted. */
    const char *const *class_names;
    const char        *color_mode;    /* "rgb" (NULL), "rgba", "grayscale" */
    int64_t            image_size[2]; /* height and width: 256, 256 */
    bool               shuffle;       /* true: in Keras' order for the seed */
    int64_t            seed;          /* left out: one is drawn */
    double             validation_split;
    const char        *subset;        /* "training" or "validation" */
    const char        *interpolation; /* "bilinear" (NULL), "nearest", "bicubic", "area", ... */
    bool               crop_to_aspect_ratio, pad_to_aspect_ratio;
} kt_image_dataset_args;
/* Data with x float32 [images, height, width, channels] from 0 to 255, and y; the names of the
 * classes are the words of their legend. Never NULL but without memory. */
KT_API kt_data *kt_image_dataset_with(const kt_image_dataset_args *args);
#define kt_image_dataset(...)                       \
    kt_image_dataset_with(&(kt_image_dataset_args){ \
        .at = KT_SITE(kt_image_dataset_args, #__VA_ARGS__, __VA_ARGS__), __VA_ARGS__})
/* keras.utils.split_dataset: copies of the first rows and of the last. A size below 1 is a share,
 * else a number of rows; 0: what the other one leaves. seed: mixes the rows before, in the order of
 * Keras; below 0: they stay. *left and *right are NULL where it fails. */
KT_API kt_status kt_data_split(const kt_data *d, double left_size, double right_size, int64_t seed,
                               kt_data **left, kt_data **right);

/* --- legends ---------------------------------------------------------------------------------- */

/* Of data from a table; of a model that was trained on such data. Borrowed; NULL: there is none. */
KT_API const kt_legend *kt_data_legend(const kt_data *d);
KT_API const kt_legend *kt_model_legend(const kt_model *m);
/* Columns of inputs or of targets; the name of one (NULL without a header); how many texts it has
 * (0: it holds numbers); and the text that has the number k. */
KT_API int         kt_legend_columns(const kt_legend *l, bool target);
KT_API const char *kt_legend_name(const kt_legend *l, bool target, int i);
KT_API int         kt_legend_words(const kt_legend *l, bool target, int i);
KT_API const char *kt_legend_word(const kt_legend *l, bool target, int i, int k);
/* The number of the class that row `row` of a model's output means: of several numbers the place of
 * the greatest, of one whether it is above 0.5 (above 0 for logits and margins). -1 where the model
 * was not trained on named classes, or its output does not fit them. */
KT_API int64_t kt_predicted_class(const kt_model *m, const kt_tensor *out, int64_t row);

#ifdef __cplusplus
}
#endif
#endif
