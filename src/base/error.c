/* error.c - raising, completing and passing on failures. */
#include <string.h>

#include "base/base.h"

const char *kt_status_name(kt_status status)
{
    static const char *const names[] = {
#define X(id, name) name,
        KT_STATUS_LIST(X)
#undef X
    };
    return (unsigned)status < KT_COUNT(names) ? names[status] : "";
}

/* All facts absent. */
static kt_error blank(kt_status status)
{
    return (kt_error){
        .status = status,
        .type = kt_status_name(status),
        .input = -1,
        .axis = -1,
        .expected = KT_NO_FACT,
        .received = KT_NO_FACT,
    };
}

kt_status kt_raise(kt_fault *f, kt_status status, const char *fmt, ...)
{
    KT_ASSERT(status != KT_OK);
    if (!f) {
        return status;
    }
    if (f->e.status != KT_OK) {
        return f->e.status;
    }
    f->e = blank(status);
    kt_str  text = {0};
    va_list ap;
    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    f->e.message = kt_str_keep(&text, &f->arena);
    if (!f->e.message) { /* without memory for the sentence, that is the failure to report */
        f->e = blank(KT_OK);
        return kt_raise_memory(f);
    }
    return status;
}

kt_status kt_raise_memory(kt_fault *f)
{
    if (!f) {
        return KT_E_MEMORY;
    }
    if (f->e.status == KT_OK) {
        /* A constant text: asking for memory now would be asking for trouble. */
        f->e = blank(KT_E_MEMORY);
        f->e.message = "out of memory";
    }
    return f->e.status;
}

/* Sets a text that nobody has set before; without memory it stays absent. */
static void set_text(kt_fault *f, const char **field, const char *text)
{
    if (!*field && text) {
        *field = kt_arena_strdup(&f->arena, text);
    }
}

static bool has_failed(const kt_fault *f)
{
    return f && f->e.status != KT_OK;
}

void kt_fault_layer(kt_fault *f, const char *layer)
{
    if (has_failed(f)) {
        set_text(f, &f->e.layer, layer);
    }
}

void kt_fault_path(kt_fault *f, const char *path)
{
    if (has_failed(f)) {
        set_text(f, &f->e.path, path);
    }
}

void kt_fault_site(kt_fault *f, const char *file, int line, const char *text)
{
    if (has_failed(f) && !f->e.file && !f->e.text) {
        set_text(f, &f->e.file, file);
        set_text(f, &f->e.text, text);
        f->e.line = line;
    }
}

void kt_fault_hint(kt_fault *f, const char *hint)
{
    if (has_failed(f)) {
        set_text(f, &f->e.hint, hint);
    }
}

/* Appends n bytes with each run of blanks and line ends as one blank. */
static void add_folded(kt_str *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool blank = text[i] == ' ' || text[i] == '\n';
        if (!blank)
            kt_str_addc(to, text[i]);
        else if (to->len > 0 && to->data[to->len - 1] != ' ')
            kt_str_addc(to, ' ');
    }
}

void kt_fault_brief(kt_fault *f, const char *data)
{
    enum { HEAD = 40, TAIL = 11, LONGEST = HEAD + TAIL + 8 };
    const char *at = has_failed(f) && !f->e.brief && *data ? strstr(f->e.message, data) : NULL;
    kt_str      text = {0}, folded = {0};

    if (!at)
        return;
    add_folded(&folded, data, strlen(data));
    kt_str_addn(&text, f->e.message, (size_t)(at - f->e.message));
    if (folded.len <= LONGEST)
        kt_str_add(&text, kt_str_text(&folded));
    else
        kt_str_printf(&text, "%.*s ... %s", HEAD, folded.data, folded.data + folded.len - TAIL);
    kt_str_add(&text, at + strlen(data));
    if (!text.failed && !folded.failed)
        set_text(f, &f->e.brief, kt_str_text(&text));
    kt_str_free(&text);
    kt_str_free(&folded);
}

void kt_fault_axis(kt_fault *f, int input, int axis, int64_t expected, int64_t received)
{
    if (!has_failed(f)) {
        return;
    }
    kt_error *e = &f->e;
    bool      sized = e->expected != KT_NO_FACT || e->received != KT_NO_FACT;
    if (e->input < 0 && e->axis < 0 && !sized) {
        e->input = input;
        e->axis = axis;
        e->expected = expected;
        e->received = received;
    }
}

kt_status kt_fault_copy(kt_fault *to, const kt_fault *from)
{
    if (!to || to->e.status != KT_OK || !has_failed(from)) {
        return to && to->e.status != KT_OK ? to->e.status : from ? from->e.status : KT_OK;
    }
    const kt_error *e = &from->e;
    kt_raise(to, e->status, "%s", e->message);
    kt_fault_layer(to, e->layer);
    kt_fault_path(to, e->path);
    kt_fault_site(to, e->file, e->line, e->text);
    kt_fault_hint(to, e->hint);
    if (has_failed(to))
        set_text(to, &to->e.brief, e->brief);
    kt_fault_axis(to, e->input, e->axis, e->expected, e->received);
    return to->e.status;
}

void kt_fault_clear(kt_fault *f)
{
    kt_arena_free(&f->arena);
    *f = (kt_fault){0};
}
