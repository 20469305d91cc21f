/* held.h - all memory is given back by the end of a test program. */
#ifndef TESTS_SUPPORT_HELD_H
#define TESTS_SUPPORT_HELD_H

#include <stdint.h>

/* Blocks that the program may hold at its end: what the library keeps for the process. */
extern int64_t held_for_life;

#endif
