/* warp.c - images through projective transforms (ops/warp.c) and the gradient, in float32:
 * rows of results side by side, in the order of operations of the formula. */
#include "backend/cpu/cpu.h"

#include <math.h>
#include <string.h>

#define FLOPS_A_PIXEL 60.0

typedef struct job {
    const kt_run       *r;
    const kt_warp_attr *a;
    const kt_buf       *transforms;
    int64_t             rows, columns, channels;
} job;

static job job_of(const kt_run *r, const kt_buf *transforms)
{
    const int64_t *d = r->out[0].shape.dim;

    return (job){r, r->attr, transforms, d[1], d[2], d[3]};
}

/* --- where a pixel is read --- */

static float reflected(float x, float n)
{
    float two = 2 * n;

    if (x < 0) {
        x += two * truncf(-x / two);
        return x < -n ? x + two : -x - 1;
    }
    x -= two * truncf(x / two);
    return x >= n ? two - 1 - x : x;
}

static float wrapped(float x, float n)
{
    float last = n > 1 ? n - 1 : 1;

    return x < 0 ? x + n * (truncf(-x / last) + 1) : x - n * truncf(x / last);
}

/* Most pixels are inside; what is no number comes to the first. */
static float bordered(kt_border border, float x, float n)
{
    if ((x >= 0 && x <= n - 1) || border == KT_BORDER_CONSTANT)
        return x;
    if (border == KT_BORDER_REFLECT)
        x = reflected(x, n);
    else if (border == KT_BORDER_WRAP)
        x = wrapped(x, n);
    return x >= 0 ? (x < n - 1 ? x : n - 1) : 0;
}

/* Row and column in the image; false where there is none. */
static bool find(const job *j, const float *t, int64_t row, int64_t column, float *y, float *x)
{
    float r = (float)row, c = (float)column, k = t[6] * c + t[7] * r + 1;

    if (k == 0)
        return false;
    *x = t[0] * c + t[1] * r + t[2];
    *y = t[3] * c + t[4] * r + t[5];
    if (k != 1) {
        *x /= k;
        *y /= k;
    }
    *x = bordered(j->a->border, *x, (float)j->columns);
    *y = bordered(j->a->border, *y, (float)j->rows);
    return true;
}

static float nearest(float x)
{
    return copysignf(floorf(fabsf(x) + 0.5f), x);
}

/* The number of a pixel of the image, -1 out of it. */
static int64_t place(const job *j, float y, float x)
{
    if (!(y >= 0 && y < (float)j->rows && x >= 0 && x < (float)j->columns))
        return -1;
    return (int64_t)y * j->columns + (int64_t)x;
}

static const float *transform_of(const job *j, int64_t image)
{
    return j->transforms->f32 + (j->transforms->shape.dim[0] > 1 ? image * 8 : 0);
}

/* --- reading --- */

static void fill(const job *j, float *to)
{
    for (int64_t k = 0; k < j->channels; k++)
        to[k] = (float)j->a->fill;
}

/* The four pixels around a place, and how far it lies from the first of them. */
typedef struct cell {
    int64_t at[4];
    float   down, right;
} cell;

static cell cell_of(const job *j, float y, float x)
{
    float top = floorf(y), left = floorf(x);

    return (cell){.at = {place(j, top, left), place(j, top, left + 1), place(j, top + 1, left),
                         place(j, top + 1, left + 1)},
                  .down = y - top,
                  .right = x - left};
}

static void mix(const job *j, const float *image, float y, float x, float *to)
{
    cell  c = cell_of(j, y, x);
    float down = c.down, right = c.right;

    for (int64_t k = 0; k < j->channels; k++) {
        float v[4];
        for (int i = 0; i < 4; i++)
            v[i] = c.at[i] < 0 ? (float)j->a->fill : image[c.at[i] * j->channels + k];
        to[k] = (1 - down) * ((1 - right) * v[0] + right * v[1]) +
                down * ((1 - right) * v[2] + right * v[3]);
    }
}

static void read_pixel(const job *j, const float *image, float y, float x, float *to)
{
    if (j->a->bilinear) {
        mix(j, image, y, x, to);
        return;
    }
    int64_t at = place(j, nearest(y), nearest(x));
    if (at < 0)
        fill(j, to);
    else
        memcpy(to, image + at * j->channels, (size_t)j->channels * sizeof *to);
}

static void read_rows(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    int64_t    size = j->columns * j->channels;

    for (int64_t at = begin; at < end; at++) {
        int64_t      image = at / j->rows, row = at % j->rows;
        const float *t = transform_of(j, image);
        const float *from = j->r->in[0].f32 + image * j->rows * size;
        float       *to = j->r->out[0].f32 + at * size, y, x;

        for (int64_t column = 0; column < j->columns; column++, to += j->channels)
            if (find(j, t, row, column, &y, &x))
                read_pixel(j, from, y, x, to);
            else
                fill(j, to);
    }
}

static void run(const kt_run *r)
{
    job    j = job_of(r, &r->in[1]);
    double flops = FLOPS_A_PIXEL * (double)(j.columns > 0 ? j.columns : 1);

    kt_parallel(r->out[0].shape.dim[0] * j.rows, (int64_t)(KT_FLOPS_WORTH_A_THREAD / flops) + 1,
                read_rows, &j);
}

/* --- putting back --- */

static void add_at(const job *j, float *image, int64_t at, float weight, const float *dy)
{
    for (int64_t k = 0; at >= 0 && k < j->channels; k++)
        image[at * j->channels + k] += weight * dy[k];
}

static void put_pixel(const job *j, float *image, float y, float x, const float *dy)
{
    if (!j->a->bilinear) {
        add_at(j, image, place(j, nearest(y), nearest(x)), 1, dy);
        return;
    }
    cell  c = cell_of(j, y, x);
    float up = 1 - c.down, left = 1 - c.right;
    add_at(j, image, c.at[0], up * left, dy);
    add_at(j, image, c.at[1], up * c.right, dy);
    add_at(j, image, c.at[2], c.down * left, dy);
    add_at(j, image, c.at[3], c.down * c.right, dy);
}

/* An image's pixels go back into it alone, in order, so results repeat. */
static void put_images(void *ctx, int64_t begin, int64_t end)
{
    const job *j = ctx;
    int64_t    size = j->rows * j->columns * j->channels;

    for (int64_t b = begin; b < end; b++) {
        const float *t = transform_of(j, b), *dy = j->r->in[1].f32 + b * size;
        float       *image = j->r->out[0].f32 + b * size, y, x;

        memset(image, 0, (size_t)size * sizeof *image);
        for (int64_t i = 0; i < j->rows * j->columns; i++, dy += j->channels)
            if (find(j, t, i / j->columns, i % j->columns, &y, &x))
                put_pixel(j, image, y, x, dy);
    }
}

static void grad_run(const kt_run *r)
{
    job    j = job_of(r, &r->in[0]);
    double flops = FLOPS_A_PIXEL * (double)(j.rows * j.columns > 0 ? j.rows * j.columns : 1);

    kt_parallel(r->out[0].shape.dim[0], (int64_t)(KT_FLOPS_WORTH_A_THREAD / flops) + 1, put_images,
                &j);
}

static const kt_kernel warp = {.op = "warp", .name = "cpu_warp", .accepts = kt_all_f32, .run = run};
static const kt_kernel warp_grad = {
    .op = "warp_grad", .name = "cpu_warp_grad", .accepts = kt_all_f32, .run = grad_run};

const kt_kernel *const kt_kernels_warp[] = {&warp, &warp_grad, NULL};
