/* vec.c - pointers in order, and pointers found by pointer. */
#include "base/base.h"

bool kt_vec_push(kt_vec *v, void *p)
{
    if (v->n == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 8;
        void **at = cap <= SIZE_MAX / sizeof *at ? kt_realloc(v->at, cap * sizeof *at) : NULL;
        if (!at) {
            return false;
        }
        v->at = at;
        v->cap = cap;
    }
    v->at[v->n++] = p;
    return true;
}

void kt_vec_free(kt_vec *v)
{
    kt_free(v->at);
    *v = (kt_vec){0};
}

/* The place of `key`, or the free place where it belongs. cap is a power of two and never full. */
static size_t place(const kt_map *m, const void *key)
{
    /* Fibonacci hashing: the low bits of addresses are alike, the product's high bits are not. */
    uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
    size_t   at = (size_t)(hash >> 32) & (m->cap - 1);
    while (m->key[at] && m->key[at] != key) {
        at = (at + 1) & (m->cap - 1);
    }
    return at;
}

static bool grow(kt_map *m)
{
    size_t cap = m->cap ? m->cap * 2 : 16;
    kt_map larger = {
        .key = kt_calloc(cap, sizeof *larger.key),
        .val = kt_calloc(cap, sizeof *larger.val),
        .n = m->n,
        .cap = cap,
    };
    if (!larger.key || !larger.val) {
        kt_map_free(&larger);
        return false;
    }
    for (size_t i = 0; i < m->cap; i++) {
        if (m->key[i]) {
            size_t at = place(&larger, m->key[i]);
            larger.key[at] = m->key[i];
            larger.val[at] = m->val[i];
        }
    }
    kt_map_free(m);
    *m = larger;
    return true;
}

bool kt_map_set(kt_map *m, const void *key, void *val)
{
    KT_ASSERT(key);
    if ((m->n + 1) * 4 > m->cap * 3 && !grow(m)) {
        return false;
    }
    size_t at = place(m, key);
    m->n += m->key[at] == NULL;
    m->key[at] = key;
    m->val[at] = val;
    return true;
}

void *kt_map_get(const kt_map *m, const void *key)
{
    return m->n && key ? m->val[place(m, key)] : NULL;
}

void kt_map_free(kt_map *m)
{
    kt_free(m->key);
    kt_free(m->val);
    *m = (kt_map){0};
}
