// SPDX-License-Identifier: Apache-2.0
#include "model/station.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pl_world *world;
static struct pl_state *state;
static struct pl_ctx ctx;
static struct pl_station *cpu;

/* The processor of the first pod of the shop: two cores, nobody on it at time 0. */
static int setup(void **unused)
{
    (void)unused;
    world = malloc(sizeof *world);
    assert_non_null(world);
    pl_test_shop_world(world);
    state = pl_test_start(world, 1);
    pl_state_context(&ctx, world, state, NULL);
    cpu = &ctx.pods[0].cpu;
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(state);
    free(world);
    return 0;
}

/* Fire a station's event as the loop does; returns the finished frame or 0. */
static uint32_t fire(struct pl_station *station)
{
    pl_ctx_write(&ctx, station->slot, PL_QUEUE_IDLE);
    return pl_station_fire(&ctx, station);
}

/* Fire the station's event at its time. */
static uint32_t fire_next(void)
{
    ctx.now = (int64_t)(pl_ctx_key(&ctx, cpu->slot) >> PL_QUEUE_SLOT_BITS);
    return fire(cpu);
}

static void jobs_up_to_the_cores_run_at_full_speed(void **unused)
{
    (void)unused;
    assert_true(pl_station_join(&ctx, cpu, 1, 1000.0));
    assert_true(pl_station_join(&ctx, cpu, 2, 500.0));
    assert_int_equal(fire_next(), 2);
    assert_int_equal(ctx.now, 500);
    assert_int_equal(fire_next(), 1);
    assert_int_equal(ctx.now, 1000);
}

static void more_jobs_share_the_cores_equally(void **unused)
{
    /* Four jobs of 1000 on two cores: all done at 2000. */
    (void)unused;
    for (uint32_t i = 1; i <= 4; i++) {
        assert_true(pl_station_join(&ctx, cpu, i, 1000.0));
    }
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_not_equal(fire_next(), 0);
    }
    assert_in_range(ctx.now, 1999, 2002);
    assert_int_equal(cpu->count, 0);
    assert_true(cpu->busy_ns > 3999.0 && cpu->busy_ns < 4004.0);
}

static void foreign_load_takes_its_share(void **unused)
{
    (void)unused;
    pl_station_touch(&ctx, cpu);
    cpu->load = 3.0; /* four wanted, two cores: half speed */
    pl_station_rearm(&ctx, cpu);
    assert_true(pl_station_join(&ctx, cpu, 1, 1000.0));
    assert_int_equal(fire_next(), 1);
    assert_int_equal(ctx.now, 2000);
}

static void a_pause_stops_everybody(void **unused)
{
    (void)unused;
    assert_true(pl_station_join(&ctx, cpu, 1, 1000.0));
    ctx.now = 400;
    pl_station_touch(&ctx, cpu);
    cpu->paused = 1;
    pl_station_rearm(&ctx, cpu);
    assert_true(pl_ctx_key(&ctx, cpu->slot) == PL_QUEUE_IDLE);
    ctx.now = 5000;
    pl_station_touch(&ctx, cpu);
    cpu->paused = 0;
    pl_station_rearm(&ctx, cpu);
    assert_int_equal(fire_next(), 1);
    assert_int_equal(ctx.now, 5600);
}

static void quota_is_spent_and_comes_back_each_period(void **unused)
{
    /* A fifth of a core: 20 ms of work per 100 ms. 50 ms of work need two full periods and a
     * half: 20 at 0..20, 20 at 100..120, 10 at 200..210. */
    (void)unused;
    pl_station_set_quota(&ctx, cpu, 0.2);
    assert_true(pl_station_join(&ctx, cpu, 1, 50e6));
    uint32_t done = 0;
    for (uint32_t i = 0; i < 20 && done == 0; i++) {
        done = fire_next();
    }
    assert_int_equal(done, 1);
    assert_in_range(ctx.now, 210 * PL_NS_PER_MS - 10, 210 * PL_NS_PER_MS + 10);
    assert_int_equal(cpu->throttled_periods, 2);
    assert_true(cpu->throttled_ns > 159e6 && cpu->throttled_ns < 161e6);
}

static void a_full_station_refuses(void **unused)
{
    (void)unused;
    for (uint32_t i = 1; i <= cpu->capacity; i++) {
        assert_true(pl_station_join(&ctx, cpu, i, 1e6 * i));
    }
    assert_false(pl_station_join(&ctx, cpu, 9999, 1.0));
}

static void a_removed_job_leaves_the_others_in_order(void **unused)
{
    (void)unused;
    for (uint32_t i = 1; i <= 8; i++) {
        assert_true(pl_station_join(&ctx, cpu, i, 1000.0 * ((i * 5) % 8 + 1)));
    }
    pl_station_remove(&ctx, cpu, 3);
    pl_station_remove(&ctx, cpu, 77); /* not there */
    double last = 0.0;
    uint32_t left = 0;
    while (cpu->count > 0) {
        double finish = cpu->first_finish;
        uint32_t frame = fire_next();
        if (frame != 0) {
            assert_int_not_equal(frame, 3);
            assert_true(finish >= last);
            last = finish;
            left++;
        }
    }
    assert_int_equal(left, 7);
}

static void load_both(struct pl_station *one, struct pl_station *other, double load)
{
    pl_station_touch(&ctx, one);
    pl_station_touch(&ctx, other);
    one->load = load;
    other->load = load;
    pl_station_rearm(&ctx, one);
    pl_station_rearm(&ctx, other);
}

/* Two processors do the same: one by the short way, one by the way of those with limits. */
static void the_short_way_gives_the_same_bits(void **unused)
{
    struct pl_station *other = &ctx.pods[1].cpu;
    (void)unused;
    pl_station_touch(&ctx, other);
    assert_true(other->job0 != cpu->job0 && other->cores >= cpu->cores &&
                cpu->cores >= other->cores);
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t bits = pl_random_bits(77, i);
        uint64_t key = pl_ctx_key(&ctx, cpu->slot);
        int64_t due = (int64_t)(key >> PL_QUEUE_SLOT_BITS);
        int64_t arrival = ctx.now + (int64_t)(bits % 1000);
        assert_int_equal(due, pl_ctx_key(&ctx, other->slot) >> PL_QUEUE_SLOT_BITS);
        if (i % 500 == 0) {
            load_both(cpu, other, (double)(i / 500 % 4));
        }
        pl_station_touch(&ctx, other); /* on the long way from now on */
        if (cpu->count > 0 && due <= arrival) {
            ctx.now = due;
            assert_int_equal(fire(cpu), fire(other));
        } else if (cpu->count < 12) {
            double work = (double)(bits >> 52); /* ties are frequent */
            ctx.now = arrival;
            assert_true(pl_station_join(&ctx, cpu, (uint32_t)i + 1, work));
            assert_true(pl_station_join(&ctx, other, (uint32_t)i + 1, work));
        } else {
            uint32_t frame = pl_station_frames(&ctx, cpu)[bits % 12];
            ctx.now = arrival;
            pl_station_remove(&ctx, cpu, frame);
            pl_station_remove(&ctx, other, frame);
        }
        assert_int_not_equal(cpu->mode, PL_STATION_SPECIAL);
        double busy_ns[] = {pl_station_busy_ns(cpu), pl_station_busy_ns(other)};
        assert_memory_equal(&busy_ns[0], &busy_ns[1], sizeof busy_ns[0]);
        assert_int_equal(cpu->count, other->count);
    }
}

/* As long as each job has a core, the station only notes who comes and goes; else it shares. */
static void a_core_for_each_job_gives_the_same_bits(void **unused)
{
    struct pl_station *other = &ctx.pods[1].cpu;
    uint32_t shared = 0;
    (void)unused;
    assert_int_equal(cpu->mode, PL_STATION_OWN);
    assert_int_equal(cpu->room, 2);
    for (uint32_t i = 1; i <= 20000; i++) {
        uint64_t bits = pl_random_bits(78, i);
        int64_t due = (int64_t)(pl_ctx_key(&ctx, cpu->slot) >> PL_QUEUE_SLOT_BITS);
        int64_t arrival = ctx.now + (int64_t)(bits % 3000);
        pl_station_touch(&ctx, other);
        if (cpu->count > 0 && due <= arrival) {
            ctx.now = due;
            assert_int_equal(fire(cpu), fire(other));
        } else if (cpu->count < (i > 15000 ? 3u : 2u)) {
            double work = (double)(bits >> 40) * 0x1p-13;
            ctx.now = arrival;
            assert_true(pl_station_join(&ctx, cpu, i, work));
            assert_true(pl_station_join(&ctx, other, i, work));
        } else if (bits % 7 == 0) {
            uint32_t frame = pl_station_frames(&ctx, cpu)[0];
            ctx.now = arrival;
            pl_station_remove(&ctx, cpu, frame);
            pl_station_remove(&ctx, other, frame);
        }
        shared += cpu->mode == PL_STATION_SHARES ? 1 : 0;
        assert_true(i > 15000 || cpu->mode == PL_STATION_OWN);
        double busy_ns[] = {pl_station_busy_ns(cpu), pl_station_busy_ns(other)};
        assert_memory_equal(&busy_ns[0], &busy_ns[1], sizeof busy_ns[0]);
        assert_int_equal(pl_ctx_key(&ctx, cpu->slot) >> PL_QUEUE_SLOT_BITS,
                         pl_ctx_key(&ctx, other->slot) >> PL_QUEUE_SLOT_BITS);
    }
    assert_true(shared > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jobs_up_to_the_cores_run_at_full_speed, setup, teardown),
        cmocka_unit_test_setup_teardown(more_jobs_share_the_cores_equally, setup, teardown),
        cmocka_unit_test_setup_teardown(foreign_load_takes_its_share, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pause_stops_everybody, setup, teardown),
        cmocka_unit_test_setup_teardown(quota_is_spent_and_comes_back_each_period, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_station_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(a_removed_job_leaves_the_others_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(the_short_way_gives_the_same_bits, setup, teardown),
        cmocka_unit_test_setup_teardown(a_core_for_each_job_gives_the_same_bits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
