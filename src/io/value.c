/* value.c - a whole model as a value: what config.json and to_json hold. */
#include <stdatomic.h>
#include <unistd.h>

#include "io/io.h"

bool kt__says(kt_arena *a, const kt_value *v, const char *literal)
{
    kt_str text = {0};

    if (!v)
        return false;
    kt_value_repr(&text, v);
    return kt_streq(kt_str_keep(&text, a), literal);
}

/* Objects as Keras serialises them, with what it forgets (Huber's delta), so that a training goes
 * on with the same loss; names stay names; lists and dicts over outputs keep their form. */
static kt_value *file_form(kt_arena *a, const kt_value *v, const char *family, kt_fault *f)
{
    if (!v)
        return kt_value_new(a, KT_NONE);
    bool object = v->kind == KT_CALL || kt_value_get(v, "class_name");
    if (object) {
        const kt_object *o = kt_object_make(a, family, v, f);
        return o ? kt_object_whole(a, o, f) : NULL;
    }
    if (v->kind != KT_DICT && !kt_value_is_seq(v))
        return kt_value_copy(a, v);
    kt_value *copy = kt_value_new(a, v->kind == KT_DICT ? KT_DICT : KT_LIST);
    for (size_t i = 0; i < v->n; i++)
        if (!kt_value_add(a, copy, v->kind == KT_DICT ? v->keys[i] : NULL,
                          file_form(a, v->items[i], family, f)))
            return NULL;
    return copy;
}

static kt_value *compile_value(kt_model *m, kt_arena *a, kt_fault *f)
{
    static const struct {
        const char *key, *family;
    } parts[] = {{"loss", "loss"},
                 {"loss_weights", "loss"},
                 {"metrics", "metric"},
                 {"weighted_metrics", "metric"}};
    kt_value *c = kt_value_new(a, KT_DICT);
    kt_value *optimizer = m->optimizer ? kt_optimizer_value(a, m->optimizer, f)
                                       : kt_value_new(a, KT_NONE);
    bool      ok = c && kt_value_add(a, c, "optimizer", optimizer);

    for (size_t i = 0; ok && i < KT_COUNT(parts); i++)
        ok = kt_value_add(
            a, c, parts[i].key,
            file_form(a, kt_value_get(m->compile_config, parts[i].key), parts[i].family, f));
    ok = ok && kt_value_add(a, c, "run_eagerly", kt_value_bool(a, false)) &&
         kt_value_add(a, c, "steps_per_execution", kt_value_int(a, 1)) &&
         kt_value_add(a, c, "jit_compile", kt_value_bool(a, false));
    return ok ? c : NULL;
}

kt_value *kt_model_value(kt_model *m, kt_arena *a, kt_fault *f)
{
    kt_value *v = kt_layer_value(m->root, a, f);
    bool      ok = v != NULL;

    if (ok && m->compiled)
        ok = kt_value_set(a, v, "compile_config", compile_value(m, a, f));
    if (!ok && f->e.status == KT_OK)
        kt_raise_memory(f);
    return ok ? v : NULL;
}

/* --- how much a configuration may ask for --------------------------------------------------- */

static atomic_size_t most_numbers; /* 0: what the machine's memory holds */

void kt_set_weights_limit(size_t numbers)
{
    atomic_store(&most_numbers, numbers);
}

static int64_t ceiling(void)
{
    size_t n = atomic_load(&most_numbers);
    long   pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

    if (n > 0)
        return n < INT64_MAX ? (int64_t)n : INT64_MAX;
    if (pages <= 0 || size <= 0)
        return INT64_MAX;
    return (int64_t)((double)pages * (double)size / sizeof(float));
}

static kt_layer *make(const kt_value *v)
{
    bool alone = !kt_weights_are_limited(); /* no weights come with it */

    if (alone)
        kt_limit_weights(ceiling(),
                         "a configuration without weights may ask for (kt_set_weights_limit)");
    kt_layer *l = kt_layer_from_value(v);
    if (alone)
        kt_limit_weights(-1, NULL);
    return l;
}

kt_model *kt_model_from_value(const kt_value *v, const char *name, kt_fault *f)
{
    if (!v || v->kind != KT_DICT || !kt_value_get(v, "class_name")) {
        kt_raise(f, KT_E_VALUE, "%s: no Keras model: \"class_name\" is missing", name);
        return NULL;
    }
    kt_model *m = kt_model_around(make(v));
    if (!m) {
        kt_raise_memory(f);
        return NULL;
    }
    const kt_value *compile = kt_value_get(v, "compile_config");
    if (!kt_failed(m) && compile && compile->kind == KT_DICT && compile->n > 0)
        m->tuned = kt_model_compile(m, compile) == KT_OK && kt_model_output_shape(m, 0) != NULL;
    if (kt_failed(m) && !kt_shapes_only())
        m->source = kt_value_copy(&m->arena, v);
    return m;
}
