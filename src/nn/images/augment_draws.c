/* augment_draws.c - the random numbers of layers that change images in training. */
#include <math.h>

#include "nn/images/augment.h"
#include "nn/images/images.h"

static kt_node *next_seed(const kt_change *h)
{
    return kt_next_seed(h->self, h->c, NULL);
}

kt_node *kt_drawn(const kt_change *h, double lo, double hi, kt_shape shape)
{
    kt_random_attr attr = {KT_RA_UNIFORM, h->g->floatx, lo, hi, shape};

    return kt_random(h->g, next_seed(h), &attr);
}

kt_node *kt_drawn_whole(const kt_change *h, int64_t lo, int64_t hi, int width, kt_shape shape)
{
    kt_random_attr attr = {width == 64 ? KT_RA_WHOLE_64 : KT_RA_WHOLE_32, h->g->floatx, (double)lo,
                           (double)hi, shape};

    return kt_random(h->g, next_seed(h), &attr);
}

kt_node *kt_drawn_each(const kt_change *h, const double ends[2])
{
    return kt_drawn(h, ends[0], ends[1], KT_SHAPE(h->n));
}

kt_node *kt_drawn_image(const kt_change *h, const double ends[2])
{
    return kt_drawn(h, ends[0], ends[1], KT_SHAPE(h->n, 1, 1, 1));
}

void kt_ends_of(const kt_change *h, const char *field, double out[2])
{
    const kt_value **at = kt_augment_field(h->self, field);
    const kt_value  *v = at ? *at : NULL;

    out[0] = out[1] = 0;
    if (kt_value_is_seq(v) && v->n == 2) {
        kt_value_number(v->items[0], &out[0]);
        kt_value_number(v->items[1], &out[1]);
    } else if (v && kt_value_number(v, &out[1])) {
        out[1] = fabs(out[1]);
        out[0] = -out[1];
    }
    if (out[0] > out[1]) {
        double larger = out[0];
        out[0] = out[1];
        out[1] = larger;
    }
}

kt_node *kt_images_of(const kt_change *h, kt_node *x)
{
    return kt_reshape(h->g, x, KT_SHAPE(h->n, 1, 1, 1));
}

kt_node *kt_drawn_choice(const kt_change *h)
{
    double ends[2];

    kt_ends_of(h, "factor", ends);
    kt_node *often = kt_drawn_each(h, ends), *each = kt_drawn(h, 0, 1, KT_SHAPE(h->n));
    return kt_images_of(h, kt_binary(h->g, KT_BI_GREATER, often, each));
}

kt_node *kt_drawn_sign(const kt_change *h, kt_shape shape)
{
    kt_node *above = kt_compare(h->g, KT_BI_GREATER, kt_drawn(h, 0, 1, shape), 0.5);

    return kt_select(h->g, above, kt_scalar_as(h->g, -1, h->g->floatx),
                     kt_scalar_as(h->g, 1, h->g->floatx));
}

kt_node *kt_drawn_normal(const kt_change *h, const kt_node *x)
{
    kt_random_attr attr = {KT_RA_NORMAL, h->g->floatx, 0, 1, x->shape};

    if (!h->first)
        return kt_random(h->g, next_seed(h), &attr);
    attr.shape = KT_SHAPE(h->n, h->channels, h->rows, h->columns);
    return kt_transpose(h->g, kt_random(h->g, next_seed(h), &attr), (int[]){0, 2, 3, 1});
}

kt_node *kt_drawn_order(const kt_change *h)
{
    return kt_part(kt_sort(h->g, kt_drawn(h, 0, 1, KT_SHAPE(h->n)), 0, false), 1);
}

kt_node *kt_drawn_share(const kt_change *h, kt_node *alpha)
{
    kt_graph *g = h->g;
    kt_node  *seed = next_seed(h), *a = kt_random_gamma(g, seed, alpha);
    /* Keras' second seed of one draw */
    kt_node *b = kt_random_gamma(g, kt_add_scalar(g, seed, 12), alpha);

    return kt_div(g, a, kt_add(g, a, b));
}
