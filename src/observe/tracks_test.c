// SPDX-License-Identifier: Apache-2.0
#include "observe/tracks.h"

#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_world world;

static struct pl_tracks *make(uint32_t samples)
{
    pl_test_shop_world(&world);
    size_t size = pl_tracks_size(&world, samples);
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    memset(memory, 0xa5, size); /* nothing may depend on zeroed memory */
    return pl_tracks_init(&world, memory, size, samples);
}

static void put(struct pl_tracks *tracks, uint32_t pod, uint32_t value)
{
    struct pl_track track = pl_tracks_open(tracks, PL_TRACK_SERVER, pod, 2, PL_CODE_OK);
    *pl_track_count(&track, 3, pl_tracks_open_sample(tracks)) = value;
    *pl_track_value(&track, 0, pl_tracks_open_sample(tracks)) = (double)value / 4.0;
}

static void a_track_begins_where_it_is_first_written(void **test_state)
{
    (void)test_state;
    struct pl_tracks *tracks = make(8);
    assert_true(pl_tracks_begin(tracks, 0));
    pl_tracks_end(tracks);
    assert_null(pl_tracks_find(tracks, PL_TRACK_SERVER, 4, 2, PL_CODE_OK).counts);
    assert_true(pl_tracks_begin(tracks, 15));
    put(tracks, 4, 7);
    pl_tracks_end(tracks);
    struct pl_track track = pl_tracks_find(tracks, PL_TRACK_SERVER, 4, 2, PL_CODE_OK);
    assert_int_equal(track.first, 1);
    assert_int_equal(*pl_track_count(&track, 3, 1), 7);
    assert_null(pl_tracks_find(tracks, PL_TRACK_SERVER, 4, 2, PL_CODE_ERROR).counts);
    assert_int_equal(pl_tracks_count(tracks), 2);
    assert_true(pl_tracks_time(tracks, 1) == 15);
    free(tracks);
}

static void samples_end_at_their_limit(void **test_state)
{
    (void)test_state;
    struct pl_tracks *tracks = make(3);
    for (int i = 0; i < 3; i++) {
        assert_true(pl_tracks_begin(tracks, i * 15));
        pl_tracks_end(tracks);
    }
    assert_false(pl_tracks_begin(tracks, 45));
    assert_int_equal(pl_tracks_count(tracks), 3);
    free(tracks);
}

static void a_frozen_target_repeats_itself_and_others_do_not(void **test_state)
{
    (void)test_state;
    struct pl_tracks *tracks = make(8);
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(pl_tracks_begin(tracks, (int64_t)i * 15));
        if (i >= 2) {
            pl_tracks_set_target(tracks, 1, PL_SCRAPE_FROZEN);
        }
        put(tracks, 4, 10 + i); /* checkout */
        struct pl_track other = pl_tracks_open(tracks, PL_TRACK_SERVER, 0, 0, PL_CODE_OK);
        *pl_track_count(&other, 0, i) = 10 + i;
        pl_tracks_end(tracks);
    }
    struct pl_track frozen = pl_tracks_find(tracks, PL_TRACK_SERVER, 4, 2, PL_CODE_OK);
    struct pl_track live = pl_tracks_find(tracks, PL_TRACK_SERVER, 0, 0, PL_CODE_OK);
    assert_int_equal(*pl_track_count(&frozen, 3, 3), 11);
    assert_int_equal((int)(*pl_track_value(&frozen, 0, 3) * 4.0), 11);
    assert_int_equal(*pl_track_count(&live, 0, 3), 13);
    assert_int_equal(pl_tracks_target(tracks, 1, 3), PL_SCRAPE_FROZEN);
    assert_int_equal(pl_tracks_target(tracks, 0, 3), PL_SCRAPE_OK);
    assert_string_equal(pl_tracks_target_name(tracks, 1), "checkout");
    assert_string_equal(pl_tracks_target_name(tracks, 3), "orders-db");
    free(tracks);
}

static void positions_of_pods_agree_with_the_model(void **test_state)
{
    (void)test_state;
    struct pl_tracks *tracks = make(2);
    assert_int_equal(pl_tracks_pod0(tracks, world.service_count), pl_model_pod_count(&world));
    for (uint32_t i = 0; i < world.service_count; i++) {
        uint32_t pod0 = pl_tracks_pod0(tracks, i);
        assert_int_equal(pod0, pl_model_pod0(&world, i));
        assert_int_equal(pl_tracks_pod_service(tracks, pod0), i);
        assert_int_equal(pl_tracks_pod_service(tracks, pod0 + world.services[i].pods_max - 1), i);
    }
    free(tracks);
}

/* Goal: samples of several chunks stand apart, in all columns, and a fork has all of them. */
static void samples_stand_in_chunks(void **test_state)
{
    (void)test_state;
    enum { SAMPLES = 3 * PL_TRACK_CHUNK + 1 };
    struct pl_tracks *tracks = make(SAMPLES);
    struct pl_tracks *copy = make(SAMPLES);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        assert_true(pl_tracks_begin(tracks, (int64_t)i * 15));
        struct pl_track track = pl_tracks_open(tracks, PL_TRACK_SERVER, 0, 0, PL_CODE_OK);
        for (uint32_t column = 0; column < PL_HTTP_BUCKETS; column++) {
            *pl_track_count(&track, column, i) = i * 100 + column;
        }
        put(tracks, i < PL_TRACK_CHUNK ? 0 : 4, i); /* one that begins in a later chunk */
        pl_tracks_end(tracks);
    }
    copy = pl_tracks_fork(tracks, copy);
    memset(tracks, 0x5a, pl_tracks_size(&world, SAMPLES));
    struct pl_track track = pl_tracks_find(copy, PL_TRACK_SERVER, 0, 0, PL_CODE_OK);
    struct pl_track late = pl_tracks_find(copy, PL_TRACK_SERVER, 4, 2, PL_CODE_OK);
    assert_int_equal(late.first, PL_TRACK_CHUNK);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        for (uint32_t column = 0; column < PL_HTTP_BUCKETS; column++) {
            assert_int_equal(*pl_track_count(&track, column, i), i * 100 + column);
        }
        if (i >= late.first) {
            assert_int_equal(*pl_track_count(&late, 3, i), i);
            assert_int_equal((int)(*pl_track_value(&late, 0, i) * 4.0), i);
        }
    }
    free(copy);
    free(tracks);
}

/* A long history of a large world wants more than the store may have: it says so and goes on. */
static void a_full_store_refuses_new_tracks_only(void **test_state)
{
    (void)test_state;
    struct pl_tracks *tracks = make(100000);
    assert_true(pl_tracks_begin(tracks, 0));
    struct pl_track first = pl_tracks_open(tracks, PL_TRACK_POD, 0, 0, 0);
    assert_non_null(first.counts);
    uint32_t refused = 0;
    for (uint32_t pod = 0; pod < 12; pod++) {
        for (uint32_t code = 0; code < PL_CODE_COUNT; code++) {
            refused += pl_tracks_open(tracks, PL_TRACK_SERVER, pod, 2, code).counts == NULL;
        }
    }
    assert_true(refused > 0);
    assert_true(pl_tracks_full(tracks));
    assert_ptr_equal(pl_tracks_open(tracks, PL_TRACK_POD, 0, 0, 0).counts, first.counts);
    free(tracks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_track_begins_where_it_is_first_written),
        cmocka_unit_test(samples_stand_in_chunks),
        cmocka_unit_test(samples_end_at_their_limit),
        cmocka_unit_test(a_frozen_target_repeats_itself_and_others_do_not),
        cmocka_unit_test(positions_of_pods_agree_with_the_model),
        cmocka_unit_test(a_full_store_refuses_new_tracks_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
