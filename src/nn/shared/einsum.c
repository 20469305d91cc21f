/* einsum.c - sums of products by the letters of their axes, as matrix products. */
#include "nn/shared/einsum.h"
#include "ops/ops.h"

#include <string.h>

/* A label is a letter, or one of the axes that an ellipsis stands for, counted from the last. */
enum { DOTS = 128, LABELS = DOTS + KT_MAX_RANK };

typedef struct term {
    int     rank;
    uint8_t label[KT_MAX_RANK];
} term;

typedef struct einsum {
    kt_call *c;
    int      n;
    term     in[KT_MAX_IO], out;
    int64_t  size[LABELS]; /* 0: the label does not occur */
} einsum;

static bool has(const term *t, int label)
{
    return memchr(t->label, label, (size_t)t->rank) != NULL;
}

static bool add_label(einsum *e, term *t, int label)
{
    if (t->rank >= KT_MAX_RANK || has(t, label)) {
        kt_raise(e->c->g->fault, KT_E_NOT_IMPLEMENTED,
                 "einsum: a term names at most %d axes, and none of them twice", KT_MAX_RANK);
        return false;
    }
    t->label[t->rank++] = (uint8_t)label;
    return true;
}

static int letters(const char *text, const char *end)
{
    int n = 0;

    for (; text < end; text++)
        n += *text != '.' && *text != ' ';
    return n;
}

/* Reads one term; rank is that of its tensor, -1 for the result, whose ellipsis has `dots` axes. */
static bool read_term(einsum *e, const char *text, const char *end, int rank, int *dots, term *t)
{
    int hidden = rank >= 0 ? rank - letters(text, end) : *dots;

    t->rank = 0;
    for (; text < end; text++) {
        if (strncmp(text, "...", 3) == 0) {
            for (int i = hidden; i-- > 0;)
                if (!add_label(e, t, DOTS + i))
                    return false;
            *dots = hidden > *dots ? hidden : *dots;
            text += 2;
        } else if (*text != ' ' && !add_label(e, t, (uint8_t)*text & (DOTS - 1))) {
            return false;
        }
    }
    if (rank >= 0 && t->rank != rank)
        kt_raise(e->c->g->fault, KT_E_VALUE, "einsum: a term names %d axes of a tensor that has %d",
                 t->rank, rank);
    return rank < 0 || t->rank == rank;
}

static bool read_terms(einsum *e, const char *text, kt_node *const *x)
{
    const char *arrow = strstr(text, "->"), *stop = arrow ? arrow : text + strlen(text);
    int         dots = 0, i = 0;

    for (const char *at = text; at <= stop; i++) {
        const char *end = memchr(at, ',', (size_t)(stop - at));
        end = end ? end : stop;
        if (i >= e->n || !read_term(e, at, end, x[i]->shape.rank, &dots, &e->in[i]))
            break;
        at = end + 1;
    }
    if (i != e->n) {
        kt_raise(e->c->g->fault, KT_E_VALUE,
                 "einsum: '%s' does not describe the %d tensors that it is given", text, e->n);
        return false;
    }
    if (arrow)
        return read_term(e, arrow + 2, text + strlen(text), -1, &dots, &e->out);
    for (int label = LABELS; label-- > DOTS;)
        if (label - DOTS < dots)
            add_label(e, &e->out, label);
    for (int label = 0; label < DOTS; label++) {
        int times = 0;
        for (i = 0; i < e->n; i++)
            times += has(&e->in[i], label);
        if (times == 1)
            add_label(e, &e->out, label);
    }
    return true;
}

/* The size of every label, unknown where no tensor knows it; 1 gives way to another. */
static bool measure(einsum *e, kt_node *const *x)
{
    for (int i = 0; i < e->n; i++)
        for (int k = 0; k < e->in[i].rank; k++) {
            int64_t *size = &e->size[e->in[i].label[k]], found = x[i]->shape.dim[k];
            if (*size == 0 || *size == 1 || (*size == KT_UNKNOWN && found != 1)) {
                *size = found;
            } else if (found != *size && found != 1 && found != KT_UNKNOWN) {
                kt_raise(e->c->g->fault, KT_E_INVALID_ARGUMENT,
                         "einsum: axis %d of input %d has size %lld where another has %lld", k, i,
                         (long long)found, (long long)*size);
                return false;
            }
        }
    for (int k = 0; k < e->out.rank; k++)
        if (e->size[e->out.label[k]] == 0) {
            kt_raise(e->c->g->fault, KT_E_VALUE,
                     "einsum: the result names an axis that no input has");
            return false;
        }
    return true;
}

/* --- computing --- */

/* Takes out the axes that nothing else needs: sums, or drops those of 1. */
static kt_node *sum_out(einsum *e, kt_node *x, term *t, bool (*keep)(const einsum *, int, int),
                        int upto)
{
    unsigned axes = 0;
    term     left = {.rank = 0};

    for (int k = 0; k < t->rank; k++) {
        bool spread = x->shape.dim[k] == 1 && e->size[t->label[k]] != 1;
        if (!spread && keep(e, t->label[k], upto))
            left.label[left.rank++] = t->label[k];
        else
            axes |= 1u << k;
    }
    *t = left;
    return axes ? kt_reduce(e->c->g, KT_RE_SUM, x, axes, false) : x;
}

static bool in_output(const einsum *e, int label, int upto)
{
    (void)upto;
    return has(&e->out, label);
}

/* In the result, or in a term from `upto` on. */
static bool needed(const einsum *e, int label, int upto)
{
    for (int i = upto; i < e->n; i++)
        if (has(&e->in[i], label))
            return true;
    return has(&e->out, label);
}

/* The axes of a term in three groups: in both and kept, its own, summed. */
typedef struct groups {
    term group[3];
} groups;

static groups group_of(const einsum *e, const term *t, const term *other, int upto)
{
    groups g = {.group = {{.rank = 0}}};

    for (int k = 0; k < t->rank; k++) {
        int   label = t->label[k];
        term *to = &g.group[!has(other, label) ? 1 : needed(e, label, upto) ? 0 : 2];
        to->label[to->rank++] = (uint8_t)label;
    }
    return g;
}

static int place(const term *t, int label)
{
    for (int k = 0; k < t->rank; k++)
        if (t->label[k] == label)
            return k;
    return 0;
}

static int64_t product(const einsum *e, const term *t)
{
    int64_t n = 1;

    for (int k = 0; k < t->rank; k++)
        n *= e->size[t->label[k]];
    return n;
}

/* x, whose axes are t, as [first, second, third] of three groups of labels. */
static kt_node *arranged(einsum *e, kt_node *x, const term *t, const term *const group[3])
{
    int perm[KT_MAX_RANK], n = 0;

    for (int i = 0; i < 3; i++)
        for (int k = 0; k < group[i]->rank; k++)
            perm[n++] = place(t, group[i]->label[k]);
    return kt_reshape(e->c->g, kt_transpose(e->c->g, x, perm),
                      KT_SHAPE(product(e, group[0]), product(e, group[1]), product(e, group[2])));
}

static void append(term *to, const term *t, const einsum *e, kt_shape *shape)
{
    for (int k = 0; k < t->rank; k++) {
        to->label[to->rank++] = t->label[k];
        shape->dim[shape->rank++] = e->size[t->label[k]];
    }
}

/* a . b over the labels that only these two have; *ta becomes the result's. */
static kt_node *contract(einsum *e, kt_node *a, term *ta, kt_node *b, const term *tb, int upto)
{
    groups      ga = group_of(e, ta, tb, upto), gb = group_of(e, tb, ta, upto);
    const term *both = &ga.group[0], *summed = &ga.group[2];
    kt_shape    shape = {.rank = 0};
    term        t = {.rank = 0};

    if (both->rank + ga.group[1].rank + gb.group[1].rank > KT_MAX_RANK) {
        kt_raise(e->c->g->fault, KT_E_NOT_IMPLEMENTED, "einsum: a product has more than %d axes",
                 KT_MAX_RANK);
        return e->c->g->poison;
    }
    a = arranged(e, a, ta, (const term *const[]){both, &ga.group[1], summed});
    b = arranged(e, b, tb, (const term *const[]){both, summed, &gb.group[1]});
    append(&t, both, e, &shape);
    append(&t, &ga.group[1], e, &shape);
    append(&t, &gb.group[1], e, &shape);
    *ta = t;
    return kt_reshape(e->c->g, kt_matmul(e->c->g, a, b, false, false), shape);
}

static kt_node *compute(einsum *e, kt_node *const *x)
{
    term     t = e->in[0];
    kt_node *y = sum_out(e, x[0], &t, needed, 1);
    int      perm[KT_MAX_RANK];

    for (int i = 1; i < e->n && !kt_graph_failed(e->c->g); i++) {
        term     other = e->in[i];
        kt_node *z = x[i];
        /* what the product so far shares with this term must survive until they meet */
        z = sum_out(e, z, &other, needed, 0);
        y = contract(e, y, &t, z, &other, i + 1);
    }
    y = sum_out(e, y, &t, in_output, 0);
    for (int k = 0; k < t.rank && k < e->out.rank; k++)
        perm[k] = place(&t, e->out.label[k]);
    return kt_graph_failed(e->c->g) ? e->c->g->poison : kt_transpose(e->c->g, y, perm);
}

kt_node *kt_einsum(kt_call *c, const char *subscripts, int n, kt_node *const *x)
{
    einsum  *e = n <= KT_MAX_IO ? kt_arena_alloc(&c->g->arena, sizeof *e) : NULL;
    kt_shape shape = {.rank = 0};
    bool     known = true;

    if (!e) {
        kt_raise_memory(c->g->fault);
        return c->g->poison;
    }
    *e = (einsum){.c = c, .n = n};
    if (kt_graph_failed(c->g) || !read_terms(e, subscripts, x) || !measure(e, x))
        return c->g->poison;
    for (int i = 0; i < n; i++)
        known = known && kt_shape_known(&x[i]->shape);
    for (int k = 0; k < e->out.rank; k++)
        shape.dim[shape.rank++] = e->size[e->out.label[k]];
    /* with a size that is not known yet, only the shape is asked for */
    return known ? compute(e, x) : kt_placeholder(c->g, "", x[0]->dtype, shape);
}
