/* words.c - a hash table of texts (FNV-1a, so that a text may be hashed byte by byte), at most half
 * full. */
#include "nn/texts/words.h"

#include <string.h>

static uint64_t hash_of(const char *bytes, size_t size)
{
    uint64_t h = KT_WORDS_SEED;

    for (size_t i = 0; i < size; i++)
        h = kt_words_hash(h, (unsigned char)bytes[i]);
    return h;
}

static uint64_t place_of(const kt_words *w, uint64_t hash)
{
    return (hash ^ hash >> 32) & (uint64_t)(w->room - 1);
}

int64_t kt_words_match(const kt_words *w, uint64_t                                      hash,
                       bool (*same)(const void *context, const kt_text *t), const void *context)
{
    uint64_t at = w->room ? place_of(w, hash) : 0;

    for (; w->room && w->slot[at]; at = (at + 1) & (uint64_t)(w->room - 1))
        if (same(context, w->text[w->slot[at] - 1]))
            return w->slot[at] - 1;
    return -1;
}

typedef struct piece {
    const char *bytes;
    size_t      size;
} piece;

static bool same_bytes(const void *context, const kt_text *t)
{
    const piece *p = context;

    return t->size == p->size && memcmp(t->bytes, p->bytes, p->size) == 0;
}

int64_t kt_words_find(const kt_words *w, const char *bytes, size_t size)
{
    return kt_words_match(w, hash_of(bytes, size), same_bytes, &(piece){bytes, size});
}

static void place(kt_words *w, int64_t number)
{
    uint64_t at = place_of(w, hash_of(w->text[number]->bytes, w->text[number]->size));

    while (w->slot[at])
        at = (at + 1) & (uint64_t)(w->room - 1);
    w->slot[at] = number + 1;
}

/* Twice the room. */
static bool grow(kt_words *w)
{
    int64_t         room = w->room ? w->room * 2 : 64;
    int64_t        *slot = kt_calloc((size_t)room, sizeof *slot);
    const kt_text **text = slot ? kt_realloc(w->text, (size_t)room / 2 * sizeof *text) : NULL;

    if (!text) {
        kt_free(slot);
        return false;
    }
    kt_free(w->slot);
    w->slot = slot;
    w->text = text;
    w->room = room;
    for (int64_t i = 0; i < w->n; i++)
        place(w, i);
    return true;
}

int64_t kt_words_add(kt_words *w, const char *bytes, size_t size)
{
    int64_t found = kt_words_find(w, bytes, size);

    if (found >= 0)
        return found;
    const kt_text *t = kt_text_new(w->arena, bytes, size);
    if (!t || (w->n >= w->room / 2 && !grow(w)))
        return -1;
    w->text[w->n] = t;
    place(w, w->n);
    return w->n++;
}

const kt_text *kt_words_text(const kt_words *w, int64_t number)
{
    return number >= 0 && number < w->n ? w->text[number] : NULL;
}

void kt_words_free(kt_words *w)
{
    kt_free(w->slot);
    kt_free(w->text);
    *w = (kt_words){0};
}
