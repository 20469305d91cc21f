/* tried_model.c - see tried_model.h. */
#include "support/tried_model.h"

#include "support/run_numbers.h"

static void note_refusal(damage_seen *s, const kt_error *e)
{
    kt_str line = {0};

    kt_str_printf(&line, "%s: %s: %s", s->name, e->type, e->message);
    damage_refused(s, &line, e->message, "None", 120);
    kt_str_free(&line);
}

static void note_shape(damage_seen *s, const kt_shape *shape)
{
    kt_arena a = {0};

    damage_sum(&s->sum, kt_shape_text(&a, shape));
    kt_arena_free(&a);
}

/* What the model computes, as in training or not; it is built. */
static void note_numbers(damage_seen *s, const kt_model *m, int n, const kt_shape *shapes,
                         bool training)
{
    kt_fault  f = {0};
    kt_graph *g = kt_graph_new(&f);
    kt_trace *t = kt_trace_new(g, training, true, &f);
    kt_node  *io[KT_MAX_ARRAYS * 2] = {NULL};
    kt_call   c = {
          .t = t, .g = g, .training = training, .n_in = n, .in = io, .mask = io + n, .list = n > 1};

    for (int i = 0; i < n; i++)
        io[i] = kt_placeholder(g, "x", kt_model_input_dtype(m, i), shapes[i]);
    if (kt_layer_call(m->root, &c) == KT_OK)
        run_numbers(s, g, c.out, c.n_out, -1, 0);
    damage_sum(&s->sum, f.e.message);
    kt_trace_free(t);
    kt_graph_free(g);
    kt_fault_clear(&f);
}

void tried_model(damage_seen *s, kt_model *m, int n, const kt_shape *shapes)
{
    kt_shape known[KT_MAX_ARRAYS];

    if (kt_failed(m)) {
        note_refusal(s, kt_model_error(m));
        return;
    }
    for (int i = 0; i < kt_weights(m); i++)
        note_shape(s, &kt_weight_at(m, i, NULL)->shape);
    for (int i = 0; i < n; i++) {
        known[i] = shapes[i];
        for (int k = 0; k < known[i].rank; k++)
            known[i].dim[k] = known[i].dim[k] == KT_UNKNOWN ? 2 : known[i].dim[k];
    }
    for (int eager = 0; eager < 2; eager++) {
        if (kt_check_shapes(m, n, known, eager) != KT_OK) {
            note_refusal(s, kt_model_error(m));
            kt_clear_error(m);
            continue;
        }
        for (int i = 0; i < m->n_checked; i++) {
            note_shape(s, &m->checked[i].shape);
            damage_sum(&s->sum, kt_dtype_name(m->checked[i].dtype));
        }
        s->results++;
        for (int training = 0; eager && training < 2; training++)
            note_numbers(s, m, n, known, training);
    }
}
