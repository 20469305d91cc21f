/* trial.c - playing a scene on shapes alone: where does the call end, and with what error? */
#include <string.h>

#include "doctor/doctor.h"
#include "nn/container.h"

/* --- the model -------------------------------------------------------------------------------- */

kt_model *kt_scene_model(const kt_scene *s)
{
    kt_arena *a = &s->p->arena;
    kt_fault  f = {0};
    kt_value *v = kt_value_new(a, KT_DICT);

    for (size_t i = 0; v && i < s->config->n; i++)
        if (!kt_streq(s->config->keys[i], "compile_config"))
            kt_value_add(a, v, s->config->keys[i], s->config->items[i]);
    if (v && s->compile)
        kt_value_set(a, v, "compile_config", (kt_value *)(uintptr_t)s->compile);
    kt_model *m = kt_model_from_value(v, "the model", &f);
    kt_fault_clear(&f);
    return m;
}

/* --- failing ---------------------------------------------------------------------------------- */

typedef struct trial {
    const kt_scene *s;
    kt_model       *m;
    kt_outcome      end;
} trial;

static const char *copied(const trial *t, const char *text)
{
    return text ? kt_arena_strdup(&t->s->p->arena, text) : NULL;
}

static bool fail(trial *t, kt_stage stage, int depth, const kt_error *e)
{
    t->end.stage = stage;
    t->end.depth = depth;
    t->end.error = *e;
    t->end.error.message = copied(t, e->message);
    t->end.error.layer = copied(t, e->layer);
    t->end.error.path = copied(t, e->path);
    t->end.error.hint = copied(t, e->hint);
    t->end.error.file = t->end.error.text = NULL;
    return false;
}

static bool fail_with(trial *t, kt_stage stage, kt_status status, const char *message)
{
    kt_error e = {.status = status,
                  .type = kt_status_name(status),
                  .message = message ? message : "out of memory",
                  .input = -1,
                  .axis = -1,
                  .expected = KT_NO_FACT,
                  .received = KT_NO_FACT};

    return fail(t, stage, 0, &e);
}

/* Place of a layer, or of the model inside that holds it, in the list of the configuration. */
static bool names(const kt_value *layer, const char *name)
{
    const kt_value *config = kt_value_get(layer, "config"), *list = kt_value_get(config, "layers");

    if (kt_streq(kt_value_text(kt_value_get(config, "name")), name))
        return true;
    for (size_t i = 0; kt_value_is_seq(list) && i < list->n; i++)
        if (names(list->items[i], name))
            return true;
    return false;
}

static int depth_of(const kt_scene *s, const char *layer)
{
    const kt_value *list = kt_value_get(kt_value_get(s->config, "config"), "layers");

    for (size_t i = 0; layer && kt_value_is_seq(list) && i < list->n; i++)
        if (names(list->items[i], layer))
            return (int)i;
    return 0;
}

/* --- names and numbers of arrays -------------------------------------------------------------- */

static int64_t rows_of(const kt_item *item)
{
    return item->t->shape.rank > 0 ? item->t->shape.dim[0] : 0;
}

static bool has_item(const kt_scene *s, const char *name)
{
    for (int i = 0; i < s->n_x; i++)
        if (kt_streq(s->x[i].name, name))
            return true;
    return false;
}

static void list_names(kt_str *out, const trial *t, bool of_model)
{
    int n = of_model ? kt_model_inputs(t->m) : t->s->n_x;

    for (int i = 0; i < n; i++)
        kt_str_printf(out, "%s'%s'", i ? ", " : "",
                      of_model ? kt_model_input_name(t->m, i) : t->s->x[i].name);
}

/* Arrays by names that are none of the inputs'. */
static bool check_names(trial *t)
{
    const kt_scene *s = t->s;
    const char     *missing = NULL;
    bool            named = s->n_x > 1, positions = false;

    for (int i = 0; i < s->n_x; i++) {
        named = named && *s->x[i].name;
        positions = positions || strncmp(s->x[i].name, "arr_", 4) == 0;
    }
    if (!named || positions || !kt_container_of(t->m->root))
        return true;
    for (int i = 0; i < kt_model_inputs(t->m) && !missing; i++)
        if (!has_item(s, kt_model_input_name(t->m, i)))
            missing = kt_model_input_name(t->m, i);
    if (!missing || kt_model_inputs(t->m) < 2)
        return true;
    kt_str text = {0};
    kt_str_printf(&text, "Missing data for input \"%s\". You passed a data dictionary with keys [",
                  missing);
    list_names(&text, t, false);
    kt_str_add(&text, "]. Expected the following keys: [");
    list_names(&text, t, true);
    kt_str_addc(&text, ']');
    fail_with(t, KT_AT_INPUTS, KT_E_VALUE, copied(t, kt_str_text(&text)));
    kt_str_free(&text);
    return false;
}

static bool check_number(trial *t)
{
    const kt_scene *s = t->s;
    int             want = kt_model_inputs(t->m);

    if (!kt_container_of(t->m->root) || s->n_x == want || s->n_x == 0)
        return true;
    return fail_with(t, KT_AT_INPUTS, KT_E_VALUE,
                     kt_arena_printf(&s->p->arena,
                                     "Layer \"%s\" expects %d input(s), but it received %d input "
                                     "tensors.",
                                     t->m->root->name, want, s->n_x));
}

/* Keras looks for a target of each output that has a loss. */
static bool check_targets(trial *t)
{
    int want = kt_model_outputs(t->m);

    if (t->s->n_y == 0 || t->s->n_y >= want || !kt_container_of(t->m->root) ||
        (t->s->p->call != KT_DO_FIT && t->s->p->call != KT_DO_EVALUATE))
        return true;
    return fail_with(t, KT_AT_LOSS, KT_E_KEY,
                     "The path: (0,) in the `loss` argument, can't be found in either the model's "
                     "output (`y_pred`) or in the labels (`y_true`).");
}

static bool list_sizes(kt_str *text, const char *label, const kt_item *items, int n, int64_t rows)
{
    bool same = true;

    kt_str_printf(text, "'%s' sizes: ", label);
    for (int i = 0; i < n; i++) {
        kt_str_printf(text, "%s%lld", i ? ", " : "", (long long)rows_of(&items[i]));
        same = same && rows_of(&items[i]) == rows;
    }
    kt_str_addc(text, '\n');
    return same;
}

static bool check_count(trial *t)
{
    const kt_scene *s = t->s;
    kt_str          text = {0};
    int64_t         rows = s->n_x ? rows_of(&s->x[0]) : 0;
    bool            targets = s->p->call == KT_DO_FIT || s->p->call == KT_DO_EVALUATE;

    kt_str_add(&text,
               "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
               "samples.");
    bool same = list_sizes(&text, "x", s->x, s->n_x, rows);
    if (targets && s->n_y)
        same = list_sizes(&text, "y", s->y, s->n_y, rows) && same;
    if (!same)
        fail_with(t, KT_AT_COUNT, KT_E_VALUE, copied(t, kt_str_text(&text)));
    kt_str_free(&text);
    return same;
}

/* --- the call --------------------------------------------------------------------------------- */

/* n rows of every array; the tensors are freed with release_rows. */
static kt_data rows_for(const kt_scene *s, int64_t n, bool targets)
{
    kt_data d = {.n_x = s->n_x, .n_y = targets ? s->n_y : 0};

    for (int i = 0; i < d.n_x + d.n_y; i++) {
        const kt_item *item = i < d.n_x ? &s->x[i] : &s->y[i - d.n_x];
        kt_column     *c = i < d.n_x ? &d.x[i] : &d.y[i - d.n_x];
        kt_shape       shape = item->t->shape;
        if (n >= 0 && shape.rank > 0 && n < shape.dim[0])
            shape.dim[0] = n;
        c->name = (char *)(uintptr_t)item->name;
        c->t = kt_tensor_around(item->t->data, item->t->dtype, shape);
        if (!c->t)
            kt_raise_memory(&d.fault);
    }
    return d;
}

static void release_rows(kt_data *d)
{
    for (int i = 0; i < d->n_x; i++)
        kt_tensor_unref(d->x[i].t);
    for (int i = 0; i < d->n_y; i++)
        kt_tensor_unref(d->y[i].t);
    kt_fault_clear(&d->fault);
}

/* Loss and metrics that can not be told apart by the error are told apart by leaving the metrics
 * out. */
static bool passes_without_metrics(const kt_scene *s)
{
    kt_scene *other = kt_scene_fork(s);
    kt_value *nothing = kt_value_new(&s->p->arena, KT_NONE);

    if (!other || (kt_is_none(kt_scene_compiled(s, "metrics")) &&
                   kt_is_none(kt_scene_compiled(s, "weighted_metrics"))))
        return false;
    if (!kt_scene_compile(other, "metrics", nothing) ||
        !kt_scene_compile(other, "weighted_metrics", nothing))
        return false;
    return kt_try(other).stage > KT_AT_METRIC;
}

static bool failed_call(trial *t)
{
    const kt_error *e = kt_model_error(t->m);
    bool            labels = strncmp(e->message, "Received a label value", 22) == 0;

    if (labels)
        return fail(t, KT_AT_LABELS, 0, e);
    if (e->layer || (t->m->rows.n && ((kt_row *)t->m->rows.at[t->m->rows.n - 1])->failed))
        return fail(t, KT_AT_FORWARD, (int)t->m->rows.n, e);
    fail(t, KT_AT_LOSS, 0, e);
    if (passes_without_metrics(t->s))
        t->end.stage = KT_AT_METRIC;
    return false;
}

static bool run_fit(trial *t, int64_t rows, int64_t batch)
{
    kt_data     d = rows_for(t->s, rows, true);
    kt_fit_args f = {.at = {.size = sizeof f}, .model = t->m, .data = &d, .batch_size = batch};
    kt_status   status = kt_check_fit(&f);

    release_rows(&d);
    return status == KT_OK;
}

/* As Keras traces it; then the full batch and the rest, each for itself. */
static bool fit(trial *t)
{
    int64_t rows = rows_of(&t->s->x[0]), batch = t->s->batch;
    int64_t rest = rows % batch, full = rows < batch ? rows : batch;

    if (!run_fit(t, rows, batch))
        return failed_call(t);
    if (rest == 0)
        return true;
    if (!run_fit(t, full, full))
        return failed_call(t);
    return rows < batch || run_fit(t, rest, rest) || fail(t, KT_AT_LAST, 0, kt_model_error(t->m));
}

static bool predict(trial *t)
{
    int64_t rows = t->s->n_x ? rows_of(&t->s->x[0]) : 0, batch = t->s->batch, rest = rows % batch;
    bool    ok = true;

    for (int i = 0; i < 2 && ok; i++) {
        int64_t n = i == 0 ? (rows < batch ? rows : batch) : rest;
        if (i == 1 && (rest == 0 || rows < batch))
            break;
        kt_data d = rows_for(t->s, n, false);
        ok = kt_check_predict(t->m, &d) == KT_OK;
        release_rows(&d);
        if (!ok && i == 1)
            return fail(t, KT_AT_LAST, 0, kt_model_error(t->m));
    }
    return ok || failed_call(t);
}

static bool build(trial *t)
{
    if (t->s->n_x == 0)
        return kt_check_shapes(t->m, 0, NULL, false) == KT_OK || failed_call(t);
    kt_data d = rows_for(t->s, 2, false);
    bool    ok = kt_check_data(t->m, &d) == KT_OK;

    release_rows(&d);
    return ok || failed_call(t);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool check_numbers(trial *t)
{
    const char *layer = NULL, *said = kt_bad_index(t->s, t->m, &layer);

    if (!said)
        said = kt_bad_label(t->s, t->m);
    if (!said)
        return true;
    fail_with(t, KT_AT_LABELS, KT_E_INVALID_ARGUMENT, said);
    t->end.error.layer = copied(t, layer);
    return false;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool call(trial *t)
{
    bool targets = t->s->n_y > 0 && (t->s->p->call == KT_DO_FIT || t->s->p->call == KT_DO_EVALUATE);

    if (t->s->n_x == 0 || t->s->p->call == KT_DO_BUILD)
        return build(t);
    return targets ? fit(t) : predict(t);
}

static void note_outputs(trial *t)
{
    int n = kt_model_outputs(t->m);

    for (int i = 0; i < n && i < KT_MAX_OUTPUTS; i++) {
        const kt_shape *shape = kt_model_output_shape(t->m, i);
        if (shape)
            t->end.out[t->end.n_out++] = *shape;
    }
}

/* Weights of a layer and of those inside. */
static double weights_of(const kt_layer *l)
{
    double n = 0;

    for (size_t k = 0; l && k < l->weights.n; k++)
        n += (double)((const kt_variable *)l->weights.at[k])->value->count;
    for (size_t k = 0; l && k < l->sublayers.n; k++)
        n += weights_of(l->sublayers.at[k]);
    return n;
}

static double places_of(const kt_shape *s, bool channels)
{
    double n = 1;

    for (int a = 1; a + !channels < s->rank; a++)
        n *= s->dim[a] > 0 ? (double)s->dim[a] : 1;
    return n;
}

/* Each weight is used once for each place, or step, of the larger of input and output. */
static void note_work(trial *t)
{
    for (size_t i = 0; i < t->m->rows.n; i++) {
        const kt_row *r = t->m->rows.at[i];
        double        weights = weights_of(r->layer);
        double        out = r->n_out ? places_of(&r->out[0], false) : 1;
        double        in = r->n_in ? places_of(&r->in[0], false) : 1;
        t->end.work += weights * (in > out ? in : out);
        t->end.work += r->n_out ? places_of(&r->out[0], true) : 0;
        t->end.numbers += weights;
    }
}

static kt_outcome play(const kt_scene *s)
{
    trial t = {.s = s};
    bool  before = kt_set_shapes_only(true);

    s->p->tries++;
    t.m = kt_scene_model(s);
    if (!t.m)
        fail_with(&t, KT_AT_BUILD, KT_E_MEMORY, NULL);
    else if (kt_failed(t.m))
        fail(&t, KT_AT_BUILD, depth_of(s, kt_model_error(t.m)->layer), kt_model_error(t.m));
    else if (check_names(&t) && check_number(&t) && check_count(&t) && check_targets(&t) &&
             call(&t) && check_numbers(&t))
        t.end.stage = KT_PASSED;
    if (t.m) {
        note_outputs(&t);
        note_work(&t);
    }
    kt_model_free(t.m);
    kt_set_shapes_only(before);
    return t.end;
}

kt_outcome kt_try(const kt_scene *s)
{
    if (s->memo->end)
        return *s->memo->end;
    kt_outcome  end = play(s);
    kt_outcome *kept = kt_arena_alloc(&s->p->arena, sizeof *kept);

    if (kept)
        *kept = end;
    s->memo->end = kept;
    return end;
}
