/* sentences.c - sentences on the numbers in arrays, on their number, names and sizes: of Keras,
 * TensorFlow and NumPy. */
#include <string.h>

#include "doctor/explain.h"

void kt_tell(kt_pasted *p, const char *cause, const char *words, const char *advice,
             const char *ask)
{
    p->e.cause = cause;
    p->e.words = words;
    p->e.advice = advice;
    p->e.ask = ask;
}

void kt_tell_label(kt_pasted *p, const char *at)
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

void kt_tell_index(kt_pasted *p, const char *at)
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

void kt_tell_samples(kt_pasted *p, const char *at)
{
    int64_t x = 0, y = 0;

    const char *of_x = kt_behind(at, "'x' sizes: "), *of_y = kt_behind(at, "'y' sizes: ");

    if (kt_read_number(of_x ? of_x : kt_behind(at, "x sizes: "), &x) &&
        kt_read_number(of_y ? of_y : kt_behind(at, "y sizes: "), &y))
        kt_tell(p, "sample_count",
                kt_put(p, "x has %lld samples, y has %lld", (long long)x, (long long)y),
                "the same samples in both: cut or shift the longer one",
                x == 1 || y == 1 ? "is one of them a single sample without its batch axis?" : NULL);
    else
        kt_tell(p, "sample_count", "the arrays have different numbers of samples",
                "the same samples in each", NULL);
}

void kt_tell_reshape(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    from = kt_read_shape(kt_behind(at, "input_shape"), &after),
             to = kt_read_shape(after, NULL);

    kt_tell(p, "reshape_size",
            from.rank >= 0 && to.rank >= 0
                ? kt_put(p, "%s are %lld numbers, %s would be %lld", kt_put_shape(p, &from),
                         (long long)kt_numbers(&from), kt_put_shape(p, &to),
                         (long long)kt_numbers(&to))
                : "the numbers of the new shape do not multiply to those of the old one",
            "numbers that multiply to the size, or -1 for one of them", NULL);
}

void kt_tell_names(kt_pasted *p, const char *at)
{
    (void)at;
    kt_tell(p, "input_names", "the arrays have other names than the model's inputs",
            "give them under the names of the inputs: model.input_names", NULL);
}

/* "expects 2 input(s), but it received 1 input tensors"; "Expected to see 1 array(s), but instead
 * got the following list of 60000 arrays"; "expects 2 arrays, but only received one array". */
void kt_tell_number_of_arrays(kt_pasted *p, const char *at)
{
    const char *want_at = kt_behind(p->text, "Expected to see ");
    bool        target = strstr(p->text, "model target") != NULL;
    int64_t     want = 0, got = 1;

    if (!want_at)
        want_at = kt_behind(p->text, "expects ");
    bool known = kt_read_number(want_at, &want);
    if (want_at && kt_behind(want_at, "list of "))
        at = kt_behind(want_at, "list of ");
    if (strncmp(at, " one", 4) != 0)
        known = kt_read_number(at, &got) && known;
    if (!known)
        return;
    kt_tell(p, target ? "target_count" : "wiring",
            kt_put(p, "the model has %lld %s%s, %lld array%s given", (long long)want,
                   target ? "output" : "input", want == 1 ? "" : "s", (long long)got,
                   got == 1 ? " is" : "s are"),
            want == 1 ? "a list of samples is no array: np.array(x), np.stack(x)"
                      : kt_put(p, "a list of %lld arrays, in the order of model.%s_names",
                               (long long)want, target ? "output" : "input"),
            NULL);
}

/* "cannot reshape array of size 47040000 into shape (50000,28,28)" */
void kt_tell_numpy_reshape(kt_pasted *p, const char *at)
{
    kt_shape to = kt_read_shape(at, NULL);
    int64_t  have, sample = 1;

    if (!kt_read_number(at, &have) || to.rank < 1)
        return;
    for (int i = 1; i < to.rank; i++)
        sample *= to.dim[i] > 0 && to.dim[i] <= INT32_MAX && sample <= INT32_MAX ? to.dim[i] : 1;
    bool count = have % sample == 0;
    kt_tell(p, "reshape_size",
            kt_put(p, "%lld numbers do not fill %s%s", (long long)have, kt_put_shape(p, &to),
                   count ? kt_put(p, ", but %lld samples of it", (long long)(have / sample)) : ""),
            count ? kt_put(p, "-1 for the number of samples: reshape(-1, ...)")
                  : "numbers that multiply to the size, or -1 for one of them",
            count ? NULL : "which shape has the array before?");
}

/* NumPy makes no array of arrays of different shapes. */
void kt_tell_uneven(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    a = kt_read_shape(at, &after), b = kt_read_shape(after, NULL);
    bool        both = a.rank >= 0 && b.rank >= 0, channels = both && a.rank != b.rank;

    kt_tell(p, channels ? "channel_count" : "input_size",
            both ? kt_put(p, "samples of %s and of %s are put into one array", kt_put_shape(p, &a),
                          kt_put_shape(p, &b))
                 : "samples of different shapes are put into one array",
            channels ? "bring all pictures to one number of channels (grey ones: repeat)"
                     : "bring all samples to one size: resize pictures, pad sequences",
            NULL);
}

/* "In[0]: [32,3], In[1]: [4,10]", and MatMul of "[?,1], [20,80]": rows against a kernel. */
void kt_tell_matrices(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    x = kt_read_shape(kt_behind(at, "]: ") ? kt_behind(at, "]: ") : at, &after);
    kt_shape    kernel = kt_read_shape(kt_behind(after, "]: ") ? kt_behind(after, "]: ") : after,
                                    NULL);

    if (x.rank != 2 || kernel.rank != 2)
        return;
    kt_tell(p, "feature_count",
            kt_put(p, "a layer has weights for %lld features and gets %lld",
                   (long long)kernel.dim[0], (long long)x.dim[1]),
            kt_put(p, "not trained: declare %lld features; trained: bring x to %lld",
                   (long long)x.dim[1], (long long)kernel.dim[0]),
            "is the model trained?");
}

/* TensorFlow's own words, where it traces a graph; what they mean the name of the node tells. */
void kt_tell_dimensions(kt_pasted *p, const char *at)
{
    static const char *const of_loss[] = {"SquaredDifference", "loss", "crossentropy", "Equal"};
    const char              *shapes = kt_behind(at, "with input shapes: "), *after = NULL;
    kt_shape                 a = kt_read_shape(shapes, &after), b = kt_read_shape(after, NULL);
    int64_t                  n = 0, m = 0;

    if (strstr(at, "MatMul")) {
        if (shapes)
            kt_tell_matrices(p, shapes);
        else if (kt_read_number(at, &n) && kt_read_number(kt_behind(at, " and "), &m))
            kt_tell(p, "feature_count",
                    kt_put(p, "a layer has weights for %lld features and gets %lld", (long long)m,
                           (long long)n),
                    kt_put(p, "not trained: declare %lld features; trained: bring x to %lld",
                           (long long)n, (long long)m),
                    "is the model trained?");
        return;
    }
    for (size_t i = 0; i < KT_COUNT(of_loss) && a.rank >= 0 && b.rank >= 0 && !p->e.words; i++)
        if (strstr(at, of_loss[i]))
            kt_explain_target(p, &b, &a);
    if (!p->e.words && a.rank >= 0 && b.rank >= 0)
        kt_tell(p, "branch_sizes",
                kt_put(p, "%s meets %s", kt_put_shape(p, &a), kt_put_shape(p, &b)),
                "bring both to one size", "which two layers, or output and target, are these?");
}

void kt_tell_weights(kt_pasted *p, const char *at)
{
    const char *from = kt_behind(p->text, "eight shape ");
    kt_shape    want = kt_read_shape(from, NULL), got = kt_read_shape(at, NULL);

    kt_tell(p, "weights_shape",
            want.rank >= 0 && got.rank >= 0
                ? kt_put(p, "the layer's weight is %s, the given one is %s", kt_put_shape(p, &want),
                         kt_put_shape(p, &got))
                : "given weights do not fit the layer",
            "sizes of the layer as those of the weights (Embedding: input_dim, output_dim)",
            "which layer is it, and where do the weights come from?");
}

void kt_tell_kernel(kt_pasted *p, const char *at)
{
    const char *after = NULL;
    kt_shape    kernel = kt_read_shape(at, &after), x = kt_read_shape(after, NULL);

    if (kernel.rank < 3 || x.rank < 0)
        return;
    kt_tell(p, x.rank > kernel.rank ? "axis_extra" : "axis_missing",
            kt_put(p, "a Conv%dD gets %d axes, the batch included: %s", kernel.rank - 2, x.rank,
                   kt_put_shape(p, &x)),
            kt_put(p, "input_shape without the number of samples; data of %d axes: Conv%dD", x.rank,
                   x.rank - 2 > 0 ? x.rank - 2 : 1),
            "what does each axis stand for?");
}
