/* png.c - reads PNG, over libpng: 8 bits a channel, converted as TensorFlow's decode_png does. */
#include <png.h>
#include <string.h>

#include "codec/image.h"

#define MOST_RATIO 1032 /* deflate never shrinks more */

/* Everything that a jump out of libpng must find again. */
typedef struct reader {
    const char    *name;
    const uint8_t *at, *end;
    int            channels;
    kt_pixels     *out;
    kt_fault      *f;
    png_structp    png;
    png_infop      info;
    char           why[80];
} reader;

/* --- what libpng calls --- */

static void on_error(png_structp png, png_const_charp message)
{
    reader *r = png_get_error_ptr(png);

    snprintf(r->why, sizeof r->why, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
}

static void give(png_structp png, png_bytep to, size_t n)
{
    reader *r = png_get_io_ptr(png);

    if ((size_t)(r->end - r->at) < n)
        png_error(png, "it ends too early");
    memcpy(to, r->at, n);
    r->at += n;
}

/* --- reading --- */

static void convert(const reader *r)
{
    png_structp png = r->png;
    int         type = png_get_color_type(png, r->info);
    bool        clear = png_get_valid(png, r->info, PNG_INFO_tRNS) != 0;

    png_set_expand(png); /* of a palette, of few bits, of one color that is clear */
    if (r->channels == 4) {
        if (!clear && !(type & PNG_COLOR_MASK_ALPHA))
            /* TensorFlow's full alpha is that of the bits of the file, also where these are few */
            png_set_add_alpha(png, (1u << png_get_bit_depth(png, r->info)) - 1, PNG_FILLER_AFTER);
    } else {
        png_set_strip_alpha(png);
    }
    png_set_strip_16(png);
    png_set_packing(png);
    if (r->channels > 1)
        png_set_gray_to_rgb(png);
    else if (type & PNG_COLOR_MASK_COLOR)
        png_set_rgb_to_gray(png, PNG_ERROR_ACTION_NONE, 0.299, 0.587);
}

static kt_status read_pixels(reader *r)
{
    png_read_info(r->png, r->info);

    int64_t height = png_get_image_height(r->png, r->info),
            width = png_get_image_width(r->png, r->info);
    size_t packed = png_get_rowbytes(r->png, r->info);
    if (packed > (size_t)(r->end - r->at) * MOST_RATIO / (size_t)height)
        png_error(r->png, "it is too short for its size");
    if (kt__pixels_make(r->name, height, width, r->channels, r->out, r->f) != KT_OK)
        return r->f->e.status;
    convert(r);
    int passes = png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->info);
    size_t row = (size_t)width * (size_t)r->channels;
    if (png_get_rowbytes(r->png, r->info) != row)
        png_error(r->png, "its colors are of no known kind");
    for (int k = 0; k < passes; k++)
        for (int64_t y = 0; y < height; y++)
            png_read_row(r->png, r->out->data + (size_t)y * row, NULL);
    png_read_end(r->png, NULL);
    return KT_OK;
}

/* The only frame that libpng jumps to: it has nothing of its own. */
static kt_status guarded(reader *r)
{
    if (setjmp(png_jmpbuf(r->png)))
        return kt_raise(r->f, KT_E_VALUE, "'%s' is no valid PNG image: %s", r->name, r->why);
    return read_pixels(r);
}

kt_status kt__png_read(const char *name, const void *data, size_t size, int channels,
                       kt_pixels *out, kt_fault *f)
{
    reader r = {.name = name,
                .at = data,
                .end = (const uint8_t *)data + size,
                .channels = channels,
                .out = out,
                .f = f};

    r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
    r.info = r.png ? png_create_info_struct(r.png) : NULL;
    if (r.info)
        png_set_read_fn(r.png, &r, give);
    kt_status s = r.info ? guarded(&r) : kt_raise_memory(f);
    png_destroy_read_struct(&r.png, &r.info, NULL);
    return s;
}
