/* text.c - texts and numbers: `text_read` gives the numbers of a layer's words for texts,
 * `text_hash` the bin of a text by its hash, `text_of` the texts of numbers.
 *
 * text_read: [..] -> [..], or listed [.., width] or [.., n] -> [.., width] where n texts are read
 * together. The only ops that know texts; all of them run in their reference kernels, which get
 * texts as pointers and numbers as doubles: those of words and bins fit.
 */
#include "ops/shared.h"

/* --- text_read -------------------------------------------------------------------------------- */

static kt_status wants_texts(kt_op_call *c)
{
    return c->in[0]->dtype == KT_STRING ? KT_OK
                                        : kt_raise_no_cast(c->g->fault, c->in[0]->dtype, KT_STRING);
}

static kt_status read_shape(kt_op_call *c)
{
    const kt_text_attr *a = c->attr;
    int                 rank = c->in[0]->shape.rank - a->taken;

    if (wants_texts(c) != KT_OK)
        return c->g->fault->e.status;
    kt_like(c, 0, 0);
    c->out[0].dtype = KT_I64;
    if (rank < 0 || rank + a->listed > KT_MAX_RANK)
        return kt_op_fail(c, 0, -1, KT_MAX_RANK, rank, "the result has more than %d axes",
                          KT_MAX_RANK);
    c->out[0].shape.rank = rank + a->listed;
    if (a->listed)
        kt_from_field(c, 0, rank, a->width, "output_sequence_length");
    return KT_OK;
}

static void read_reference(const kt_run *r)
{
    const kt_text_attr *a = r->attr;
    const kt_buf       *x = &r->in[0];
    int64_t             n = a->taken ? x->shape.dim[x->shape.rank - 1] : 1;
    int64_t             width = a->listed ? a->width : 1;

    for (int64_t i = 0; width > 0 && i * width < r->out[0].count; i++)
        a->read(a->self, x->text + i * n, n, r->out[0].f64 + i * width, width);
}

/* --- text_hash -------------------------------------------------------------------------------- */

static kt_status hash_shape(kt_op_call *c)
{
    return wants_texts(c) == KT_OK ? kt__bins_shape(c) : c->g->fault->e.status;
}

static void hash_reference(const kt_run *r)
{
    const kt_hash_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++) {
        const kt_text *t = r->in[0].text[i];
        uint64_t       h = a->salted ? kt_siphash64(a->key, kt_text_bytes(t), kt_text_size(t))
                                     : kt_farmhash64(kt_text_bytes(t), kt_text_size(t));
        r->out[0].f64[i] = (double)(h % (uint64_t)a->bins);
    }
}

/* --- text_of ---------------------------------------------------------------------------------- */

static kt_status of_shape(kt_op_call *c)
{
    kt_like(c, 0, 0);
    c->out[0].dtype = KT_STRING;
    return KT_OK;
}

static void of_reference(const kt_run *r)
{
    const kt_text_of_attr *a = r->attr;

    for (int64_t i = 0; i < r->out[0].count; i++)
        r->out[0].text[i] = a->text(a->self, (int64_t)r->in[0].f64[i]);
}

/* --- samples: the letters of the alphabet ----------------------------------------------------- */

static const kt_text *letter(const void *self, int64_t number)
{
    static _Alignas(kt_text) char letters[26][2 * sizeof(kt_text)];
    kt_text                      *t;

    (void)self;
    number = number < 0 ? 0 : number % 26;
    t = (kt_text *)(void *)letters[number];
    t->size = 1;
    t->bytes[0] = (char)('a' + number);
    return t;
}

/* How many there are, and the places of the first ones. */
static void places(const void *self, const kt_text *const *text, int64_t n, double *out,
                   int64_t width)
{
    (void)self;
    for (int64_t i = 0; i < width; i++)
        out[i] = i > n ? 0 : i == 0 ? (double)n : kt_text_bytes(text[i - 1])[0] - 'a';
}

static kt_node *letters(kt_sampler *s)
{
    return kt_text_of(s->g, s->integer(s, KT_SHAPE(s->size(s, 1, 4), s->size(s, 1, 9)), 0, 26),
                      letter, NULL);
}

static kt_node *read_sample(kt_sampler *s, int variant)
{
    kt_text_attr a = {.read = places, .taken = variant, .listed = variant > 0, .width = 3};

    return variant > 1 ? NULL : kt_text_read(s->g, letters(s), &a);
}

static kt_node *hash_sample(kt_sampler *s, int variant)
{
    kt_hash_attr a = {.bins = s->size(s, 1, 50), .salted = variant == 1, .key = {133, 137}};

    return variant > 1 ? NULL : kt_text_hash(s->g, letters(s), &a);
}

static kt_node *of_sample(kt_sampler *s, int variant)
{
    return variant ? NULL : letters(s);
}

static const kt_op_type read_type = {.name = "text_read",
                                     .min_in = 1,
                                     .max_in = 1,
                                     .flags = KT_OP_TEXT,
                                     .shape = read_shape,
                                     .reference = read_reference,
                                     .sample = read_sample,
                                     .no_gradient = 1};
static const kt_op_type hash_type = {.name = "text_hash",
                                     .min_in = 1,
                                     .max_in = 1,
                                     .flags = KT_OP_TEXT,
                                     .shape = hash_shape,
                                     .reference = hash_reference,
                                     .sample = hash_sample,
                                     .no_gradient = 1};
static const kt_op_type of_type = {.name = "text_of",
                                   .min_in = 1,
                                   .max_in = 1,
                                   .shape = of_shape,
                                   .reference = of_reference,
                                   .sample = of_sample,
                                   .no_gradient = 1};

kt_node *kt_text_read(kt_graph *g, kt_node *x, const kt_text_attr *attr)
{
    return kt_emit(g, &read_type, attr, sizeof *attr, 1, &x);
}

kt_node *kt_text_hash(kt_graph *g, kt_node *x, const kt_hash_attr *attr)
{
    return kt_emit(g, &hash_type, attr, sizeof *attr, 1, &x);
}

kt_node *kt_text_of(kt_graph *g, kt_node                                                 *x,
                    const kt_text *(*text)(const void *self, int64_t number), const void *self)
{
    kt_text_of_attr a = {text, self};

    return kt_emit(g, &of_type, &a, sizeof a, 1, (kt_node *[]){kt_cast(g, x, KT_I64)});
}

const kt_op_type *const kt_ops_text[] = {&read_type, &hash_type, &of_type, NULL};
