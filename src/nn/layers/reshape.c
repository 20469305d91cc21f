/* reshape.c - Reshape: another shape of the same number of elements per sample. */
#include "nn/layer.h"

#define FIELDS(F)                       \
    F(INTS, target_shape, REQUIRED, "", \
      "Shape of one result, without the batch; -1 once: what is left.")
KT_CONFIG(FIELDS);

/* "(-1, 2)", "(4,)" */
static void print_target(kt_str *out, const kt_ints *t)
{
    kt_str_addc(out, '(');
    for (int i = 0; i < t->n; i++)
        kt_str_printf(out, "%s%lld", i ? ", " : "", (long long)t->v[i]);
    kt_str_add(out, t->n == 1 ? ",)" : ")");
}

static kt_status check(kt_layer *self)
{
    const kt_ints *t = &((const config *)self->config)->target_shape;
    kt_str         text = {0};
    int            unknown = 0;
    bool           bad = false;

    for (int i = 0; i < t->n; i++) {
        unknown += t->v[i] == -1;
        bad = bad || t->v[i] < -1;
    }
    print_target(&text, t);
    if (unknown > 1)
        kt_layer_fail(
            self, KT_E_VALUE,
            "There must be at most one unknown dimension (-1) in `target_shape`. Received: target_shape=%s.",
            kt_str_text(&text));
    else if (bad)
        kt_layer_fail(
            self, KT_E_VALUE,
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single unknown dimension. Received: "
            "target_shape=%s.",
            kt_str_text(&text));
    else if (t->n >= KT_MAX_RANK)
        kt_layer_fail(self, KT_E_VALUE, "Layer '%s': target_shape has more than %d axes",
                      self->name, KT_MAX_RANK - 1);
    kt_str_free(&text);
    return kt_layer_status(self);
}

static kt_node *refuse(kt_layer *self, kt_call *c, const kt_shape *in, const char *words)
{
    kt_str target = {0};

    print_target(&target, &((const config *)self->config)->target_shape);
    kt_call_fail(
        self, c, KT_E_VALUE,
        "The total size of the tensor must be unchanged%s Received: input_shape=%s, target_shape=%s",
        words, kt_shape_text(&c->g->arena, in), kt_str_text(&target));
    kt_str_free(&target);
    return c->g->poison;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const kt_ints *target = &((const config *)self->config)->target_shape;
    kt_shape       in = kt_shape_slice(&x->shape, 1, x->shape.rank), out = {.rank = 1};
    int64_t        have = kt_shape_count(&in), known = 1;
    int            open = -1;

    if (x->shape.rank == 0 && !c->t->eager)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    for (int i = 0; i < target->n; i++) {
        if (target->v[i] == -1)
            open = i;
        else
            known *= target->v[i];
    }
    if (have != KT_UNKNOWN && open < 0 && known != have)
        return refuse(self, c, &in, ".");
    if (have != KT_UNKNOWN && open >= 0 && (known == 0 || have % known != 0))
        return refuse(
            self, c, &in,
            ", however, the input size cannot by divided by the specified dimensions in target_shape.");
    if (x->shape.rank == 0)
        return kt_call_fail(self, c, KT_E_INDEX, "tuple index out of range");
    out.dim[0] = x->shape.dim[0];
    for (int i = 0; i < target->n; i++)
        out.dim[out.rank++] = target->v[i];
    if (open >= 0)
        out.dim[open + 1] = have == KT_UNKNOWN ? KT_UNKNOWN : have / known;
    return kt_reshape_by(c->g, x, out, "target_shape");
}

static const kt_layer_type type = {
    .cls = {.class_name = "Reshape",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Another shape of the same number of elements per sample."},
    .flags = KT_LAYER_READY,
    .check = check,
    .call1 = call,
    .sample = "Reshape((3, 2)); Reshape((-1, 2)); Reshape((4,))",
    .sample_input = "(2, 6); (2, 4, 3); (2, 2, 2)",
};

const kt_layer_type *const kt_layers_reshape[] = {&type, NULL};
