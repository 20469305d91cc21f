/* remote_monitor.c - RemoteMonitor: sends the numbers of each epoch to a server, as JSON or in the
 * field of a form. The one thing in Keratin that uses a network, and only where a caller of fit
 * asks for it: no model file holds callbacks. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "codec/codec.h"
#include "model/callback.h"

#define FIELDS(F)                                                                \
    F(STR, root, "'http://localhost:9000'", "", "The server.")                   \
    F(STR, path, "'/publish/epoch/end/'", "", "What stands behind `root`.")      \
    F(STR, field, "'data'", "", "The field of the form that holds the numbers.") \
    F(ANY, headers, "None", "", "Headers of the request: {'X-Run': '7'}.")       \
    F(BOOL, send_as_json, "False", "", "Send the numbers as they are, in place of a form.")
KT_CONFIG(FIELDS);

typedef struct state {
    kt_vec   headers; /* char *, "Name: value", in the arena */
    bool     warned;
    kt_arena arena;
} state;

/* A line break would begin a header of its own. */
static bool one_line(const char *s)
{
    return s && !strpbrk(s, "\r\n");
}

static kt_status begin(kt_callback_run *r)
{
    const kt_value *h = ((const config *)r->config)->headers;
    state          *s = r->state;

    if (kt_http_ready(r->fault) != KT_OK)
        return r->fault->e.status;
    if (!kt_is_none(h) && h->kind != KT_DICT)
        return kt_raise(r->fault, KT_E_VALUE, "RemoteMonitor: `headers` must be a dict of texts");
    for (size_t i = 0; !kt_is_none(h) && i < h->n; i++) {
        const char *value = kt_value_text(h->items[i]);
        if (!one_line(h->keys[i]) || !one_line(value))
            return kt_raise(r->fault, KT_E_VALUE,
                            "RemoteMonitor: `headers` must be a dict of texts of one line");
        char *line = kt_arena_printf(&s->arena, "%s: %s", h->keys[i], value);
        if (!line || !kt_vec_push(&s->headers, line))
            return kt_raise_memory(r->fault);
    }
    return KT_OK;
}

/* {"epoch": 0, "loss": 0.5, ...}, in the order of the history's keys. */
static kt_value *numbers(const kt_callback_run *r, kt_arena *a)
{
    kt_value *v = kt_value_new(a, KT_DICT);

    kt_value_set(a, v, "epoch", kt_value_int(a, r->epoch));
    for (int i = 0; i < kt_history_keys(r->h); i++) {
        const char *key = kt_history_key(r->h, i);
        if (kt_history_width(r->h, key) != 1) {
            kt_raise(r->fault, KT_E_VALUE,
                     "can only convert an array of size 1 to a Python scalar");
            return NULL;
        }
        kt_value_set(a, v, key, kt_value_float(a, kt_history_get(r->h, key, -1)));
    }
    if (a->failed)
        kt_raise_memory(r->fault);
    return a->failed ? NULL : v;
}

static bool all_finite(const kt_value *v)
{
    double x;

    for (size_t i = 0; i < v->n; i++)
        if (kt_value_number(v->items[i], &x) && !isfinite(x))
            return false;
    return true;
}

/* As forms are sent: all but letters, digits and -._~ in hexadecimal, a space as '+'. */
static void add_quoted(kt_str *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == ' ')
            kt_str_addc(out, '+');
        else if ((*p < 0x80 && isalnum(*p)) || strchr("-._~", *p))
            kt_str_addc(out, (char)*p);
        else
            kt_str_printf(out, "%%%02X", *p);
    }
}

static kt_status send_numbers(const kt_callback_run *r, const kt_value *v)
{
    const config *c = r->config;
    state        *s = r->state;
    kt_str        url = {0}, json = {0}, form = {0};
    kt_fault      unreached = {0};

    kt_str_printf(&url, "%s%s", c->root, c->path);
    kt_json_print(&json, v, -1);
    if (!c->send_as_json) {
        add_quoted(&form, c->field);
        kt_str_addc(&form, '=');
        add_quoted(&form, kt_str_text(&json));
    }
    if (url.failed || json.failed || form.failed)
        kt_raise_memory(r->fault);
    else if ((c->send_as_json && !all_finite(v)) /* JSON has no word for them */
             || kt_http_post(kt_str_text(&url),
                             c->send_as_json ? "application/json"
                                             : "application/x-www-form-urlencoded",
                             &s->headers, c->send_as_json ? &json : &form, &unreached) != KT_OK)
        kt_callback_warn(r, &s->warned, "Could not reach RemoteMonitor root server at %s", c->root);
    kt_str_free(&url);
    kt_str_free(&json);
    kt_fault_clear(&unreached);
    kt_str_free(&form);
    return r->fault->e.status;
}

static kt_status epoch_end(kt_callback_run *r)
{
    kt_arena        a = {0};
    const kt_value *v = numbers(r, &a);

    if (v)
        send_numbers(r, v);
    kt_arena_free(&a);
    return r->fault->e.status;
}

static void end(kt_callback_run *r)
{
    state *s = r->state;

    kt_vec_free(&s->headers);
    kt_arena_free(&s->arena);
}

static const kt_callback_type remote_monitor = {
    .cls = {.class_name = "RemoteMonitor",
            .module = "keras.callbacks",
            .config = &config_type,
            .summary = "Sends the numbers of each epoch to a server."},
    .begin = begin,
    .epoch_end = epoch_end,
    .end = end,
    .state_size = sizeof(state),
};

const kt_class *const kt_callbacks_remote_monitor[] = {&remote_monitor.cls, NULL};
