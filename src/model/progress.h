/* progress.h - inside src/model: the progress bar of fit. */
#ifndef KT_PROGRESS_H
#define KT_PROGRESS_H

#include "model/callback.h"

void kt_progress_epoch(kt_watch *w);
void kt_progress_batch(kt_watch *w, int64_t done, int64_t batches);
void kt_progress_done(kt_watch *w);

#endif
