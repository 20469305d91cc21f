/* discretization.c - Discretization: which of some bins a number lies in. The bounds are given, or
 * learnt as the data's quantiles in Keras' float32 arithmetic. */
#include <math.h>
#include <stdlib.h>

#include "nn/texts/encode.h"

#define FIELDS(F)                                                                           \
    F(ANY, bin_boundaries, "None", "", "Where one bin ends and the next begins, in order.") \
    F(ANY, num_bins, "None", "int", "How many bins to learn from data instead.")            \
    F(FLOAT, epsilon, "0.01", "kept", "How exact the quantiles are.")                       \
    F(STR, output_mode, "int", "", "'int', 'one_hot', 'multi_hot' or 'count'.")             \
    F(BOOL, sparse, "False", "", "Of Keras' tensors; the numbers are the same.")
KT_CONFIG(FIELDS);

/* How many are to be learnt; 0: none. */
static double bins_of(const config *c)
{
    double n = 0;

    (void)kt_value_number(c->num_bins, &n);
    return fmin(n, 1e15);
}

static kt_status check_bins(kt_layer *self, const config *c)
{
    kt_str text = {0};
    bool   learnt = !kt_is_none(c->num_bins);

    if (learnt && !kt_python_orders(self, c->num_bins, "<", "int", 0))
        return kt_layer_status(self);
    if (bins_of(c) < 0)
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`num_bins` must be greater than or equal to 0. Received: `num_bins=%s`",
            kt_python_text(self, c->num_bins));
    if (learnt && !kt_is_none(c->bin_boundaries) && !self->from_file) {
        kt_value_repr(&text, c->bin_boundaries);
        kt_layer_fail(
            self, KT_E_VALUE,
            "Both `num_bins` and `bin_boundaries` should not be set. Received: `num_bins=%s` and `bin_boundaries=%s`",
            kt_python_text(self, c->num_bins), kt_str_text(&text));
        kt_str_free(&text);
        return kt_layer_status(self);
    }
    if (!learnt && kt_is_none(c->bin_boundaries))
        return kt_layer_fail(self, KT_E_VALUE,
                             "You need to set either `num_bins` or `bin_boundaries`.");
    return KT_OK;
}

static kt_status check(kt_layer *self)
{
    static const char *const modes[] = {"int", "one_hot", "multi_hot", "count"};
    const config            *c = self->config;
    double                   v;

    if (c->sparse && kt_streq(c->output_mode, "int"))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "`sparse=True` may only be used if `output_mode` is `'one_hot'`, `'multi_hot'`, or `'count'`. Received: sparse=True and output_mode=int");
    if (kt_check_word(self, "output_mode", c->output_mode, modes, KT_COUNT(modes)) != KT_OK ||
        check_bins(self, c) != KT_OK)
        return kt_layer_status(self);
    if (!kt_is_none(c->bin_boundaries) && !kt_value_is_seq(c->bin_boundaries))
        return kt_layer_fail(self, KT_E_TYPE, "'%s' object is not iterable",
                             kt_python_type(c->bin_boundaries));
    for (size_t i = 0; kt_value_is_seq(c->bin_boundaries) && i < c->bin_boundaries->n; i++)
        if (!kt_value_number(c->bin_boundaries->items[i], &v))
            return kt_layer_fail(self, KT_E_TYPE, "Discretization: bounds must be numbers");
    return KT_OK;
}

/* --- computing --- */

/* Keras' compute_output_shape: vectors of a sample take the second axis' place. */
static kt_node *stand_in(kt_layer *self, kt_call *c, const kt_node *x)
{
    const config *cfg = self->config;
    kt_shape      s = x->shape;
    int64_t       depth = kt_value_is_seq(cfg->bin_boundaries) ? (int64_t)cfg->bin_boundaries->n + 1
                                                               : (int64_t)bins_of(cfg);

    if (kt_streq(cfg->output_mode, "int"))
        return kt_placeholder(c->g, "", KT_I32, s);
    if (kt_streq(cfg->output_mode, "one_hot")) {
        s.rank += !(s.rank > 1 && s.dim[s.rank - 1] == 1);
    } else if (s.rank >= 2) {
        for (int i = 1; i + 1 < s.rank; i++)
            s.dim[i] = s.dim[i + 1];
    } else {
        s.rank = 1;
    }
    if (s.rank > KT_MAX_RANK)
        return kt_call_fail(self, c, KT_E_VALUE, "The result has more than %d axes", KT_MAX_RANK);
    s.dim[s.rank - 1] = depth;
    return kt_placeholder(c->g, "", self->dtype, s);
}

/* The bounds as the float32 numbers that TensorFlow's Bucketize has. */
static kt_node *bounds(kt_call *c, const kt_value *v, kt_dtype dtype)
{
    kt_tensor *t = kt_tensor_new(dtype, KT_SHAPE((int64_t)v->n));
    float      before = -INFINITY;

    for (size_t i = 0; t && i < v->n; i++) {
        double at = 0;
        (void)kt_value_number(v->items[i], &at);
        if ((float)at < before) {
            kt_tensor_unref(t);
            kt_raise(c->g->fault, KT_E_INVALID_ARGUMENT, "Expected sorted boundaries");
            return c->g->poison;
        }
        before = (float)at;
        kt_tensor_set(t, (int64_t)i, (double)before);
    }
    if (!t)
        kt_raise_memory(c->g->fault);
    return t ? kt_constant(c->g, t) : c->g->poison;
}

static kt_node *call(kt_layer *self, kt_call *c, kt_node *x)
{
    const config *cfg = self->config;
    bool          is_int = kt_streq(cfg->output_mode, "int");

    if (!c->t->eager)
        return stand_in(self, c, x);
    if (kt_is_none(cfg->bin_boundaries))
        return kt_call_fail(
            self, c, KT_E_VALUE,
            "You need to either pass the `bin_boundaries` argument at construction time or call `adapt(dataset)` before you can start using the `Discretization` layer.");
    if (!kt_dtype_is_float(x->dtype))
        x = kt_cast(c->g, x, KT_F32);
    kt_node *bin = kt_bucket(c->g, x, bounds(c, cfg->bin_boundaries, x->dtype));
    return kt_encoded(c->g, bin, cfg->output_mode, (int64_t)cfg->bin_boundaries->n + 1,
                      is_int ? KT_I32 : self->dtype, NULL);
}

/* --- learning: Keras' summarize and compress_summary --- */

/* n numbers in order, and how many of the data each stands for. */
typedef struct summary {
    int64_t n;
    float  *value, *weight;
} summary;

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* Every increment-th number of the sorted data. */
static void summarize(float *sorted, int64_t n, double epsilon, summary *s)
{
    double increment = (double)n / (1.0 / epsilon), step = increment > 1 ? increment : 1;

    qsort(sorted, (size_t)n, sizeof *sorted, by_size);
    for (int64_t i = (int64_t)(step - 1); i < n; i += (int64_t)step) {
        s->value[s->n] = sorted[i];
        s->weight[s->n++] = (float)step;
    }
}

/* numpy.interp */
static double interpolate(double x, const double *xs, const double *ys, int64_t n)
{
    int64_t i = 0;

    if (x <= xs[0])
        return ys[0];
    if (x >= xs[n - 1])
        return ys[n - 1];
    while (i + 2 < n && xs[i + 1] <= x)
        i++;
    return (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) * (x - xs[i]) + ys[i];
}

/* As many bins as 1 / epsilon, of the same weight; work: 3 n numbers. */
static void compress(summary *s, double epsilon, double *work)
{
    double *share = work, *total = work + s->n, *value = total + s->n, before = 0;
    int64_t bins = (int64_t)ceil(1.0 / epsilon);
    float   sum = 0;

    if ((double)s->n * epsilon < 1)
        return;
    for (int64_t i = 0; i < s->n; i++) {
        sum += s->weight[i];
        total[i] = (double)sum;
        value[i] = (double)s->value[i];
    }
    for (int64_t i = 0; i < s->n; i++)
        share[i] = (double)((float)total[i] / sum);
    for (int64_t i = 0; i < bins; i++) {
        double at = epsilon + (double)i * epsilon, weight = interpolate(at, share, total, s->n);
        s->value[i] = (float)interpolate(at, share, value, s->n);
        s->weight[i] = (float)(weight - before);
        before = weight;
    }
    s->n = bins;
}

static kt_status keep_bounds(kt_layer *self, const summary *s)
{
    config   *c = self->config;
    kt_value *list = kt_value_new(&self->arena, KT_LIST);

    for (int64_t i = 0; i + 1 < s->n; i++)
        if (!kt_value_add(&self->arena, list, NULL,
                          kt_value_float(&self->arena, (double)s->value[i])))
            return kt_raise_memory(&self->fault);
    c->bin_boundaries = list;
    return list ? KT_OK : kt_raise_memory(&self->fault);
}

static kt_status adapt(kt_layer *self, const kt_tensor *x)
{
    const config *c = self->config;
    double        epsilon = c->epsilon, bins = floor(bins_of(c));

    if (kt_is_none(c->num_bins))
        return kt_layer_fail(
            self, KT_E_VALUE,
            "Cannot adapt a Discretization layer that has been initialized with `bin_boundaries`, use `num_bins` instead.");
    if (x->count == 0 || !(epsilon > 0) || bins < 1 || bins > (double)x->count * 1e6)
        return kt_layer_fail(self, KT_E_VALUE,
                             "Discretization: nothing to learn %lld bins from, with epsilon=%g",
                             (long long)bins, epsilon);
    int64_t room = x->count + (int64_t)fmin(1 / epsilon, 1e9) + (int64_t)bins + 2;
    float  *data = kt_calloc((size_t)room * 3, sizeof *data);
    double *work = kt_calloc((size_t)room * 3, sizeof *work);
    if (!data || !work) {
        kt_free(data);
        kt_free(work);
        return kt_raise_memory(&self->fault);
    }
    summary s = {0, data + room, data + 2 * room};
    for (int64_t i = 0; i < x->count; i++)
        data[i] = (float)kt_tensor_get(x, i);
    summarize(data, x->count, epsilon, &s);
    compress(&s, epsilon, work);
    compress(&s, 1 / bins, work);
    keep_bounds(self, &s);
    kt_free(data);
    kt_free(work);
    return kt_layer_status(self);
}

static bool needs_adapt(const kt_layer *self)
{
    return kt_is_none(((const config *)self->config)->bin_boundaries);
}

static const kt_layer_type type = {
    .cls = {.class_name = "Discretization",
            .module = "keras.layers",
            .config = &config_type,
            .summary = "Which of some bins a number lies in."},
    .input = {.dtype = -1},
    .takes = "name|dtype",
    .check = check,
    .call1 = call,
    .adapt = adapt,
    .needs_adapt = needs_adapt,
    .write = kt_write_plain,
    .sample = "Discretization([-0.5, 0.0, 0.5]); Discretization([0.0], output_mode='one_hot'); "
              "Discretization([-0.2, 0.4], output_mode='count')",
    .sample_input = "(2, 3); (3, 1); (2, 5)",
};

const kt_layer_type *const kt_layers_discretization[] = {&type, NULL};
