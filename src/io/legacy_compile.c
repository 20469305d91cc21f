/* legacy_compile.c - what older files say of compilation: training_config of .h5, compile_config of
 * Keras 2. */
#include "io/io.h"
#include "nn/nn.h"

static const kt_value *only(const kt_value *v)
{
    return kt_value_is_seq(v) && v->n == 1 ? v->items[0] : v;
}

/* Keras 2 wraps functions: {"class_name": "MeanMetricWrapper", "config": {"name", "fn"}}. */
static kt_value *unwrapped(kt_arena *a, const kt_value *v)
{
    const kt_value *config = kt_value_get(v, "config");
    const char     *fn = kt_value_text(kt_value_get(config, "fn"));
    bool wrapper = kt_streq(kt_value_text(kt_value_get(v, "class_name")), "MeanMetricWrapper");

    if (wrapper && fn) { /* "accuracy" was told apart by the shapes already */
        const kt_class *of = kt_class_find("metric", fn);
        kt_value       *class_name = of ? kt_value_str(a, of->class_name) : NULL;
        kt_value       *named = kt_value_new(a, KT_DICT);
        if (!of)
            return kt_value_str(a, fn);
        return kt_value_add(a, named, "class_name", class_name) &&
                       kt_value_add(a, named, "config", unwrapped(a, config))
                 ? named
                 : NULL;
    }
    kt_value *copy = kt_value_new(a, v->kind);
    if (v->kind != KT_DICT && !kt_value_is_seq(v))
        return kt_value_copy(a, v);
    for (size_t i = 0; i < v->n; i++) {
        const char *key = v->kind == KT_DICT ? v->keys[i] : NULL;
        if (key && (kt_streq(key, "fn") ||
                    (kt_streq(key, "reduction") && kt_streq(kt_value_text(v->items[i]), "auto"))))
            continue;
        if (!kt_value_add(a, copy, key, unwrapped(a, v->items[i])))
            return NULL;
    }
    return copy;
}

/* "a_mae" of the output "a" is "mae", which becomes "a_mae" again. */
static bool without_prefix(kt_arena *a, kt_value *metrics, const char *output)
{
    size_t n = strlen(output);
    bool   ok = true;

    for (size_t i = 0; ok && kt_value_is_seq(metrics) && i < metrics->n; i++) {
        kt_value   *config = kt_value_get(metrics->items[i], "config");
        const char *name = kt_value_text(kt_value_get(config, "name"));
        if (name && strncmp(name, output, n) == 0 && name[n] == '_')
            ok = kt_value_set(a, config, "name", kt_value_str(a, name + n + 1));
    }
    return ok;
}

/* Today's compile_config. */
static kt_value *compile_config(const kt_model *m, kt_arena *a, const kt_value *training)
{
    static const char *const keys[] = {"loss", "loss_weights", "metrics", "weighted_metrics"};
    kt_value                *c = kt_value_new(a, KT_DICT);
    kt_value                *optimizer = kt_value_get(training, "optimizer_config");

    optimizer = optimizer ? optimizer : kt_value_get(training, "optimizer");
    bool ok = optimizer && kt_value_add(a, c, "optimizer", optimizer);

    for (size_t i = 0; ok && i < KT_COUNT(keys); i++) {
        const kt_value *v = kt_value_get(training, keys[i]);
        if (i >= 2 && kt_value_is_seq(only(v))) /* [[a, b]] of the only output */
            v = only(v);
        kt_value *now = v ? unwrapped(a, v) : NULL;
        ok = !v || kt_value_add(a, c, keys[i], now);
        for (int k = 0; ok && i >= 2 && kt_value_is_seq(now) && (size_t)k < now->n; k++)
            ok = k >= kt_model_outputs(m) ||
                 without_prefix(a, now->items[k], kt_model_output_name(m, k));
    }
    return ok ? c : NULL;
}

/* What cannot be compiled here (a loss that somebody wrote) does not keep the model from
 * predicting: it stays uncompiled. */
kt_status kt_compile_legacy(kt_model *m, const kt_value *training, kt_arena *a)
{
    kt_value *c = compile_config(m, a, training);

    if (!c)
        return a->failed ? kt_raise_memory(&m->fault) : KT_OK;
    m->tuned = kt_model_compile(m, c) == KT_OK && kt_model_output_shape(m, 0) != NULL;
    if (m->fault.e.status == KT_OK || m->fault.e.status == KT_E_MEMORY)
        return m->fault.e.status;
    kt_fault_clear(&m->fault);
    m->compiled = m->tuned = false;
    return KT_OK;
}
