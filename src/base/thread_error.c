/* thread_error.c - the failure of a call that has no object to keep it: one for each thread.
 *
 * It lies in the thread itself, so that it can be kept without memory and nothing is left behind
 * when the thread ends. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { LONGEST = 1024 };

static _Thread_local kt_error last;
static _Thread_local char     message[LONGEST];

/* A sentence that is too long ends in dots. */
static void shorten(void)
{
    static const char dots[] = "...";
    size_t            end = LONGEST - sizeof dots;

    while (end > 0 && ((unsigned char)message[end] & 0xc0) == 0x80)
        end--; /* not within a letter of several bytes */
    memcpy(message + end, dots, sizeof dots);
}

kt_status kt_raise_here(kt_status status, const char *fmt, ...)
{
    va_list ap;

    KT_ASSERT(status != KT_OK);
    if (last.status != KT_OK)
        return status;
    va_start(ap, fmt);
    int length = vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    if (length >= LONGEST)
        shorten();
    last = (kt_error){.status = status,
                      .type = kt_status_name(status),
                      .message = message,
                      .input = -1,
                      .axis = -1,
                      .expected = KT_NO_FACT,
                      .received = KT_NO_FACT};
    return status;
}

kt_status kt_raise_null(const char *call, const char *what)
{
    return kt_raise_here(KT_E_VALUE, "%s: %s is NULL", call, what);
}

kt_status kt_fault_leave(kt_fault *f)
{
    kt_status status = f->e.status;

    if (status != KT_OK)
        kt_raise_here(status, "%s", f->e.message);
    kt_fault_clear(f);
    return status;
}

const kt_error *kt_thread_error(void)
{
    return last.status != KT_OK ? &last : NULL;
}

void kt_clear_thread_error(void)
{
    last = (kt_error){0};
}
