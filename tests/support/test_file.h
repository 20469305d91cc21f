/* test_file.h - a file of tests/, wherever the test runs. Include after cmocka.h. */
#ifndef TESTS_SUPPORT_TEST_FILE_H
#define TESTS_SUPPORT_TEST_FILE_H

#include <stdio.h>
#include <stdlib.h>

#include "codec/codec.h"

/* Its bytes, which the caller frees; name: below tests/. The test fails where it is not read. */
static inline kt_bytes test_file(const char *name)
{
    const char *top = getenv("KERATIN_SOURCE");
    char        path[4096];
    kt_bytes    bytes = {0};
    kt_fault    f = {0};

    snprintf(path, sizeof path, "%s/tests/%s", top ? top : ".", name);
    if (kt_file_read(path, &bytes, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    return bytes;
}

#endif
