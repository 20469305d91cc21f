/* auc.c - AUC: area under the ROC or precision-recall curve, as a Riemann sum over thresholds.
 * Interpolation of the PR curve: Davis and Goadrich, 2006, as Keras does it. */
#include <math.h>

#include "nn/loss.h"

#define FIELDS(F)                                                                               \
    F(ANY, num_thresholds, "200", "", "How many thresholds.")                                   \
    F(STR, curve, "ROC", "", "ROC, PR, or PRGAIN (Flach and Kull, 2015).")                      \
    F(STR, summation_method, "interpolation", "", "interpolation, minoring or majoring.")       \
    KT_METRIC_FIELDS(F, "None")                                                                 \
    F(ANY, thresholds, "None", "", "Inner thresholds in [0, 1] instead of evenly spaced ones.") \
    F(BOOL, multi_label, "False", "", "The mean of the areas of each label of the last axis.")  \
    F(OPTINT, num_labels, "None", "", "Of multi_label.")                                        \
    F(ANY, label_weights, "None", "", "What each label counts.")                                \
    F(BOOL, from_logits, "False", "", "Outputs are logits.")
KT_CONFIG(FIELDS);

/* The given thresholds in order; they say how many there are. */
static kt_status sort_thresholds(kt_arena *a, config *c, kt_fault *f)
{
    kt_value *sorted = kt_value_new(a, KT_LIST);
    double    x, before;

    for (size_t i = 0; sorted && i < c->thresholds->n; i++) {
        kt_value *v = kt_value_copy(a, c->thresholds->items[i]);
        if (v && !kt_value_number(v, &x))
            return kt_raise(f, KT_E_TYPE, "AUC: `thresholds` must be numbers");
        if (!v || !kt_value_add(a, sorted, NULL, v))
            return kt_raise_memory(f);
        for (size_t k = i; k > 0 && kt_value_number(sorted->items[k - 1], &before) && x < before;
             k--) {
            sorted->items[k] = sorted->items[k - 1];
            sorted->items[k - 1] = v;
        }
    }
    c->num_thresholds = sorted ? kt_value_int(a, (int64_t)sorted->n + 2) : NULL;
    c->thresholds = sorted;
    return c->num_thresholds ? KT_OK : kt_raise_memory(f);
}

/* One of the words, or written as the second of a pair; as Keras writes it. */
static kt_status take_word(const char **word, const char *const (*words)[2], const char *what,
                           const char *all, kt_fault *f)
{
    for (size_t i = 0; words[i][0]; i++)
        if (kt_streq(*word, words[i][0]) || kt_streq(*word, words[i][1])) {
            *word = words[i][0];
            return KT_OK;
        }
    return kt_raise(f, KT_E_VALUE, "Invalid AUC %s value: \"%s\". Expected values are [%s]", what,
                    *word ? *word : "None", all);
}

static kt_status take_words(config *c, kt_fault *f)
{
    static const char *const curves[][2] = {
        {"PR", "pr"}, {"ROC", "roc"}, {"PRGAIN", "prgain"}, {NULL, NULL}};
    static const char *const methods[][2] = {{"interpolation", "Interpolation"},
                                             {"majoring", "Majoring"},
                                             {"minoring", "Minoring"},
                                             {NULL, NULL}};

    if (take_word(&c->curve, curves, "curve", "\"PR\", \"ROC\", \"PRGAIN\"", f) != KT_OK)
        return f->e.status;
    return take_word(&c->summation_method, methods, "summation method",
                     "\"interpolation\", \"majoring\", \"minoring\"", f);
}

static kt_status check(kt_arena *a, void *cfg, kt_fault *f)
{
    config *c = cfg;
    kt_str  text = {0};

    double number;

    if (kt_value_is_seq(c->thresholds) && sort_thresholds(a, c, f) != KT_OK)
        return f->e.status;
    if (kt_value_number(c->thresholds, &number))
        return kt_stumble("len(x)", c->thresholds, false, f);
    if (!kt_value_number(c->num_thresholds, &number))
        return kt_stumble("x <= 1", c->num_thresholds, false, f);
    if (!kt_is_int(c->num_thresholds) || c->num_thresholds->i <= 1) {
        kt_value_repr(&text, c->num_thresholds);
        kt_raise(f, KT_E_VALUE,
                 "Argument `num_thresholds` must be an integer > 1. Received: num_thresholds=%s",
                 kt_str_text(&text));
        kt_str_free(&text);
        return f->e.status;
    }
    if (take_words(c, f) != KT_OK || kt_check_thresholds(c->num_thresholds->i, f) != KT_OK)
        return f->e.status;
    if (!c->multi_label && c->num_labels.set && c->num_labels.v != 0)
        kt_raise(f, KT_E_VALUE, "`num_labels` is needed only when `multi_label` is True.");
    return f->e.status;
}

/* -1e-7, the inner ones, 1 + 1e-7, in the arena; NULL without memory. */
static double *thresholds_of(kt_arena *a, const config *c)
{
    int64_t n = c->num_thresholds->i;
    double *t = kt_arena_calloc(a, (size_t)n, sizeof *t);

    if (!t)
        return NULL;
    t[0] = -1e-7;
    for (int64_t i = 1; i < n - 1; i++) {
        t[i] = (double)i / (double)(n - 1);
        if (kt_value_is_seq(c->thresholds))
            (void)kt_value_number(c->thresholds->items[i - 1], &t[i]);
    }
    t[n - 1] = 1 + 1e-7;
    return t;
}

static kt_status build(kt_metric *m, const kt_node *y_true, const kt_node *y_pred, kt_fault *f)
{
    const config *c = m->object->config;
    int64_t       n = c->num_thresholds->i;

    (void)y_true;
    if (!c->multi_label)
        return kt_counts_build(m, KT_SHAPE(n), f);
    if (y_pred->shape.rank != 2)
        return kt_raise(
            f, KT_E_VALUE,
            "`y_pred` must have rank 2 when `multi_label=True`. Found rank %d. Full shape "
            "received for `y_pred`: %s",
            y_pred->shape.rank, kt_shape_text(&m->arena, &y_pred->shape));
    if (kt_value_is_seq(c->label_weights) && (int64_t)c->label_weights->n != y_pred->shape.dim[1])
        return kt_raise(f, KT_E_VALUE, "Dimensions must be equal, but are %lld and %zu",
                        (long long)y_pred->shape.dim[1], c->label_weights->n);
    return kt_counts_build(m, KT_SHAPE(n, y_pred->shape.dim[1]), f);
}

static void update(kt_graph *g, kt_metric *m, kt_node *y_true, kt_node *y_pred, kt_node *weight)
{
    const config *c = m->object->config;
    kt_counting   how = {.thresholds = thresholds_of(&g->arena, c),
                         .n = c->num_thresholds->i,
                         .by_label = c->multi_label,
                         .label_weights = c->multi_label ? NULL : c->label_weights};
    if (!how.thresholds) {
        kt_raise_memory(g->fault);
        return;
    }
    how.even = !kt_value_is_seq(c->thresholds) || kt_evenly(how.thresholds, how.n);
    if (c->from_logits)
        y_pred = kt_unary(g, KT_UN_SIGMOID, y_pred);
    kt_counts k = kt_count(g, &how, y_true, y_pred, weight);
    kt_counts_add(g, m, &k);
}

/* --- the area --------------------------------------------------------------------------------- */

static double ratio(double a, double b)
{
    return b != 0 ? a / b : 0;
}

/* The counts of one label at its thresholds. */
typedef struct counts {
    const kt_metric *m;
    int64_t          n, labels, label;
} counts;

typedef struct point {
    double tp, tn, fp, fn;
} point;

static point at(const counts *c, int64_t i)
{
    int64_t k = i * c->labels + c->label;

    return (point){kt_metric_at(c->m, 0, k), kt_metric_at(c->m, 1, k), kt_metric_at(c->m, 2, k),
                   kt_metric_at(c->m, 3, k)};
}

/* The exact integral of the interpolated PR curve between neighbouring thresholds. */
static double interpolated_pr(const counts *c)
{
    double area = 0;

    for (int64_t i = 0; i + 1 < c->n; i++) {
        point  a = at(c, i), b = at(c, i + 1);
        double p = a.tp + a.fp, p1 = b.tp + b.fp, dtp = a.tp - b.tp;
        double slope = ratio(dtp, fmax(p - p1, 0)), intercept = b.tp - slope * p1;
        double safe = p > 0 && p1 > 0 ? ratio(p, fmax(p1, 0)) : 1;
        area += ratio(slope * (dtp + intercept * log(safe)), fmax(b.tp + b.fn, 0));
    }
    return area;
}

/* Height between two neighbours by the summation method. */
static double height(const char *method, double a, double b)
{
    if (kt_streq(method, "minoring"))
        return fmin(a, b);
    return kt_streq(method, "majoring") ? fmax(a, b) : (a + b) / 2;
}

static void place(const char *curve, const point *p, double *x, double *y)
{
    double recall = ratio(p->tp, p->tp + p->fn), scale = ratio(p->tp + p->fn, p->tn + p->fp);

    if (kt_streq(curve, "ROC")) {
        *x = ratio(p->fp, p->fp + p->tn);
        *y = recall;
    } else if (kt_streq(curve, "PR")) {
        *x = recall;
        *y = ratio(p->tp, p->tp + p->fp);
    } else { /* gains; without a true positive that of recall is 0 and that of precision 1 */
        *x = p->tp == 0 ? 0 : fmax(1 - scale * ratio(p->fn, p->tp), 0);
        *y = p->tp == 0 ? 1 : 1 - scale * ratio(p->fp, p->tp);
    }
}

static double area_of(const config *c, const counts *k)
{
    double area = 0, x0 = 0, y0 = 0, x, y;

    if (kt_streq(c->curve, "PR") && kt_streq(c->summation_method, "interpolation"))
        return interpolated_pr(k);
    for (int64_t i = 0; i < k->n; i++) {
        point p = at(k, i);
        place(c->curve, &p, &x, &y);
        if (i > 0)
            area += (x0 - x) * height(c->summation_method, y0, y);
        x0 = x;
        y0 = y;
    }
    return area;
}

/* Of several labels the mean, or their weighted mean. */
static void result(const kt_metric *m, double *out, int *n, int max)
{
    const config   *c = m->object->config;
    const kt_value *w = c->label_weights;
    counts          k = {.m = m, .n = c->num_thresholds->i};
    double          sum = 0, weights = 0;

    (void)max;
    *n = 1;
    k.labels = k.n ? ((kt_variable *)m->state.at[0])->value->count / k.n : 0;
    for (; k.label < k.labels; k.label++) {
        double one = 1;
        if (c->multi_label && kt_value_is_seq(w) && (size_t)k.label < w->n)
            (void)kt_value_number(w->items[k.label], &one);
        sum += one * area_of(c, &k);
        weights += one;
    }
    out[0] = ratio(sum, weights);
}

static const kt_metric_type auc = {
    .cls = {.class_name = "AUC",
            .aliases = "auc",
            .module = "keras.metrics",
            .config = &config_type,
            .summary = "Area under the ROC or precision-recall curve.",
            .check = check,
            .unwritten = "thresholds"},
    .build = build,
    .update = update,
    .result = result,
    .counted = true,
    .direction = 1,
};

const kt_class *const kt_metrics_auc[] = {&auc.cls, NULL};
