/* resize_taps.c - the weights of TensorFlow's resizing methods for one axis, in its float32
 * arithmetic: what a pixel of the result is made of. */
#include <float.h>
#include <math.h>

#include "nn/images/resize.h"

/* What one pixel is made of: weight[k] times pixel start + k. */
typedef struct taps {
    int64_t start;
    int     n;
    float  *weight;
} taps;

static int64_t clamp(int64_t v, int64_t least, int64_t most)
{
    return v < least ? least : v > most ? most : v;
}

/* --- bilinear: ResizeBilinear with half pixel centres --- */

static void linear_taps(int64_t from, float scale, int64_t j, taps *t)
{
    float   at = ((float)j + 0.5f) * scale - 0.5f, below = floorf(at);
    int64_t upper = clamp((int64_t)ceilf(at), 0, from - 1);

    t->start = clamp((int64_t)below, 0, upper);
    t->n = (int)(upper - t->start) + 1;
    t->weight[t->n - 1] = at - below;
    t->weight[0] = t->n == 1 ? 1 : 1 - (at - below);
}

/* --- bicubic: ResizeBicubic with Keys' kernel, read from a table of 1024 steps --- */

enum { CUBIC_STEPS = 1024 };

static float cubic_near(float x)
{
    const float a = -0.5f;

    return ((a + 2) * x - (a + 3)) * x * x + 1;
}

static float cubic_far(float x)
{
    const float a = -0.5f;

    x += 1;
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

/* Divides by the sum, where there is one to speak of. */
static void make_sum_one(taps *t)
{
    float sum = 0;

    for (int k = 0; k < t->n; k++)
        sum += t->weight[k];
    if (fabsf(sum) < 1000 * FLT_MIN)
        return;
    for (int k = 0; k < t->n; k++)
        t->weight[k] *= 1 / sum;
}

static void cubic_taps(int64_t from, float scale, int64_t j, taps *t)
{
    float   at = ((float)j + 0.5f) * scale - 0.5f, below = floorf(at);
    long    step = lrintf((at - below) * CUBIC_STEPS);
    float   near = (float)step / CUBIC_STEPS, far = (float)(CUBIC_STEPS - step) / CUBIC_STEPS;
    float   all[] = {cubic_far(near), cubic_near(near), cubic_near(far), cubic_far(far)};
    int64_t first = (int64_t)below - 1;

    t->start = clamp(first, 0, from - 1);
    t->n = 0;
    for (int k = 0; k < 4; k++)
        if (first + k >= 0 && first + k < from)
            t->weight[t->n++] = all[k];
    make_sum_one(t);
}

/* --- ScaleAndTranslate: a kernel that is as wide as the pixels are apart --- */

static float lanczos(float radius, float x)
{
    const float pi = 3.14159265359f;

    if (x > radius)
        return 0;
    if (x <= 1e-3f)
        return 1;
    return radius * sinf(pi * x) * sinf(pi * x / radius) / (pi * pi * x * x);
}

static float keys_cubic(float x)
{
    if (x >= 2)
        return 0;
    return x >= 1 ? ((-0.5f * x + 2.5f) * x - 4) * x + 2 : ((1.5f * x - 2.5f) * x) * x + 1;
}

static float kernel_at(float radius, bool is_lanczos, float x)
{
    if (is_lanczos)
        return lanczos(radius, x);
    return radius > 1 ? keys_cubic(x) : fmaxf(0, 1 - x);
}

typedef struct kernel {
    float radius, wide; /* how much wider than between neighbours */
    bool  is_lanczos;
} kernel;

static void kernel_taps(const kernel *w, int64_t from, float apart, int64_t j, taps *t)
{
    float   at = ((float)j + 0.5f) * apart, reach = w->radius * w->wide;
    int64_t begin = clamp((int64_t)ceilf(at - reach - 0.5f), 0, from - 1),
            end = clamp((int64_t)floorf(at + reach - 0.5f), 0, from - 1) + 1;

    t->start = begin;
    t->n = (int)(end - begin);
    for (int64_t i = begin; i < end; i++)
        t->weight[i - begin] = kernel_at(w->radius, w->is_lanczos,
                                         fabsf(((float)i + 0.5f - at) / w->wide));
    make_sum_one(t);
}

/* --- area: how much of each pixel lies in the one of the result --- */

static void area_taps(int64_t from, float scale, int64_t j, taps *t)
{
    float   begin = (float)j * scale, end = (float)(j + 1) * scale;
    int64_t first = clamp((int64_t)floorf(begin), 0, from - 1), last = (int64_t)ceilf(end);

    t->start = first;
    t->n = 0;
    for (int64_t i = first; i < last; i++) {
        float lo = fmaxf(begin, (float)i), hi = fminf(end, (float)i + 1);
        if (i >= from) /* counted for the last pixel */
            t->weight[t->n - 1] += (hi - lo) / scale;
        else
            t->weight[t->n++] = (hi - lo) / scale;
    }
}

/* --- a whole axis --- */

typedef enum method { LINEAR, CUBIC, KERNEL, AREA } method;

typedef struct plan {
    method  method;
    kernel  kernel;
    float   scale;
    int64_t from, width;
} plan;

static void entry(const plan *p, int64_t j, taps *t)
{
    switch (p->method) {
    case LINEAR: linear_taps(p->from, p->scale, j, t); break;
    case CUBIC: cubic_taps(p->from, p->scale, j, t); break;
    case KERNEL: kernel_taps(&p->kernel, p->from, p->scale, j, t); break;
    default: area_taps(p->from, p->scale, j, t);
    }
}

static plan plan_of(const char *name, bool antialias, int64_t from, int64_t to)
{
    bool  is_lanczos = kt_streq(name, "lanczos3") || kt_streq(name, "lanczos5");
    plan  p = {.from = from, .scale = (float)from / (float)to, .method = LINEAR, .width = 2};
    float radius = kt_streq(name, "lanczos3") ? 3
                 : kt_streq(name, "lanczos5") ? 5
                 : kt_streq(name, "bicubic")  ? 2
                                              : 1;

    if (kt_streq(name, "area")) {
        p.method = AREA;
        p.width = (int64_t)ceilf(p.scale) + 2;
    } else if (is_lanczos || antialias) {
        p.method = KERNEL;
        p.scale = 1 / ((float)to / (float)from);
        p.kernel = (kernel){radius, antialias ? fmaxf(p.scale, 1) : 1, is_lanczos};
        p.width = 2 * (int64_t)ceilf(radius * p.kernel.wide) + 1;
    } else if (kt_streq(name, "bicubic")) {
        p.method = CUBIC;
        p.width = 4;
    }
    p.width = p.width < from ? p.width : from;
    return p;
}

bool kt_resize_band(kt_graph *g, const char *name, bool antialias, int64_t from, int64_t to,
                    kt_dtype dtype, kt_node **start, kt_node **weight)
{
    plan       p = plan_of(name, antialias, from, to);
    kt_tensor *starts = kt_tensor_new(KT_I32, KT_SHAPE(to)),
              *weights = kt_tensor_new(dtype, KT_SHAPE(to, p.width));
    taps t = {.weight = kt_calloc((size_t)p.width + 4, sizeof(float))};
    bool made = starts && weights && t.weight;

    for (int64_t i = 0; made && i < weights->count; i++)
        kt_tensor_set(weights, i, 0);
    for (int64_t j = 0; made && j < to; j++) {
        entry(&p, j, &t);
        KT_ASSERT(t.n <= p.width);
        kt_tensor_set(starts, j, (double)t.start);
        for (int k = 0; k < t.n; k++)
            kt_tensor_set(weights, j * p.width + k, (double)t.weight[k]);
    }
    kt_free(t.weight);
    if (!made) {
        kt_tensor_unref(starts);
        kt_tensor_unref(weights);
        kt_raise_memory(g->fault);
        return false;
    }
    *start = kt_constant(g, starts);
    *weight = kt_constant(g, weights);
    return true;
}
