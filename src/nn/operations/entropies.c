/* entropies.c - cross-entropies of a target and an output, element by element or class by class. */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

static const double epsilon = 1e-7; /* Keras' backend.epsilon() */

typedef struct pair {
    kt_node *target, *output;
    bool     logits;
} pair;

/* The output, or the logits that an activation made it of: Keras remembers them. */
static pair operands(kt_layer *self, kt_call *c, bool from_logits)
{
    pair p = {kt_tensor_of(self, c, 0), kt_tensor_of(self, c, 1), from_logits};

    if (p.output->logits) {
        p.output = p.output->logits;
        p.logits = true;
    }
    p.output = kt_cast(c->g, p.output, kt_real_dtype(p.output->dtype));
    return p;
}

static kt_node *within(kt_graph *g, kt_node *x)
{
    return kt_unary_with(g, (kt_unary_attr){KT_UN_CLIP, epsilon, 1 - epsilon}, x);
}

#define SHAPES_DIFFER                                                                    \
    "Arguments `target` and `output` must have the same %s. Received: target.shape=%s, " \
    "output.shape=%s"

/* Keras' words where the two do not have one shape. */
static bool same_shape(kt_layer *self, kt_call *c, const pair *p)
{
    const kt_shape *a = &p->target->shape, *b = &p->output->shape;

    if (kt_graph_failed(c->g) || (a->rank == b->rank && kt_shape_fits(a, b)))
        return !kt_graph_failed(c->g);
    kt_call_fail(self, c, KT_E_VALUE, SHAPES_DIFFER, a->rank == b->rank ? "shape" : "rank (ndim)",
                 kt_shape_text(&c->g->arena, a), kt_shape_text(&c->g->arena, b));
    return false;
}

#define BINARY(F, T) F(T, BOOL, from_logits, "False", "", "The output is no probability yet.")
KT_CONFIG_OF(binary, BINARY);

static void binary_crossentropy(kt_layer *self, kt_call *c)
{
    kt_graph *g = c->g;
    pair      p = operands(self, c, ((const binary *)self->config)->from_logits);

    c->out[0] = g->poison;
    if (!same_shape(self, c, &p))
        return;
    kt_node *t = kt_cast(g, p.target, p.output->dtype), *one = kt_scalar_as(g, 1, t->dtype);
    if (p.logits) {
        c->out[0] = kt_sigmoid_xent(g, p.output, t);
        return;
    }
    kt_node *x = within(g, p.output);
    kt_node *yes = kt_mul(g, t, kt_unary(g, KT_UN_LOG, x));
    kt_node *no = kt_mul(g, kt_sub(g, one, t), kt_unary(g, KT_UN_LOG, kt_sub(g, one, x)));
    c->out[0] = kt_unary(g, KT_UN_NEG, kt_add(g, yes, no));
}

#define CATEGORICAL(F, T)                                                        \
    F(T, BOOL, from_logits, "False", "", "The output are no probabilities yet.") \
    F(T, INT, axis, "-1", "met: range(x)", "The classes.")
KT_CONFIG_OF(categorical, CATEGORICAL);

static void categorical_crossentropy(kt_layer *self, kt_call *c)
{
    const categorical *cfg = self->config;
    kt_graph          *g = c->g;
    pair               p = operands(self, c, cfg->from_logits);

    c->out[0] = g->poison;
    if (!same_shape(self, c, &p))
        return;
    kt_node *x = kt_move_axis(g, p.output, (int)cfg->axis, -1);
    kt_node *t = kt_move_axis(g, kt_cast(g, p.target, x->dtype), (int)cfg->axis, -1);
    if (p.logits) {
        c->out[0] = kt_softmax_xent(g, x, t);
        return;
    }
    if (x->shape.rank == 0)
        return;
    x = kt_div(g, x, kt_reduce(g, KT_RE_SUM, x, 1u << (x->shape.rank - 1), true));
    x = kt_mul(g, t, kt_unary(g, KT_UN_LOG, within(g, x)));
    c->out[0] = kt_unary(g, KT_UN_NEG, kt_reduce_last(g, KT_RE_SUM, x));
}

static void sparse_categorical_crossentropy(kt_layer *self, kt_call *c)
{
    const categorical *cfg = self->config;
    kt_graph          *g = c->g;
    pair               p = operands(self, c, cfg->from_logits);
    kt_node           *t = kt_cast(g, p.target, KT_I64), *x = p.output;
    int                rank = x->shape.rank;

    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (cfg->axis != -1 && cfg->axis != rank - 1) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Only axis=-1 is currently supported. Received: axis=%lld",
                     (long long)cfg->axis);
        return;
    }
    if (rank > 0 && t->shape.rank == rank && kt_dim(&t->shape, -1) == 1)
        t = kt_squeeze(g, t, -1);
    if (rank < 1 || t->shape.rank != rank - 1) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: "
                     "target.shape=%s, output.shape=%s",
                     kt_shape_text(&g->arena, &t->shape), kt_shape_text(&g->arena, &x->shape));
        return;
    }
    x = p.logits ? x : kt_unary(g, KT_UN_LOG, within(g, x));
    c->out[0] = kt_sparse_softmax_xent(g, x, t);
}

#define CTC(F, T) F(T, INT, mask_index, "0", "", "The class that stands for no label.")
KT_CONFIG_OF(labelling, CTC);

static void ctc_loss(kt_layer *self, kt_call *c)
{
    kt_node *labels = kt_tensor_of(self, c, 0), *logits = kt_real_of(self, c, 1);
    kt_node *lengths = kt_tensor_of(self, c, 2), *steps = kt_tensor_of(self, c, 3);

    c->out[0] = kt_graph_failed(c->g) ? c->g->poison
                                      : kt_ctc(c->g, logits, labels, lengths, steps,
                                               ((const labelling *)self->config)->mask_index);
}

/* --- the labels that logits spell --- */

#define DECODING(F, T)                                                                          \
    F(T, STR, strategy, "greedy", "greedy|beam_search", "How labels are looked for.")           \
    F(T, INT, beam_width, "100", "", "Of 'beam_search'.")                                       \
    F(T, INT, top_paths, "1", "", "Of 'beam_search'.")                                          \
    F(T, BOOL, merge_repeated, "True", "", "The same class in steps that follow is one label.") \
    F(T, OPTINT, mask_index, "0", "", "The class that stands for no label; None: the last.")
KT_CONFIG_OF(decoding, DECODING);

/* Where a label begins: booleans [batch, steps]. */
static kt_node *beginnings(kt_graph *g, const decoding *cfg, kt_node *best, int64_t blank)
{
    int64_t  b = best->shape.dim[0], steps = best->shape.dim[1];
    kt_node *is = kt_compare(g, KT_BI_NOT_EQUAL, best, (double)blank);

    if (!cfg->merge_repeated)
        return is;
    kt_node *none = kt_broadcast_to(g, kt_scalar_as(g, -1, best->dtype), KT_SHAPE(b, 1));
    kt_node *before = kt_concat(g, 2, (kt_node *[]){none, kt_slice_axis(g, best, 1, 0, steps - 1)},
                                1);
    return kt_binary(g, KT_BI_AND, is, kt_binary(g, KT_BI_NOT_EQUAL, best, before));
}

/* The entries of rows that are kept, at the front of their row; -1 behind them. */
static kt_node *gathered(kt_graph *g, kt_node *x, kt_node *kept)
{
    int64_t  b = x->shape.dim[0], n = x->shape.dim[1];
    kt_node *at = kt_reshape(g, kt_series(g, n, 0, 1), KT_SHAPE(1, n));
    kt_node *order = kt_select(g, kept, at, kt_add_scalar(g, at, (double)n));
    kt_node *row = kt_reshape(g, kt_series(g, b, 0, n), KT_SHAPE(b, 1));
    kt_node *place = kt_add(g, kt_cast(g, kt_part(kt_sort(g, order, 1, false), 1), KT_I64), row);
    kt_node *count = kt_reduce(g, KT_RE_SUM, kt_cast(g, kept, KT_I64), 2, true);
    kt_node *y = kt_gather(g, kt_flat(g, x), place, 0);

    return kt_where(g, kt_binary(g, KT_BI_LESS, at, count), y, -1);
}

/* The classes as Keras puts them for TensorFlow, which takes the last for the blank: Python's
 * slices up to `at`, behind it, and the one itself (none of -1, behind which all are). */
static kt_node *blank_last(kt_graph *g, kt_node *x, int64_t at, int64_t *place)
{
    int64_t  n = x->shape.dim[2], from = at < 0 ? at + n : at;
    int64_t  behind = at == -1 ? 0 : from + 1;
    kt_node *parts[] = {kt_slice_axis(g, x, 2, 0, from), kt_slice_axis(g, x, 2, behind, n - behind),
                        kt_slice_axis(g, x, 2, from, 1)};

    *place = from;
    return kt_concat(g, at == -1 ? 2 : 3, parts, 2);
}

static void beam_search(kt_call *c, const decoding *cfg, kt_node *x, kt_node *lengths)
{
    kt_graph *g = c->g;
    int64_t   n = x->shape.dim[2], place = n;

    if (cfg->mask_index.set && (cfg->mask_index.v < -n || cfg->mask_index.v >= n)) {
        kt_raise(g->fault, KT_E_VALUE, "mask_index=%lld is no class: there are %lld",
                 (long long)cfg->mask_index.v, (long long)n);
        return;
    }
    if (cfg->mask_index.set)
        x = blank_last(g, x, cfg->mask_index.v, &place);
    kt_node *y = kt_ctc_beam(g, x, lengths, cfg->beam_width, cfg->top_paths);
    if (kt_graph_failed(g))
        return;
    kt_node *behind = kt_compare(g, KT_BI_LESS, y, (double)place);
    c->out[0] = kt_select(g, behind, y, kt_add_scalar(g, y, 1));
    c->out[1] = kt_part(y, 1);
}

static void ctc_decode(kt_layer *self, kt_call *c)
{
    const decoding *cfg = self->config;
    kt_graph       *g = c->g;
    kt_node        *x = kt_real_of(self, c, 0), *lengths = kt_tensor_of(self, c, 1);

    c->n_out = 2;
    c->out[0] = c->out[1] = g->poison;
    if (kt_graph_failed(g))
        return;
    if (x->shape.rank != 3 || lengths->shape.rank != 1) {
        kt_call_fail(self, c, KT_E_VALUE,
                     "Layer '%s': inputs must be [batch, steps, classes] and lengths [batch]; "
                     "received inputs of shape %s",
                     self->name, kt_shape_text(&g->arena, &x->shape));
        return;
    }
    bool     beam = !kt_streq(cfg->strategy, "greedy");
    int64_t  paths = beam ? cfg->top_paths : 1;
    kt_shape labels = KT_SHAPE(paths, x->shape.dim[0], x->shape.dim[1]);
    if (beam && (cfg->top_paths < 1 || cfg->beam_width < cfg->top_paths)) {
        kt_call_fail(self, c, KT_E_INVALID_ARGUMENT, "requested more paths than the beam width.");
        return;
    }
    if (!kt_shape_known(&x->shape) || kt_shape_count(&x->shape) == 0) {
        c->out[0] = kt_unsized(c, KT_I32, labels);
        c->out[1] = kt_unsized(c, x->dtype, KT_SHAPE(x->shape.dim[0], paths));
        return;
    }
    if (beam) {
        beam_search(c, cfg, x, lengths);
        return;
    }
    int64_t  steps = x->shape.dim[1], last = x->shape.dim[2] - 1;
    kt_node *at = kt_reshape(g, kt_series(g, steps, 0, 1), KT_SHAPE(1, steps));
    kt_node *valid = kt_binary(g, KT_BI_LESS, at,
                               kt_expand_dims(g, kt_cast(g, lengths, KT_I64), 1));
    kt_node *best = kt_argmax(g, x, 2);
    kt_node *kept = beginnings(g, cfg, best, cfg->mask_index.set ? cfg->mask_index.v : last);
    kt_node *score = kt_where(g, valid, kt_reduce(g, KT_RE_MAX, x, 4, false), 0);

    kept = kt_binary(g, KT_BI_AND, kept, valid);
    c->out[0] = kt_expand_dims(g, kt_cast(g, gathered(g, best, kept), KT_I32), 0);
    c->out[1] = kt_unary(g, KT_UN_NEG, kt_reduce(g, KT_RE_SUM, score, 2, true));
}

/* --- as Keras infers it --- */

/* variant 1: without the last axis, whichever has the classes. */
static int infer_entropy(kt_layer *self, kt_call *c, kt_result *out)
{
    bool     classes = self->type->variant == 1;
    kt_shape s[2];

    kt_argument_shapes(self, c, 2, s);
    if (!kt_shape_equal(&s[0], &s[1]))
        return kt_refuses(self, c, SHAPES_DIFFER, "shape", kt_shape_text(&c->g->arena, &s[0]),
                          kt_shape_text(&c->g->arena, &s[1]));
    if (classes && s[0].rank < 1)
        return kt_refuses(self, c,
                          "Arguments `target` and `output` must be at least rank 1. Received: "
                          "target.shape=%s, output.shape=%s",
                          kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    out[0].dtype = c->in[c->n_in > 1 ? 1 : 0]->dtype;
    return kt_infers(out, classes ? kt_shape_slice(&s[1], 0, s[1].rank - 1) : s[1]);
}

static int infer_sparse(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[2], target, before, behind;

    kt_argument_shapes(self, c, 2, s);
    if (s[1].rank < 1)
        return kt_refuses(self, c,
                          "Argument `output` must be at least rank 1. Received: output.shape=%s",
                          kt_shape_text(&c->g->arena, &s[1]));
    int axis = kt_canonical_axis(c, ((const categorical *)self->config)->axis, s[1].rank);
    if (axis < 0)
        return 0;
    target = s[0];
    target.rank -= target.rank == s[1].rank && kt_dim(&target, -1) == 1;
    before = kt_shape_slice(&s[1], 0, axis);
    behind = kt_shape_slice(&s[1], axis + 1, s[1].rank);
    before = kt_shape_concat(&before, &behind);
    if (!kt_shape_equal(&target, &before))
        return kt_refuses(self, c,
                          "Arguments `target` and `output` must have the same shape up until the "
                          "last dimension: target.shape=%s, output.shape=%s",
                          kt_shape_text(&c->g->arena, &s[0]), kt_shape_text(&c->g->arena, &s[1]));
    out[0].dtype = c->in[c->n_in > 1 ? 1 : 0]->dtype;
    return kt_infers(out, before);
}

/* Two that are not known are the same. */
static bool same_batch(kt_layer *self, kt_call *c, const kt_shape *s, int a, int b)
{
    static const char *const names[] = {"target", "output", "target_length", "output_length"};

    if (s[a].rank < 1 || s[b].rank < 1)
        return kt_no_index(self, c, "tuple");
    return s[a].dim[0] == s[b].dim[0] ||
           kt_refuses(
               self, c,
               "Arguments `%s` and `%s` must have the same first dimension. Received shapes: "
               "`%s` and `%s`.",
               names[a], names[b], kt_shape_text(&c->g->arena, &s[a]),
               kt_shape_text(&c->g->arena, &s[b]));
}

static int infer_ctc_loss(kt_layer *self, kt_call *c, kt_result *out)
{
    kt_shape s[4];

    kt_argument_shapes(self, c, 4, s);
    if (!same_batch(self, c, s, 0, 1) || !same_batch(self, c, s, 2, 0) ||
        !same_batch(self, c, s, 3, 1))
        return 0;
    out[0].dtype = KT_F32;
    return kt_infers(out, KT_SHAPE(s[0].dim[0]));
}

static int infer_ctc_decode(kt_layer *self, kt_call *c, kt_result *out)
{
    const decoding *cfg = self->config;
    kt_shape        s;

    kt_argument_shapes(self, c, 1, &s);
    if (s.rank < 2)
        return kt_no_index(self, c, "tuple");
    int64_t paths = kt_streq(cfg->strategy, "greedy") ? 1 : cfg->top_paths;
    out[0].dtype = KT_I32;
    kt_infers(out, KT_SHAPE(paths, s.dim[0], s.dim[1]));
    out[1].shape = KT_SHAPE(s.dim[0], paths);
    return 2;
}

#define ROWS(F)                                                                                  \
    F(BinaryCrossentropy, nn, &binary_type, "target output", binary_crossentropy, 0,             \
      .infer = infer_entropy)                                                                    \
    F(CategoricalCrossentropy, nn, &categorical_type, "target output", categorical_crossentropy, \
      1, .infer = infer_entropy)                                                                 \
    F(SparseCategoricalCrossentropy, nn, &categorical_type, "target output",                     \
      sparse_categorical_crossentropy, 0, .infer = infer_sparse)                                 \
    F(CTCLoss, nn, &labelling_type, "target output target_length output_length", ctc_loss, 0,    \
      .infer = infer_ctc_loss)                                                                   \
    F(CTCDecode, nn, &decoding_type, "inputs sequence_lengths", ctc_decode, 0,                   \
      .infer = infer_ctc_decode)
KT_OPERATIONS(entropies, ROWS);
