/* legacy.h - what the readers of weights by layer share. Not a door: only legacy*.c include it. */
#ifndef KT_IO_LEGACY_H
#define KT_IO_LEGACY_H

#include "io/io.h"

/* A file with weights by layer. */
struct kt_legacy_run;
typedef struct kt_legacy_file {
    kt_h5         *h;
    const char    *name;   /* for messages */
    const char    *root;   /* the group of the layers: "model_weights", or "" */
    int            keras;  /* the major version that wrote it */
    bool           theano; /* convolutions were true ones: kernels are turned around */
    kt_load_rules *rules;
    /* What is done with each run of weights, at these paths: kt__legacy_set, or another's
     * `with`. */
    kt_status (*each)(struct kt_legacy_file *, const struct kt_legacy_run *run,
                      const char *const *paths, int n, const char *where);
    void     *with;
    kt_arena  a;
    size_t    read; /* bytes of names: a damaged file may name one group many times */
    kt_fault *f;
} kt_legacy_file;

typedef struct kt_texts {
    const char **at;
    int          n;
} kt_texts;
/* What only today's Keras lists: what is one for all weights, and the slots of a vector in
 * Adafactor that hold nothing (legacy_optimizer.c). */
bool kt__legacy_leaves(const kt_optimizer *o, const kt_variable *v);
/* A list of texts of a group, in the file's arena; cut ones as a whole. */
kt_status kt__legacy_names(kt_legacy_file *r, const char *group, const char *attr, kt_texts *out);
/* group/name; NULL without memory. */
const char *kt__legacy_path(kt_legacy_file *r, const char *group, const char *name);

/* Weights of one layer that follow each other in a file: its own trainable ones, or its others. */
typedef struct kt_legacy_run {
    const kt_layer *owner;
    kt_variable   **v;
    int             n;
} kt_legacy_run;

/* How many arrays a run was in files of Keras 1, which kept each gate of a recurrent layer by
 * itself. */
int kt__gates_apart(const kt_legacy_run *run);
/* Sets the run's weights from arrays at these paths: as many as it has weights, or as many as
 * kt__gates_apart says. where: "layer #0 (named dense)", for messages. */
kt_status kt__legacy_set(kt_legacy_file *file, const kt_legacy_run *run, const char *const *paths,
                         int n, const char *where);

/* Goes through the file's layers below r->root (r's h, name, root, each, f and rules are set) and
 * the model's that belong to them. */
kt_status kt__legacy_walk(kt_legacy_file *r, const kt_layer *root, bool whole);

#endif
