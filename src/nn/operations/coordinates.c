/* coordinates.c - MapCoordinates: a tensor of any number of axes read at coordinates that need not
 * be whole. */
#include "nn/images/images.h"

#define COORDINATES(F, T)                                                                          \
    F(T, INT, order, REQUIRED, "", "0: the nearest element, 1: linear between elements.")          \
    F(T, STR, fill_mode, "constant", "constant|nearest|wrap|mirror|reflect", "Beyond the border.") \
    F(T, FLOAT, fill_value, "0", "kept", "Beyond the border, where it is constant.")
KT_CONFIG_OF(coordinates, COORDINATES);

static bool good(kt_layer *self, kt_call *c, const kt_node *x, const kt_node *at)
{
    const coordinates *cfg = self->config;

    if (kt_graph_failed(c->g))
        return false;
    if (at->shape.rank < 2 || x->shape.rank == 0 || at->shape.dim[0] != x->shape.rank)
        kt_call_fail(
            self, c, KT_E_VALUE,
            "First dim of `coordinates` must be the same as the rank of `inputs`. Received "
            "inputs with shape: %s and coordinate leading dim of %lld",
            kt_shape_text(&c->g->arena, &x->shape), (long long)kt_dim(&at->shape, 0));
    else if (cfg->order != 0 && cfg->order != 1)
        kt_call_fail(self, c, KT_E_NOT_IMPLEMENTED, "map_coordinates currently requires order<=1");
    return !kt_graph_failed(c->g);
}

static void map_coordinates(kt_layer *self, kt_call *c)
{
    const coordinates *cfg = self->config;
    kt_graph          *g = c->g;
    kt_node           *x = kt_tensor_of(self, c, 0), *at = kt_tensor_of(self, c, 1);
    kt_node           *own[KT_MAX_RANK];

    c->out[0] = g->poison;
    if (!good(self, c, x, at))
        return;
    if (!kt_shape_known(&x->shape) || !kt_shape_known(&at->shape) ||
        kt_shape_count(&x->shape) == 0) {
        c->out[0] = kt_unsized(c, x->dtype, kt_shape_slice(&at->shape, 1, at->shape.rank));
        return;
    }
    for (int k = 0; k < x->shape.rank; k++)
        own[k] = kt_squeeze(g, kt_slice_axis(g, at, 0, k, 1), 0);
    c->out[0] = kt_read_at(g, x, own,
                           &(kt_reading){(int)cfg->order, cfg->fill_mode, cfg->fill_value, 0});
}

#define ROWS(F) \
    F(MapCoordinates, image, &coordinates_type, "inputs coordinates", map_coordinates, 0)
KT_OPERATIONS(coordinates, ROWS);
