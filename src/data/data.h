/* data.h - the door of src/data: batches of named arrays from files and memory. */
#ifndef KT_DATA_H
#define KT_DATA_H

#include "codec/codec.h"
#include "keratin/data.h"
#include "tensor/tensor.h"

#define KT_MAX_ARRAYS 32

typedef struct kt_column {
    char      *name;   /* "" when unnamed */
    kt_tensor *t;      /* [rows, ...] */
    kt_tensor *weight; /* of a target: [rows, ...], its samples' own; or NULL */
} kt_column;

/* Arrays whose first axis counts samples. Rows of the arrays may differ: fit reports it in Keras'
 * words. */
struct kt_data {
    kt_fault   fault;
    int        n_x, n_y;
    kt_column  x[KT_MAX_ARRAYS], y[KT_MAX_ARRAYS];
    kt_tensor *weight; /* [rows] or NULL: of all targets that have none of their own */
    kt_legend *legend; /* of tables; or NULL */
    kt_vec     notes;  /* char * */
};

/* A copy of an argument struct, which begins with `at`, as far as the caller's size covers it: a
 * program that was compiled for an older header hands over less, and one for a newer header nothing
 * that is not known here. at NULL: there is none. */
kt_status kt_data_take(void *to, size_t known, const kt_site *at, const char *call,
                       const char *type, kt_fault *f);
/* Raises where an array has a shape only. */
kt_status kt_data_need_numbers(const kt_data *d, kt_fault *f);
/* Rows [begin, end) as views: for validation_split. NULL without memory. */
kt_data *kt_data_slice(const kt_data *d, int64_t begin, int64_t end);
/* Copies rows[0..n) of t (rows NULL: begin..begin+n) to out as `dtype`. */
void kt_gather_rows(const kt_tensor *t, const int64_t *rows, int64_t begin, int64_t n,
                    kt_dtype dtype, void *out);
/* kt_array (codec) <-> tensor. The tensor takes the array's bytes where the dtype allows (float64
 * stays float64). */
kt_tensor *kt_tensor_from_array(kt_array *a, kt_fault *f);
/* *out borrows the data of the tensor that is returned, a new reference: t, or where t has 16 bits,
 * which files do not, a copy in float32. NULL without memory. */
kt_tensor *kt_array_from_tensor(kt_array *out, const kt_tensor *t);
/* The same of texts (texts.c): an array of 'U' or 'S' as a tensor, a tensor as an array of 'U'.
 * NULL without memory. */
kt_tensor *kt_texts_from_array(const kt_array *a);
kt_tensor *kt_array_from_texts(kt_array *out, const kt_tensor *t);
/* A text on each line, without its end: [lines, 1]. */
kt_tensor *kt_texts_from_lines(const char *text, size_t size, kt_fault *f);
/* n tensors under their names as an .npz: kt_tensors_save without its checks (save.c). */
kt_status kt_tensors_write(const char *path, int n, const char *const *names, kt_tensor *const *t,
                           kt_fault *f);

/* --- the legend of a table (legend.c) --------------------------------------------------------- */

/* What the columns of a table are called, and which number stands for which text. */
typedef struct kt_legend_column {
    char  *name;  /* NULL: the table had no header */
    char **words; /* word k has the number k; NULL: a column of numbers */
    int    n_words;
    int    at; /* of a target: where it stood among all columns of its table; -1: not known */
} kt_legend_column;

/* [false]: inputs, [true]: targets. */
struct kt_legend {
    kt_arena          arena; /* owns the columns */
    int               n[2];
    kt_legend_column *col[2];
};

kt_legend *kt_legend_new(void); /* empty; NULL without memory */
void       kt_legend_free(kt_legend *l);
kt_legend *kt_legend_copy(const kt_legend *from); /* NULL without memory, and for NULL */
/* Room for n columns, and a copy into one of them. False without memory. */
bool kt_legend_start(kt_legend *l, bool target, int n);
bool kt_legend_set(kt_legend *l, bool target, int i, const kt_legend_column *from);
/* False where both number the texts of some column, and differ. */
bool kt_legend_agrees(const kt_legend *a, const kt_legend *b);
bool kt_legend_has_words(const kt_legend *l, bool target);
/* {"inputs": [{"name", "words"}], "targets": [{"name", "words", "column"}]} and back; a missing key
 * is what is not known. `name`: the file, for messages. */
kt_value  *kt_legend_value(const kt_legend *l, kt_arena *a);
kt_legend *kt_legend_from_value(const kt_value *v, const char *name, kt_fault *f);

/* --- tables (table.c) ------------------------------------------------------------------------- */

/* How a table is read, and what the files before it have told. */
typedef struct kt_table_rules {
    kt_csv_rules       csv;
    int                header; /* 1: the first line has names, -1: it has none, 0: found out */
    bool               drop_rows;
    const char        *target;      /* the column that becomes y; NULL: none, or that of `known` */
    bool               with_target; /* the file may hold the targets */
    bool               inputs_only; /* the target's column is left out */
    const char *const *categorical; /* NULL-terminated, or NULL */
    bool              *categorical_seen;
    const kt_legend   *known;        /* of training; may be NULL */
    int                cols_before;  /* columns of the files that were read before */
    bool               more_follows; /* another file of the same data is read after it */
    bool               mapped;       /* see kt_data_args: of arrays */
    bool               texts; /* inputs are texts; what is no array and no .csv: one on each line */
} kt_table_rules;
/* Adds the arrays, the legend and notes; `as_y`: all columns are targets. */
kt_status kt_table_read(kt_data *d, const char *name, const kt_bytes *b, bool as_y,
                        kt_table_rules *rules);
/* A column that is named and found nowhere is a mistake. */
kt_status kt_table_check_categorical(const kt_table_rules *rules, kt_fault *f);
/* A sentence for the reader of the data on how they were read. */
void kt_data_note(kt_data *d, const char *fmt, ...) KT_PRINTF(2, 3);

/* Reads .npy, .npz, .csv, IDX (gzip too), recognised by content, and adds them as x or as y. "-" is
 * standard input. rules: for tables; NULL: all of it is found out. */
kt_status kt_data_read(kt_data *d, const char *path, bool as_y, kt_table_rules *rules);

#endif
