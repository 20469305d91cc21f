/* texts.c - layers whose results are as long as the texts of a batch say: which inputs they read,
 * and how long that is. A plan knows its sizes, so that this is settled before one is made. */
#include "nn/container.h"

/* --- which inputs they read ------------------------------------------------------------------- */

typedef struct search {
    kt_text_use *out;
    int          n, most;
} search;

/* The model's input whose texts the symbol has, or -1. input: those of the container's inputs. */
static int input_of(const kt_container *c, const int *input, kt_symbol s)
{
    for (int hops = 0; hops < 4000; hops++) { /* through layers that only pass texts on */
        for (int i = 0; i < c->n_in; i++)
            if (c->in[i].layer == s.layer && c->in[i].node == s.node && c->in[i].index == s.index)
                return input[i];
        const kt_inbound *b = s.layer && s.node >= 0 ? s.layer->inbound.at[s.node] : NULL;
        if (!b || b->n_in != 1 || kt_container_of(s.layer) ||
            kt_symbol_result(s)->dtype != KT_STRING)
            return -1;
        s = b->in[0];
    }
    return -1;
}

static void add(search *f, const kt_layer *l, int input)
{
    if (!l->type->text_width || l->type->text_width(l, NULL) == KT_UNKNOWN || input < 0)
        return;
    if (f->n < f->most)
        f->out[f->n] = (kt_text_use){.layer = l, .input = input, .width = KT_UNKNOWN};
    f->n++;
}

static void look(search *f, const kt_container *c, const int *input, int depth)
{
    for (int i = 0; c->ready && depth < 64 && i < c->n_visits; i++) {
        const kt_layer     *l = c->visits[i].layer;
        const kt_inbound   *b = l->inbound.at[c->visits[i].node];
        const kt_container *inner = kt_container_of(l);
        int                 inside[KT_MAX_IO] = {-1};

        if (b->n_in == 0 || (!inner && !l->type->text_width))
            continue;
        for (int k = 0; k < b->n_in && k < KT_MAX_IO; k++)
            inside[k] = input_of(c, input, b->in[k]);
        if (inner && inner->n_in <= b->n_in && inner->n_in <= KT_MAX_IO)
            look(f, inner, inside, depth + 1);
        else if (!inner)
            add(f, l, inside[0]);
    }
}

int kt_text_uses(const kt_layer *root, kt_text_use *out, int most)
{
    const kt_container *c = kt_container_of(root);
    search              f = {out, 0, most};
    int                 input[KT_MAX_IO];

    for (int i = 0; i < KT_MAX_IO; i++)
        input[i] = i;
    if (!c)
        add(&f, root, 0);
    else if (c->n_in <= KT_MAX_IO)
        look(&f, c, input, 0);
    return f.n > most ? -1 : f.n;
}

/* --- how long --------------------------------------------------------------------------------- */

int64_t kt_text_longest(const kt_text_use *use, const kt_tensor *x, const int64_t *rows,
                        int64_t begin, int64_t n)
{
    int64_t all = x->shape.rank > 0 ? x->shape.dim[0] : 0, longest = 0;
    int64_t each = all > 0 ? x->count / all : 0;

    if (x->dtype != KT_STRING || !x->data)
        return KT_UNKNOWN;
    for (int64_t r = 0; r < n; r++)
        for (int64_t i = 0; i < each; i++) {
            static const kt_text empty = {0};
            const kt_text       *t = kt_text_items(x)[(rows ? rows[r] : begin + r) * each + i];
            int64_t              width = use->layer->type->text_width(use->layer, t ? t : &empty);
            longest = width > longest ? width : longest;
        }
    return longest;
}

int64_t kt_text_width(kt_layer *l, kt_call *c, const kt_node *x)
{
    while (x->op->flags & KT_OP_ALIAS)
        x = x->in[0];
    for (int i = 0; i < c->t->n_texts; i++)
        if (c->t->texts[i].layer == l && c->t->texts[i].node == x)
            return c->t->texts[i].width;
    if (x->dtype == KT_STRING) /* else it is no text, which is told in its own words */
        kt_call_fail(l, c, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': texts must come straight from an input of the model; with "
                     "output_sequence_length they may come from anywhere",
                     l->name);
    return KT_UNKNOWN;
}
