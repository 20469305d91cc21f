/* codec.h - the door of src/codec: bytes <-> structure, with no knowledge of models or tensors.
 *
 * Every reader takes untrusted bytes: sizes are checked before use, nesting and counts have
 * ceilings, and a failure is one kt_raise that names the file (`name`) and what is wrong in it.
 * Every writer goes through kt_file_write: temporary file in the same folder, fsync, rename.
 * What a build leaves out (`minimal`) fails with KT_E_NOT_IMPLEMENTED naming the missing library.
 */
#ifndef KT_CODEC_H
#define KT_CODEC_H

#include "base/base.h"

/* --- whole files (file.c) --------------------------------------------------------------------- */

typedef struct kt_bytes {
    uint8_t *data; /* kt_alloc'd, or mapped */
    size_t   size;
    bool     mapped;
} kt_bytes;
/* Reads or maps a file. FileNotFoundError / OSError with the name in the message. */
kt_status kt_file_read(const char *path, kt_bytes *out, kt_fault *f);
/* The same, mapped whatever its size where that is possible: what is not touched costs nothing, but
 * a file that another program shortens meanwhile ends this one. */
kt_status kt_file_map(const char *path, kt_bytes *out, kt_fault *f);
/* Standard input up to its end; its name in messages is "standard input". */
kt_status kt_stdin_read(kt_bytes *out, kt_fault *f);
kt_status kt_file_write(const char *path, const void *data, size_t size, kt_fault *f);
void      kt_bytes_free(kt_bytes *b);
/* Whether kt_file_write can succeed, as far as it can be known without writing: the folder is there
 * and may be written to. */
kt_status kt_file_writable(const char *path, kt_fault *f);
/* OSError, or FileNotFoundError, in Python's words: "[Errno 2] No such file or directory: 'a'". */
kt_status kt_raise_errno(kt_fault *f, int err, const char *path);
/* Inflates gzip bytes (up to limit) into *out; KT_E_VALUE if broken. */
kt_status kt_gunzip(const char *name, const void *data, size_t size, size_t limit, kt_bytes *out,
                    kt_fault *f);

/* --- a network (http.c) ----------------------------------------------------------------------- */

/* KT_E_NOT_IMPLEMENTED where there is no libcurl. */
kt_status kt_http_ready(kt_fault *f);
/* POST of a body of a type ("application/json") to a URL of http or https; headers: further lines
 * "Name: value". What the server answers is not looked at. KT_E_OS where it is not reached or does
 * not answer within a minute. */
kt_status kt_http_post(const char *url, const char *type, const kt_vec *headers, const kt_str *body,
                       kt_fault *f);

/* --- folders (folder.c) ----------------------------------------------------------------------- */

/* Folders in a folder: their names, sorted; links to folders too, but none that begins with a
 * dot. */
kt_status kt_folder_names(const char *path, kt_arena *a, kt_vec *names, kt_fault *f);
/* Paths of files below a folder whose names end with one of `endings` (NULL-terminated), whatever
 * the case: folder after folder, each in the order of its names. Links to folders are passed
 * over. */
kt_status kt_folder_files(const char *path, const char *const *endings, kt_arena *a, kt_vec *files,
                          kt_fault *f);

/* --- JSON (json.c reads by jansson, json_print.c writes) -------------------------------------- */

/* A text of more bytes is refused before memory is taken for it; 64 MB where nothing else was
 * set. 0: that again. */
void   kt_json_set_limit(size_t bytes);
size_t kt_json_limit(void);
/* Ints stay ints, floats floats; objects keep their order. NaN, Infinity and -Infinity as Python
 * writes them are read. */
kt_value *kt_json_parse(const char *name, const char *text, size_t size, kt_arena *a, kt_fault *f);
/* As Python's json.dumps(v): ", " and ": ", NaN/Infinity, shortest floats; tuples are lists.
 * indent < 0: one line, else that many spaces. A CALL cannot be printed: it is left to src/config
 * to turn it into a DICT. */
void kt_json_print(kt_str *out, const kt_value *v, int indent);

/* --- arrays (npy.c, npz.c, idx.c, csv.c) ------------------------------------------------------ */

#define KT_ARRAY_RANK 8
/* A C-contiguous, native-endian array. type: 'f' float, 'i' int, 'u' unsigned, 'b' bool; of .npy
 * alone 'U' texts of 4-byte characters and 'S' texts of bytes, filled up with zeros. item: bytes of
 * an element. */
typedef struct kt_array {
    char    *name; /* of an .npz member; NULL elsewhere */
    char     type;
    int      item;
    int      rank;
    int64_t  dim[KT_ARRAY_RANK];
    kt_bytes bytes; /* owner of the data */
    void    *data;
} kt_array;
void    kt_array_free(kt_array *a);
int64_t kt_array_count(const kt_array *a);

/* .npy: any order and endianness is turned into C order, native; float16 is widened to float32. */
kt_status kt_npy_read(const char *name, const void *data, size_t size, kt_array *out, kt_fault *f);
/* The same, but where the numbers can stay as they lie the array takes the bytes over, and *b is
 * empty then. */
kt_status kt_npy_take(const char *name, kt_bytes *b, kt_array *out, kt_fault *f);
kt_status kt_npy_print(const kt_array *a, kt_str *out, kt_fault *f); /* format 1.0, '<f4' etc. */

/* Arrays of an .npz in file order (stored or deflated). *out: kt_alloc'd array of *n; free with
 * kt_arrays_free. */
kt_status kt_npz_read(const char *name, const void *data, size_t size, kt_array **out, int *n,
                      kt_fault *f);
kt_status kt_npz_write(const char *path, const kt_array *arrays, int n, kt_fault *f);
void      kt_arrays_free(kt_array *arrays, int n);

/* IDX as MNIST uses it, gzip recognised by its magic. */
kt_status kt_idx_read(const char *name, const void *data, size_t size, kt_array *out, kt_fault *f);

/* CSV, in two walks. kt_csv_open looks at all lines and counts what each column holds; the caller
 * settles whether the first line is a header and what to make of each column; kt_csv_fill reads the
 * table. Nothing is kept of the fields in between, so a big file costs its numbers and no more.
 * Quotes are those of RFC 4180. */
typedef struct kt_csv_rules {
    char sep;     /* 0: comma, semicolon, tab or blanks, whichever fits the first two lines */
    char decimal; /* '.' or ','; 0: '.' */
    /* NULL-terminated, or NULL: texts that stand for a missing value besides an empty field, NA,
     * N/A, nan, null. */
    const char *const *na;
} kt_csv_rules;

typedef enum kt_csv_use { KT_CSV_NUMBERS, KT_CSV_WORDS, KT_CSV_LEFT_OUT } kt_csv_use;

/* The first field of some sort in a column. */
typedef struct kt_csv_seen {
    int64_t line;     /* 0: there is none */
    char    text[64]; /* shortened */
} kt_csv_seen;

typedef struct kt_csv_col {
    const char *first;          /* its field in the first line; with a header, its name */
    int64_t     numbers, texts; /* fields of the lines below the first, without missing ones */
    int64_t     commas;         /* of texts: those that are numbers with the other decimal sign */
    kt_csv_seen number, text, comma;
    bool        repeats; /* the first line's field stands in a line below, too */
    /* for kt_csv_fill */
    kt_csv_use use;
    char     **words; /* of WORDS: given by the caller (a cell is its place in them), else found */
    int        n_words;
} kt_csv_col;

typedef struct kt_csv {
    kt_arena     arena;
    const char  *name, *text, *end; /* borrowed: the caller's bytes */
    kt_csv_rules rules;
    int64_t      lines; /* with the first, which is line first_line of the text */
    int64_t      first_line;
    int          cols;
    kt_csv_col  *col;
    bool         header;    /* settled by the caller: the first line has names */
    bool         drop_rows; /* settled by the caller: a row where a value is missing is left out */
    int64_t      rows, dropped;
    double      *cells; /* [rows, cols]; 0 in columns that are left out */
} kt_csv;
kt_status kt_csv_open(const char *name, const char *text, size_t size, const kt_csv_rules *rules,
                      kt_csv *out, kt_fault *f);
/* 1: the first line is a header, by what stands below it; 0: it is none; -1: it can not be told. */
int kt_csv_guess_header(const kt_csv *csv);
/* Settles column `col` by what it holds: numbers alone, or text alone. ValueError with line and
 * column where it holds both. */
kt_status kt_csv_settle(kt_csv *csv, int col, kt_fault *f);
/* Text is numbered in its order (numbers among it first, by value). A missing value is an error
 * that names line and column, or its row is dropped; an unknown text is an error, too. */
kt_status kt_csv_fill(kt_csv *csv, kt_fault *f);
/* A column by name (where there is a header), or by index ("-1": the last). -1 and a raised error
 * that lists the names if there is none. */
int  kt_csv_column(const kt_csv *csv, const char *name_or_index, kt_fault *f);
void kt_csv_free(kt_csv *csv);

/* --- images (image.c; png.c over libpng, jpeg.c over libjpeg) --------------------------------- */

typedef struct kt_pixels {
    int64_t  height, width;
    int      channels;
    uint8_t *data; /* [height, width, channels] */
} kt_pixels;
/* An image of 1 (grey), 3 (RGB) or 4 (RGBA) channels, as TensorFlow's decode_image makes it of a
 * file that has others. The content decides on the format, not the name. */
kt_status kt_image_read(const char *name, const void *data, size_t size, int channels,
                        kt_pixels *out, kt_fault *f);
void      kt_pixels_free(kt_pixels *p);

/* --- zip (zip.c, over libzip) ----------------------------------------------------------------- */

typedef struct kt_zip_entry {
    const char *name;
    kt_bytes    bytes;
    bool        borrowed; /* they lie in the archive */
} kt_zip_entry;
/* All entries, inflated, up to a total of `limit` bytes (guards against bombs). */
kt_status kt_zip_read(const char *name, const void *data, size_t size, size_t limit,
                      kt_zip_entry **out, int *n, kt_fault *f);
/* The same of the entries that `most` wants: it gives the bytes that an entry may have, 0: it is
 * not wanted, and there is only its name. What is not compressed stays where it is, so that the
 * archive's bytes must outlive the entries. */
kt_status kt_zip_read_wanted(const char *name, const void *data, size_t size, size_t limit,
                             size_t (*most)(const char *entry), kt_zip_entry **out, int *n,
                             kt_fault *f);
/* Entries in order, stored uncompressed, with fixed time stamps so that equal models give equal
 * files. */
kt_status kt_zip_write(const char *path, const kt_zip_entry *entries, int n, kt_fault *f);
void      kt_zip_free(kt_zip_entry *entries, int n);

/* --- HDF5 (hdf5.c, over libhdf5, loaded with dlopen when first used) -------------------------- */

typedef struct kt_h5 kt_h5;
/* A file on disk, or an image in memory (data not NULL; path is then only its name in messages).
 * The image is not copied: it must stay until kt_h5_close. NULL on failure. */
kt_h5 *kt_h5_open(const char *path, const void *data, size_t size, kt_fault *f);
/* A new file in memory. */
kt_h5 *kt_h5_create(kt_fault *f);
/* Closes; for a created file *image receives its bytes first (image may be NULL). */
kt_status kt_h5_close(kt_h5 *h, kt_bytes *image, kt_fault *f);
/* Groups and data sets by absolute path ("layers/dense/vars/0"); intermediate groups are made on
 * writing. */
bool kt_h5_exists(kt_h5 *h, const char *path);
/* Names in a group, in the order that h5py lists them (by name), arena-owned. */
kt_status kt_h5_list(kt_h5 *h, const char *path, kt_arena *a, const char ***names, int *n,
                     kt_fault *f);
/* Numbers and booleans, rank 0 too; not compressed (Keras compresses nothing). float16 is widened.
 */
kt_status kt_h5_read(kt_h5 *h, const char *path, kt_array *out, kt_fault *f);
kt_status kt_h5_write(kt_h5 *h, const char *path, const kt_array *a, kt_fault *f);
kt_status kt_h5_group(kt_h5 *h, const char *path, kt_fault *f);
/* Attributes: a text, or a list of texts. Strings of fixed and variable length are read; variable
 * ones are written, as Keras does, so that a text may be longer than the 64 KiB of an object
 * header. Absent: NULL, and nothing is raised. */
const char *kt_h5_attr_text(kt_h5 *h, const char *path, const char *attr, kt_arena *a, kt_fault *f);
kt_status   kt_h5_attr_texts(kt_h5 *h, const char *path, const char *attr, kt_arena *a,
                             const char ***texts, int *n, kt_fault *f);
kt_status   kt_h5_set_attr_text(kt_h5 *h, const char *path, const char *attr, const char *text,
                                kt_fault *f);
kt_status   kt_h5_set_attr_texts(kt_h5 *h, const char *path, const char *attr,
                                 const char *const *texts, int n, kt_fault *f);

#endif
