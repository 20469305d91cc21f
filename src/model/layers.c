/* layers.c - the table of a model's layers: what each receives and gives, in Keras' order. */
#include "model/step.h"
#include "nn/container.h"

static bool is_input_layer(const kt_layer *l)
{
    return kt_streq(l->type->cls.class_name, "InputLayer");
}

/* Layer i of the table, counting on through `list`; a Sequential does not show its InputLayer. */
static const kt_layer *pick(const kt_layer *root, void *const *list, size_t n, int i)
{
    bool hide = root->type == &kt_layer_sequential;

    for (size_t k = 0; k < n; k++) {
        const kt_layer *l = list[k];
        if (!(hide && is_input_layer(l)) && i-- == 0)
            return l;
    }
    return NULL;
}

const kt_layer *kt_inner_layer(const kt_layer *l, int i)
{
    const kt_container *c = i >= 0 ? kt_container_of(l) : NULL;

    if (!c)
        return NULL;
    if (!c->ready) /* not connected: as they were added */
        return pick(l, l->sublayers.at, l->sublayers.n, i);
    return pick(l, (void *const *)c->layers, (size_t)c->n_layers, i);
}

const kt_layer *kt_table_layer(const kt_model *m, int i)
{
    if (m && i == 0 && !kt_container_of(m->root))
        return m->root;
    return m ? kt_inner_layer(m->root, i) : NULL;
}

int kt_model_layers(const kt_model *m)
{
    int n = 0;

    while (kt_table_layer(m, n))
        n++;
    return n;
}

/* --- shapes ----------------------------------------------------------------------------------- */

/* What a lone layer got in its last call; a model's layers remember their first use. */
static const kt_row *last_call(const kt_model *m)
{
    return kt_container_of(m->root) || m->rows.n == 0 ? NULL : m->rows.at[0];
}

static const kt_inbound *first_use(const kt_layer *l)
{
    return l && l->inbound.n ? l->inbound.at[0] : NULL;
}

kt_layer_info kt_model_layer(const kt_model *m, int i)
{
    const kt_layer *l = kt_table_layer(m, i);
    kt_layer_info   info = {0};

    if (!l)
        return info;
    const kt_error   *e = kt_model_error(m);
    const kt_row     *row = last_call(m);
    const kt_inbound *use = first_use(l);
    info.name = l->name;
    info.class_name = l->type->cls.class_name;
    info.params = kt_count_params(l);
    info.failed = e && e->layer && kt_streq(e->layer, l->name);
    if (row) {
        info.n_in = row->n_in;
        info.n_out = row->n_out;
    } else if (use) {
        info.n_out = use->n_out;
        info.n_in = is_input_layer(l) ? use->n_out : use->n_in;
    }
    return info;
}

static kt_shape shape_at(const kt_model *m, int i, int k, bool out)
{
    const kt_layer *l = kt_table_layer(m, i);
    kt_layer_info   info = kt_model_layer(m, i);

    if (!l || k < 0 || k >= (out ? info.n_out : info.n_in))
        return (kt_shape){.rank = -1};
    const kt_row *row = last_call(m);
    if (row)
        return out ? row->out[k] : row->in[k];
    const kt_inbound *use = first_use(l);
    if (out || is_input_layer(l))
        return use->out[k].shape;
    const kt_result *from = kt_symbol_result(use->in[k]);
    return from ? from->shape : (kt_shape){.rank = -1};
}

kt_shape kt_model_layer_in(const kt_model *m, int i, int k)
{
    return shape_at(m, i, k, false);
}

kt_shape kt_model_layer_out(const kt_model *m, int i, int k)
{
    return shape_at(m, i, k, true);
}
