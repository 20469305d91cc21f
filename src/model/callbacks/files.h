/* files.h - the folders that callbacks write to. */
#ifndef KT_CALLBACK_FILES_H
#define KT_CALLBACK_FILES_H

#include "base/base.h"

/* Makes the folders on the way to a path, as far as they are missing: what stands before its last
 * '/'. callback: whose error it is. */
kt_status kt_make_folders(const char *path, const char *callback, kt_fault *f);

#endif
