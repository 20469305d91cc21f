/* report.c - errors: a sentence for people, an object for programs. */
#include <stdarg.h>
#include <string.h>

#include "cli.h"

/* d: the doctor's answer, or NULL. */
static void json_error(const char *type, const char *message, const kt_error *e,
                       const kt_diagnosis *d)
{
    json j = {.out = stdout};

    json_open(&j, NULL, '{');
    json_bool(&j, "ok", false);
    json_open(&j, "error", '{');
    json_text(&j, "type", type);
    json_text(&j, "message", message);
    json_text(&j, "layer", e ? e->layer : NULL);
    if (e && e->path)
        json_text(&j, "path", e->path);
    if (e && e->input >= 0)
        json_int(&j, "input", e->input);
    if (e && e->axis >= 0)
        json_int(&j, "axis", e->axis);
    if (e && e->expected != KT_NO_FACT)
        json_int(&j, "expected", e->expected);
    if (e && e->received != KT_NO_FACT)
        json_int(&j, "received", e->received);
    if (e && e->hint)
        json_text(&j, "hint", e->hint);
    json_close(&j, '}');
    if (d && !d->ok)
        json_advice(&j, d, false);
    json_close(&j, '}');
    putchar('\n');
}

int usage_error(const args *a, const char *fmt, ...)
{
    char    text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (a->json)
        json_error("UsageError", text, NULL, NULL);
    else
        fprintf(stderr, "keratin %s: %s\n", a->cmd->name, text);
    return USAGE;
}

int report_error(const args *a, const kt_error *e, bool unreadable)
{
    const char *type = e ? e->type : "MemoryError", *message = e ? e->message : "out of memory";

    if (a->json) {
        json_error(type, message, e, NULL);
    } else {
        fprintf(stderr, "keratin %s: %s: %s\n", a->cmd->name, type, message);
        if (e && e->hint)
            fprintf(stderr, "  %s\n", e->hint);
    }
    return unreadable || (e && e->status == KT_E_USAGE) ? USAGE : FAILED;
}

int report_model(const args *a, const kt_model *m)
{
    const kt_error *e = kt_model_error(m);

    if (!e)
        return report_error(a, e, false);
    if (a->json) {
        kt_diagnosis *d = kt_diagnose_failed(m);
        json_error(e->type, e->message, e, d);
        kt_diagnosis_free(d);
    } else {
        fflush(stdout);
        kt_explain(m, stderr);
    }
    return e->status == KT_E_USAGE ? USAGE : FAILED;
}

int report_call(const args *a, const kt_model *m)
{
    const kt_error *e = kt_model_error(m);
    kt_error        shown;

    if (!e || strcmp(e->message, "None values not supported.") != 0)
        return report_model(a, m);
    shown = *e;
    shown.hint = "no targets: give --target or --y";
    return report_error(a, &shown, false);
}

void json_done(const args *a, const char *key, const char *text)
{
    json j = {.out = stdout};

    if (!a->json)
        return;
    json_open(&j, NULL, '{');
    json_bool(&j, "ok", true);
    if (key)
        json_text(&j, key, text);
    json_close(&j, '}');
    putchar('\n');
}

void note(const args *a, const char *fmt, ...)
{
    va_list ap;

    if (a->json)
        return;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}
