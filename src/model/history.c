/* history.c - named series of numbers: what fit and evaluate return. */
#include <math.h>
#include <string.h>

#include "model/step.h"

kt_history *kt_history_new(void)
{
    return kt_alloc(sizeof(kt_history));
}

void kt_history_free(kt_history *h)
{
    if (!h)
        return;
    for (int i = 0; i < h->n; i++) {
        kt_free(h->key[i]);
        kt_free(h->value[i]);
    }
    kt_free(h->key);
    kt_free(h->value);
    kt_free(h->count);
    kt_free(h->room);
    kt_free(h->width);
    kt_free(h->list);
    kt_free(h);
}

static int find(const kt_history *h, const char *key)
{
    for (int i = 0; i < h->n; i++)
        if (kt_streq(h->key[i], key))
            return i;
    return -1;
}

static bool grown(void *slot, size_t n, size_t item)
{
    void **p = slot;
    void  *fresh = kt_realloc(*p, n * item);

    if (fresh)
        *p = fresh;
    return fresh != NULL;
}

static bool reserve_key(kt_history *h)
{
    if (h->n < h->cap)
        return true;
    size_t cap = h->cap ? (size_t)h->cap * 2 : 8;
    bool   ok = grown(&h->key, cap, sizeof *h->key) && grown(&h->value, cap, sizeof *h->value) &&
              grown(&h->count, cap, sizeof *h->count) && grown(&h->room, cap, sizeof *h->room) &&
              grown(&h->width, cap, sizeof *h->width) && grown(&h->list, cap, sizeof *h->list);
    if (ok)
        h->cap = (int)cap;
    return ok;
}

/* Keras keeps the keys of a history sorted. */
static int insert_key(kt_history *h, const char *key, int width, bool list)
{
    int at = 0;

    if (!reserve_key(h))
        return -1;
    char *copy = kt_strdup(key);
    if (!copy)
        return -1;
    while (at < h->n && strcmp(h->key[at], key) < 0)
        at++;
    size_t tail = (size_t)(h->n - at);
    memmove(h->key + at + 1, h->key + at, tail * sizeof *h->key);
    memmove(h->value + at + 1, h->value + at, tail * sizeof *h->value);
    memmove(h->count + at + 1, h->count + at, tail * sizeof *h->count);
    memmove(h->room + at + 1, h->room + at, tail * sizeof *h->room);
    memmove(h->width + at + 1, h->width + at, tail * sizeof *h->width);
    memmove(h->list + at + 1, h->list + at, tail * sizeof *h->list);
    h->key[at] = copy;
    h->value[at] = NULL;
    h->count[at] = h->room[at] = 0;
    h->width[at] = width;
    h->list[at] = list;
    h->n++;
    return at;
}

/* Room for one more epoch of key `at`. */
static bool reserve_epoch(kt_history *h, int at)
{
    int room = h->room[at] ? h->room[at] * 2 : 8;

    if (h->count[at] < h->room[at])
        return true;
    if (!grown(&h->value[at], (size_t)room * (size_t)(h->width[at] + 1), sizeof(double)))
        return false;
    h->room[at] = room;
    return true;
}

bool kt_history_set(kt_history *h, const char *key, int epoch, const double *v, int n, bool list)
{
    int at = find(h, key);

    KT_ASSERT(epoch >= 0 && n >= 0);
    if (at < 0)
        at = insert_key(h, key, n, list || n != 1);
    if (at < 0)
        return false;
    KT_ASSERT(n == h->width[at]);
    if (epoch >= h->count[at]) {
        if (!reserve_epoch(h, at))
            return false;
        epoch = h->count[at]++;
    }
    double *all = h->value[at];
    for (int i = 0; all && i < n; i++)
        all[(size_t)epoch * (size_t)n + (size_t)i] = v[i];
    return true;
}

int kt_history_keys(const kt_history *h)
{
    return h ? h->n : 0;
}

const char *kt_history_key(const kt_history *h, int i)
{
    return h && i >= 0 && i < h->n ? h->key[i] : NULL;
}

int kt_history_epochs(const kt_history *h)
{
    int most = 0;

    for (int i = 0; h && i < h->n; i++)
        most = h->count[i] > most ? h->count[i] : most;
    return most;
}

/* The numbers of an epoch of key `at`; NULL if there are none. */
static const double *numbers(const kt_history *h, int at, int epoch)
{
    if (at < 0 || epoch < -1 || epoch >= h->count[at] || h->count[at] == 0)
        return NULL;
    return h->value[at] + (size_t)(epoch < 0 ? h->count[at] - 1 : epoch) * (size_t)h->width[at];
}

/* Key `at`, or -1. */
static int find_for(const kt_history *h, const char *key, const char *call)
{
    if (!h || !key)
        kt_raise_null(call, !h ? "the history" : "the key");
    return h && key ? find(h, key) : -1;
}

double kt_history_get(const kt_history *h, const char *key, int epoch)
{
    int           at = find_for(h, key, "kt_history_get");
    const double *v = numbers(h, at, epoch);
    double        sum = 0;

    for (int i = 0; v && i < h->width[at]; i++)
        sum += v[i];
    return !v || h->width[at] == 0 ? NAN : h->width[at] == 1 ? v[0] : sum / h->width[at];
}

int kt_history_width(const kt_history *h, const char *key)
{
    int at = h && key ? find(h, key) : -1;

    return at < 0 ? 0 : h->width[at];
}

int kt_history_is_list(const kt_history *h, const char *key)
{
    int at = h && key ? find(h, key) : -1;

    return at >= 0 && h->list[at];
}

double kt_history_at(const kt_history *h, const char *key, int epoch, int i)
{
    int           at = find_for(h, key, "kt_history_at");
    const double *v = numbers(h, at, epoch);

    return v && i >= 0 && i < h->width[at] ? v[i] : NAN;
}
