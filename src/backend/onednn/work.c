/* work.c - primitives in a row: made once for a plan, run with the memory of each run. */
#include "backend/onednn/onednn.h"

enum { ALIGNMENT = 64 };

static bool check(kt_dnnl_work *w, dnnl_status_t status)
{
    w->failed |= status != dnnl_success;
    return !w->failed;
}

kt_dnnl_work *kt_dnnl_work_new(void)
{
    const kt_dnnl *lib = kt_dnnl_get();
    kt_dnnl_work  *w = lib ? kt_calloc(1, sizeof *w) : NULL;

    if (!w)
        return NULL;
    w->lib = lib;
    check(w, lib->dnnl_stream_create(&w->stream, lib->engine, dnnl_stream_default_flags));
    return w;
}

kt_dnnl_work *kt_dnnl_work_end(kt_dnnl_work *w)
{
    if (!w || !w->failed)
        return w;
    kt_dnnl_work_free(w);
    return NULL;
}

void kt_dnnl_work_free(void *work)
{
    kt_dnnl_work *w = work;

    if (!w)
        return;
    for (int i = 0; i < w->n; i++) {
        kt_dnnl_step *s = &w->step[i];
        w->lib->dnnl_primitive_destroy(s->primitive);
        for (int k = 0; k < s->n; k++)
            w->lib->dnnl_memory_destroy(s->memory[k].memory);
    }
    w->lib->dnnl_stream_destroy(w->stream);
    kt_free(w);
}

dnnl_memory_desc_t kt_dnnl_strided(kt_dnnl_work *w, int n, const int64_t *size,
                                   const int64_t *stride)
{
    dnnl_memory_desc_t md = {0};

    check(w, w->lib->dnnl_memory_desc_init_by_strides(&md, n, size, dnnl_f32, stride));
    return md;
}

dnnl_memory_desc_t kt_dnnl_any(kt_dnnl_work *w, const dnnl_memory_desc_t *md)
{
    dnnl_memory_desc_t any = {0};

    check(w, w->lib->dnnl_memory_desc_init_by_tag(&any, md->ndims, md->dims, dnnl_f32,
                                                  dnnl_format_tag_any));
    return any;
}

dnnl_primitive_desc_t kt_dnnl_choose(kt_dnnl_work *w, const void *op, dnnl_alg_kind_t after)
{
    const kt_dnnl        *lib = w->lib;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_post_ops_t       ops = NULL;
    dnnl_primitive_desc_t pd = NULL;

    if (check(w, lib->dnnl_primitive_attr_create(&attr)))
        check(w, lib->dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user));
    if (after != dnnl_alg_kind_undef && check(w, lib->dnnl_post_ops_create(&ops)) &&
        check(w, lib->dnnl_post_ops_append_eltwise(ops, 1, after, 0, 0)))
        check(w, lib->dnnl_primitive_attr_set_post_ops(attr, ops));
    if (!w->failed)
        check(w, lib->dnnl_primitive_desc_create(&pd, op, attr, lib->engine, NULL));
    lib->dnnl_post_ops_destroy(ops);
    lib->dnnl_primitive_attr_destroy(attr);
    return pd;
}

dnnl_memory_desc_t kt_dnnl_chosen(kt_dnnl_work *w, dnnl_primitive_desc_t pd, dnnl_query_t what)
{
    const dnnl_memory_desc_t *md = pd ? w->lib->dnnl_primitive_desc_query_md(pd, what, 0) : NULL;

    w->failed |= !md;
    return md ? *md : (dnnl_memory_desc_t){0};
}

kt_dnnl_place kt_dnnl_room(kt_dnnl_work *w, const dnnl_memory_desc_t *md)
{
    kt_dnnl_place p = {KT_DNNL_SCRATCH, w->scratch};

    w->scratch += (w->lib->dnnl_memory_desc_get_size(md) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return p;
}

static void add_memory(kt_dnnl_work *w, kt_dnnl_step *s, const kt_dnnl_operand *o)
{
    kt_dnnl_memory *m = &s->memory[s->n];

    *m = (kt_dnnl_memory){.arg = o->arg, .place = o->place};
    if (check(w, w->lib->dnnl_memory_create(&m->memory, &o->md, w->lib->engine, DNNL_MEMORY_NONE)))
        s->n++;
}

void kt_dnnl_add(kt_dnnl_work *w, dnnl_primitive_desc_t pd, int n, const kt_dnnl_operand *operand)
{
    kt_dnnl_step *s = &w->step[w->n];

    if (!w->failed && check(w, w->lib->dnnl_primitive_create(&s->primitive, pd))) {
        kt_dnnl_operand room = {.arg = DNNL_ARG_SCRATCHPAD,
                                .md = kt_dnnl_chosen(w, pd, dnnl_query_scratchpad_md)};
        w->n++;
        room.place = kt_dnnl_room(w, &room.md);
        for (int i = 0; i < n; i++)
            if (operand[i].arg)
                add_memory(w, s, &operand[i]);
        add_memory(w, s, &room);
    }
    w->lib->dnnl_primitive_desc_destroy(pd);
}

bool kt_dnnl_differ(const kt_dnnl_work *w, const dnnl_memory_desc_t *a, const dnnl_memory_desc_t *b)
{
    return !w->lib->dnnl_memory_desc_equal(a, b);
}

void kt_dnnl_reorder(kt_dnnl_work *w, const dnnl_memory_desc_t *from, kt_dnnl_place source,
                     const dnnl_memory_desc_t *to, kt_dnnl_place dest)
{
    dnnl_primitive_desc_t pd = NULL;
    kt_dnnl_operand       operands[] = {{DNNL_ARG_FROM, *from, source}, {DNNL_ARG_TO, *to, dest}};

    if (!w->failed)
        check(w, w->lib->dnnl_reorder_primitive_desc_create(&pd, from, w->lib->engine, to,
                                                            w->lib->engine, NULL));
    kt_dnnl_add(w, pd, 2, operands);
}

/* --- running ---------------------------------------------------------------------------------- */

size_t kt_dnnl_scratch(const kt_run *r)
{
    const kt_dnnl_work *w = r->state;

    return w->scratch;
}

static void *address(const kt_run *r, kt_dnnl_place p)
{
    switch (p.in) {
    case KT_DNNL_IN: return r->in[p.at].data;
    case KT_DNNL_OUT: return r->out[p.at].data;
    case KT_DNNL_SCRATCH: break;
    }
    return (char *)r->scratch + p.at;
}

static void run_step(const kt_run *r, const kt_dnnl_work *w, const kt_dnnl_step *s)
{
    dnnl_exec_arg_t arg[KT_COUNT(s->memory)];

    for (int i = 0; i < s->n; i++) {
        w->lib->dnnl_memory_set_data_handle(s->memory[i].memory, address(r, s->memory[i].place));
        arg[i] = (dnnl_exec_arg_t){s->memory[i].arg, s->memory[i].memory};
    }
    /* All that can fail was checked when it was made. */
    (void)w->lib->dnnl_primitive_execute(s->primitive, w->stream, s->n, arg);
}

/* OpenMP's number of threads belongs to the calling thread, whose program may use it too. */
void kt_dnnl_run(const kt_run *r)
{
    const kt_dnnl_work *w = r->state;
    const kt_dnnl      *lib = w->lib;
    bool                counts = lib->omp_get_max_threads && lib->omp_set_num_threads;
    int                 before = counts ? lib->omp_get_max_threads() : 0;

    if (counts)
        lib->omp_set_num_threads(kt_threads());
    for (int i = 0; i < w->n; i++)
        run_step(r, w, &w->step[i]);
    if (counts)
        lib->omp_set_num_threads(before);
}
