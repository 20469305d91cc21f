/* zip_lib.h - libzip as Keratin sees it: a table of its functions, filled when an archive is first
 * read or written. Not a door: only zip*.c include it.
 *
 * Loaded with dlopen: it brings libcrypto along, whose tables take longer to relocate than most
 * commands take to run. */
#ifndef KT_CODEC_ZIP_LIB_H
#define KT_CODEC_ZIP_LIB_H

#include <zip.h>

#include "codec/codec.h"

/* clang-format off */
#define KT_ZIP_CALLS(X)                                                                            \
    X(zip_close) X(zip_discard) X(zip_error_code_zip) X(zip_error_fini) X(zip_error_init)          \
    X(zip_error_strerror) X(zip_fclose) X(zip_file_add) X(zip_file_set_dostime) X(zip_fopen_index) \
    X(zip_fread) X(zip_get_num_entries) X(zip_open_from_source) X(zip_set_file_compression)        \
    X(zip_source_buffer) X(zip_source_buffer_create) X(zip_source_close) X(zip_source_free)        \
    X(zip_source_keep) X(zip_source_open) X(zip_source_read) X(zip_source_stat) X(zip_stat_index)  \
    X(zip_stat_init) X(zip_strerror)
/* clang-format on */

typedef struct kt_zip_lib {
#define X(name) __typeof__(&name) name;
    KT_ZIP_CALLS(X)
#undef X
} kt_zip_lib;

/* NULL after raising. Any thread may ask; the table is never changed again. */
const kt_zip_lib *kt__zip(kt_fault *f);

#endif
