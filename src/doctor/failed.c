/* failed.c - the doctor's answer to a model that has failed: what it was given is noted with it. */
#include "doctor/report.h"

/* Of wrong words and unreadable files a table of causes has nothing to say. */
static bool is_for_doctors(const kt_error *e)
{
    return e && e->status != KT_E_USAGE && e->status != KT_E_OS &&
           e->status != KT_E_FILE_NOT_FOUND && e->status != KT_E_MEMORY &&
           e->status != KT_E_NOT_IMPLEMENTED;
}

static kt_diagnosis *diagnose(const kt_model *m, const kt_last_call *c)
{
    kt_diagnose_args a = {.at = {.size = sizeof a},
                          .model = (kt_model *)(uintptr_t)m, /* it is only read */
                          .data = c->data,
                          .call = c->name ? c->name : "build",
                          .batch_size = c->batch,
                          .validation_split = c->split};

    return kt_diagnose_with(&a);
}

kt_diagnosis *kt_diagnose_failed(const kt_model *m)
{
    if (!m || !is_for_doctors(kt_model_error(m)))
        return NULL;
    if (m->fault.e.status != KT_OK)
        return diagnose(m, &m->given);
    /* The thread's failure is put aside by whoever predicts, and must not be freed meanwhile. */
    kt_failure_record mine = kt_failure_aside();
    kt_diagnosis     *d = diagnose(m, &mine.failure.given);
    kt_failure_back(&mine);
    return d;
}

void kt_advise(const kt_model *m, kt_str *out)
{
    kt_diagnosis *d = kt_diagnose_failed(m);

    if (d && !d->ok && (d->cause || d->n_remedies)) {
        kt_str_addc(out, '\n');
        kt_print_advice(out, d, false);
    }
    kt_diagnosis_free(d);
}
