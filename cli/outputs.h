/* outputs.h - what `keratin predict` writes: numbers, and the names of classes where the model
 * knows them. */
#ifndef KERATIN_CLI_OUTPUTS_H
#define KERATIN_CLI_OUTPUTS_H

#include "cli.h"

typedef struct outputs {
    const kt_model *m;
    int             n;
    kt_tensor      *t[KT_MAX_OUTPUTS];
    const char     *name[KT_MAX_OUTPUTS];
} outputs;

/* What --out asks for; NULL and "-" mean standard output. DONE, or USAGE after a complaint: an
 * ending that means nothing, a folder that is not there. Before any work. */
int outputs_check(const args *a, const char *path);
/* The same for what the model gives: .npy holds one array. */
int outputs_fit(const args *a, const char *path, int n);
/* To the file, or to standard output as text, or as JSON with --json. */
int outputs_write(const args *a, const outputs *o, const char *path);

#endif
