// SPDX-License-Identifier: Apache-2.0
#include "bots/catalogue.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_known_look looks[PL_CATALOGUE_LOOKS_MAX];
static struct pl_catalogue_move moves[PL_CATALOGUE_MOVES_MAX];

/* Every look can be asked for: what a service lacks is an error of its own, not of the command. */
static void looks_are_commands_of_the_protocol(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_LIVE);
    uint32_t count = pl_catalogue_looks(s->world, s->scenario, looks);
    uint32_t good = 0;
    assert_in_range(count, 20, PL_CATALOGUE_LOOKS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        (void)test_session_apply(s, looks[i].command);
        good += test_session_error(s)[0] == '\0' ? 1 : 0;
        assert_string_not_equal(test_session_error(s), "bad_input");
        assert_true(looks[i].cost_s > 0.0);
    }
    assert_true(good > count / 2);
    test_session_close(s);
}

static void moves_can_be_previewed(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    uint32_t count = pl_catalogue_moves(s->world, s->scenario, NULL, moves);
    bool flag = false;
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        char preview[PL_KNOWN_TEXT_MAX];
        snprintf(preview, sizeof preview, "%s", moves[i].command);
        char *confirm = strstr(preview, ",\"confirm\":true");
        assert_non_null(confirm);
        snprintf(confirm, 2, "}");
        (void)test_session_apply(s, preview);
        assert_string_equal(test_session_error(s), "");
        flag = flag || strcmp(moves[i].text, "flag inline-check 0%") == 0;
    }
    assert_true(flag);
    test_session_close(s);
}

/* Everybody can be asked; topics with the same words are one question. */
static void questions_stand_under_their_topics(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_LIVE);
    struct pl_setting *setting = &s->scenario->setting;
    uint32_t before = pl_catalogue_looks(s->world, s->scenario, looks);
    uint32_t questions = 0;
    for (uint32_t i = 0; i < before; i++) {
        if (looks[i].person[0] != '\0') {
            questions++;
            assert_non_null(strstr(looks[i].command, "\"what\":\"ask\""));
            assert_non_null(strstr(looks[i].command, looks[i].person));
            assert_true(looks[i].delay_s > 0.0);
        }
    }
    assert_in_range(questions, 1, setting->answer_count);
    setting->answers[setting->answer_count] = setting->answers[0];
    snprintf(setting->answers[setting->answer_count].topic, PL_NAME_MAX, "other-variant");
    setting->answer_count++;
    assert_int_equal(pl_catalogue_looks(s->world, s->scenario, looks), before);
    snprintf(setting->answers[setting->answer_count - 1].words, PL_CLAIM_WORDS_MAX, "new words");
    assert_int_equal(pl_catalogue_looks(s->world, s->scenario, looks), before + 1);
    test_session_close(s);
}

static bool has_move(uint32_t count, const char *text)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(moves[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

/* An action without arguments is a move; a choice is tried with all its values. */
static void every_action_is_a_move(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    struct pl_setting *setting = &s->scenario->setting;
    struct pl_action *own = &setting->actions[setting->action_count];
    *own = setting->actions[0];
    snprintf(own->name, sizeof own->name, "pause-rollout");
    own->arg_count = 0;
    own[1] = setting->actions[0];
    snprintf(own[1].name, sizeof own[1].name, "drain");
    own[1].arg_count = 1;
    own[1].args[0].kind = PL_ARG_CHOICE;
    own[1].args[0].option_count = 2;
    snprintf(own[1].args[0].options[0], PL_LABEL_MAX, "first");
    snprintf(own[1].args[0].options[1], PL_LABEL_MAX, "second");
    setting->action_count += 2;
    uint32_t count = pl_catalogue_moves(s->world, s->scenario, NULL, moves);
    assert_true(has_move(count, "pause-rollout"));
    assert_true(has_move(count, "drain first") && has_move(count, "drain second"));
    assert_true(has_move(count, "flag inline-check 50%"));
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            assert_string_not_equal(moves[i].text, moves[k].text);
        }
    }
    test_session_close(s);
}

int main(int argc, char **argv)
{
    test_content = argc > 1 ? argv[1] : test_content;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_commands_of_the_protocol),
        cmocka_unit_test(moves_can_be_previewed),
        cmocka_unit_test(questions_stand_under_their_topics),
        cmocka_unit_test(every_action_is_a_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
