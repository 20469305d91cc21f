/* pairs.c - two shapes that should have met: what their numbers say by themselves. */
#include "doctor/explain.h"

static kt_shape inner(const kt_shape *s)
{
    return s->rank > 0 ? kt_shape_slice(s, 1, s->rank) : *s;
}

/* --- what goes in ----------------------------------------------------------------------------- */

static bool one_sample(kt_pasted *p, const kt_shape *want, const kt_shape *got)
{
    kt_shape sample = inner(want);

    if (got->rank != sample.rank || !kt_shape_fits(got, &sample) || got->rank == want->rank)
        return false;
    kt_tell(p, "batch_axis_missing",
            kt_put(p, "%s is the shape of one sample; a batch of samples is wanted",
                   kt_put_shape(p, got)),
            "x = x[None, ...]", NULL);
    return true;
}

static bool other_form(kt_pasted *p, const kt_shape *want, const kt_shape *got)
{
    int perm[KT_MAX_RANK], axis;

    if (want->rank != got->rank && kt_numbers(want) > 0 && kt_numbers(want) == kt_numbers(got)) {
        bool flat = want->rank < got->rank;
        kt_tell(p, "flat_vs_shaped",
                kt_put(p, "%s are %lld numbers, as many as %s", kt_put_shape(p, got),
                       (long long)kt_numbers(got), kt_put_shape(p, want)),
                flat ? kt_put(p,
                              "insert Flatten(input_shape=%s) as the first layer, or x = "
                              "x.reshape(len(x), %lld)",
                              kt_put_shape(p, got), (long long)kt_numbers(got))
                     : kt_put(p, "x = x.reshape(len(x), *%s)", kt_put_shape(p, want)),
                NULL);
        return true;
    }
    if (kt_permutation(got, want, perm)) {
        kt_tell(p, "axes_swapped",
                kt_put(p, "%s holds the numbers of %s in another order", kt_put_shape(p, got),
                       kt_put_shape(p, want)),
                "transpose x, or declare the input shape in the order of x",
                "is the model trained? Then transpose x");
        return true;
    }
    if (kt_one_more(got, want, &axis) || kt_one_more(want, got, &axis)) {
        bool missing = want->rank > got->rank;
        kt_tell(p, missing ? "axis_missing" : "axis_extra",
                kt_put(p, "samples of %s are wanted, %s are given: axis %d is %s",
                       kt_put_shape(p, want), kt_put_shape(p, got), axis + 1,
                       missing ? "missing" : "one too many"),
                missing ? (axis == got->rank ? "x = x[..., None]" : "x = x[:, None, ...]")
                        : kt_put(p, "x = np.squeeze(x, axis=%d)", axis + 1),
                NULL);
        return true;
    }
    return false;
}

void kt_explain_input(kt_pasted *p, const kt_shape *want, const kt_shape *got)
{
    kt_shape a = inner(want), b = inner(got);

    if (want->rank < 1 || got->rank < 1 || one_sample(p, want, got) || other_form(p, &a, &b))
        return;
    if (kt_same_but_last(&a, &b)) {
        bool maps = a.rank >= 3;
        kt_tell(p, maps ? "channel_count" : "feature_count",
                kt_put(p, "%lld %s are wanted and %lld given", (long long)kt_dim(&a, -1),
                       maps ? "channels" : "features", (long long)kt_dim(&b, -1)),
                kt_put(p, "not trained: declare input_shape=%s; trained: bring x to %lld",
                       kt_put_shape(p, &b), (long long)kt_dim(&a, -1)),
                "is the model trained?");
        return;
    }
    bool size = a.rank == b.rank && a.rank >= 2 && kt_dim(&a, -1) == kt_dim(&b, -1);
    kt_tell(p, size ? "input_size" : NULL,
            kt_put(p, "samples of %s are wanted, samples of %s are given", kt_put_shape(p, &a),
                   kt_put_shape(p, &b)),
            size ? kt_put(p, "not trained: declare input_shape=%s; trained: resize x to %s",
                          kt_put_shape(p, &b), kt_put_shape(p, &a))
                 : NULL,
            "run `keratin check MODEL --x X --call fit` with the model and the data");
}

/* --- what is compared ------------------------------------------------------------------------- */

void kt_explain_target(kt_pasted *p, const kt_shape *target, const kt_shape *output)
{
    kt_shape y = inner(target), out = inner(output);
    int64_t  k = out.rank > 0 ? kt_dim(&out, -1) : 0;
    bool     one = y.rank == 0 || (y.rank == out.rank && kt_dim(&y, -1) == 1);

    if (out.rank == 1 && one && k > 1)
        kt_tell(
            p, "labels_vs_loss",
            kt_put(p, "the model gives %lld numbers for each sample, the target has one",
                   (long long)k),
            kt_put(p,
                   "class numbers 0..%lld: loss='sparse_categorical_crossentropy', or y = "
                   "keras.utils.to_categorical(y, %lld)",
                   (long long)k - 1, (long long)k),
            "what are the targets: class numbers or real numbers? For real numbers the last layer "
            "is Dense(1)");
    else if (out.rank > y.rank && out.rank >= 2)
        kt_tell(p, "flatten_missing",
                kt_put(p, "the model gives %s for each sample, the target is %s",
                       kt_put_shape(p, &out), kt_put_shape(p, &y)),
                "insert Flatten() before the first Dense; behind a recurrent layer: "
                "return_sequences=False in the last one",
                NULL);
    else if (y.rank == out.rank && kt_same_but_last(&y, &out))
        kt_tell(p, "units_vs_target",
                kt_put(p, "the last layer has %lld units, the target %lld numbers", (long long)k,
                       (long long)kt_dim(&y, -1)),
                kt_put(p, "Dense(%lld) as the last layer", (long long)kt_dim(&y, -1)), NULL);
    else
        kt_tell(p, y.rank > out.rank ? "sequence_vs_step" : "target_shape",
                kt_put(p, "the model gives %s for each sample, the target is %s",
                       kt_put_shape(p, &out), kt_put_shape(p, &y)),
                NULL, "what does one target stand for: the sample, or each of its steps?");
}
