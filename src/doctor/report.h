/* report.h - inside src/doctor: a diagnosis with what it was made of, the parts of the report. */
#ifndef KT_DOCTOR_REPORT_H
#define KT_DOCTOR_REPORT_H

#include "doctor/doctor.h"

enum { KT_MOST_REMEDIES = 5, KT_MOST_WARNINGS = 16 };

typedef struct kt_bed {
    kt_diagnosis      d; /* first: what the user holds */
    kt_patient        p;
    kt_fault          fault;  /* of reading the arguments */
    kt_error          error;  /* of the call */
    kt_memo           memo;   /* of p.scene */
    const char       *source; /* or NULL */
    bool              is_file;
    int               n_proved, prove, training;
    kt_scene         *proved[KT_MOST_REMEDIES];
    const char       *step[KT_MOST_REMEDIES]; /* what a real step said; NULL: none was taken */
    kt_remedy_report  remedy[KT_MOST_REMEDIES];
    kt_cause_report   cause;
    kt_warning_report warning[KT_MOST_WARNINGS];
} kt_bed;

/* Takes a real step with the repaired models, as far as b->prove asks for; what fails is no remedy
 * (proof.c). */
void kt_prove(kt_bed *b);
void kt_report_remedies(kt_bed *b);
/* guess: the best offer, proved or not, or NULL. */
void kt_report_cause(kt_bed *b, const kt_outcome *end, const kt_scene *guess);
void kt_report_warnings(kt_bed *b);
/* Of training data that are never scaled or have columns that do not change (warn_data.c). */
void kt_warn_data(kt_bed *b, const kt_outcome *end);
/* Cause and remedies for people; why: all of them, with their reasons (text.c). */
void kt_print_advice(kt_str *out, const kt_diagnosis *d, bool why);
/* What kt_explain says beyond the error (failed.c). */
void kt_advise(const kt_model *m, kt_str *out);

#endif
