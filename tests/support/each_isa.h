/* each_isa.h - runs tests once for every instruction set that kernels have loops for: the choice is
 * made once in a process (KERATIN_ISA), so each has one of its own, which begins with all that was
 * made before. A set that the processor lacks falls back to the next, and is not run again. */
#ifndef KT_TEST_EACH_ISA_H
#define KT_TEST_EACH_ISA_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/cpu/isa.h"

/* run(data) says whether it failed. */
typedef int (*isa_run)(void *data);

/* Below 0: it could not begin. */
static inline pid_t begin_with_isa(const char *name, isa_run run, void *data)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        setenv("KERATIN_ISA", name, 1);
        if (!kt_streq(kt_isa()->name, name))
            exit(0); /* the processor has it not */
        printf("with %s:\n", name);
        exit(run(data) != 0);
    }
    return child;
}

/* Nonzero if it failed. */
static inline int end_with_isa(pid_t child)
{
    int status = 1;

    return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

static inline int run_with_isa(const char *name, isa_run run, void *data)
{
    return end_with_isa(begin_with_isa(name, run, data));
}

/* At the same time, as a sanitizer makes a test of kernels minutes long. */
static inline int run_with_each_isa(isa_run run, void *data)
{
    pid_t base = begin_with_isa("base", run, data), avx2 = begin_with_isa("avx2", run, data),
          avx512 = begin_with_isa("avx512", run, data);

    return end_with_isa(base) + end_with_isa(avx2) + end_with_isa(avx512);
}

#endif
