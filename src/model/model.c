/* model.c - making, naming and freeing models; building them for a shape. */
#include "model/model.h"

#include <pthread.h>
#include <string.h>

#include "model/step.h"
#include "nn/container.h"

static _Atomic uint64_t numbers;

kt_model *kt_model_around(kt_layer *root)
{
    kt_model        *m = kt_alloc(sizeof *m);
    pthread_mutex_t *lock = kt_alloc(sizeof *lock);

    if (!m || !lock || !root) {
        kt_free(m);
        kt_free(lock);
        kt_layer_free(root);
        return NULL;
    }
    pthread_mutex_init(lock, NULL);
    m->lock = lock;
    m->number = ++numbers;
    m->root = root;
    m->scales = kt_policy_scales(kt_usual_policy());
    root->owners++;
    kt_fault_copy(&m->fault, &root->fault);
    return m;
}

static kt_layer *empty_layer(const char *class_name, const char *name)
{
    kt_arena  a = {0};
    kt_value *v = kt_value_new(&a, KT_CALL);
    bool      ok = v && (v->s = class_name) &&
              (!name || kt_value_add(&a, v, "name", kt_value_str(&a, name)));
    kt_layer *l = ok ? kt_layer_from_value(v) : NULL;

    kt_arena_free(&a);
    return l;
}

static bool given_before(kt_layer *const *layers, int at)
{
    for (int i = 0; i < at; i++)
        if (layers[i] == layers[at])
            return true;
    return false;
}

static void add_layer(kt_layer *root, kt_layer *const *layers, int i)
{
    bool failed = !root || kt_layer_status(root) != KT_OK;

    if (!layers[i] && root)
        kt_layer_fail(
            root, KT_E_VALUE,
            "Only instances of `keras.Layer` can be added to a Sequential model. Received: None (of type <class 'NoneType'>)");
    else if (failed && given_before(layers, i))
        return; /* it may be gone already */
    else if (root)
        kt_sequential_add(root, layers[i]);
    else
        kt_layer_free(layers[i]);
}

kt_model *kt_sequential_list(int n, kt_layer *const *layers)
{
    kt_layer *root = empty_layer("Sequential", NULL);

    if (root && !layers && n > 0)
        kt_layer_fail(root, KT_E_VALUE, "kt_sequential_list: the list of layers is NULL");
    for (int i = 0; layers && i < n; i++)
        add_layer(root, layers, i);
    if (root && kt_sequential_input(root) && root->sublayers.n > 1)
        kt_sequential_build(root, NULL);
    return kt_model_around(root);
}

kt_model *kt_sequential_of(kt_layer *const *layers)
{
    int n = 0;

    while (layers && layers[n])
        n++;
    return kt_sequential_list(layers ? n : 1, layers);
}

kt_model *kt_functional_named(const char *name, int n_in, const char *const *in_names,
                              const kt_symbol *in, int n_out, const char *const *out_names,
                              const kt_symbol *out)
{
    kt_layer *root = empty_layer("Functional", name);
    kt_symbol inputs[KT_MAX_IO], outputs[KT_MAX_IO];

    bool whole = in && out && n_in > 0 && n_out > 0 && n_in <= KT_MAX_IO && n_out <= KT_MAX_OUTPUTS;

    if (root && whole) {
        memcpy(inputs, in, (size_t)n_in * sizeof *in);
        memcpy(outputs, out, (size_t)n_out * sizeof *out);
        kt_functional_name(root, n_in, in_names, inputs, n_out, out_names, outputs);
        kt_functional_connect(root, n_in, inputs, n_out, outputs);
        return kt_model_around(root);
    }
    kt_functional_discard(in ? n_in : 0, in, out ? n_out : 0, out);
    if (root && (!in || !out))
        kt_layer_fail(root, KT_E_VALUE, "kt_functional: the list of %s is NULL",
                      !in ? "inputs" : "outputs");
    else if (root)
        kt_layer_fail(root, KT_E_VALUE, "A model needs 1 to %d inputs and 1 to %d outputs",
                      KT_MAX_IO, KT_MAX_OUTPUTS);
    return kt_model_around(root);
}

kt_model *kt_functional(const char *name, int n_in, const kt_symbol *in, int n_out,
                        const kt_symbol *out)
{
    return kt_functional_named(name, n_in, NULL, in, n_out, NULL, out);
}

kt_layer *kt_model_as_layer(kt_model *m)
{
    kt_layer *root = m ? m->root : NULL;

    if (!root) {
        kt_raise_null("kt_model_as_layer", "the model");
        return NULL;
    }
    kt_fault_copy(&root->fault, &m->fault);
    root->owners++; /* outlives its model */
    kt_model_free(m);
    root->owners--;
    return root;
}

kt_symbol kt_symbol_of(kt_layer *input_layer)
{
    return input_layer ? kt_input_symbol(input_layer) : (kt_symbol){NULL, -1, 0};
}

kt_symbol kt_apply(kt_layer *l, kt_symbol x)
{
    return kt_layer_apply(l, 1, &x, false, NULL, NULL);
}

kt_symbol kt_apply_list(kt_layer *l, int n, const kt_symbol *x)
{
    if (l && !x && n > 0) {
        kt_layer_fail(l, KT_E_VALUE, "kt_apply_list: the list of inputs is NULL");
        return (kt_symbol){l, -1, 0};
    }
    return kt_layer_apply(l, n, x, true, NULL, NULL);
}

kt_symbol kt_output_of(kt_symbol s, int index)
{
    s.index = index;
    return s.layer ? s : (kt_symbol){NULL, -1, 0};
}

/* A layer that carries only an error, for expressions that can not be read. */
static kt_layer *failed_layer(const kt_fault *why)
{
    kt_layer *l = empty_layer("Sequential", NULL);

    if (l)
        kt_fault_copy(&l->fault, why);
    return l;
}

kt_layer *kt_layer_from(const char *expression)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_value *v = kt_expr_parse(expression ? expression : "", &a, &f);
    kt_layer *l = v ? kt_layer_from_value(v) : failed_layer(&f);

    kt_fault_clear(&f);
    kt_arena_free(&a);
    return l;
}

kt_symbol kt_operation(const char *call, int n, const kt_symbol *x)
{
    kt_arena  a = {0};
    kt_fault  f = {0};
    kt_symbol s = {NULL, -1, 0};
    kt_value *v = kt_expr_parse(call ? call : "", &a, &f);

    if (v && (n < 0 || n >= KT_MAX_IO || (n > 0 && !x)))
        kt_raise(&f, KT_E_VALUE, "kt_operation: it takes 0 to %d symbols", KT_MAX_IO - 1);
    else if (v)
        s = kt_operation_apply(v, n, x, &f);
    if (f.e.status != KT_OK) /* a layer that failed, through which the others are found */
        s = kt_layer_apply(failed_layer(&f), x && n > 0 && n < KT_MAX_IO ? n : 0, x, true, NULL,
                           NULL);
    kt_fault_clear(&f);
    kt_arena_free(&a);
    return s;
}

kt_model *kt_model_from(const char *expression)
{
    return kt_model_around(kt_layer_from(expression));
}

const kt_error *kt_layer_error(const kt_layer *l)
{
    return l && l->fault.e.status != KT_OK ? &l->fault.e : NULL;
}

void kt_model_free(kt_model *m)
{
    if (!m)
        return;
    kt_steps_clear(m);
    kt_vec_free(&m->steps);
    kt_targets_clear(m);
    kt_optimizer_free(m->optimizer);
    kt_layer_release(m->root);
    kt_vec_free(&m->rows);
    kt_legend_free(m->legend);
    kt_arena_free(&m->rows_arena);
    kt_failure_forget(m);
    kt_last_call_clear(&m->given);
    kt_fault_clear(&m->fault);
    kt_arena_free(&m->arena);
    pthread_mutex_destroy(m->lock);
    kt_free(m->lock);
    kt_free(m);
}

int kt_failed(const kt_model *m)
{
    return !m || kt_model_error(m) != NULL;
}

const kt_error *kt_model_error(const kt_model *m)
{
    const kt_failure *f = m && m->fault.e.status == KT_OK ? kt_failure_of(m) : NULL;

    if (f)
        return &f->fault.e;
    return m && m->fault.e.status != KT_OK ? &m->fault.e : NULL;
}

/* A layer that could not be made or built stays failed: only errors of work on the model can be
 * left behind. */
void kt_clear_error(kt_model *m)
{
    if (!m)
        return;
    kt_failure_forget(m);
    kt_last_call_clear(&m->given);
    kt_fault_clear(&m->fault);
    kt_fault_copy(&m->fault, &m->root->fault);
}

/* --- inputs and outputs ----------------------------------------------------------------------- */

static const kt_container *ready(const kt_model *m)
{
    const kt_container *c = m ? kt_container_of(m->root) : NULL;

    return c && c->ready ? c : NULL;
}

int kt_model_inputs(const kt_model *m)
{
    const kt_container *c = ready(m);

    return c ? c->n_in : 1;
}

const char *kt_model_input_name(const kt_model *m, int i)
{
    const kt_container *c = ready(m);

    if (!c)
        return m->root->name;
    if (i < 0 || i >= c->n_in)
        return NULL;
    return c->in_keys && c->in_keys[i] ? c->in_keys[i] : c->in[i].layer->name;
}

kt_dtype kt_model_input_dtype(const kt_model *m, int i)
{
    const kt_container *c = ready(m);

    return c && i >= 0 && i < c->n_in ? kt_symbol_result(c->in[i])->dtype : KT_F32;
}

int kt_model_outputs(const kt_model *m)
{
    const kt_container *c = ready(m);

    return c ? c->n_out : 1;
}

const kt_shape *kt_model_output_shape(const kt_model *m, int i)
{
    const kt_container *c = ready(m);

    return c && i >= 0 && i < c->n_out ? &kt_symbol_result(c->out[i])->shape : NULL;
}

static bool names_an_output(const kt_container *c, const char *name)
{
    for (int k = 0; k < c->n_out; k++)
        if (kt_streq(c->out[k].layer->name, name))
            return true;
    return false;
}

/* name_1, name_2 ..., the n-th of those that no output layer has; NULL without memory. */
static const char *numbered(kt_arena *a, const kt_container *c, const char *name, int n)
{
    const char *text = name;

    for (int number = 1; text && n > 0; number++) {
        text = kt_arena_printf(a, "%s_%d", name, number);
        n -= !text || !names_an_output(c, text);
    }
    return text;
}

const char *kt_output_key(const kt_model *m, int i)
{
    const kt_container *c = ready(m);

    return c && i >= 0 && i < c->n_out && c->out_keys && c->out_keys[i]
             ? c->out_keys[i]
             : kt_model_output_name(m, i);
}

/* The layer's name; later results of one layer get _1, _2 ... */
const char *kt_model_output_name(const kt_model *m, int i)
{
    const kt_container *c = ready(m);

    if (m && !c && i > 0) /* a lone layer may give several */
        return kt_arena_printf(&((kt_model *)(uintptr_t)m)->arena, "%s_%d", m->root->name, i);
    if (!c)
        return m ? m->root->name : NULL;
    if (i < 0 || i >= c->n_out)
        return NULL;
    int before = 0;
    for (int k = 0; k < i; k++)
        before += c->out[k].layer == c->out[i].layer;
    return numbered(&((kt_model *)(uintptr_t)m)->arena, c, c->out[i].layer->name, before);
}

const char *kt_model_name(const kt_model *m)
{
    return m ? m->root->name : "";
}

/* --- building --------------------------------------------------------------------------------- */

kt_status kt_model_build(kt_model *m, int n, const kt_shape *shapes)
{
    if (m->root->type == &kt_layer_sequential && n == 1 && !kt_sequential_container(m->root)->ready)
        kt_sequential_build(m->root, &shapes[0]);
    return kt_fault_copy(&m->fault, &m->root->fault);
}

kt_status kt_model_settle(kt_model *m, int n, const kt_shape *shapes)
{
    kt_shape s = n > 0 ? shapes[0] : (kt_shape){.rank = 0};

    if (s.rank > 0)
        s.dim[0] = KT_UNKNOWN;
    return kt_model_build(m, n, &s);
}

kt_status kt_build(kt_model *m, int n, const kt_shape *input_shapes)
{
    kt_status status = kt_model_enter(m, "kt_build");

    if (status != KT_OK)
        return status;
    if (n > 0 && !input_shapes)
        return kt_raise(&m->fault, KT_E_VALUE, "kt_build: the list of shapes is NULL");
    const kt_container *c = kt_container_of(m->root);
    if (m->root->type == &kt_layer_sequential && n == 1 && c->ready) {
        const kt_shape *own = &kt_symbol_result(c->in[0])->shape;
        if (!kt_shape_equal(own, &input_shapes[0]))
            return kt_raise(&m->fault, KT_E_VALUE,
                            "Sequential model '%s' has already been configured to use input shape "
                            "%s. You cannot build it with input_shape %s",
                            m->root->name, kt_shape_text(&m->arena, own),
                            kt_shape_text(&m->arena, &input_shapes[0]));
    }
    return kt_model_build(m, n, input_shapes);
}

int64_t kt_count_parameters(const kt_model *m)
{
    return m ? kt_count_params(m->root) : 0;
}

int kt_weights(const kt_model *m)
{
    kt_vec all = {0};
    int    n = 0;

    if (m && kt_collect_weights(m->root, false, false, &all) == KT_OK)
        n = (int)all.n;
    kt_vec_free(&all);
    return n;
}

kt_tensor *kt_weight_at(const kt_model *m, int i, const char **path)
{
    kt_vec     all = {0};
    kt_tensor *t = NULL;

    if (m && i >= 0 && kt_collect_weights(m->root, false, false, &all) == KT_OK && i < (int)all.n) {
        kt_variable *v = all.at[i];
        t = v->value;
        if (path)
            *path = v->path;
    }
    kt_vec_free(&all);
    return t;
}

void kt_stop(kt_model *m)
{
    if (m)
        m->stop = 1;
}

void kt_set_seed(uint64_t seed)
{
    kt_set_random_seed(seed);
}

kt_status kt_set_dtype_policy(const char *name)
{
    kt_fault f = {0};

    kt_set_usual_policy(name, &f);
    return kt_fault_leave(&f);
}

const char *kt_dtype_policy(void)
{
    return kt_policy_name(kt_usual_policy());
}

void kt_set_threads(int n)
{
    kt_set_threads_count(n > 0 ? n : 1);
}

void kt_shutdown(void)
{
    kt_stop_threads();
    kt_failure_forget(NULL);
}

const char *kt_version(void)
{
    return "0.1.0";
}
