/* test_codec_file.c - whole files: the errors' words, replacing without a trace, links, pipes,
 * mapped files. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "codec/codec.h"

static char folder[] = "/tmp/keratin-test-XXXXXX";

static char *in_folder(const char *name)
{
    static char path[4][300]; /* a folder and the longest name */
    static int  next;

    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int count_files(bool unlink_them)
{
    DIR           *d = opendir(folder);
    struct dirent *e;
    int            n = 0;

    while (d && (e = readdir(d)))
        if (e->d_name[0] != '.') {
            n++;
            if (unlink_them)
                remove(in_folder(e->d_name));
        }
    if (d)
        closedir(d);
    return n;
}

static int remove_folder(void **state)
{
    (void)state;
    count_files(true);
    return rmdir(folder);
}

static void write_text(const char *path, const char *text)
{
    kt_fault f = {0};

    assert_int_equal(kt_file_write(path, text, strlen(text), &f), KT_OK);
}

static void assert_text(const char *path, const char *text)
{
    kt_fault f = {0};
    kt_bytes b;

    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    assert_int_equal(b.size, strlen(text));
    assert_memory_equal(b.data, text, b.size);
    kt_bytes_free(&b);
}

static void reads_what_was_written(void **state)
{
    (void)state;
    count_files(true);
    write_text(in_folder("a"), "first");
    assert_text(in_folder("a"), "first");
    write_text(in_folder("a"), "");
    assert_text(in_folder("a"), "");
    assert_int_equal(count_files(false), 1); /* no temporary file stays */
}

static void errors_are_pythons(void **state)
{
    kt_fault f = {0};
    kt_bytes b;

    (void)state;
    assert_int_equal(kt_file_read("/nonexistent/x.npy", &b, &f), KT_E_FILE_NOT_FOUND);
    assert_string_equal(f.e.message, "[Errno 2] No such file or directory: '/nonexistent/x.npy'");
    kt_fault_clear(&f);
    assert_int_equal(kt_file_read(folder, &b, &f), KT_E_OS);
    assert_non_null(strstr(f.e.message, "[Errno 21] Is a directory"));
    kt_fault_clear(&f);
    assert_int_equal(kt_file_write("/nonexistent/x.npy", "x", 1, &f), KT_E_FILE_NOT_FOUND);
    kt_fault_clear(&f);
    assert_int_equal(kt_file_write(folder, "x", 1, &f), KT_E_OS);
    kt_fault_clear(&f);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    kt_fault f = {0};

    (void)state;
    count_files(true);
    write_text(in_folder("a"), "old");
    kt_alloc_fail_after(1);
    kt_status s = kt_file_write(in_folder("a"), "new", 3, &f);
    kt_alloc_fail_after(0);
    assert_int_equal(s, KT_E_MEMORY);
    kt_fault_clear(&f);
    assert_text(in_folder("a"), "old");
    assert_int_equal(count_files(false), 1);
}

/* A write that fails half way through: beyond RLIMIT_FSIZE write() takes what fits, then fails. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    static char   big[5000];
    struct rlimit before, small;
    kt_fault      f = {0}, g = {0};

    (void)state;
    count_files(true);
    write_text(in_folder("a"), "old");
    memset(big, 'x', sizeof big);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 3000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    kt_status s = kt_file_write(in_folder("a"), big, sizeof big, &f);
    kt_status fresh = kt_file_write(in_folder("b"), big, sizeof big, &g);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(s, KT_E_OS);
    assert_non_null(strstr(f.e.message, "[Errno 27] File too large"));
    kt_fault_clear(&f);
    assert_int_equal(fresh, KT_E_OS);
    kt_fault_clear(&g);
    assert_text(in_folder("a"), "old");
    assert_int_equal(count_files(false), 1); /* neither a temporary file nor half a new one */
    assert_int_equal(kt_file_write(in_folder("a"), big, sizeof big, &f), KT_OK);
}

static void a_full_device_is_an_error(void **state)
{
    kt_fault f = {0};

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(kt_file_write("/dev/full", "x", 1, &f), KT_E_OS);
    assert_string_equal(f.e.message, "[Errno 28] No space left on device: '/dev/full'");
    kt_fault_clear(&f);
}

static void mode_and_link_stay(void **state)
{
    struct stat st;

    (void)state;
    count_files(true);
    write_text(in_folder("a"), "old");
    assert_int_equal(chmod(in_folder("a"), 0600), 0);
    assert_int_equal(symlink(in_folder("a"), in_folder("link")), 0);
    write_text(in_folder("link"), "new");
    assert_text(in_folder("a"), "new");
    assert_int_equal(stat(in_folder("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(lstat(in_folder("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void devices_are_written_in_place(void **state)
{
    struct stat st;

    (void)state;
    write_text("/dev/null", "gone");
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    assert_text("/dev/null", "");
}

static void big_files_are_mapped(void **state)
{
    kt_fault f = {0};
    kt_bytes b;
    size_t   size = (size_t)65 << 20;

    (void)state;
    write_text(in_folder("big"), "x");
    assert_int_equal(truncate(in_folder("big"), (off_t)size), 0);
    assert_int_equal(kt_file_read(in_folder("big"), &b, &f), KT_OK);
    assert_true(b.mapped);
    assert_int_equal(b.size, size);
    assert_int_equal(b.data[0], 'x');
    assert_int_equal(b.data[size - 1], 0);
    kt_bytes_free(&b);
    assert_null(b.data);
}

/* Its size is not known: the buffer grows several times. */
static void a_pipe_may_be_long(void **state)
{
    enum { BYTES = 1000 * 1000 };
    char     path[32];
    kt_fault f = {0};
    kt_bytes b;
    int      end[2], status = 1;

    (void)state;
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    if (child == 0) {
        close(end[0]);
        FILE *out = fdopen(end[1], "w");
        for (int i = 0; i < BYTES; i++)
            putc(i % 251, out);
        fflush(out);
        _exit(0);
    }
    close(end[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", end[0]);
    assert_int_equal(kt_file_read(path, &b, &f), KT_OK);
    assert_int_equal(b.size, BYTES);
    for (int i = 0; i < BYTES; i++)
        if (b.data[i] != i % 251)
            fail_msg("byte %d is %d", i, b.data[i]);
    kt_bytes_free(&b);
    close(end[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_may_be_long),
        cmocka_unit_test(reads_what_was_written),
        cmocka_unit_test(errors_are_pythons),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(a_full_device_is_an_error),
        cmocka_unit_test(mode_and_link_stay),
        cmocka_unit_test(devices_are_written_in_place),
        cmocka_unit_test(big_files_are_mapped),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
