/* io.h - the door of src/io: model files. One file per format and one row KT_FORMAT(file) in
 * formats.list; the file ends with `const kt_format kt_format_<file>`. */
#ifndef KT_IO_DOOR_H
#define KT_IO_DOOR_H

#include "keratin/io.h"
#include "model/model.h"

typedef struct kt_format {
    const char *name;    /* for messages: "Keras archive" */
    const char *suffix;  /* ".keras" */
    bool        weights; /* it holds weights alone */
    bool (*matches)(const uint8_t *data, size_t size);
    /* A new model; NULL or failed with f raised. */
    kt_model *(*load)(const char *name, const void *data, size_t size, kt_fault *f);
    /* The model's configuration alone, in a's memory; *weights: the file has weights too. */
    kt_value *(*config)(const char *name, const void *data, size_t size, kt_arena *a, bool *weights,
                        kt_fault *f);
    kt_status (*save)(kt_model *m, const char *path, kt_fault *f);
} kt_format;
extern const kt_format *const kt_format_table[]; /* NULL-terminated (src/registry.c) */

/* {"module", "class_name", "config", ..., "compile_config"}: what config.json and to_json hold. */
kt_value *kt_model_value(kt_model *m, kt_arena *a, kt_fault *f);
/* The model that such a value describes, compiled if it says so. */
kt_model *kt_model_from_value(const kt_value *v, const char *name, kt_fault *f);

/* What a model file says of its architecture, also of a model that can not be built; by content.
 * NULL after raising. */
kt_value *kt_config_load(const char *path, kt_arena *a, bool *weights, kt_fault *f);

/* Is the value what this Python literal says? False (and a->failed) without memory, too. */
bool kt__says(kt_arena *a, const kt_value *v, const char *literal);

/* Brings a configuration of Keras 1 or 2, or an .h5's, into today's form, in place (translate.c).
 * keras: the major version of the Keras that wrote it, as words meant different things. */
kt_status kt_translate(kt_value *v, int keras, const char *file, kt_arena *a, kt_fault *f);
/* 1 to 3, of a text like "2.2.4-tf"; `without` where there is none. */
int kt_keras_of(const char *version, int without);

#define KT_KERAS_VERSION "3.15.1" /* whose files are written */

/* Saves by the name's ending; weights_only: as the weights alone. */
kt_status kt_save_as(kt_model *m, const char *path, bool weights_only, kt_fault *f);
/* Raises what would make kt_save_as fail, as far as it can be known without writing. */
kt_status kt_restore_from(kt_model *m, const char *path, kt_fault *f);
kt_status kt_check_save_as(kt_model *m, const char *path, bool weights_only, kt_fault *f);

/* Raises what a file, an archive (by the names inside) or a folder is that is no model, and what to
 * do with it (kinds.c). */
kt_status kt_refuse_kind(const char *name, const uint8_t *data, size_t size, kt_fault *f);
kt_status kt_refuse_archive(const char *name, const char *const *names, int n, kt_fault *f);
kt_status kt_refuse_folder(const char *path, kt_fault *f);
bool      kt_is_folder(const char *path);
bool      kt_is_hdf5(const uint8_t *data, size_t size);

/* Names for the arrays of variables in one file or group: their paths. Layers that were built alone
 * may share one; a later one gets a number then. NULL without memory. */
const char **kt_array_names(kt_arena *a, const kt_vec *variables);

/* How weights are looked for, and what came of it. */
typedef struct kt_load_rules {
    bool by_name;       /* layers by their names, and those alone that both have */
    bool skip_mismatch; /* what does not fit stays as it is */
    int  set, skipped;  /* weights */
} kt_load_rules;

/* Visits every layer once, with its path ("layers/dense"; "": the root), while nothing is raised
 * into f (walk.c). */
typedef kt_status kt_layer_visit(void *user, kt_layer *l, const char *path);
kt_status         kt_layers_walk(kt_layer *root, kt_layer_visit *visit, void *user, kt_fault *f);

/* What an archive keeps of layers beside their configuration and weights: its members
 * "assets/.../vocabulary.txt" (assets.c). */
kt_status kt_assets_read(kt_model *m, const kt_zip_entry *entries, int n, kt_fault *f);
/* Appends them, names and bytes in memory of their own, to out, which is grown. */
kt_status kt_assets_write(kt_model *m, kt_zip_entry **out, int *n, kt_fault *f);
/* The bytes that such a member may have; 0: it is none. */
size_t kt_asset_limit(const char *member);
/* Numbers of theirs in a file of weights. */
kt_status kt_asset_numbers_write(kt_h5 *h, const kt_layer *l, const char *path, kt_fault *f);
kt_status kt_asset_numbers_read(kt_h5 *h, kt_layer *l, const char *path, kt_fault *f);

/* Weights and optimizer state in Keras' layout: layers/<class>/vars/<i>, optimizer/vars/<i>. */
kt_status kt_weights_write(kt_model *m, kt_h5 *h, kt_fault *f);
kt_status kt_weights_read(kt_model *m, kt_h5 *h, const char *name, kt_fault *f);
/* The array's numbers into a variable of the same shape; file and path are for the message. */
kt_status kt_weight_store(kt_variable *v, kt_array *a, const char *file, const char *path,
                          kt_fault *f);
/* Those of the layers alone. rules: NULL, or what may be skipped. */
kt_status kt_layers_read(kt_model *m, kt_h5 *h, const char *name, kt_load_rules *rules,
                         kt_fault *f);
/* An HDF5 image of them. */
kt_status kt_weights_image(kt_model *m, kt_bytes *image, kt_fault *f);

/* What kt_load_weights does with a file's bytes. */
kt_status kt_weights_from(kt_model *m, const char *name, const kt_bytes *b, kt_load_rules *rules,
                          kt_fault *f);
/* Is it JSON of TensorFlow.js? */
bool kt_is_tfjs(const uint8_t *data, size_t size);
/* The weights in the files beside such a model.json; nothing where none of them is there. rules may
 * be NULL. */
kt_status kt_tfjs_weights(kt_model *m, const char *path, const void *data, size_t size,
                          kt_load_rules *rules, kt_fault *f);

/* model_config and training_config of an .h5, of what kt_model_value gives. NULL without memory. */
kt_value *kt_legacy_model(const kt_value *model, kt_arena *a);
kt_value *kt_legacy_training(const kt_value *compile, int optimizer_of, kt_arena *a);
/* Compiles by a file's training_config (translated). What can not be compiled is left so. */
kt_status kt_compile_legacy(kt_model *m, const kt_value *training, kt_arena *a);
/* Weights by layer, as Keras 1, 2 and .h5 files have them, below the group `root` ("" is the file);
 * whole: the file has the model too, so that its names count where all agree (legacy_weights.c). */
kt_status kt_legacy_read(kt_model *m, kt_h5 *h, const char *root, bool whole, const char *name,
                         kt_load_rules *rules, kt_fault *f);
/* The optimizer's state of such a file, where its variables are those of today's; m is compiled. */
kt_status kt_legacy_read_optimizer(kt_model *m, kt_h5 *h, const char *name, kt_fault *f);
/* Keras' model.layers. */
kt_status kt_top_layers(const kt_layer *root, kt_vec *out, kt_fault *f);
/* A layer's weights, trainable ones first. */
kt_status kt_legacy_weights(const kt_layer *l, kt_vec *out, kt_fault *f);
/* model_weights and optimizer_weights. */
kt_status kt_legacy_write(kt_model *m, kt_h5 *h, kt_fault *f);

#endif
