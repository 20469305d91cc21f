/* csv_logger.c - CSVLogger: one line of numbers per epoch. */
#include <stdio.h>

#include "model/callback.h"

#define FIELDS(F)                                      \
    F(STR, filename, REQUIRED, "", "The file.")        \
    F(STR, separator, ",", "", "Between the numbers.") \
    F(BOOL, append, "False", "", "Go on with an existing file.")
KT_CONFIG(FIELDS);

typedef struct state {
    FILE *file;
    bool  titled;
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

/* One number, or several as Keras' csv module quotes its list: """[0.5, 1.0]""". */
static void add_numbers(kt_str *line, const kt_history *h, const char *key)
{
    int width = kt_history_width(h, key), list = kt_history_is_list(h, key);

    kt_str_add(line, list ? "\"\"\"[" : "");
    for (int i = 0; i < width; i++) {
        kt_str_add(line, i ? ", " : "");
        kt_repr_double(line, kt_history_at(h, key, -1, i));
    }
    kt_str_add(line, list ? "]\"\"\"" : "");
}

static kt_status epoch_end(kt_callback_run *r)
{
    const config *c = r->config;
    state        *s = r->state;
    kt_str        line = {0};

    if (!s->titled) {
        kt_str_add(&line, "epoch");
        for (int i = 0; i < kt_history_keys(r->h); i++)
            kt_str_printf(&line, "%s%s", c->separator, kt_history_key(r->h, i));
        kt_str_addc(&line, '\n');
        s->titled = true;
    }
    kt_str_printf(&line, "%lld", (long long)r->epoch);
    for (int i = 0; i < kt_history_keys(r->h); i++) {
        kt_str_add(&line, c->separator);
        add_numbers(&line, r->h, kt_history_key(r->h, i));
    }
    kt_str_addc(&line, '\n');
    if (fputs(kt_str_text(&line), s->file) < 0 || fflush(s->file) != 0)
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
