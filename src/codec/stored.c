/* stored.c - where a zip archive has the bytes of an entry that is not compressed, so that a
 * model's weights need not be copied out of their file.
 *
 * libzip does not say; what is found here is taken only with the size and the checksum that libzip
 * has read, so that a directory that says different things to the two is of no use to anybody.
 */
#include <string.h>
#include <zlib.h>

#include "codec/stored.h"

enum { END = 22, CENTRAL = 46, LOCAL = 30, COMMENT = 65535 };

static uint64_t number(const uint8_t *p, int n)
{
    uint64_t x = 0;

    for (int i = n - 1; i >= 0; i--)
        x = x << 8 | p[i];
    return x;
}

/* The record at the end of an archive, behind which there is only a comment; NULL: none. */
static const uint8_t *find_end(const uint8_t *zip, size_t size)
{
    for (size_t back = END; back <= size && back <= END + COMMENT; back++)
        if (memcmp(zip + size - back, "PK\5\6", 4) == 0)
            return zip + size - back;
    return NULL;
}

/* The directory's record number `index`, all of it in the archive. */
static const uint8_t *find_record(const uint8_t *zip, size_t size, uint64_t index)
{
    const uint8_t *end = find_end(zip, size);
    uint64_t       at = end ? number(end + 16, 4) : size;

    for (uint64_t i = 0;; i++) {
        if (at > size || size - at < CENTRAL || memcmp(zip + at, "PK\1\2", 4) != 0)
            return NULL;
        if (i == index)
            return zip + at;
        at += CENTRAL + number(zip + at + 28, 2) + number(zip + at + 30, 2) +
              number(zip + at + 32, 2);
    }
}

static bool has_checksum(const uint8_t *p, size_t n, uint32_t want)
{
    uLong sum = crc32(0, NULL, 0);

    for (size_t part; n > 0; p += part, n -= part) {
        part = n < (1u << 30) ? n : (1u << 30);
        sum = crc32(sum, p, (uInt)part);
    }
    return sum == want;
}

const uint8_t *kt__stored(const void *archive, size_t size, uint64_t index, uint64_t bytes,
                          uint32_t checksum)
{
    const uint8_t *zip = archive, *record = find_record(zip, size, index);
    uint64_t       at = record ? number(record + 42, 4) : size;

    if (at > size || size - at < LOCAL || memcmp(zip + at, "PK\3\4", 4) != 0)
        return NULL;
    at += LOCAL + number(zip + at + 26, 2) + number(zip + at + 28, 2);
    if (at > size || bytes > size - at || !has_checksum(zip + at, (size_t)bytes, checksum))
        return NULL;
    return zip + at;
}
