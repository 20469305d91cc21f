/* windows.c - the rows of data in other orders and parts, as keras.utils makes them: windows of a
 * series, two parts of a whole. */
#include <math.h>
#include <string.h>

#include "data/data.h"

/* Rows of t, in this order, as a tensor. */
static kt_tensor *rows_of(const kt_tensor *t, const int64_t *rows, int64_t n, kt_shape shape)
{
    kt_tensor *out = kt_tensor_new(t->dtype, shape);

    if (out)
        kt_gather_rows(t, rows, 0, n, t->dtype, out->data);
    return out;
}

/* --- timeseries_dataset_from_array ------------------------------------------------------------ */

static kt_status check(kt_timeseries_args *a, kt_fault *f)
{
    int64_t steps = a->data && a->data->shape.rank ? a->data->shape.dim[0] : 0;

    if (!a->data || !a->data->data || a->data->shape.rank < 1 || a->data->dtype == KT_STRING ||
        (a->targets &&
         (!a->targets->data || a->targets->shape.rank < 1 || a->targets->dtype == KT_STRING)))
        return kt_raise(f, KT_E_VALUE, "kt_timeseries: data and targets must be arrays of numbers");
    if (a->data->shape.rank == KT_MAX_RANK)
        return kt_raise(f, KT_E_VALUE, "a tensor has at most %d axes", KT_MAX_RANK);
    a->sequence_stride = a->sequence_stride ? a->sequence_stride : 1;
    a->sampling_rate = a->sampling_rate ? a->sampling_rate : 1;
    if (a->start_index < 0)
        return kt_raise(f, KT_E_VALUE,
                        "`start_index` must be 0 or greater. Received: start_index=%lld",
                        (long long)a->start_index);
    if (a->start_index > 0 && a->start_index >= steps)
        return kt_raise(f, KT_E_VALUE,
                        "`start_index` must be lower than the length of the data. Received: "
                        "start_index=%lld, for data of length %lld",
                        (long long)a->start_index, (long long)steps);
    if (a->end_index && a->end_index <= a->start_index)
        return kt_raise(f, KT_E_VALUE,
                        "`end_index` must be higher than `start_index`. Received: "
                        "start_index=%lld, and end_index=%lld ",
                        (long long)a->start_index, (long long)a->end_index);
    if (a->end_index > steps)
        return kt_raise(f, KT_E_VALUE,
                        "`end_index` must be lower than the length of the data. Received: "
                        "end_index=%lld, for data of length %lld",
                        (long long)a->end_index, (long long)steps);
    if (a->sampling_rate < 0)
        return kt_raise(f, KT_E_VALUE,
                        "`sampling_rate` must be higher than 0. Received: sampling_rate=%lld",
                        (long long)a->sampling_rate);
    if (a->sequence_stride < 0)
        return kt_raise(f, KT_E_VALUE,
                        "`sequence_stride` must be higher than 0. Received: sequence_stride=%lld",
                        (long long)a->sequence_stride);
    if (a->sequence_length < 1)
        return kt_raise(f, KT_E_VALUE, "kt_timeseries: sequence_length must be above 0");
    return KT_OK;
}

/* How many windows there are. */
static int64_t count_windows(const kt_timeseries_args *a)
{
    int64_t end = a->end_index ? a->end_index : a->data->shape.dim[0];
    int64_t room = end - a->start_index, reach = a->sequence_length - 1;

    if (reach > room / a->sampling_rate)
        return 0;
    int64_t first = room - reach * a->sampling_rate;
    if (a->targets && a->targets->shape.dim[0] < first)
        first = a->targets->shape.dim[0];
    return first <= 0 ? 0 : (first - 1) / a->sequence_stride + 1;
}

/* Where each window begins. Shuffled as NumPy would; Keras leaves that to TensorFlow. */
static void order_windows(const kt_timeseries_args *a, int64_t *begin, int64_t n)
{
    kt_mt r;

    if (a->shuffle) {
        kt_mt_seed(&r, (uint32_t)a->seed);
        kt_mt_permutation(&r, n, begin);
    }
    for (int64_t i = 0; i < n; i++)
        begin[i] = a->start_index + (a->shuffle ? begin[i] : i) * a->sequence_stride;
}

static void add(kt_data *d, const kt_timeseries_args *a, const int64_t *begin, int64_t *step,
                int64_t n)
{
    kt_shape s = a->data->shape, windows = {.rank = s.rank + 1, .dim = {n, a->sequence_length}};

    for (int k = 1; k < s.rank; k++)
        windows.dim[k + 1] = s.dim[k];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < a->sequence_length; j++)
            step[i * a->sequence_length + j] = begin[i] + j * a->sampling_rate;
    kt_tensor *x = rows_of(a->data, step, n * a->sequence_length, windows), *y = NULL;
    if (a->targets) {
        s = a->targets->shape;
        s.dim[0] = n;
        y = rows_of(a->targets, begin, n, s);
    }
    if (!x || (a->targets && !y)) {
        kt_raise_memory(&d->fault);
    } else {
        kt_data_add_x(d, "", x);
        if (y)
            kt_data_add_y(d, "", y);
    }
    kt_tensor_unref(x);
    kt_tensor_unref(y);
}

kt_data *kt_timeseries_with(const kt_timeseries_args *args)
{
    kt_data           *d = kt_data_new();
    kt_timeseries_args a;

    if (!d ||
        kt_data_take(&a, sizeof a, args ? &args->at : NULL, "kt_timeseries", "kt_timeseries_args",
                     &d->fault) != KT_OK ||
        check(&a, &d->fault) != KT_OK)
        return d;
    int64_t n = count_windows(&a);
    if (a.targets && n > 0 &&
        a.start_index + (n - 1) * a.sequence_stride >= a.targets->shape.dim[0]) {
        kt_raise(&d->fault, KT_E_INVALID_ARGUMENT,
                 "kt_timeseries: %lld targets are too few for %lld windows",
                 (long long)a.targets->shape.dim[0], (long long)n);
        return d;
    }
    bool     fits = a.sequence_length <= INT64_MAX / 16 / (n + 1);
    int64_t *begin = kt_calloc((size_t)n + 1, sizeof *begin);
    int64_t *step = fits ? kt_calloc((size_t)(n * a.sequence_length) + 1, sizeof *step) : NULL;
    if (begin && step) {
        order_windows(&a, begin, n);
        add(d, &a, begin, step, n);
    } else {
        kt_raise_memory(&d->fault);
    }
    kt_free(begin);
    kt_free(step);
    return d;
}

/* --- split_dataset ---------------------------------------------------------------------------- */

static bool is_size(double v, int64_t n)
{
    return v > 0 && (v < 1 || (v == floor(v) && v < (double)n));
}

/* Keras' checks, and how many rows each part has. */
static kt_status sizes(int64_t n, double left, double right, int64_t out[2], kt_fault *f)
{
    const double share[] = {left, right};

    if (left == 0 && right == 0)
        return kt_raise(f, KT_E_VALUE,
                        "At least one of the `left_size` or `right_size` must be specified. "
                        "Received: left_size=None and right_size=None");
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "right_size" : "left_size";
        if (share[i] != 0 && !is_size(share[i], n))
            return kt_raise(f, KT_E_VALUE,
                            "`%s` should be either a positive integer %s than %lld%s or a float "
                            "within the range `[0, 1]`. Received: %s=%g",
                            name, i ? "and smaller" : "smaller", (long long)n, i ? "" : ",", name,
                            share[i]);
        out[i] = share[i] < 1 ? (int64_t)nearbyint(share[i] * (double)n) : (int64_t)share[i];
    }
    if (left > 0 && left < 1 && right > 0 && right < 1 && left + right > 1)
        return kt_raise(f, KT_E_VALUE,
                        "The sum of `left_size` and `right_size` is greater than 1. It must be "
                        "less than or equal to 1.");
    out[0] = left == 0 ? n - out[1] : out[0];
    out[1] = right == 0 ? n - out[0] : out[1];
    if (out[0] + out[1] > n)
        return kt_raise(f, KT_E_VALUE,
                        "The sum of `left_size` and `right_size` should be smaller than the %lld. "
                        "Received: left_size + right_size = %lld and total_length = %lld",
                        (long long)n, (long long)out[0] + (long long)out[1], (long long)n);
    for (int i = 0; i < 2; i++)
        if (out[i] == 0)
            return kt_raise(f, KT_E_VALUE,
                            "With `dataset` of length=%lld, `left_size`=%lld and "
                            "`right_size`=%lld.Resulting %s side dataset split will be empty. "
                            "Adjust any of the aforementioned parameters",
                            (long long)n, (long long)out[0], (long long)out[1],
                            i ? "right" : "left");
    return KT_OK;
}

/* Python's random.seed(seed), random.shuffle(order). */
static void shuffle(int64_t *order, int64_t n, int64_t seed)
{
    kt_mt r;

    kt_mt_seed_python(&r, (uint64_t)seed);
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t k = kt_mt_randint_python(&r, 0, i), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

static kt_tensor *picked(const kt_tensor *t, const int64_t *rows, int64_t n, kt_fault *f)
{
    kt_shape s = t->shape;

    s.dim[0] = n;
    kt_tensor *out = rows_of(t, rows, n, s);
    if (!out)
        kt_raise_memory(f);
    return out;
}

static void add_picked(kt_data *to, const kt_column *c, bool as_y, const int64_t *rows, int64_t n,
                       kt_fault *f)
{
    kt_tensor *t = f->e.status == KT_OK ? picked(c->t, rows, n, f) : NULL;
    kt_tensor *w = t && c->weight ? picked(c->weight, rows, n, f) : NULL;

    if (t && as_y)
        kt_data_add_y(to, c->name, t);
    else if (t)
        kt_data_add_x(to, c->name, t);
    if (w)
        kt_data_add_weight(to, c->name && *c->name ? c->name : NULL, w);
    kt_tensor_unref(t);
    kt_tensor_unref(w);
}

static kt_data *part(const kt_data *d, const int64_t *rows, int64_t n, kt_fault *f)
{
    kt_data *to = kt_data_new();

    if (!to) {
        kt_raise_memory(f);
        return NULL;
    }
    for (int i = 0; i < d->n_x; i++)
        add_picked(to, &d->x[i], false, rows, n, f);
    for (int i = 0; i < d->n_y; i++)
        add_picked(to, &d->y[i], true, rows, n, f);
    kt_tensor *w = d->weight && f->e.status == KT_OK ? picked(d->weight, rows, n, f) : NULL;
    if (w)
        kt_data_set_weight(to, w);
    kt_tensor_unref(w);
    if (d->legend && !(to->legend = kt_legend_copy(d->legend)))
        kt_raise_memory(f);
    kt_fault_copy(f, &to->fault);
    return to;
}

/* Every array has these rows. */
static kt_status same_rows(const kt_data *d, int64_t n, kt_fault *f)
{
    bool same = d->weight == NULL || (d->weight->shape.rank > 0 && d->weight->shape.dim[0] == n);

    for (int i = 0; i < d->n_x + d->n_y; i++) {
        const kt_column *c = i < d->n_x ? &d->x[i] : &d->y[i - d->n_x];
        same = same && c->t->shape.rank > 0 && c->t->shape.dim[0] == n &&
               (!c->weight || (c->weight->shape.rank > 0 && c->weight->shape.dim[0] == n));
    }
    return same
             ? KT_OK
             : kt_raise(f, KT_E_VALUE, "kt_data_split: the arrays have different numbers of rows");
}

kt_status kt_data_split(const kt_data *d, double left_size, double right_size, int64_t seed,
                        kt_data **left, kt_data **right)
{
    kt_fault f = {0};
    int64_t  n = d ? kt_data_rows(d) : 0, size[2] = {0, 0};

    if (!left || !right)
        return kt_raise_null("kt_data_split", "the place of a part");
    *left = *right = NULL;
    if (!d)
        return kt_raise_null("kt_data_split", "the data");
    if (kt_fault_copy(&f, &d->fault) == KT_OK && kt_data_need_numbers(d, &f) == KT_OK &&
        same_rows(d, n, &f) == KT_OK && sizes(n, left_size, right_size, size, &f) == KT_OK) {
        int64_t *order = kt_calloc((size_t)n + 1, sizeof *order);
        for (int64_t i = 0; order && i < n; i++)
            order[i] = i;
        if (order && seed >= 0)
            shuffle(order, n, seed);
        *left = order ? part(d, order, size[0], &f) : NULL;
        *right = order ? part(d, order + n - size[1], size[1], &f) : NULL;
        if (!order)
            kt_raise_memory(&f);
        kt_free(order);
    }
    if (f.e.status != KT_OK) {
        kt_data_free(*left);
        kt_data_free(*right);
        *left = *right = NULL;
    }
    return kt_fault_leave(&f);
}
