/* csv.c - fuzz target: any bytes as a CSV table. */
#include <stdio.h>

#include "codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every cell of a text column is the number of one of its words. */
static void check(const kt_csv *csv)
{
    char last[16];

    for (int64_t r = 0; r < csv->rows; r++)
        for (int c = 0; c < csv->cols; c++) {
            double x = csv->cells[r * csv->cols + c];
            if (csv->col[c].use == KT_CSV_WORDS &&
                (x < 0 || x >= csv->col[c].n_words || !csv->col[c].words[(int)x]))
                __builtin_trap();
        }
    snprintf(last, sizeof last, "%d", -csv->cols);
    if (!csv->header && kt_csv_column(csv, last, NULL) != 0)
        __builtin_trap();
}

/* Bits of the size choose the rules. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const na[] = {"?", NULL};
    kt_csv_rules rules = {.sep = size & 8 ? ' ' : 0, .decimal = size & 1 ? ',' : 0, .na = na};
    kt_csv       csv;
    kt_fault     fault = {0};

    if (kt_csv_open("fuzz", (const char *)data, size, &rules, &csv, &fault) == KT_OK) {
        kt_status s = KT_OK;
        csv.header = kt_csv_guess_header(&csv) > 0;
        csv.drop_rows = size & 2;
        for (int c = 0; s == KT_OK && c < csv.cols; c++)
            if (size & 4)
                csv.col[c].use = KT_CSV_WORDS;
            else
                s = kt_csv_settle(&csv, c, &fault);
        if (s == KT_OK && kt_csv_fill(&csv, &fault) == KT_OK)
            check(&csv);
        kt_csv_free(&csv);
    }
    kt_fault_clear(&fault);
    return 0;
}
