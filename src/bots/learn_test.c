// SPDX-License-Identifier: Apache-2.0
#include "bots/learn.h"

#include "model/model.h"
#include "session/session.h"
#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_knowledge knowledge;
static struct pl_catalogue_move moves[PL_CATALOGUE_MOVES_MAX];

static void *aligned(size_t size)
{
    void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

static struct pl_learn_desk desk_of(const struct test_session *s)
{
    struct pl_session_def def = {.world = s->world, .scenario = s->scenario, .cause = PL_NONE};
    struct pl_learn_desk desk = {.session_size = pl_session_size(&def),
                                 .state_size = pl_model_size(s->world)};
    desk.session = aligned(desk.session_size);
    desk.states[0] = aligned(desk.state_size);
    desk.states[1] = aligned(desk.state_size);
    pl_buf_init(&desk.answer, aligned(PL_ANSWER_SIZE_MAX), PL_ANSWER_SIZE_MAX);
    pl_buf_init(&desk.entry, aligned(PL_ENTRY_SIZE_MAX), PL_ENTRY_SIZE_MAX);
    return desk;
}

static void desk_free(struct pl_learn_desk *desk)
{
    free(desk->session);
    free(desk->states[0]);
    free(desk->states[1]);
    free(desk->answer.data);
    free(desk->entry.data);
}

/* The same form twice gives the same numbers; another gives others. */
static void a_form_is_taken_down_the_same_twice(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    struct pl_learn_desk desk = desk_of(s);
    struct pl_learn_def def = {.world = s->world, .scenario = s->scenario, .seed = 5};
    struct pl_learn_form *forms[3];
    pl_error err = {0};
    pl_learn_begin(&def, &knowledge);
    assert_int_equal(knowledge.cause_count, 1);
    assert_string_equal(knowledge.causes[0].component, "till-api");
    assert_string_equal(knowledge.causes[0].trigger, "flag inline-check");
    for (uint32_t i = 0; i < 3; i++) {
        forms[i] = aligned(sizeof *forms[i]);
        assert_int_equal(pl_learn_form(&def, &knowledge, 0, i / 2, &desk, forms[i], &err), PL_OK);
        assert_int_equal(forms[i]->accepted, 1);
        assert_true(forms[i]->item_count > 100);
        assert_true(forms[i]->item_count < PL_LEARN_ITEMS_MAX);
    }
    assert_memory_equal(forms[0], forms[1], sizeof *forms[0]);
    assert_memory_not_equal(forms[0], forms[2], sizeof *forms[0]);
    for (uint32_t i = 0; i < 3; i++) {
        free(forms[i]);
    }
    desk_free(&desk);
    test_session_close(s);
}

/* The flag that the fault hangs on is found by its effect, not by being listed. */
static void the_remedy_is_found_by_its_effect(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    struct pl_learn_desk desk = desk_of(s);
    struct pl_learn_def def = {.world = s->world, .scenario = s->scenario, .seed = 5};
    struct pl_learn_trial *trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    pl_error err = {0};
    pl_learn_begin(&def, &knowledge);
    s->scenario->causes[0].helps_count = 0; /* not read anyway */
    trial->move_count = pl_catalogue_moves(s->world, s->scenario, moves);
    assert_int_equal(pl_learn_moves(&def, moves, trial, &desk, &err), PL_OK);
    assert_true(trial->none > 0.0);
    pl_learn_remedies(moves, trial, 1, &knowledge);
    bool found = false;
    for (uint32_t i = 0; i < knowledge.remedy_count; i++) {
        const struct pl_known_remedy *remedy = &knowledge.remedies[i];
        found =
            found || (strcmp(remedy->text, "flag inline-check 0%") == 0 && remedy->left[0] < 0.6);
    }
    assert_true(found);
    free(trial);
    desk_free(&desk);
    test_session_close(s);
}

int main(int argc, char **argv)
{
    test_content = argc > 1 ? argv[1] : test_content;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_taken_down_the_same_twice),
        cmocka_unit_test(the_remedy_is_found_by_its_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
