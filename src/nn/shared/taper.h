/* taper.h - windows that taper a frame of a signal, under SciPy's names. */
#ifndef KT_TAPER_H
#define KT_TAPER_H

#include "base/base.h"

bool kt_taper_known(const char *name);
/* scipy.signal.get_window(name, n, fftbins=periodic); the name is a known one. */
void kt_taper(const char *name, int64_t n, bool periodic, double *out);

#endif
