/* test_base_threads.c - loops shared by threads: every index once, the same parts always. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base.h"

enum { MOST = 20000 };

typedef struct kt_marks {
    unsigned char   seen[MOST];
    int64_t         part_end[MOST]; /* at the begin of each part; 0: no part begins here */
    _Atomic int64_t parts;
} kt_marks;

static void mark(void *ctx, int64_t begin, int64_t end)
{
    kt_marks *m = ctx;
    for (int64_t i = begin; i < end; i++) {
        m->seen[i]++;
    }
    m->part_end[begin] = end;
    atomic_fetch_add(&m->parts, 1);
}

static void check_covered(const kt_marks *m, int64_t n, int64_t grain)
{
    for (int64_t i = 0; i < MOST; i++) {
        assert_int_equal(m->seen[i], i < n);
    }
    for (int64_t i = 0; i < n; i = m->part_end[i]) {
        assert_true(m->part_end[i] > i);
        assert_true(m->part_end[i] == n || m->part_end[i] - i >= grain);
    }
}

static void every_index_once(void **state)
{
    (void)state;
    static const int64_t sizes[] = {1, 2, 3, 7, 64, 100, 1001, MOST};
    static const int64_t grains[] = {1, 3, 64, 1000, MOST + 1};
    for (int threads = 1; threads <= 9; threads += 4) {
        kt_set_threads_count(threads);
        assert_int_equal(kt_threads(), threads);
        for (size_t i = 0; i < KT_COUNT(sizes) * KT_COUNT(grains); i++) {
            int64_t   n = sizes[i % KT_COUNT(sizes)], grain = grains[i / KT_COUNT(sizes)];
            kt_marks *m = kt_alloc(sizeof *m);
            kt_parallel(n, grain, mark, m);
            check_covered(m, n, grain);
            assert_true(m->parts <= threads);
            kt_free(m);
        }
    }
}

static void nothing_to_do(void **state)
{
    (void)state;
    kt_marks *m = kt_alloc(sizeof *m);
    kt_parallel(0, 1, mark, m);
    kt_parallel(-5, 1, mark, m);
    assert_int_equal(m->parts, 0);
    kt_parallel(4, 0, mark, m);
    check_covered(m, 4, 1);
    kt_free(m);
}

static void note_ends(void *ctx, int64_t begin, int64_t end)
{
    _Atomic int64_t *covered = ctx;
    atomic_fetch_add(covered, end - begin);
}

static void huge_ranges_do_not_overflow(void **state)
{
    (void)state;
    kt_set_threads_count(3);
    _Atomic int64_t covered = 0;
    kt_parallel(INT64_MAX, 1, note_ends, &covered);
    assert_true(covered == INT64_MAX);
    covered = 0;
    kt_parallel(INT64_MAX, INT64_MAX - 1, note_ends, &covered);
    assert_true(covered == INT64_MAX);
}

static void parts_repeat(void **state)
{
    (void)state;
    kt_set_threads_count(4);
    kt_marks *first = kt_alloc(sizeof *first);
    kt_parallel(997, 10, mark, first);
    assert_int_equal(first->parts, 4);
    for (int run = 0; run < 50; run++) {
        kt_marks *again = kt_alloc(sizeof *again);
        kt_parallel(997, 10, mark, again);
        assert_memory_equal(again->part_end, first->part_end, sizeof first->part_end);
        kt_free(again);
    }
    kt_free(first);
}

typedef struct kt_rows {
    kt_marks inner[8];
} kt_rows;

static void mark_rows(void *ctx, int64_t begin, int64_t end)
{
    kt_rows *rows = ctx;
    for (int64_t i = begin; i < end; i++) {
        kt_parallel(500, 1, mark, &rows->inner[i]);
    }
}

static void a_loop_in_a_loop_has_the_same_parts(void **state)
{
    (void)state;
    kt_set_threads_count(4);
    kt_rows  *rows = kt_alloc(sizeof *rows);
    kt_marks *alone = kt_alloc(sizeof *alone);
    kt_parallel(8, 1, mark_rows, rows);
    kt_parallel(500, 1, mark, alone);
    for (size_t i = 0; i < 8; i++) {
        check_covered(&rows->inner[i], 500, 1);
        assert_memory_equal(rows->inner[i].part_end, alone->part_end, sizeof alone->part_end);
    }
    kt_free(alone);
    kt_free(rows);
}

static void *loop_many_times(void *ctx)
{
    _Atomic int64_t *covered = ctx;
    for (int run = 0; run < 200; run++) {
        kt_parallel(1000, 1, note_ends, covered);
    }
    return NULL;
}

static void many_callers_at_once(void **state)
{
    (void)state;
    enum { CALLERS = 6 };
    kt_set_threads_count(3);
    pthread_t       caller[CALLERS];
    _Atomic int64_t covered[CALLERS];
    for (size_t i = 0; i < CALLERS; i++) {
        covered[i] = 0;
        assert_int_equal(pthread_create(&caller[i], NULL, loop_many_times, &covered[i]), 0);
    }
    for (size_t i = 0; i < CALLERS; i++) {
        pthread_join(caller[i], NULL);
        assert_int_equal(covered[i], 200 * 1000);
    }
}

typedef struct kt_meeting {
    int         expected;
    _Atomic int come, late;
} kt_meeting;

/* Waits until all parts have begun: they can only if each has a thread of its own. A part for which
 * the others do not come in time gives up, so that the test fails and does not hang. */
static void meet(void *ctx, int64_t begin, int64_t end)
{
    enum { MILLISECONDS = 20000 };
    kt_meeting     *m = ctx;
    struct timespec pause = {.tv_nsec = 1000 * 1000};
    for (int64_t i = begin; i < end; i++) {
        atomic_fetch_add(&m->come, 1);
        for (int k = 0; k < MILLISECONDS && m->come < m->expected && !m->late; k++) {
            nanosleep(&pause, NULL);
        }
        if (m->come < m->expected) {
            m->late = 1;
        }
    }
}

static void parts_run_at_the_same_time(void **state)
{
    (void)state;
    static const int counts[] = {2, 5, 3, 1, 4};
    for (size_t i = 0; i < KT_COUNT(counts); i++) {
        kt_meeting m = {.expected = counts[i]};
        kt_set_threads_count(counts[i]);
        kt_parallel(counts[i], 1, meet, &m);
        assert_int_equal(m.come, counts[i]);
        assert_int_equal(m.late, 0);
    }
}

static void change_count(void *ctx, int64_t begin, int64_t end)
{
    (void)ctx;
    (void)end;
    kt_set_threads_count((int)begin + 2);
}

static void count_may_change_inside_a_loop(void **state)
{
    (void)state;
    kt_set_threads_count(4);
    kt_parallel(4, 1, change_count, NULL);
    assert_in_range(kt_threads(), 2, 5);
    _Atomic int64_t covered = 0;
    kt_parallel(100, 1, note_ends, &covered);
    assert_int_equal(covered, 100);
    kt_set_threads_count(0);
    assert_int_equal(kt_threads(), 1);
    kt_set_threads_count(1 << 20);
    assert_true(kt_threads() >= 1);
    kt_set_threads_count(1);
}

/* Nonzero where a loop in this process lacks an index. A loop that waits for nobody is ended. */
static int loop_in_child(void)
{
    kt_meeting      m = {.expected = 3};
    _Atomic int64_t covered = 0;
    alarm(30);
    kt_parallel(3, 1, meet, &m);
    kt_parallel(100, 1, note_ends, &covered);
    return m.late || covered != 100;
}

static void a_fork_starts_its_own_threads(void **state)
{
    (void)state;
    kt_set_threads_count(3);
    _Atomic int64_t covered = 0;
    kt_parallel(100, 1, note_ends, &covered);
    for (int i = 0; i < 3; i++) {
        pid_t child = fork();
        if (child == 0) {
            _exit(loop_in_child());
        }
        int status = 1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(loop_in_child(), 0); /* and the parent keeps its own */
        alarm(0);
    }
    kt_set_threads_count(1);
}

static void idle_threads_sleep(void **state)
{
    (void)state;
    kt_set_threads_count(4);
    _Atomic int64_t covered = 0;
    kt_parallel(100, 1, note_ends, &covered);
    struct timespec used, later, pause = {.tv_nsec = 200 * 1000 * 1000};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &later);
    double seconds = (double)(later.tv_sec - used.tv_sec) +
                     1e-9 * (double)(later.tv_nsec - used.tv_nsec);
    assert_true(seconds < 0.05);
    kt_set_threads_count(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_once),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(huge_ranges_do_not_overflow),
        cmocka_unit_test(parts_repeat),
        cmocka_unit_test(a_loop_in_a_loop_has_the_same_parts),
        cmocka_unit_test(many_callers_at_once),
        cmocka_unit_test(parts_run_at_the_same_time),
        cmocka_unit_test(count_may_change_inside_a_loop),
        cmocka_unit_test(a_fork_starts_its_own_threads),
        cmocka_unit_test(idle_threads_sleep),
    };
    setenv("KERATIN_THREADS", "3", 1);
    if (kt_threads() != 3) {
        return 1; /* asked once, before anybody sets a number */
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
