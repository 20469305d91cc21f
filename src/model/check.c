/* check.c - calling a model on shapes alone: what `check`, kt_build and kt_explain look at. */
#include <string.h>

#include "model/step.h"
#include "nn/container.h"

/* --- one tracing ------------------------------------------------------------------------------ */

/* The call of the root, with placeholders of these shapes; in the graph's arena, or NULL. */
static kt_call *root_call(kt_trace *t, int n, const kt_shape *shapes, const kt_dtype *dtypes)
{
    kt_graph *g = t->g;
    kt_call  *c = kt_arena_alloc(&g->arena, sizeof *c);
    kt_node **io = kt_arena_calloc(&g->arena, (size_t)(n + 1) * 2, sizeof *io);

    if (!c || !io) {
        kt_raise_memory(g->fault);
        return NULL;
    }
    for (int i = 0; i < n; i++)
        io[i] = kt_placeholder(g, "x", dtypes[i], shapes[i]);
    *c = (kt_call){.t = t,
                   .g = g,
                   .training = t->training,
                   .n_in = n,
                   .in = io,
                   .mask = io + n + 1,
                   .list = n > 1};
    return c;
}

static void note_outputs(const kt_call *c, kt_result *out, int *n_out)
{
    *n_out = c->n_out < KT_MAX_OUTPUTS ? c->n_out : KT_MAX_OUTPUTS;
    for (int i = 0; i < *n_out; i++) {
        out[i].dtype = c->out[i]->dtype;
        out[i].shape = c->out[i]->shape;
        memcpy(out[i].origin, c->out[i]->origin, sizeof out[i].origin);
    }
}

void kt_rows_copy(kt_vec *rows, kt_arena *a, const kt_trace *t)
{
    rows->n = 0;
    for (size_t i = 0; i < t->rows.n; i++) {
        kt_row *copy = kt_arena_alloc(a, sizeof *copy);
        if (copy) {
            *copy = *(const kt_row *)t->rows.at[i];
            (void)kt_vec_push(rows, copy);
        }
    }
}

void kt_rows_keep(kt_model *m, const kt_trace *t)
{
    kt_arena_free(&m->rows_arena);
    kt_rows_copy(&m->rows, &m->rows_arena, t);
}

/* One symbolic or eager tracing: fills m->rows, and m->checked with the outputs' shapes. eager:
 * shapes are those of data that the model is called on, `data` its tensors or NULL. */
static kt_status run_trace(kt_model *m, int n, const kt_shape *shapes, const kt_dtype *dtypes,
                           bool eager, kt_tensor *const *data)
{
    m->n_checked = 0;
    kt_graph *g = kt_graph_new(&m->fault);
    kt_trace *t = g ? kt_trace_new(g, false, eager, &m->fault) : NULL;
    if (t) {
        t->data = data;
        kt_call *c = root_call(t, n, shapes, dtypes);
        if (c && kt_texts_trace(m->root, t, NULL, data, n, c->in) == KT_OK &&
            kt_layer_call(m->root, c) == KT_OK)
            note_outputs(c, m->checked, &m->n_checked);
        kt_rows_keep(m, t);
    }
    kt_trace_free(t);
    kt_graph_free(g);
    return m->fault.e.status;
}

/* --- for users -------------------------------------------------------------------------------- */

/* Without shapes of the caller: those of the inputs. 0 if the model declares none. */
static int declared_shapes(const kt_model *m, kt_shape *out)
{
    const kt_container *c = kt_container_of(m->root);
    int                 n = c && c->ready && c->n_in <= KT_MAX_ARRAYS ? c->n_in : 0;

    for (int i = 0; i < n; i++)
        out[i] = kt_symbol_result(c->in[i])->shape;
    if (!c && m->root->batch_shape.set)
        out[n++] = m->root->batch_shape.v;
    return n;
}

static kt_status check(kt_model *m, int n, const kt_shape *shapes, bool as_data,
                       kt_tensor *const *data)
{
    kt_dtype dtypes[KT_MAX_ARRAYS];

    if (kt_lacks_positional(m->root, &m->fault) != KT_OK)
        return m->fault.e.status;
    /* a call on data builds a Sequential with the batch size too, which fit leaves open */
    if (as_data && kt_model_build(m, n, shapes) != KT_OK)
        return m->fault.e.status;
    for (int i = 0; i < n; i++) {
        dtypes[i] = kt_model_input_dtype(m, i);
        if (data && (data[i]->dtype == KT_STRING) != (dtypes[i] == KT_STRING))
            return kt_raise_no_cast(&m->fault, data[i]->dtype, dtypes[i]);
    }
    return run_trace(m, n, shapes, dtypes, as_data, data);
}

kt_status kt_check_shapes(kt_model *m, int n, const kt_shape *shapes, bool as_data)
{
    kt_shape own[KT_MAX_ARRAYS];

    if (kt_model_enter(m, "kt_check_shapes") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    if (n > 0 && !shapes)
        return kt_raise(&m->fault, KT_E_VALUE, "kt_check_shapes: the list of shapes is NULL");
    if (n > KT_MAX_ARRAYS)
        return kt_raise(&m->fault, KT_E_VALUE, "a model takes at most %d inputs", KT_MAX_ARRAYS);
    if (n == 0) {
        n = declared_shapes(m, own);
        shapes = own;
    }
    if (n > 0 && check(m, n, shapes, as_data, NULL) != KT_OK)
        kt_last_call_keep_shapes(&m->given, n, shapes);
    return m->fault.e.status;
}

kt_status kt_check_data(kt_model *m, const kt_data *x)
{
    kt_shape   shapes[KT_MAX_ARRAYS];
    kt_tensor *data[KT_MAX_ARRAYS];
    kt_data    d;

    if (kt_model_enter(m, "kt_check_data") != KT_OK)
        return m ? m->fault.e.status : KT_E_VALUE;
    if (!x || kt_fault_copy(&m->fault, &x->fault) != KT_OK || x->n_x == 0)
        return kt_raise(&m->fault, KT_E_VALUE, "no data was given");
    d = *x;
    /* a call takes the arrays as they come where their number is not that of the inputs */
    if (x->n_x == kt_model_inputs(m) && kt_arrange(m, x, kt_data_rows(x), &d, &m->fault) != KT_OK)
        return m->fault.e.status;
    bool numbers = true; /* messages print them; in a trial of the doctor there are none */
    for (int i = 0; i < d.n_x; i++) {
        data[i] = d.x[i].t;
        shapes[i] = data[i]->shape;
        numbers = numbers && data[i]->data;
    }
    if (check(m, d.n_x, shapes, true, numbers ? data : NULL) != KT_OK)
        kt_last_call_keep(&m->given, "build", x, 0, 0);
    return m->fault.e.status;
}

kt_status kt_check_batch(kt_model *m, const kt_data *x)
{
    const kt_container *c = kt_container_of(m->root);
    kt_shape            shapes[KT_MAX_ARRAYS];
    kt_tensor          *data[KT_MAX_ARRAYS];
    bool                cut = false;

    for (int i = 0; i < x->n_x; i++) {
        int64_t rows = c && c->ready && i < c->n_in ? kt_dim(&kt_symbol_result(c->in[i])->shape, 0)
                                                    : KT_UNKNOWN;
        data[i] = x->x[i].t;
        shapes[i] = data[i]->shape;
        cut = cut || !data[i]->data;
        if (rows != KT_UNKNOWN && shapes[i].rank > 0) {
            shapes[i].dim[0] = rows;
            cut = true;
        }
    }
    return check(m, x->n_x, shapes, true, cut ? NULL : data);
}

int kt_checked_outputs(const kt_model *m)
{
    return m ? m->n_checked : 0;
}

kt_shape kt_checked_output(const kt_model *m, int i)
{
    return m && i >= 0 && i < m->n_checked ? m->checked[i].shape : (kt_shape){.rank = -1};
}
