/* csv_logger.c - CSVLogger: one line of numbers per epoch. */
#include <stdio.h>
#include <string.h>

#include "model/callback.h"

#define FIELDS(F)                                      \
    F(STR, filename, REQUIRED, "", "The file.")        \
    F(STR, separator, ",", "", "Between the numbers.") \
    F(BOOL, append, "False", "", "Go on with an existing file.")
KT_CONFIG(FIELDS);

typedef struct state {
    FILE    *file;
    bool     titled;
    kt_vec   keys; /* const char *, in the arena */
    kt_arena arena;
} state;

static kt_status begin(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;

    s->file = fopen(c->filename, c->append ? "a" : "w");
    if (!s->file)
        return kt_raise(r->fault, KT_E_OS, "CSVLogger: cannot write '%s'", c->filename);
    s->titled = c->append && fseek(s->file, 0, SEEK_END) == 0 && ftell(s->file) > 0;
    return KT_OK;
}

/* As Python's csv module writes it: in quotes where it must be. */
static void add_cell(kt_str *line, const char *text, const char *separator)
{
    if (!strpbrk(text, "\"\r\n") && !strstr(text, separator)) {
        kt_str_add(line, text);
        return;
    }
    kt_str_addc(line, '"');
    for (const char *p = text; *p; p++)
        kt_str_printf(line, *p == '"' ? "%c\"" : "%c", *p);
    kt_str_addc(line, '"');
}

static void add_titles(kt_str *line, const state *s, const char *separator)
{
    kt_str_add(line, "epoch");
    for (size_t i = 0; i < s->keys.n; i++) {
        kt_str_add(line, separator);
        add_cell(line, s->keys.at[i], separator);
    }
    kt_str_add(line, "\r\n");
}

/* The columns are those of the first epoch; without validation Keras adds columns for it, which
 * have no values. */
static kt_status choose_keys(kt_callback_run *r)
{
    state *s = r->state;
    int    n = kt_history_keys(r->h);
    bool   validates = false, ok = true;

    for (int i = 0; i < n; i++) {
        const char *key = kt_history_key(r->h, i);
        validates = validates || strncmp(key, "val_", 4) == 0;
        ok = ok && kt_vec_push(&s->keys, (void *)(uintptr_t)kt_arena_strdup(&s->arena, key));
    }
    for (int i = 0; !validates && i < n; i++)
        ok = ok && kt_vec_push(&s->keys, (void *)(uintptr_t)kt_arena_printf(
                                             &s->arena, "val_%s", kt_history_key(r->h, i)));
    return ok && !s->arena.failed ? KT_OK : kt_raise_memory(r->fault);
}

/* The numbers of a key: one, or several as the text that Keras makes of them, with its quotes. */
static void add_numbers(kt_str *text, const kt_history *h, const char *key)
{
    bool list = kt_history_is_list(h, key);

    kt_str_add(text, list ? "\"[" : "");
    for (int i = 0; i < kt_history_width(h, key); i++) {
        kt_str_add(text, i ? ", " : "");
        kt_repr_double(text, kt_history_at(h, key, -1, i));
    }
    kt_str_add(text, list ? "]\"" : "");
}

static void add_values(kt_str *line, const kt_callback_run *r)
{
    const config *c = r->config;
    const state  *s = r->state;

    kt_str_printf(line, "%lld", (long long)r->epoch);
    for (size_t i = 0; i < s->keys.n; i++) {
        kt_str text = {0};
        double value;
        if (kt_monitored(r, s->keys.at[i], &value))
            add_numbers(&text, r->h, s->keys.at[i]);
        else
            kt_str_add(&text, "NA");
        kt_str_add(line, c->separator);
        add_cell(line, kt_str_text(&text), c->separator);
        line->failed = line->failed || text.failed;
        kt_str_free(&text);
    }
    kt_str_add(line, "\r\n");
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    kt_str        line = {0};

    if (strlen(c->separator) != 1)
        return kt_raise(r->fault, KT_E_TYPE, "\"delimiter\" must be a 1-character string");
    if (s->keys.n == 0 && choose_keys(r) != KT_OK)
        return r->fault->e.status;
    if (!s->titled)
        add_titles(&line, s, c->separator);
    s->titled = true;
    add_values(&line, r);
    if (line.failed)
        kt_raise_memory(r->fault);
    else if (fputs(kt_str_text(&line), s->file) < 0 || fflush(s->file) != 0)
        kt_raise(r->fault, KT_E_OS, "CSVLogger: cannot write '%s'", c->filename);
    kt_str_free(&line);
    return r->fault->e.status;
}

static void end(kt_callback_run *r)
{
    state *s = r->state;

    if (s->file)
        fclose(s->file);
    s->file = NULL;
    kt_vec_free(&s->keys);
    kt_arena_free(&s->arena);
}

static const kt_callback_type csv_logger = {
    .cls = {.class_name = "CSVLogger",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Writes one line of numbers per epoch."},
    .begin = begin,
    .epoch_end = epoch_end,
    .end = end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_csv_logger[] = {&csv_logger.cls, NULL};
