// SPDX-License-Identifier: Apache-2.0
#include "bots/learn.h"

#include "base/check.h"
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
static struct pl_learn_looks looks;
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

/* Bytes of a form that are set. */
static size_t used_of(const struct pl_learn_form *form)
{
    return offsetof(struct pl_learn_form, items) + form->item_count * sizeof form->items[0];
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
    looks.count = pl_catalogue_looks(s->world, s->scenario, looks.items);
    assert_int_equal(knowledge.cause_count, 1);
    assert_string_equal(knowledge.causes[0].component, "till-api");
    assert_string_equal(knowledge.causes[0].trigger, "flag inline-check");
    for (uint32_t i = 0; i < 3; i++) {
        forms[i] = aligned(sizeof *forms[i]);
        assert_int_equal(pl_learn_form(&def, &looks, 0, i / 2, &desk, forms[i], &err), PL_OK);
        assert_int_equal(forms[i]->accepted, 1);
        assert_true(forms[i]->item_count > 100);
        assert_true(forms[i]->item_count < PL_LEARN_ITEMS_MAX);
    }
    assert_int_equal(forms[0]->well, 0);
    assert_memory_equal(forms[0], forms[1], used_of(forms[0]));
    size_t used = used_of(forms[0]) < used_of(forms[2]) ? used_of(forms[0]) : used_of(forms[2]);
    assert_memory_not_equal(forms[0], forms[2], used);
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
    trial->move_count = pl_catalogue_moves(s->world, s->scenario, NULL, moves);
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

/* Of too many looks those that tell least go, the runbook's never, and forms follow. */
static void the_looks_that_tell_most_are_kept(void **state)
{
    (void)state;
    double worth[PL_CATALOGUE_LOOKS_MAX];
    uint32_t places[PL_LEARN_LOOKS_MAX];
    struct pl_learn_form *form = calloc(1, sizeof *form);
    assert_non_null(form);
    memset(&looks, 0, sizeof looks);
    looks.count = PL_LEARN_LOOKS_MAX + 3;
    for (uint32_t i = 0; i < looks.count; i++) {
        worth[i] = (double)(i % 7 + 1);
        looks.items[i].cost_s = (double)i;
        pl_learn_add(form, 2, i, 1000 + i, 0.5);
    }
    worth[5] = 0.0;
    worth[6] = 0.0;
    worth[8] = 0.0;
    worth[9] = 0.1;
    worth[20] = 0.01; /* little, but said by a person */
    snprintf(looks.items[20].person, PL_KNOWN_NAME_MAX, "ada");
    looks.items[6].checklist = 1;
    pl_learn_keep(worth, &looks, form, 1, places);
    assert_int_equal(looks.count, PL_LEARN_LOOKS_MAX);
    for (uint32_t i = 0; i < looks.count; i++) {
        uint32_t from = i < 5 ? i : i == 5 ? 6 : i == 6 ? 7 : i + 3;
        assert_int_equal(places[i], from);
        assert_true(looks.items[i].cost_s >= (double)from && looks.items[i].cost_s <= (double)from);
        assert_int_equal(form->items[form->first[2][i]].key, 1000 + from);
    }
    free(form);
}

/* Too many moves do something: the best against each cause stays. */
static void the_moves_that_help_most_are_kept(void **state)
{
    (void)state;
    struct pl_learn_trial *trials = calloc(2, sizeof *trials);
    struct pl_knowledge *lesson = calloc(1, sizeof *lesson);
    PL_CHECK(trials != NULL && lesson != NULL);
    uint32_t best[2] = {0, 0};
    lesson->cause_count = 2;
    lesson->causes[0].prior = lesson->causes[1].prior = 0.5;
    for (uint32_t c = 0; c < 2; c++) {
        trials[c].cause = c;
        trials[c].none = 1.0;
        trials[c].move_count = PL_KNOWN_REMEDIES_MAX + 20;
        for (uint32_t m = 0; m < trials[c].move_count; m++) {
            trials[c].without[m] = 1.0;
            trials[c].damage[m] = 0.5;
        }
        trials[c].damage[3 + c] = 0.1;
    }
    memset(moves, 0, sizeof moves);
    for (uint32_t m = 0; m < trials[0].move_count; m++) {
        snprintf(moves[m].text, sizeof moves[m].text, "move %u", m);
    }
    pl_learn_remedies(moves, trials, 2, lesson);
    assert_int_equal(lesson->remedy_count, PL_KNOWN_REMEDIES_MAX);
    for (uint32_t i = 0; i < lesson->remedy_count; i++) {
        best[0] += strcmp(lesson->remedies[i].text, "move 3") == 0 ? 1 : 0;
        best[1] += strcmp(lesson->remedies[i].text, "move 4") == 0 ? 1 : 0;
    }
    assert_int_equal(best[0], 1);
    assert_int_equal(best[1], 1);
    free(trials);
    free(lesson);
}

int main(int argc, char **argv)
{
    test_content = argc > 1 ? argv[1] : test_content;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_taken_down_the_same_twice),
        cmocka_unit_test(the_remedy_is_found_by_its_effect),
        cmocka_unit_test(the_looks_that_tell_most_are_kept),
        cmocka_unit_test(the_moves_that_help_most_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
