/* stored.h - where a zip archive has an uncompressed entry. Not a door: only zip.c includes it. */
#ifndef KT_CODEC_STORED_H
#define KT_CODEC_STORED_H

#include "codec/codec.h"

/* The bytes of entry number `index` in the archive, where they stand as they are and have this
 * checksum; NULL: they have to be read by libzip. */
const uint8_t *kt__stored(const void *archive, size_t size, uint64_t index, uint64_t bytes,
                          uint32_t checksum);

#endif
