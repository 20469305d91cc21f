/* policy.c - what a `dtype` argument says: of layers, losses and metrics. */
#include <string.h>

#include "nn/layer.h"

bool kt_policy_is_quantized(const char *name)
{
    static const char *const modes[] = {"int8", "int4", "float8", "gptq", "awq"};

    for (size_t i = 0; name && i < KT_COUNT(modes); i++)
        if (strncmp(name, modes[i], strlen(modes[i])) == 0)
            return true;
    return false;
}

/* Dtypes that Keras has and nothing here computes in. */
static const char *unnumbered(const char *name)
{
    static const char *const names[] = {"string", "complex64", "complex128"};

    for (size_t i = 0; i < KT_COUNT(names); i++)
        if (kt_streq(name, names[i]))
            return names[i];
    return NULL;
}

bool kt_policy_parse(const char *name, kt_policy *p)
{
    bool mixed = name && strncmp(name, "mixed_", 6) == 0;

    *p = (kt_policy){.compute = KT_F32, .variable = KT_F32};
    if ((p->unnumbered = unnumbered(name)))
        return true;
    if (!name || kt_policy_is_quantized(name) ||
        !kt_dtype_parse(name + (mixed ? 6 : 0), &p->compute) ||
        (mixed && !kt_dtype_is_half(p->compute)))
        return false;
    p->variable = mixed ? KT_F32 : p->compute;
    return true;
}

static kt_policy usual = {.compute = KT_F32, .variable = KT_F32};

kt_policy kt_usual_policy(void)
{
    return usual;
}

kt_status kt_set_usual_policy(const char *name, kt_fault *f)
{
    const kt_value text = {.kind = KT_STR, .s = name};
    kt_arena       a = {0};
    kt_policy      p;

    if (!name)
        return kt_raise(f, KT_E_VALUE,
                        "Invalid `policy` argument. Expected the string name of a policy (such as "
                        "'mixed_float16') or a `DTypePolicy` instance. Received: policy=None (of "
                        "type <class 'NoneType'>)");
    if (kt_policy_parse(name, &p) && !p.unnumbered)
        usual = p;
    else if (kt_policy_is_quantized(name) && strstr(name, "_from_"))
        kt_raise(f, KT_E_NOT_IMPLEMENTED, "quantized weights (dtype policy '%s') are not supported",
                 name);
    else
        kt_raise(f, KT_E_VALUE, "%s", kt_policy_refusal(&a, &text));
    kt_arena_free(&a);
    return f->e.status;
}

bool kt_policy_scales(kt_policy p)
{
    return p.compute == KT_F16 && p.variable == KT_F32;
}

const char *kt_policy_name(kt_policy p)
{
    if (p.unnumbered)
        return p.unnumbered;
    if (p.compute == p.variable)
        return kt_dtype_name(p.compute);
    return p.compute == KT_F16 ? "mixed_float16" : "mixed_bfloat16";
}

const char *kt_policy_refusal(kt_arena *a, const kt_value *v)
{
    const char *name = kt_value_text(v);
    kt_str      text = {0};
    char       *sentence;

    if (kt_policy_is_quantized(name))
        return kt_arena_printf(a,
                               "Cannot convert `policy` into a valid pair (`mode`, `source_name`) "
                               "to instantiate `QuantizedDTypePolicy`. Received: policy=%s",
                               name);
    if (name)
        return kt_arena_printf(a,
                               "Cannot convert '%s' to a mixed precision DTypePolicy. Valid "
                               "policies include 'mixed_float16', 'mixed_bfloat16', and the name "
                               "of any float dtype such as 'float32'.",
                               name);
    kt_python_str(&text, v);
    sentence = v && v->kind == KT_DICT
                 ? kt_arena_printf(a, "Unknown `config` as a `dict`, config=%s", kt_str_text(&text))
                 : kt_arena_printf(a,
                                   "Cannot interpret `dtype` argument. Expected a string or an "
                                   "instance of DTypePolicy. Received: dtype=%s",
                                   kt_str_text(&text));
    kt_str_free(&text);
    return sentence;
}

kt_status kt_check_policy(kt_arena *a, const kt_class *cls, void *config, bool kept, kt_fault *f)
{
    const kt_field  *field = kt_config_find(cls->config, "dtype");
    const kt_value **slot = field ? (const kt_value **)(void *)((char *)config + field->offset)
                                  : NULL;
    kt_policy        p;

    if (!slot || (!kept && !kt_value_true(*slot)))
        return KT_OK;
    const char *name = !kt_value_true(*slot) ? field->initial : kt_value_text(*slot);
    if (!kt_policy_parse(name, &p) || p.unnumbered)
        return kt_raise(f, KT_E_VALUE, "%s", kt_policy_refusal(a, *slot));
    if (!kept)
        return KT_OK;
    *slot = kt_value_str(a, kt_dtype_name(p.compute));
    return *slot ? KT_OK : kt_raise_memory(f);
}

kt_dtype kt_object_dtype(const kt_object *o)
{
    const kt_value *const *dtype = kt_config_member(o->cls->config, "dtype", o->config);
    kt_policy              p = {.compute = KT_F32, .variable = KT_F32};

    if (dtype)
        (void)kt_policy_parse(kt_value_text(*dtype), &p);
    return p.compute;
}
