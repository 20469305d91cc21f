/* layer_write.c - a layer as Keras serialises it. */
#include <string.h>

#include "nn/container.h"

static kt_value *policy_value(kt_arena *a, const kt_layer *l)
{
    const char *name = kt_policy_name(kt_layer_policy(l));
    kt_value   *v = kt_value_new(a, KT_DICT), *c = kt_value_new(a, KT_DICT);
    bool        ok = v && c && kt_value_add(a, c, "name", kt_value_str(a, name)) &&
              kt_value_add(a, v, "module", kt_value_str(a, "keras")) &&
              kt_value_add(a, v, "class_name", kt_value_str(a, "DTypePolicy")) &&
              kt_value_add(a, v, "config", c) &&
              kt_value_add(a, v, "registered_name", kt_value_new(a, KT_NONE));

    return ok ? v : NULL;
}

static kt_value *shape_list(kt_arena *a, const kt_shape *shapes, int n)
{
    kt_value *list = kt_value_new(a, KT_LIST);

    for (int i = 0; list && i < n; i++)
        if (!kt_value_add(a, list, NULL, kt_shape_value(a, &shapes[i])))
            return NULL;
    return list;
}

/* {"sequences_shape": [...], "initial_state_shape": [[...], [...]]}: the last name has all that are
 * left. */
static kt_value *shapes_dict(const kt_layer *l, kt_arena *a)
{
    kt_value   *v = kt_value_new(a, KT_DICT);
    const char *name = l->type->shapes;
    bool        ok = v != NULL;

    for (int i = 0; ok && i < l->n_build; i++) {
        size_t      n = strcspn(name, "|");
        const char *key = kt_arena_strndup(a, name, n);
        bool        rest = !name[n] && i + 1 < l->n_build;
        kt_value   *shape = rest ? shape_list(a, &l->build_shape[i], l->n_build - i)
                                 : kt_shape_value(a, &l->build_shape[i]);
        ok = key && kt_value_add(a, v, key, shape);
        if (!name[n])
            break;
        name += n + 1;
    }
    return ok ? v : NULL;
}

/* What Keras remembers of build(); nothing where a layer is ready without it. */
static kt_status add_build_config(const kt_layer *l, kt_arena *a, kt_value *v, kt_fault *f)
{
    bool functional = l->type == &kt_layer_functional,
         ready = (l->type->flags & KT_LAYER_READY) != 0;
    bool named = l->n_build > 1 && l->type->shapes,
         list = l->n_build > 1 || (l->type->flags & KT_LAYER_LIST);
    const char *key = named ? "shapes_dict" : "input_shape";
    kt_value   *build = kt_value_new(a, KT_DICT), *shapes;

    if (l->type->flags & KT_LAYER_BUILD_EMPTY)
        return kt_value_add(a, v, "build_config", build) ? KT_OK : kt_raise_memory(f);
    if (!l->built || ready || (l->n_build == 0 && !functional))
        return KT_OK;
    if (functional)
        shapes = kt_value_new(a, KT_NONE);
    else if (named)
        shapes = shapes_dict(l, a);
    else
        shapes = list ? shape_list(a, l->build_shape, l->n_build)
                      : kt_shape_value(a, &l->build_shape[0]);
    bool ok = build && kt_value_add(a, build, key, shapes) &&
              kt_value_add(a, v, "build_config", build);
    return ok ? KT_OK : kt_raise_memory(f);
}

/* The parts that every layer has; *config gets the dict of its arguments. NULL without memory. */
static kt_value *frame(const kt_layer *l, kt_arena *a, kt_value **config)
{
    const kt_class *cls = &l->type->cls;
    bool            operation = (l->type->flags & KT_LAYER_OPERATION) != 0;
    bool            own_dtype = operation || kt_config_find(cls->config, "dtype") != NULL;
    bool            named = operation || l->type == &kt_layer_functional;
    const char     *registered = named ? cls->class_name : cls->registered;
    kt_value       *v = kt_value_new(a, KT_DICT), *c = kt_value_new(a, KT_DICT);
    bool            ok = v && c && kt_value_add(a, c, "name", kt_value_str(a, l->name)) &&
              (operation || kt_value_add(a, c, "trainable", kt_value_bool(a, l->trainable))) &&
              (own_dtype || kt_value_add(a, c, "dtype", policy_value(a, l))) &&
              kt_value_add(a, v, "module",
                           cls->module ? kt_value_str(a, cls->module) : kt_value_new(a, KT_NONE)) &&
              kt_value_add(a, v, "class_name",
                           kt_value_str(a, cls->exported ? cls->exported : cls->class_name)) &&
              kt_value_add(a, v, "config", c) &&
              kt_value_add(a, v, "registered_name",
                           registered ? kt_value_str(a, registered) : kt_value_new(a, KT_NONE));

    *config = c;
    return ok ? v : NULL;
}

kt_value *kt_layer_value(const kt_layer *l, kt_arena *a, kt_fault *f)
{
    kt_value *c = NULL, *v = NULL;

    if (!l->config) { /* its arguments were refused */
        kt_fault_copy(f, &l->fault);
        return NULL;
    }
    v = frame(l, a, &c);
    if (!v) {
        kt_raise_memory(f);
        return NULL;
    }
    if (kt_class_write(a, &l->type->cls, l->config, NULL, true, c, f) != KT_OK)
        return NULL;
    for (size_t i = 0; l->odd && i < l->odd->n; i++)
        if (!kt_value_set(a, c, l->odd->keys[i], kt_value_copy(a, l->odd->items[i])))
            kt_raise_memory(f);
    const kt_value *activity = l->activity_regularizer, none = {.kind = KT_NONE};
    if (!activity && (l->type->flags & KT_LAYER_ACTIVITY))
        activity = &none;
    if (activity && !kt_value_set(a, c, "activity_regularizer", kt_value_copy(a, activity)))
        kt_raise_memory(f);
    if (l->type->write && l->type->write(l, a, c, f) != KT_OK)
        return NULL;
    add_build_config(l, a, v, f);
    if ((l->type->flags & KT_LAYER_CONTAINER) &&
        !kt_value_add(a, v, "compile_config", kt_value_new(a, KT_DICT)))
        kt_raise_memory(f); /* that of the outermost is for src/io to say */
    if (a->failed)          /* also where a part left out what it had no memory for */
        kt_raise_memory(f);
    return f->e.status == KT_OK ? v : NULL;
}
