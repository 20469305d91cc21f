/* copy.c - the one kernel of exec itself: it stores into variables, fills packs and takes snapshots
 * of variables. */
#include "exec/plan.h"

#include <string.h>

void kt__copy_run(const kt_run *r)
{
    const kt_buf *x = &r->in[0], *y = &r->out[0];

    if (x->dtype != y->dtype)
        kt_convert(x->data, x->dtype, y->data, y->dtype, x->count);
    else if (x->data != y->data)
        memmove(y->data, x->data,
                (size_t)x->count * kt_dtype_size(x->dtype)); /* views of one block may overlap */
}
