/* catalog.c - the tables of classes, for those who look at them from outside. */
#include "keratin/catalog.h"

#include <string.h>

#include "nn/layer.h"

static const char layers[] = "layer";

const char *kt_catalog_family(int i)
{
    if (i <= 0)
        return i == 0 ? layers : NULL;
    for (const kt_family *f = kt_family_table; f->name; f++)
        if (--i == 0)
            return f->name;
    return NULL;
}

static kt_class_info info_of(const char *family, const kt_class *c)
{
    return (kt_class_info){.family = family,
                           .name = c->class_name,
                           .aliases = c->aliases,
                           .module = c->module,
                           .summary = c->summary,
                           .fields = (int)c->config->n,
                           .table = c->config};
}

static kt_class_info info_of_layer(const kt_layer_type *t)
{
    kt_class_info info = info_of(layers, &t->cls);

    info.samples = t->sample;
    info.sample_inputs = t->sample_input;
    return info;
}

bool kt_catalog_class(const char *family, int i, kt_class_info *out)
{
    bool                 of_layers = family && strcmp(family, layers) == 0;
    const kt_layer_type *t = of_layers && i >= 0 ? kt_layer_type_at((size_t)i) : NULL;
    const kt_family     *f = family && !of_layers && i >= 0 ? kt_family_find(family) : NULL;
    const kt_class      *c = f ? kt_family_class(f, (size_t)i) : NULL;

    if (out && t)
        *out = info_of_layer(t);
    else if (out && c)
        *out = info_of(family, c);
    return t || c;
}

bool kt_catalog_find(const char *name, kt_class_info *out)
{
    const kt_layer_type *t = name ? kt_layer_type_find(name) : NULL;
    const kt_class      *c = NULL;

    if (t && out)
        *out = info_of_layer(t);
    for (const kt_family *f = kt_family_table; name && f->name && !t && !c; f++)
        if ((c = kt_class_find(f->name, name)) != NULL && out)
            *out = info_of(f->name, c);
    return t || c;
}

/* Where any literal may stand, the rule says what is meant; it asks nothing. */
static const char *kind_of(const kt_field *f)
{
    static const char *const kinds[] = {[KT_F_INT] = "integer",
                                        [KT_F_FLOAT] = "number",
                                        [KT_F_BOOL] = "boolean",
                                        [KT_F_STR] = "text",
                                        [KT_F_OPTINT] = "integer or None",
                                        [KT_F_OPTFLOAT] = "number or None",
                                        [KT_F_INTS] = "integers",
                                        [KT_F_SHAPE] = "shape",
                                        [KT_F_OBJ] = "object",
                                        [KT_F_ANY] = "value"};

    if (kt_field_says(f, "int"))
        return kinds[KT_F_INT];
    if (kt_field_says(f, "float"))
        return kinds[KT_F_FLOAT];
    return kinds[kt_field_says(f, "ints") ? KT_F_INTS : f->kind];
}

/* Does the rule say which values are refused? */
static bool asks(const kt_field *f)
{
    static const char *const silent[] = {"kept", "met: ", "share"};

    for (size_t i = 0; f->rule && i < KT_COUNT(silent); i++)
        if (strncmp(f->rule, silent[i], strlen(silent[i])) == 0)
            return false;
    return f->kind != KT_F_ANY && f->rule;
}

kt_field_info kt_catalog_field(const kt_class_info *c, int i)
{
    const kt_config_type *t = c ? c->table : NULL;

    if (!t || i < 0 || i >= c->fields)
        return (kt_field_info){0};
    const kt_field *f = &t->fields[i];
    return (kt_field_info){.name = f->name,
                           .kind = kind_of(f),
                           .initial = f->initial,
                           .rule = asks(f) ? f->rule : "",
                           .help = f->help};
}

const char *kt_nearest_name(const char *word, const char *const *names, size_t n)
{
    return word && names ? kt_did_you_mean(word, names, n) : NULL;
}
