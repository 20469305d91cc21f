/* rearrange.c - Rearrange: axes by their names, "b (h k) w -> b h (k w)". */
#include "nn/tracing/operation.h"
#include "ops/ops.h"

#include <ctype.h>
#include <string.h>

/* One side of a pattern: the names in order, and which axis each belongs to. */
typedef struct side {
    int         n_names, n_axes;
    const char *name[KT_MAX_RANK];
    size_t      length[KT_MAX_RANK];
    int         axis[KT_MAX_RANK];
    int64_t     size[KT_MAX_RANK]; /* of each name */
} side;

static bool is_end(char c)
{
    return c == '\0' || c == '(' || c == ')' || isspace((unsigned char)c);
}

/* Reads up to `end`; false where it is no list of names and groups of them. */
static bool read_side(const char *at, const char *end, side *out)
{
    bool open = false;

    while (at < end) {
        size_t n = 0;
        if (*at == '(' || *at == ')') {
            if (open == (*at == '('))
                return false;
            open = !open;
            out->n_axes += *at++ == ')';
            continue;
        }
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        while (at + n < end && !is_end(at[n]))
            n++;
        if (out->n_names == KT_MAX_RANK || out->n_axes == KT_MAX_RANK)
            return false;
        out->name[out->n_names] = at;
        out->length[out->n_names] = n;
        out->axis[out->n_names++] = out->n_axes;
        out->n_axes += !open;
        at += n;
    }
    return !open;
}

static int place_of(const side *s, const side *of, int i)
{
    for (int k = 0; k < s->n_names; k++)
        if (s->length[k] == of->length[i] && strncmp(s->name[k], of->name[i], s->length[k]) == 0)
            return k;
    return -1;
}

/* The size that the call gives to a name; KT_UNKNOWN: none. */
static int64_t given_size(const kt_call *c, const side *s, int i)
{
    for (size_t k = 0; c->kwargs && k < c->kwargs->n; k++)
        if (strlen(c->kwargs->keys[k]) == s->length[i] &&
            strncmp(c->kwargs->keys[k], s->name[i], s->length[i]) == 0 &&
            kt_is_int(c->kwargs->items[k]))
            return c->kwargs->items[k]->i;
    return KT_UNKNOWN;
}

static bool is_grouped(const side *s, int i)
{
    int n = 0;

    for (int k = 0; k < s->n_names; k++)
        n += s->axis[k] == s->axis[i];
    return n > 1;
}

/* The sizes of the names of one axis; one that is not given follows from the others. False where
 * they do not make up the axis. */
static bool split_axis(const kt_call *c, side *s, int axis, int64_t size)
{
    int     first = 0, n = 0, open = -1;
    int64_t product = 1;

    while (first < s->n_names && s->axis[first] < axis)
        first++;
    while (first + n < s->n_names && s->axis[first + n] == axis)
        n++;
    for (int i = first; i < first + n; i++) {
        s->size[i] = n == 1 ? size : given_size(c, s, i);
        if (s->size[i] == KT_UNKNOWN && n > 1) {
            if (open >= 0)
                return false;
            open = i;
        } else if (n > 1) {
            if (s->size[i] < 1 || s->size[i] > INT32_MAX || product > INT32_MAX)
                return false;
            product *= s->size[i];
        }
    }
    if (n <= 1 || size == KT_UNKNOWN)
        return n == 1 || (n > 1 && open >= 0);
    if (open >= 0)
        s->size[open] = size / product;
    return open >= 0 ? size % product == 0 : size == product;
}

static kt_node *refused(kt_layer *self, kt_call *c, const char *pattern, const kt_node *x)
{
    return kt_call_fail(self, c, KT_E_VALUE,
                        "Layer '%s': the pattern '%s' does not fit a tensor of shape %s",
                        self->name, pattern, kt_shape_text(&c->g->arena, &x->shape));
}

static kt_shape sizes_of(const side *s)
{
    kt_shape out = {.rank = s->n_names};

    for (int i = 0; i < s->n_names; i++)
        out.dim[i] = s->size[i];
    return out;
}

static kt_shape joined(const side *s)
{
    kt_shape out = {.rank = s->n_axes};

    for (int i = 0; i < s->n_axes; i++)
        out.dim[i] = 1;
    for (int i = 0; i < s->n_names; i++) {
        int64_t *dim = &out.dim[s->axis[i]];
        *dim = *dim == KT_UNKNOWN || s->size[i] == KT_UNKNOWN ? KT_UNKNOWN : *dim * s->size[i];
    }
    return out;
}

/* The sides of the pattern, and where each name of the result is in the tensor; axes behind those
 * of the pattern are not looked at. */
static bool match(const kt_call *c, const char *pattern, const kt_shape *x, side *from, side *to,
                  int *perm)
{
    const char *arrow = pattern ? strstr(pattern, "->") : NULL;
    bool        good = arrow && read_side(pattern, arrow, from) &&
                read_side(arrow + 2, arrow + strlen(arrow), to) && from->n_axes <= x->rank &&
                from->n_names == to->n_names;

    for (int i = 0; good && i < from->n_axes; i++)
        good = split_axis(c, from, i, x->dim[i]);
    for (int i = 0; good && i < to->n_names; i++) {
        perm[i] = place_of(from, to, i);
        good = perm[i] >= 0;
        for (int k = 0; good && k < i; k++)
            good = perm[k] != perm[i];
        to->size[i] = good ? from->size[perm[i]] : 0;
    }
    return good;
}

static void rearrange(kt_layer *self, kt_call *c)
{
    kt_node    *x = kt_tensor_of(self, c, 0);
    const char *pattern = kt_value_text(kt_argument(self, c, 1));
    side        from = {0}, to = {0};
    int         perm[KT_MAX_RANK];

    c->out[0] = c->g->poison;
    if (kt_graph_failed(c->g))
        return;
    bool good = match(c, pattern, &x->shape, &from, &to, perm) && from.n_axes == x->shape.rank;
    if (!good) {
        c->out[0] = refused(self, c, pattern ? pattern : "None", x);
        return;
    }
    x = kt_transpose(c->g, kt_reshape(c->g, x, sizes_of(&from)), perm);
    c->out[0] = kt_reshape(c->g, x, joined(&to));
}

/* Keras multiplies sizes, so it needs them all. */
static int infer(kt_layer *self, kt_call *c, kt_result *out)
{
    const char *pattern = kt_value_text(kt_argument(self, c, 1));
    kt_shape    s;
    side        from = {0}, to = {0};
    int         perm[KT_MAX_RANK];

    kt_argument_shapes(self, c, 1, &s);
    if (!match(c, pattern, &s, &from, &to, perm))
        return 0;
    for (int i = 0; i < from.n_names; i++) {
        int64_t all = s.dim[from.axis[i]];
        if (all == KT_UNKNOWN && given_size(c, &from, i) == KT_UNKNOWN && is_grouped(&from, i))
            return kt_no_operand(self, c, "//", all, 1);
    }
    for (int i = 0; i < to.n_names; i++)
        if (to.size[i] == KT_UNKNOWN)
            return kt_no_operand(self, c, "*=", 1, KT_UNKNOWN);
    return kt_infers(out, joined(&to));
}

#define ROWS(F) F(Rearrange, einops, &kt_no_config, "tensor pattern", rearrange, 0, .infer = infer)
KT_OPERATIONS(rearrange, ROWS);
