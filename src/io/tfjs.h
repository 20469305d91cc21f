/* tfjs.h - what lies beside a TensorFlow.js model.json. Not a door: only tfjs*.c include it. */
#ifndef KT_IO_TFJS_H
#define KT_IO_TFJS_H

#include "io/io.h"

/* Whether any of the manifest's files is there: model.json alone is an architecture. */
bool kt__tfjs_has_files(const char *json, const kt_value *manifest, kt_fault *f);
/* The bytes of a group: its files, one behind the other. */
kt_status kt__tfjs_group(const char *json, const kt_value *paths, kt_bytes *out, kt_fault *f);
/* The numbers of weight w at *at, of which *left bytes are there, as float32 or what they are. */
kt_status kt__tfjs_decode(const kt_value *w, const uint8_t **at, size_t *left, const char *file,
                          kt_array *out, kt_fault *f);

#endif
