// SPDX-License-Identifier: Apache-2.0
#include "exam/forms.h"

#include "exam/content.h"
#include "os/threads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEATS = 6 };

static const char *const commands[] = {
    "{\"do\":\"look\",\"what\":\"alerts\"}",
    "{\"do\":\"wait\",\"for\":\"5m\"}",
    "{\"do\":\"look\",\"what\":\"topology\"}",
    "{\"do\":\"close\"}",
};

static char content_path[512] = "tests/content";
static struct pl_content content;

static int set_up(void **state)
{
    static struct pl_errors errors;
    (void)state;
    return pl_content_load(content_path, "torn-till", &content, &errors) == PL_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    pl_content_free(&content);
    memset(&content, 0, sizeof content);
    return 0;
}

static struct pl_session_def def_of(uint64_t seed)
{
    return (struct pl_session_def){.world = content.world,
                                   .scenario = content.scenario,
                                   .seed = seed,
                                   .clock = PL_CLOCK_TURN,
                                   .cause = PL_NONE};
}

/* Hash of all answers to the commands. */
static uint64_t play(struct pl_session *session)
{
    char *answers = malloc(PL_ANSWER_SIZE_MAX);
    char *entries = malloc(PL_ENTRY_SIZE_MAX);
    struct pl_buf answer;
    struct pl_buf entry;
    uint64_t hash = 0;
    assert_true(answers != NULL && entries != NULL);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        pl_buf_init(&answer, answers, PL_ANSWER_SIZE_MAX);
        pl_buf_init(&entry, entries, PL_ENTRY_SIZE_MAX);
        (void)pl_session_apply(session, 0, pl_slice_of(commands[i]), &answer, &entry);
        hash = pl_hash_bytes(answer.data, answer.size, hash).low;
    }
    free(answers);
    free(entries);
    return hash;
}

/* Goal: sessions of one form share an opening and nothing else; a form goes with its last one. */
static void sessions_of_a_form_play_apart(void **state)
{
    struct pl_forms *forms = pl_forms_new();
    struct pl_form_seat seats[4];
    const struct pl_session_def def = def_of(3);
    const struct pl_session_def other = def_of(4);
    pl_error err = {0};
    (void)state;
    assert_non_null(forms);
    assert_int_equal(pl_forms_take(NULL, &def, &seats[3], &err), PL_OK);
    uint64_t wanted = play(seats[3].session);
    pl_forms_leave(NULL, &seats[3]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pl_forms_take(forms, &def, &seats[i], &err), PL_OK);
    }
    assert_ptr_equal(seats[0].form, seats[1].form);
    assert_int_equal(pl_forms_count(forms), 1);
    assert_int_equal(play(seats[0].session), wanted);
    assert_int_equal(pl_forms_take(forms, &def, &seats[2], &err), PL_OK);
    pl_forms_leave(forms, &seats[0]);
    assert_int_equal(play(seats[1].session), wanted);
    assert_int_equal(play(seats[2].session), wanted);
    assert_int_equal(pl_forms_take(forms, &other, &seats[0], &err), PL_OK);
    assert_int_equal(pl_forms_count(forms), 2);
    assert_int_not_equal(play(seats[0].session), wanted);
    for (int i = 0; i < 3; i++) {
        pl_forms_leave(forms, &seats[i]);
    }
    assert_int_equal(pl_forms_count(forms), 0);
    pl_forms_free(forms);
    pl_forms_free(NULL);
}

struct crowd {
    struct pl_forms *forms;
    struct pl_form_seat seats[SEATS];
    uint64_t hashes[SEATS];
};

static void take_and_play(void *argument, uint32_t index, uint32_t worker)
{
    struct crowd *crowd = argument;
    const struct pl_session_def def = def_of(3 + index % 2);
    (void)worker;
    if (pl_forms_take(crowd->forms, &def, &crowd->seats[index], NULL) == PL_OK) {
        crowd->hashes[index] = play(crowd->seats[index].session);
    }
}

/* Goal: threads that want a form at the same time get it, whoever warms it up. */
static void threads_may_want_the_same_form(void **state)
{
    struct crowd crowd = {.forms = pl_forms_new()};
    (void)state;
    assert_non_null(crowd.forms);
    pl_threads_run(SEATS, SEATS, take_and_play, &crowd);
    for (uint32_t i = 0; i < SEATS; i++) {
        assert_int_not_equal(crowd.hashes[i], 0);
        assert_int_equal(crowd.hashes[i], crowd.hashes[i % 2]);
        assert_ptr_equal(crowd.seats[i].form, crowd.seats[i % 2].form);
    }
    assert_int_equal(pl_forms_count(crowd.forms), 2);
    for (uint32_t i = 0; i < SEATS; i++) {
        pl_forms_leave(crowd.forms, &crowd.seats[i]);
    }
    pl_forms_free(crowd.forms);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_of_a_form_play_apart),
        cmocka_unit_test(threads_may_want_the_same_form),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
