/* identity.h - which class a serialised object is, and what is said of one that is not here. */
#ifndef KT_IDENTITY_H
#define KT_IDENTITY_H

#include "nn/nn.h"

/* "my>Dense" where it is registered so, else "Dense"; of a function its name. NULL: none. */
const char *kt_own_name(const kt_value *v);
/* Does it mean c, whose name it has: does its module belong to Keras' package of c? */
bool kt_is_class(const kt_class *c, const kt_value *v);

/* The class of a name, a call or a serialised object: Keras' own, or one that a program
 * registered. */
const kt_class *kt_class_of(const char *family, const kt_value *v);

/* Keras' own names, of today and of older versions (classes.list). */
bool        kt_keras_has(const char *family, const char *name);
const char *kt_nearest_class(const char *family, const char *name); /* NULL: none is near */

/* Of a class that Keratin has not: somebody else's; one that Keras has; one that nobody has. */
typedef enum kt_missing { KT_MISSING_FOREIGN, KT_MISSING_YET, KT_MISSING_NOWHERE } kt_missing;
kt_missing  kt_missing_kind(const char *family, const kt_value *v);
const char *kt_family_word(const char *family); /* "activation function" */
/* The sentence, without a full stop. */
void kt_missing_text(kt_str *out, const char *family, const kt_value *v);
/* Raises it; layer: the name of the layer that needs it, or NULL. */
kt_status kt_raise_missing(const char *family, const kt_value *v, const char *layer, kt_fault *f);

/* Raises all that a layer (with all layers and objects inside) needs and Keratin has not, if that
 * is a layer or more than one class; a single other object is left to whoever makes it. */
kt_status kt_check_classes(const kt_value *layer, kt_fault *f);

#endif
