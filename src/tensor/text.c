/* text.c - tensors of texts: pointers, and behind them, in the same block, what they point to.
 *
 * Elements move as any others do (rows, reshapes, batches, plans), and no pointer is ever made of
 * numbers: kt_convert gives empty texts. */
#include <string.h>

#include "tensor/tensor.h"

size_t kt_text_size(const kt_text *t)
{
    return t ? t->size : 0;
}

const char *kt_text_bytes(const kt_text *t)
{
    return t ? t->bytes : "";
}

/* With the zero behind it, in whole pointers. */
static size_t room_for(size_t size)
{
    const size_t unit = sizeof(kt_text *);

    return (sizeof(kt_text) + size + 1 + unit - 1) / unit * unit;
}

static kt_text *fill(void *place, const char *bytes, size_t size)
{
    kt_text *t = place;

    t->size = size;
    if (size)
        memcpy(t->bytes, bytes, size);
    t->bytes[size] = '\0';
    return t;
}

kt_text *kt_text_new(kt_arena *a, const char *bytes, size_t size)
{
    void *place = size < SIZE_MAX / 2 ? kt_arena_alloc(a, room_for(size)) : NULL;

    return place ? fill(place, bytes, size) : NULL;
}

bool kt_text_equal(const kt_text *a, const kt_text *b)
{
    return kt_text_compare(a, b) == 0;
}

int kt_text_compare(const kt_text *a, const kt_text *b)
{
    size_t n = kt_text_size(a), m = kt_text_size(b), common = n < m ? n : m;
    int    order = memcmp(kt_text_bytes(a), kt_text_bytes(b), common);

    return order ? order : (n > m) - (n < m);
}

const kt_text *const *kt_text_items(const kt_tensor *t)
{
    KT_ASSERT(t->dtype == KT_STRING);
    return t->data;
}

kt_tensor *kt_texts_own(const kt_text *const *texts, kt_shape shape)
{
    kt_tensor *t = kt_tensor_around(NULL, KT_STRING, shape);
    size_t     size = t ? (size_t)t->count * sizeof *texts : 0, at = size;

    for (int64_t i = 0; t && i < t->count; i++)
        size = texts[i] && size < SIZE_MAX / 2 ? size + room_for(texts[i]->size) : size;
    char *block = t && size < SIZE_MAX / 2 ? kt_alloc(size ? size : 1) : NULL;
    if (!block) {
        kt_tensor_unref(t);
        return NULL;
    }
    const kt_text **element = (const kt_text **)(void *)block;
    for (int64_t i = 0; i < t->count; i++)
        if (texts[i]) {
            element[i] = fill(block + at, texts[i]->bytes, texts[i]->size);
            at += room_for(texts[i]->size);
        }
    t->data = block;
    t->owned = true;
    return t;
}

/* --- public ----------------------------------------------------------------------------------- */

kt_tensor *kt_tensor_from_texts(const char *const *texts, kt_shape shape)
{
    kt_arena   a = {0};
    kt_tensor *t = NULL, *whole = NULL;
    bool       ok;

    if (!texts && kt_shape_count(&shape) != 0) {
        kt_raise_null("kt_tensor_from_texts", "the list of texts");
        return NULL;
    }
    t = kt_tensor_new(KT_STRING, shape);
    ok = t != NULL;
    for (int64_t i = 0; ok && i < t->count; i++)
        if (texts[i]) {
            ((kt_text **)t->data)[i] = kt_text_new(&a, texts[i], strlen(texts[i]));
            ok = !a.failed;
        }
    if (ok)
        whole = kt_texts_own(kt_text_items(t), shape);
    if (t && !whole)
        kt_raise_here(KT_E_MEMORY, "out of memory for a tensor of texts");
    kt_tensor_unref(t);
    kt_arena_free(&a);
    return whole;
}

const char *kt_tensor_text(const kt_tensor *t, int64_t i)
{
    if (!t)
        kt_raise_null("kt_tensor_text", "the tensor");
    else if (t->dtype != KT_STRING)
        kt_raise_here(KT_E_TYPE, "kt_tensor_text: the tensor holds numbers");
    else if (!t->data || i < 0 || i >= t->count)
        kt_raise_here(KT_E_INDEX, "kt_tensor_text: there is no text %lld among %lld", (long long)i,
                      (long long)t->count);
    else
        return kt_text_bytes(kt_text_items(t)[i]);
    return NULL;
}
