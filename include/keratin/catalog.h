/* catalog.h - which Keras classes there are, and what arguments they take.
 *
 *   kt_class_info c;
 *   if (kt_catalog_find("Dense", &c))
 *       for (int i = 0; i < c.fields; i++)
 *           puts(kt_catalog_field(&c, i).name);
 *
 * All texts live as long as the program.
 */
#ifndef KERATIN_CATALOG_H
#define KERATIN_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "keratin/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kt_class_info {
    const char *family;  /* "layer", "loss", "optimizer" ... */
    const char *name;    /* "Dense" */
    const char *aliases; /* other names that Keras accepts, "a|b"; or NULL */
    const char *module;  /* "keras.layers" */
    const char *summary;
    /* Of a layer: expressions that make one, and shapes that each takes: "Dense(4); Dense(2)" with
     * "(2, 3); (2, 3, 5)"; several inputs are separated by '|'. Else NULL. */
    const char *samples, *sample_inputs;
    int         fields;
    const void *table; /* of kt_catalog_field */
} kt_class_info;

typedef struct kt_field_info {
    const char *name;
    const char *kind;    /* "integer", "number", "boolean", "text", "object" ... */
    const char *initial; /* default as Python text; NULL: required */
    const char *rule;    /* "> 0", "valid|same", "activation"; or "" */
    const char *help;
} kt_field_info;

/* Family i: "layer" first; NULL behind the last. */
KT_API const char *kt_catalog_family(int i);
/* Class i of a family; false behind the last. out may be NULL, here and below. */
KT_API bool kt_catalog_class(const char *family, int i, kt_class_info *out);
/* A class by name or alias in any family, layers first. */
KT_API bool          kt_catalog_find(const char *name, kt_class_info *out);
KT_API kt_field_info kt_catalog_field(const kt_class_info *c, int i);
/* The name of `names` (n of them) that `word` was probably meant to be, or NULL. */
KT_API const char *kt_nearest_name(const char *word, const char *const *names, size_t n);

#ifdef __cplusplus
}
#endif
#endif
