/* io.h - files that Keras opens, and reading what Keras wrote. */
#ifndef KERATIN_IO_H
#define KERATIN_IO_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* .keras, .h5 or .json by the name's ending; written to a temporary file, synced, renamed. Nothing
 * is half-written. */
KT_API kt_status kt_save(kt_model *m, const char *path);
/* Weights, configuration, compile state and optimizer state. A model in error state if it can not
 * be read. */
KT_API kt_model *kt_load(const char *path);
KT_API kt_model *kt_load_memory(const void *data, size_t size, const char *name);
/* model.to_json(); kt_alloc'd text: free with kt_text_free. NULL on failure. */
KT_API char     *kt_to_json(kt_model *m);
KT_API kt_model *kt_from_json(const char *json);
KT_API void      kt_text_free(char *text);

/* Arrays: .npy by content. New reference, or NULL with *error set (may be NULL; free with
 * kt_text_free). */
KT_API kt_tensor *kt_tensor_load(const char *path, char **error);
KT_API kt_status  kt_tensor_save(const kt_tensor *t, const char *path);
/* n arrays under their names as .npz. */
KT_API kt_status kt_tensors_save(const char *path, int n, const char *const *names,
                                 kt_tensor *const *t);

#ifdef __cplusplus
}
#endif
#endif
