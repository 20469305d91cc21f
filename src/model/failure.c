/* failure.c - the failed prediction of a thread: many threads predict with one model, so it belongs
 * to the call and not to the model. */
#include <pthread.h>

#include "model/model.h"

/* The thread's last prediction that failed. It lies in the thread itself, so that lack of memory
 * can be told too. */
typedef kt_failure_record record;

static _Thread_local record mine;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t  key; /* only for its end: what a thread does when it ends */
static bool           has_key;

static void clear(void *p)
{
    record *r = p;

    kt_vec_free(&r->failure.rows);
    kt_last_call_clear(&r->failure.given);
    kt_fault_clear(&r->failure.fault);
    *r = (record){.model = 0};
}

static void make_key(void)
{
    has_key = pthread_key_create(&key, clear) == 0;
}

void kt_failure_keep(const kt_model *m, kt_failure *f)
{
    pthread_once(&once, make_key);
    clear(&mine);
    mine = (record){m->number, *f};
    *f = (kt_failure){.rows = {0}};
    if (has_key && pthread_setspecific(key, &mine) == 0)
        return;
    clear(&mine); /* nobody would free it: only what needs no memory is told */
    mine.model = m->number;
    kt_raise_memory(&mine.failure.fault);
}

const kt_failure *kt_failure_of(const kt_model *m)
{
    return m && mine.model == m->number ? &mine.failure : NULL;
}

void kt_failure_forget(const kt_model *m)
{
    if (!m || mine.model == m->number)
        clear(&mine);
}

kt_failure_record kt_failure_aside(void)
{
    record r = mine;

    mine = (record){.model = 0};
    return r;
}

void kt_failure_back(const kt_failure_record *r)
{
    clear(&mine);
    mine = *r;
}

kt_status kt_model_enter(kt_model *m, const char *call)
{
    if (!m)
        return kt_raise_null(call, "the model");
    kt_failure_forget(m);
    return m->fault.e.status;
}
