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
    const char *copy = kt_arena_strdup(&p->arena, kt_str_text(&text));
    kt_str_free(&text);
    return copy ? copy : "";
}

const char *kt_put_shape(kt_pasted *p, const kt_shape *s)
{
    return kt_shape_text(&p->arena, s);
}

/* --- sentences -------------------------------------------------------------------------------- */

typedef void reader(kt_pasted *p, const char *at); /* at: behind the words of the row */

static void axis_value(kt_pasted *p, const char *at)
{
    (void)at;

    const char *value = kt_behind(p->text, "to have value ");
    kt_shape    got = kt_read_shape(kt_behind(value, "shape"), NULL), want = got;
    int64_t     size, flat = 1;

    if (!kt_read_number(value, &size) || got.rank < 1)
        return;
    want.dim[want.rank - 1] = size;
    for (int i = 1; i < got.rank; i++)
        flat *= got.dim[i];
    if (got.rank > 2 && flat == size)
        want = KT_SHAPE(got.dim[0], size);
    kt_explain_input(p, &want, &got);
    p->e.words = kt_put(p, "layer '%s': %s", kt_read_layer(&p->arena, p->text), p->e.words);
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
    if (target)
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
    p->e.words = kt_put(p, "layer '%s' wants %lld axes, the batch included, and gets %lld: %s",
                        kt_read_layer(&p->arena, p->text), (long long)want, (long long)have,
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

static void logits(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    out = kt_read_shape(at, &after), y = kt_read_shape(after, NULL);

    if (out.rank < 1 || y.rank < 1 || y.dim[0] < 1)
        return;
    bool steps = out.dim[0] % y.dim[0] == 0, one_hot = y.dim[0] % out.dim[0] == 0;
    if (one_hot && y.dim[0] / out.dim[0] == kt_dim(&out, -1)) {
        p->e.cause = "labels_vs_loss";
        p->e.words = kt_put(p, "the labels are one-hot rows of %lld, the sparse loss wants numbers",
                            (long long)kt_dim(&out, -1));
        p->e.advice = "loss='categorical_crossentropy', or y = np.argmax(y, axis=-1)";
    } else if (steps) {
        p->e.cause = "flatten_missing";
        p->e.words = kt_put(p, "the model gives %lld outputs for each of the %lld samples",
                            (long long)(out.dim[0] / y.dim[0]), (long long)y.dim[0]);
        p->e.advice = "insert Flatten() before the first Dense; behind a recurrent layer: "
                      "return_sequences=False";
    }
}

static void label_value(kt_pasted *p, const char *at)
{
    int64_t value, units = 0;

    if (!kt_read_number(at, &value) || !kt_read_number(kt_behind(at, "[0, "), &units))
        return;
    p->e.cause = value == units ? NULL : "units_vs_target";
    p->e.words = kt_put(p, "a label is %lld, and %lld units know the classes 0..%lld",
                        (long long)value, (long long)units, (long long)units - 1);
    p->e.advice = value == units
                    ? kt_put(p, "labels 1..%lld: y = y - 1; labels 0..%lld: Dense(%lld)",
                             (long long)value, (long long)value, (long long)value + 1)
                    : kt_put(p,
                             "Dense(%lld) as the last layer, or y = y - y.min() where the labels "
                             "do not begin with 0",
                             (long long)value + 1);
    p->e.ask = "what is the smallest label?";
}

static void index_value(kt_pasted *p, const char *at)
{
    int64_t value, rows;

    if (!kt_read_number(kt_behind(at, "= "), &value) ||
        !kt_read_number(kt_behind(at, "[0, "), &rows))
        return;
    p->e.cause = "index_range";
    p->e.words = kt_put(p, "an index is %lld, and the Embedding has %lld rows", (long long)value,
                        (long long)rows);
    p->e.advice = kt_put(p,
                         "Embedding(input_dim=%lld, ...): the largest index + 1, or put unknown "
                         "words to one index",
                         (long long)value + 1);
}

static void plain(kt_pasted *p, const char *cause, const char *words, const char *advice,
                  const char *ask)
{
    p->e.cause = cause;
    p->e.words = words;
    p->e.advice = advice;
    p->e.ask = ask;
}

static void shrinks(kt_pasted *p, const char *at)
{
    (void)at;
    plain(p, "maps_shrink", "the maps are smaller than the kernel or pool by then",
          "padding='same', or one pooling fewer; Conv2D(32, 3, 3) has strides of 3: write "
          "Conv2D(32, (3, 3))",
          "what is input_shape? Channels first for a channels-last model fail like this too");
}

static void samples(kt_pasted *p, const char *at)
{
    int64_t x = 0, y = 0;

    if (kt_read_number(kt_behind(at, "'x' sizes: "), &x) &&
        kt_read_number(kt_behind(at, "'y' sizes: "), &y))
        plain(p, "sample_count",
              kt_put(p, "x has %lld samples, y has %lld", (long long)x, (long long)y),
              "the same samples in both: cut or shift the longer one",
              x == 1 || y == 1 ? "is one of them a single sample without its batch axis?" : NULL);
    else
        plain(p, "sample_count", "the arrays have different numbers of samples",
              "the same samples in each", NULL);
}

static void reshape(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    from = kt_read_shape(kt_behind(at, "input_shape"), &after),
             to = kt_read_shape(after, NULL);

    plain(p, "reshape_size",
          from.rank >= 0 && to.rank >= 0
              ? kt_put(p, "%s are %lld numbers, %s would be %lld", kt_put_shape(p, &from),
                       (long long)kt_numbers(&from), kt_put_shape(p, &to),
                       (long long)kt_numbers(&to))
              : "the numbers of the new shape do not multiply to those of the old one",
          "numbers that multiply to the size, or -1 for one of them", NULL);
}

static void branches(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    a = kt_read_shape(at, &after), b = kt_read_shape(after, NULL);

    plain(p, "branch_sizes",
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
    plain(p, "undefined_size", "a layer needs a number where the input shape says None",
          "write the numbers into input_shape, or global pooling instead of Flatten()", NULL);
}

static void squeeze(kt_pasted *p, const char *at)
{
    int64_t got;

    if (kt_read_number(kt_behind(at, "got "), &got))
        plain(p, "labels_vs_loss",
              kt_put(p, "the targets have %lld numbers where one class number is wanted",
                     (long long)got),
              "one-hot rows: loss='categorical_crossentropy'; or y = np.argmax(y, axis=-1)", NULL);
}

static void names_missing(kt_pasted *p, const char *at)
{
    (void)at;
    plain(p, "input_names", "the arrays have other names than the model's inputs",
          "give them under the names of the inputs: model.input_names", NULL);
}

/* The first row whose words occur counts. */
static const struct {
    const char *words;
    reader     *read;
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
    {"Received a label value of", label_value},
    {"indices[", index_value},
    {"Can not squeeze dim", squeeze},
    {"Negative dimension size", shrinks},
    {"Computed output size would be", shrinks},
    {"Data cardinality is ambiguous", samples},
    {"should have the same number of samples", samples},
    {"total size of the tensor must be unchanged", reshape},
    {"total size of new array must be unchanged", reshape},
    {"requires inputs with matching shapes", branches},
    {"Inputs have incompatible shapes", branches},
    {"must be fully-defined", undefined},
    {"should be defined. Found `None`", undefined},
    {"Missing data for input", names_missing},
    {"Incompatible shapes:", two_targets},
};

/* "Shapes (None, 1) and (None, 10) are incompatible": target and output, by Keras 2.4 on. */
static bool shapes_and(kt_pasted *p)
{
    const char *at = kt_behind(p->text, "Shapes ");

    if (!at || !strstr(at, "are incompatible"))
        return false;
    p->e.error = kt_put(p, "%.200s", at - 7);
    two_targets(p, at);
    return true;
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
        p->e.error = kt_put(p, "%.200s", at - strlen(rows[i].words));
        rows[i].read(p, at);
    }
    if (!p->e.words && !shapes_and(p))
        p->e.error = NULL;
    if (!p->e.words)
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
