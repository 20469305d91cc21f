/* base.h - the door of src/base: memory, text, errors, values, threads, random numbers; no tensors.
 *
 * Invariants
 *  - All memory comes from kt_alloc/kt_realloc: tests can fail the n-th allocation and count them.
 *  - Every allocation may fail: NULL is checked where it is made, and raised as MemoryError.
 *  - A kt_error keeps the first failure; raising on a failed error changes nothing.
 */
#ifndef KT_BASE_H
#define KT_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "keratin/error.h"

#if defined(__GNUC__)
#define KT_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define KT_CHECKED      __attribute__((warn_unused_result))
#else
#define KT_PRINTF(f, a)
#define KT_CHECKED
#endif

#define KT_COUNT(a) (sizeof(a) / sizeof *(a))

/* A mistake inside Keratin (never of a user): stops debug and fuzz builds. */
#ifdef NDEBUG
#define KT_ASSERT(x) ((void)0)
#else
#include <assert.h>
#define KT_ASSERT(x) assert(x)
#endif

/* --- memory (memory.c) ------------------------------------------------------------------------ */

/* Zeroed memory of `size` bytes, aligned to 64; NULL if there is none. Freed with kt_free. */
void *kt_alloc(size_t size);
/* The same, not zeroed: for what is filled at once. */
void *kt_alloc_raw(size_t size);
/* n * size bytes, zeroed; NULL on overflow too. */
void *kt_calloc(size_t n, size_t size);
/* Grows or shrinks; keeps the old block on failure. Not aligned beyond 16, new bytes undefined. */
void *kt_realloc(void *p, size_t size);
void  kt_free(void *p);
/* Zeroed memory aligned to 64 for a plan's values, whose pages come when they are first written,
 * large ones where the system has them. *block: what to free; NULL without memory. */
void *kt_alloc_pages(size_t size, void **block);
/* malloc'd copy of a string; NULL if there is no memory or s is NULL. */
char *kt_strdup(const char *s);

/* For tests: the n-th allocation from now on fails, and all after it, until set to 0. */
void kt_alloc_fail_after(int64_t n);
/* For tests: the n-th allocation from now on fails alone. */
void kt_alloc_fail_once(int64_t n);
/* For tests: an arena asks for each of its pieces too, not only for its blocks, so that each can
 * fail. */
void kt_alloc_count_pieces(bool on);
/* For tests: is told the number of each allocation that is asked for, until set to NULL. */
void kt_alloc_watch(void (*watcher)(int64_t number));
/* Allocations asked for so far by this process, failed ones included. */
int64_t kt_alloc_count(void);

/* Blocks that are held now. */
int64_t kt_alloc_held(void);

/* Memory that is freed all at once. A failed allocation leaves `failed` set. */
typedef struct kt_arena {
    struct kt_arena_block *head;
    bool                   failed;
} kt_arena;
/* Zeroed, aligned to 16. NULL (and a->failed) if there is no memory. kt_arena_init is {0}. */
void *kt_arena_alloc(kt_arena *a, size_t size);
void *kt_arena_calloc(kt_arena *a, size_t n, size_t size);
char *kt_arena_strdup(kt_arena *a, const char *s);
char *kt_arena_strndup(kt_arena *a, const char *s, size_t n);
char *kt_arena_printf(kt_arena *a, const char *fmt, ...) KT_PRINTF(2, 3);
void  kt_arena_free(kt_arena *a);
/* What it has taken, the part that nobody has asked for yet included. */
size_t kt_arena_bytes(const kt_arena *a);

/* --- growing text (str.c) --------------------------------------------------------------------- */

/* Starts as {0}; data is NULL or zero-terminated. Fails (failed = true, text kept) without
 * memory or over `limit`. */
typedef struct kt_str {
    char  *data;
    size_t len, cap;
    size_t limit; /* 0: KT_STR_LIMIT */
    bool   failed;
} kt_str;
#define KT_STR_LIMIT ((size_t)1 << 30)
void kt_str_add(kt_str *s, const char *text);
void kt_str_addn(kt_str *s, const char *text, size_t n);
void kt_str_addc(kt_str *s, char c);
/* Numbers have a decimal point, whatever the program's locale is. */
void        kt_str_printf(kt_str *s, const char *fmt, ...) KT_PRINTF(2, 3);
void        kt_str_vprintf(kt_str *s, const char *fmt, va_list ap);
double      kt_strtod(const char *s, char **end); /* strtod of a decimal point */
const char *kt_str_text(const kt_str *s);         /* never NULL */
void        kt_str_free(kt_str *s);
/* Ends the text: it is the arena's now, s is as new. NULL (and a->failed) if memory was missing. */
char *kt_str_keep(kt_str *s, kt_arena *a);

/* NULL equals NULL only. Inline: tables of names are searched by it, where the first characters
 * settle nearly all. */
static inline bool kt_streq(const char *a, const char *b)
{
    return a == b || (a && b && *a == *b && strcmp(a, b) == 0);
}

/* The entry of `names` (n of them) nearest to `word` by edit distance, or NULL if none is near
 * enough to suggest. */
const char *kt_did_you_mean(const char *word, const char *const *names, size_t n);

/* --- errors (error.c) ------------------------------------------------------------------------- */

/* The holder of an error: starts as {0}. `e` is what users see. */
typedef struct kt_fault {
    kt_error e;
    kt_arena arena; /* owns the texts of e */
} kt_fault;
/* Records the failure if it is the first, and returns the first's status, so that
 * `return kt_raise(f, KT_E_VALUE, "...")` works. All errors are born here: a debugger stops here.
 * f may be NULL: the status is all there is. */
kt_status kt_raise(kt_fault *f, kt_status status, const char *fmt, ...) KT_PRINTF(3, 4);
kt_status kt_raise_memory(kt_fault *f);
/* Facts may be added to a failure while it travels up; the first to set one wins. */
void kt_fault_layer(kt_fault *f, const char *layer);
void kt_fault_path(kt_fault *f, const char *path);
void kt_fault_site(kt_fault *f, const char *file, int line, const char *text);
void kt_fault_hint(kt_fault *f, const char *hint);
/* The message holds `data`, printed: keeps a brief one in which only its beginning and end stand,
 * on one line. */
void kt_fault_brief(kt_fault *f, const char *data);
void kt_fault_axis(kt_fault *f, int input, int axis, int64_t expected, int64_t received);
/* Moves the failure of `from` into `to` if `to` has none. */
kt_status kt_fault_copy(kt_fault *to, const kt_fault *from);
void      kt_fault_clear(kt_fault *f);

/* --- the thread's error (thread_error.c) ------------------------------------------------------ */

/* Records a failure for kt_thread_error, where no object can keep it; the first one stays. Returns
 * the status that was given. */
kt_status kt_raise_here(kt_status status, const char *fmt, ...) KT_PRINTF(2, 3);
/* "kt_predict: the model is NULL", a ValueError. */
kt_status kt_raise_null(const char *call, const char *what);
/* Leaves the failure of f, if any, to the thread; clears f and returns its status. */
kt_status kt_fault_leave(kt_fault *f);

/* --- values (value.c) ------------------------------------------------------------------------- */

/* What JSON and Keras expressions are read into: Python's literals. Lives in an arena, immutable
 * once made. */
typedef enum kt_kind {
    KT_NONE,
    KT_BOOL,
    KT_INT,
    KT_FLOAT,
    KT_STR,
    KT_LIST,
    KT_TUPLE,
    KT_DICT,
    KT_CALL /* Name(1, key=2): items with key NULL are positional */
} kt_kind;
typedef struct kt_value kt_value;
struct kt_value {
    kt_kind      kind;
    bool         b; /* of a BOOL; i is then 0 or 1 */
    int64_t      i;
    double       f;
    const char  *s;      /* STR: the text; CALL: the name called */
    size_t       n, cap; /* items of LIST, TUPLE, DICT, CALL */
    kt_value   **items;
    const char **keys; /* DICT, CALL */
};
kt_value *kt_value_new(kt_arena *a, kt_kind kind); /* NULL without memory, as all below */
kt_value *kt_value_bool(kt_arena *a, bool b);
kt_value *kt_value_int(kt_arena *a, int64_t i);
kt_value *kt_value_float(kt_arena *a, double f);
kt_value *kt_value_str(kt_arena *a, const char *s);
/* Appends to LIST/TUPLE (key NULL), DICT or CALL. False without memory, also where v is NULL. */
bool kt_value_add(kt_arena *a, kt_value *to, const char *key, kt_value *v);
/* Takes the key out of a DICT, if it is there. */
void kt_value_drop(kt_value *dict, const char *key);
/* Replaces or adds. */
bool kt_value_set(kt_arena *a, kt_value *dict, const char *key, kt_value *v);
/* NULL if absent, or dict is NULL or no DICT/CALL. */
kt_value   *kt_value_get(const kt_value *dict, const char *key);
const char *kt_value_text(const kt_value *v);                /* of a STR, else NULL */
bool        kt_value_number(const kt_value *v, double *out); /* INT, FLOAT, BOOL */
/* NULL counts as None. */
static inline bool kt_is_none(const kt_value *v)
{
    return !v || v->kind == KT_NONE;
}
/* As Python's isinstance(v, int): True is one; v->i holds the number. */
static inline bool kt_is_int(const kt_value *v)
{
    return v && (v->kind == KT_INT || v->kind == KT_BOOL);
}
static inline bool kt_value_is_seq(const kt_value *v) /* LIST or TUPLE */
{
    return v && (v->kind == KT_LIST || v->kind == KT_TUPLE);
}
/* Copy, equality and repr recurse as deep as the value nests: readers bound that. */
kt_value *kt_value_copy(kt_arena *a, const kt_value *v);
/* As Python's ==: 1 == 1.0 == True, (1,) != [1], dicts in any order. */
bool kt_value_equal(const kt_value *a, const kt_value *b);
/* As Python's repr prints it: None, True, 'text', 0.001, (2, 3), [1], {'a': 1}. */
void kt_value_repr(kt_str *out, const kt_value *v);
/* Shortest text that reads back as the same double, as Python's repr: "0.1", "1e-07", "2.0",
 * "nan", "inf". */
void kt_repr_double(kt_str *out, double x);

/* --- pointers in order (vec.c) ---------------------------------------------------------------- */

typedef struct kt_vec {
    void **at;
    size_t n, cap;
} kt_vec;
bool kt_vec_push(kt_vec *v, void *p); /* false without memory */
void kt_vec_free(kt_vec *v);

/* Pointer -> pointer hash map. {0} to start. */
typedef struct kt_map {
    const void **key;
    void       **val;
    size_t       n, cap;
} kt_map;
bool  kt_map_set(kt_map *m, const void *key, void *val); /* key not NULL; false without memory */
void *kt_map_get(const kt_map *m, const void *key);      /* NULL if absent */
void  kt_map_free(kt_map *m);

/* --- floating point (float.c) ----------------------------------------------------------------- */

/* What the processor does with floating-point numbers on one thread: rounding, traps, subnormal
 * numbers, and the flags that were raised. */
typedef struct kt_float_state {
    uint64_t control, flags;
} kt_float_state;
/* The state of plans: round to nearest, no traps, and subnormal numbers are zero, as operands and
 * as results (as in TensorFlow's threads; KERATIN_NO_FTZ=1 leaves them). Gives the thread's former
 * state, which kt_float_set puts back. */
kt_float_state kt_float_begin(void);
void           kt_float_set(kt_float_state s);
kt_float_state kt_float_now(void);
/* Whether subnormal numbers are zero in s; never where the processor's state is not known here. */
bool kt_float_flushes(kt_float_state s);

/* --- threads (threads.c) ---------------------------------------------------------------------- */

/* --- hashes (hash.c) --- of n bytes, as TensorFlow puts texts into buckets. */
uint64_t kt_farmhash64(const void *data, size_t n);                       /* Fingerprint64 */
uint64_t kt_siphash64(const uint64_t key[2], const void *data, size_t n); /* SipHash-2-4 */
uint32_t kt_crc32c(const void *data, size_t n);
/* Of a number's decimal text; key NULL: FarmHash. */
uint64_t kt_hash_int(int64_t v, const uint64_t *key);
/* Of two hashes together: FingerprintCat64; tf.sparse.cross_hashed begins with KT_CROSS_KEY. */
#define KT_CROSS_KEY UINT64_C(0xDECAFCAFFE)
uint64_t kt_hash_join(uint64_t a, uint64_t b);

/* Number of threads that kt_parallel may use, the caller included; default: KERATIN_THREADS,
 * else the cores. */
int  kt_threads(void);
void kt_set_threads_count(int n); /* 1..256 */
/* Ends the threads that wait for work; the next loop starts new ones. Nothing happens while a loop
 * runs. */
void kt_stop_threads(void);
/* Calls body(ctx, begin, end) on disjoint ranges that cover [0, n), each at least `grain` long (but
 * the last). On the caller alone where there is one range, or where another call holds the pool (so
 * a body may call kt_parallel). Never spins. The ranges depend on n, grain and kt_threads only.
 * Every thread computes in the caller's floating-point state. */
void kt_parallel(int64_t n, int64_t grain, void (*body)(void *ctx, int64_t begin, int64_t end),
                 void *ctx);

/* --- libraries that are opened when they are first needed (library.c) ------------------------- */

/* A function by its name, and where its pointer lies in a table of them. */
typedef struct kt_library_symbol {
    const char *name;
    size_t      offset;
} kt_library_symbol;
/* The first of n libraries that is there, or NULL. Not to be closed: others may hold what it
 * started. */
void *kt_library_open(const char *const *names, size_t n);
/* Fills the table up to the first function that the library has not, whose name is returned; NULL:
 * all are there. */
const char *kt_library_bind(void *library, const kt_library_symbol *symbols, size_t n, void *table);

/* --- random numbers (philox.c, mt19937.c) ----------------------------------------------------- */

/* Philox 4x32-10: one block of 4 words. key: 2 words, counter: 4 words. */
void kt_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]);
/* TensorFlow's stateless generators, as Keras 3 calls them. seed: what Keras' draw_seed gives,
 * {seed, 0} for an integer seed, else the state of a SeedGenerator; any int64 (they are taken
 * modulo 2^31 - 2, as Keras does). */
void kt_stateless_uniform(const int64_t seed[2], float lo, float hi, int64_t n, float *out);
void kt_stateless_normal(const int64_t seed[2], float mean, float stddev, int64_t n, float *out);
void kt_stateless_truncated_normal(const int64_t seed[2], float mean, float stddev, int64_t n,
                                   float *out);
/* Whole numbers in [lo, hi), lo < hi, made of integers of 32 or 64 bits (width). */
void kt_stateless_whole(const int64_t seed[2], int64_t lo, int64_t hi, int width, int64_t n,
                        double *out);
/* Of the gamma distribution, one for each alpha > 0, in float32's precision. */
void kt_stateless_gamma(const int64_t seed[2], const double *alpha, int64_t n, double *out);
/* The numbers of other dtypes than float32, before they are scaled and moved: bits is the width of
 * a fraction, 52 of double, 10 of half and 7 of bfloat16. */
typedef enum kt_distribution { KT_UNIFORM, KT_NORMAL, KT_TRUNCATED } kt_distribution;
void kt_stateless_numbers(const int64_t seed[2], kt_distribution d, int bits, int64_t n,
                          double *out);
/* What they draw from: block i of the stream is kt_philox of {i, i >> 32, high[0], high[1]}. */
void kt_stateless_key(const int64_t seed[2], uint32_t key[2], uint32_t high[2]);

/* MT19937 as NumPy's RandomState and Python's random use it. */
typedef struct kt_mt {
    uint32_t key[624];
    int      pos;
    bool     has_gauss;
    double   gauss;
} kt_mt;
void     kt_mt_seed(kt_mt *r, uint32_t seed);        /* numpy.random.seed(int) */
void     kt_mt_seed_python(kt_mt *r, uint64_t seed); /* random.seed(int) */
uint32_t kt_mt_u32(kt_mt *r);
/* [0, 1), 53 bits: rand(), random.random(). */
double kt_mt_double(kt_mt *r);
/* randn(), legacy polar method. */
double kt_mt_gauss(kt_mt *r);
/* numpy randint(lo, hi), int64 legacy path. lo < hi. */
int64_t kt_mt_randint(kt_mt *r, int64_t lo, int64_t hi);
/* random.randint(lo, hi), hi included. lo <= hi. */
int64_t kt_mt_randint_python(kt_mt *r, int64_t lo, int64_t hi);
/* numpy permutation(n). */
void kt_mt_permutation(kt_mt *r, int64_t n, int64_t *out);

/* Keras' rules for seeds. An initializer or SeedGenerator with seed=None draws its seed when it
 * is made, from Python's generator, which keras.utils.set_random_seed(s) seeds by
 * random.seed(s). An initializer with an integer seed uses {seed, 0} at each call, so equal
 * calls give equal values. */
int64_t kt_default_seed(kt_mt *python); /* random.randint(1, 10**9) */
/* SeedGenerator.next: gives the state {seed, counter}, which starts as {seed, 0}, and moves it
 * on: by {0, 1} where ordered (layers such as Dropout), else each word to (word + 1) * 5387 mod
 * 933199 (the global generator, which serves keras.random calls without a seed). */
void kt_seed_next(int64_t state[2], bool ordered, int64_t out[2]);

#endif
