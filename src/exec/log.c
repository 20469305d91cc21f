/* log.c - what KERATIN_VERBOSE asks the library to tell. The only place that prints, and only when
 * asked. */
#include "exec/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool kt__verbose(void)
{
    const char *what = getenv("KERATIN_VERBOSE");

    return what && strstr(what, "kernels");
}

void kt__log(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
}
