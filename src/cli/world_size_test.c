// SPDX-License-Identifier: Apache-2.0
#include "cli/world_size.h"

#include "bench/bench_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char memory[8192];
static struct pl_buf out;

static struct pl_world *make_world(uint32_t frames_max)
{
    struct pl_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    pl_bench_world_fill(world, PL_BENCH_TANDEM);
    world->frames_max = frames_max;
    pl_buf_init(&out, memory, sizeof memory);
    return world;
}

static void a_small_world_fits(void **state)
{
    struct pl_world *world = make_world(500);
    (void)state;
    assert_true(pl_world_size_fits(world));
    pl_world_size_line(world, &out);
    assert_non_null(strstr(memory, "  state "));
    assert_non_null(strstr(memory, " KiB: requests and calls in flight "));
    assert_non_null(strstr(memory, " rest "));
    free(world);
}

static void a_large_world_is_told_what_takes_the_room(void **state)
{
    struct pl_world *world = make_world(30000);
    (void)state;
    assert_false(pl_world_size_fits(world));
    pl_world_size_complaint(world, &out);
    assert_non_null(strstr(memory, "The state of world tandem takes "));
    assert_non_null(strstr(memory, "at most 1024 KiB is allowed"));
    const char *frames = strstr(memory, "requests and calls in flight");
    const char *timers = strstr(memory, "timers of requests");
    assert_non_null(frames);
    assert_non_null(timers);
    assert_true(frames < timers); /* the largest first */
    assert_non_null(strstr(frames, "`frames`: 30000\n"));
    assert_non_null(strstr(memory, "all other parts\n"));
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_world_fits),
        cmocka_unit_test(a_large_world_is_told_what_takes_the_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
