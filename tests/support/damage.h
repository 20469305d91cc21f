/* damage.h - what every reader has to stand: files cut short, files with bits flipped, memory that
 * runs out. */
#ifndef TESTS_SUPPORT_DAMAGE_H
#define TESTS_SUPPORT_DAMAGE_H

#include "base/base.h"

/* Reads the bytes with the format under test and frees what it got. */
typedef kt_status damage_reader(const uint8_t *data, size_t size, kt_fault *f);

/* The longest proper beginning of the data that is accepted, as its length; -1 if all are refused,
 * as they should be where a format knows its length. Every refusal must have a message. */
long damage_cut(damage_reader *read, const uint8_t *data, size_t size);
/* Flips bits, one at a time: `per_byte` of the eight of each byte. Returns how many of the results
 * were accepted. */
long damage_flip(damage_reader *read, const uint8_t *data, size_t size, int per_byte);
/* Lets the first, second, third ... allocation fail until the reader succeeds; fails the test on
 * any error other than MemoryError. Returns the number of allocations. */
long damage_memory(damage_reader *read, const uint8_t *data, size_t size);

#endif
