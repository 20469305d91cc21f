/* call.c - calling a layer, as Keras' Layer.__call__ does it. */
#include <string.h>

#include "nn/tracing/operation.h"

/* --- input_spec ------------------------------------------------------------------------------- */

typedef struct checking {
    kt_layer            *l;
    kt_call             *c;
    int                  i; /* which input */
    const kt_input_spec *spec;
    const kt_shape      *shape;
} checking;

/* "Input 0 with name 'None' of layer 'dense' is incompatible with the layer: ..." and the facts. */
static kt_status incompatible(const checking *k, int axis, int64_t want, int64_t got,
                              const char *fmt, ...) KT_PRINTF(5, 6);
static kt_status incompatible(const checking *k, int axis, int64_t want, int64_t got,
                              const char *fmt, ...)
{
    kt_fault *f = k->c->g->fault;
    kt_str    text = {0};
    va_list   ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_raise(f, KT_E_VALUE,
             "Input %d with name '%s' of layer '%s' is incompatible with the layer: %s", k->i,
             k->spec->name ? k->spec->name : "None", k->l->name, kt_str_text(&text));
    kt_fault_axis(f, k->i, axis, want, got);
    kt_str_free(&text);
    return f->e.status;
}

static kt_status check_rank(const checking *k)
{
    const kt_input_spec *s = k->spec;
    int                  rank = k->shape->rank;
    const char          *full = kt_shape_text(&k->c->g->arena, k->shape);

    if (s->ndim && !s->allow_last_axis_squeeze && rank != s->ndim)
        return incompatible(k, -1, s->ndim, rank,
                            "expected ndim=%d, found ndim=%d. Full shape received: %s", s->ndim,
                            rank, full);
    if (s->max_ndim && rank > s->max_ndim)
        return incompatible(k, -1, s->max_ndim, rank, "expected max_ndim=%d, found ndim=%d",
                            s->max_ndim, rank);
    if (s->min_ndim && rank < s->min_ndim)
        return incompatible(k, -1, s->min_ndim, rank,
                            "expected min_ndim=%d, found ndim=%d. Full shape received: %s",
                            s->min_ndim, rank, full);
    return KT_OK;
}

static kt_status check_axes(const checking *k)
{
    for (int i = 0; i < k->spec->n_axes; i++) {
        int     axis = k->spec->axes[i].axis;
        int64_t want = k->spec->axes[i].value, got = kt_dim(k->shape, axis);

        if (kt_axis(k->shape, axis) < 0)
            return kt_raise(k->c->g->fault, KT_E_INDEX, "tuple index out of range");
        if (want != KT_UNKNOWN && got != KT_UNKNOWN && want != got)
            return incompatible(
                k, kt_axis(k->shape, axis), want, got,
                "expected axis %d of input shape to have value %lld, but received input with shape %s",
                axis, (long long)want, kt_shape_text(&k->c->g->arena, k->shape));
    }
    return KT_OK;
}

static void drop_last_one(kt_shape *s)
{
    if (s->rank > 0 && s->dim[s->rank - 1] == 1)
        s->rank--;
}

static kt_status check_shape(const checking *k)
{
    kt_shape want = k->spec->shape, got = *k->shape;

    if (!k->spec->has_shape)
        return KT_OK;
    if (k->spec->allow_last_axis_squeeze) {
        drop_last_one(&want);
        drop_last_one(&got);
    }
    for (int i = 0; i < want.rank && i < got.rank; i++)
        if (want.dim[i] != KT_UNKNOWN && got.dim[i] != KT_UNKNOWN && want.dim[i] != got.dim[i])
            return incompatible(k, i, want.dim[i], got.dim[i], "expected shape=%s, found shape=%s",
                                kt_shape_text(&k->c->g->arena, &k->spec->shape),
                                kt_shape_text(&k->c->g->arena, &got));
    return KT_OK;
}

/* As Python prints a list of tensors. */
static void list_inputs(kt_str *out, const kt_call *c)
{
    for (int i = 0; i < c->n_in; i++) {
        kt_str_add(out, i ? ", " : "[");
        kt_str_printf(out, c->t->eager ? "<tf.Tensor: shape=" : "<KerasTensor shape=");
        kt_shape_print(out, &c->in[i]->shape);
        kt_str_printf(out, ", dtype=%s%s>", kt_dtype_name(c->in[i]->dtype),
                      c->t->eager ? "" : ", sparse=False, ragged=False, name=keras_tensor");
    }
    kt_str_add(out, "]");
}

static kt_status wrong_count(kt_layer *l, kt_call *c)
{
    kt_str names = {0};
    bool   named = true;

    for (int i = 0; i < l->n_spec; i++) {
        named = named && l->spec[i].name;
        kt_str_printf(&names, "%s'%s'", i ? ", " : "", l->spec[i].name ? l->spec[i].name : "None");
    }
    if (named) {
        kt_str keys = {0};
        for (int i = 0; i < l->n_spec; i++)
            kt_str_printf(&keys, "%s'%s': ...", i ? ", " : "", l->spec[i].name);
        kt_raise(
            c->g->fault, KT_E_VALUE,
            "Layer \"%s\" expects %d named input(s) with keys [%s], but it received %d input tensors. Pass inputs as a "
            "dict, e.g. `layer({%s})`.",
            l->name, l->n_spec, kt_str_text(&names), c->n_in, kt_str_text(&keys));
        kt_str_free(&keys);
    } else {
        kt_str inputs = {0};
        list_inputs(&inputs, c);
        kt_raise(
            c->g->fault, KT_E_VALUE,
            "Layer \"%s\" expects %d input(s), but it received %d input tensors. Inputs received: %s",
            l->name, l->n_spec, c->n_in, kt_str_text(&inputs));
        kt_str_free(&inputs);
    }
    kt_str_free(&names);
    return c->g->fault->e.status;
}

kt_status kt_check_inputs(kt_layer *l, kt_call *c)
{
    if (l->n_spec == 0)
        return KT_OK;
    if (c->n_in != l->n_spec && (c->list || c->n_in < l->n_spec))
        return wrong_count(l, c);
    for (int i = 0; i < l->n_spec; i++) {
        checking  k = {l, c, i, &l->spec[i], &c->in[i]->shape};
        kt_status s = check_rank(&k);

        if (s == KT_OK)
            s = check_axes(&k);
        if (s == KT_OK)
            s = check_shape(&k);
        if (s != KT_OK)
            return s;
    }
    return KT_OK;
}

/* --- the call --------------------------------------------------------------------------------- */

static void cast_inputs(kt_layer *l, kt_call *c)
{
    if (l->type->flags & KT_LAYER_NO_CAST)
        return;
    for (int i = 0; i < c->n_in; i++)
        if (kt_dtype_is_float(c->in[i]->dtype))
            c->in[i] = kt_cast(c->g, c->in[i], l->dtype);
}

static kt_status build_once(kt_layer *l, kt_call *c)
{
    kt_shape in[8];

    if (l->built)
        return kt_layer_status(l);
    return kt_layer_build(l, kt_build_inputs(l, c, in, (int)KT_COUNT(in)), in);
}

bool kt_counts_as_built(const kt_layer *l)
{
    return l->built || (l->type->flags & KT_LAYER_READY);
}

kt_status kt_layer_build(kt_layer *l, int n, const kt_shape *in)
{
    if (l->built || kt_layer_status(l) != KT_OK)
        return kt_layer_status(l);
    l->n_build = n < (int)KT_COUNT(l->build_shape) ? n : (int)KT_COUNT(l->build_shape);
    memcpy(l->build_shape, in, (size_t)l->n_build * sizeof *in);
    if (l->type->build && l->type->build(l, n, in) != KT_OK)
        return kt_layer_status(l);
    l->built = true;
    return kt_layer_status(l);
}

/* The mask goes through layers that support masking; others drop it. */
static void pass_mask(kt_layer *l, kt_call *c)
{
    if (!(l->type->flags & KT_LAYER_MASKING))
        return;
    for (int i = 0; i < c->n_out && i < c->n_in; i++)
        if (!c->out_mask[i])
            c->out_mask[i] = c->mask ? c->mask[i] : NULL;
}

static void regularize_activity(kt_layer *l, kt_call *c)
{
    if (!l->activity_regularizer || c->bare)
        return;
    for (int i = 0; i < c->n_out; i++) {
        kt_node *y = c->out[i], *p = kt_penalty(c->g, l->activity_regularizer, y, &c->g->arena);
        if (p && y->shape.rank > 0 && y->shape.dim[0] > 0) /* Keras takes the mean over the batch */
            p = kt_div(c->g, p, kt_scalar_as(c->g, (double)y->shape.dim[0], p->dtype));
        if (p)
            kt_add_loss(c, p);
    }
}

static void note_row(kt_layer *l, kt_call *c)
{
    bool    alone = c->t->depth == 0 && !(l->type->flags & KT_LAYER_CONTAINER);
    bool    placed = c->t->inner == 0 && (c->t->depth == 1 || alone);
    kt_row *r = placed ? kt_arena_alloc(&c->g->arena, sizeof *r) : NULL;

    if (!r)
        return;
    r->layer = l;
    r->failed = kt_graph_failed(c->g);
    for (int i = 0; i < c->n_in && i < KT_MAX_PARTS; i++)
        r->in[r->n_in++] = c->in[i]->shape;
    for (int i = 0; !r->failed && i < c->n_out && i < KT_MAX_PARTS; i++)
        r->out[r->n_out++] = c->out[i]->shape;
    if (!kt_vec_push(&c->t->rows, r))
        kt_raise_memory(c->g->fault);
}

/* The first layer on the way up that the user placed gets the blame; inner ones only add to the
 * path. */
static void blame(kt_layer *l, kt_call *c)
{
    kt_fault *f = c->g->fault;

    kt_fault_path(f, c->g->scope);
    if (c->t->inner == 0)
        kt_fault_layer(f, l->name);
    if (l->text)
        kt_fault_site(f, l->file, l->line, l->text);
}

/* What numbers without a dtype become inside of the layer. The policy of a container counts for
 * nothing, as in Keras. */
static kt_dtype inner_floatx(const kt_layer *l, const kt_call *c)
{
    kt_dtype mine = l->dtype;

    if (l->type->flags & KT_LAYER_OPERATION) /* as its first input */
        mine = c->n_in > 0 && c->in[0] ? c->in[0]->dtype : KT_F32;
    else if (l->type->flags & KT_LAYER_CONTAINER)
        mine = KT_F32;
    if (kt_dtype_is_half(mine))
        return l->type->flags & KT_LAYER_WIDE ? KT_F32 : mine;
    return kt_dtype_is_half(c->g->floatx) ? KT_F32 : c->g->floatx;
}

/* Of a layer that does not compute in its policy's 16 bits: floats among nodes to another dtype. */
static void recast(kt_layer *l, kt_call *c, kt_node **nodes, int n, kt_dtype to)
{
    for (int i = 0; i < n && (l->type->flags & KT_LAYER_WIDE) && kt_dtype_is_half(l->dtype); i++)
        if (kt_dtype_is_float(nodes[i]->dtype))
            nodes[i] = kt_cast(c->g, nodes[i], to);
}

static void run_call(kt_layer *l, kt_call *c)
{
    bool     container = (l->type->flags & KT_LAYER_CONTAINER) != 0;
    kt_dtype floatx = c->g->floatx;

    c->n_out = 1;
    if (container)
        c->t->depth++;
    else
        c->t->inner++;
    c->g->floatx = inner_floatx(l, c);
    recast(l, c, c->in, c->n_in, KT_F32);
    if (l->type->infer && !c->t->eager)
        kt_call_inferred(l, c);
    else if (l->type->call1)
        c->out[0] = l->type->call1(l, c, c->in[0]);
    else
        l->type->call(l, c);
    recast(l, c, c->out, c->n_out, l->dtype);
    c->g->floatx = floatx;
    if (container)
        c->t->depth--;
    else
        c->t->inner--;
}

/* Plans have sizes that are known: nothing can be computed of what is as long as the data say. */
static void check_lengths(const kt_layer *l, kt_call *c)
{
    for (int i = 0; i < c->n_in; i++)
        if (c->in[i]->length)
            kt_raise(c->g->fault, KT_E_NOT_IMPLEMENTED,
                     "Layer '%s': a tensor whose size depends on the data can only be an output of "
                     "the model",
                     l->name);
}

/* Shapes alone follow from a policy of texts or complex numbers. */
static kt_status refuse_numbers(const kt_layer *l, kt_call *c)
{
    return l->unnumbered && c->t->eager ? kt_raise_no_cast(c->g->fault, KT_F32, KT_STRING) : KT_OK;
}

/* An argument that the constructor let pass is refused where it would be computed with. */
static kt_status refuse_odd(const kt_layer *l, kt_call *c)
{
    kt_str text = {0};

    if (!l->odd || !c->t->eager)
        return KT_OK;
    kt_python_str(&text, l->odd->items[0]);
    kt_raise(c->g->fault, KT_E_TYPE, "Layer '%s': `%s` must be a number, not %s", l->name,
             l->odd->keys[0], kt_str_text(&text));
    kt_str_free(&text);
    return KT_E_TYPE;
}

kt_status kt_layer_call(kt_layer *l, kt_call *c)
{
    kt_graph *g = c->g;

    c->n_out = 1;
    c->out[0] = g->poison;
    if (kt_graph_failed(g))
        return g->fault->e.status;
    const char *outer = kt_scope_enter(g, l->name);

    kt_fault_copy(g->fault, &l->fault);
    check_lengths(l, c);
    cast_inputs(l, c);
    if (!kt_graph_failed(g) && kt_check_arguments(l, c) == KT_OK &&
        (c->t->lenient || kt_check_inputs(l, c) == KT_OK) && build_once(l, c) == KT_OK &&
        refuse_odd(l, c) == KT_OK && refuse_numbers(l, c) == KT_OK)
        run_call(l, c);
    kt_fault_copy(g->fault, &l->fault);

    bool failed = kt_graph_failed(g);
    if (failed) {
        blame(l, c);
        c->n_out = 1;
        c->out[0] = g->poison;
    } else {
        pass_mask(l, c);
        regularize_activity(l, c);
    }
    note_row(l, c);
    kt_scope_leave(g, outer);
    return g->fault->e.status;
}

kt_node *kt_layer_call1(kt_layer *l, kt_trace *t, bool training, kt_node *x, kt_node *mask,
                        kt_node **out_mask)
{
    kt_call  *c = kt_arena_alloc(&t->g->arena, sizeof *c);
    kt_node **io = kt_arena_alloc(&t->g->arena, 2 * sizeof *io);

    if (!c || !io) {
        kt_raise_memory(t->g->fault);
        return t->g->poison;
    }
    io[0] = x;
    io[1] = mask;
    c->t = t;
    c->g = t->g;
    c->training = training;
    c->n_in = 1;
    c->in = io;
    c->mask = io + 1;
    kt_layer_call(l, c);
    if (out_mask)
        *out_mask = c->out_mask[0];
    return c->out[0];
}

kt_node *kt_weight(kt_layer *l, kt_call *c, const char *name)
{
    kt_variable *v = kt_weight_find(l, name);

    if (!v) {
        kt_raise(c->g->fault, KT_E_ATTRIBUTE, "Layer '%s' has no weight '%s'", l->name, name);
        return c->g->poison;
    }
    kt_node *w = kt_read(c->g, v);
    bool     wide = (l->type->flags & KT_LAYER_WIDE) && kt_dtype_is_half(l->dtype);
    if (!kt_dtype_is_float(w->dtype) || (wide && !v->trainable)) /* statistics are never rounded */
        return w;
    w = kt_cast(c->g, w, l->dtype);
    return wide ? kt_cast(c->g, w, KT_F32) : w;
}

kt_node *kt_call_fail(kt_layer *l, kt_call *c, kt_status status, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    kt_raise(c->g->fault, status, "%s", kt_str_text(&text));
    kt_fault_path(c->g->fault, l->name);
    kt_str_free(&text);
    return c->g->poison;
}
