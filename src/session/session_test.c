// SPDX-License-Identifier: Apache-2.0
#include "session/session.h"

#include "session/session_types.h"
#include "sim/clock.h"
#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const commands[] = {
    "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}",
    "{\"do\":\"look\",\"what\":\"ask\",\"person\":\"ada\",\"question\":\"what about the flag?\"}",
    "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"till-api\","
    "\"mechanism\":\"pool\",\"p\":0.5}]}",
    "{\"do\":\"act\",\"action\":\"flag\",\"args\":{\"flag\":\"inline-check\",\"share\":0},"
    "\"confirm\":true}",
    "{\"do\":\"wait\",\"for\":\"7m\"}",
    "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"till-api\",\"limit\":5}",
    "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\",\"view\":\"activity\"}",
    "{\"do\":\"close\"}",
    "{\"do\":\"debrief\"}",
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    assert_non_null(value);
    return value;
}

/* The fold: the same definition and commands give the same bytes. */
static void same_commands_same_bytes(void **state)
{
    (void)state;
    struct test_session *a = test_session_open(3, PL_CLOCK_TURN);
    struct test_session *b = test_session_open(3, PL_CLOCK_TURN);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        (void)test_session_apply(a, commands[i]);
        (void)test_session_apply(b, commands[i]);
        assert_string_equal(test_session_error(a), "");
        assert_int_equal(a->answer.size, b->answer.size);
        assert_memory_equal(a->answer.data, b->answer.data, a->answer.size);
        assert_memory_equal(&a->outcome.answer_hash, &b->outcome.answer_hash, sizeof(pl_hash128));
        assert_int_equal(a->entry.size, b->entry.size);
        assert_memory_equal(a->entry.data, b->entry.data, a->entry.size);
    }
    test_session_close(a);
    test_session_close(b);
}

/* Goal: a session whose bytes were moved answers as one that was opened where it lies, with
 * scratch of its own or lent. The old place is wiped, so that nothing can still be read there. */
static void a_settled_copy_answers_like_the_original(void **state)
{
    (void)state;
    struct test_session *moved = test_session_open(3, PL_CLOCK_TURN);
    struct test_session *other = test_session_open(3, PL_CLOCK_TURN);
    const struct pl_session_def def = moved->session->def;
    size_t size = pl_session_size(&def);
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    void *scratch = aligned_alloc(16, (pl_session_scratch_size(&def) + 15) / 16 * 16);
    assert_true(memory != NULL && scratch != NULL);
    memcpy(memory, moved->memory, size);
    memset(moved->memory, 0xa5, size);
    free(moved->memory);
    moved->memory = memory;
    moved->session = pl_session_settle(&def, memory);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (i == 1) {
            pl_session_lend(moved->session, scratch);
        }
        (void)test_session_apply(moved, commands[i]);
        (void)test_session_apply(other, commands[i]);
        assert_int_equal(moved->answer.size, other->answer.size);
        assert_memory_equal(moved->answer.data, other->answer.data, other->answer.size);
        assert_int_equal(moved->entry.size, other->entry.size);
        assert_memory_equal(moved->entry.data, other->entry.data, other->entry.size);
    }
    free(scratch);
    test_session_close(moved);
    test_session_close(other);
}

static void another_seed_gives_another_history(void **state)
{
    (void)state;
    struct test_session *a = test_session_open(3, PL_CLOCK_TURN);
    struct test_session *b = test_session_open(4, PL_CLOCK_TURN);
    (void)test_session_apply(a, commands[0]);
    (void)test_session_apply(b, commands[0]);
    assert_memory_not_equal(&a->outcome.answer_hash, &b->outcome.answer_hash, sizeof(pl_hash128));
    test_session_close(a);
    test_session_close(b);
}

static void a_look_costs_its_published_time(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, commands[0]);
    assert_true(test_same(number(answer, "cost_s"), 30.0));
    assert_true(test_same(number(answer, "t_s"), 30.0));
    assert_string_equal(text(answer, "clock"), "10:00:30");
    assert_string_equal(s->outcome.kind, "look");
    assert_true(s->outcome.kept);
    answer = test_session_apply(s, "{\"do\":\"look\",\"what\":\"status\"}");
    assert_true(test_same(number(answer, "cost_s"), 0.0));
    test_session_close(s);
}

/* A refused command costs nothing, leaves no entry, and does not shift what comes after it. */
static void refused_commands_change_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "nonsense",
        "{\"do\":1}",
        "{\"do\":\"dance\"}",
        "{\"do\":\"look\"}",
        "{\"do\":\"look\",\"what\":\"pannel\"}",
        "{\"do\":\"look\",\"what\":\"panel\",\"servise\":\"till-api\"}",
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":7}",
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"nobody\",\"panel\":\"latency\"}",
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"window\":\"30x\"}",
        "{\"do\":\"look\",\"what\":\"query\",\"expr\":\"sum(\"}",
        "{\"do\":\"look\",\"what\":\"trace\",\"id\":\"zz\"}",
        "{\"do\":\"look\",\"what\":\"ask\",\"person\":\"nobody\",\"question\":\"x\"}",
        "{\"do\":\"look\",\"what\":\"runbook\",\"page\":\"nothing\"}",
        "{\"do\":\"act\",\"action\":\"explode\"}",
        "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"till-api\",99],\"confirm\":true}",
        "{\"do\":\"say\",\"what\":\"update\",\"status\":\"fine\",\"text\":\"x\"}",
        "{\"do\":\"say\",\"what\":\"update\",\"status\":\"resolved\"}",
        "{\"do\":\"wait\",\"for\":\"2h\"}",
        "{\"do\":\"wait\",\"for\":0}",
        "{\"do\":\"wait\",\"for\":-5}",
        "{\"do\":\"debrief\"}",
    };
    struct test_session *a = test_session_open(3, PL_CLOCK_TURN);
    struct test_session *b = test_session_open(3, PL_CLOCK_TURN);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t before_ns = pl_session_now(a->session);
        (void)test_session_apply(a, bad[i]);
        if (test_session_error(a)[0] == '\0') {
            fail_msg("not refused: %s", bad[i]);
        }
        assert_false(a->outcome.kept);
        assert_int_equal(a->entry.size, 0);
        assert_int_equal(pl_session_now(a->session), before_ns);
    }
    (void)test_session_apply(a, commands[4]);
    (void)test_session_apply(b, commands[4]);
    assert_memory_equal(&a->outcome.answer_hash, &b->outcome.answer_hash, sizeof(pl_hash128));
    test_session_close(a);
    test_session_close(b);
}

static void hostile_lines_are_refused(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    size_t size = 1 << 20;
    char *noise = malloc(size + 1);
    assert_non_null(noise);
    memset(noise, '[', size);
    noise[size] = '\0';
    (void)test_session_apply(s, noise);
    assert_string_equal(test_session_error(s), "limit");
    noise[60000] = '\0';
    (void)test_session_apply(s, noise);
    assert_true(test_session_error(s)[0] != '\0');
    for (size_t i = 0; i < size; i++) {
        noise[i] = (char)(unsigned char)(1 + (i * 2654435761u >> 7) % 255);
    }
    noise[PL_COMMAND_SIZE_MAX - 1] = '\0';
    (void)test_session_apply(s, noise);
    assert_string_equal(test_session_error(s), "bad_input");
    (void)test_session_apply(s, "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"\\u0000\"}");
    assert_string_equal(test_session_error(s), "bad_input");
    (void)test_session_apply(s, "{\"do\":\"look\",\"what\":\"\xff\xfe\"}");
    assert_string_equal(test_session_error(s), "bad_input");
    assert_int_equal(pl_session_now(s->session), pl_session_opens(s->session));
    free(noise);
    test_session_close(s);
}

/* A preview shows the same as the act and does nothing. */
static void an_act_is_previewed_before_it_is_done(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(
        s, "{\"do\":\"act\",\"action\":\"flag\",\"args\":[\"inline-check\",\"0%\"]}");
    const json_t *observation = json_object_get(answer, "observation");
    const json_t *effect = json_array_get(json_object_get(observation, "effects"), 0);
    assert_string_equal(text(observation, "type"), "preview");
    assert_true(test_same(number(effect, "before"), 1.0));
    assert_true(test_same(number(effect, "after"), 0.0));
    assert_false(s->outcome.kept);
    answer = test_session_apply(s, commands[3]);
    observation = json_object_get(answer, "observation");
    assert_string_equal(text(observation, "type"), "act");
    assert_string_equal(text(observation, "effective"), "10:00:20");
    assert_true(test_same(number(answer, "cost_s"), 0.0));
    assert_true(s->outcome.kept);
    answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"30s\"}");
    const json_t *event = json_array_get(json_object_get(answer, "events"), 0);
    assert_string_equal(text(event, "kind"), "effect");
    assert_true(test_same(number(event, "t_s"), 20.0));
    test_session_close(s);
}

static void an_action_ends_with_its_uses(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    for (int i = 0; i < 4; i++) {
        char command[160];
        snprintf(command,
                 sizeof command,
                 "{\"do\":\"act\",\"action\":\"scale\",\"args\":{\"service\":\"till-api\","
                 "\"pods\":%d},\"confirm\":true}",
                 3 + i);
        (void)test_session_apply(s, command);
        assert_string_equal(test_session_error(s), i < 3 ? "" : "limit");
    }
    test_session_close(s);
}

/* With the live clock it makes no difference how the time between commands is cut. */
static void live_time_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct test_session *a = test_session_open(3, PL_CLOCK_LIVE);
    struct test_session *b = test_session_open(3, PL_CLOCK_LIVE);
    int64_t opens_ns = pl_session_opens(a->session);
    for (int64_t ns = 0; ns < 400 * PL_NS_PER_S; ns += 777777777) {
        (void)pl_session_advance(a->session, opens_ns + ns);
    }
    static const char *const live[] = {
        "{\"do\":\"tick\"}",
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}",
        "{\"do\":\"close\"}"};
    for (size_t i = 0; i < 3; i++) {
        int64_t now_ns = opens_ns + (400 + 10 * (int64_t)i) * PL_NS_PER_S;
        const json_t *answer = test_session_apply_at(a, now_ns, live[i]);
        assert_true(test_same(number(answer, "cost_s"), 0.0));
        (void)test_session_apply_at(b, now_ns, live[i]);
        assert_memory_equal(&a->outcome.answer_hash, &b->outcome.answer_hash, sizeof(pl_hash128));
    }
    (void)test_session_apply_at(a, opens_ns + 500 * PL_NS_PER_S, "{\"do\":\"wait\"}");
    assert_true(test_session_error(a)[0] != '\0');
    test_session_close(a);
    test_session_close(b);
}

static void the_end_of_time_closes_the_incident(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"1h\"}");
    assert_true(json_is_true(json_object_get(answer, "done")));
    assert_true(test_same(number(answer, "t_s"), 1800.0));
    assert_int_equal(pl_session_now(s->session), pl_session_ends(s->session));
    (void)test_session_apply(s, commands[0]);
    assert_string_equal(test_session_error(s), "conflict");
    (void)test_session_apply(s, "{\"do\":\"debrief\"}");
    assert_string_equal(test_session_error(s), "");
    (void)test_session_apply(
        s, "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"summary\":\"slow\"}}");
    assert_true(s->outcome.kept);
    test_session_close(s);
}

static void a_wait_wakes_when_something_comes(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    const json_t *answer = test_session_apply(s, "{\"do\":\"wait\",\"for\":\"20m\",\"wake\":true}");
    assert_true(json_array_size(json_object_get(answer, "events")) >= 1);
    assert_true(number(answer, "t_s") <= 300.0); /* somebody asks for an update after 5 minutes */
    test_session_close(s);
}

static void the_entry_is_compact_json_with_the_hash(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(3, PL_CLOCK_TURN);
    (void)test_session_apply(s, " {\t\"do\" : \"wait\",\r\n\"for\":\"2m\" } ");
    char hash[PL_HASH_TEXT_SIZE];
    char wanted[256];
    pl_hash_format(s->outcome.answer_hash, hash);
    snprintf(wanted,
             sizeof wanted,
             "{\"before_ns\":600000000000,\"after_ns\":720000000000,\"command\":"
             "{\"do\":\"wait\",\"for\":\"2m\"},\"answer\":\"%s\"}",
             hash);
    assert_string_equal(s->entry.data, wanted);
    test_session_close(s);
}

/* Open the scenario again with this definition's scenario; the status of doing so. */
static pl_status
open_again(struct test_session *base, uint64_t seed, uint32_t *cause, pl_error *err)
{
    struct pl_session_def def = {
        .world = base->world, .scenario = base->scenario, .seed = seed, .cause = PL_NONE};
    size_t size = pl_session_size(&def);
    void *memory = aligned_alloc(16, (size + 15) / 16 * 16);
    struct pl_session *session = NULL;
    assert_non_null(memory);
    pl_status status = pl_session_open(&def, memory, size, &session, err);
    *cause = status == PL_OK ? session->opening.cause : PL_NONE;
    free(memory);
    return status;
}

/* A cause that does not reproduce the page is never the one that is played. */
static void only_causes_that_page_are_drawn(void **state)
{
    (void)state;
    struct test_session *base = test_session_open(3, PL_CLOCK_TURN);
    base->scenario->causes[1] = base->scenario->causes[0];
    base->scenario->cause_count = 2;
    base->scenario->causes[0].change_count = 0; /* nothing happens, so nothing pages */
    for (uint64_t seed = 1; seed <= 6; seed++) {
        pl_error err = {0};
        uint32_t cause = PL_NONE;
        assert_int_equal(open_again(base, seed, &cause, &err), PL_OK);
        assert_int_equal(cause, 1);
    }
    test_session_close(base);
}

static void a_page_that_never_comes_is_refused(void **state)
{
    (void)state;
    struct test_session *base = test_session_open(3, PL_CLOCK_TURN);
    for (uint32_t i = 0; i < base->scenario->cause_count; i++) {
        base->scenario->causes[i].change_count = 0;
    }
    pl_error err = {0};
    uint32_t cause = PL_NONE;
    assert_int_equal(open_again(base, 1, &cause, &err), PL_BAD_INPUT);
    assert_non_null(strstr(err.message, "plumb pack test slow-till"));
    test_session_close(base);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_causes_that_page_are_drawn),
        cmocka_unit_test(a_page_that_never_comes_is_refused),
        cmocka_unit_test(same_commands_same_bytes),
        cmocka_unit_test(a_settled_copy_answers_like_the_original),
        cmocka_unit_test(another_seed_gives_another_history),
        cmocka_unit_test(a_look_costs_its_published_time),
        cmocka_unit_test(refused_commands_change_nothing),
        cmocka_unit_test(hostile_lines_are_refused),
        cmocka_unit_test(an_act_is_previewed_before_it_is_done),
        cmocka_unit_test(an_action_ends_with_its_uses),
        cmocka_unit_test(live_time_may_be_cut_anywhere),
        cmocka_unit_test(the_end_of_time_closes_the_incident),
        cmocka_unit_test(a_wait_wakes_when_something_comes),
        cmocka_unit_test(the_entry_is_compact_json_with_the_hash),
    };
    test_content = argc > 1 ? argv[1] : test_content;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
