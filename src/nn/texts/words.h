/* words.h - the texts that a layer knows, each with a number: so that what looks up, counts and
 * checks numbers serves texts, too. */
#ifndef KT_WORDS_H
#define KT_WORDS_H

#include "base/base.h"
#include "tensor/tensor.h"

/* {0} to start. Texts lie in the caller's arena. */
typedef struct kt_words {
    kt_arena       *arena;
    const kt_text **text; /* by number */
    int64_t         n;
    int64_t        *slot; /* number + 1, or 0; `room` of them, a power of two */
    int64_t         room;
} kt_words;

/* A text that comes in pieces: start with KT_WORDS_SEED, add its bytes in order. */
#define KT_WORDS_SEED 0xcbf29ce484222325u
static inline uint64_t kt_words_hash(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 0x100000001b3u;
}

/* Its number, a new one if it had none; -1 without memory. */
int64_t kt_words_add(kt_words *w, const char *bytes, size_t size);
/* Its number, or -1. */
int64_t kt_words_find(const kt_words *w, const char *bytes, size_t size);
/* The number of the text with this hash that is `same`, or -1. */
int64_t kt_words_match(const kt_words *w, uint64_t                                      hash,
                       bool (*same)(const void *context, const kt_text *t), const void *context);
/* NULL out of range. */
const kt_text *kt_words_text(const kt_words *w, int64_t number);
void           kt_words_free(kt_words *w); /* what is outside of the arena */

#endif
