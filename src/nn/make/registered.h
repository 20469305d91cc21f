/* registered.h - what a program registered by keratin/register.h, for those who look up classes. */
#ifndef KT_REGISTERED_H
#define KT_REGISTERED_H

#include "nn/layer.h"

/* By the name that it was registered under; NULL if there is none. */
const kt_class *kt_registered_find(const char *family, const char *name);
/* For a serialised class of somebody else: by its registered name, or by module and name. */
const kt_class *kt_registered_for(const char *family, const kt_value *v);
/* What the ops custom and custom_loss need; NULL for a class of Keras' own. */
const kt_custom_attr *kt_registered_attr(const kt_class *cls);

#endif
