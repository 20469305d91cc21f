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
    const char       *source; /* or NULL */
    int               n_proved;
    kt_scene         *proved[KT_MOST_REMEDIES];
    kt_remedy_report  remedy[KT_MOST_REMEDIES];
    kt_cause_report   cause;
    kt_warning_report warning[KT_MOST_WARNINGS];
} kt_bed;

void kt_report_remedies(kt_bed *b);
/* guess: the best offer, proved or not, or NULL. */
void kt_report_cause(kt_bed *b, const kt_outcome *end, const kt_scene *guess);
void kt_report_warnings(kt_bed *b);

#endif
