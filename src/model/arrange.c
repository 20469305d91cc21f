/* arrange.c - named arrays in the order of the model's inputs and outputs, and what Keras says
 * where the names do not fit. */
#include <ctype.h>
#include <string.h>

#include "model/step.h"
#include "nn/container.h"

/* --- names ------------------------------------------------------------------------------------ */

/* Names that `numpy.savez(a, b)` gives by itself: arr_0, arr_1. */
static bool is_default(const char *name)
{
    if (strncmp(name, "arr_", 4) != 0 || !name[4])
        return false;
    for (const char *p = name + 4; *p; p++)
        if (!isdigit((unsigned char)*p))
            return false;
    return true;
}

bool kt_columns_named(const kt_column *c, int n)
{
    for (int i = 0; i < n; i++)
        if (!c[i].name || !*c[i].name || is_default(c[i].name))
            return false;
    return n > 0;
}

static int find(const kt_column *c, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (kt_streq(c[i].name, name))
            return i;
    return -1;
}

/* "['a', 'b']" */
static void add_names(kt_str *out, const kt_column *c, int n)
{
    kt_str_addc(out, '[');
    for (int i = 0; i < n; i++)
        kt_str_printf(out, "%s'%s'", i ? ", " : "", c[i].name);
    kt_str_addc(out, ']');
}

static void add_input_names(kt_str *out, const kt_model *m)
{
    kt_str_addc(out, '[');
    for (int i = 0; i < kt_model_inputs(m); i++)
        kt_str_printf(out, "%s'%s'", i ? ", " : "", kt_model_input_name(m, i));
    kt_str_addc(out, ']');
}

/* --- inputs ----------------------------------------------------------------------------------- */

static kt_status missing(const kt_model *m, const kt_data *d, const char *name, kt_fault *f)
{
    kt_str given = {0}, wanted = {0};

    add_names(&given, d->x, d->n_x);
    add_input_names(&wanted, m);
    kt_raise(f, KT_E_VALUE,
             "Missing data for input \"%s\". You passed a data dictionary with keys %s. Expected "
             "the following keys: %s",
             name, kt_str_text(&given), kt_str_text(&wanted));
    kt_str_free(&given);
    kt_str_free(&wanted);
    return f->e.status;
}

/* The inner model of a Sequential takes any dict that has its input. */
static kt_status other_structure(const kt_model *m, const kt_data *d, int64_t batch, kt_fault *f)
{
    kt_str text = {0};

    for (int i = 0; i < d->n_x; i++) {
        kt_shape s = d->x[i].t->shape;
        if (s.rank > 0)
            s.dim[0] = batch;
        kt_str_printf(&text, "%s'%s': 'Tensor(shape=", i ? ", " : "", d->x[i].name);
        kt_shape_print(&text, &s);
        kt_str_add(&text, ")'");
    }
    kt_raise(f, KT_E_VALUE,
             "The structure of `inputs` doesn't match the expected structure.\nExpected: "
             "%s\nReceived: inputs={%s}",
             kt_model_input_name(m, 0), kt_str_text(&text));
    kt_str_free(&text);
    return f->e.status;
}

/* A dict of arrays: those of the inputs in their order; others are ignored. */
static kt_status pick_inputs(const kt_model *m, const kt_data *d, kt_data *out, int64_t batch,
                             kt_fault *f)
{
    int n = kt_model_inputs(m);

    for (int i = 0; i < n; i++) {
        const char *name = kt_model_input_name(m, i);
        int         k = find(d->x, d->n_x, name);
        if (k < 0)
            return m->root->type == &kt_layer_sequential ? other_structure(m, d, batch, f)
                                                         : missing(m, d, name, f);
        out->x[i] = d->x[k];
    }
    out->n_x = n;
    return KT_OK;
}

kt_status kt_arrange(const kt_model *m, const kt_data *d, int64_t batch, kt_data *out, kt_fault *f)
{
    const kt_container *c = kt_container_of(m->root);
    bool                known = c && c->ready && c->n_in <= KT_MAX_ARRAYS;

    /* Keras wants the one input's name here too, which in a Sequential hardly anybody gives: a lone
     * array of a file is what it works on, whatever it is called there */
    bool lone = d->n_x == 1 && m->root->type == &kt_layer_sequential;

    *out = *d;
    if (known && !lone && kt_columns_named(d->x, d->n_x) &&
        pick_inputs(m, d, out, batch, f) != KT_OK)
        return f->e.status;
    if (known && m->root->type == &kt_layer_sequential && out->n_x > 1)
        out->n_x = 1; /* as in Keras, which warns of it */
    if (d->n_y < 2 || d->n_y != kt_model_outputs(m) || !kt_columns_named(d->y, d->n_y))
        return KT_OK;
    for (int i = 0; i < d->n_y; i++) {
        int k = find(d->y, d->n_y, kt_output_key(m, i));
        if (k < 0) { /* target.c refuses it when it comes to the losses */
            memcpy(out->y, d->y, sizeof out->y);
            break;
        }
        out->y[i] = d->y[k];
    }
    return KT_OK;
}
