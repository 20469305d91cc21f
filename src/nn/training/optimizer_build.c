/* optimizer_build.c - the slots, and one block of memory for all weights, so that one kernel
 * updates them all. */
#include "nn/optimizer.h"

#include <string.h>

static size_t bytes_of(const kt_tensor *t)
{
    return (size_t)t->count * kt_dtype_size(t->dtype);
}

static kt_variable *weight(const kt_optimizer *o, size_t i)
{
    return o->trainable.at[i];
}

/* --- the kinds of slots --- */

static void list_kinds(kt_optimizer *o)
{
    if (o->base.use_ema)
        o->kind[o->n_kinds++] = (kt_slot_kind){.name = "average"};
    if (o->base.gradient_accumulation_steps.set)
        o->kind[o->n_kinds++] = (kt_slot_kind){.name = "gradient_accumulator"};
    o->own = o->n_kinds;
    if (o->type->slots)
        o->n_kinds += o->type->slots(o->object->config, &o->kind[o->own]);
}

static void fill(kt_tensor *t, double x)
{
    for (int64_t i = 0; x != 0 && i < t->count; i++)
        kt_tensor_set(t, i, x);
}

/* --- the block --- */

/* One block needs weights of one real dtype that no other optimizer has in its own block. */
static bool wants_block(const kt_optimizer *o)
{
    int64_t total = 0;

    for (size_t i = 0; i < o->trainable.n; i++) {
        const kt_variable *v = weight(o, i);

        if (v->dtype != weight(o, 0)->dtype || !kt_dtype_is_float(v->dtype) || v->block)
            return false;
        total += v->value->count;
    }
    return !o->type->per_variable && total > 0;
}

/* Weights of whole cache lines come first, so that each begins on one and there are no gaps. */
static int64_t place_weights(kt_optimizer *o)
{
    int64_t line = 64 / (int64_t)kt_dtype_size(weight(o, 0)->dtype), at = 0;
    int     n = 0;

    for (int whole = 1; whole >= 0; whole--)
        for (size_t i = 0; i < o->trainable.n; i++) {
            int64_t count = weight(o, i)->value->count;

            if ((count % line == 0) != whole)
                continue;
            o->order[n++] = (int)i;
            o->place[i] = at;
            at += count;
        }
    return at;
}

/* The part of a block that belongs to weight i, under its shape. */
static kt_tensor *view(const kt_optimizer *o, kt_tensor *block, size_t i)
{
    const kt_tensor *w = weight(o, i)->value;
    kt_tensor       *rows = kt_tensor_rows(block, o->place[i], o->place[i] + w->count), *shaped;

    shaped = kt_tensor_reshape(rows, w->shape);
    kt_tensor_unref(rows);
    return shaped;
}

static kt_status move_weights(kt_optimizer *o, kt_fault *f)
{
    int64_t      total = place_weights(o);
    kt_variable *block = kt__optimizer_variable(
        o, "weights", kt_tensor_new(weight(o, 0)->dtype, KT_SHAPE(total)));

    if (!block)
        return kt_raise_memory(f);
    o->block = block;
    for (size_t i = 0; i < o->trainable.n; i++) {
        kt_variable *v = weight(o, i);
        kt_tensor   *t = view(o, block->value, i);

        if (!t)
            return kt_raise_memory(f);
        memcpy(t->data, v->value->data, bytes_of(t));
        kt_tensor_unref(v->value);
        v->value = t;
        v->block = block;
    }
    return KT_OK;
}

/* --- slots --- */

/* "dense/kernel" and "momentum": "dense_kernel_momentum". */
static const char *slot_name(kt_optimizer *o, size_t i, const char *kind)
{
    const kt_variable *v = weight(o, i);
    char *name = kt_arena_printf(&o->arena, "%s_%s", v->path ? v->path : v->name, kind);

    for (char *c = name; c && *c; c++)
        if (*c == '/')
            *c = '_';
    return name;
}

static kt_status make_slot_block(kt_optimizer *o, int k, kt_fault *f)
{
    const kt_slot_kind *kind = &o->kind[k];
    const kt_tensor    *w = o->block->value;
    kt_variable *v = kt__optimizer_variable(o, kind->name, kt_tensor_new(w->dtype, w->shape));

    if (!v)
        return kt_raise_memory(f);
    fill(v->value, kind->initial);
    if (kind->weights)
        memcpy(v->value->data, w->data, bytes_of(w));
    o->slot_block[k] = v;
    return KT_OK;
}

/* A slot of weight i that lies by itself. */
static kt_tensor *separate_slot(const kt_optimizer *o, int k, size_t i)
{
    const kt_slot_kind *kind = &o->kind[k];
    const kt_variable  *v = weight(o, i);
    kt_dtype            dtype = v->dtype;
    kt_shape            shape = v->value->shape;
    kt_tensor          *t;

    if (kind->weights)
        return kt_tensor_from(v->value->data, dtype, shape);
    if (k >= o->own && o->type->slot_like)
        o->type->slot_like(o->object->config, k - o->own, v, &dtype, &shape);
    t = kt_tensor_new(dtype, shape);
    if (t)
        fill(t, kind->initial);
    return t;
}

static bool has_slot(const kt_optimizer *o, int k, size_t i)
{
    kt_dtype dtype = weight(o, i)->dtype;
    kt_shape shape = weight(o, i)->value->shape;

    return k < o->own || !o->type->slot_like ||
           o->type->slot_like(o->object->config, k - o->own, weight(o, i), &dtype, &shape);
}

static kt_status make_slot(kt_optimizer *o, int k, size_t i, kt_fault *f)
{
    kt_variable *v, *block = o->slot_block[k];
    kt_tensor   *t;

    if (!has_slot(o, k, i))
        return KT_OK;
    t = block ? view(o, block->value, i) : separate_slot(o, k, i);
    v = kt__optimizer_variable(o, slot_name(o, i, o->kind[k].name), t);
    if (!v || !kt_vec_push(&o->variables, v))
        return kt_raise_memory(f);
    v->block = block;
    o->slot[i * (size_t)o->n_kinds + (size_t)k] = v;
    return KT_OK;
}

static kt_status make_shared(kt_optimizer *o, int k, kt_fault *f)
{
    kt_tensor   *t = kt_tensor_new(weight(o, 0)->dtype, KT_SCALAR_SHAPE);
    kt_variable *v = kt__optimizer_variable(o, o->kind[k].name, t);

    if (!v || !kt_vec_push(&o->variables, v))
        return kt_raise_memory(f);
    fill(v->value, o->kind[k].initial);
    for (size_t i = 0; i < o->trainable.n; i++)
        o->slot[i * (size_t)o->n_kinds + (size_t)k] = v;
    if (o->block)
        o->slot_block[k] = v;
    return KT_OK;
}

/* Kinds that stand beside each other are made variable by variable; so Keras numbers them. */
static kt_status make_slots(kt_optimizer *o, kt_fault *f)
{
    kt_status status = KT_OK;

    for (int k = 0, end; k < o->n_kinds && status == KT_OK; k = end) {
        for (end = k + 1; end < o->n_kinds && o->kind[end].beside;)
            end++;
        if (o->kind[k].shared) {
            status = make_shared(o, k, f);
            continue;
        }
        for (int j = k; o->block && j < end && status == KT_OK; j++)
            status = make_slot_block(o, j, f);
        for (size_t i = 0; i < o->trainable.n; i++)
            for (int j = k; j < end && status == KT_OK; j++)
                status = make_slot(o, j, i, f);
    }
    return status;
}

kt_status kt_optimizer_build(kt_optimizer *o, const kt_vec *trainable, kt_fault *f)
{
    kt_status status = KT_OK;

    if (o->built)
        return KT_OK;
    for (size_t i = 0; i < trainable->n; i++) {
        const kt_variable *v = trainable->at[i];
        if (!v->value)
            return kt_raise(f, KT_E_RUNTIME, "the variable %s has no value yet",
                            v->path ? v->path : v->name);
        if (!kt_vec_push(&o->trainable, trainable->at[i]))
            return kt_raise_memory(f);
    }
    list_kinds(o);
    o->slot = kt_arena_calloc(&o->arena, trainable->n * (size_t)o->n_kinds + 1, sizeof *o->slot);
    o->place = kt_arena_calloc(&o->arena, trainable->n + 1, sizeof *o->place);
    o->order = kt_arena_calloc(&o->arena, trainable->n + 1, sizeof *o->order);
    if (!o->slot || !o->place || !o->order)
        return kt_raise_memory(f);
    if (trainable->n && wants_block(o))
        status = move_weights(o, f);
    if (status == KT_OK && trainable->n)
        status = make_slots(o, f);
    o->built = status == KT_OK;
    return status;
}
