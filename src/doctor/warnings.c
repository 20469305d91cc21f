/* warnings.c - what Keras takes in silence and should not: a row each. No false alarm is worth more
 * than one more rule. */
#include <math.h>
#include <string.h>

#include "doctor/remedy.h"

typedef struct pass {
    kt_look            k;
    kt_warning_report *out;
    int                n, max;
} pass;

/* One output with its target and loss. */
typedef struct pair {
    int            i;
    kt_shape       out, y; /* with the batch axis */
    kt_loss_kind   loss;
    bool           logits, named_loss; /* a loss that is known by name */
    const kt_form *form;
    const char    *activation; /* NULL: the last layer is none that has one */
} pair;

static void warn(pass *p, const char *kind, const char *words)
{
    for (int i = 0; i < p->n; i++)
        if (kt_streq(p->out[i].kind, kind))
            return;
    if (p->n < p->max)
        p->out[p->n++] = (kt_warning_report){kind, words};
}

/* --- outputs and targets ---------------------------------------------------------------------- */

/* The activation that an output ends with, where the last layer has one. */
static const char *activation_of(const kt_look *k, int i)
{
    int            at = kt_end(&k->v, i);
    const kt_spot *s = at >= 0 ? &k->v.spot[at] : NULL;
    unsigned       have = KT_ROLE(KT_IS_DENSE) | KT_ROLE(KT_IS_CONV) | KT_ROLE(KT_IS_ACTIVATION) |
                    KT_ROLE(KT_IS_WRAPPER) | KT_ROLE(KT_IS_CONV_UP);

    if (!s || !(have >> s->role & 1))
        return NULL;
    return kt_last_activation(k, i);
}

static bool make_pair(const kt_look *k, int i, pair *p)
{
    *p = (pair){.i = i, .out = k->end.out[i], .y = k->s->y[i].t->shape, .form = &k->s->y[i].form};
    p->loss = kt_loss_of(kt_output_loss(k->s, &k->v, i), &p->logits);
    p->named_loss = p->loss != KT_LOSS_NONE;
    p->activation = activation_of(k, i);
    if (p->out.rank > 0)
        p->out.dim[0] = kt_dim(&p->y, 0);
    return p->out.rank > 0 && p->y.rank > 0 && kt_shape_known(&p->out);
}

/* As Keras does before a loss: a last axis of 1 is dropped where the ranks differ by one. */
static void same_rank(kt_shape *a, kt_shape *b)
{
    if (a->rank == b->rank + 1 && kt_dim(a, -1) == 1)
        a->rank--;
    else if (b->rank == a->rank + 1 && kt_dim(b, -1) == 1)
        b->rank--;
}

static void broadcasting(pass *p, const pair *q)
{
    kt_shape a = q->out, b = q->y, both;

    same_rank(&a, &b);
    if (q->loss != KT_LOSS_OTHER || kt_shape_equal(&a, &b) || !kt_shape_broadcast(&a, &b, &both))
        return;
    warn(
        p, "target_broadcast",
        kt_say(
            &p->k,
            "the output is %s, the target %s: the loss stretches one over the other, so each number "
            "is compared with several",
            kt_shown(&p->k, &q->out), kt_shown(&p->k, &q->y)));
}

/* Shapes that only meet because the batch has just this size. */
static void by_chance(pass *p, const pair *q)
{
    kt_shape a = q->out, b = q->y, both;
    int64_t  batch = p->k.s->batch < kt_dim(&b, 0) ? p->k.s->batch : kt_dim(&b, 0);

    same_rank(&a, &b);
    if (q->loss != KT_LOSS_OTHER || a.rank == b.rank)
        return;
    a.dim[0] = b.dim[0] = batch + 1;
    if (!kt_shape_broadcast(&a, &b, &both))
        warn(p, "last_batch",
             kt_say(&p->k, "this fits with %lld rows in a batch only: any other batch fails",
                    (long long)batch));
}

/* --- activations and labels ------------------------------------------------------------------- */

static bool is(const pair *q, const char *name)
{
    return q->activation && kt_streq(q->activation, name);
}

static bool probabilities(const pair *q)
{
    return is(q, "softmax") || is(q, "sigmoid");
}

static void one_unit(pass *p, const pair *q)
{
    if (kt_dim(&q->out, -1) != 1)
        return;
    if (q->loss == KT_LOSS_CATEGORICAL)
        warn(p, "one_unit_categorical",
             "categorical cross-entropy on one unit: the loss is 0 for ever; one unit wants "
             "'binary_crossentropy'");
    if (is(q, "softmax"))
        warn(p, "softmax_one_unit", "softmax over one unit: the output is 1 for ever");
}

static const char *wrong_activation(const pair *q)
{
    bool classes = (q->loss == KT_LOSS_SPARSE || q->loss == KT_LOSS_CATEGORICAL) &&
                   kt_dim(&q->out, -1) > 1;
    bool binary = q->loss == KT_LOSS_BINARY;

    if (!q->activation)
        return NULL;
    if (q->logits && (classes || binary))
        return probabilities(q)
                 ? "the loss makes probabilities itself (from_logits=True), and the last "
                   "layer did already"
                 : NULL;
    if (classes && !is(q, "softmax") &&
        (is(q, "sigmoid") || is(q, "linear") || is(q, "relu") || is(q, "tanh") || is(q, "elu")))
        return "the loss wants probabilities that add up to 1: softmax, or from_logits=True";
    if (binary && (is(q, "linear") || is(q, "relu") || is(q, "tanh") || is(q, "elu")))
        return "the loss wants numbers between 0 and 1: sigmoid, or from_logits=True";
    return NULL;
}

/* What the last activation can not reach. */
static const char *out_of_reach(const pair *q)
{
    const kt_form *f = q->form;

    if (q->loss != KT_LOSS_OTHER || !f->known)
        return NULL;
    if (is(q, "relu") && f->min < 0)
        return "relu gives no negative numbers, and the targets have them";
    if ((is(q, "sigmoid") || is(q, "softmax")) && (f->max > 1 || f->min < 0))
        return "the last layer gives numbers between 0 and 1, and the targets go beyond";
    if (is(q, "tanh") && (f->max > 1 || f->min < -1))
        return "tanh gives numbers between -1 and 1, and the targets go beyond";
    return NULL;
}

static void activation(pass *p, const pair *q)
{
    const char *wrong = wrong_activation(q), *far = out_of_reach(q);

    if (wrong || far)
        warn(p, "output_activation",
             kt_say(&p->k, "%s at the end: %s", q->activation, wrong ? wrong : far));
}

static void labels(pass *p, const pair *q)
{
    const kt_form *f = q->form;

    if (!f->known)
        return;
    if (q->loss == KT_LOSS_BINARY && (f->min < 0 || f->max > 1))
        warn(p, "label_range",
             kt_say(&p->k, "targets %g..%g for a loss that wants numbers from 0 to 1", f->min,
                    f->max));
    if (q->loss == KT_LOSS_SPARSE && !f->whole)
        warn(p, "label_range",
             "the targets are fractions: as class numbers they are cut to whole numbers");
    if (q->loss == KT_LOSS_CATEGORICAL && kt_dim(&q->out, -1) > 1 && !f->one_hot && !f->shares &&
        (f->max > 1 || f->min < 0 || f->crowded))
        warn(p, "target_not_one_hot",
             "rows for the categorical loss that are neither one-hot nor add up to 1");
}

static bool names_accuracy(const kt_value *v)
{
    const char     *name = NULL;
    const kt_value *args;

    if (v && (kt_value_is_seq(v) || (v->kind == KT_DICT && !kt_value_get(v, "class_name")))) {
        for (size_t i = 0; i < v->n; i++)
            if (names_accuracy(v->items[i]))
                return true;
        return false;
    }
    return v && kt_object_parts(v, &name, &args) &&
           (kt_streq(name, "accuracy") || kt_streq(name, "acc") || kt_streq(name, "Accuracy"));
}

static void metric(pass *p, const pair *q)
{
    if (q->loss == KT_LOSS_OTHER && q->form->known && !q->form->whole &&
        names_accuracy(kt_scene_compiled(p->k.s, "metrics")))
        warn(p, "metric_vs_target",
             "accuracy counts equal numbers: of real numbers it says nothing");
}

/* --- inputs ----------------------------------------------------------------------------------- */

static void word_numbers(pass *p)
{
    int first = kt_first(&p->k.v);

    if (p->k.s->n_x == 1 && first >= 0 && p->k.v.spot[first].role == KT_IS_EMBEDDING &&
        p->k.xf->known && !p->k.xf->whole)
        warn(p, "embedding_float",
             kt_say(&p->k,
                    "'%s' wants word numbers and gets fractions: they are cut to whole numbers",
                    p->k.v.spot[first].name));
}

/* The array is one sample, and Keras reads its first axis as samples. */
static void one_sample(pass *p)
{
    const kt_look *k = &p->k;
    kt_shape       x = k->s->n_x == 1 ? k->s->x[0].t->shape : (kt_shape){.rank = -1};

    if (k->declared.rank < 2 || x.rank != k->declared.rank || !kt_shape_fits(&x, &k->declared))
        return;
    if (k->targets && k->y_rows == k->rows)
        warn(p, "batch_in_input_shape",
             kt_say(k, "the declared shape %s is that of the whole array, samples included",
                    kt_shown(k, &k->declared)));
    else
        warn(p, "batch_axis_missing",
             kt_say(k, "x has the shape of one sample, %s: it is read as %lld samples",
                    kt_shown(k, &k->declared), (long long)k->rows));
}

static void ignored_size(pass *p)
{
    const kt_look *k = &p->k;

    if (k->v.sequential && k->s->n_x == 1 && k->data.rank == k->declared.rank && kt_conflict(k))
        warn(p, "declared_size_ignored",
             kt_say(
                 k,
                 "samples of %s are declared and samples of %s given: the model takes them all the "
                 "same",
                 kt_shown(k, &k->declared), kt_shown(k, &k->data)));
}

/* Conv2D(n, 3, 3), several in a row. One alone may be a patch embedding, even kernels too. */
static void strides(pass *p)
{
    int row = 0;

    for (int i = 0; i < p->k.v.n; i++) {
        const kt_spot *s = &p->k.v.spot[i];
        int64_t        kernel[3], step[3];
        if (s->role != KT_IS_CONV)
            continue;
        int  n = s->rank > 0 && s->rank < 4 ? s->rank : 0;
        bool trap = n >= 2 && kt_field_ints(s, "kernel_size", n, kernel) == n &&
                    kt_field_ints(s, "strides", n, step) == n && kernel[0] >= 3 &&
                    kernel[0] % 2 == 1;
        for (int a = 0; trap && a < n; a++)
            trap = kernel[a] == step[a] && kernel[a] == kernel[0];
        row = trap ? row + 1 : 0;
        if (row == 2)
            warn(p, "strides_trap",
                 kt_say(&p->k,
                        "strides of %lld like the kernel in several convolutions: was the third "
                        "number meant as the kernel's width?",
                        (long long)step[0]));
    }
}

/* --- losses and splits ------------------------------------------------------------------------ */

static void missing_loss(pass *p)
{
    const kt_look *k = &p->k;

    if (k->end.n_out < 2 || kt_is_none(kt_scene_compiled(k->s, "loss")))
        return;
    for (int i = 0; i < k->end.n_out; i++)
        if (kt_is_none(kt_output_loss(k->s, &k->v, i)))
            warn(p, "output_without_loss",
                 kt_say(k, "output %d has no loss: nothing trains it", i));
}

static int64_t class_at(const kt_tensor *y, int64_t row, int64_t width)
{
    int64_t best = 0;

    if (width == 1)
        return (int64_t)kt_tensor_get(y, row);
    for (int64_t c = 1; c < width; c++)
        if (kt_tensor_get(y, row * width + c) > kt_tensor_get(y, row * width + best))
            best = c;
    return best;
}

/* The last rows hold classes that training never sees: the data are sorted. */
static void cut_off(pass *p)
{
    const kt_look *k = &p->k;
    kt_tensor     *y = k->targets && k->s->n_y == 1 ? k->s->y[0].t : NULL;
    bool           seen[1024] = {false};

    if (!(k->s->p->split > 0) || k->s->p->split >= 1 || !y || k->y.rank > 1 || k->classes < 2 ||
        k->classes > 1024 || !k->yf->whole)
        return;
    int64_t rows = kt_dim(&y->shape, 0), width = rows ? y->count / rows : 1;
    int64_t at = (int64_t)floor((double)rows * (1 - k->s->p->split));
    for (int64_t i = 0; i < rows; i++) {
        int64_t c = class_at(y, i, width);
        if (c < 0 || c >= 1024)
            return;
        if (i < at) {
            seen[c] = true;
        } else if (!seen[c]) {
            warn(p, "split_classes",
                 kt_say(k,
                        "class %lld occurs only in the last rows, which validation_split cuts off: "
                        "shuffle the data first",
                        (long long)c));
            return;
        }
    }
}

int kt_warn(const kt_scene *s, kt_warning_report *out, int max)
{
    pass       p = {.out = out, .max = max};
    kt_outcome end = kt_try(s);

    p.k = kt_look_at(s, &end);
    for (int i = 0; p.k.targets && i < s->n_y && i < end.n_out; i++) {
        pair q;
        if (!make_pair(&p.k, i, &q))
            continue;
        broadcasting(&p, &q);
        by_chance(&p, &q);
        one_unit(&p, &q);
        activation(&p, &q);
        labels(&p, &q);
        metric(&p, &q);
    }
    word_numbers(&p);
    one_sample(&p);
    ignored_size(&p);
    strides(&p);
    missing_loss(&p);
    cut_off(&p);
    return p.n;
}
