/* damage.c - see damage.h. */
#include "support/damage.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALLOCATION_LIMIT 100000
enum { MOST_WORDS = 512, MOST_LENGTH = 40 };

/* In memory of exactly that size, so that the address sanitizer sees every read past the end. */
static bool accepts(damage_reader *read, const uint8_t *data, size_t size)
{
    kt_fault f = {0};
    uint8_t *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    memcpy(copy, data, size);
    kt_status s = read(copy, size, &f);
    free(copy);
    assert_int_equal(s, f.e.status);
    if (s != KT_OK)
        assert_true(f.e.message && strlen(f.e.message) > 0);
    kt_fault_clear(&f);
    return s == KT_OK;
}

long damage_cut(damage_reader *read, const uint8_t *data, size_t size)
{
    long longest = -1;

    assert_true(accepts(read, data, size));
    for (size_t n = 0; n < size; n++)
        if (accepts(read, data, n))
            longest = (long)n;
    return longest;
}

long damage_flip(damage_reader *read, const uint8_t *data, size_t size, int per_byte)
{
    uint8_t *copy = malloc(size);
    long     accepted = 0;

    assert_non_null(copy);
    memcpy(copy, data, size);
    for (size_t i = 0; i < size; i++)
        for (int k = 0; k < per_byte; k++) {
            uint8_t bit = (uint8_t)(1u << ((i + (size_t)k * 8 / (size_t)per_byte) % 8));
            copy[i] ^= bit;
            accepted += accepts(read, copy, size);
            copy[i] ^= bit;
        }
    free(copy);
    return accepted;
}

long damage_memory(damage_reader *read, const uint8_t *data, size_t size)
{
    for (long n = 1; n < ALLOCATION_LIMIT; n++) {
        kt_fault f = {0};

        kt_alloc_fail_after(n);
        kt_status s = read(data, size, &f);
        kt_alloc_fail_after(0);
        kt_fault_clear(&f);
        if (s == KT_OK)
            return n - 1;
        assert_int_equal(s, KT_E_MEMORY);
    }
    fail_msg("more than %d allocations", ALLOCATION_LIMIT);
    return 0;
}

/* --- what is said of damage ------------------------------------------------------------------- */

typedef struct said {
    char     words[MOST_LENGTH + 1];
    long     n;
    uint64_t sum;
} said;

static uint64_t seen;

static uint64_t mixed(uint64_t h, const void *data, size_t size)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < size; i++)
        h = (h ^ p[i]) * UINT64_C(0x100000001B3);
    return h;
}

void damage_saw(const void *data, size_t size)
{
    seen = mixed(seen, data, size);
}

/* A message without numbers and what stands in quotes. */
static void plain(const char *message, char *words)
{
    size_t n = 0;

    while (*message && n < MOST_LENGTH) {
        const char *end = *message == '\'' ? strchr(message + 1, '\'') : NULL;
        size_t      digits = strspn(message, "0123456789");
        words[n++] = end ? '*' : digits ? '#' : *message == '\n' ? ' ' : *message;
        message = end ? end + 1 : message + (digits ? digits : 1);
    }
    words[n] = '\0';
}

static void note(said *all, damage_reader *read, const uint8_t *data, size_t size)
{
    kt_fault f = {0};
    char     words[MOST_LENGTH + 1] = "read";
    int      k = 0;

    seen = mixed(UINT64_C(0xCBF29CE484222325), NULL, 0);
    if (read(data, size, &f) != KT_OK) {
        plain(f.e.message, words);
        damage_saw(f.e.message, strlen(f.e.message));
    }
    kt_fault_clear(&f);
    while (all[k].n > 0 && strcmp(all[k].words, words) != 0)
        assert_true(++k < MOST_WORDS);
    memcpy(all[k].words, words, sizeof words);
    all[k].n++;
    all[k].sum += seen;
}

static int by_words(const void *a, const void *b)
{
    return strcmp(((const said *)a)->words, ((const said *)b)->words);
}

static void print(said *all, const char *seed, kt_str *out)
{
    int n = 0;

    while (n < MOST_WORDS && all[n].n > 0)
        n++;
    qsort(all, (size_t)n, sizeof *all, by_words);
    for (int k = 0; k < n; k++)
        kt_str_printf(out, "%s %ld %016llx %s\n", seed, all[k].n, (unsigned long long)all[k].sum,
                      all[k].words);
}

void damage_words(const char *seed, damage_reader *read, const uint8_t *data, size_t size,
                  const char *as, kt_str *out)
{
    said    *all = kt_calloc(MOST_WORDS, sizeof *all);
    uint8_t *copy = malloc(size + 1);

    assert_non_null(all);
    assert_non_null(copy);
    memcpy(copy, data, size);
    note(all, read, copy, size);
    for (size_t i = 0; i < size; i++) {
        const uint8_t near[] = {(uint8_t)(data[i] + 1), (uint8_t)(data[i] - 1), 0, 255,
                                (uint8_t)(data[i] ^ 1u << i % 8)};
        size_t        count = as ? strlen(as) : sizeof near;
        for (size_t k = 0; k < count; k++) {
            copy[i] = as ? (uint8_t)as[k] : near[k];
            note(all, read, copy, size);
        }
        memmove(copy + i, data + i + 1, size - i - 1); /* left out */
        note(all, read, copy, size - 1);
        memcpy(copy + i + 1, data + i, size - i); /* doubled */
        copy[i] = data[i];
        note(all, read, copy, size + 1);
        memcpy(copy + i, data + i, size - i);
    }
    free(copy);
    print(all, seed, out);
    kt_free(all);
}

void damage_names(const char *seed, damage_reader *read, const uint8_t *data, size_t size,
                  kt_str *out)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:/.-";
    said    *all = kt_calloc(MOST_WORDS, sizeof *all);
    uint8_t *copy = malloc(size + 1);
    size_t   length = 0;

    assert_non_null(all);
    assert_non_null(copy);
    memcpy(copy, data, size);
    note(all, read, copy, size);
    for (size_t i = 0; i < size; i++) {
        if (data[i] == 0 && length >= 3) {
            copy[i - 1] = data[i - 1] == 'x' ? 'y' : 'x';
            note(all, read, copy, size);
            copy[i - 1] = data[i - 1];
        }
        length = data[i] && strchr(letters, data[i]) ? length + 1 : 0;
    }
    free(copy);
    print(all, seed, out);
    kt_free(all);
}

static void note_value(said *all, damage_reader *read, const kt_value *root)
{
    kt_str text = {0};

    kt_json_print(&text, root, -1);
    note(all, read, (const uint8_t *)kt_str_text(&text), text.len);
    kt_str_free(&text);
}

static void change_inside(said *all, damage_reader *read, const kt_value *root, kt_value *v)
{
    static kt_value two = {.kind = KT_INT, .i = 2}, *items[] = {&two};
    static kt_value as[] = {
        {.kind = KT_NONE},
        {.kind = KT_INT, .i = -1},
        {.kind = KT_FLOAT, .f = 2.5},
        {.kind = KT_STR, .s = "x"},
        {.kind = KT_DICT},
        {.kind = KT_LIST, .items = items, .n = 1},
    };

    for (size_t i = 0; (kt_value_is_seq(v) || v->kind == KT_DICT) && i < v->n; i++) {
        kt_value *was = v->items[i], **last = &v->items[v->n - 1], *moved = *last;
        for (size_t k = 0; k < KT_COUNT(as); k++) {
            v->items[i] = &as[k];
            note_value(all, read, root);
        }
        v->items[i] = moved; /* the last one takes its place */
        const char *key = v->kind == KT_DICT ? v->keys[i] : NULL;
        if (key)
            v->keys[i] = v->keys[v->n - 1];
        v->n--;
        note_value(all, read, root);
        v->n++;
        if (key)
            v->keys[i] = key;
        *last = moved;
        v->items[i] = was;
        change_inside(all, read, root, was);
    }
}

void damage_values(const char *seed, damage_reader *read, const damage_part *texts, size_t n,
                   kt_str *out)
{
    said *all = kt_calloc(MOST_WORDS, sizeof *all);

    assert_non_null(all);
    for (size_t i = 0; i < n; i++) {
        note_value(all, read, texts[i].root);
        change_inside(all, read, texts[i].root, texts[i].part);
    }
    print(all, seed, out);
    kt_free(all);
}

void damage_sum(uint32_t *sum, const char *text)
{
    for (; text && *text; text++)
        *sum = (*sum ^ (unsigned char)*text) * 16777619u;
}

void damage_number(uint32_t *sum, double v)
{
    char text[32];

    snprintf(text, sizeof text, isnan(v) ? "nan " : fabs(v) < 1e-7 ? "0 " : "%.5g ", v);
    damage_sum(sum, text);
}

void damage_refused(damage_seen *s, kt_str *line, const char *message, const char *and_word,
                    int shown)
{
    size_t n = and_word ? strlen(and_word) : 0;
    kt_str kind = {0};

    for (char *p = line->data; p && *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    for (const char *p = message; *p; p++)
        if (!strchr("0123456789-,()[] ", *p) && (!n || strncmp(p, and_word, n) != 0))
            kt_str_addc(&kind, *p);
    damage_sum(&s->sum, kt_str_text(line));
    s->refusals++;
    if (!s->quiet && !strstr(kt_str_text(&s->kinds), kt_str_text(&kind))) {
        kt_str_printf(&s->kinds, "%s\n", kt_str_text(&kind));
        kt_str_printf(&s->lines, "%.*s\n", shown, kt_str_text(line));
    }
    kt_str_free(&kind);
}

bool damage_in_turn(const char *name)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    uint32_t sum = DAMAGE_SUM;

    damage_sum(&sum, name);
    return sum % 3 == 0;
#else
    (void)name;
    return true;
#endif
}

void damage_told(damage_seen *s, const char *before, kt_str *lines)
{
    kt_str_printf(lines, "%s%s%s: %d refused, %d not %08x\n", kt_str_text(&s->lines), before,
                  s->name, s->refusals, s->results, s->sum);
    kt_str_free(&s->lines);
    kt_str_free(&s->kinds);
}

void damage_as_kept(const kt_str *lines)
{
    const char *path = getenv("KERATIN_DAMAGE_WORDS"), *top = getenv("KERATIN_SOURCE");
    FILE       *out = path ? fopen(path, "a") : NULL;
    kt_str      name = {0}, want = {0};
    kt_bytes    kept = {0};
    kt_fault    f = {0};
    size_t      bad = 0;

    kt_str_printf(&name, "%s/tests/support/damage_words.txt", top ? top : ".");
    if (kt_file_read(kt_str_text(&name), &kept, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    kt_str_add(&want, "\n");
    kt_str_addn(&want, (const char *)kept.data, kept.size);
    if (out) {
        fputs(kt_str_text(lines), out);
        fclose(out);
    }
    for (const char *line = kt_str_text(lines), *end; *line; line = end) {
        kt_str one = {0};
        end = strchr(line, '\n') + 1;
        kt_str_add(&one, "\n");
        kt_str_addn(&one, line, (size_t)(end - line));
        if (!strstr(kt_str_text(&want), kt_str_text(&one)) && bad++ < 20)
            print_error("%s", kt_str_text(&one) + 1);
        kt_str_free(&one);
    }
    kt_str_free(&name);
    kt_str_free(&want);
    kt_bytes_free(&kept);
    if (bad > 0)
        fail_msg("%zu lines are not in tests/support/damage_words.txt (CONTRIBUTING.md, \"Do the "
                 "tests notice?\", says how a change on purpose is kept)",
                 bad);
}
