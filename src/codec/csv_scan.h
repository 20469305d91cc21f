/* csv_scan.h - the scanner of csv*.c. Not a door: only csv*.c include it. */
#ifndef KT_CODEC_CSV_SCAN_H
#define KT_CODEC_CSV_SCAN_H

#include "codec/codec.h"

#define KT_CSV_FIELD_LIMIT 1048576 /* characters of one field */

typedef struct kt_csv_scanner {
    const char *name;
    const char *p, *end;
    char        sep;   /* ' ': any run of blanks and tabs */
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
/* The same for column `col` of `cols`: a line has neither too few nor too many. */
kt_status kt__csv_cell(kt_csv_scanner *s, int col, int cols);
/* Decimal numbers and inf, nothing else that strtod might take (hexadecimal, "nan(1)"). */
bool kt__csv_is_number(const char *text, char decimal);
/* The value of what kt__csv_is_number accepts; the caller sees to the C locale. */
double kt__csv_value(const char *text, char decimal);
/* What spreadsheets and pandas write where a value is missing, and what the rules add. */
bool kt__csv_is_missing(const char *text, const kt_csv_rules *rules);

/* --- the separator (csv_sep.c) ---------------------------------------------------------------- */

char kt__csv_find_sep(const char *p, const char *end, char decimal);

/* --- texts of a column and their numbers (csv_words.c) ---------------------------------------- */

/* The words of one column while the table is filled: those given beforehand are looked up, others
 * are gathered. */
typedef struct kt_csv_found {
    const char **text;  /* [rows], of a column whose words are not given */
    int         *order; /* of the given words, sorted by text */
} kt_csv_found;
kt_status kt__csv_words_start(kt_csv_found *w, const kt_csv_col *c, int64_t rows, kt_arena *a,
                              kt_fault *f);
/* The number of a given word; -1: unknown. */
int kt__csv_word_number(const kt_csv_found *w, const kt_csv_col *c, const char *text);
/* Sorts what was gathered of column `col`, keeps each text once, and writes the numbers into the
 * cells. */
kt_status kt__csv_words_finish(kt_csv *csv, int col, const kt_csv_found *w, kt_fault *f);

/* "'t.csv', line 3, column 2 ('y')": where a field stands. */
void kt__csv_place(const kt_csv *csv, int64_t line, int col, kt_str *out);

#endif
