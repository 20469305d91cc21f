/* coordinates.c - MapCoordinates: a tensor of any number of axes read at coordinates that need not
 * be whole. */
#include "nn/operation.h"
#include "ops/ops.h"

#define COORDINATES(F, T)                                                                          \
    F(T, INT, order, REQUIRED, "", "0: the nearest element, 1: linear between elements.")          \
    F(T, STR, fill_mode, "constant", "constant|nearest|wrap|mirror|reflect", "Beyond the border.") \
    F(T, FLOAT, fill_value, "0", "", "Beyond the border, where it is constant.")
KT_CONFIG_OF(coordinates, COORDINATES);

/* A coordinate's element on one side, how much it counts, and whether there is one. */
typedef struct corner {
    kt_node *place, *weight, *valid;
} corner;

/* As Keras does it on TensorFlow: in integers, of the element's number. */
static corner settled(kt_graph *g, const char *mode, kt_node *i, kt_node *weight, int64_t n)
{
    corner   k = {.weight = weight};
    kt_node *zero = kt_scalar_as(g, 0, i->dtype),
            *last = kt_scalar_as(g, (double)(n - 1), i->dtype);

    if (kt_streq(mode, "constant"))
        k.valid = kt_binary(g, KT_BI_AND, kt_compare(g, KT_BI_GREATER_EQUAL, i, 0),
                            kt_compare(g, KT_BI_LESS, i, (double)n));
    if (kt_streq(mode, "wrap"))
        i = kt_binary(g, KT_BI_MOD, i, kt_scalar_as(g, (double)n, i->dtype));
    if (kt_streq(mode, "mirror") || kt_streq(mode, "reflect")) {
        kt_node *two = kt_scalar_as(g, 2 * (double)n, i->dtype);
        kt_node *rest = kt_binary(g, KT_BI_MOD, kt_unary(g, KT_UN_ABS, i), two);
        kt_node *back = kt_sub(g, two, rest);
        back = kt_streq(mode, "reflect") ? kt_add_scalar(g, back, -1) : back;
        i = kt_select(g, kt_compare(g, KT_BI_LESS, rest, (double)n), rest, back);
    }
    k.place = kt_binary(g, KT_BI_MINIMUM, kt_binary(g, KT_BI_MAXIMUM, i, zero), last);
    return k;
}

/* Both sides of coordinate x along an axis of n, or the nearest one; returns how many. */
static int sides(kt_graph *g, const coordinates *cfg, kt_node *x, int64_t n, corner *out)
{
    if (cfg->order == 0) {
        kt_node *whole = kt_dtype_is_float(x->dtype) ? kt_unary(g, KT_UN_ROUND, x) : x;
        out[0] = settled(g, cfg->fill_mode, kt_cast(g, whole, KT_I32), kt_scalar_as(g, 1, x->dtype),
                         n);
        return 1;
    }
    kt_node *low = kt_unary(g, KT_UN_FLOOR, x), *part = kt_sub(g, x, low);
    kt_node *i = kt_cast(g, low, KT_I32);
    out[0] = settled(g, cfg->fill_mode, i, kt_sub(g, kt_scalar_as(g, 1, x->dtype), part), n);
    out[1] = settled(g, cfg->fill_mode, kt_add_scalar(g, i, 1), part, n);
    return 2;
}

/* One corner of the cell: bit k of `which` says the side along axis k. */
static kt_node *read_corner(kt_graph *g, kt_node *x, const corner (*side)[2], int which,
                            double fill)
{
    kt_node *place = NULL, *weight = NULL, *valid = NULL;
    int64_t  step = 1;

    for (int k = x->shape.rank; k-- > 0; step *= x->shape.dim[k]) {
        const corner *s = &side[k][which >> k & 1];
        kt_node      *at = kt_mul_scalar(g, kt_cast(g, s->place, KT_I64), (double)step);
        place = place ? kt_add(g, place, at) : at;
        weight = weight ? kt_mul(g, weight, s->weight) : s->weight;
        if (s->valid)
            valid = valid ? kt_binary(g, KT_BI_AND, valid, s->valid) : s->valid;
    }
    kt_node *y = kt_cast(g, kt_gather(g, kt_flat(g, x), place, 0), weight->dtype);
    return kt_mul(g, weight, valid ? kt_where(g, valid, y, fill) : y);
}

static bool good(kt_layer *self, kt_call *c, const kt_node *x, const kt_node *at)
{
    const coordinates *cfg = self->config;

    if (kt_graph_failed(c->g))
        return false;
    if (at->shape.rank < 2 || at->shape.dim[0] != x->shape.rank)
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
    kt_node           *x = kt_tensor_of(self, c, 0), *at = kt_tensor_of(self, c, 1), *sum = NULL;
    corner             side[KT_MAX_RANK][2];

    c->out[0] = g->poison;
    if (!good(self, c, x, at))
        return;
    if (!kt_shape_known(&x->shape) || !kt_shape_known(&at->shape) ||
        kt_shape_count(&x->shape) == 0) {
        c->out[0] = kt_unsized(c, x->dtype, kt_shape_slice(&at->shape, 1, at->shape.rank));
        return;
    }
    for (int k = 0; k < x->shape.rank; k++) {
        kt_node *own = kt_squeeze(g, kt_slice_axis(g, at, 0, k, 1), 0);
        sides(g, cfg, cfg->order == 1 ? kt_cast(g, own, kt_real_dtype(own->dtype)) : own,
              x->shape.dim[k], side[k]);
    }
    int corners = cfg->order == 0 ? 1 : 1 << x->shape.rank;
    for (int which = 0; which < corners && !kt_graph_failed(g); which++) {
        kt_node *part = read_corner(g, x, (const corner(*)[2])side, which, cfg->fill_value);
        sum = sum ? kt_add(g, sum, part) : part;
    }
    if (sum && !kt_dtype_is_float(x->dtype) && kt_dtype_is_float(sum->dtype))
        sum = kt_unary(g, KT_UN_ROUND, sum);
    c->out[0] = sum ? kt_cast(g, sum, x->dtype) : g->poison;
}

#define ROWS(F) \
    F(MapCoordinates, image, &coordinates_type, "inputs coordinates", map_coordinates, 0)
KT_OPERATIONS(coordinates, ROWS);
