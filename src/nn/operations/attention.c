/* attention.c - DotProductAttention: queries look among keys, and get a mix of the values. */
#include "nn/shared/einsum.h"
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <math.h>

#define ATTENTION(F, T)                                                             \
    F(T, BOOL, is_causal, "False", "", "No query sees a key behind its own place.") \
    F(T, ANY, flash_attention, "None", "", "Keras has it not on TensorFlow.")       \
    F(T, OPTFLOAT, attn_logits_soft_cap, "None", "", "Not used on TensorFlow.")
KT_CONFIG_OF(attention, ATTENTION);

/* Each head of x [B, S, N, H] n times behind itself. */
static kt_node *repeated(kt_graph *g, kt_node *x, int64_t n)
{
    kt_shape wide, to = x->shape;

    to.dim[2] *= n;
    x = kt_expand_dims(g, x, 3);
    wide = x->shape;
    wide.dim[3] = n;
    return kt_reshape(g, kt_broadcast_to(g, x, wide), to);
}

/* Groups of query heads share a key head. */
static kt_node *for_heads(kt_graph *g, kt_node *x, const kt_node *query)
{
    int64_t heads = query->shape.dim[2], own = x->shape.dim[2];

    if (heads == KT_UNKNOWN || own == KT_UNKNOWN || own <= 1 || heads <= own)
        return x;
    return repeated(g, x, heads / own);
}

/* Where a query [T] may see a key [S]; NULL: everywhere. */
static kt_node *visible(kt_layer *self, kt_call *c, const kt_node *logits)
{
    kt_graph  *g = c->g;
    kt_operand mask = kt_optional_operand(self, c, 4);
    kt_node   *seen = mask.node ? kt_cast(g, mask.node, KT_BOOLEAN) : NULL;
    int64_t    t = logits->shape.dim[2], s = logits->shape.dim[3];

    if (!((const attention *)self->config)->is_causal || t == KT_UNKNOWN || s == KT_UNKNOWN)
        return seen;
    kt_node *before = kt_binary(g, KT_BI_LESS_EQUAL, kt_series(g, s, 0, 1),
                                kt_expand_dims(g, kt_series(g, t, 0, 1), 1));
    return seen ? kt_binary(g, KT_BI_AND, seen, before) : before;
}

static void dot_product_attention(kt_layer *self, kt_call *c)
{
    kt_graph  *g = c->g;
    kt_operand bias = kt_optional_operand(self, c, 3), scale = kt_optional_operand(self, c, 5);
    kt_operand x[3];
    kt_node   *in[3];

    c->out[0] = g->poison;
    for (int i = 0; i < 3; i++)
        x[i] = kt_operand_of(self, c, i);
    if (kt_graph_failed(g))
        return;
    kt_dtype dtype = kt_real_dtype(kt_result_dtype(x, 3, KT_STRONG));
    for (int i = 0; i < 3; i++) {
        in[i] = kt_as(c, x[i], dtype);
        if (in[i]->shape.rank == 4)
            continue;
        kt_call_fail(self, c, KT_E_VALUE,
                     "`dot_product_attention` only supports 4D inputs. Received: query.shape=%s, "
                     "key.shape=%s, value.shape=%s.",
                     kt_shape_text(&g->arena, &x[0].node->shape),
                     kt_shape_text(&g->arena, &x[1].node->shape),
                     kt_shape_text(&g->arena, &x[2].node->shape));
        return;
    }
    kt_node *key = for_heads(g, in[1], in[0]), *value = for_heads(g, in[2], in[0]);
    int64_t  h = in[1]->shape.dim[3];
    kt_node *y = kt_einsum(c, "BTNH,BSNH->BNTS", 2, (kt_node *[]){in[0], key});
    y = scale.node ? kt_mul(g, y, kt_as(c, scale, dtype))
                   : kt_mul_scalar(g, y, h > 0 ? (double)(1 / sqrtf((float)h)) : 1);
    y = bias.node ? kt_add(g, y, kt_as(c, bias, dtype)) : y;
    kt_node *seen = kt_graph_failed(g) ? NULL : visible(self, c, y);
    y = seen ? kt_where(g, seen, y, -0.7 * 3.38953e38) : y;
    c->out[0] = kt_einsum(c, "BNTS,BSNH->BTNH", 2, (kt_node *[]){kt_softmax(g, y, -1), value});
}

/* Keras infers the shape of the query, whatever the others are. */
static int infer(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[3];

    kt_argument_shapes(self, c, 3, s);
    return kt_infers(out, s[0]);
}

#define ROWS(F)                                                                    \
    F(DotProductAttention, nn, &attention_type, "query key value bias mask scale", \
      dot_product_attention, 0, .infer = infer)
KT_OPERATIONS(attention, ROWS);
