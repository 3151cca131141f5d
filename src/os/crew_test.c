// SPDX-License-Identifier: Apache-2.0
#include "os/crew.h"

#include "os/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LANES = 20, TASKS = 200 };

/* What the tasks of one lane find. */
struct trail {
    uint32_t next;      /* number that must come next */
    uint32_t disorders; /* tasks that came at the wrong time */
    atomic_uint inside; /* tasks at work */
};

static void step(void *context, void *item, uint32_t worker)
{
    (void)worker;
    struct trail *trail = context;
    uint32_t number = (uint32_t)(uintptr_t)item;
    trail->disorders += atomic_fetch_add(&trail->inside, 1) != 0 ? 1u : 0u;
    trail->disorders += number != trail->next ? 1u : 0u;
    trail->next++;
    atomic_fetch_sub(&trail->inside, 1);
}

/* Goal: tasks of a lane keep their order across ranks and never overlap. */
static void a_lane_keeps_its_order_across_ranks(void **state)
{
    (void)state;
    static struct trail trails[LANES];
    const struct pl_crew_rank ranks[] = {{.threads = 3}, {.threads = 2, .nice = 5}};
    struct pl_crew *crew = NULL;
    struct pl_lane *lanes[LANES];
    assert_int_equal(pl_crew_start(&crew, ranks, 2, NULL), PL_OK);
    assert_int_equal(pl_crew_threads(crew), 5);
    for (uint32_t i = 0; i < LANES; i++) {
        lanes[i] = pl_lane_open(crew);
        assert_non_null(lanes[i]);
    }
    for (uint32_t task = 0; task < TASKS; task++) {
        for (uint32_t i = 0; i < LANES; i++) {
            void *number = (void *)(uintptr_t)task;
            assert_true(pl_lane_post(lanes[i], (task + i) % 2, step, &trails[i], number));
        }
    }
    for (uint32_t i = 0; i < LANES; i++) {
        pl_lane_close(lanes[i]);
    }
    pl_crew_end(crew);
    for (uint32_t i = 0; i < LANES; i++) {
        assert_int_equal(trails[i].next, TASKS);
        assert_int_equal(trails[i].disorders, 0);
    }
}

static void hold(void *context, void *item, uint32_t worker)
{
    (void)item;
    (void)worker;
    const atomic_bool *go = context;
    while (!atomic_load(go)) {
        pl_now_sleep_until(pl_now_monotonic_ns() + 1000000);
    }
}

static void set(void *context, void *item, uint32_t worker)
{
    (void)item;
    (void)worker;
    atomic_bool *flag = context;
    atomic_store(flag, true);
}

/* Goal: a long task of one rank does not hold up another rank. */
static void a_long_task_holds_up_its_own_rank_only(void **state)
{
    (void)state;
    const struct pl_crew_rank ranks[] = {{.threads = 1}, {.threads = 1, .nice = 19}};
    struct pl_crew *crew = NULL;
    atomic_bool go = false;
    assert_int_equal(pl_crew_start(&crew, ranks, 2, NULL), PL_OK);
    struct pl_lane *slow = pl_lane_open(crew);
    struct pl_lane *quick = pl_lane_open(crew);
    assert_true(pl_lane_post(slow, 1, hold, &go, NULL));
    assert_int_equal(pl_lane_count(slow), 1);
    assert_true(pl_lane_post(quick, 0, set, &go, NULL));
    pl_lane_close(slow);
    pl_lane_close(quick);
    pl_crew_end(crew); /* returns: the quick task has let the slow one go */
    assert_true(atomic_load(&go));
}

/* Goal: a task passes one that yields, whether its lane is at work or waits for a thread. */
static void tasks_pass_one_that_yields(void **state)
{
    (void)state;
    static struct trail trails[2];
    const struct pl_crew_rank ranks[] = {{.threads = 1}, {.threads = 1, .yields = true}};
    struct pl_crew *crew = NULL;
    atomic_bool go = false;
    assert_int_equal(pl_crew_start(&crew, ranks, 2, NULL), PL_OK);
    struct pl_lane *blocked = pl_lane_open(crew); /* keeps the thread of the second rank busy */
    struct pl_lane *lanes[2] = {pl_lane_open(crew), pl_lane_open(crew)};
    assert_true(pl_lane_post(blocked, 1, hold, &go, NULL));
    for (uintptr_t i = 0; i < 2; i++) {
        assert_true(pl_lane_post(lanes[i], 1, step, &trails[i], (void *)(uintptr_t)2));
        assert_true(pl_lane_post(lanes[i], 0, step, &trails[i], (void *)(uintptr_t)0));
        assert_true(pl_lane_post(lanes[i], 0, step, &trails[i], (void *)(uintptr_t)1));
    }
    while (pl_lane_count(lanes[0]) > 1 || pl_lane_count(lanes[1]) > 1) {
        pl_now_sleep_until(pl_now_monotonic_ns() + 1000000);
    }
    atomic_store(&go, true);
    for (uint32_t i = 0; i < 2; i++) {
        pl_lane_close(lanes[i]);
    }
    pl_lane_close(blocked);
    pl_crew_end(crew);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(trails[i].next, 3);
        assert_int_equal(trails[i].disorders, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lane_keeps_its_order_across_ranks),
        cmocka_unit_test(tasks_pass_one_that_yields),
        cmocka_unit_test(a_long_task_holds_up_its_own_rank_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
