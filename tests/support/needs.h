/* needs.h - what a test needs and the minimal build leaves out. */
#ifndef TESTS_SUPPORT_NEEDS_H
#define TESTS_SUPPORT_NEEDS_H

#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"

/* Can this build read JSON, and with files also .keras archives? */
static inline bool build_reads(bool files)
{
    kt_arena a = {0};
    kt_fault f = {0};

    kt_json_parse("probe", "{}", 2, &a, &f);
    if (files && f.e.status == KT_OK)
        kt_h5_close(kt_h5_create(&f), NULL, NULL);
    bool can = f.e.status != KT_E_NOT_IMPLEMENTED;
    kt_fault_clear(&f);
    kt_arena_free(&a);
    return can;
}

/* Ends the program as skipped (77 for ctest), saying why, where the build can not. */
static inline void need_reading(bool files)
{
    if (build_reads(files))
        return;
    fprintf(stderr, "skipped: this build reads no %s\n", files ? ".keras files" : "JSON");
    _Exit(77); /* in the middle of a test, whose memory nobody gives back */
}

#endif
