/* csv_scan.h - the scanner of csv.c. Not a door: only csv*.c include it. */
#ifndef KT_CODEC_CSV_SCAN_H
#define KT_CODEC_CSV_SCAN_H

#include "codec/codec.h"

#define KT_CSV_FIELD_LIMIT 1048576 /* characters of one field */

typedef struct kt_csv_scanner {
    const char *name;
    const char *p, *end;
    char        delimiter;
    int64_t     line;  /* of the field read last, from 1 */
    int64_t     next;  /* the line that p is on */
    kt_str      field; /* the field, without quotes, trimmed if it had none */
    bool        last;  /* the field ends its line */
    kt_fault   *fault;
} kt_csv_scanner;

/* Skips empty lines. False at the end of the text. */
bool kt__csv_next_line(kt_csv_scanner *s);
/* Reads the next field into s->field; after the last of a line, stands on the next one. */
kt_status kt__csv_field(kt_csv_scanner *s);
/* Decimal numbers and inf, nothing else that strtod might take (hexadecimal, "nan(1)"). */
bool kt__csv_is_number(const char *text);
/* What spreadsheets and pandas write where a value is missing. */
bool kt__csv_is_missing(const char *text);

#endif
