/* format.h - Python's str.format with numbers by name, for names of files. */
#ifndef KT_FORMAT_H
#define KT_FORMAT_H

#include "base/base.h"

/* The number of a name: an integer or a float. False if there is none. */
typedef struct kt_number {
    bool   whole;
    double v;
} kt_number;
typedef bool (*kt_number_of)(void *with, const char *name, kt_number *out);

/* Adds `text` with its {name} and {name:spec} filled in. KeyError with the name alone as its
 * message, where a number is missing; ValueError for what Python can not read. */
kt_status kt_format_text(kt_str *out, const char *text, kt_number_of number_of, void *with,
                         kt_fault *f);

#endif
