/* test_codec_file_calls.c - files where one call of the system fails, each in turn: what is said
 * (support/damage_words.txt), and that what was there stays whole. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "codec/codec.h"
#include "support/damage.h"

/* --- calls that fail (tests.cmake puts these in their place) ---------------------------------- */

static const char *failing; /* its name */
static int         left;    /* calls of it until then */
static int         with;    /* errno */

static bool fails(const char *name)
{
    if (!failing || strcmp(name, failing) != 0 || --left != 0)
        return false;
    errno = with;
    return true;
}

/* What is closed must be closed. */
#define WRAP(type, name, failure, parameters, ...) \
    type __real_##name parameters;                 \
    type __wrap_##name parameters;                 \
    type __wrap_##name parameters                  \
    {                                              \
        if (!fails(#name))                         \
            return __real_##name(__VA_ARGS__);     \
        if (#name[0] == 'c')                       \
            (void)__real_##name(__VA_ARGS__);      \
        errno = with;                              \
        return failure;                            \
    }

WRAP(ssize_t, read, -1, (int fd, void *p, size_t n), fd, p, n)
WRAP(ssize_t, write, -1, (int fd, const void *p, size_t n), fd, p, n)
WRAP(int, close, -1, (int fd), fd)
WRAP(int, fsync, -1, (int fd), fd)
WRAP(int, fchmod, -1, (int fd, mode_t mode), fd, mode)
WRAP(int, fstat, -1, (int fd, struct stat *st), fd, st)
WRAP(int, rename, -1, (const char *from, const char *to), from, to)
WRAP(int, access, -1, (const char *path, int how), path, how)
WRAP(char *, realpath, NULL, (const char *path, char *out), path, out)
WRAP(void *, mmap, MAP_FAILED, (void *p, size_t n, int how, int flags, int fd, off_t at), p, n, how,
     flags, fd, at)

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list ap;

    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return fails("open") ? -1 : __real_open(path, flags, mode);
}

static const char *const calls[] = {"read",   "write",  "close",    "fsync", "fchmod", "fstat",
                                    "rename", "access", "realpath", "mmap",  "open"};

/* --- works ------------------------------------------------------------------------------------ */

static const char old_text[] = "what was there", new_text[] = "what comes instead of it";

static kt_status see(kt_status s, kt_bytes *b)
{
    if (s == KT_OK)
        assert_int_equal(b->size, strlen(old_text));
    kt_bytes_free(b);
    return s;
}

static kt_status read_file(kt_fault *f)
{
    kt_bytes b = {0};

    return see(kt_file_read("old.txt", &b, f), &b);
}

static kt_status map_file(kt_fault *f)
{
    kt_bytes b = {0};

    return see(kt_file_map("old.txt", &b, f), &b);
}

static kt_status read_input(kt_fault *f)
{
    kt_bytes  b = {0};
    int       kept = dup(STDIN_FILENO), fd = __real_open("old.txt", O_RDONLY);
    kt_status s;

    assert_true(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0);
    s = see(kt_stdin_read(&b, f), &b);
    if (kept >= 0)
        dup2(kept, STDIN_FILENO);
    __real_close(fd);
    if (kept >= 0)
        __real_close(kept);
    return s;
}

static kt_status write_new(kt_fault *f)
{
    return kt_file_write("new.txt", new_text, strlen(new_text), f);
}

static kt_status write_over(kt_fault *f)
{
    return kt_file_write("old.txt", new_text, strlen(new_text), f);
}

static kt_status write_device(kt_fault *f)
{
    return kt_file_write("/dev/null", new_text, strlen(new_text), f);
}

static kt_status may_write(kt_fault *f)
{
    return kt_file_writable("old.txt", f);
}

static kt_status may_write_new(kt_fault *f)
{
    return kt_file_writable("new.txt", f);
}

static kt_status may_write_nothing(kt_fault *f)
{
    kt_status folder = kt_file_writable("./", f);

    kt_fault_clear(f);
    assert_true(folder != KT_OK);
    return kt_file_writable("", f);
}

static const struct {
    const char *name;
    kt_status (*w)(kt_fault *f);
} works[] = {{"read", read_file},
             {"map", map_file},
             {"stdin", read_input},
             {"write new", write_new},
             {"write over", write_over},
             {"write device", write_device},
             {"may write", may_write},
             {"may write new", may_write_new},
             {"may write none", may_write_nothing}};

/* --- what is there after ---------------------------------------------------------------------- */

static void put(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* "old", "new" or "none"; half of a file fails. */
static const char *left_in(const char *name)
{
    char   text[64] = "";
    FILE  *f = fopen(name, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;

    if (!f)
        return "none";
    fclose(f);
    text[n] = '\0';
    bool is_new = strcmp(text, new_text) == 0;
    if (!is_new)
        assert_string_equal(text, old_text);
    return is_new ? "new" : "old";
}

static void try_one(size_t w, const char *call, int n, int err, kt_str *said)
{
    kt_fault f = {0};

    put("old.txt", old_text);
    failing = call;
    left = n;
    with = err;
    kt_status s = works[w].w(&f);
    failing = NULL;
    const char *said_of = f.e.message ? f.e.message : ""; /* without the path */
    kt_str_printf(said, "%d %.*s %s, %s %s\n", (int)s, (int)strcspn(said_of, "'"), said_of,
                  left <= 0 ? "failed" : "not", left_in("old.txt"), left_in("new.txt"));
    kt_fault_clear(&f);
    unlink("new.txt");
}

static void each_call_fails(void **state)
{
    static const int errors[] = {EIO, EINTR, EINVAL, EEXIST, ENOMEM, ENOENT};
    kt_str           lines = {0};

    (void)state;
    for (size_t w = 0; w < KT_COUNT(works); w++)
        for (size_t c = 0; c < KT_COUNT(calls); c++) {
            kt_str   said = {0};
            uint32_t sum = DAMAGE_SUM;
            bool     more = true;
            int      n = 0;
            while (more && n < 20) {
                n++;
                for (size_t e = 0; e < KT_COUNT(errors); e++)
                    try_one(w, calls[c], n, errors[e], &said);
                more = left <= 0;
            }
            damage_sum(&sum, kt_str_text(&said));
            kt_str_printf(&lines, "file %s, %s fails: %d calls %08x\n", works[w].name, calls[c],
                          n - 1, sum);
            kt_str_free(&said);
        }
    damage_as_kept(&lines);
    kt_str_free(&lines);
}

static char folder[] = "/tmp/keratin-calls-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

/* Not even a temporary file is left. */
static int tear_down(void **state)
{
    (void)state;
    unlink("old.txt");
    return chdir("/") || rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_fails)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
