/* damage.h - what every reader has to stand: files cut short, files with bits flipped, memory that
 * runs out. */
#ifndef TESTS_SUPPORT_DAMAGE_H
#define TESTS_SUPPORT_DAMAGE_H

#include "codec/codec.h"

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

/* Every byte of the data as something else, left out and doubled: what the reader says of all that,
 * a line for each kind of message. `seed` stands in front of each line: "seed count sum message",
 * without the numbers and names in the message, which the sum has. A byte becomes each character of
 * `as`; NULL: a few numbers near and far from what it was. */
void damage_words(const char *seed, damage_reader *read, const uint8_t *data, size_t size,
                  const char *as, kt_str *out);
/* The same of each name in the data (3 letters or more, with a 0 behind), whose last letter
 * becomes another: members that are missing, where no checksum is. */
void damage_names(const char *seed, damage_reader *read, const uint8_t *data, size_t size,
                  kt_str *out);
/* The same of texts in JSON, of each of which the values inside of a part of it become another, of
 * each kind, or are missing. */
typedef struct damage_part {
    kt_value *root, *part;
} damage_part;
void damage_values(const char *seed, damage_reader *read, const damage_part *texts, size_t n,
                   kt_str *out);
/* A sum of texts (FNV-1a), from DAMAGE_SUM on; NULL adds nothing. */
#define DAMAGE_SUM 2166136261u
void damage_sum(uint32_t *sum, const char *text);
/* Five digits of it: compilers and libraries differ in the last ones. */
void damage_number(uint32_t *sum, double v);
/* A sanitizer makes each try 10 times as long: then it is one class of three, by its name. */
bool damage_in_turn(const char *name);
/* What became of the tries of one thing: the first refusal of each kind, and a sum of all. */
typedef struct damage_seen {
    const char *name;
    uint32_t    sum;
    int         results, refusals;
    bool        quiet; /* what follows goes into the sum alone */
    kt_str      lines, kinds;
} damage_seen;
/* A refusal, whose line shows at most so many bytes. Its kind is its message without digits, blanks
 * and brackets, and without `and_word` (or NULL), which stands for a number. */
void damage_refused(damage_seen *s, kt_str *line, const char *message, const char *and_word,
                    int shown);
/* The lines, and one of its numbers, go to `lines`; before: what stands in front of its name. */
void damage_told(damage_seen *s, const char *before, kt_str *lines);
/* Fails if the lines do not stand in tests/support/damage_words.txt; with KERATIN_DAMAGE_WORDS=FILE
 * they are added to that file. A rule that changes on purpose changes some of them: look at which,
 * and keep them. */
void damage_as_kept(const kt_str *lines);
/* What a reader read goes into the sum of "read" by this. */
void damage_saw(const void *data, size_t size);

#endif
