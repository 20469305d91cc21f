/* legacy_layouts.c - weights whose arrays lay otherwise in files of Keras 1 and 2: kernels in the
 * order of Theano, gates apart from each other, recurrent layers of cuDNN. */
#include <string.h>

#include "io/legacy.h"

/* --- arrays ----------------------------------------------------------------------------------- */

static kt_status make_like(const kt_array *a, int rank, const int64_t *dim, kt_array *out,
                           kt_fault *f)
{
    *out = (kt_array){.type = a->type, .item = a->item, .rank = rank};
    for (int i = 0; i < rank; i++)
        out->dim[i] = dim[i];
    out->bytes.size = (size_t)kt_array_count(out) * (size_t)a->item;
    out->bytes.data = kt_alloc(out->bytes.size > 0 ? out->bytes.size : 1);
    out->data = out->bytes.data;
    return out->data ? KT_OK : kt_raise_memory(f);
}

static void replace(kt_array *a, kt_array *by)
{
    kt_array_free(a);
    *a = *by;
}

/* Axis i of the result is axis perm[i] of a; flip: axes below it run backwards. */
static kt_status permute(kt_array *a, const int *perm, int flip, kt_fault *f)
{
    int64_t  dim[KT_ARRAY_RANK], stride[KT_ARRAY_RANK], at[KT_ARRAY_RANK] = {0}, step = 1;
    int64_t  n = kt_array_count(a), from = 0;
    size_t   item = (size_t)a->item;
    kt_array out;

    for (int i = a->rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= a->dim[i];
    }
    for (int i = 0; i < a->rank; i++)
        dim[i] = a->dim[perm[i]];
    if (make_like(a, a->rank, dim, &out, f) != KT_OK)
        return f->e.status;
    for (int64_t to = 0; to < n; to++) {
        from = 0;
        for (int i = 0; i < a->rank; i++)
            from += (i < flip ? dim[i] - 1 - at[i] : at[i]) * stride[perm[i]];
        memcpy((char *)out.data + (size_t)to * item, (char *)a->data + (size_t)from * item, item);
        for (int i = a->rank - 1; i >= 0 && ++at[i] == dim[i]; i--)
            at[i] = 0;
    }
    replace(a, &out);
    return KT_OK;
}

/* Arrays of the same shape, one behind the other along the last axis; takes them over. */
static kt_status join(kt_array *parts, int n, kt_array *out, kt_fault *f)
{
    int64_t dim[KT_ARRAY_RANK] = {0};
    int     rank = parts->rank;

    if (rank == 0)
        return kt_raise(f, KT_E_VALUE, "gates of a recurrent layer are single numbers");
    for (int i = 0; i < n; i++)
        if (parts[i].rank != rank || parts[i].item != parts->item ||
            memcmp(parts[i].dim, parts->dim, (size_t)rank * sizeof *dim) != 0)
            return kt_raise(f, KT_E_VALUE, "gates of a recurrent layer differ in their shapes");
    memcpy(dim, parts->dim, (size_t)rank * sizeof *dim);
    size_t row = (size_t)dim[rank - 1] * (size_t)parts->item;
    dim[rank - 1] *= n;
    if (make_like(parts, rank, dim, out, f) != KT_OK)
        return f->e.status;
    size_t rows = row > 0 ? parts->bytes.size / row : 0;
    for (size_t r = 0; r < rows; r++)
        for (int i = 0; i < n; i++)
            memcpy((char *)out->data + (r * (size_t)n + (size_t)i) * row,
                   (char *)parts[i].data + r * row, row);
    return KT_OK;
}

/* --- kernels of convolutions ------------------------------------------------------------------ */

/* How Keras 1 laid out a layer's weight number `index`: axis i today is axis perm[i] then. */
static const struct {
    const char *class_name;
    int         index;
    const char *format; /* data_format; NULL: any */
    int         rank, perm[5];
} kernels[] = {
    {"Conv2D", 0, "channels_first", 4, {2, 3, 1, 0}},
    {"Conv2DTranspose", 0, "channels_last", 4, {0, 1, 3, 2}},
    {"Conv2DTranspose", 0, "channels_first", 4, {2, 3, 0, 1}},
    {"Conv3D", 0, "channels_first", 5, {2, 3, 4, 1, 0}},
    {"SeparableConv2D", 0, "channels_first", 4, {2, 3, 1, 0}},
    {"SeparableConv2D", 1, "channels_first", 4, {2, 3, 1, 0}},
    {"ConvLSTM2DCell", 0, "channels_first", 4, {2, 3, 1, 0}},
    {"ConvLSTM2DCell", 1, "channels_first", 4, {2, 3, 1, 0}},
};

static const char *class_of(const kt_legacy_run *run)
{
    return run->owner->type->cls.class_name;
}

static const char *data_format(const kt_layer *l)
{
    kt_arena        a = {0};
    const kt_field *field = kt_config_find(l->type->cls.config, "data_format");
    const kt_value *v = field ? kt_config_get(&a, field, l->config) : NULL;
    bool            first = kt_streq(kt_value_text(v), "channels_first");

    kt_arena_free(&a);
    return first ? "channels_first" : "channels_last";
}

static bool same_shape(const kt_array *a, const kt_variable *v)
{
    bool same = a->rank == v->shape.rank;

    for (int i = 0; same && i < a->rank; i++)
        same = a->dim[i] == v->shape.dim[i];
    return same;
}

/* Conv1D's kernel had an axis of 1 too: [time, 1, in, out], before that [out, in, time, 1]. */
static kt_status flatten_time(kt_array *a, const kt_variable *v, kt_fault *f)
{
    static const int from_theano[] = {2, 3, 1, 0};

    if (a->rank != 4 || v->shape.rank != 3)
        return KT_OK;
    bool now = a->dim[0] == v->shape.dim[0] && a->dim[1] == 1 && a->dim[3] == v->shape.dim[2];
    if (!now && permute(a, from_theano, 0, f) != KT_OK)
        return f->e.status;
    if (a->dim[1] != 1)
        return KT_OK; /* the store says what does not fit */
    a->dim[1] = a->dim[2];
    a->dim[2] = a->dim[3];
    a->rank = 3;
    return KT_OK;
}

static bool is_conv(const char *class_name)
{
    return kt_streq(class_name, "Conv1D") || kt_streq(class_name, "Conv2D") ||
           kt_streq(class_name, "Conv3D") || kt_streq(class_name, "Conv2DTranspose") ||
           kt_streq(class_name, "ConvLSTM2DCell");
}

static kt_status turn_kernel(const kt_legacy_file *file, const kt_legacy_run *run, int index,
                             kt_array *a)
{
    static const int keep[] = {0, 1, 2, 3, 4}, last[] = {3, 2, 0, 1};
    const char      *name = class_of(run), *format = data_format(run->owner);
    bool             conv = is_conv(name) && run->v[index]->shape.rank > 1;

    for (size_t i = 0; file->keras == 1 && i < KT_COUNT(kernels); i++)
        if (kt_streq(kernels[i].class_name, name) && kernels[i].index == index &&
            kernels[i].rank == a->rank && kt_streq(kernels[i].format, format) &&
            permute(a, kernels[i].perm, 0, file->f) != KT_OK)
            return file->f->e.status;
    if (file->keras == 1 && kt_streq(name, "Conv1D") && index == 0 &&
        flatten_time(a, run->v[0], file->f) != KT_OK)
        return file->f->e.status;
    if (conv && file->theano && a->rank >= 3 && a->rank <= 5 &&
        permute(a, keep, a->rank - 2, file->f) != KT_OK)
        return file->f->e.status;
    if (conv && a->rank == 4 && !same_shape(a, run->v[index]))
        return permute(a, last, 0, file->f);
    return KT_OK;
}

/* --- recurrent layers ------------------------------------------------------------------------- */

/* Where a gate of today's order stood. */
static const struct {
    const char *class_name;
    int         gates, order[4];
} recurrent[] = {
    {"LSTMCell", 4, {0, 2, 1, 3}}, /* i c f o */
    {"ConvLSTM2DCell", 4, {0, 2, 1, 3}},
    {"GRUCell", 3, {0, 1, 2}},
};

static int recurrent_row(const kt_legacy_run *run)
{
    for (int i = 0; i < (int)KT_COUNT(recurrent); i++)
        if (kt_streq(recurrent[i].class_name, class_of(run)) && (run->n == 2 || run->n == 3))
            return i;
    return -1;
}

int kt__gates_apart(const kt_legacy_run *run)
{
    int row = recurrent_row(run);

    return row < 0 ? run->n : run->n * recurrent[row].gates;
}

static kt_status read_gates(const kt_legacy_file *file, const kt_legacy_run *run, int index,
                            const char *const *paths, kt_array *out)
{
    int      row = recurrent_row(run), gates = recurrent[row].gates;
    kt_array parts[4] = {{0}};

    for (int i = 0; i < gates; i++)
        if (kt_h5_read(file->h, paths[recurrent[row].order[i] * run->n + index], &parts[i],
                       file->f) != KT_OK)
            break;
    if (file->f->e.status == KT_OK)
        join(parts, gates, out, file->f);
    for (int i = 0; i < gates; i++)
        kt_array_free(&parts[i]);
    return file->f->e.status;
}

/* cuDNN's layers have two biases, one behind the other: twice as many numbers. */
static bool is_cudnn(const kt_legacy_file *file, const kt_legacy_run *run, const char *bias)
{
    int      row = recurrent_row(run);
    kt_array a = {0};

    if (row < 0 || run->n != 3 || kt_streq(class_of(run), "ConvLSTM2DCell") ||
        kt_h5_read(file->h, bias, &a, file->f) != KT_OK)
        return false;
    int64_t units = run->v[1]->shape.dim[0];
    bool    is = a.rank == 1 && a.dim[0] == 2 * units * recurrent[row].gates;
    kt_array_free(&a);
    return is;
}

/* A gate's block [rows, units] was its transpose's memory: [units, rows] column by column; of the
 * recurrent kernel it was transposed. Both are: block[r][u] = what stands at u * rows + r. */
static kt_status from_cudnn_kernel(kt_array *a, int gates, kt_fault *f)
{
    kt_array out;
    size_t   item = (size_t)a->item;

    if (a->rank != 2 || a->dim[1] % gates != 0)
        return KT_OK;
    int64_t rows = a->dim[0], width = a->dim[1], units = width / gates;
    if (make_like(a, 2, a->dim, &out, f) != KT_OK)
        return f->e.status;
    for (int64_t g = 0; g < gates; g++)
        for (int64_t i = 0; i < rows * units; i++) {
            int64_t from = i / units * width + g * units + i % units; /* i-th number of the block */
            int64_t to = i % rows * width + g * units + i / rows;
            memcpy((char *)out.data + (size_t)to * item, (char *)a->data + (size_t)from * item,
                   item);
        }
    replace(a, &out);
    return KT_OK;
}

static kt_status from_cudnn_bias(const kt_legacy_file *file, const kt_legacy_run *run, kt_array *a)
{
    const kt_variable *v = run->v[2];

    if (kt_streq(class_of(run), "GRUCell")) {
        if (v->shape.rank != 2)
            return kt_raise(file->f, KT_E_VALUE,
                            "CuDNNGRU is not compatible with GRU(reset_after=False)");
        a->rank = 2;
        a->dim[1] = a->dim[0] / 2;
        a->dim[0] = 2;
        return KT_OK;
    }
    float  *x = a->data;
    double *wide = a->data;
    a->dim[0] /= 2;
    for (int64_t i = 0; a->type == 'f' && i < a->dim[0]; i++)
        if (a->item == 8)
            wide[i] += wide[a->dim[0] + i];
        else
            x[i] += x[a->dim[0] + i];
    return KT_OK;
}

/* --- a run ------------------------------------------------------------------------------------ */

static kt_status turn(const kt_legacy_file *file, const kt_legacy_run *run, int index, bool cudnn,
                      kt_array *a)
{
    if (cudnn)
        return index == 2 ? from_cudnn_bias(file, run, a)
                          : from_cudnn_kernel(a, recurrent[recurrent_row(run)].gates, file->f);
    return turn_kernel(file, run, index, a);
}

/* The array into the variable, in Keras' words where it does not fit. */
static kt_status store(kt_legacy_file *file, kt_variable *v, kt_array *a, const char *path,
                       const char *where)
{
    kt_tensor *t = same_shape(a, v) ? NULL : kt_tensor_from_array(a, file->f);
    kt_arena   scratch = {0};

    if (same_shape(a, v))
        kt_weight_store(v, a, file->name, path, file->f);
    else if (t && file->rules->skip_mismatch)
        file->rules->skipped++;
    else if (t)
        kt_raise(file->f, KT_E_VALUE,
                 "Shape mismatch in %sfor weight %s. Weight expects shape %s. Received saved "
                 "weight with shape %s", /* without a blank, as Keras says it */
                 where, v->path, kt_shape_text(&scratch, &v->shape),
                 kt_shape_text(&scratch, &t->shape));
    if (same_shape(a, v))
        file->rules->set++;
    kt_tensor_unref(t);
    kt_arena_free(&scratch);
    return file->f->e.status;
}

kt_status kt__legacy_set(kt_legacy_file *file, const kt_legacy_run *run, const char *const *paths,
                         int n, const char *where)
{
    bool apart = n != run->n, cudnn = !apart && n == 3 && is_cudnn(file, run, paths[2]);

    for (int i = 0; i < run->n && file->f->e.status == KT_OK; i++) {
        kt_array a = {0};
        if (apart)
            read_gates(file, run, i, paths, &a);
        else
            kt_h5_read(file->h, paths[i], &a, file->f);
        if (file->f->e.status == KT_OK && turn(file, run, i, cudnn, &a) == KT_OK)
            store(file, run->v[i], &a, paths[i], where);
        kt_array_free(&a);
    }
    return file->f->e.status;
}
