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
    int          n_in, n_out;
    kt_symbol   *in, *out;
    bool         in_list, out_list;   /* given as lists, even of one; else a single one */
    const char **in_keys, **out_keys; /* of dicts, or NULL */
    kt_visit    *visits; /* in an order in which every input is there before it is used */
    int          n_visits;
    int         *order; /* visits as Keras runs them: by depth, each depth backwards */
    kt_layer *
        *layers; /* Keras' model.layers: by depth, then order of first use; InputLayers included */
    int  n_layers;
    const char *inner; /* name in messages of symbolic calls; NULL: the layer's own */
    bool        ready;
} kt_container;

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
/* Frees all layers reached from out that nobody owns: there was no memory for one to take them. */
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
