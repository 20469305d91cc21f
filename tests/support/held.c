/* held.c - a test program that ends with blocks of memory or open files that nobody gave back has
 * failed. It is part of each, in every build: the sanitizers tell more of it, but only where they
 * are, and nothing of files. */
#include "support/held.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/base.h"

enum { MOST_FILES = 256 };

int64_t held_for_life;

static int files_before;

static int open_files(void)
{
    int n = 0;

    for (int fd = 0; fd < MOST_FILES; fd++)
        n += fcntl(fd, F_GETFD) != -1;
    return n;
}

__attribute__((constructor)) static void look_before(void)
{
    files_before = open_files();
}

__attribute__((destructor)) static void look_after(void)
{
    long long held = kt_alloc_held();
    int       files = open_files() - files_before;

    if (held == held_for_life && files == 0)
        return;
    fflush(NULL);
    fprintf(stderr, "held.c: %lld blocks of memory are held at the end, %lld expected; %d files\n",
            held, (long long)held_for_life, files);
    _exit(1);
}
