/* str.c - growing text, comparison, and the nearest name to a misspelt one. */
#include "base/base.h"

#include <locale.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers with a decimal point, whatever the program's locale is ------------------------- */

/* Made once and kept; 0 without memory, which leaves the program's. */
static locale_t plain_locale(void)
{
    static _Atomic(locale_t) kept;
    locale_t                 l = atomic_load(&kept), none = (locale_t)0;
    if (l) {
        return l;
    }
    l = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (l && !atomic_compare_exchange_strong(&kept, &none, l)) {
        freelocale(l);
        l = none;
    }
    return l;
}

double kt_strtod(const char *s, char **end)
{
    locale_t before = uselocale(plain_locale());
    double   x = strtod(s, end);
    uselocale(before);
    return x;
}

/* --- growing text --------------------------------------------------------------------------- */

/* Makes room for `more` bytes and the final zero. */
static bool reserve(kt_str *s, size_t more)
{
    size_t limit = s->limit ? s->limit : KT_STR_LIMIT;
    if (s->failed || s->len > limit || more > limit - s->len) {
        s->failed = true;
        return false;
    }
    size_t need = s->len + more + 1;
    if (need <= s->cap) {
        return true;
    }
    size_t cap = s->cap < 32 ? 64 : s->cap * 2;
    cap = cap < need ? need : cap;
    char *data = kt_realloc(s->data, cap);
    if (!data) {
        s->failed = true;
        return false;
    }
    if (!s->data) {
        data[0] = '\0';
    }
    s->data = data;
    s->cap = cap;
    return true;
}

void kt_str_add(kt_str *s, const char *text)
{
    if (text) {
        kt_str_addn(s, text, strlen(text));
    }
}

void kt_str_addn(kt_str *s, const char *text, size_t n)
{
    if (n && reserve(s, n)) {
        memcpy(s->data + s->len, text, n);
        s->len += n;
        s->data[s->len] = '\0';
    }
}

void kt_str_addc(kt_str *s, char c)
{
    kt_str_addn(s, &c, 1);
}

void kt_str_printf(kt_str *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    kt_str_vprintf(s, fmt, ap);
    va_end(ap);
}

void kt_str_vprintf(kt_str *s, const char *fmt, va_list ap)
{
    locale_t before = uselocale(plain_locale());
    va_list  again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0) {
        s->failed = true;
    } else if (reserve(s, (size_t)n)) {
        vsnprintf(s->data + s->len, (size_t)n + 1, fmt, again);
        s->len += (size_t)n;
    }
    va_end(again);
    uselocale(before);
}

const char *kt_str_text(const kt_str *s)
{
    return s->data ? s->data : "";
}

void kt_str_free(kt_str *s)
{
    kt_free(s->data);
    size_t limit = s->limit;
    *s = (kt_str){.limit = limit};
}

char *kt_str_keep(kt_str *s, kt_arena *a)
{
    char *kept = s->failed ? NULL : kt_arena_strndup(a, kt_str_text(s), s->len);

    a->failed = a->failed || !kept;
    kt_str_free(s);
    return kept;
}

/* --- did you mean -------------------------------------------------------------------------- */

#define LONGEST_WORD 63 /* longer ones are no names */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int smallest(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* How many letters were inserted, left out, replaced or swapped between a and b; upper and lower
 * case are the same. */
static int edit_distance(const char *a, size_t na, const char *b, size_t nb)
{
    int  rows[3][LONGEST_WORD + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= nb; j++) {
        above[j] = (int)j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= na; i++) {
        row[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            int differs = lower(a[i - 1]) != lower(b[j - 1]);
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + differs);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
        }
        int *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[nb];
}

const char *kt_did_you_mean(const char *word, const char *const *names, size_t n)
{
    size_t len = word ? strlen(word) : 0;
    if (len == 0 || len > LONGEST_WORD) {
        return NULL;
    }
    const char *best = NULL;
    int         best_distance = 0;
    for (size_t k = 0; k < n; k++) {
        size_t size = names[k] ? strlen(names[k]) : 0;
        if (size == 0 || size > LONGEST_WORD) {
            continue;
        }
        /* A third of the letters may be wrong: more than that is another word. */
        int allowed = (int)((size > len ? size : len) / 3);
        int distance = edit_distance(word, len, names[k], size);
        if (distance <= allowed && (!best || distance < best_distance)) {
            best = names[k];
            best_distance = distance;
        }
    }
    return best;
}
