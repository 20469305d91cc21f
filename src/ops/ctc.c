/* ctc.c - connectionist temporal classification: minus the log-probability that steps of logits
 * spell a row of labels, when repeats are one and blanks count for nothing (Graves et al., 2006).
 * Steps that do not suffice are unlikely, not impossible, as in TensorFlow: any state may be the
 * last one, with a probability of 1e-307. Inputs: logits [b, t, c], labels [b, l], how many of a
 * row's labels count [b], how many of its steps [b]. Parts: 0 loss [b], 1 d loss / d logits. */
#include "ops/shared.h"

#include <math.h>

#define UNLIKELY 1e-307

static kt_status shape(kt_op_call *c)
{
    const kt_shape *x = &c->in[0]->shape, *labels = &c->in[1]->shape;

    if (x->rank != 3 || labels->rank != 2 || c->in[2]->shape.rank != 1 || c->in[3]->shape.rank != 1)
        return kt_op_fail(c, 0, -1, KT_NO_FACT, KT_NO_FACT,
                          "ctc: logits must be [batch, steps, classes] and labels [batch, labels]; "
                          "received %s and %s",
                          kt_shape_text(&c->g->arena, x), kt_shape_text(&c->g->arena, labels));
    for (int i = 1; i < 4; i++) {
        int64_t rows = c->in[i]->shape.dim[0];
        if (rows != x->dim[0] && rows != KT_UNKNOWN && x->dim[0] != KT_UNKNOWN)
            return kt_op_fail(c, i, 0, x->dim[0], rows,
                              "ctc: %lld rows of logits, but %lld of labels or lengths",
                              (long long)x->dim[0], (long long)rows);
    }
    kt_like(c, 0, 0);
    kt_like(c, 1, 0);
    c->out[0].shape.rank = 1;
    c->n_out = 2;
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    if (dy[0])
        dx[0] = kt_mul(g, kt_part(y, 1), kt_expand_dims(g, kt_expand_dims(g, dy[0], -1), -1));
}

/* --- one row ---------------------------------------------------------------------------------- */

/* A row of the batch. States 0, 2, 4 ... are blanks, 1, 3, 5 ... the labels between them. */
typedef struct spelling {
    int64_t       steps, classes, states, blank;
    int64_t       last; /* the spelling ends in this state or the one before; others are unlikely */
    const double *label;
    double       *log_p;         /* [steps][classes] */
    double       *ahead, *after; /* [steps][states]: the log-probability of what comes up to a state
                                  * at a step, it included, and of what comes after it */
} spelling;

static double log_add(double a, double b)
{
    double most = a > b ? a : b;

    return most == -INFINITY ? most : most + log1p(exp((a > b ? b : a) - most));
}

/* -1: a label that is no class, of which nothing is known. */
static int64_t class_of(const spelling *s, int64_t state)
{
    double label = state % 2 ? s->label[state / 2] : (double)s->blank;

    return label >= 0 && label < (double)s->classes ? (int64_t)label : -1;
}

static double log_p(const spelling *s, int64_t t, int64_t state)
{
    int64_t k = class_of(s, state);

    return k < 0 ? 0 : s->log_p[t * s->classes + k];
}

static double ending(const spelling *s, int64_t state)
{
    return state == s->last || state == s->last - 1 ? 0 : log(UNLIKELY);
}

/* Whether state k follows k - 2 at once: over a blank between two different labels. */
static bool skips(const spelling *s, int64_t k)
{
    return k >= 2 && k % 2 && s->label[k / 2] != s->label[k / 2 - 1];
}

/* What comes up to state k out of those of the step before, or out of the beginning (NULL). */
static double arriving(const spelling *s, const double *before, int64_t k)
{
    double p = before ? before[k] : log(UNLIKELY);

    if (!before && k < 2)
        p = log_add(p, 0);
    if (k >= 1)
        p = log_add(p, before ? before[k - 1] : log(UNLIKELY));
    return skips(s, k) ? log_add(p, before ? before[k - 2] : log(UNLIKELY)) : p;
}

static void go_ahead(const spelling *s)
{
    for (int64_t t = 0; t < s->steps; t++)
        for (int64_t k = 0; k < s->states; k++)
            s->ahead[t * s->states + k] = arriving(s, t ? s->ahead + (t - 1) * s->states : NULL,
                                                   k) +
                                          log_p(s, t, k);
}

static double from(const spelling *s, int64_t t, int64_t k)
{
    return s->after[t * s->states + k] + log_p(s, t, k);
}

static void go_back(const spelling *s)
{
    for (int64_t t = s->steps - 1; t >= 0; t--)
        for (int64_t k = 0; k < s->states; k++) {
            double p = ending(s, k);

            if (t < s->steps - 1) {
                p = from(s, t + 1, k);
                p = k + 1 < s->states ? log_add(p, from(s, t + 1, k + 1)) : p;
                p = k + 2 < s->states && skips(s, k + 2) ? log_add(p, from(s, t + 1, k + 2)) : p;
            }
            s->after[t * s->states + k] = p;
        }
}

/* dx: [steps][classes]: what each class is likely at each step, less what it is in the
 * spellings. */
static double row_loss(const spelling *s, double *dx)
{
    double total = -INFINITY;

    if (s->steps == 0)
        return s->last == 0 ? 0 : -log(UNLIKELY);
    go_ahead(s);
    go_back(s);
    for (int64_t k = 0; k < s->states; k++) /* the sum is the same at every step */
        total = log_add(total, s->ahead[k] + s->after[k]);
    for (int64_t i = 0; i < s->steps * s->classes; i++)
        dx[i] = exp(s->log_p[i]);
    for (int64_t t = 0; t < s->steps; t++)
        for (int64_t k = 0; k < s->states; k++)
            if (class_of(s, k) >= 0)
                dx[t * s->classes + class_of(s, k)] -= exp(s->ahead[t * s->states + k] +
                                                           s->after[t * s->states + k] - total);
    return -(s->states > 1 ? log_add(from(s, 0, 0), from(s, 0, 1)) : from(s, 0, 0));
}

/* --- the op ----------------------------------------------------------------------------------- */

static size_t scratch(const kt_run *r)
{
    size_t steps = (size_t)r->in[0].shape.dim[1], classes = (size_t)r->in[0].shape.dim[2],
           states = 2 * (size_t)r->in[1].shape.dim[1] + 1;

    return sizeof(double) * steps * (classes + 2 * states);
}

static int64_t at_most(double v, int64_t limit)
{
    return v < (double)limit ? v > 0 ? (int64_t)v : 0 : limit;
}

static void reference(const kt_run *r)
{
    int64_t steps = r->in[0].shape.dim[1], classes = r->in[0].shape.dim[2],
            labels = r->in[1].shape.dim[1];

    for (int64_t b = 0; b < r->out[0].count; b++) {
        spelling s = {.steps = at_most(r->in[3].f64[b], steps),
                      .classes = classes,
                      .states = 2 * labels + 1,
                      .last = 2 * at_most(r->in[2].f64[b], labels),
                      .blank = ((const kt_ctc_attr *)r->attr)->blank,
                      .label = r->in[1].f64 + b * labels,
                      .log_p = r->scratch};
        double  *dx = r->out[1].f64 + b * steps * classes;

        s.ahead = s.log_p + steps * classes;
        s.after = s.ahead + steps * s.states;
        for (int64_t t = 0; t < s.steps; t++)
            kt__log_softmax_row(r->in[0].f64 + (b * steps + t) * classes, classes,
                                s.log_p + t * classes);
        for (int64_t i = 0; i < steps * classes; i++)
            dx[i] = 0;
        r->out[0].f64[b] = row_loss(&s, dx);
    }
}

static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t  b = s->size(s, 1, 4), t = s->size(s, 7, 12), n = s->size(s, 3, 6);
    kt_node *x = s->real(s, KT_SHAPE(b, t, n), -2, 2);

    switch (variant) {
    case 0: /* classes are 1 to n - 1, every step counts */
        return kt_ctc(s->g, x, s->integer(s, KT_SHAPE(b, 3), 1, n),
                      s->integer(s, KT_SHAPE(b), 3, 4), s->integer(s, KT_SHAPE(b), t, t + 1), 0);
    case 1: /* rows of other lengths, the last class is the blank */
        return kt_ctc(s->g, x, s->integer(s, KT_SHAPE(b, 3), 0, n - 1),
                      s->integer(s, KT_SHAPE(b), 0, 4), s->integer(s, KT_SHAPE(b), 7, t + 1),
                      n - 1);
    case 2:
        return kt_ctc(s->g, x, s->integer(s, KT_SHAPE(b, 0), 0, n),
                      s->integer(s, KT_SHAPE(b), 0, 1), s->integer(s, KT_SHAPE(b), 1, t), 0);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "ctc",
    .min_in = 4,
    .max_in = 4,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .scratch = scratch,
    .sample = sample,
    .no_gradient = 2 | 4 | 8,
};

kt_node *kt_ctc(kt_graph *g, kt_node *logits, kt_node *labels, kt_node *label_length,
                kt_node *logit_length, int64_t blank)
{
    kt_ctc_attr a = {blank};

    if (!kt_dtype_is_float(logits->dtype))
        logits = kt_cast(g, logits, g->floatx);
    return kt_emit(g, &type, &a, sizeof a, 4,
                   (kt_node *[]){logits, kt_cast(g, labels, KT_I64),
                                 kt_cast(g, label_length, KT_I64),
                                 kt_cast(g, logit_length, KT_I64)});
}

const kt_op_type *const kt_ops_ctc[] = {&type, NULL};
