/* steps.c - the plans that a model keeps: found by their key, up to a bound in bytes. */
#include <pthread.h>
#include <string.h>

#include "model/step.h"

enum { MOST_STEPS = 1024 }; /* trials are small, but are searched one by one */
#define DEFAULT_LIMIT ((size_t)256 << 20)

static bool same_key(const kt_step_key *a, const kt_step_key *b)
{
    bool same = a->purpose == b->purpose && a->rows == b->rows && a->trial == b->trial &&
                a->n_x == b->n_x && a->n_y == b->n_y && a->y_named == b->y_named &&
                a->n_texts == b->n_texts;

    for (int i = 0; same && i < a->n_x; i++)
        same = kt_shape_equal(&a->x[i], &b->x[i]);
    for (int i = 0; same && i < a->n_texts; i++)
        same = a->text[i] == b->text[i];
    for (int i = 0; same && i < a->n_y; i++)
        same = kt_shape_equal(&a->y[i], &b->y[i]) && a->y_dtype[i] == b->y_dtype[i] &&
               kt_shape_equal(&a->weight[i], &b->weight[i]);
    return same;
}

/* --- the bound -------------------------------------------------------------------------------- */

static kt_step *take_out(kt_model *m, size_t i)
{
    kt_step *s = m->steps.at[i];

    m->steps.n--;
    memmove(m->steps.at + i, m->steps.at + i + 1, (m->steps.n - i) * sizeof *m->steps.at);
    m->steps_bytes -= s->bytes;
    return s;
}

static bool put_last(kt_model *m, kt_step *s)
{
    if (!kt_vec_push(&m->steps, s))
        return false;
    m->steps_bytes += s->bytes;
    return true;
}

/* Forgets the least recently used until the rest is within the bound. What is in use stays, and so
 * does the last one used: a plan that is larger than the bound is still made only once. */
static void trim(kt_model *m)
{
    size_t limit = m->steps_limit ? m->steps_limit : DEFAULT_LIMIT;

    for (size_t i = 0; i + 1 < m->steps.n && (m->steps_bytes > limit || m->steps.n > MOST_STEPS);) {
        if (((const kt_step *)m->steps.at[i])->busy)
            i++;
        else
            kt_step_free(take_out(m, i));
    }
}

/* --- taking and giving back ------------------------------------------------------------------- */

/* The kept one, as the last one used, or NULL. */
static kt_step *find(kt_model *m, const kt_step_key *key)
{
    for (size_t i = m->steps.n; i-- > 0;) {
        kt_step *s = m->steps.at[i];
        if (s->busy || !same_key(&s->key, key))
            continue;
        take_out(m, i);
        (void)put_last(m, s); /* there is room for one that was taken out */
        return s;
    }
    return NULL;
}

static kt_step *get(kt_model *m, const kt_step_key *key, kt_fault *f, kt_failure *failure)
{
    pthread_mutex_lock(m->lock);
    kt_step *s = find(m, key);
    if (!s) {
        s = kt_step_new(m, key, f, failure);
        if (s && !put_last(m, s)) {
            kt_step_free(s);
            s = NULL;
            kt_raise_memory(f);
        }
    }
    if (s) {
        s->busy = true;
        trim(m);
    }
    pthread_mutex_unlock(m->lock);
    return s;
}

kt_step *kt_step_get(kt_model *m, const kt_step_key *key, kt_fault *f)
{
    return get(m, key, f, NULL);
}

kt_step *kt_step_get_for(kt_model *m, const kt_step_key *key, kt_failure *f)
{
    return get(m, key, &f->fault, f);
}

void kt_step_done(kt_model *m, kt_step *s)
{
    if (!s)
        return;
    pthread_mutex_lock(m->lock);
    s->busy = false;
    trim(m);
    pthread_mutex_unlock(m->lock);
}

void kt_steps_clear(kt_model *m)
{
    while (m->steps.n > 0)
        kt_step_free(take_out(m, m->steps.n - 1));
}

/* --- for users -------------------------------------------------------------------------------- */

void kt_set_plan_memory(kt_model *m, size_t bytes)
{
    if (!m) {
        kt_raise_null("kt_set_plan_memory", "the model");
        return;
    }
    pthread_mutex_lock(m->lock);
    m->steps_limit = bytes;
    trim(m);
    pthread_mutex_unlock(m->lock);
}

size_t kt_plan_memory(const kt_model *m)
{
    size_t bytes = 0;

    if (!m)
        return bytes;
    pthread_mutex_lock(m->lock);
    bytes = m->steps_bytes;
    pthread_mutex_unlock(m->lock);
    return bytes;
}
