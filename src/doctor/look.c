/* look.c - a failed scene looked at from all sides: the facts that remedies are proposed from. */
#include "doctor/remedy.h"

static const kt_shape unknown = {.rank = -1};
static const kt_form  nothing = {.known = false};

static kt_shape inner(const kt_shape *s)
{
    return s->rank > 0 ? kt_shape_slice(s, 1, s->rank) : unknown;
}

static int64_t rows(const kt_item *items, int n)
{
    return n > 0 && items[0].t->shape.rank > 0 ? items[0].t->shape.dim[0] : 0;
}

/* Class numbers, or one-hot rows; under a loss of regression a number is a number. */
static int64_t classes_of(const kt_look *k)
{
    const kt_form *f = k->yf;

    if (!f->known || k->loss == KT_LOSS_OTHER || k->loss == KT_LOSS_NONE)
        return f->known && f->one_hot ? kt_dim(&k->y, -1) : 0;
    if (f->one_hot)
        return kt_dim(&k->y, -1);
    return f->whole && f->min >= 0 && f->max < 1e6 ? (int64_t)f->max + 1 : 0;
}

/* The array that an input gets: of its name, else of its place. */
static int item_of(const kt_look *k, int input)
{
    const char *name = k->v.in[input] >= 0 ? k->v.spot[k->v.in[input]].name : NULL;

    for (int i = 0; name && i < k->s->n_x; i++)
        if (kt_streq(k->s->x[i].name, name))
            return i;
    return input < k->s->n_x ? input : 0;
}

/* The first whose declared shape and array disagree, else the first. */
static void choose_input(kt_look *k)
{
    for (int i = 0; k->s->n_x > 1 && k->s->n_x == k->v.n_in && i < k->v.n_in; i++) {
        kt_look one = *k;
        one.declared = k->v.declared[i] ? inner(&k->v.shape[i]) : unknown;
        one.data = inner(&k->s->x[item_of(k, i)].t->shape);
        if (kt_conflict(&one)) {
            k->input = i;
            k->item = item_of(k, i);
            return;
        }
    }
    k->item = k->v.n_in ? item_of(k, 0) : 0;
}

static int target_of(const kt_look *k, int output)
{
    const char *name = output < k->v.n_out ? k->v.spot[k->v.out[output]].name : NULL;

    for (int i = 0; name && i < k->s->n_y; i++)
        if (kt_streq(k->s->y[i].name, name))
            return i;
    return output < k->s->n_y ? output : 0;
}

/* Do target and output not go together under this loss? A first look only. */
static bool misfit(const kt_look *k, int output, const kt_item *y)
{
    bool         logits;
    kt_loss_kind loss = kt_loss_of(kt_output_loss(k->s, &k->v, output), &logits);
    kt_shape     a = inner(&k->end.out[output]), b = inner(&y->t->shape);

    if (loss == KT_LOSS_NONE)
        return false;
    if (loss != KT_LOSS_SPARSE)
        return a.rank != b.rank || !kt_shape_fits(&a, &b);
    if (b.rank == a.rank && kt_dim(&b, -1) == 1)
        b.rank--;
    return b.rank != a.rank - 1 || y->form.max >= (double)kt_dim(&a, -1) || y->form.min < 0;
}

/* The first output whose target does not go with it, else the first. */
static void choose_output(kt_look *k)
{
    for (int i = 0; k->end.n_out > 1 && k->s->n_y == k->end.n_out && i < k->end.n_out; i++)
        if (misfit(k, i, &k->s->y[target_of(k, i)])) {
            k->output = i;
            k->target = target_of(k, i);
            return;
        }
    k->target = k->s->n_y ? target_of(k, 0) : 0;
}

/* A layer that shapes alone do not stop, as Keras does not look at a state before it computes. */
static void find_broken(kt_look *k)
{
    const char *name = k->end.stage == KT_AT_FORWARD ? k->end.error.layer : NULL;

    for (int i = 0; name && k->v.broken < 0 && i < k->v.n; i++)
        if (kt_streq(k->v.spot[i].name, name) && k->v.spot[i].reached &&
            k->v.spot[i].role != KT_IS_MODEL && k->v.spot[i].role != KT_IS_INPUT)
            k->v.broken = i;
}

kt_look kt_look_at(const kt_scene *s, const kt_outcome *end)
{
    kt_look k = {.s = s, .end = *end, .data = unknown, .declared = unknown, .out = unknown};

    kt_view_of(s, &k.v);
    find_broken(&k);
    k.y = unknown;
    choose_input(&k);
    k.xf = s->n_x ? &s->x[k.item].form : &nothing;
    choose_output(&k);
    k.yf = s->n_y ? &s->y[k.target].form : &nothing;
    k.loss = kt_loss_of(kt_output_loss(s, &k.v, k.output), &k.from_logits);
    k.rows = s->n_x ? rows(&s->x[k.item], 1) : 0;
    k.y_rows = s->n_y ? rows(&s->y[k.target], 1) : 0;
    if (s->n_x)
        k.data = inner(&s->x[k.item].t->shape);
    if (s->n_y)
        k.y = inner(&s->y[k.target].t->shape);
    if (k.v.n_in && k.v.declared[k.input])
        k.declared = inner(&k.v.shape[k.input]);
    const kt_spot *last = k.v.n_out ? &k.v.spot[k.v.out[k.output]] : NULL;
    int            part = k.v.out_part[k.output];
    if (end->n_out)
        k.out = inner(&end->out[k.output]);
    else if (last && last->reached && !last->failed && part < last->n_out)
        k.out = inner(&last->out[part]);
    k.classes = classes_of(&k);
    k.fresh = !s->p->trained && (s->p->call == KT_DO_FIT || s->p->call == KT_DO_BUILD);
    k.targets = s->n_y > 0 && (s->p->call == KT_DO_FIT || s->p->call == KT_DO_EVALUATE);
    return k;
}
