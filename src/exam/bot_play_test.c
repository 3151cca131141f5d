// SPDX-License-Identifier: Apache-2.0
#include "exam/bot_play.h"

#include "exam/episode.h"
#include "os/scratch.h"
#include "store/ndjson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[512] = "tests/content";
static struct pl_errors errors;
static struct pl_content content;
static struct pl_bot_desk desk;

static int set_up(void **state)
{
    (void)state;
    pl_error err = {0};
    memset(&desk, 0, sizeof desk);
    return pl_content_load(directory, "slow-till", &content, &errors) == PL_OK &&
                   pl_bot_desk_init(&desk, &content, &err) == PL_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pl_bot_desk_free(&desk);
    pl_content_free(&content);
    return 0;
}

static struct pl_bot_plan plan_of(const char *name)
{
    struct pl_bot_plan plan = {.content = &content,
                               .bot = pl_roster_find(name),
                               .seed = 4,
                               .created_at = "2026-11-21T12:00:00Z"};
    return plan;
}

/* The export can be imported, and a replay gives every answer again. */
static void a_session_of_a_bot_is_replayed(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_store *store = NULL;
    struct pl_store_session session;
    struct pl_bot_result result;
    struct pl_episode episode = {0};
    pl_error err = {0};
    struct pl_bot_plan plan = plan_of("rollback-last-change");
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    assert_int_equal(pl_bot_play(&plan, &desk, &result, &err), PL_OK);
    assert_true(result.acts >= 1 && result.entries > 3);
    assert_string_equal(result.cause, "check-inside");
    assert_int_equal(pl_episode_store(scratch.path, &store, &err), PL_OK);
    pl_slice text = {desk.text, desk.text_size};
    assert_int_equal(pl_store_import(store, text, "x", &session, &err), PL_OK);
    assert_int_equal(session.entry_count, result.entries);
    pl_store_close(store);
    struct pl_episode_def def = {.content = directory, .data = scratch.path};
    if (pl_episode_replay(&episode, &def, session.id, &errors) != PL_OK) {
        fail_msg("%s", errors.items[0].message);
    }
    assert_int_equal(episode.applied, result.entries);
    pl_episode_end(&episode);
    assert_int_equal(pl_scratch_remove(&scratch, &err), PL_OK);
}

static void the_same_plan_gives_the_same_bytes(void **state)
{
    (void)state;
    struct pl_bot_result result;
    pl_error err = {0};
    struct pl_bot_plan plan = plan_of("reflex-restarter");
    assert_int_equal(pl_bot_play(&plan, &desk, &result, &err), PL_OK);
    size_t size = desk.text_size;
    char *first = malloc(size);
    assert_non_null(first);
    memcpy(first, desk.text, size);
    assert_int_equal(pl_bot_play(&plan, &desk, &result, &err), PL_OK);
    assert_int_equal(desk.text_size, size);
    assert_memory_equal(first, desk.text, size);
    free(first);
}

/* Undoing the guilty change helps; doing nothing does not. */
static void acting_rightly_hurts_less_than_nothing(void **state)
{
    (void)state;
    struct pl_bot_result nothing;
    struct pl_bot_result undone;
    pl_error err = {0};
    struct pl_bot_plan plan = plan_of("noop");
    plan.stay = true;
    assert_int_equal(pl_bot_play(&plan, &desk, &nothing, &err), PL_OK);
    plan.bot = pl_roster_find("rollback-last-change");
    assert_int_equal(pl_bot_play(&plan, &desk, &undone, &err), PL_OK);
    assert_int_equal(nothing.acts, 0);
    assert_true(nothing.still_hurting);
    assert_true(undone.damage < 0.6 * nothing.damage);
    assert_true(undone.closed_s >= nothing.closed_s); /* both stay to the end */
}

static void a_seed_is_found_for_a_cause(void **state)
{
    (void)state;
    pl_error err = {0};
    uint64_t seed = 30;
    assert_int_equal(pl_bot_seed_of_cause(&content, 0, &seed, &desk, &err), PL_OK);
    assert_int_equal(seed, 30);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(directory, sizeof directory, "%.460s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_session_of_a_bot_is_replayed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_plan_gives_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(acting_rightly_hurts_less_than_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_seed_is_found_for_a_cause, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
