/* legacy_optimizer.c - the state of an optimizer in a whole .h5 file: optimizer_weights, with the
 * order of variables of its time. */
#include <string.h>

#include "io/legacy.h"

/* Whether the optimizers of that time had the learning rate among their variables. */
static bool is_rate(const char *name)
{
    const char *last = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;

    return strncmp(last, "learning_rate", 13) == 0 ||
           strncmp(last, "current_learning_rate", 21) == 0;
}

/* The optimizers of Keras 2.0 to 2.10 ("iter", "iterations") write a slot of all weights after the
 * other, those since then ("iteration") the slots of each weight. */
static bool slot_by_slot(const kt_texts *stored)
{
    const char *last = strrchr(stored->at[0], '/');

    last = last ? last + 1 : stored->at[0];
    return strncmp(last, "iteration", 9) != 0 || last[9] == 's';
}

/* Which of the stored variables is the optimizer's number i, of which the first `own` are no slots
 * (iterations, and a learning rate unless there is a schedule); -1: none. Adam of Keras 2.0 to 2.3
 * has a third slot at the end, of nothing, where amsgrad is off. */
static int place(const kt_texts *stored, int i, int weights, int slots, int own)
{
    bool rate = is_rate(stored->at[1]), across = slot_by_slot(stored);
    int  first = rate ? 2 : 1, more = stored->n - first - weights * slots;

    if (i == 0)
        return 0;
    if (i < own)
        return rate ? 1 : -1;
    i -= own;
    if (more != 0 && !(across && slots == 2 && more == weights))
        return -1;
    return across ? first + i % slots * weights + i / slots : first + i;
}

static bool same_shape(const kt_array *a, const kt_variable *v)
{
    bool same = a->rank == v->shape.rank;

    for (int i = 0; same && i < a->rank; i++)
        same = a->dim[i] == v->shape.dim[i];
    return same;
}

/* Reads each variable, and keeps it where `keep`; false: it does not fit, or f is raised. */
static bool pass(kt_legacy_file *r, const kt_optimizer *o, const kt_texts *stored, int slots,
                 bool keep)
{
    bool fits = true;

    for (int i = 0; i < (int)o->variables.n && fits; i++) {
        kt_variable *v = o->variables.at[i];
        int          own = o->learning_rate ? 2 : 1;
        int          from = place(stored, i, (int)o->trainable.n, slots, own);
        kt_array     a = {0};
        const char  *path = from < 0 ? NULL
                                     : kt__legacy_path(r, "optimizer_weights", stored->at[from]);

        fits = path ? kt_h5_read(r->h, path, &a, r->f) == KT_OK && same_shape(&a, v)
                    : i > 0 && i < own;
        if (fits && keep && path)
            fits = kt_weight_store(v, &a, r->name, path, r->f) == KT_OK;
        kt_array_free(&a);
    }
    return fits;
}

/* The state of another optimizer: this one begins anew, as in Keras. */
static void read_state(kt_legacy_file *r, kt_optimizer *o, const kt_texts *stored)
{
    int n = (int)o->variables.n - (o->learning_rate ? 2 : 1), weights = (int)o->trainable.n;
    int slots = weights > 0 ? n / weights : 0;

    if (slots > 0 && slots * weights == n && pass(r, o, stored, slots, false))
        pass(r, o, stored, slots, true);
}

kt_status kt_legacy_read_optimizer(kt_model *m, kt_h5 *h, const char *name, kt_fault *f)
{
    kt_legacy_file r = {.h = h, .name = name, .root = "", .f = f};
    kt_texts       stored = {0};

    const char *version = kt_h5_attr_text(h, "/", "keras_version", &r.a, f);
    if (kt_keras_of(version, 1) == 1) /* in the order of the weights' names: it begins anew */
        ;
    else if (m->optimizer && kt_h5_exists(h, "optimizer_weights") &&
             kt__legacy_names(&r, "optimizer_weights", "weight_names", &stored) == KT_OK &&
             stored.n > 2) {
        if (kt_model_build_optimizer(m) != KT_OK)
            kt_fault_copy(f, &m->fault);
        else
            read_state(&r, m->optimizer, &stored);
    }
    kt_arena_free(&r.a);
    return f->e.status;
}
