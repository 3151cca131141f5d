// SPDX-License-Identifier: Apache-2.0
#include "exam/episode.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char content[512] = "tests/content";
static struct pl_scratch scratch;
static struct pl_errors errors;

static struct pl_episode_def def_of(void)
{
    struct pl_episode_def def = {.content = content,
                                 .data = scratch.path,
                                 .scenario = "slow-till",
                                 .seed = 5,
                                 .clock = PL_CLOCK_TURN,
                                 .keep = true};
    errors.count = 0;
    return def;
}

static void apply(struct pl_episode *episode, const char *command)
{
    struct pl_outcome outcome;
    pl_error err = {0};
    assert_int_equal(
        pl_episode_apply(
            episode, pl_session_now(episode->session), pl_slice_of(command), &outcome, &err),
        PL_OK);
    assert_int_equal(outcome.status, PL_OK);
}

static const char *const look =
    "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}";

static int set_up(void **state)
{
    (void)state;
    pl_error err = {0};
    return pl_scratch_make(&scratch, &err) == PL_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pl_error err = {0};
    return pl_scratch_remove(&scratch, &err) == PL_OK ? 0 : -1;
}

/* Left without a word and resumed, the session goes on with the very bytes it would have had. */
static void a_resumed_session_goes_on_where_it_stopped(void **state)
{
    (void)state;
    char id[PL_STORE_ID_SIZE];
    struct pl_episode whole = {0};
    struct pl_episode first = {0};
    struct pl_episode second = {0};
    struct pl_episode_def def = def_of();
    assert_int_equal(pl_episode_start(&whole, &def, &errors), PL_OK);
    apply(&whole, look);
    apply(&whole, "{\"do\":\"wait\",\"for\":\"3m\"}");
    apply(&whole, look);
    assert_int_equal(pl_episode_start(&first, &def, &errors), PL_OK);
    apply(&first, look);
    apply(&first, "{\"do\":\"wait\",\"for\":\"3m\"}");
    memcpy(id, first.header.id, sizeof id);
    pl_episode_end(&first);
    assert_int_equal(pl_episode_resume(&second, &def, id, &errors), PL_OK);
    assert_int_equal(second.applied, 2);
    apply(&second, look);
    assert_int_equal(whole.answer.size, second.answer.size);
    assert_memory_equal(whole.answer.data, second.answer.data, whole.answer.size);
    pl_episode_end(&second);
    pl_episode_end(&whole);
}

static void a_session_replays_to_the_same_bytes(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_episode_def def = def_of();
    char id[PL_STORE_ID_SIZE];
    assert_int_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    apply(&episode, look);
    apply(&episode,
          "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",\"0%\"],"
          "\"confirm\":true}");
    apply(&episode, "{\"do\":\"wait\",\"for\":\"7m\"}");
    apply(&episode, "{\"do\":\"close\"}");
    memcpy(id, episode.header.id, sizeof id);
    pl_episode_finish(&episode);
    pl_episode_end(&episode);
    assert_int_equal(pl_episode_replay(&episode, &def, id, &errors), PL_OK);
    assert_int_equal(episode.applied, 4);
    pl_episode_end(&episode);
    /* It is finished: nobody plays on. */
    assert_int_equal(pl_episode_resume(&episode, &def, id, &errors), PL_CONFLICT);
    pl_episode_end(&episode);
}

/* A log that claims another answer is found out, with the number of the entry. */
static void a_false_answer_is_found(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_episode_def def = def_of();
    pl_error err = {0};
    char id[PL_STORE_ID_SIZE];
    assert_int_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    apply(&episode, look);
    int64_t now_ns = pl_session_now(episode.session);
    char body[256];
    snprintf(body,
             sizeof body,
             "{\"before_ns\":%lld,\"after_ns\":%lld,\"command\":{\"do\":\"tick\"},"
             "\"answer\":\"00000000000000000000000000000000\"}",
             (long long)now_ns,
             (long long)now_ns);
    assert_int_equal(pl_store_log_append(episode.log, now_ns, "tick", pl_slice_of(body), &err),
                     PL_OK);
    memcpy(id, episode.header.id, sizeof id);
    pl_episode_end(&episode);
    assert_int_equal(pl_episode_replay(&episode, &def, id, &errors), PL_CORRUPT);
    assert_non_null(strstr(errors.items[0].message, "Entry 2"));
    pl_episode_end(&episode);
    /* Bodies that are JSON but no entry are refused too. */
    errors.count = 0;
    assert_int_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    now_ns = pl_session_now(episode.session);
    assert_int_equal(
        pl_store_log_append(episode.log, now_ns, "look", pl_slice_of("{\"x\":[]}"), &err), PL_OK);
    memcpy(id, episode.header.id, sizeof id);
    pl_episode_end(&episode);
    assert_int_equal(pl_episode_replay(&episode, &def, id, &errors), PL_CORRUPT);
    pl_episode_end(&episode);
}

static void a_data_directory_that_cannot_be_is_told(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_episode_def def = def_of();
    def.data = "/dev/null/plumb";
    assert_int_not_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    assert_non_null(strstr(errors.items[0].message, "/dev/null"));
    pl_episode_end(&episode);
}

static void nothing_to_resume_is_told(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_episode_def def = def_of();
    assert_int_equal(pl_episode_resume(&episode, &def, NULL, &errors), PL_NOT_FOUND);
    pl_episode_end(&episode);
    errors.count = 0;
    assert_int_equal(pl_episode_resume(&episode, &def, "abcdef", &errors), PL_NOT_FOUND);
    pl_episode_end(&episode);
}

static void without_a_log_nothing_is_written(void **state)
{
    (void)state;
    struct pl_episode episode = {0};
    struct pl_episode_def def = def_of();
    def.keep = false;
    def.data = "/dev/null/plumb";
    assert_int_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    apply(&episode, look);
    pl_episode_end(&episode);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_resumed_session_goes_on_where_it_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_session_replays_to_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_false_answer_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_data_directory_that_cannot_be_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_to_resume_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_log_nothing_is_written, set_up, tear_down),
    };
    if (argc > 1) {
        snprintf(content, sizeof content, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
