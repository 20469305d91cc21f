/* warps.c - operations that read images between their elements: affine and perspective
 * transforms, and pixels that are moved at random. */
#include "nn/images/images.h"

#define AFFINE(F, T)                                                                               \
    F(T, STR, interpolation, "bilinear", "bilinear|nearest", "Between elements.")                  \
    F(T, STR, fill_mode, "constant", "constant|nearest|wrap|reflect|mirror", "Beyond the border.") \
    F(T, FLOAT, fill_value, "0", "kept", "Beyond the border, where it is constant.")               \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(affine, AFFINE);
#define PERSPECTIVE(F, T)                                                         \
    F(T, STR, interpolation, "bilinear", "bilinear|nearest", "Between elements.") \
    F(T, FLOAT, fill_value, "0", "kept", "Beyond the border.")                    \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(perspective, PERSPECTIVE);

/* The call's images as [B, H, W, C]; poison after a failure. */
static kt_node *batch_of(kt_layer *self, kt_call *c, const char *data_format)
{
    kt_node *x = kt_tensor_of(self, c, 0);

    if (!kt_graph_failed(c->g))
        kt_has_image_rank(self, c, &x->shape);
    if (kt_graph_failed(c->g))
        return c->g->poison;
    x = x->shape.rank == 3 ? kt_expand_dims(c->g, x, 0) : x;
    return kt_streq(data_format, "channels_first") ? kt_move_axis(c->g, x, 1, -1) : x;
}

static void finish(kt_layer *self, kt_call *c, kt_node *y, const char *data_format)
{
    y = kt_streq(data_format, "channels_first") ? kt_move_axis(c->g, y, -1, 1) : y;
    c->out[0] = kt_tensor_of(self, c, 0)->shape.rank == 3 ? kt_squeeze(c->g, y, 0) : y;
}

static void affine_transform(kt_layer *self, kt_call *c)
{
    const affine *cfg = self->config;
    kt_node      *x = batch_of(self, c, cfg->data_format);
    kt_node      *t = kt_cast(c->g, kt_tensor_of(self, c, 1), KT_F32);

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g))
        return;
    t = t->shape.rank == 1 ? kt_expand_dims(c->g, t, 0) : t;
    if (t->shape.rank != 2 || kt_dim(&t->shape, 1) != 8) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Invalid transform rank: expected rank 1 (single transform) or rank 2 (batch "
                     "of transforms). Received input with shape: transform.shape=%s",
                     kt_shape_text(&c->g->arena, &t->shape));
        return;
    }
    x = kt_shape_known(&x->shape) && kt_shape_known(&t->shape)
          ? kt_projected(c->g, x, t, cfg->interpolation, cfg->fill_mode, cfg->fill_value)
          : kt_unsized(c, x->dtype, x->shape);
    finish(self, c, x, cfg->data_format);
}

static void perspective_transform(kt_layer *self, kt_call *c)
{
    const perspective *cfg = self->config;
    kt_node           *x = batch_of(self, c, cfg->data_format), *points[2];

    c->out[0] = c->g->poison;
    for (int i = 0; i < 2; i++) {
        kt_node *p = kt_cast(c->g, kt_tensor_of(self, c, i + 1), KT_F32);
        if (kt_graph_failed(c->g))
            return;
        if (p->shape.rank < 2 || p->shape.rank > 3 || kt_dim(&p->shape, -1) != 2 ||
            kt_dim(&p->shape, -2) != 4) {
            kt_call_fail(
                self, c, KT_E_VALUE,
                "Invalid %s_points shape: expected (4,2) for a single image or (N,4,2) for "
                "a batch. Received shape: %s",
                i ? "end" : "start", kt_shape_text(&c->g->arena, &p->shape));
            return;
        }
        points[i] = p->shape.rank == 2 ? kt_expand_dims(c->g, p, 0) : p;
    }
    x = kt_shape_known(&x->shape) && kt_shape_known(&points[0]->shape) &&
                kt_shape_known(&points[1]->shape)
          ? kt_projected(c->g, x, kt_homography(c->g, points[0], points[1]), cfg->interpolation,
                         "constant", cfg->fill_value)
          : kt_unsized(c, x->dtype, x->shape);
    finish(self, c, x, cfg->data_format);
}

#define ELASTIC(F, T)                                                                      \
    F(T, FLOAT, alpha, "20.0", "", "How far pixels move.")                                 \
    F(T, FLOAT, sigma, "5.0", "> 0", "How even the movement is.")                          \
    F(T, STR, interpolation, "bilinear", "bilinear|nearest", "Between elements.")          \
    F(T, STR, fill_mode, "reflect", "constant|nearest|wrap|reflect", "Beyond the border.") \
    F(T, FLOAT, fill_value, "0.0", "kept", "Beyond the border, where it is constant.")     \
    F(T, ANY, seed, "None", "", "Of the random numbers; None: others in each call.")       \
    F(T, STR, data_format, "None", "", "'channels_last' or 'channels_first'; None: channels_last.")
KT_CONFIG_OF(elastic, ELASTIC);

enum { WIDEST = 170 }; /* sigma */

/* The same numbers in each call where the seed is given. */
static kt_node *seed_of(kt_layer *self, kt_call *c, const kt_value *seed)
{
    return kt_is_int(seed) ? kt_table(c->g, KT_I64, KT_SHAPE(2), (double[]){(double)seed->i, 0})
                           : kt_next_seed(self, c, seed);
}

static void elastic_transform(kt_layer *self, kt_call *c)
{
    const elastic *cfg = self->config;
    kt_node       *x = batch_of(self, c, cfg->data_format), *y;
    kt_graph      *g = c->g;
    kt_dtype       dtype = kt_dtype_is_float(x->dtype) ? x->dtype : KT_F32;
    kt_reading     how = {.order = !kt_streq(cfg->interpolation, "nearest"),
                          .mode = cfg->fill_mode,
                          .fill = cfg->fill_value};

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (!(cfg->sigma < WIDEST)) {
        kt_call_fail(self, c, KT_E_VALUE, "Layer '%s': sigma must be below %d", self->name, WIDEST);
        return;
    }
    if (!kt_shape_known(&x->shape) || kt_shape_count(&x->shape) == 0)
        y = kt_unsized(c, x->dtype, x->shape);
    else
        y = kt_bent(g, x, seed_of(self, c, cfg->seed), kt_scalar_as(g, cfg->alpha, dtype),
                    kt_scalar_as(g, cfg->sigma, dtype), cfg->sigma, &how);
    finish(self, c, y, cfg->data_format);
}

static int infer(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s;

    kt_argument_shapes(self, c, 1, &s);
    return kt_has_image_rank(self, c, &s) ? kt_infers(out, s) : 0;
}

#define ROWS(F)                                                                               \
    F(AffineTransform, image, &affine_type, "images transform", affine_transform, 0,          \
      .check = kt_check_layout)                                                               \
    F(PerspectiveTransform, image, &perspective_type, "images start_points end_points",       \
      perspective_transform, 0, .check = kt_check_layout)                                     \
    F(ElasticTransform, image, &elastic_type, "images", elastic_transform, 0, .infer = infer, \
      .check = kt_check_layout)
KT_OPERATIONS(warps, ROWS);
