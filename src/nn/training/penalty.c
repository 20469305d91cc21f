/* penalty.c - regularizers and constraints at work on a value of a graph. */
#include "nn/nn.h"

static const kt_object *make(const char *family, const kt_value *v, kt_arena *a, kt_graph *g)
{
    const kt_object *o = v && v->kind != KT_NONE ? kt_object_make(a, family, v, g->fault) : NULL;

    return o && kt_object_use(o, false, g->fault) == KT_OK ? o : NULL;
}

kt_node *kt_penalty(kt_graph *g, const kt_value *regularizer, kt_node *w, kt_arena *a)
{
    const kt_object *o = make("regularizer", regularizer, a, g);

    if (!o)
        return NULL;
    return ((const kt_regularizer_type *)(const void *)o->cls)->penalty(g, o->config, w);
}

kt_node *kt_project(kt_graph *g, const kt_value *constraint, kt_node *w, kt_arena *a)
{
    const kt_object *o = make("constraint", constraint, a, g);

    if (!o)
        return w;
    return ((const kt_constraint_type *)(const void *)o->cls)->project(g, o->config, w);
}
