/* io.h - files that Keras opens, and reading what Keras wrote. */
#ifndef KERATIN_IO_H
#define KERATIN_IO_H

#include "keratin/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* .keras, .h5, .weights.h5 or .npz (weights alone), or .json by the name's ending; written to a
 * temporary file, synced, renamed. Nothing is half-written. */
KT_API kt_status kt_save(kt_model *m, const char *path);
/* Whether kt_save can succeed, as far as it can be known without writing: the ending, the folder,
 * the right to write, every class' ability to be saved. Before a long training, not after it. */
KT_API kt_status kt_check_save(kt_model *m, const char *path);
/* Why no file can be written there; NULL if it can (free with kt_text_free). */
KT_API char *kt_why_not_written(const char *path);
/* The longest configuration (config.json, a model's JSON) that is read, in bytes; 0: 64 MB again.
 * It is checked before memory is taken. For the whole process. */
KT_API void kt_set_config_limit(size_t bytes);
/* How many numbers the weights of a model may have that is read without weights (JSON), where
 * nothing else bounds what a file asks for; 0: as many as the machine's memory holds, again. It is
 * checked before memory is taken. For the whole process. */
KT_API void kt_set_weights_limit(size_t numbers);
/* Weights, configuration, compile state and optimizer state of a .keras or .h5 file (Keras 2 and 3;
 * told by its content), or the configuration of a JSON model. A model in error state if it can not
 * be read. What an older file says of compilation and has no counterpart here leaves it
 * uncompiled. */
KT_API kt_model *kt_load(const char *path);
/* The same from the bytes of a file, which may be freed afterwards. name stands for the file's name
 * in messages; NULL: "memory". */
KT_API kt_model *kt_load_memory(const void *data, size_t size, const char *name);
/* Sets the weights of a built model: from a .keras file, a .weights.h5 of Keras 3, an .h5 of
 * Keras 1 or 2 (layers in their order, as Keras takes them), or an .npz whose arrays are named by
 * the weights' paths ("sequential/dense/kernel") or come in the order of model.get_weights()
 * (arr_0, arr_1, ...). After a failure some may be set already. */
KT_API kt_status kt_load_weights(kt_model *m, const char *path);
/* The same. by_name: of an .h5 with weights by layer, those layers that have a name of the model's.
 * skip_mismatch: what does not fit stays as it is; *skipped (NULL: unwanted) is the number of
 * weights left out so. */
KT_API kt_status kt_load_weights_with(kt_model *m, const char *path, int by_name, int skip_mismatch,
                                      int *skipped);
/* What a file holds, by its content. */
enum { KT_FILE_PARTS = 24 };
typedef struct kt_file_part {
    char    name[104]; /* shortened */
    int64_t bytes;     /* -1: not known without reading it */
} kt_file_part;
typedef struct kt_file_facts {
    char         kind[40]; /* "Keras archive", "HDF5 model", "HDF5 weights", "JSON model", ... */
    int64_t      bytes;
    char         keras[32], backend[32]; /* as the file says; "": it does not */
    int          has_model, has_weights; /* a configuration, and weights of it or apart */
    int          compiled, has_state;    /* how it was compiled, and slots of its optimizer */
    int          parts;                  /* of which the first KT_FILE_PARTS are told */
    kt_file_part part[KT_FILE_PARTS];
} kt_file_facts;
/* Makes no model. What is no model's file is an error of the thread that says what it is. */
KT_API kt_status kt_file_look(const char *path, kt_file_facts *out);
/* 1 where the weights are what initializers gave: no file, training or kt_load_weights set them. 0
 * for a model without weights. */
KT_API int kt_weights_are_fresh(const kt_model *m);
/* model.to_json(); kt_alloc'd text: free with kt_text_free. NULL on failure. */
KT_API char     *kt_to_json(kt_model *m);
KT_API kt_model *kt_from_json(const char *json);
KT_API void      kt_text_free(char *text);

/* Arrays: .npy by content. New reference, or NULL with *error set (free with kt_text_free); where
 * error is NULL, and where saving fails, kt_thread_error says why. */
KT_API kt_tensor *kt_tensor_load(const char *path, char **error);
KT_API kt_status  kt_tensor_save(const kt_tensor *t, const char *path);
/* n arrays under their names as .npz. */
KT_API kt_status kt_tensors_save(const char *path, int n, const char *const *names,
                                 kt_tensor *const *t);

#ifdef __cplusplus
}
#endif
#endif
