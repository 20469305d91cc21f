/* each_isa.h - runs a test program once for every instruction set that kernels have loops for: the
 * choice is made once in a process (KERATIN_ISA). A set that the processor lacks falls back to the
 * next, and is not run again. */
#ifndef KT_TEST_EACH_ISA_H
#define KT_TEST_EACH_ISA_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/cpu/isa.h"

/* In a process of its own; nonzero if it fails. */
static inline int run_with_isa(const char *name, int (*run)(void))
{
    int   status = 1;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        setenv("KERATIN_ISA", name, 1);
        if (!kt_streq(kt_isa()->name, name))
            exit(0); /* the processor has it not */
        printf("with %s:\n", name);
        exit(run() != 0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 1;
    return status != 0;
}

static inline int run_with_each_isa(int (*run)(void))
{
    return run_with_isa("base", run) + run_with_isa("avx2", run) + run_with_isa("avx512", run);
}

#endif
