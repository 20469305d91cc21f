/* kept.h - a text that was read and found right once: what tests/support/NAME has. A change is read
 * in the difference, then kept by running the test with KERATIN_KEEP=1. */
#ifndef TESTS_SUPPORT_KEPT_H
#define TESTS_SUPPORT_KEPT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"

static inline void kept_as(const char *name, const kt_str *now)
{
    const char *source = getenv("KERATIN_SOURCE");
    char        path[512];
    kt_bytes    bytes = {0};
    kt_str      text = {0};
    kt_fault    f = {0};
    int         bad = 0;

    snprintf(path, sizeof path, "%s/tests/support/%s", source ? source : ".", name);
    if (getenv("KERATIN_KEEP"))
        assert_int_equal(kt_file_write(path, kt_str_text(now), now->len, &f), KT_OK);
    if (kt_file_read(path, &bytes, &f) != KT_OK)
        fail_msg("%s", f.e.message);
    kt_str_addn(&text, (const char *)bytes.data, bytes.size);
    const char *a = kt_str_text(&text), *b = kt_str_text(now);
    while (*a || *b) {
        size_t n = strcspn(a, "\n"), k = strcspn(b, "\n");
        if ((n != k || memcmp(a, b, n) != 0) && bad++ < 10)
            print_error("- %.*s\n+ %.*s\n", (int)n, a, (int)k, b);
        a += n + (a[n] != 0);
        b += k + (b[k] != 0);
    }
    kt_str_free(&text);
    kt_bytes_free(&bytes);
    if (bad > 0)
        fail_msg("%d lines are not as they stand in %s", bad, name);
}

#endif
