/* html.c - the report as one page without network: the error, the cause, the chain as it is and the
 * repaired one beside it, the edits to copy. */
#include "doctor/drawing.h"

static const char style[] =
    ".keratin{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;padding:1rem;"
    "max-width:60rem;margin:auto;color-scheme:light dark}"
    ".keratin h1{font-size:1.3rem;margin:.2rem 0}.keratin h2{font-size:1.05rem}"
    ".keratin pre{background:#f6f8fa;color:inherit;padding:.5rem .7rem;overflow:auto;"
    "white-space:pre-wrap;margin:.3rem 0}"
    ".keratin .error{border-left:4px solid #cf222e}"
    ".keratin .chains{display:flex;flex-wrap:wrap;gap:1rem}"
    ".keratin .code{position:relative}"
    ".keratin .code button{position:absolute;top:.3rem;right:.3rem}"
    ".keratin .note{color:#57606a}"
    "@media(prefers-color-scheme:dark){.keratin{color:#e6edf3;background:#0d1117}"
    ".keratin pre{background:#151b23}.keratin .note{color:#9198a1}}";

static const char page_style[] =
    "body{margin:0;background:#fff}@media(prefers-color-scheme:dark){body{background:#0d1117}}";

static const char script[] =
    "document.querySelectorAll('.keratin .code button').forEach(function(b){"
    "b.addEventListener('click',function(){"
    "navigator.clipboard.writeText(b.previousElementSibling.textContent);"
    "b.textContent='copied';});});";

static void element(kt_str *out, const char *tag, const char *kind, const char *text)
{
    kt_str_printf(out, *kind ? "<%s class=\"%s\">" : "<%s%s>", tag, kind);
    kt_escape(out, text);
    kt_str_printf(out, "</%s>\n", tag);
}

static void remedy(kt_str *out, const kt_remedy_report *r)
{
    kt_str_add(out, "<li>\n");
    element(out, "p", "", r->words);
    for (int i = 0; i < r->n_edits; i++)
        if (r->edits[i].code) {
            kt_str_add(out, "<div class=\"code\"><pre>");
            kt_escape(out, r->edits[i].code);
            kt_str_add(out, "</pre><button type=\"button\">copy</button></div>\n");
        }
    if (r->changes) {
        kt_str_add(out, "<p class=\"note\">But: ");
        kt_escape(out, r->changes);
        kt_str_add(out, "</p>\n");
    }
    kt_str_add(out, "<p class=\"note\">Proved: ");
    kt_escape(out, r->proof);
    kt_str_add(out, "</p>\n</li>\n");
}

static void failure(kt_str *out, const kt_diagnosis *d)
{
    kt_str_add(out, "<pre class=\"error\">");
    kt_escape(out, d->error->type);
    kt_str_add(out, ": ");
    kt_escape(out, d->error->message);
    kt_str_add(out, "</pre>\n");
    if (d->cause) {
        kt_str_add(out, "<p><strong>Cause:</strong> ");
        kt_escape(out, d->cause->words);
        kt_str_printf(out, " <span class=\"note\">(%s)</span></p>\n", d->cause->kind);
    }
}

static void chains(kt_str *out, const kt_bed *b)
{
    if (!b->p.scene.config)
        return;
    kt_outcome end = kt_try(&b->p.scene);
    kt_drawing now = {.scene = &b->p.scene, .end = &end};

    kt_str_add(out, "<div class=\"chains\">\n");
    kt_draw(out, &now, b->d.ok ? "the call" : "the call as it is");
    if (b->n_proved) {
        kt_outcome then = kt_try(b->proved[0]);
        kt_drawing fixed = {.scene = b->proved[0], .before = &b->p.scene, .end = &then};
        kt_draw(out, &fixed, "with repair 1");
    }
    kt_str_add(out, "</div>\n");
}

static void body(kt_str *out, const kt_diagnosis *d)
{
    kt_str_add(out, "<div class=\"keratin\">\n");
    element(out, "h1", "", d->ok ? "The call fits" : "The call fails");
    if (d->error)
        failure(out, d);
    chains(out, (const kt_bed *)(const void *)d);
    if (d->n_remedies)
        kt_str_add(out, "<h2>Repairs, each proved</h2>\n<ol>\n");
    for (int i = 0; i < d->n_remedies; i++)
        remedy(out, &d->remedies[i]);
    if (d->n_remedies)
        kt_str_add(out, "</ol>\n");
    if (d->n_warnings)
        kt_str_add(out, "<h2>Taken in silence</h2>\n<ul>\n");
    for (int i = 0; i < d->n_warnings; i++)
        element(out, "li", "", d->warnings[i].words);
    if (d->n_warnings)
        kt_str_add(out, "</ul>\n");
    if (d->assumed)
        element(out, "p", "note", d->assumed);
    kt_str_printf(out, "<script>%s</script>\n</div>\n", script);
}

static char *taken(kt_str *out)
{
    if (!out->failed)
        return out->data;
    kt_str_free(out);
    return NULL;
}

char *kt_diagnosis_html(const kt_diagnosis *d, int whole)
{
    kt_str out = {0};

    if (!d)
        return NULL;
    if (whole)
        kt_str_add(&out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n"
                         "<title>keratin check</title>\n");
    kt_str_printf(&out, "<style>%s%s</style>\n", whole ? page_style : "", style);
    if (whole)
        kt_str_add(&out, "</head>\n<body>\n");
    body(&out, d);
    if (whole)
        kt_str_add(&out, "</body>\n</html>\n");
    return taken(&out);
}

char *kt_diagnosis_svg(const kt_diagnosis *d)
{
    const kt_bed *b = (const kt_bed *)(const void *)d;
    kt_str        out = {0};

    if (!d || !b->p.scene.config)
        return NULL;
    kt_outcome end = kt_try(&b->p.scene);
    kt_drawing now = {.scene = &b->p.scene, .end = &end};
    kt_draw(&out, &now, d->ok ? "the call" : "the call as it is");
    return taken(&out);
}
