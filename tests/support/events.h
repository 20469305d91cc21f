/* events.h - the files that TensorBoard reads. */
#ifndef KERATIN_TESTS_EVENTS_H
#define KERATIN_TESTS_EVENTS_H

#include "base/base.h"

/* The only file of the folder has these events: [step, tag, plugin, dtype, shape, numbers] of
 * each; no numbers where they are the clock's. Fails the test where not. */
void events_compare(const char *what, const kt_value *want, const char *folder);

#endif
