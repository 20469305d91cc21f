/* zip.c - zip archives in memory, over libzip. Writing is done in memory too, so that the file
 * appears at once. */
#include <string.h>

#include "codec/stored.h"
#include "codec/zip_lib.h"

#define SMALLEST      22      /* bytes of an archive without entries */
#define COUNT_LIMIT   100000  /* entries of one archive */
#define DEFLATE_RATIO 1032u   /* deflate never shrinks more: a size beyond it is a lie */
#define FIXED_DATE    0x0021u /* 1980-01-01, where zip's calendar begins */

/* Set by whoever enters. */
static _Thread_local const kt_zip_lib *z;

static bool enter(kt_fault *f)
{
    z = kt__zip(f);
    return z != NULL;
}

typedef struct reader {
    const char *name;
    zip_t      *zip;
    const void *data;
    size_t      archive, left;         /* bytes of the archive; bytes that may still be inflated */
    size_t (*most)(const char *entry); /* or NULL */
    kt_fault *fault;
} reader;

static kt_status raise_zip(kt_fault *f, const char *name, const char *what, zip_error_t *e)
{
    kt_status s = z->zip_error_code_zip(e) == ZIP_ER_MEMORY
                    ? kt_raise_memory(f)
                    : kt_raise(f, KT_E_VALUE, "'%s' %s: %s", name, what, z->zip_error_strerror(e));
    z->zip_error_fini(e);
    return s;
}

void kt_zip_free(kt_zip_entry *entries, int n)
{
    for (int i = 0; i < n; i++) {
        kt_free((char *)(uintptr_t)entries[i].name); /* const for users, ours to free */
        if (!entries[i].borrowed)
            kt_bytes_free(&entries[i].bytes);
    }
    kt_free(entries);
}

/* Refuses what a damaged or hostile directory claims before memory is taken for it. */
static kt_status check_size(reader *r, const zip_stat_t *st)
{
    zip_uint64_t all = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;

    if ((st->valid & all) != all || st->comp_size > r->archive ||
        st->size > st->comp_size * DEFLATE_RATIO + 64)
        return kt_raise(r->fault, KT_E_VALUE,
                        "'%s' is no valid zip file: the size of '%s' is wrong", r->name, st->name);
    if (st->size > r->left || (r->most && st->size > r->most(st->name)))
        return kt_raise(r->fault, KT_E_VALUE, "'%s' holds more data than allowed (stopped at '%s')",
                        r->name, st->name);
    return KT_OK;
}

static kt_status read_bytes(reader *r, zip_uint64_t index, const zip_stat_t *st, kt_bytes *out)
{
    zip_file_t *file = z->zip_fopen_index(r->zip, index, 0);
    zip_int64_t n;

    if (!file)
        return kt_raise(r->fault, KT_E_VALUE, "'%s': '%s' cannot be read: %s", r->name, st->name,
                        z->zip_strerror(r->zip));
    while (out->size < st->size &&
           (n = z->zip_fread(file, out->data + out->size, st->size - out->size)) > 0)
        out->size += (size_t)n;
    /* The checksum is compared when the end is met, so one byte more is asked for. */
    char end;
    bool whole = out->size == st->size && z->zip_fread(file, &end, 1) == 0;
    z->zip_fclose(file);
    return whole ? KT_OK
                 : kt_raise(r->fault, KT_E_VALUE, "'%s' is no valid zip file: '%s' is damaged",
                            r->name, st->name);
}

/* Where the archive has the entry's bytes as they are; only for who says what it wants. */
static const uint8_t *in_place(const reader *r, zip_uint64_t index, const zip_stat_t *st)
{
    zip_uint64_t all = ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC | ZIP_STAT_ENCRYPTION_METHOD;
    bool         plain = (st->valid & all) == all && st->comp_method == ZIP_CM_STORE &&
                 st->encryption_method == ZIP_EM_NONE && st->comp_size == st->size;

    return plain && r->most ? kt__stored(r->data, r->archive, index, st->size, st->crc) : NULL;
}

static kt_status read_entry(reader *r, zip_uint64_t index, const zip_stat_t *st, kt_zip_entry *out)
{
    bool      wanted = !r->most || r->most(st->name) > 0;
    kt_status s = wanted ? check_size(r, st) : KT_OK;

    if (s != KT_OK)
        return s;
    out->name = kt_strdup(st->name);
    if (out->name && !wanted)
        return KT_OK;
    r->left -= (size_t)st->size;
    const uint8_t *here = out->name ? in_place(r, index, st) : NULL;
    if (here) {
        out->bytes = (kt_bytes){.data = (uint8_t *)(uintptr_t)here, .size = (size_t)st->size};
        out->borrowed = true;
        return KT_OK;
    }
    out->bytes.data = kt_alloc((size_t)st->size + 1);
    if (!out->name || !out->bytes.data)
        return kt_raise_memory(r->fault);
    return read_bytes(r, index, st, &out->bytes);
}

static kt_status read_entries(reader *r, kt_zip_entry **out, int *n)
{
    zip_int64_t count = z->zip_get_num_entries(r->zip, 0);

    if (count < 0 || count > COUNT_LIMIT)
        return kt_raise(r->fault, KT_E_VALUE, "'%s' has more than %d entries", r->name,
                        COUNT_LIMIT);
    *out = kt_calloc((size_t)count + 1, sizeof **out);
    if (!*out)
        return kt_raise_memory(r->fault);
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t st;
        if (z->zip_stat_index(r->zip, (zip_uint64_t)i, 0, &st) != 0 || !(st.valid & ZIP_STAT_NAME))
            return kt_raise(r->fault, KT_E_VALUE,
                            "'%s' is no valid zip file: entry %lld has no name", r->name,
                            (long long)i);
        size_t length = strlen(st.name);
        if (length > 0 && st.name[length - 1] == '/') /* a folder */
            continue;
        kt_status s = read_entry(r, (zip_uint64_t)i, &st, &(*out)[(*n)++]);
        if (s != KT_OK)
            return s;
    }
    return KT_OK;
}

kt_status kt_zip_read(const char *name, const void *data, size_t size, size_t limit,
                      kt_zip_entry **out, int *n, kt_fault *f)
{
    return kt_zip_read_wanted(name, data, size, limit, NULL, out, n, f);
}

kt_status kt_zip_read_wanted(const char *name, const void *data, size_t size, size_t limit,
                             size_t (*most)(const char *entry), kt_zip_entry **out, int *n,
                             kt_fault *f)
{
    zip_error_t e;
    reader      r = {
             .name = name, .data = data, .archive = size, .left = limit, .most = most, .fault = f};

    *out = NULL;
    *n = 0;
    if (size < SMALLEST) /* libzip takes no bytes at all for an empty archive */
        return kt_raise(f, KT_E_VALUE, "'%s' is no valid zip file: it is too short", name);
    if (!enter(f))
        return f->e.status;
    z->zip_error_init(&e);
    zip_source_t *source = z->zip_source_buffer_create(data, size, 0, &e);
    if (!source)
        return raise_zip(f, name, "cannot be read", &e);
    r.zip = z->zip_open_from_source(source, ZIP_RDONLY, &e);
    if (!r.zip) {
        z->zip_source_free(source);
        return raise_zip(f, name, "is no valid zip file", &e);
    }
    z->zip_error_fini(&e);
    kt_status s = read_entries(&r, out, n);
    z->zip_discard(r.zip);
    if (s != KT_OK) {
        kt_zip_free(*out, *n);
        *out = NULL;
        *n = 0;
    }
    return s;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The data stay the caller's until zip_close. */
static bool add_entry(zip_t *zip, const kt_zip_entry *e)
{
    zip_source_t *data = z->zip_source_buffer(zip, e->bytes.data, e->bytes.size, 0);
    zip_int64_t   i = data ? z->zip_file_add(zip, e->name, data, ZIP_FL_ENC_UTF_8) : -1;

    if (i < 0) {
        z->zip_source_free(data);
        return false;
    }
    return z->zip_set_file_compression(zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0 &&
           z->zip_file_set_dostime(zip, (zip_uint64_t)i, 0, FIXED_DATE, 0) == 0;
}

/* Fills `target`; the archive is gone after. */
static kt_status fill(zip_source_t *target, const char *path, const kt_zip_entry *entries, int n,
                      kt_fault *f)
{
    zip_error_t e;

    z->zip_error_init(&e);
    zip_t *zip = z->zip_open_from_source(target, ZIP_TRUNCATE, &e);
    if (!zip)
        return raise_zip(f, path, "cannot be made", &e);
    z->zip_error_fini(&e);
    z->zip_source_keep(
        target); /* zip_close and zip_discard free the source once; it is read afterwards */
    for (int i = 0; i < n; i++)
        if (!add_entry(zip, &entries[i])) {
            kt_status s = kt_raise(f, KT_E_VALUE, "'%s': '%s' cannot be added: %s", path,
                                   entries[i].name, z->zip_strerror(zip));
            z->zip_discard(zip);
            return s;
        }
    if (z->zip_close(zip) == 0)
        return KT_OK;
    kt_status s = kt_raise(f, KT_E_VALUE, "'%s' cannot be made: %s", path, z->zip_strerror(zip));
    z->zip_discard(zip);
    return s;
}

static kt_status write_source(zip_source_t *source, const char *path, kt_fault *f)
{
    zip_stat_t st;
    kt_status  s = KT_OK;

    z->zip_stat_init(&st);
    if (z->zip_source_stat(source, &st) != 0 || z->zip_source_open(source) != 0)
        return kt_raise_memory(f);
    uint8_t *data = kt_alloc((size_t)st.size + 1);
    if (!data || z->zip_source_read(source, data, st.size) != (zip_int64_t)st.size)
        s = kt_raise_memory(f);
    z->zip_source_close(source);
    if (s == KT_OK)
        s = kt_file_write(path, data, (size_t)st.size, f);
    kt_free(data);
    return s;
}

kt_status kt_zip_write(const char *path, const kt_zip_entry *entries, int n, kt_fault *f)
{
    zip_error_t e;

    if (n == 0) /* libzip would write nothing, which no reader takes for an archive */
        return kt_file_write(path, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", SMALLEST, f);
    if (!enter(f))
        return f->e.status;
    z->zip_error_init(&e);
    zip_source_t *target = z->zip_source_buffer_create(NULL, 0, 0, &e);
    if (!target)
        return raise_zip(f, path, "cannot be made", &e);
    z->zip_error_fini(&e);
    kt_status s = fill(target, path, entries, n, f);
    if (s == KT_OK)
        s = write_source(target, path, f);
    z->zip_source_free(target);
    return s;
}
