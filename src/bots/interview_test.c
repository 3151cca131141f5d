// SPDX-License-Identifier: Apache-2.0
#include "bots/interview.h"

#include "bots/reading.h"
#include "model/model.h"
#include "session/session.h"
#include "support/sessions.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_learn_looks looks;
static struct pl_interview interviews[2];
static struct pl_learn_form form;

static uint64_t key_of(const char *text)
{
    struct pl_reading reading;
    pl_reading_hear(text, &reading);
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading.slots[i].key != 0) {
            return reading.slots[i].key;
        }
    }
    return 0;
}

static void hold(struct pl_interview *interview)
{
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    struct pl_session_def def = {.world = s->world, .scenario = s->scenario, .cause = PL_NONE};
    struct pl_learn_desk desk = {.session_size = pl_session_size(&def)};
    struct pl_learn_def learn = {.world = s->world, .scenario = s->scenario, .seed = 5};
    pl_error err = {0};
    desk.session = aligned_alloc(64, (desk.session_size + 63) / 64 * 64);
    char *answer = malloc(PL_ANSWER_SIZE_MAX);
    char *entry = malloc(PL_ENTRY_SIZE_MAX);
    assert_true(desk.session != NULL && answer != NULL && entry != NULL);
    pl_buf_init(&desk.answer, answer, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&desk.entry, entry, PL_ENTRY_SIZE_MAX);
    looks.count = pl_catalogue_looks(s->world, s->scenario, looks.items);
    assert_int_equal(pl_interview_hold(&learn, &looks, 0, &desk, interview, &err), PL_OK);
    free(desk.session);
    free(answer);
    free(entry);
    test_session_close(s);
}

static uint32_t question_to_ada(void)
{
    uint32_t found = PL_CATALOGUE_LOOKS_MAX;
    for (uint32_t i = 0; i < looks.count; i++) {
        found = strcmp(looks.items[i].person, "ada") == 0 ? i : found;
    }
    assert_true(found < PL_CATALOGUE_LOOKS_MAX);
    return found;
}

/* Ada is asked once, her words are taken down, and what she says is what a form of it shows. */
static void answers_are_taken_down_as_they_come(void **state)
{
    (void)state;
    hold(&interviews[0]);
    uint32_t ada = question_to_ada();
    uint64_t key = key_of("I turned inline-check up this morning.");
    assert_non_null(strstr(looks.items[ada].command, "\"ask\""));
    assert_int_equal(interviews[0].asked, interviews[0].answered);
    assert_true(interviews[0].keys[ada] == key);
    assert_true(interviews[0].keys[ada] != key_of("Something else."));
    assert_true(interviews[0].delays_s[ada] > 60.0 && interviews[0].delays_s[ada] < 240.0);
    pl_interview_tell(&interviews[0], &looks, &form);
    assert_int_equal(form.item_count, PL_KNOWN_TIMES * interviews[0].answered);
    assert_int_equal(form.count[1][ada], 1);
    assert_true(form.items[form.first[1][ada]].key == key);
}

static void the_same_is_heard_twice(void **state)
{
    (void)state;
    hold(&interviews[0]);
    hold(&interviews[1]);
    assert_memory_equal(&interviews[0], &interviews[1], sizeof interviews[0]);
}

static void delays_are_means_and_kept_looks_keep_their_answers(void **state)
{
    (void)state;
    hold(&interviews[0]);
    uint32_t ada = question_to_ada();
    uint64_t key = interviews[0].keys[ada];
    interviews[1] = interviews[0];
    interviews[1].delays_s[ada] = interviews[0].delays_s[ada] + 60.0;
    pl_interview_delays(interviews, 2, &looks);
    assert_true(fabs(looks.items[ada].delay_s - interviews[0].delays_s[ada] - 30.0) < 1e-9);
    pl_interview_keep(&interviews[0], &ada, 1);
    assert_true(interviews[0].keys[0] == key);
}

int main(int argc, char **argv)
{
    test_content = argc > 1 ? argv[1] : test_content;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_taken_down_as_they_come),
        cmocka_unit_test(the_same_is_heard_twice),
        cmocka_unit_test(delays_are_means_and_kept_looks_keep_their_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
