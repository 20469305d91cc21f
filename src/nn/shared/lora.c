/* lora.c - low-rank adaptation (Hu et al., 2021): a weight [.., n] that does not learn, to which
 * alpha / rank * a . b is added; a [.., rank] starts as he_uniform, b [rank, n] with zeros. */
#include "nn/layer.h"

static const kt_value none = {.kind = KT_NONE};

void kt_settle_lora(const kt_value **rank, const kt_value **alpha)
{
    bool asked = kt_value_true(*rank);

    *rank = asked ? *rank : &none;
    *alpha = !asked ? &none : kt_is_none(*alpha) ? *rank : *alpha;
}

static bool shapes_of(kt_layer *self, const kt_shape *whole, const kt_value *rank, kt_shape *a,
                      kt_shape *b)
{
    kt_value one = {.kind = KT_INT, .i = 1};

    *a = *whole;
    *b = KT_SHAPE(0, kt_dim(whole, -1));
    rank = rank->kind == KT_BOOL ? &one : rank;
    return kt_put_sizes(&self->fault, a, &(kt_size){whole->rank - 1, rank}, 1) &&
           kt_put_sizes(&self->fault, b, &(kt_size){0, rank}, 1);
}

kt_status kt_add_lora(kt_layer *self, const char *name, const kt_value *rank, const kt_value *alpha)
{
    static const kt_value he = {.kind = KT_STR, .s = "he_uniform"};
    static const kt_value zeros = {.kind = KT_STR, .s = "zeros"};
    kt_variable          *whole = kt_weight_find(self, name);
    kt_shape              a, b;

    if (!whole || kt_is_none(rank))
        return kt_layer_status(self);
    if (whole->constraint)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Lora is incompatible with %s constraints. In order to enable lora on "
                             "this layer, remove the `%s_constraint` argument.",
                             kt_streq(name, "embeddings") ? "embedding" : name, name);
    if (!shapes_of(self, &whole->shape, rank, &a, &b))
        return kt_layer_status(self);
    self->lora = (kt_lora){.whole = whole, .rank = rank, .alpha = alpha};
    self->lora.a = kt_add_weight(self, kt_arena_printf(&self->arena, "lora_%s_a", name), a, &he,
                                 whole->regularizer, NULL, true);
    self->lora.b = kt_add_weight(self, kt_arena_printf(&self->arena, "lora_%s_b", name), b, &zeros,
                                 whole->regularizer, NULL, true);
    whole->trainable = false;
    return kt_layer_status(self);
}

static kt_status find_scale(const kt_lora *l, double *scale, kt_fault *f)
{
    double rank;

    if (!kt_value_number(l->alpha, scale) || !kt_value_number(l->rank, &rank))
        return kt_raise(f, KT_E_TYPE, "unsupported operand type(s) for /: '%s' and '%s'",
                        kt_python_type(l->alpha), kt_python_type(l->rank));
    *scale /= rank;
    return KT_OK;
}

kt_node *kt_lora_of(kt_layer *self, kt_call *c, kt_node *a)
{
    double   scale;
    kt_node *b = kt_weight(self, c, self->lora.b->name);

    if (find_scale(&self->lora, &scale, c->g->fault) != KT_OK)
        return c->g->poison;
    return kt_mul_scalar(c->g, kt_matmul(c->g, a, b, false, false), scale);
}

kt_node *kt_adapted(kt_layer *self, kt_call *c, const char *name)
{
    kt_node *w = kt_weight(self, c, name);

    return self->lora.a
             ? kt_add(c->g, w, kt_lora_of(self, c, kt_weight(self, c, self->lora.a->name)))
             : w;
}

kt_tensor *kt_lora_merged(const kt_layer *self, kt_fault *f)
{
    const kt_tensor *a = self->lora.a->value, *b = self->lora.b->value;
    const kt_tensor *whole = self->lora.whole->value;
    int64_t          n = kt_dim(&b->shape, 1), rank = kt_dim(&b->shape, 0);
    double           scale;

    if (find_scale(&self->lora, &scale, f) != KT_OK)
        return NULL;
    kt_tensor *out = kt_tensor_new(whole->dtype, whole->shape);
    if (!out)
        kt_raise_memory(f);
    for (int64_t i = 0; out && i < whole->count; i++) {
        double sum = 0;
        for (int64_t k = 0; k < rank; k++)
            sum += kt_tensor_get(a, i / n * rank + k) * kt_tensor_get(b, k * n + i % n);
        kt_tensor_set(out, i, kt_tensor_get(whole, i) + scale * sum);
    }
    return out;
}

void kt_lora_reset(const kt_layer *self)
{
    kt_variable *part[] = {self->lora.a, self->lora.b};

    for (int i = 0; i < 2; i++)
        for (int64_t k = 0; part[i] && k < part[i]->value->count; k++)
            kt_tensor_set(part[i]->value, k, 0);
}
