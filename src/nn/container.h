/* container.h - what Sequential and Functional share: a graph of layer calls between inputs and
 * outputs. */
#ifndef KT_CONTAINER_H
#define KT_CONTAINER_H

#include "nn/layer.h"

/* One call of one layer inside the container. */
typedef struct kt_visit {
    kt_layer *layer;
    int       node; /* index into layer->inbound */
} kt_visit;

typedef struct kt_container {
    int        n_in, n_out;
    kt_symbol *in, *out;
    /* Lists and dicts that they stand in, INT i for number i; NULL: one alone, or a list. */
    const kt_value *in_form, *out_form;
    const char    **in_keys, **out_keys; /* names of those in dicts, "a" or "a/dense"; or NULL */
    kt_visit       *visits; /* in an order in which every input is there before it is used */
    int             n_visits;
    int            *order; /* visits as Keras runs them: by depth, each depth backwards */
    kt_layer *
        *layers; /* Keras' model.layers: by depth, then order of first use; InputLayers included */
    int  n_layers;
    const char *inner; /* name in messages of symbolic calls; NULL: the layer's own */
    bool        ready;
} kt_container;

/* Inputs or outputs as a configuration has them: flattened by the sorted keys of dicts, as Keras
 * does. */
typedef struct kt_ends {
    int             n;
    const kt_value *end[KT_MAX_IO]; /* [name, node, tensor] */
    const char     *key[KT_MAX_IO]; /* of the dicts around it, "a/b"; NULL: in none */
    bool            own[KT_MAX_IO]; /* it alone has the key, not a list in the dict */
    bool            named;
    const kt_value *form;
} kt_ends;
kt_status kt_ends_read(kt_layer *self, const kt_value *v, kt_ends *e);
/* Forms and keys go to the container. */
void kt_ends_keep(kt_layer *self, kt_container *c, const kt_ends *inputs, const kt_symbol *in,
                  const kt_ends *outputs, const kt_symbol *out);
/* Where the k-th entry of a list or dict stands: those of a dict go by their names. */
size_t kt_sorted_place(const kt_value *v, size_t k);
/* As if they were given in dicts (names NULL: not), which brings them into order. */
kt_status kt_functional_name(kt_layer *self, int n_in, const char *const *in_names, kt_symbol *in,
                             int n_out, const char *const *out_names, kt_symbol *out);

/* Fills visits and layers from in and out. Raises Keras' "Graph disconnected" and "used n times"
 * errors. */
kt_status kt_container_connect(kt_layer *l, kt_container *c);
/* The call of a connected container. */
void kt_container_call(kt_layer *l, kt_container *c, kt_call *call);
/* The container of a Sequential or Functional layer, else NULL. Sequential: ready only once
 * built. */
kt_container *kt_container_of(const kt_layer *l);
/* Number of the Functional that Keras makes inside a Sequential for each layer behind the input:
 * functional, functional_1 ... */
int kt_next_functional(void);
/* Adds a layer (takes it, also on failure); builds a Sequential for this shape unless it declares
 * its own (NULL then). */
kt_status                  kt_sequential_add(kt_layer *self, kt_layer *item);
kt_status                  kt_sequential_build(kt_layer *self, const kt_shape *batch_shape);
extern const kt_layer_type kt_layer_sequential, kt_layer_functional;
kt_container              *kt_sequential_container(const kt_layer *l);
/* Connects a Functional layer made without configuration (takes the layers reached from out). */
kt_status kt_functional_connect(kt_layer *self, int n_in, const kt_symbol *in, int n_out,
                                const kt_symbol *out);
/* Frees all layers reached from out that nobody owns: there is no model to take them. */
void kt_functional_discard(int n_in, const kt_symbol *in, int n_out, const kt_symbol *out);
/* get_config of a Functional layer: layers with inbound nodes, inputs, outputs. */
kt_status kt_functional_write(const kt_layer *l, kt_arena *a, kt_value *config, kt_fault *f);
/* Sequential's InputLayer, or NULL. */
kt_layer *kt_sequential_input(const kt_layer *l);
/* A new InputLayer. NULL without memory. */
kt_layer *kt_input_new(const kt_shape *batch_shape, const char *dtype, const char *name);
/* The one result of an InputLayer. */
kt_symbol kt_input_symbol(kt_layer *l);

#endif
