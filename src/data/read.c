/* read.c - arrays from files: .npy, .npz, .csv and IDX, recognised by their content. */
#include <string.h>

#include "data/data.h"

#define LARGEST_INFLATED ((size_t)1 << 36)

/* --- kt_array <-> tensor ---------------------------------------------------------------------- */

static bool dtype_of(const kt_array *a, kt_dtype *out)
{
    static const struct {
        char     type;
        int      item;
        kt_dtype dtype;
    } table[] = {{'f', 4, KT_F32}, {'f', 8, KT_F64},     {'i', 4, KT_I32}, {'i', 8, KT_I64},
                 {'u', 1, KT_U8},  {'b', 1, KT_BOOLEAN}, {'i', 1, KT_I8},  {'i', 2, KT_I16},
                 {'u', 2, KT_U16}, {'u', 4, KT_U32},     {'u', 8, KT_U64}};

    for (size_t i = 0; i < KT_COUNT(table); i++)
        if (table[i].type == a->type && table[i].item == a->item) {
            *out = table[i].dtype;
            return true;
        }
    return false;
}

static void let_go(void *bytes)
{
    kt_bytes_free(bytes);
    kt_free(bytes);
}

/* The array's bytes become the tensor's. */
static kt_tensor *take_over(kt_array *a, kt_dtype d, kt_shape s)
{
    kt_bytes  *kept = kt_alloc(sizeof *kept);
    kt_tensor *t = kept ? kt_tensor_over(a->data, d, s, let_go, kept) : NULL;

    if (!t) {
        kt_free(kept);
        return NULL;
    }
    *kept = a->bytes;
    a->bytes = (kt_bytes){0};
    a->data = NULL;
    return t;
}

kt_tensor *kt_tensor_from_array(kt_array *a, kt_fault *f)
{
    kt_shape   s = {.rank = a->rank};
    kt_dtype   d = KT_F32;
    kt_tensor *t = NULL;
    bool       texts = a->type == 'U' || a->type == 'S';

    if (!texts && !dtype_of(a, &d)) {
        kt_raise(f, KT_E_VALUE, "%s: numbers of type '%c%d' are not supported",
                 a->name ? a->name : "array", a->type, a->item);
        return NULL;
    }
    memcpy(s.dim, a->dim, (size_t)a->rank * sizeof *s.dim);
    t = texts         ? kt_texts_from_array(a)
      : a->bytes.data ? take_over(a, d, s)
                      : kt_tensor_from(a->data, d, s);
    if (!t)
        kt_raise_memory(f);
    return t;
}

kt_tensor *kt_array_from_tensor(kt_array *out, const kt_tensor *t)
{
    static const char type[KT_DTYPE_COUNT] = {
        [KT_F32] = 'f', [KT_F64] = 'f',     [KT_I32] = 'i', [KT_I64] = 'i',
        [KT_U8] = 'u',  [KT_BOOLEAN] = 'b', [KT_I8] = 'i',  [KT_I16] = 'i',
        [KT_U16] = 'u', [KT_U32] = 'u',     [KT_U64] = 'u'};
    if (t->dtype == KT_STRING)
        return kt_array_from_texts(out, t);
    kt_tensor *held = kt_dtype_is_half(t->dtype) ? kt_tensor_cast(t, KT_F32)
                                                 : kt_tensor_ref((kt_tensor *)(uintptr_t)t);

    if (!held)
        return NULL;
    *out = (kt_array){.type = type[held->dtype],
                      .item = (int)kt_dtype_size(held->dtype),
                      .rank = held->shape.rank,
                      .data = held->data};
    memcpy(out->dim, held->shape.dim, (size_t)held->shape.rank * sizeof *out->dim);
    return held;
}

/* --- formats ---------------------------------------------------------------------------------- */

static void add_tensor(kt_data *d, bool as_y, const char *name, kt_tensor *t)
{
    if (as_y)
        kt_data_add_y(d, name, t);
    else
        kt_data_add_x(d, name, t);
    kt_tensor_unref(t);
}

static void add_array(kt_data *d, bool as_y, const char *name, kt_array *a)
{
    add_tensor(d, as_y, name, kt_tensor_from_array(a, &d->fault));
}

static void read_npz(kt_data *d, const char *path, const kt_bytes *b, bool as_y)
{
    kt_array *arrays = NULL;
    int       n = 0;

    if (kt_npz_read(path, b->data, b->size, &arrays, &n, &d->fault) != KT_OK)
        return;
    for (int i = 0; i < n && d->fault.e.status == KT_OK; i++)
        add_array(d, as_y, arrays[i].name, &arrays[i]);
    kt_arrays_free(arrays, n);
}

static bool starts(const kt_bytes *b, const char *magic, size_t n)
{
    return b->size >= n && memcmp(b->data, magic, n) == 0;
}

static kt_status read_bytes(const char *path, const kt_table_rules *rules, kt_bytes *b, kt_fault *f)
{
    if (kt_streq(path, "-"))
        return kt_stdin_read(b, f);
    return rules && rules->mapped ? kt_file_map(path, b, f) : kt_file_read(path, b, f);
}

/* What was mapped for its size alone is copied: training may last, and the file may change. */
static kt_status read_npy(const char *name, kt_bytes *b, const kt_table_rules *rules, kt_array *a,
                          kt_fault *f)
{
    return b->mapped && !(rules && rules->mapped) ? kt_npy_read(name, b->data, b->size, a, f)
                                                  : kt_npy_take(name, b, a, f);
}

/* Files of lines go by their content as little as by their name, but for tables. */
static bool is_lines(const kt_table_rules *rules, const char *path, bool as_y)
{
    size_t n = strlen(path);

    return rules && rules->texts && !rules->with_target && !as_y &&
           !(n > 4 && (kt_streq(path + n - 4, ".csv") || kt_streq(path + n - 4, ".tsv")));
}

static void read_lines(kt_data *d, const kt_bytes *b)
{
    kt_tensor *t = kt_texts_from_lines((const char *)b->data, b->size, &d->fault);

    if (t)
        add_tensor(d, false, "", t);
}

kt_status kt_data_read(kt_data *d, const char *path, bool as_y, kt_table_rules *rules)
{
    kt_table_rules plain = {0};
    bool           input = kt_streq(path, "-");
    const char    *name = input ? "standard input" : path;
    kt_bytes       b = {0};
    kt_array       a = {0};

    if (d->fault.e.status != KT_OK || read_bytes(path, rules, &b, &d->fault) != KT_OK)
        return d->fault.e.status;
    if (starts(&b, "\x93NUMPY", 6)) {
        if (read_npy(name, &b, rules, &a, &d->fault) == KT_OK)
            add_array(d, as_y, "", &a);
    } else if (starts(&b, "PK\003\004", 4) || starts(&b, "PK\005\006", 4)) {
        read_npz(d, name, &b, as_y);
    } else if (starts(&b, "\037\213", 2) || starts(&b, "\0\0", 2)) {
        if (kt_idx_read(name, b.data, b.size, &a, &d->fault) == KT_OK)
            add_array(d, as_y, "", &a);
    } else if (is_lines(rules, path, as_y)) {
        read_lines(d, &b);
    } else {
        kt_table_read(d, name, &b, as_y, rules ? rules : &plain);
    }
    kt_array_free(&a);
    kt_bytes_free(&b);
    return d->fault.e.status;
}
