/* registered.c - classes that a program registered: a C function under a name. */
#include "nn/make/registered.h"

#include <string.h>

#include "nn/make/identity.h"

enum { MOST = 256 };

typedef struct registered {
    const char      *family;
    kt_custom_attr   attr;
    kt_function      function;
    kt_loss_function loss_function;
    union {
        kt_class           cls; /* the first member of each */
        kt_layer_type      layer;
        kt_activation_type activation;
        kt_loss_type       loss;
    };
} registered;

static registered table[MOST];
static int        n_registered;

const kt_class *kt_registered_find(const char *family, const char *name)
{
    for (int i = 0; name && i < n_registered; i++)
        if (kt_streq(table[i].family, family) && kt_streq(table[i].cls.registered, name))
            return &table[i].cls;
    return NULL;
}

const kt_class *kt_registered_for(const char *family, const kt_value *v)
{
    const char *name = kt_own_name(v), *module = kt_value_text(kt_value_get(v, "module"));
    kt_str      full = {0};

    const kt_class *cls = kt_registered_find(family, name);
    if (cls || !name || !module)
        return cls;
    kt_str_printf(&full, "%s>%s", module, name);
    cls = kt_registered_find(family, kt_str_text(&full));
    kt_str_free(&full);
    return cls;
}

const kt_custom_attr *kt_registered_attr(const kt_class *cls)
{
    for (int i = 0; i < n_registered; i++)
        if (&table[i].cls == cls)
            return &table[i].attr;
    return NULL;
}

/* --- what the types do ------------------------------------------------------------------------ */

static kt_node *call_layer(kt_layer *self, kt_call *c, kt_node *x)
{
    return kt_custom(c->g, kt_registered_attr(&self->type->cls), x);
}

/* Never called: kt_activate asks for the attribute first. That it is there tells fused kernels that
 * this is no scalar function of theirs. */
static kt_node *no_scalar(kt_graph *g, kt_node *x)
{
    (void)x;
    return g->poison;
}

/* --- registering ------------------------------------------------------------------------------ */

static bool taken(const char *family, const char *name)
{
    bool layer = kt_streq(family, "layer");

    return kt_keras_has(family, name) ||
           (layer ? kt_layer_type_find(name) != NULL : kt_class_find(family, name) != NULL);
}

/* A free place with the name's own copy, or NULL. */
static registered *place_for(const char *family, const char *name, kt_status *status)
{
    *status = KT_E_VALUE;
    if (!name || !*name || strchr(name, '/') || taken(family, name))
        return NULL;
    *status = KT_E_MEMORY;
    char *copy = n_registered < MOST ? kt_strdup(name) : NULL;
    if (!copy)
        return NULL;
    const char *behind = strrchr(copy, '>');
    registered *r = &table[n_registered];
    *r = (registered){.family = family, .attr = {.name = copy}};
    r->cls = (kt_class){.class_name = behind && behind[1] ? behind + 1 : copy,
                        .registered = copy,
                        .config = &kt_no_config,
                        .summary = "A C function of the program's own."};
    *status = KT_OK;
    return r;
}

static registered *place_for_function(const char *family, const char *name, const kt_function *f,
                                      kt_status *status)
{
    *status = KT_E_VALUE;
    if (!f || f->size != sizeof *f || !f->forward)
        return NULL;
    registered *r = place_for(family, name, status);
    if (r) {
        r->function = *f;
        r->attr.function = &r->function;
    }
    return r;
}

kt_status kt_register_layer(const char *name, const kt_function *f)
{
    kt_status   status;
    registered *r = place_for_function("layer", name, f, &status);

    if (!r)
        return status;
    r->layer.input.dtype = -1;
    r->layer.call1 = call_layer;
    r->layer.flags = KT_LAYER_MASKING;
    n_registered++;
    return KT_OK;
}

kt_status kt_register_activation(const char *name, const kt_function *f)
{
    kt_status   status;
    registered *r = place_for_function("activation", name, f, &status);

    if (!r)
        return status;
    r->attr.same_shape = true;
    r->cls.class_name = r->cls.registered; /* a function's name is all that a file has of it */
    r->activation.apply = no_scalar;
    n_registered++;
    return KT_OK;
}

kt_status kt_register_loss(const char *name, const kt_loss_function *f)
{
    const kt_class *like = kt_class_find("loss", "MeanSquaredError");
    kt_status       status = KT_E_VALUE;
    registered     *r = f && f->size == sizeof *f && f->forward && like
                          ? place_for("loss", name, &status)
                          : NULL;

    if (!r)
        return status;
    r->loss_function = *f;
    r->attr.loss = &r->loss_function;
    r->cls.config = like->config; /* reduction, name */
    n_registered++;
    return KT_OK;
}
