/* tfjs_shards.c - the files beside a TensorFlow.js model.json, and the numbers in them. */
#include <string.h>
#include <sys/stat.h>

#include "io/tfjs.h"

/* --- the files beside it ---------------------------------------------------------------------- */

/* The path of a shard, in the folder of model.json; names that lead out of it are refused. */
static kt_status shard_path(const char *json, const char *shard, kt_str *out, kt_fault *f)
{
    const char *slash = strrchr(json, '/');

    if (!shard || !*shard || *shard == '/' || strstr(shard, "..") || strchr(shard, '\\'))
        return kt_raise(f, KT_E_VALUE, "%s: '%s' is no name of a file beside it", json,
                        shard ? shard : "");
    if (slash)
        kt_str_printf(out, "%.*s/", (int)(slash - json), json);
    kt_str_add(out, shard);
    return out->failed ? kt_raise_memory(f) : KT_OK;
}

/* Takes the part. */
static void append(kt_bytes *out, kt_bytes *part, kt_fault *f)
{
    uint8_t *grown = kt_realloc(out->data, out->size + part->size + 1);

    if (grown) {
        if (part->size > 0)
            memcpy(grown + out->size, part->data, part->size);
        *out = (kt_bytes){.data = grown, .size = out->size + part->size};
    } else {
        kt_raise_memory(f);
    }
    kt_bytes_free(part);
}

kt_status kt__tfjs_group(const char *json, const kt_value *paths, kt_bytes *out, kt_fault *f)
{
    for (size_t i = 0; kt_value_is_seq(paths) && i < paths->n && f->e.status == KT_OK; i++) {
        kt_str   path = {0};
        kt_bytes part = {0};
        if (shard_path(json, kt_value_text(paths->items[i]), &path, f) == KT_OK &&
            kt_file_read(kt_str_text(&path), &part, f) == KT_OK && paths->n == 1)
            *out = part; /* as it is */
        else if (f->e.status == KT_OK)
            append(out, &part, f);
        kt_str_free(&path);
    }
    return f->e.status;
}

bool kt__tfjs_has_files(const char *json, const kt_value *manifest, kt_fault *f)
{
    bool found = false;

    for (size_t g = 0; kt_value_is_seq(manifest) && g < manifest->n; g++) {
        const kt_value *paths = kt_value_get(manifest->items[g], "paths");
        for (size_t i = 0; kt_value_is_seq(paths) && i < paths->n && !found; i++) {
            kt_str      path = {0};
            struct stat st;
            if (shard_path(json, kt_value_text(paths->items[i]), &path, f) == KT_OK)
                found = stat(kt_str_text(&path), &st) == 0;
            kt_str_free(&path);
        }
    }
    return found;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    char        type;
    int         item;
} dtypes[] = {{"float32", 'f', 4}, {"int32", 'i', 4},  {"bool", 'b', 1},
              {"uint8", 'u', 1},   {"uint16", 'u', 2}, {"float16", 'h', 2}};

static int dtype_row(const char *name)
{
    for (int i = 0; i < (int)KT_COUNT(dtypes); i++)
        if (kt_streq(dtypes[i].name, name))
            return i;
    return -1;
}

static float from_half(unsigned h)
{
    uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 31, fraction = h & 0x3ffu;
    float    out;

    if (exponent == 0) { /* fraction * 2^-24 */
        out = (float)fraction / 16777216.0f;
        return sign ? -out : out;
    }
    uint32_t bits = sign | (exponent == 31 ? 255u : exponent + 112) << 23 | fraction << 13;
    memcpy(&out, &bits, sizeof out);
    return out;
}

/* One number of `row`'s type, as it is stored little-endian. */
static float number(const uint8_t *p, int row)
{
    unsigned low = (unsigned)p[0] | (dtypes[row].item > 1 ? (unsigned)p[1] << 8 : 0u);

    return dtypes[row].type == 'h' ? from_half(low) : (float)low;
}

kt_status kt__tfjs_decode(const kt_value *w, const uint8_t **at, size_t *left, const char *file,
                          kt_array *out, kt_fault *f)
{
    const kt_value *shape = kt_value_get(w, "shape"), *q = kt_value_get(w, "quantization");
    const char     *name = kt_value_text(kt_value_get(w, "name"));
    const char     *dtype = kt_value_text(kt_value_get(q ? q : w, "dtype"));
    int             row = dtype_row(dtype);
    double          scale = 1, min = 0;
    size_t          n = 1, most;

    if (row < 0 || !kt_value_is_seq(shape) || shape->n > KT_ARRAY_RANK)
        return kt_raise(f, KT_E_VALUE, "%s: weight '%s' has dtype '%s', which is not read", file,
                        name ? name : "", dtype ? dtype : "");
    most = *left / (size_t)dtypes[row].item;
    *out = (kt_array){.type = 'f', .item = 4, .rank = (int)shape->n};
    for (size_t i = 0; i < shape->n; i++) {
        int64_t d = kt_is_int(shape->items[i]) ? shape->items[i]->i : -1;
        if (d < 0 || (d > 0 && n > most / (size_t)d))
            return kt_raise(f, KT_E_VALUE, "%s: weight '%s' needs more bytes than its files have",
                            file, name ? name : "");
        out->dim[i] = d;
        n *= (size_t)d;
    }
    if (n > most) /* one number of no bytes */
        return kt_raise(f, KT_E_VALUE, "%s: weight '%s' needs more bytes than its files have", file,
                        name ? name : "");
    bool plain = dtypes[row].item == 4;
    out->bytes.size = n * 4;
    out->bytes.data = kt_alloc(n * 4 + 1);
    out->data = out->bytes.data;
    if (!out->data)
        return kt_raise_memory(f);
    kt_value_number(kt_value_get(q, "scale"), &scale);
    kt_value_number(kt_value_get(q, "min"), &min);
    bool scaled = q && dtypes[row].type == 'u';
    if (plain) {
        out->type = dtypes[row].type;
        memcpy(out->data, *at, n * 4);
    }
    for (size_t i = 0; !plain && i < n; i++) {
        float x = number(*at + i * (size_t)dtypes[row].item, row);
        ((float *)out->data)[i] = scaled ? (float)((double)x * scale + min) : x;
    }
    *at += n * (size_t)dtypes[row].item;
    *left -= n * (size_t)dtypes[row].item;
    return KT_OK;
}
