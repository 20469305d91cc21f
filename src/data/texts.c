/* texts.c - texts from and to files: arrays of NumPy's 'U' and 'S', and a text on each line. */
#include <string.h>

#include "data/data.h"

/* --- UTF-8 ------------------------------------------------------------------------------------ */

/* Appends a character; what is none becomes U+FFFD. */
static void add_character(kt_str *out, uint32_t c)
{
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = 0xfffd;
    if (c < 0x80) {
        kt_str_addc(out, (char)c);
        return;
    }
    int n = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3; /* bytes that follow the first */
    kt_str_addc(out, (char)((c >> 6 * n) | (0xff00u >> (n + 1) & 0xff)));
    while (n-- > 0)
        kt_str_addc(out, (char)((c >> 6 * n & 0x3f) | 0x80));
}

/* The character at *at, which moves behind it. */
static uint32_t next_character(const char **at, const char *end)
{
    unsigned char c = (unsigned char)*(*at)++;
    int      n = c < 0x80 ? 0 : c < 0xc0 ? -1 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf8 ? 3 : -1;
    uint32_t value = n < 0 ? 0xfffd : n == 0 ? c : c & (0x3fu >> n);

    for (; n > 0; n--) {
        if (*at == end || ((unsigned char)**at & 0xc0) != 0x80)
            return 0xfffd;
        value = value << 6 | ((unsigned char)*(*at)++ & 0x3f);
    }
    return value;
}

/* --- arrays ----------------------------------------------------------------------------------- */

static void read_wide(kt_str *out, const char *item, int bytes)
{
    int      n = bytes / 4;
    uint32_t c;

    for (; n > 0; n--) { /* zeros fill it up */
        memcpy(&c, item + 4 * (n - 1), 4);
        if (c)
            break;
    }
    for (int i = 0; i < n; i++) {
        memcpy(&c, item + (size_t)i * 4, 4);
        add_character(out, c);
    }
}

static void read_narrow(kt_str *out, const char *item, int bytes)
{
    while (bytes > 0 && !item[bytes - 1])
        bytes--;
    kt_str_addn(out, item, (size_t)bytes);
}

kt_tensor *kt_texts_from_array(const kt_array *a)
{
    kt_shape   s = {.rank = a->rank};
    kt_arena   arena = {0};
    kt_str     text = {0};
    kt_tensor *t, *whole = NULL;

    memcpy(s.dim, a->dim, (size_t)a->rank * sizeof *s.dim);
    t = kt_tensor_new(KT_STRING, s);
    for (int64_t i = 0; t && !text.failed && !arena.failed && i < t->count; i++) {
        const char *item = (const char *)a->data + (size_t)i * (size_t)a->item;
        text.len = 0;
        if (a->type == 'U')
            read_wide(&text, item, a->item);
        else
            read_narrow(&text, item, a->item);
        ((kt_text **)t->data)[i] = kt_text_new(&arena, kt_str_text(&text), text.len);
    }
    if (t && !text.failed && !arena.failed)
        whole = kt_texts_own(kt_text_items(t), s);
    kt_tensor_unref(t);
    kt_str_free(&text);
    kt_arena_free(&arena);
    return whole;
}

static int64_t characters(const kt_text *t)
{
    const char *p = kt_text_bytes(t), *end = p + kt_text_size(t);
    int64_t     n = 0;

    while (p < end) {
        next_character(&p, end);
        n++;
    }
    return n;
}

kt_tensor *kt_array_from_texts(kt_array *out, const kt_tensor *t)
{
    int64_t width = 1;

    for (int64_t i = 0; i < t->count; i++) {
        int64_t n = characters(kt_text_items(t)[i]);
        width = n > width ? n : width;
    }
    kt_tensor *held = width < INT32_MAX / 8 ? kt_tensor_new(KT_I32, KT_SHAPE(t->count, width))
                                            : NULL;
    if (!held)
        return NULL;
    for (int64_t i = 0; i < t->count; i++) {
        const char *p = kt_text_bytes(kt_text_items(t)[i]),
                   *end = p + kt_text_size(kt_text_items(t)[i]);
        for (int64_t k = 0; p < end; k++)
            ((int32_t *)held->data)[i * width + k] = (int32_t)next_character(&p, end);
    }
    *out = (kt_array){
        .type = 'U', .item = (int)(4 * width), .rank = t->shape.rank, .data = held->data};
    memcpy(out->dim, t->shape.dim, (size_t)t->shape.rank * sizeof *out->dim);
    return held;
}

/* --- lines ------------------------------------------------------------------------------------ */

kt_tensor *kt_texts_from_lines(const char *text, size_t size, kt_fault *f)
{
    const char *end = text + size;
    int64_t     rows = 0;
    kt_arena    a = {0};
    kt_tensor  *t, *whole = NULL;

    for (const char *p = text; p < end; rows++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        p = stop ? stop + 1 : end;
    }
    t = kt_tensor_new(KT_STRING, KT_SHAPE(rows, 1));
    for (int64_t i = 0; t && !a.failed && i < rows; i++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t      n = (size_t)((stop ? stop : end) - text);
        bool        cr = n > 0 && text[n - 1] == '\r';
        ((kt_text **)t->data)[i] = kt_text_new(&a, text, n - cr);
        text = stop ? stop + 1 : end;
    }
    if (t && !a.failed)
        whole = kt_texts_own(kt_text_items(t), t->shape);
    if (!whole)
        kt_raise_memory(f);
    kt_tensor_unref(t);
    kt_arena_free(&a);
    return whole;
}
