/* jpeg.c - reads JPEG, over libjpeg: grey or RGB, in the arithmetic that TensorFlow's decode_image
 * asks for. */
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
/* needs the declarations of jpeglib.h */
#include <jerror.h>

#include "codec/image.h"

#define MOST_SCANS 500 /* of a progressive image: each goes over all of it */

/* Everything that a jump out of libjpeg must find again. */
typedef struct reader {
    struct jpeg_error_mgr         errors; /* first: libjpeg hands over its address */
    struct jpeg_progress_mgr      progress;
    struct jpeg_decompress_struct jpeg;
    jmp_buf                       back;
    const char                   *name;
    const void                   *data;
    size_t                        size;
    int                           channels;
    kt_pixels                    *out;
    kt_fault                     *f;
    char                          why[JMSG_LENGTH_MAX];
} reader;

/* --- what libjpeg calls --- */

static void on_error(j_common_ptr c)
{
    reader *r = (reader *)(void *)c->err;

    c->err->format_message(c, r->why);
    longjmp(r->back, 1);
}

/* Of the damages that libjpeg would go on after, those with which a part of the image is
 * missing. */
static void on_message(j_common_ptr c, int level)
{
    if (level < 0 && (c->err->msg_code == JWRN_JPEG_EOF || c->err->msg_code == JWRN_HIT_MARKER))
        on_error(c);
}

static void on_progress(j_common_ptr c)
{
    reader *r = (reader *)(void *)c->err;

    if (r->jpeg.input_scan_number > MOST_SCANS) {
        snprintf(r->why, sizeof r->why, "it has more than %d scans", MOST_SCANS);
        longjmp(r->back, 1);
    }
}

/* --- reading --- */

static kt_status read_pixels(reader *r)
{
    struct jpeg_decompress_struct *j = &r->jpeg;

    jpeg_create_decompress(j);
    j->progress = &r->progress;
    jpeg_mem_src(j, r->data, (unsigned long)r->size);
    jpeg_read_header(j, TRUE);
    if (r->channels == 4)
        return kt_raise(r->f, KT_E_INVALID_ARGUMENT, "'%s': JPEG does not support 4 channels",
                        r->name);
    if (j->jpeg_color_space == JCS_CMYK || j->jpeg_color_space == JCS_YCCK)
        return kt_raise(r->f, KT_E_NOT_IMPLEMENTED,
                        "'%s' has the colors of print (CMYK), which are not read", r->name);
    if (kt__pixels_make(r->name, j->image_height, j->image_width, r->channels, r->out, r->f) !=
        KT_OK)
        return r->f->e.status;
    j->out_color_space = r->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    j->dct_method = JDCT_IFAST;
    jpeg_start_decompress(j);
    size_t row = (size_t)j->output_width * (size_t)r->channels;
    while (j->output_scanline < j->output_height) {
        JSAMPROW to = r->out->data + row * j->output_scanline;
        jpeg_read_scanlines(j, &to, 1);
    }
    jpeg_finish_decompress(j);
    return KT_OK;
}

/* The only frame that libjpeg jumps to: it has nothing of its own. */
static kt_status guarded(reader *r)
{
    if (setjmp(r->back))
        return kt_raise(r->f, KT_E_VALUE, "'%s' is no valid JPEG image: %s", r->name, r->why);
    return read_pixels(r);
}

kt_status kt__jpeg_read(const char *name, const void *data, size_t size, int channels,
                        kt_pixels *out, kt_fault *f)
{
    reader r = {.name = name, .data = data, .size = size, .channels = channels, .out = out, .f = f};

    r.jpeg.err = jpeg_std_error(&r.errors);
    r.errors.error_exit = on_error;
    r.errors.emit_message = on_message;
    r.progress.progress_monitor = on_progress;
    kt_status s = guarded(&r);
    jpeg_destroy_decompress(&r.jpeg);
    return s;
}
