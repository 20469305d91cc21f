/* gather.c - entries of a table by their numbers along one axis, and the gradient that adds them up
 * in the table.
 *
 * table [a.., rows, b..], index [i..] -> [a.., i.., b..]. A number below 0 counts from the end, as
 * in keras.ops.take; one that is still out of range is refused (it reads zeros where nobody
 * listens), and adds to nothing.
 */
#include "ops/shared.h"

static kt_status shape(kt_op_call *c)
{
    const kt_gather_attr *a = c->attr;
    const kt_shape       *table = &c->in[0]->shape, *index = &c->in[1]->shape;
    int                   axis = 0;

    if (table->rank + index->rank - 1 > KT_MAX_RANK)
        return kt_op_fail(c, 1, -1, KT_MAX_RANK, table->rank + index->rank - 1,
                          "the result has more than %d axes", KT_MAX_RANK);
    for (int i = 0; i < a->axis; i++)
        kt_from_axis(c, 0, axis++, 0, i);
    for (int i = 0; i < index->rank; i++)
        kt_from_axis(c, 0, axis++, 1, i);
    for (int i = a->axis + 1; i < table->rank; i++)
        kt_from_axis(c, 0, axis++, 0, i);
    c->out[0].shape.rank = axis;
    c->out[0].dtype = c->in[0]->dtype;
    return KT_OK;
}

static void gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_gather_attr *a = y->attr;

    dx[0] = kt_gather_grad(g, y->in[1], dy[0], a->axis, y->in[0]->shape);
}

/* The table as [outer, rows, inner] and the number of indices between. */
typedef struct places {
    int64_t outer, rows, count, inner;
} places;

static places places_of(const kt_gather_attr *a, const kt_shape *table, const kt_buf *index)
{
    return (places){kt_shape_product(table, 0, a->axis), table->dim[a->axis], index->count,
                    kt_shape_product(table, a->axis + 1, table->rank)};
}

/* Where the entry of an index begins in the table; -1 if it is out of range. */
static int64_t entry(const places *p, int64_t outer, double index)
{
    if (index < 0)
        index += (double)p->rows;
    if (!(index >= 0 && index < (double)p->rows))
        return -1;
    return (outer * p->rows + (int64_t)index) * p->inner;
}

static void refuse(const kt_run *r, const places *p, int64_t at)
{
    double index = r->in[1].f64[at];

    kt_refuse(r, &r->in[1], at, (int64_t)(index < 0 ? index + (double)p->rows : index), p->rows);
}

static void reference(const kt_run *r)
{
    places  p = places_of(r->attr, &r->in[0].shape, &r->in[1]);
    double *y = r->out[0].f64;

    for (int64_t o = 0; o < p.outer; o++)
        for (int64_t k = 0; k < p.count; k++, y += p.inner) {
            int64_t from = entry(&p, o, r->in[1].f64[k]);

            if (from < 0)
                refuse(r, &p, k);
            for (int64_t j = 0; j < p.inner; j++)
                y[j] = from < 0 ? 0 : r->in[0].f64[from + j];
        }
}

/* Numbers that repeat, some rows never read; an inner and the last axis; one number; an empty
 * index; numbers from the end. */
static kt_node *sample(kt_sampler *s, int variant)
{
    int64_t rows = s->size(s, 1, 6), n = s->size(s, 1, 9), a = s->size(s, 1, 4),
            b = s->size(s, 1, 5);

    switch (variant) {
    case 0:
        return kt_gather(s->g, s->real(s, KT_SHAPE(rows, n), -1, 1),
                         s->integer(s, KT_SHAPE(a, b), 0, rows), 0);
    case 1:
        return kt_gather(s->g, s->real(s, KT_SHAPE(a, rows, n), -1, 1),
                         s->integer(s, KT_SHAPE(b), 0, rows), 1);
    case 2:
        return kt_gather(s->g, s->real(s, KT_SHAPE(a, rows), -1, 1),
                         s->integer(s, KT_SCALAR_SHAPE, 0, rows), -1);
    case 3:
        return kt_gather(s->g, s->real(s, KT_SHAPE(rows, n), -1, 1),
                         s->integer(s, KT_SHAPE(0), 0, rows), 0);
    case 4:
        return kt_gather(s->g, s->real(s, KT_SHAPE(rows, n), -1, 1),
                         s->integer(s, KT_SHAPE(a, b), -rows, rows), 0);
    default: return NULL;
    }
}

static const kt_op_type type = {
    .name = "gather",
    .min_in = 2,
    .max_in = 2,
    .shape = shape,
    .gradient = gradient,
    .reference = reference,
    .sample = sample,
    .no_gradient = 2,
};

kt_node *kt_gather(kt_graph *g, kt_node *table, kt_node *index, int axis)
{
    kt_gather_attr a = {kt_axis(&table->shape, axis), kt_dim(&table->shape, axis)};

    if (kt_is_poison(g, table))
        return table;
    if (a.axis < 0) {
        kt_raise(g->fault, KT_E_INVALID_ARGUMENT, "gather: axis %d is out of bounds for rank %d",
                 axis, table->shape.rank);
        return g->poison;
    }
    if (!kt_dtype_is_int(index->dtype))
        index = kt_cast(g, index, KT_I32);
    return kt_emit(g, &type, &a, sizeof a, 2, (kt_node *[]){table, index});
}

/* --- gradient: inputs index and dy --- */

static kt_status grad_shape(kt_op_call *c)
{
    const kt_gather_attr *a = c->attr;
    const kt_shape       *index = &c->in[0]->shape, *dy = &c->in[1]->shape;
    int                   rank = dy->rank - index->rank + 1;

    if (rank < 1 || a->axis >= rank)
        return kt_op_fail(c, 1, -1, KT_NO_FACT, KT_NO_FACT,
                          "gather_grad: %s does not come from indices %s", kt__shape_text(c->g, dy),
                          kt__shape_text(c->g, index));
    c->out[0].dtype = c->in[1]->dtype;
    c->out[0].shape.rank = rank;
    for (int i = 0; i < rank; i++) {
        if (i == a->axis)
            kt_from(c, 0, i, a->rows, KT_FROM_NOWHERE, -1, -1, -1);
        else
            kt_from_axis(c, 0, i, 1, i < a->axis ? i : i + index->rank - 1);
    }
    return KT_OK;
}

static void grad_gradient(kt_graph *g, kt_node *y, kt_node *const *dy, kt_node **dx)
{
    const kt_gather_attr *a = y->attr;

    dx[1] = kt_gather(g, dy[0], y->in[0], a->axis);
}

static void grad_reference(const kt_run *r)
{
    const kt_buf *dtable = &r->out[0];
    places        p = places_of(r->attr, &dtable->shape, &r->in[0]);
    const double *dy = r->in[1].f64;

    for (int64_t i = 0; i < dtable->count; i++)
        dtable->f64[i] = 0;
    for (int64_t o = 0; o < p.outer; o++)
        for (int64_t k = 0; k < p.count; k++, dy += p.inner) {
            int64_t to = entry(&p, o, r->in[0].f64[k]);

            for (int64_t j = 0; j < p.inner && to >= 0; j++)
                dtable->f64[to + j] += dy[j];
        }
}

static kt_node *grad_sample(kt_sampler *s, int variant)
{
    int64_t rows = s->size(s, 1, 6), n = s->size(s, 1, 9), a = s->size(s, 1, 4),
            b = s->size(s, 1, 5);

    switch (variant) {
    case 0:
        return kt_gather_grad(s->g, s->integer(s, KT_SHAPE(a, b), 0, rows),
                              s->real(s, KT_SHAPE(a, b, n), -1, 1), 0, KT_SHAPE(rows, n));
    case 1:
        return kt_gather_grad(s->g, s->integer(s, KT_SHAPE(b), -1, rows + 1),
                              s->real(s, KT_SHAPE(a, b, n), -1, 1), 1, KT_SHAPE(a, rows, n));
    case 2:
        return kt_gather_grad(s->g, s->integer(s, KT_SHAPE(0), 0, rows),
                              s->real(s, KT_SHAPE(0, n), -1, 1), 0, KT_SHAPE(rows, n));
    default: return NULL;
    }
}

static const kt_op_type grad_type = {
    .name = "gather_grad",
    .min_in = 2,
    .max_in = 2,
    .shape = grad_shape,
    .gradient = grad_gradient,
    .reference = grad_reference,
    .sample = grad_sample,
    .no_gradient = 1,
};

kt_node *kt_gather_grad(kt_graph *g, kt_node *index, kt_node *dy, int axis, kt_shape table)
{
    kt_gather_attr a = {kt_axis(&table, axis), kt_dim(&table, axis)};

    return kt_emit(g, &grad_type, &a, sizeof a, 2, (kt_node *[]){index, dy});
}

const kt_op_type *const kt_ops_gather[] = {&type, &grad_type, NULL};
