/* float.c - the processor's floating-point state while plans run: to nearest, no traps, subnormal
 * numbers are zero.
 *
 * The only place that knows the registers: x86's MXCSR, aarch64's FPCR and FPSR. On other
 * processors states are empty and nothing is set.
 */
#include "base/base.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__) || defined(__SSE__)
#define STATE_X86
#include <xmmintrin.h>
#elif defined(__aarch64__)
#define STATE_ARM
#endif

/* KERATIN_NO_FTZ=1: subnormal numbers are computed with, to see what they cost. */
static bool flushes(void)
{
    static _Atomic int known; /* 0: not asked for yet */
    int                answer = atomic_load_explicit(&known, memory_order_relaxed);

    if (answer == 0) {
        const char *no = getenv("KERATIN_NO_FTZ");
        answer = no && *no && !kt_streq(no, "0") ? -1 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer > 0;
}

#ifdef STATE_X86

enum { MASKED = 0x1f80, FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x0040 };

kt_float_state kt_float_now(void)
{
    return (kt_float_state){.control = _mm_getcsr()};
}

void kt_float_set(kt_float_state s)
{
    _mm_setcsr((unsigned)s.control);
}

static kt_float_state of_plans(void)
{
    return (kt_float_state){.control = MASKED |
                                       (flushes() ? FLUSH_TO_ZERO | DENORMALS_ARE_ZERO : 0)};
}

bool kt_float_flushes(kt_float_state s)
{
    const unsigned both = FLUSH_TO_ZERO | DENORMALS_ARE_ZERO;

    return (s.control & both) == both;
}

#elif defined(STATE_ARM)

#define FLUSH (UINT64_C(1) << 24) /* of operands and of results */

kt_float_state kt_float_now(void)
{
    kt_float_state s;

    __asm__ volatile("mrs %0, fpcr" : "=r"(s.control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(s.flags));
    return s;
}

void kt_float_set(kt_float_state s)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(s.control) : "memory");
    __asm__ volatile("msr fpsr, %0" : : "r"(s.flags) : "memory");
}

static kt_float_state of_plans(void)
{
    return (kt_float_state){.control = flushes() ? FLUSH : 0};
}

bool kt_float_flushes(kt_float_state s)
{
    return (s.control & FLUSH) != 0;
}

#else

kt_float_state kt_float_now(void)
{
    return (kt_float_state){.control = 0};
}

void kt_float_set(kt_float_state s)
{
    (void)s;
}

static kt_float_state of_plans(void)
{
    (void)flushes;
    return (kt_float_state){.control = 0};
}

bool kt_float_flushes(kt_float_state s)
{
    (void)s;
    return false;
}

#endif

kt_float_state kt_float_begin(void)
{
    kt_float_state before = kt_float_now();

    kt_float_set(of_plans());
    return before;
}
