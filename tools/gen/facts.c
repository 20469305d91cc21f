/* facts.c - what real Keras said of the classes: rows of tests/goldens. */
#include "gen.h"

#include <stdio.h>
#include <string.h>

static const char *const files[] = {
    "objects",
    "optimizers",
    "callbacks",
    "metrics",
    "training",
    "configs",
    "constructors",
    "refusals",
    "preprocessing_configs",
    "augmentation_configs",
    "messages",
    "texts_configs",
};

static struct {
    kt_arena arena;
    kt_vec   rows; /* kt_value * */
} facts;

static bool read_rows(const char *path, const kt_bytes *file, kt_fault *f)
{
    const char *s = (const char *)file->data, *end = s + file->size;

    while (s < end) {
        const char *stop = memchr(s, '\n', (size_t)(end - s));
        size_t      n = (size_t)((stop ? stop : end) - s);
        kt_value   *row = kt_json_parse(path, s, n, &facts.arena, f);
        if (!row || !kt_vec_push(&facts.rows, row))
            return false;
        s += n + 1;
    }
    return true;
}

bool facts_open(const char *source)
{
    kt_fault f = {0};
    bool     good = true;

    for (size_t i = 0; i < KT_COUNT(files) && good; i++) {
        char     path[4096];
        kt_bytes file = {0};
        snprintf(path, sizeof path, "%s/tests/goldens/%s.jsonl", source, files[i]);
        good = kt_file_read(path, &file, &f) == KT_OK && read_rows(path, &file, &f);
        kt_bytes_free(&file);
    }
    if (!good)
        fprintf(stderr, "keratin-gen: %s\n", f.e.message ? f.e.message : "no memory");
    kt_fault_clear(&f);
    return good;
}

void facts_close(void)
{
    kt_vec_free(&facts.rows);
    kt_arena_free(&facts.arena);
}

const kt_value *facts_row(size_t i)
{
    return i < facts.rows.n ? facts.rows.at[i] : NULL;
}

/* --- calls in texts --------------------------------------------------------------------------- */

static bool is_part_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Behind the parenthesis that closes the one at s; NULL: none does. */
static const char *behind_call(const char *s)
{
    char quote = 0;
    int  depth = 0;

    for (; *s; s++) {
        if (quote ? *s == quote : *s == '\'' || *s == '"')
            quote = quote ? 0 : *s;
        else if (!quote && strchr("([{", *s))
            depth++;
        else if (!quote && strchr(")]}", *s) && --depth == 0)
            return s + 1;
    }
    return NULL;
}

bool call_in(const char *text, const char *name, kt_str *out)
{
    size_t n = strlen(name);

    for (const char *at = text; (at = strstr(at, name)) != NULL; at++) {
        const char *end = at[n] == '(' ? behind_call(at + n) : NULL;
        if (!end || (at > text && is_part_of_name(at[-1])))
            continue;
        kt_str_addn(out, at, (size_t)(end - at));
        return true;
    }
    return false;
}

bool next_called(const char **at, kt_str *out)
{
    for (const char *p = *at; *p;) {
        size_t n = 0;
        while (is_part_of_name(p[n]))
            n++;
        if (n > 0 && p[n] == '(') {
            kt_str_free(out);
            kt_str_addn(out, p, n);
            *at = p + n;
            return true;
        }
        p += n + (n == 0);
    }
    return false;
}
