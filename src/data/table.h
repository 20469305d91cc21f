/* table.h - a CSV file while it is read. Not a door: only table*.c include it. */
#ifndef KT_DATA_TABLE_H
#define KT_DATA_TABLE_H

#include "data/data.h"

typedef struct kt_reading {
    kt_data         *d;
    kt_table_rules  *rules;
    const kt_legend *known; /* what training saw; NULL: nothing is known */
    kt_csv           csv;
    bool             as_y;
    int              target;    /* its column, or -1 */
    int             *from;      /* per column of the array: the file's column */
    int              n;         /* columns of the array */
    int             *known_for; /* per column of the file: which known column it is, or -1 */
} kt_reading;

/* Whether the first line is a header, and which columns are taken (table_columns.c):
 * KT_CSV_LEFT_OUT stays on the others. Raises into the data. */
kt_status kt__table_choose(kt_reading *r);

/* The column whose field in the first line is `name`; -1: there is none. */
int kt__table_find(const kt_csv *csv, const char *name);

#endif
