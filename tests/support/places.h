/* places.h - from where a work asks for memory: each place is a try, however often it asks. */
#ifndef TESTS_SUPPORT_PLACES_H
#define TESTS_SUPPORT_PLACES_H

#include "base/base.h"

/* From now on it is noted from where pieces of memory are asked for. */
void places_watch(void);
/* No more. The numbers of those pieces, 1 for the first behind `begun`, that came from a place,
 * with the calls around it, that none had come from before: at most `most` of them; how many. None
 * where the system cannot tell. */
int places_new(int64_t begun, int64_t *number, int most);

#endif
