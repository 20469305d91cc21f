/* text.c - the answer for people. */
#include "doctor/report.h"

static void print_remedy(kt_str *out, const kt_remedy_report *r, int rank, bool why)
{
    kt_str_printf(out, "%d. %s\n", rank, r->words);
    for (int i = 0; i < r->n_edits; i++)
        if (r->edits[i].code)
            kt_str_printf(out, "     %s\n", r->edits[i].code);
    if (r->changes)
        kt_str_printf(out, "   but: %s\n", r->changes);
    if (rank == 1 || why)
        kt_str_printf(out, "   proved: %s\n", r->proof);
    for (int i = 0; why && i < r->n_reasons; i++)
        kt_str_printf(out, "   %+4d  %s\n", r->reasons[i].weight, r->reasons[i].words);
    if (why)
        kt_str_printf(out, "   %+4d  %s\n", r->score, r->kind);
}

void kt_print_advice(kt_str *out, const kt_diagnosis *d, bool why)
{
    int shown = why ? d->n_remedies : d->n_remedies < 3 ? d->n_remedies : 3;

    if (d->cause)
        kt_str_printf(out, "cause: %s (%s)\n", d->cause->words, d->cause->kind);
    for (int i = 0; i < shown; i++)
        print_remedy(out, &d->remedies[i], i + 1, why);
    if (d->n_remedies == 0)
        kt_str_add(out, "no repair could be proved\n");
}

static void print_failure(kt_str *out, const kt_diagnosis *d, bool why)
{
    kt_str_printf(out, "%s: %s\n", d->error->type, d->error->message);
    if (d->error->layer)
        kt_str_printf(out, "  in layer '%s'\n", d->error->layer);
    kt_print_advice(out, d, why);
}

char *kt_diagnosis_text(const kt_diagnosis *d, int why)
{
    kt_str text = {0};

    if (!d)
        return NULL;
    if (!d->ok)
        print_failure(&text, d, why != 0);
    for (int i = 0; i < d->n_warnings; i++)
        kt_str_printf(&text, "warning: %s (%s)\n", d->warnings[i].words, d->warnings[i].kind);
    if (d->assumed)
        kt_str_printf(&text, "assumed: %s\n", d->assumed);
    if (!text.data)
        kt_str_add(&text, "");
    if (!text.failed)
        return text.data;
    kt_str_free(&text);
    return NULL;
}

void kt_diagnosis_print(const kt_diagnosis *d, int why, FILE *out)
{
    char *text = out ? kt_diagnosis_text(d, why) : NULL;

    if (text)
        fputs(text, out);
    kt_free(text);
}
