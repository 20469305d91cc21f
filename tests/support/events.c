/* events.c - reads the files that TensorBoard reads: records with checksums, each a message of
 * protocol buffers. */
#include "support/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <string.h>

#include "codec/codec.h"
#include "tensor/tensor.h"

typedef struct part {
    const uint8_t *at, *end;
} part;

enum { FLOAT = 1 }; /* TensorFlow's number of float32; that of float64 is 2 */

static uint64_t fixed(const uint8_t *p, int bytes)
{
    uint64_t v = 0;

    for (int i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

/* CRC-32C as records have it: turned and moved. */
static uint32_t masked(const uint8_t *p, size_t n)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0);
    }
    crc = ~crc;
    return (crc >> 15 | crc << 17) + UINT32_C(0xa282ead8);
}

static uint64_t varint(part *p)
{
    uint64_t v = 0;

    for (int shift = 0; shift < 64; shift += 7) {
        assert_true(p->at < p->end);
        v |= (uint64_t)(*p->at & 127) << shift;
        if (*p->at++ < 128)
            break;
    }
    return v;
}

/* The next field: its number, and its value as number or as bytes. 0 at the end. */
static int field(part *p, uint64_t *number, part *bytes)
{
    if (p->at == p->end)
        return 0;
    uint64_t key = varint(p), kind = key & 7, size = 0;
    if (kind == 0) {
        *number = varint(p);
        return (int)(key >> 3);
    }
    size = kind == 1 ? 8 : kind == 5 ? 4 : varint(p);
    assert_true(kind == 1 || kind == 2 || kind == 5);
    assert_true(size <= (uint64_t)(p->end - p->at));
    *bytes = (part){p->at, p->at + size};
    p->at += size;
    return (int)(key >> 3);
}

/* The field at the end of a path (0 ends it), each a message in the one before; false if there is
 * none. */
static bool find(part in, const int *path, uint64_t *number, part *out)
{
    for (; *path; path++) {
        int n;
        while ((n = field(&in, number, out)) != *path)
            if (n == 0)
                return false;
        in = *out;
    }
    return true;
}

static void same_text(const char *what, part got, const kt_value *want)
{
    const char *text = kt_value_text(want);

    if ((size_t)(got.end - got.at) != strlen(text) || memcmp(got.at, text, strlen(text)) != 0)
        fail_msg("%s: '%.*s', Keras writes '%s'", what, (int)(got.end - got.at), got.at, text);
}

static void same_shape(const char *what, part tensor, const kt_value *want)
{
    part     shape = {0}, dim = {0};
    uint64_t size = 0;
    size_t   n = 0;

    if (!find(tensor, (int[]){2, 0}, &size, &shape))
        fail_msg("%s: a tensor has no shape", what);
    while (field(&shape, &size, &dim) == 2) {
        assert_true(n < want->n && field(&dim, &size, &dim) == 1);
        assert_int_equal(size, want->items[n++]->i);
    }
    assert_int_equal(n, want->n);
}

static void same_numbers(const char *what, part content, uint64_t dtype, const kt_value *want)
{
    size_t size = dtype == FLOAT ? 4 : 8;

    if (want->n > 0)
        assert_int_equal((size_t)(content.end - content.at), want->n * size);
    for (size_t i = 0; i < want->n; i++) {
        double room = 0, x, y = 0; /* bytes lie anywhere */
        memcpy(&room, content.at + i * size, size);
        x = kt_peek(&room, dtype == FLOAT ? KT_F32 : KT_F64, 0);
        assert_true(kt_value_number(want->items[i], &y));
        if (!(fabs(x - y) <= 1e-5 * (1 + fabs(y))))
            fail_msg("%s: number %zu is %g, Keras writes %g", what, i, x, y);
    }
}

static void compare(const char *what, part event, const kt_value *want)
{
    static const int step[] = {2, 0}, value[] = {5, 1, 0}, tag[] = {1, 0}, plugin[] = {9, 1, 1, 0},
                     tensor[] = {8, 0}, dtype[] = {1, 0}, content[] = {4, 0};
    part     v = {0}, found = {0}, t = {0};
    uint64_t number = 0, type = 0;

    assert_true(find(event, value, &number, &v));
    number = 0; /* which is not written */
    find(event, step, &number, &found);
    assert_int_equal(number, want->items[0]->i);
    assert_true(find(v, tag, &number, &found));
    same_text(what, found, want->items[1]);
    assert_true(find(v, plugin, &number, &found));
    same_text(what, found, want->items[2]);
    assert_true(find(v, tensor, &number, &t) && find(t, dtype, &type, &found));
    assert_int_equal(type, want->items[3]->i);
    same_shape(what, t, want->items[4]);
    assert_true(find(t, content, &number, &found));
    same_numbers(what, found, type, want->items[5]);
}

static void read_only_file(const char *folder, kt_bytes *out)
{
    kt_str         path = {0};
    kt_fault       f = {0};
    struct dirent *e;
    DIR           *d = opendir(folder);

    assert_non_null(d);
    while ((e = readdir(d)))
        if (*e->d_name != '.')
            kt_str_printf(&path, "%s/%s", folder, e->d_name);
    closedir(d);
    assert_int_equal(kt_file_read(kt_str_text(&path), out, &f), KT_OK);
    kt_str_free(&path);
}

void events_compare(const char *what, const kt_value *want, const char *folder)
{
    kt_bytes b;
    size_t   n = 0;

    read_only_file(folder, &b);
    part all = {b.data, (const uint8_t *)b.data + b.size};
    for (int k = 0; all.at < all.end; k++) {
        uint64_t size = fixed(all.at, 8);
        part     record = {all.at + 12, all.at + 12 + size};
        assert_true((size_t)(all.end - all.at) >= 16 + size);
        assert_int_equal(fixed(all.at + 8, 4), masked(all.at, 8));
        assert_int_equal(fixed(record.end, 4), masked(record.at, size));
        if (k > 0 && n >= want->n) /* the first has the version */
            fail_msg("%s: more than the %zu events of Keras", what, want->n);
        if (k > 0)
            compare(what, record, want->items[n++]);
        all.at += 16 + size;
    }
    if (n != want->n)
        fail_msg("%s: %zu events, Keras writes %zu", what, n, want->n);
    kt_bytes_free(&b);
}
