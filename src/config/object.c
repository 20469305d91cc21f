/* object.c - how Keras writes an object: a name, a call, or a dict with its class and
 * configuration. */
#include "config/config.h"

static bool dict_parts(const kt_value *v, const char **class_name, const kt_value **args)
{
    const kt_value *config = kt_value_get(v, "config");
    const char     *name = kt_value_text(kt_value_get(v, "class_name"));

    if (!name)
        return false;
    /* Keras saves a function such as "mse" as class "function" with the name in place of a
     * configuration. */
    if (kt_streq(name, "function") && kt_value_text(config)) {
        *class_name = kt_value_text(config);
        *args = NULL;
        return true;
    }
    if (config && config->kind != KT_NONE && config->kind != KT_DICT)
        return false;
    *class_name = name;
    *args = config && config->kind == KT_DICT ? config : NULL;
    return true;
}

bool kt_object_parts(const kt_value *v, const char **class_name, const kt_value **args)
{
    if (!v)
        return false;
    switch (v->kind) {
    case KT_STR:
        *class_name = v->s;
        *args = NULL;
        return true;
    case KT_CALL:
        *class_name = v->s;
        *args = v;
        return true;
    case KT_DICT: return dict_parts(v, class_name, args);
    default: return false;
    }
}
