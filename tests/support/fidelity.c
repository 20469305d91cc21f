/* fidelity.c - whether a number is near enough to its fact, and how far off a fact's numbers
 * are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/facts.h"

static double worst;
static size_t compared;

bool fact_near(double got, double want, double tolerance)
{
    double off = fabs(got - want) / (1 + fabs(want));

    if (got == want || (isnan(got) && isnan(want)))
        off = 0;
    compared++;
    worst = off > worst ? off : worst;
    return off <= tolerance;
}

void fact_done(const char *name, size_t row)
{
    const char *path = getenv("KERATIN_FIDELITY");
    FILE       *out = path ? fopen(path, "a") : NULL;

    if (out) {
        fprintf(out, "%s %zu %zu %.3g\n", name, row, compared, worst);
        fclose(out);
    }
    worst = 0;
    compared = 0;
}
