/* json.c - writing JSON: the one place of the program that does. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli.h"

static void quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (*p == '\n')
            fputs("\\n", out);
        else if (*p < 0x20 || *p == 0x7f)
            fprintf(out, "\\u%04x", *p);
        else
            fputc(*p, out);
    }
    fputc('"', out);
}

static void start(json *j, const char *key)
{
    if (j->comma)
        fputs(", ", j->out);
    if (key) {
        quoted(j->out, key);
        fputs(": ", j->out);
    }
    j->comma = true;
}

void json_open(json *j, const char *key, char bracket)
{
    start(j, key);
    fputc(bracket, j->out);
    j->comma = false;
}

void json_close(json *j, char bracket)
{
    fputc(bracket, j->out);
    j->comma = true;
}

void json_text(json *j, const char *key, const char *text)
{
    start(j, key);
    if (text)
        quoted(j->out, text);
    else
        fputs("null", j->out);
}

void json_int(json *j, const char *key, int64_t v)
{
    start(j, key);
    fprintf(j->out, "%" PRId64, v);
}

const char *number_text(double v, char text[32])
{
    if (isnan(v))
        return "NaN";
    if (isinf(v))
        return v > 0 ? "Infinity" : "-Infinity";
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    return text;
}

/* NaN and Infinity as Python writes and reads them. */
void json_number(json *j, const char *key, double v)
{
    char text[32];

    start(j, key);
    fputs(number_text(v, text), j->out);
}

void json_bool(json *j, const char *key, bool v)
{
    start(j, key);
    fputs(v ? "true" : "false", j->out);
}

void json_shape(json *j, const char *key, const kt_shape *s)
{
    if (s->rank < 0) {
        json_text(j, key, NULL);
        return;
    }
    json_open(j, key, '[');
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] == KT_UNKNOWN)
            json_text(j, NULL, NULL);
        else
            json_int(j, NULL, s->dim[i]);
    json_close(j, ']');
}

void json_shapes(json *j, const char *key, int n, const kt_shape *s)
{
    if (n <= 1) {
        kt_shape none = {.rank = -1};
        json_shape(j, key, n == 1 ? s : &none);
        return;
    }
    json_open(j, key, '[');
    for (int i = 0; i < n; i++)
        json_shape(j, NULL, &s[i]);
    json_close(j, ']');
}

/* One number, or a list of them. */
static void json_epoch(json *j, const char *label, const kt_history *h, const char *key, int epoch)
{
    if (!kt_history_is_list(h, key)) {
        json_number(j, label, kt_history_get(h, key, epoch));
        return;
    }
    json_open(j, label, '[');
    for (int i = 0; i < kt_history_width(h, key); i++)
        json_number(j, NULL, kt_history_at(h, key, epoch, i));
    json_close(j, ']');
}

void json_history(json *j, const kt_history *h, bool last)
{
    for (int i = 0; i < kt_history_keys(h); i++) {
        const char *key = kt_history_key(h, i);
        if (last) {
            json_epoch(j, key, h, key, -1);
            continue;
        }
        json_open(j, key, '[');
        for (int e = 0; e < kt_history_epochs(h); e++)
            json_epoch(j, NULL, h, key, e);
        json_close(j, ']');
    }
}
