/* in_use.h - the bytes that a program has from the C library, for what other libraries hold. */
#ifndef TESTS_SUPPORT_IN_USE_H
#define TESTS_SUPPORT_IN_USE_H

#include <stddef.h>
#include <stdlib.h> /* defines __GLIBC__ */

/* A sanitizer has memory of its own, and finds leaks at the end. */
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <malloc.h>
#define KNOWS_MEMORY 1
#endif

/* 0 where it is not known. */
static inline size_t bytes_in_use(void)
{
#ifdef KNOWS_MEMORY
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

#endif
