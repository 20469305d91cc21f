/* folder.c - what is in a folder, and below it. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "codec/codec.h"

/* One name of a folder: its path, and how much of that is the folder's. */
typedef struct entry {
    char  *path;
    size_t folder;
    bool   is_folder, is_link;
} entry;

static bool add(const char *folder, const char *name, kt_arena *a, kt_vec *out)
{
    struct stat st;
    entry      *e = kt_arena_alloc(a, sizeof *e);

    if (!e || !(e->path = kt_arena_printf(a, "%s/%s", folder, name)))
        return false;
    e->folder = strlen(folder);
    e->is_link = lstat(e->path, &st) == 0 && S_ISLNK(st.st_mode);
    bool known = stat(e->path, &st) == 0;
    e->is_folder = known && S_ISDIR(st.st_mode);
    /* What is neither, a pipe, would never end; a link to nothing is an error when it is read. */
    return (known && !e->is_folder && !S_ISREG(st.st_mode)) || kt_vec_push(out, e);
}

static kt_status look(const char *folder, kt_arena *a, kt_vec *out, kt_fault *f)
{
    DIR           *d = opendir(folder);
    struct dirent *name;
    bool           ok = true;

    if (!d)
        return kt_raise_errno(f, errno, folder);
    while (ok && (name = readdir(d)) != NULL)
        ok = kt_streq(name->d_name, ".") || kt_streq(name->d_name, "..") ||
             add(folder, name->d_name, a, out);
    closedir(d);
    return ok ? KT_OK : kt_raise_memory(f);
}

/* By the folder, then by the name in it. */
static int by_place(const void *left, const void *right)
{
    const entry *a = *(entry *const *)left, *b = *(entry *const *)right;
    size_t       n = a->folder < b->folder ? a->folder : b->folder;
    int          c = memcmp(a->path, b->path, n);

    if (c != 0)
        return c;
    if (a->folder != b->folder)
        return a->folder < b->folder ? -1 : 1;
    return strcmp(a->path + n, b->path + n);
}

static void sort(kt_vec *entries)
{
    if (entries->n > 0)
        qsort(entries->at, entries->n, sizeof *entries->at, by_place);
}

kt_status kt_folder_names(const char *path, kt_arena *a, kt_vec *names, kt_fault *f)
{
    kt_vec    all = {0};
    kt_status s = look(path, a, &all, f);

    sort(&all);
    for (size_t i = 0; s == KT_OK && i < all.n; i++) {
        const entry *e = all.at[i];
        if (e->is_folder && e->path[e->folder + 1] != '.' &&
            !kt_vec_push(names, e->path + e->folder + 1))
            s = kt_raise_memory(f);
    }
    kt_vec_free(&all);
    return s;
}

static bool ends(const char *name, const char *const *endings)
{
    size_t n = strlen(name);

    for (; *endings; endings++) {
        size_t k = strlen(*endings);
        if (k <= n && strcasecmp(name + n - k, *endings) == 0)
            return true;
    }
    return false;
}

kt_status kt_folder_files(const char *path, const char *const *endings, kt_arena *a, kt_vec *files,
                          kt_fault *f)
{
    kt_vec    all = {0};
    kt_status s = look(path, a, &all, f);

    for (size_t i = 0; s == KT_OK && i < all.n; i++) { /* grows on the way */
        const entry *e = all.at[i];
        if (e->is_folder && !e->is_link)
            s = look(e->path, a, &all, f);
    }
    sort(&all);
    for (size_t i = 0; s == KT_OK && i < all.n; i++) {
        const entry *e = all.at[i];
        if (!e->is_folder && ends(e->path + e->folder + 1, endings) && !kt_vec_push(files, e->path))
            s = kt_raise_memory(f);
    }
    kt_vec_free(&all);
    return s;
}
