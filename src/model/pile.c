/* pile.c - the outputs of several batches as one tensor. */
#include "model/pile.h"

#include <string.h>

static int64_t rows_of(const kt_shape *s)
{
    return s->rank > 0 ? s->dim[0] : 1;
}

/* Its shape with so many rows; a number becomes [rows]. */
static kt_shape with_rows(kt_shape s, int64_t rows)
{
    if (s.rank == 0)
        return KT_SHAPE(rows);
    s.dim[0] = rows;
    return s;
}

static size_t bytes_of(const kt_pile *p, int64_t rows)
{
    int64_t each = p->first.rank > 1 ? kt_shape_product(&p->first, 1, p->first.rank) : 1;

    return (size_t)(rows * each) * kt_dtype_size(p->whole->dtype);
}

static kt_tensor *cut(const kt_pile *p, int64_t room)
{
    kt_tensor *t = kt_tensor_new(p->whole->dtype, with_rows(p->first, room));

    if (t && bytes_of(p, p->rows) > 0)
        memcpy(t->data, p->whole->data, bytes_of(p, p->rows));
    return t;
}

static kt_status reserve(kt_pile *p, int64_t rows, kt_fault *f)
{
    int64_t room = rows_of(&p->whole->shape);

    if (p->rows + rows <= room)
        return KT_OK;
    kt_tensor *more = cut(p, p->rows + rows > room * 2 ? p->rows + rows : room * 2);
    if (!more)
        return kt_raise_memory(f);
    kt_tensor_unref(p->whole);
    p->whole = more;
    return KT_OK;
}

/* Where only the first axis differs. */
static bool joins(const kt_shape *a, const kt_shape *b)
{
    kt_shape same = *b;

    if (a->rank > 0 && b->rank > 0)
        same.dim[0] = a->dim[0];
    return kt_shape_equal(a, &same);
}

static kt_status start(kt_pile *p, const kt_node *out, int64_t in, int64_t expected_rows,
                       int64_t expected_batches, kt_fault *f)
{
    int64_t rows = rows_of(&out->shape);
    int64_t room = out->shape.rank > 0 && rows == in ? expected_rows : rows * expected_batches;

    p->first = out->shape;
    p->whole = kt_tensor_new(out->dtype, with_rows(out->shape, room));
    return p->whole ? KT_OK : kt_raise_memory(f);
}

kt_status kt_pile_add(kt_pile *p, const kt_node *out, const void *data, int64_t rows, int64_t in,
                      int64_t expected_rows, int64_t expected_batches, kt_fault *f)
{
    rows = rows == KT_UNKNOWN ? rows_of(&out->shape) : rows;
    if (!p->whole && start(p, out, in, expected_rows, expected_batches, f) != KT_OK)
        return f->e.status;
    if (!joins(&p->first, &out->shape)) {
        kt_arena a = {0};
        kt_raise(f, KT_E_NOT_IMPLEMENTED,
                 "The outputs of two batches have the shapes %s and %s, which can not be joined "
                 "along the first axis (Keras makes a ragged tensor of them). Predict with one "
                 "batch size for all, or one batch at a time.",
                 kt_shape_text(&a, &p->first), kt_shape_text(&a, &out->shape));
        kt_arena_free(&a);
        return f->e.status;
    }
    if (reserve(p, rows, f) != KT_OK)
        return f->e.status;
    if (bytes_of(p, rows) > 0)
        memcpy((char *)p->whole->data + bytes_of(p, p->rows), data, bytes_of(p, rows));
    p->rows += rows;
    p->batches++;
    return KT_OK;
}

kt_tensor *kt_pile_take(kt_pile *p, kt_fault *f)
{
    kt_tensor *t = p->whole;

    if (t && p->batches == 1 && p->first.rank == 0)
        t = kt_tensor_reshape(p->whole, KT_SCALAR_SHAPE);
    else if (t && p->rows < rows_of(&t->shape))
        t = cut(p, p->rows);
    else
        p->whole = NULL;
    if (t && t->dtype == KT_STRING) { /* they point into the model and the data */
        kt_tensor *own = kt_texts_own(kt_text_items(t), t->shape);
        kt_tensor_unref(t);
        t = own;
        if (!t)
            kt_raise_memory(f);
    }
    if (!t && p->whole)
        kt_raise_memory(f);
    kt_pile_clear(p);
    return t;
}

void kt_pile_clear(kt_pile *p)
{
    kt_tensor_unref(p->whole);
    *p = (kt_pile){0};
}
