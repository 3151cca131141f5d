// SPDX-License-Identifier: Apache-2.0
#include "exam/room.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";
static struct pl_scratch scratch;
static struct pl_content content;
static struct pl_desk desk;

static int set_up(void **state)
{
    (void)state;
    static struct pl_errors errors;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    return pl_desk_init(&desk, NULL) == PL_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    pl_desk_free(&desk);
    pl_content_free(&content);
    memset(&content, 0, sizeof content);
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static struct pl_room *open_room(uint32_t clock)
{
    struct pl_room *room = NULL;
    pl_error err = {0};
    struct pl_room_def def = {
        .content = &content, .directory = scratch.path, .seed = 3, .clock = clock, .speed = 2.0};
    if (pl_room_open(&room, &def, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    return room;
}

static struct pl_room_step apply(struct pl_room *room, const char *command, const char *key)
{
    struct pl_room_step step;
    assert_int_equal(pl_room_apply(room,
                                   pl_room_present(room, 0),
                                   pl_slice_of(command),
                                   pl_slice_of(key),
                                   &desk,
                                   &step,
                                   NULL),
                     PL_OK);
    return step;
}

/* Goal: what a room writes down, another one repeats, with the same answers and keys. */
static void a_room_repeats_its_entries(void **state)
{
    (void)state;
    static char bodies[2][4096];
    int64_t after_ns[2];
    static const char *const commands[] = {"{\"do\":\"look\",\"what\":\"alerts\"}",
                                           "{\"do\":\"wait\",\"for\":60}"};
    struct pl_room *room = open_room(PL_CLOCK_TURN);
    for (uint32_t i = 0; i < 2; i++) {
        struct pl_room_step step = apply(room, commands[i], i == 0 ? "a-1" : "");
        assert_int_equal(step.seq, i + 1);
        snprintf(bodies[i], sizeof bodies[i], "%s", desk.entry.data);
        after_ns[i] = step.outcome.after_ns;
    }
    assert_non_null(strstr(bodies[0], ",\"key\":\"a-1\"}"));
    pl_room_close(room);
    room = open_room(PL_CLOCK_TURN);
    for (uint32_t i = 0; i < 2; i++) {
        struct pl_store_entry entry = {.seq = i + 1,
                                       .t_ns = after_ns[i],
                                       .kind = pl_slice_of(i == 0 ? "look" : "wait"),
                                       .body = pl_slice_of(bodies[i])};
        struct pl_room_step step;
        assert_int_equal(pl_room_repeat(room, &entry, true, &desk, &step, NULL), PL_OK);
        assert_int_equal(step.seq, i + 1);
    }
    assert_int_equal(pl_transcript_find(room->transcript, pl_slice_of("a-1")), 1);
    pl_room_close(room);
}

static void a_refused_command_leaves_no_entry(void **state)
{
    (void)state;
    struct pl_room *room = open_room(PL_CLOCK_TURN);
    struct pl_room_step step = apply(room, "{\"do\":\"look\",\"what\":\"alrets\"}", "k");
    assert_int_equal(step.seq, 0);
    assert_int_not_equal(step.outcome.status, PL_OK);
    assert_int_equal(pl_transcript_count(room->transcript), 0);
    pl_room_close(room);
}

/* Goal: a live session follows the real clock with its speed, and only while it runs. */
static void a_live_clock_moves_the_present(void **state)
{
    (void)state;
    struct pl_room *room = open_room(PL_CLOCK_LIVE);
    int64_t start_ns = pl_session_now(room->session);
    assert_int_equal(pl_room_present(room, 5000), start_ns);
    pl_pace_change(&room->pace, 5000, true, 2.0);
    assert_int_equal(pl_room_present(room, 6000), start_ns + 2000);
    pl_room_close(room);
}

static void keys_are_checked(void **state)
{
    (void)state;
    assert_true(pl_room_is_key(pl_slice_of("")));
    assert_true(pl_room_is_key(pl_slice_of("0f3a-B_c.9")));
    assert_false(pl_room_is_key(pl_slice_of("with space")));
    assert_false(pl_room_is_key(pl_slice_of("quote\"")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_room_repeats_its_entries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refused_command_leaves_no_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_live_clock_moves_the_present, set_up, tear_down),
        cmocka_unit_test(keys_are_checked),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
