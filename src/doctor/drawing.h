/* drawing.h - inside src/doctor: the chain of layers as SVG, the report as HTML. */
#ifndef KT_DOCTOR_DRAWING_H
#define KT_DOCTOR_DRAWING_H

#include "doctor/report.h"

typedef struct kt_drawing {
    const kt_scene   *scene, *before; /* before: the call as it was made, or NULL */
    const kt_outcome *end;            /* of the scene */
} kt_drawing;
/* One <svg> with its own style, which follows the reader's dark or light. */
void kt_draw(kt_str *out, const kt_drawing *d, const char *title);
/* For HTML and SVG. */
void kt_escape(kt_str *out, const char *text);

extern const char *const kt_chain_style;

#endif
