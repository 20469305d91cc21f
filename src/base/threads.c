/* threads.c - a pool of threads that sleep until there is a loop to share. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "base/base.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 256 };

/* A loop cut into parts of equal length; lives on the caller's stack. */
typedef struct kt_loop {
    void (*body)(void *ctx, int64_t begin, int64_t end);
    void   *ctx;
    int64_t n, length; /* of all, of a part */
    int64_t parts, taken, finished;

    kt_float_state numbers; /* of the caller */
} kt_loop;

/* Everything here but `count` is guarded by the mutex. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t  wake; /* parts to take, or time to leave */
    pthread_cond_t  done; /* the last part is finished */
    bool            held; /* by a loop, or by the change of the number of threads */
    bool            leave;
    kt_loop        *loop; /* NULL: nothing to do */
    int             workers;
    pthread_t       worker[MOST_THREADS - 1];
    _Atomic int     count; /* 0: not asked for yet */
} pool = {
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .wake = PTHREAD_COND_INITIALIZER,
    .done = PTHREAD_COND_INITIALIZER,
};

/* --- how many ------------------------------------------------------------------------------ */

static int clamp(long n)
{
    return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : (int)n;
}

/* The processors that this process may use. */
static int cores(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return clamp(CPU_COUNT(&set));
    }
#endif
    return clamp(sysconf(_SC_NPROCESSORS_ONLN));
}

static int default_count(void)
{
    const char *text = getenv("KERATIN_THREADS");
    char       *end = NULL;
    long        n = text ? strtol(text, &end, 10) : 0;
    return n >= 1 && *end == '\0' ? clamp(n) : cores();
}

int kt_threads(void)
{
    int n = atomic_load(&pool.count);
    if (n == 0) {
        int wanted = default_count();
        /* Where another thread was faster, its number is taken. */
        n = atomic_compare_exchange_strong(&pool.count, &n, wanted) ? wanted : n;
    }
    return n;
}

/* --- the parts of a loop -------------------------------------------------------------------- */

static kt_loop cut(int64_t n, int64_t grain)
{
    int64_t threads = kt_threads();
    int64_t length = n / threads + (n % threads != 0);
    if (length < grain) {
        length = grain;
    }
    return (kt_loop){.n = n, .length = length, .parts = n / length + (n % length != 0)};
}

static void run_part(const kt_loop *loop, int64_t part)
{
    int64_t begin = part * loop->length;
    int64_t rest = loop->n - begin;
    loop->body(loop->ctx, begin, rest < loop->length ? loop->n : begin + loop->length);
}

/* The same parts as with threads, so that sums taken part by part come out the same. */
static void run_alone(const kt_loop *loop)
{
    for (int64_t part = 0; part < loop->parts; part++) {
        run_part(loop, part);
    }
}

/* Runs parts as long as there are any to take. The mutex is held before and after, not between. */
static void run_parts(kt_loop *loop)
{
    while (loop->taken < loop->parts) {
        int64_t part = loop->taken++;
        pthread_mutex_unlock(&pool.mutex);
        run_part(loop, part);
        pthread_mutex_lock(&pool.mutex);
        if (++loop->finished == loop->parts) {
            pthread_cond_signal(&pool.done);
            return; /* the caller may now return: the loop is gone */
        }
    }
}

/* --- the pool ------------------------------------------------------------------------------- */

static void *work(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&pool.mutex);
    while (!pool.leave) {
        if (pool.loop && pool.loop->taken < pool.loop->parts) {
            kt_float_set(pool.loop->numbers); /* nothing else runs here: there is none to restore */
            run_parts(pool.loop);
        } else {
            pthread_cond_wait(&pool.wake, &pool.mutex);
        }
    }
    pthread_mutex_unlock(&pool.mutex);
    return NULL;
}

static void before_fork(void)
{
    pthread_mutex_lock(&pool.mutex);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&pool.mutex);
}

/* Only the thread that forked goes on in the child: whoever waited or held the pool is gone. */
static void begin_child(void)
{
    pthread_cond_init(&pool.wake, NULL);
    pthread_cond_init(&pool.done, NULL);
    pool.workers = 0;
    pool.held = pool.leave = false;
    pool.loop = NULL;
    pthread_mutex_unlock(&pool.mutex);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork, begin_child);
}

/* Starts threads until there are n, or the system has no more. Signals stay with the user's own
 * threads. */
static void start_workers(int64_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pool.workers >= n) {
        return;
    }
    pthread_once(&once, watch_forks);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.workers < n && pthread_create(&pool.worker[pool.workers], NULL, work, NULL) == 0) {
        pool.workers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Takes the pool and locks the mutex; false where somebody has it: another loop, or the one around
 * this one. */
static bool hold(void)
{
    pthread_mutex_lock(&pool.mutex);
    if (pool.held) {
        pthread_mutex_unlock(&pool.mutex);
        return false;
    }
    pool.held = true;
    return true;
}

static void release(void)
{
    pool.held = false;
    pthread_mutex_unlock(&pool.mutex);
}

static void run_shared(kt_loop *loop)
{
    start_workers(loop->parts - 1);
    pool.loop = loop;
    for (int64_t part = 1; part < loop->parts; part++) {
        pthread_cond_signal(&pool.wake);
    }
    run_parts(loop);
    while (loop->finished < loop->parts) {
        pthread_cond_wait(&pool.done, &pool.mutex);
    }
    pool.loop = NULL;
}

void kt_parallel(int64_t n, int64_t grain, void (*body)(void *ctx, int64_t begin, int64_t end),
                 void *ctx)
{
    if (n <= 0) {
        return;
    }
    kt_loop loop = cut(n, grain < 1 ? 1 : grain);
    loop.body = body;
    loop.ctx = ctx;
    loop.numbers = kt_float_now();
    if (loop.parts == 1 || !hold()) {
        run_alone(&loop);
        return;
    }
    run_shared(&loop);
    release();
}

static void stop_workers(void)
{
    pool.leave = true;
    pthread_cond_broadcast(&pool.wake);
    while (pool.workers > 0) {
        pthread_t worker = pool.worker[--pool.workers];
        pthread_mutex_unlock(&pool.mutex);
        pthread_join(worker, NULL);
        pthread_mutex_lock(&pool.mutex);
    }
    pool.leave = false;
}

void kt_set_threads_count(int n)
{
    int count = clamp(n);
    atomic_store(&pool.count, count);
    /* From inside a loop only the number changes: its threads are needed, later loops use fewer. */
    if (hold()) {
        if (pool.workers > count - 1) {
            stop_workers();
        }
        release();
    }
}

void kt_stop_threads(void)
{
    if (hold()) {
        stop_workers();
        release();
    }
}
