/* box.h - inside src/model: a table with lines around its cells, as Keras' summary draws it. */
#ifndef KT_MODEL_BOX_H
#define KT_MODEL_BOX_H

#include "base/base.h"

enum { KT_BOX_COLUMNS = 5 };

typedef enum kt_align { KT_LEFT, KT_RIGHT, KT_CENTRE } kt_align;

/* Widths are of the text, without the blank on either side. */
typedef struct kt_box {
    int      n;
    int      width[KT_BOX_COLUMNS];
    kt_align align[KT_BOX_COLUMNS];
    int      rows; /* drawn so far */
} kt_box;

/* A text that is wider than its column goes on in the next line at a blank; a word that is wider
 * ends in an ellipsis. */
void kt_box_head(kt_str *out, kt_box *b, const char *const *cells);
void kt_box_row(kt_str *out, kt_box *b, const char *const *cells);
void kt_box_end(kt_str *out, kt_box *b);

#endif
