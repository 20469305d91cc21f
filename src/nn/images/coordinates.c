/* coordinates.c - a tensor of any number of axes read at coordinates that need not be whole. */
#include "nn/images/images.h"

/* A coordinate's element on one side (kt_read_at turns its number along the axis into what it adds
 * to that among all), how much it counts, and whether there is one. */
typedef struct corner {
    kt_node *place, *weight, *valid;
} corner;

/* Whole numbers i are of int32, as Keras has them on TensorFlow, or floats that are exact as far as
 * places are concerned, which need no kernels of their own. */
static kt_dtype dtype_of_places(kt_dtype coordinates, int64_t n)
{
    if (!kt_dtype_is_float(coordinates) || n > 1 << 20)
        return KT_I32;
    return coordinates == KT_F64 ? KT_F64 : KT_F32;
}

/* What is no number is nowhere, but some place is read. */
static kt_node *somewhere(kt_graph *g, kt_node *i, int64_t n)
{
    kt_node *zero = kt_scalar_as(g, 0, i->dtype);
    kt_node *last = kt_scalar_as(g, (double)(n - 1), i->dtype);

    if (kt_dtype_is_float(i->dtype))
        i = kt_select(g, kt_unary(g, KT_UN_IS_NAN, i), zero, i);
    return kt_binary(g, KT_BI_MINIMUM, kt_binary(g, KT_BI_MAXIMUM, i, zero), last);
}

/* Of the element's number. */
static corner settled(kt_graph *g, const char *mode, kt_node *i, kt_node *weight, int64_t n)
{
    corner k = {.weight = weight};

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
    k.place = somewhere(g, i, n);
    return k;
}

/* Both sides of coordinate x along an axis of n, or the nearest one; returns how many. */
static int sides(kt_graph *g, const kt_reading *how, kt_node *x, int64_t n, corner *out)
{
    kt_dtype whole = dtype_of_places(x->dtype, n);

    if (how->order == 0) {
        kt_node *i = kt_dtype_is_float(x->dtype) ? kt_unary(g, KT_UN_ROUND, x) : x;
        out[0] = settled(g, how->mode, kt_cast(g, i, whole), kt_scalar_as(g, 1, x->dtype), n);
        return 1;
    }
    kt_node *low = kt_unary(g, KT_UN_FLOOR, x), *part = kt_sub(g, x, low);
    kt_node *i = kt_cast(g, low, whole);
    out[0] = settled(g, how->mode, i, kt_sub(g, kt_scalar_as(g, 1, x->dtype), part), n);
    out[1] = settled(g, how->mode, kt_add_scalar(g, i, 1), part, n);
    return 2;
}

/* Is the last axis read whole? */
static bool reads_rows(const kt_reading *how, const kt_node *x)
{
    return x->shape.rank > 0 && how->whole >> (x->shape.rank - 1) & 1;
}

/* The element number `place` of x; where the last axis is read whole, the row that begins there. */
static kt_node *elements(kt_graph *g, kt_node *x, kt_node *place, bool rows)
{
    int64_t n = kt_dim(&x->shape, -1);

    if (!rows)
        return kt_gather(g, kt_flat(g, x), place, 0);
    x = kt_reshape(g, x, KT_SHAPE(kt_shape_product(&x->shape, 0, x->shape.rank - 1), n));
    return kt_gather(g, x, kt_squeeze(g, place, place->shape.rank - 1), 0);
}

/* One corner of the cell: bit k of `which` says the side along axis k. */
static kt_node *read_corner(kt_graph *g, kt_node *x, const corner (*side)[2], int which,
                            const kt_reading *how)
{
    kt_node *place = NULL, *weight = NULL, *valid = NULL;
    bool     rows = reads_rows(how, x);

    for (int k = 0; k < x->shape.rank - rows; k++) {
        kt_node *at = side[k][which >> k & 1].place;
        place = place ? kt_add(g, place, at) : at;
    }
    for (int k = x->shape.rank; k-- > 0;) {
        const corner *s = &side[k][which >> k & 1];
        if (s->weight)
            weight = weight ? kt_mul(g, weight, s->weight) : s->weight;
        if (s->valid)
            valid = valid ? kt_binary(g, KT_BI_AND, valid, s->valid) : s->valid;
    }
    if (!weight) /* places of elements along all axes, which are read by kt_gather */
        return g->poison;
    kt_node *y = kt_cast(g, elements(g, x, place, rows), weight->dtype);
    return kt_mul(g, weight, valid ? kt_where(g, valid, y, how->fill) : y);
}

/* Is the second side asked for along an axis that has but one? */
static bool is_beside(const int *n, int rank, int which)
{
    for (int k = 0; k < rank; k++)
        if ((which >> k & 1) >= n[k])
            return true;
    return false;
}

/* The places of axis k, with axes of one element around them. */
static kt_node *along(kt_graph *g, const kt_node *x, int k)
{
    kt_shape own = x->shape;

    for (int i = 0; i < own.rank; i++)
        own.dim[i] = i == k ? own.dim[i] : 1;
    return kt_reshape(g, kt_series(g, own.dim[k], 0, 1), own);
}

kt_node *kt_read_at(kt_graph *g, kt_node *x, kt_node *const *at, const kt_reading *how)
{
    corner   side[KT_MAX_RANK][2] = {{{NULL, NULL, NULL}}};
    kt_node *sum = NULL;
    int      n[KT_MAX_RANK] = {0};
    bool     rows = reads_rows(how, x);

    for (int k = 0; k < x->shape.rank; k++) {
        n[k] = 1;
        if (how->whole >> k & 1)
            side[k][0].place = along(g, x, k);
        else
            n[k] = sides(g, how,
                         how->order == 1 ? kt_cast(g, at[k], kt_real_dtype(at[k]->dtype)) : at[k],
                         x->shape.dim[k], side[k]);
        double step = (double)kt_shape_product(&x->shape, k + 1, x->shape.rank - rows);
        for (int i = 0; i < n[k]; i++)
            side[k][i].place = kt_mul_scalar(g, kt_cast(g, side[k][i].place, KT_I64), step);
    }
    for (int which = 0; which < 1 << x->shape.rank && !kt_graph_failed(g); which++) {
        if (is_beside(n, x->shape.rank, which))
            continue;
        kt_node *part = read_corner(g, x, (const corner(*)[2])side, which, how);
        sum = sum ? kt_add(g, sum, part) : part;
    }
    if (sum && !kt_dtype_is_float(x->dtype) && kt_dtype_is_float(sum->dtype))
        sum = kt_unary(g, KT_UN_ROUND, sum);
    return sum ? kt_cast(g, sum, x->dtype) : g->poison;
}

kt_node *kt_bent(kt_graph *g, kt_node *x, kt_node *seed, kt_node *alpha, kt_node *sigma,
                 double widest, const kt_reading *how)
{
    kt_reading with = *how;
    kt_node   *at[4] = {NULL};

    if (kt_is_poison(g, x))
        return x;
    kt_random_attr attr = {KT_RA_NORMAL, g->floatx, 0, 1, kt_shape_slice(&x->shape, 0, 3)};
    /* Keras' filter has 6 floor(sigma) + 1 places; rows and columns move by the same numbers */
    kt_node *reach = kt_mul_scalar(g, kt_unary(g, KT_UN_FLOOR, sigma), 3);
    kt_node *bell = kt_bell(g, 6 * (int64_t)widest + 1, sigma, reach);
    kt_node *move = kt_mul(g, kt_cast(g, kt_random(g, seed, &attr), sigma->dtype), sigma);
    move = kt_filtered(g, kt_expand_dims(g, move, 3), kt_expand_dims(g, bell, 1), true);
    move = kt_mul(g, kt_filtered(g, move, kt_expand_dims(g, bell, 0), true), alpha);
    for (int k = 1; k <= 2; k++)
        at[k] = kt_add(g, kt_cast(g, along(g, x, k), move->dtype), move);
    with.whole = 1u | 8u;
    return kt_read_at(g, x, at, &with);
}
