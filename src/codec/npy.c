/* npy.c - NumPy's .npy: a magic, a version, a header that is a Python dict, then the raw numbers.
 */
#include <stdio.h>
#include <string.h>

#include "codec/array.h"

#define MAGIC "\x93NUMPY"
#define ALIGN 64 /* the data start at a multiple of this */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define NATIVE '>'
#else
#define NATIVE '<'
#endif

typedef struct header {
    char    type; /* as kt_array's */
    int     item;
    bool    swapped, fortran;
    int     rank;
    int64_t dim[KT_ARRAY_RANK];
    size_t  data; /* where the numbers start */
} header;

typedef struct scanner {
    const char *name;
    const char *p, *end;
    kt_fault   *fault;
} scanner;

static kt_status broken(const scanner *s, const char *why)
{
    return kt_raise(s->fault, KT_E_VALUE, "'%s' is no valid .npy array: %s", s->name, why);
}

/* --- the header, a Python literal ------------------------------------------------------------- */

/* Skips blanks; then takes c if it is next. */
static bool take(scanner *s, char c)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t'))
        s->p++;
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool take_word(scanner *s, const char *word)
{
    size_t n = strlen(word);

    take(s, ' '); /* only to skip blanks */
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

/* A text in single or double quotes without escapes, of less than `size` characters. */
static bool take_text(scanner *s, char *out, size_t size)
{
    char   quote = take(s, '\'') ? '\'' : '"';
    size_t n = 0;

    if (quote == '"' && !take(s, '"'))
        return false;
    while (s->p < s->end && *s->p != quote && *s->p != '\\' && n + 1 < size)
        out[n++] = *s->p++;
    out[n] = '\0';
    return s->p < s->end && *s->p++ == quote;
}

static bool take_int(scanner *s, int64_t *out)
{
    const char *start;
    int64_t     n = 0;

    take(s, ' ');
    start = s->p;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++) {
        if (n > (INT64_MAX - 9) / 10)
            return false;
        n = n * 10 + (*s->p - '0');
    }
    *out = n;
    if (s->p > start)
        take(s, 'L'); /* Python 2 wrote long integers so */
    return s->p > start;
}

static kt_status read_shape(scanner *s, header *h)
{
    if (!take(s, '('))
        return broken(s, "'shape' is no tuple");
    while (!take(s, ')')) {
        if (h->rank == KT_ARRAY_RANK)
            return kt_raise(s->fault, KT_E_VALUE, "'%s' has more than %d axes", s->name,
                            KT_ARRAY_RANK);
        if (!take_int(s, &h->dim[h->rank++]) || (!take(s, ',') && (s->p == s->end || *s->p != ')')))
            return broken(s, "'shape' is no tuple of sizes");
    }
    return KT_OK;
}

/* "<U21", "|S5": texts of so many characters or bytes. */
static bool read_text_type(const char *d, header *h)
{
    int64_t n = 0;
    size_t  i = 2;

    if (!d[0] || !strchr("<>|=", d[0]) || (d[1] != 'U' && d[1] != 'S') || !d[2])
        return false;
    for (; d[i] >= '0' && d[i] <= '9' && n < INT32_MAX / 64; i++)
        n = n * 10 + (d[i] - '0');
    if (d[i] || n == 0)
        return false;
    h->type = d[1];
    h->item = (int)(d[1] == 'U' ? 4 * n : n);
    h->swapped = d[1] == 'U' && (d[0] == '<' || d[0] == '>') && d[0] != NATIVE;
    return true;
}

static kt_status read_descr(scanner *s, header *h)
{
    static const char *known[] = {"f2", "f4", "f8", "i1", "i2", "i4",
                                  "i8", "u1", "u2", "u4", "u8", "b1"};
    char               d[32] = "";

    if (!take_text(s, d, sizeof d))
        return broken(s, "'descr' is no simple type (structured arrays are not supported)");
    for (size_t i = 0; i < KT_COUNT(known); i++) {
        if (d[0] == '\0' || !strchr("<>|=", d[0]) || strcmp(d + 1, known[i]) != 0)
            continue;
        h->type = d[1];
        h->item = d[2] - '0';
        h->swapped = h->item > 1 && (d[0] == '<' || d[0] == '>') && d[0] != NATIVE;
        return KT_OK;
    }
    if (read_text_type(d, h))
        return KT_OK;
    return kt_raise(s->fault, KT_E_VALUE,
                    "'%s' holds elements of type '%s'; only real numbers, booleans and texts of a "
                    "fixed size ('U', 'S') can be read",
                    s->name, d);
}

static kt_status read_fortran(scanner *s, header *h)
{
    h->fortran = take_word(s, "True");
    return h->fortran || take_word(s, "False")
             ? KT_OK
             : broken(s, "'fortran_order' is neither True nor False");
}

static kt_status read_dict(scanner *s, header *h)
{
    bool descr = false, fortran = false, shape = false;

    if (!take(s, '{'))
        return broken(s, "the header is no dict");
    while (!take(s, '}')) {
        char      key[32];
        bool     *seen = NULL;
        kt_status st = KT_OK;

        if (!take_text(s, key, sizeof key) || !take(s, ':'))
            return broken(s, "the header is damaged");
        if (strcmp(key, "descr") == 0)
            seen = &descr, st = read_descr(s, h);
        else if (strcmp(key, "fortran_order") == 0)
            seen = &fortran, st = read_fortran(s, h);
        else if (strcmp(key, "shape") == 0 && !shape)
            seen = &shape, st = read_shape(s, h);
        if (st != KT_OK)
            return st;
        if (!seen || (!take(s, ',') && (s->p == s->end || *s->p != '}')))
            return broken(s, "the header is damaged");
        *seen = true;
    }
    return descr && fortran && shape
             ? KT_OK
             : broken(s, "the header lacks 'descr', 'fortran_order' or 'shape'");
}

static kt_status read_header(const char *name, const uint8_t *data, size_t size, header *h,
                             kt_fault *f)
{
    scanner s = {.name = name, .fault = f};
    size_t  start = 10, length;

    if (size < 10 || memcmp(data, MAGIC, 6) != 0)
        return broken(&s, "it does not start with \\x93NUMPY");
    if (data[6] < 1 || data[6] > 3)
        return kt_raise(f, KT_E_VALUE, "'%s' is .npy format %d, which is not known", name, data[6]);
    length = (size_t)data[8] | (size_t)data[9] << 8;
    if (data[6] > 1) {
        start = 12;
        if (size < start)
            return broken(&s, "it ends in the header");
        length |= (size_t)data[10] << 16 | (size_t)data[11] << 24;
    }
    if (length > size - start)
        return broken(&s, "it ends in the header");
    s.p = (const char *)data + start;
    s.end = s.p + length;
    h->data = start + length;
    return read_dict(&s, h);
}

/* --- the numbers ------------------------------------------------------------------------------ */

/* Column order to row order: walks the output in order, with one stride per axis in the input. */
static void reorder(const header *h, const uint8_t *in, uint8_t *out, int64_t n)
{
    int64_t stride[KT_ARRAY_RANK] = {0}, at[KT_ARRAY_RANK] = {0}, from = 0, step = 1;
    size_t  item = (size_t)h->item;

    for (int i = 0; i < h->rank; i++) {
        stride[i] = step;
        step *= h->dim[i];
    }
    for (int64_t k = 0; k < n; k++) {
        memcpy(out + (size_t)k * item, in + (size_t)from * item, item);
        for (int i = h->rank - 1; i >= 0; i--) {
            from += stride[i];
            if (++at[i] < h->dim[i])
                break;
            from -= stride[i] * h->dim[i];
            at[i] = 0;
        }
    }
}

static kt_status widen(kt_array *a, kt_fault *f)
{
    kt_array wide;

    if (kt__array_make(&wide, 'f', 4, a->rank, a->dim, f) != KT_OK)
        return KT_E_MEMORY;
    kt__widen_half(a->data, kt_array_count(a), wide.data);
    kt_array_free(a);
    *a = wide;
    return KT_OK;
}

/* The header, and that all its numbers are there. */
static kt_status read_head(const char *name, const void *data, size_t size, header *h, kt_fault *f)
{
    kt_status s = read_header(name, data, size, h, f);

    if (s != KT_OK)
        return s;
    KT_ASSERT(h->item > 0);
    int64_t n = kt__array_count(h->dim, h->rank);
    if (n < 0 || (size_t)n > (size - h->data) / (size_t)h->item)
        return kt_raise(f, KT_E_VALUE,
                        "'%s' is no valid .npy array: it ends before its shape is filled", name);
    return KT_OK;
}

/* Are the numbers in the file those of an array as they lie? */
static bool as_they_lie(const header *h)
{
    bool half = h->type == 'f' && h->item == 2;

    return !h->swapped && !half && h->type != 'b' && !(h->fortran && h->rank > 1) &&
           h->data % (size_t)h->item == 0;
}

kt_status kt_npy_take(const char *name, kt_bytes *b, kt_array *out, kt_fault *f)
{
    header h = {0};

    *out = (kt_array){0};
    kt_status s = read_head(name, b->data, b->size, &h, f);
    if (s != KT_OK || !as_they_lie(&h))
        return s != KT_OK ? s : kt_npy_read(name, b->data, b->size, out, f);
    *out = (kt_array){.type = h.type, .item = h.item, .rank = h.rank, .bytes = *b};
    memcpy(out->dim, h.dim, sizeof out->dim);
    out->data = b->data + h.data;
    *b = (kt_bytes){0};
    return KT_OK;
}

kt_status kt_npy_read(const char *name, const void *data, size_t size, kt_array *out, kt_fault *f)
{
    header h = {0};

    *out = (kt_array){0};
    kt_status s = read_head(name, data, size, &h, f);
    if (s != KT_OK)
        return s;

    int64_t        n = kt__array_count(h.dim, h.rank);
    const uint8_t *in = (const uint8_t *)data + h.data;
    s = kt__array_make(out, h.type, h.item, h.rank, h.dim, f);
    if (s == KT_OK) {
        if (h.fortran && h.rank > 1)
            reorder(&h, in, out->data, n);
        else
            memcpy(out->data, in, out->bytes.size);
        if (h.swapped && h.type == 'U')
            kt__swap_bytes(out->data, n * (h.item / 4), 4);
        else if (h.swapped)
            kt__swap_bytes(out->data, n, h.item);
        if (h.type == 'b')
            for (int64_t i = 0; i < n; i++) /* a bool is 0 or 1, whatever the file says */
                out->bytes.data[i] = out->bytes.data[i] != 0;
        if (h.type == 'f' && h.item == 2)
            s = widen(out, f);
    }
    if (s != KT_OK)
        kt_array_free(out);
    return s;
}

kt_status kt_npy_print(const kt_array *a, kt_str *out, kt_fault *f)
{
    char   dict[256];
    size_t n = 0;
    char   order = a->item > 1 ? NATIVE : '|';

    n = (size_t)snprintf(dict, sizeof dict,
                         "{'descr': '%c%c%d', 'fortran_order': False, 'shape': (", order, a->type,
                         a->type == 'U' ? a->item / 4 : a->item);
    for (int i = 0; i < a->rank; i++)
        n += (size_t)snprintf(dict + n, sizeof dict - n,
                              i + 1 < a->rank ? "%lld, "
                              : a->rank == 1  ? "%lld,"
                                              : "%lld",
                              (long long)a->dim[i]);
    n += (size_t)snprintf(dict + n, sizeof dict - n, "), }");

    size_t length = (10 + n + 1 + ALIGN - 1) / ALIGN * ALIGN -
                    10; /* with blanks and a final newline */
    size_t bytes = (size_t)kt_array_count(a) * (size_t)a->item;
    if (out->limit ==
        0) /* what is written is known exactly, so the array may be as big as memory */
        out->limit = out->len + 10 + length + bytes + 1;
    kt_str_addn(out, MAGIC "\x01", 8); /* version 1.0: its last byte is the literal's own NUL */
    kt_str_addc(out, (char)(length & 255));
    kt_str_addc(out, (char)(length >> 8));
    kt_str_addn(out, dict, n);
    for (size_t i = n + 1; i < length; i++)
        kt_str_addc(out, ' ');
    kt_str_addc(out, '\n');
    kt_str_addn(out, a->data, bytes);
    return out->failed ? kt_raise_memory(f) : KT_OK;
}
