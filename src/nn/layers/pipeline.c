/* pipeline.c - Pipeline: preprocessing layers one after another, as one layer. */
#include "nn/texts/encode.h"

#define FIELDS(F) F(ANY, layers, REQUIRED, "", "The layers, in order.")
KT_CONFIG(FIELDS);

static kt_status check(kt_layer *self)
{
    const kt_value *layers = ((const config *)self->config)->layers;
    kt_str          text = {0};

    if (!kt_value_is_seq(layers)) {
        kt_python_str(&text, layers);
        kt_layer_fail(
            self, KT_E_VALUE,
            "`Pipeline` config must contain a `layers` key mapping to a list of serialized layers. Received config with layers=%s.",
            kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    for (size_t i = 0; i < layers->n && kt_layer_status(self) == KT_OK; i++)
        kt_add_sublayer(self, NULL, kt_layer_from_value(layers->items[i]));
    return kt_layer_status(self);
}

static void call(kt_layer *self, kt_call *c)
{
    static const char unbound[] =
        "cannot access local variable 'outputs' where it is not associated with a value";
    kt_node *x = c->in[0], *mask = c->mask ? c->mask[0] : NULL;

    if (self->sublayers.n == 0 && c->t->eager) {
        c->out[0] = kt_call_fail(self, c, KT_E_UNBOUND_LOCAL, "%s", unbound);
        return;
    }
    if (self->sublayers.n == 0) {
        c->out[0] = kt_call_fail(
            self, c, KT_E_UNBOUND_LOCAL,
            "Could not automatically infer the output shape / dtype of '%s' (of type Pipeline). Either the `Pipeline.call()` method is incorrect, or you need to implement the `Pipeline.compute_output_spec() / compute_output_shape()` method. Error encountered:\n\n%s",
            self->name, unbound);
        return;
    }
    for (size_t i = 0; i < self->sublayers.n && !kt_graph_failed(c->g); i++) {
        kt_layer *sub = self->sublayers.at[i];
        sub->scope = kt_layer_path(self);
        x = kt_layer_call1(sub, c->t, c->training, x, mask, &mask);
    }
    c->out[0] = x;
    c->out_mask[0] = mask;
}

static kt_status write(const kt_layer *self, kt_arena *a, kt_value *v, kt_fault *f)
{
    kt_value *list = kt_value_new(a, KT_LIST);
    bool      ok = list != NULL;

    for (size_t i = 0; ok && i < self->sublayers.n; i++)
        ok = kt_value_add(a, list, NULL, kt_layer_value(self->sublayers.at[i], a, f));
    kt_value_drop(v, "trainable");
    kt_value_drop(v, "dtype");
    return ok && kt_value_set(a, v, "layers", list) ? KT_OK : kt_raise_memory(f);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Pipeline",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Layers one after another, as one."},
    .flags = KT_LAYER_NO_CAST | KT_LAYER_SAYS_MASK | KT_LAYER_SAYS_TRAINING,
    .input = {.dtype = -1},
    .takes = "name",
    .check = check,
    .call = call,
    .write = write,
    .sample = "Pipeline([Rescaling(2.0)]); Pipeline([Resizing(3, 2), Rescaling(0.5)])",
    .sample_input = "(2, 3); (2, 4, 3, 1)",
};

const kt_layer_type *const kt_layers_pipeline[] = {&type, NULL};
