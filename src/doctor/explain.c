/* explain.c - what an error text says by itself: one row for each sentence of Keras, TensorFlow and
 * tf.js that people paste. */
#include <string.h>

#include "doctor/explain.h"

const char *kt_put(kt_pasted *p, const char *fmt, ...)
{
    kt_str  text = {0};
    va_list ap;

    va_start(ap, fmt);
    kt_str_vprintf(&text, fmt, ap);
    va_end(ap);
    const char *copy = kt_str_keep(&text, &p->arena);
    return copy ? copy : "";
}

const char *kt_put_shape(kt_pasted *p, const kt_shape *s)
{
    return kt_shape_text(&p->arena, s);
}

/* --- sentences -------------------------------------------------------------------------------- */

static const char *the_layer(kt_pasted *p)
{
    const char *name = kt_read_layer(&p->arena, p->text);

    return *name ? kt_put(p, "layer '%s'", name) : "the layer";
}

static void axis_value(kt_pasted *p, const char *at)
{
    (void)at;

    const char *value = kt_behind(p->text, "to have value ");
    kt_shape    got = kt_read_shape(kt_behind(value, "shape"), NULL), want = got;
    int64_t     size, flat = 1;

    if (!kt_read_number(value, &size))
        return;
    if (got.rank < 1) {
        kt_tell(p, NULL,
                kt_put(p, "%s wants %lld numbers in the last axis", the_layer(p), (long long)size),
                NULL, "which shape was received? The message says it behind these words");
        return;
    }
    want.dim[want.rank - 1] = size;
    for (int i = 1; i < got.rank; i++)
        flat *= got.dim[i];
    if (got.rank > 2 && flat == size)
        want = KT_SHAPE(got.dim[0], size);
    kt_explain_input(p, &want, &got);
    p->e.words = kt_put(p, "%s: %s", the_layer(p), p->e.words);
}

/* "expected X to have shape (784,) but got array with shape (28, 28)": without the batch axis in
 * Keras 2, with it in 1 and tf.js. */
static void checking(kt_pasted *p, const char *at, bool target)
{
    const char *after = NULL;
    kt_shape    want = kt_read_shape(kt_behind(at, "to have shape "), &after),
             got = kt_read_shape(kt_behind(after, "with shape"), NULL);

    if (want.rank < 0 || got.rank < 0)
        return;
    if (want.dim[0] != KT_UNKNOWN) {
        want = kt_put_axis(&want, 0, KT_UNKNOWN);
        got = kt_put_axis(&got, 0, KT_UNKNOWN);
    }
    if (target && want.rank == 2 && want.dim[1] == 1 && kt_dim(&got, -1) > 1)
        kt_tell(p, "labels_vs_loss",
                kt_put(p, "one number for each sample is wanted, the targets have %lld",
                       (long long)kt_dim(&got, -1)),
                "one-hot rows: loss='categorical_crossentropy', or y = np.argmax(y, axis=-1)",
                "is the loss a sparse one? If not, the last layer has one unit: give it as many as "
                "the target has numbers");
    else if (target)
        kt_explain_target(p, &got, &want);
    else
        kt_explain_input(p, &want, &got);
}

static void checking_input(kt_pasted *p, const char *at)
{
    checking(p, at, false);
}

static void checking_dimensions(kt_pasted *p, const char *at)
{
    const char *dims = kt_behind(at, "to have ");
    kt_shape    got = kt_read_shape(kt_behind(at, "with shape"), NULL);
    int64_t     n;

    if (!kt_read_number(dims, &n) || got.rank < 0)
        return;
    p->e.cause = got.rank > n ? "axis_extra" : "axis_missing";
    p->e.words = kt_put(p, "%lld axes are wanted, the array has %d: %s", (long long)n, got.rank,
                        kt_put_shape(p, &got));
    p->e.ask = "what does each axis stand for: samples, steps, height, width, channels?";
}

static void checking_target(kt_pasted *p, const char *at)
{
    if (kt_behind(at, "dimensions, but got"))
        checking_dimensions(p, at);
    else
        checking(p, at, true);
}

/* Two shapes behind these words: wanted and given. */
static void two_inputs(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    want = kt_read_shape(at, &after), got = kt_read_shape(after, NULL);

    kt_explain_input(p, &want, &got);
}

/* target and output */
static void two_targets(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    y = kt_read_shape(at, &after), out = kt_read_shape(after, NULL);

    if (y.rank >= 0 && out.rank >= 0)
        kt_explain_target(p, &y, &out);
}

static void axes(kt_pasted *p, const char *at)
{
    kt_shape    got = kt_read_shape(kt_behind(at, "shape received: "), NULL);
    const char *found = kt_behind(at, "found ndim=");
    int64_t     want, have;

    if (!kt_read_number(at, &want) || !kt_read_number(found, &have))
        return;
    bool fewer = have < want;
    p->e.cause = fewer ? (want == 3 ? NULL : "axis_missing") : "axis_extra";
    p->e.words = kt_put(p, "%s wants %lld axes, the batch included, and gets %lld%s%s",
                        the_layer(p), (long long)want, (long long)have, got.rank >= 0 ? ": " : "",
                        got.rank >= 0 ? kt_put_shape(p, &got) : "");
    if (fewer && want == 3)
        p->e.advice = "behind a recurrent layer: return_sequences=True in it; as the first layer: "
                      "x = x[..., None] or x[:, None, :]";
    else if (fewer)
        p->e.advice = "x = x[..., None] and the same axis in input_shape";
    else
        p->e.advice = "one axis fewer in x or input_shape, or Flatten() before the layer";
    p->e.ask = fewer && want == 3 ? "which layer stands before it?" : NULL;
}

static void one_hot_rows(kt_pasted *p, int64_t k)
{
    kt_tell(p, "labels_vs_loss",
            kt_put(p, "the labels are one-hot rows of %lld, the sparse loss wants numbers",
                   (long long)k),
            "loss='categorical_crossentropy', or y = np.argmax(y, axis=-1)", NULL);
}

static void logits(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    out = kt_read_shape(at, &after), y = kt_read_shape(after, NULL);

    if (out.rank < 1 || y.rank < 1 || y.dim[0] < 1 || out.dim[0] < 1)
        return;
    bool steps = out.dim[0] % y.dim[0] == 0, one_hot = y.dim[0] % out.dim[0] == 0;
    if (one_hot && y.dim[0] / out.dim[0] == kt_dim(&out, -1)) {
        one_hot_rows(p, kt_dim(&out, -1));
    } else if (steps) {
        p->e.cause = "flatten_missing";
        p->e.words = kt_put(p, "the model gives %lld outputs for each of the %lld samples",
                            (long long)(out.dim[0] / y.dim[0]), (long long)y.dim[0]);
        p->e.advice = "insert Flatten() before the first Dense; behind a recurrent layer: "
                      "return_sequences=False";
    }
}

/* "The shape of labels (received (32, 10)) should equal the shape of logits": a sparse loss. */
static void sparse_labels(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    y = kt_read_shape(at, &after), out = kt_read_shape(after, NULL);

    if (y.rank >= 2 && kt_shape_equal(&y, &out))
        one_hot_rows(p, kt_dim(&y, -1));
    else if (y.rank >= 0 && out.rank >= 0)
        kt_explain_target(p, &y, &out);
}

/* "`logits` and `labels` must have the same shape, received ((None, 10) vs (None, 1))" */
static void binary_shapes(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    out = kt_read_shape(at, &after), y = kt_read_shape(after, NULL);

    if (y.rank >= 0 && out.rank >= 0)
        kt_explain_target(p, &y, &out);
}

static void shrinks(kt_pasted *p, const char *at)
{
    (void)at;
    kt_tell(p, "maps_shrink", "the maps are smaller than the kernel or pool by then",
            "padding='same', or one pooling fewer; Conv2D(32, 3, 3) has strides of 3: write "
            "Conv2D(32, (3, 3))",
            "what is input_shape? Channels first for a channels-last model fail like this too");
}

static void branches(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    a = kt_read_shape(at, &after), b = kt_read_shape(after, NULL);

    kt_tell(p, "branch_sizes",
            a.rank >= 0 && b.rank >= 0 ? kt_put(p, "branches of %s and %s are merged",
                                                kt_put_shape(p, &a), kt_put_shape(p, &b))
                                       : "branches of different sizes are merged",
            a.rank != b.rank
                ? "return_sequences=False, Flatten() or pooling on the branch with more axes"
                : "padding='same', equal widths, or an input size that every level divides",
            NULL);
}

static void undefined(kt_pasted *p, const char *at)
{
    (void)at;
    kt_tell(p, "undefined_size", "a layer needs a number where the input shape says None",
            "write the numbers into input_shape, or global pooling instead of Flatten()", NULL);
}

static void squeeze(kt_pasted *p, const char *at)
{
    int64_t got;

    if (kt_read_number(kt_behind(at, "got "), &got))
        kt_tell(p, "labels_vs_loss",
                kt_put(p, "the targets have %lld numbers where one class number is wanted",
                       (long long)got),
                "one-hot rows: loss='categorical_crossentropy'; or y = np.argmax(y, axis=-1)",
                NULL);
}

/* The first row whose words occur counts. */
static const struct {
    const char *words;
    void (*read)(kt_pasted *p, const char *at); /* at: behind the words */
} rows[] = {
    {"expected axis ", axis_value},
    {"Error when checking input: expected", checking_input},
    {"Error when checking model input: expected", checking_input},
    {"Error when checking target: expected", checking_target},
    {"Error when checking model target: expected", checking_target},
    {"A target array with shape", two_targets},
    {"Expected shape ", two_inputs},
    {"expected shape=", two_inputs},
    {"expected min_ndim=", axes},
    {"expected ndim=", axes},
    {"must have the same rank (ndim). Received: target.shape", two_targets},
    {"must have the same shape. Received: target.shape", two_targets},
    {"logits and labels must have the same first dimension", logits},
    {"Received a label value of", kt_tell_label},
    {"indices[", kt_tell_index},
    {"Can not squeeze dim", squeeze},
    {"Negative dimension size", shrinks},
    {"Computed output size would be", shrinks},
    {"Data cardinality is ambiguous", kt_tell_samples},
    {"should have the same number of samples", kt_tell_samples},
    {"total size of the tensor must be unchanged", kt_tell_reshape},
    {"total size of new array must be unchanged", kt_tell_reshape},
    {"cannot reshape array of size", kt_tell_numpy_reshape},
    {"could not broadcast input array from shape", kt_tell_uneven},
    {"setting an array element with a sequence", kt_tell_uneven},
    {"input(s), but it received", kt_tell_number_of_arrays},
    {"is not the size the model expected", kt_tell_number_of_arrays},
    {"arrays, but only received", kt_tell_number_of_arrays},
    {"must have the same shape, received", binary_shapes},
    {"The shape of labels", sparse_labels},
    {"perands could not be broadcast together with shapes", branches},
    {"Matrix size-incompatible", kt_tell_matrices},
    {"Dimensions must be equal, but are", kt_tell_dimensions},
    {"not compatible with provided weight shape", kt_tell_weights},
    {"Kernel shape must have the same length as input", kt_tell_kernel},
    {"requires inputs with matching shapes", branches},
    {"Inputs have incompatible shapes", branches},
    {"must be fully-defined", undefined},
    {"should be defined. Found `None`", undefined},
    {"Missing data for input", kt_tell_names},
    {"Incompatible shapes:", two_targets},
};

/* "Shapes (None, 1) and (None, 10) are incompatible": target and output, by Keras 2.4 on. */
static void shapes_and(kt_pasted *p)
{
    const char *at = kt_behind(p->text, "Shapes ");

    if (!at || (!strstr(at, "are incompatible") && strchr("([", *at) == NULL))
        return;
    p->e.error = kt_put(p, "%.200s", at - 7);
    two_targets(p, at);
}

/* The beginning of a sentence that is known. */
static void cut_off(kt_pasted *p)
{
    kt_tell(p, NULL, "the sentence is known, but its end is missing", NULL,
            "the whole message: the shapes stand in it");
}

kt_explanation *kt_explain_text(const char *text)
{
    kt_pasted *p = kt_alloc(sizeof *p);

    if (!p)
        return NULL;
    p->text = kt_one_line(&p->arena, text ? text : "");
    for (size_t i = 0; i < KT_COUNT(rows) && !p->e.words; i++) {
        const char *at = kt_behind(p->text, rows[i].words);
        if (!at)
            continue;
        if (!p->e.error)
            p->e.error = kt_put(p, "%.200s", at - strlen(rows[i].words));
        rows[i].read(p, at);
    }
    if (!p->e.words)
        shapes_and(p);
    if (!p->e.words && p->e.error)
        cut_off(p);
    else if (!p->e.words)
        p->e.ask = "the last line of the error, and what model and data are";
    return &p->e;
}

void kt_explanation_free(kt_explanation *e)
{
    kt_pasted *p = (kt_pasted *)e;

    if (p)
        kt_arena_free(&p->arena);
    kt_free(p);
}
