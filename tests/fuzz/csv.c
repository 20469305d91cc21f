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
            if (csv->words[c] && (x < 0 || x >= csv->n_words[c]))
                __builtin_trap();
        }
    snprintf(last, sizeof last, "%d", -csv->cols);
    if (!csv->header && kt_csv_column(csv, last, NULL) != 0)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kt_csv   csv;
    kt_fault fault = {0};

    if (kt_csv_read("fuzz", (const char *)data, size, &csv, &fault) == KT_OK) {
        check(&csv);
        kt_csv_free(&csv);
    }
    kt_fault_clear(&fault);
    return 0;
}
