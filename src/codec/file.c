/* file.c - whole files: read or mapped in one call, written so that a reader never sees half of
 * one.
 *
 * Big regular files are mapped, others are read: a mapping costs nothing until it is touched, but
 * small files, pipes and terminals are better copied. Writing goes to a temporary file beside the
 * target, which is renamed over it.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/codec.h"

#define MAP_FROM   ((size_t)64 << 20) /* files of at least this size are mapped unasked */
#define READ_FIRST ((size_t)64 << 10) /* first buffer where the size is not known */
#define READ_LIMIT ((size_t)1 << 40)
#define NAME_TRIES 100 /* temporary names tried before giving up */

kt_status kt_raise_errno(kt_fault *f, int err, const char *path)
{
    kt_status status = err == ENOENT ? KT_E_FILE_NOT_FOUND : err == ENOMEM ? KT_E_MEMORY : KT_E_OS;

    return kt_raise(f, status, "[Errno %d] %s: '%s'", err, strerror(err), path);
}

void kt_bytes_free(kt_bytes *b)
{
    if (b->mapped)
        munmap(b->data, b->size);
    else
        kt_free(b->data);
    *b = (kt_bytes){0};
}

/* Reads until the end into a growing buffer: also right for pipes, and for files that change
 * meanwhile. */
static kt_status read_all(int fd, const char *path, size_t hint, kt_bytes *out, kt_fault *f)
{
    size_t cap = hint > 0 ? hint + 1
                          : READ_FIRST; /* one more byte, so that the end is seen without growing */

    out->data = kt_alloc_raw(cap);
    if (!out->data)
        return kt_raise_memory(f);
    for (;;) {
        ssize_t n = read(fd, out->data + out->size, cap - out->size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return kt_raise_errno(f, errno, path);
        if (n == 0)
            return KT_OK;
        out->size += (size_t)n;
        if (out->size == cap) {
            uint8_t *more = cap < READ_LIMIT ? kt_realloc(out->data, cap * 2) : NULL;
            if (!more)
                return kt_raise_memory(f);
            out->data = more;
            cap *= 2;
        }
    }
}

/* A mapping is private: who writes to it changes a copy. */
static kt_status read_open(int fd, const char *path, size_t map_from, kt_bytes *out, kt_fault *f)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return kt_raise_errno(f, errno, path);
    if (S_ISDIR(st.st_mode))
        return kt_raise_errno(f, EISDIR, path);

    size_t size = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 0;
    if (size > 0 && size >= map_from) {
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
        if (p != MAP_FAILED) {
            *out = (kt_bytes){p, size, true};
            return KT_OK;
        }
    }
    return read_all(fd, path, size, out, f);
}

static kt_status read_path(const char *path, size_t map_from, kt_bytes *out, kt_fault *f)
{
    *out = (kt_bytes){0};
    if (!path)
        return kt_raise(f, KT_E_VALUE, "the path of a file is NULL");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return kt_raise_errno(f, errno, path);

    kt_status s = read_open(fd, path, map_from, out, f);
    close(fd);
    if (s != KT_OK)
        kt_bytes_free(out);
    return s;
}

kt_status kt_file_read(const char *path, kt_bytes *out, kt_fault *f)
{
    return read_path(path, MAP_FROM, out, f);
}

kt_status kt_file_map(const char *path, kt_bytes *out, kt_fault *f)
{
    return read_path(path, 0, out, f);
}

kt_status kt_stdin_read(kt_bytes *out, kt_fault *f)
{
    *out = (kt_bytes){0};
    kt_status s = read_open(STDIN_FILENO, "standard input", MAP_FROM, out, f);
    if (s != KT_OK)
        kt_bytes_free(out);
    return s;
}

kt_status kt_file_writable(const char *path, kt_fault *f)
{
    struct stat st;
    const char *slash = strrchr(path, '/');
    kt_str      folder = {0};
    bool        exists = stat(path, &st) == 0;
    int         err = 0;

    if (exists && S_ISDIR(st.st_mode))
        return kt_raise_errno(f, EISDIR, path);
    if (exists && access(path, W_OK) != 0)
        return kt_raise_errno(f, errno, path);
    if (exists && !S_ISREG(st.st_mode)) /* written in place */
        return KT_OK;
    if (!*path || (slash && !slash[1]))
        return kt_raise_errno(f, *path ? EISDIR : ENOENT, path);
    kt_str_addn(&folder, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    if (access(kt_str_text(&folder), W_OK | X_OK) != 0) /* ENOTDIR: the path ends with a slash */
        err = errno;
    kt_str_free(&folder);
    return err ? kt_raise_errno(f, err, path) : KT_OK;
}

static int write_all(int fd, const void *data, size_t size)
{
    const char *p = data;

    while (size > 0) {
        ssize_t n = write(fd, p, size < SSIZE_MAX ? size : SSIZE_MAX);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        p += n;
        size -= (size_t)n;
    }
    return 0;
}

/* Devices and pipes cannot be replaced by a rename: they are written in place. */
static kt_status write_in_place(const char *path, const void *data, size_t size, kt_fault *f)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return kt_raise_errno(f, errno, path);

    int err = write_all(fd, data, size);
    if (close(fd) != 0 && err == 0)
        err = errno;
    return err ? kt_raise_errno(f, err, path) : KT_OK;
}

/* A new file beside `path`, its name in `temporary`; -1 with errno otherwise. */
static int open_temporary(const char *path, mode_t mode, kt_str *temporary)
{
    static atomic_uint serial;

    for (int i = 0; i < NAME_TRIES; i++) {
        temporary->len = 0;
        kt_str_printf(temporary, "%s.%ld-%u.tmp", path, (long)getpid(),
                      atomic_fetch_add(&serial, 1u));
        if (temporary->failed) {
            errno = ENOMEM;
            return -1;
        }
        int fd = open(temporary->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* The rename itself is only safe against a power cut once the folder is on disk too. Not all file
 * systems can do that, and the data are whole either way, so a failure here is none. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    kt_str      folder = {0};

    if (slash)
        kt_str_addn(&folder, path, (size_t)(slash - path) + 1);
    else
        kt_str_add(&folder, ".");
    int fd = folder.failed ? -1 : open(folder.data, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    kt_str_free(&folder);
}

static kt_status write_and_rename(const char *path, const struct stat *old, const void *data,
                                  size_t size, kt_fault *f)
{
    kt_str temporary = {0};
    int    err = 0;
    int    fd = open_temporary(path, 0666, &temporary);

    if (fd < 0) {
        err = errno;
    } else {
        err = write_all(fd, data, size);
        if (err == 0 && old && fchmod(fd, old->st_mode & 07777) != 0)
            err = errno;
        if (err == 0 && fsync(fd) != 0 && errno != EINVAL) /* EINVAL: this file system cannot */
            err = errno;
        if (close(fd) != 0 && err == 0)
            err = errno;
        if (err == 0 && rename(temporary.data, path) != 0)
            err = errno;
        if (err != 0)
            unlink(temporary.data);
        else
            sync_folder(path);
    }
    kt_str_free(&temporary);
    return err ? kt_raise_errno(f, err, path) : KT_OK;
}

kt_status kt_file_write(const char *path, const void *data, size_t size, kt_fault *f)
{
    struct stat st;
    bool        exists = stat(path, &st) == 0;

    if (exists && S_ISDIR(st.st_mode))
        return kt_raise_errno(f, EISDIR, path);
    if (exists && !S_ISREG(st.st_mode))
        return write_in_place(path, data, size, f);
    if (!exists)
        return write_and_rename(path, NULL, data, size, f);

    char *real = realpath(path, NULL); /* a symbolic link stays one, and its target is replaced */
    if (!real)
        return kt_raise_errno(f, errno, path);
    kt_status s = write_and_rename(real, &st, data, size, f);
    free(real); /* style: free - realpath took it from the C library */
    return s;
}
