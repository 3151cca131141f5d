// SPDX-License-Identifier: Apache-2.0
#include "cli/bot_learn.h"

#include "base/check.h"
#include "bots/distil.h"
#include "bots/interview.h"
#include "bots/learn.h"
#include "exam/episode.h"
#include "model/model.h"
#include "os/threads.h"
#include "session/session.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, WIDE_FORMS = 3 /* per cause, taken with all looks of the catalogue */ };

#define UNSEEN_ABOVE 0.5 /* share of forms whose panels show nothing wrong */

/* A round of tasks. */
struct round {
    const struct pl_bot_learn_plan *plan;
    struct pl_learn_def def;
    struct pl_knowledge *knowledge;
    struct pl_learn_desk *desks; /* one per worker */
    struct pl_learn_form *forms; /* [causes * plan->forms] */
    struct pl_learn_looks *looks;
    struct pl_interview *interviews; /* one per cause */
    uint32_t form0;                  /* first form of the running tasks */
    uint32_t reserved;
    struct pl_learn_trial *trials;
    struct pl_catalogue_move *moves;
    pl_error *errors; /* one per worker */
};

static void *aligned(size_t size)
{
    return aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

static bool desk_init(struct pl_learn_desk *desk, const struct pl_learn_def *def)
{
    struct pl_session_def session = {
        .world = def->world, .scenario = def->scenario, .cause = PL_NONE};
    desk->session_size = pl_session_size(&session);
    desk->state_size = pl_model_size(def->world);
    desk->session = aligned(desk->session_size);
    desk->states[0] = aligned(desk->state_size);
    desk->states[1] = aligned(desk->state_size);
    char *answer = malloc(PL_ANSWER_SIZE_MAX);
    char *entry = malloc(PL_ENTRY_SIZE_MAX);
    desk->answer.data = answer;
    desk->entry.data = entry;
    if (desk->session == NULL || desk->states[0] == NULL || desk->states[1] == NULL ||
        answer == NULL || entry == NULL) {
        return false;
    }
    pl_buf_init(&desk->answer, answer, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&desk->entry, entry, PL_ENTRY_SIZE_MAX);
    return true;
}

static void desk_free(struct pl_learn_desk *desk)
{
    free(desk->session);
    free(desk->states[0]);
    free(desk->states[1]);
    free(desk->answer.data);
    free(desk->entry.data);
}

static void form_task(void *argument, uint32_t index, uint32_t worker)
{
    struct round *round = argument;
    uint32_t causes = round->knowledge->cause_count;
    uint32_t form = round->form0 + index;
    if (round->errors[worker].status == PL_OK) {
        /* The worker keeps the first failure. */
        (void)!pl_learn_form(&round->def,
                             round->looks,
                             form % causes,
                             form / causes,
                             &round->desks[worker],
                             &round->forms[form],
                             &round->errors[worker]);
    }
}

static void interview_task(void *argument, uint32_t index, uint32_t worker)
{
    struct round *round = argument;
    if (round->errors[worker].status == PL_OK) {
        (void)!pl_interview_hold(&round->def,
                                 round->looks,
                                 index,
                                 &round->desks[worker],
                                 &round->interviews[index],
                                 &round->errors[worker]);
    }
}

static void trial_task(void *argument, uint32_t index, uint32_t worker)
{
    struct round *round = argument;
    if (round->errors[worker].status == PL_OK) {
        (void)!pl_learn_moves(&round->def,
                              round->moves,
                              &round->trials[index],
                              &round->desks[worker],
                              &round->errors[worker]);
    }
}

static pl_status run(struct round *round,
                     uint32_t count,
                     void (*task)(void *argument, uint32_t index, uint32_t worker),
                     pl_error *err)
{
    pl_threads_run(round->plan->workers, count, task, round);
    for (uint32_t i = 0; i < round->plan->workers; i++) {
        if (round->errors[i].status != PL_OK) {
            *err = round->errors[i];
            return err->status;
        }
    }
    return PL_OK;
}

/* One form per cause for all moves, then more for those that did something in any. */
static pl_status learn_moves(struct round *round, pl_error *err)
{
    uint32_t causes = round->knowledge->cause_count;
    const struct pl_learn_desk *desk = &round->desks[0];
    const struct pl_state *start =
        pl_model_init(round->def.world, desk->states[0], desk->state_size, round->plan->seed);
    uint32_t count = pl_catalogue_moves(round->def.world, round->def.scenario, start, round->moves);
    for (uint32_t i = 0; i < causes * round->plan->trials; i++) {
        round->trials[i].cause = i % causes;
        round->trials[i].index = i / causes;
        round->trials[i].move_count = count;
    }
    pl_status status = run(round, causes, trial_task, err);
    if (status != PL_OK) {
        return status;
    }
    pl_learn_remedies(round->moves, round->trials, causes, round->knowledge);
    for (uint32_t m = 0; m < count; m++) {
        uint32_t skip = 1;
        for (uint32_t k = 0; k < round->knowledge->remedy_count; k++) {
            skip = strcmp(round->knowledge->remedies[k].text, round->moves[m].text) == 0 ? 0 : skip;
        }
        for (uint32_t i = causes; i < causes * round->plan->trials; i++) {
            round->trials[i].skip[m] = skip;
        }
    }
    for (uint32_t i = 1; i < round->plan->trials && status == PL_OK; i++) {
        struct pl_learn_trial *all = round->trials;
        round->trials = &all[(size_t)i * causes];
        status = run(round, causes, trial_task, err);
        round->trials = all;
    }
    if (status == PL_OK) {
        pl_learn_remedies(
            round->moves, round->trials, causes * round->plan->trials, round->knowledge);
    }
    return status;
}

/* Causes send the page more or less often; that is part of what one knows. */
static void weigh_priors(const struct round *round, uint32_t count)
{
    double accepted[PL_KNOWN_CAUSES_MAX] = {0};
    double tried[PL_KNOWN_CAUSES_MAX] = {0};
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        accepted[round->forms[i].cause] += round->forms[i].accepted;
        tried[round->forms[i].cause] += round->forms[i].tries;
    }
    for (uint32_t c = 0; c < round->knowledge->cause_count; c++) {
        round->knowledge->causes[c].prior *= (accepted[c] + 0.5) / (tried[c] + 1.0);
        sum += round->knowledge->causes[c].prior;
    }
    for (uint32_t c = 0; c < round->knowledge->cause_count; c++) {
        round->knowledge->causes[c].prior /= sum;
    }
}

/* Put the answers of people into forms, and point at those that sent the page. */
static uint32_t
gather(struct round *round, uint32_t first, uint32_t end, const struct pl_learn_form **kept)
{
    uint32_t count = 0;
    for (uint32_t i = first; i < end; i++) {
        struct pl_learn_form *form = &round->forms[i];
        if (form->accepted != 0) {
            pl_interview_tell(&round->interviews[form->cause], round->looks, form);
            kept[count++] = form;
        }
    }
    return count;
}

/* The first forms are taken with all looks; what they tell decides which looks are learned. */
static pl_status learn_looks(struct round *round,
                             uint32_t wide,
                             const struct pl_learn_form **kept,
                             struct pl_distil_room *room,
                             pl_error *err)
{
    double worth[PL_CATALOGUE_LOOKS_MAX] = {0};
    uint32_t places[PL_LEARN_LOOKS_MAX];
    uint32_t causes = round->knowledge->cause_count;
    round->looks->count =
        pl_catalogue_looks(round->def.world, round->def.scenario, round->looks->items);
    pl_status status = run(round, causes, interview_task, err);
    status = status == PL_OK ? run(round, wide, form_task, err) : status;
    if (status != PL_OK) {
        return status;
    }
    pl_interview_delays(round->interviews, causes, round->looks);
    uint32_t count = gather(round, 0, wide, kept);
    pl_distil_begin(kept, count, room);
    for (uint32_t i = 0; i < round->looks->count && count > 0; i++) {
        worth[i] = pl_distil_look(kept, count, causes, i, room, &round->looks->items[i]);
    }
    pl_learn_keep(worth, round->looks, round->forms, wide, places);
    for (uint32_t i = 0; i < causes; i++) {
        pl_interview_keep(&round->interviews[i], places, round->looks->count);
    }
    return PL_OK;
}

static void settle_looks(struct round *round, const struct pl_bot_lesson *lesson, uint32_t well)
{
    struct pl_knowledge *knowledge = round->knowledge;
    knowledge->look_count = round->looks->count;
    memcpy(
        knowledge->looks, round->looks->items, round->looks->count * sizeof round->looks->items[0]);
    knowledge->unseen = (double)well > UNSEEN_ABOVE * (double)lesson->accepted ? 1 : 0;
}

static pl_status learn_forms(struct round *round,
                             struct pl_bot_lesson *lesson,
                             const struct pl_learn_form **kept,
                             struct pl_distil_room *room,
                             pl_error *err)
{
    uint32_t causes = round->knowledge->cause_count;
    uint32_t count = causes * round->plan->forms;
    uint32_t wide = causes * (round->plan->forms < WIDE_FORMS ? round->plan->forms : WIDE_FORMS);
    uint32_t well = 0;
    pl_status status = learn_looks(round, wide, kept, room, err);
    round->form0 = wide;
    status = status == PL_OK && count > wide ? run(round, count - wide, form_task, err) : status;
    if (status != PL_OK) {
        return status;
    }
    for (uint32_t i = 0; i < count; i++) {
        lesson->tried += round->forms[i].tries;
        well += round->forms[i].accepted != 0 ? round->forms[i].well : 0;
    }
    (void)gather(round, wide, count, kept);
    for (uint32_t i = 0; i < count; i++) {
        if (round->forms[i].accepted != 0) {
            kept[lesson->accepted++] = &round->forms[i];
        }
    }
    if (lesson->accepted == 0) {
        return pl_fail(
            err, PL_BAD_INPUT, NULL, "No form of `%s` sends its page.", round->def.scenario->name);
    }
    settle_looks(round, lesson, well);
    weigh_priors(round, count);
    pl_distil(kept, lesson->accepted, room, round->knowledge);
    return PL_OK;
}

static void round_free(struct round *round)
{
    for (uint32_t i = 0; i < round->plan->workers && round->desks != NULL; i++) {
        desk_free(&round->desks[i]);
    }
    free(round->desks);
    free(round->forms);
    free(round->looks);
    free(round->interviews);
    free(round->trials);
    free(round->moves);
    free(round->errors);
}

static bool round_init(struct round *round)
{
    const struct pl_bot_learn_plan *plan = round->plan;
    size_t causes = round->knowledge->cause_count;
    round->desks = calloc(plan->workers, sizeof *round->desks);
    round->errors = calloc(plan->workers, sizeof *round->errors);
    round->forms = calloc(causes * plan->forms, sizeof *round->forms);
    round->trials = calloc(causes * plan->trials, sizeof *round->trials);
    round->moves = calloc(PL_CATALOGUE_MOVES_MAX, sizeof *round->moves);
    round->looks = calloc(1, sizeof *round->looks);
    round->interviews = calloc(causes, sizeof *round->interviews);
    bool good = round->looks != NULL && round->interviews != NULL && round->desks != NULL &&
                round->errors != NULL && round->forms != NULL && round->trials != NULL &&
                round->moves != NULL;
    for (uint32_t i = 0; i < plan->workers && good; i++) {
        good = desk_init(&round->desks[i], &round->def);
    }
    return good;
}

pl_status
pl_bot_learn(const struct pl_bot_learn_plan *plan, struct pl_bot_lesson *lesson, pl_error *err)
{
    PL_CHECK(plan != NULL && lesson != NULL);
    PL_CHECK(plan->workers >= 1 && plan->workers <= PL_THREADS_MAX);
    PL_CHECK(plan->forms >= 1 && plan->trials >= 1);
    PL_CHECK(plan->forms * plan->content->scenario->cause_count <= PL_KNOWN_FORMS_MAX);
    struct round round = {.plan = plan,
                          .def = {.world = plan->content->world,
                                  .scenario = plan->content->scenario,
                                  .seed = plan->seed},
                          .knowledge = &lesson->knowledge};
    memset(lesson, 0, sizeof *lesson);
    pl_learn_begin(&round.def, round.knowledge);
    uint32_t count = round.knowledge->cause_count * plan->forms;
    const struct pl_learn_form **kept = calloc(count, sizeof(void *));
    struct pl_distil_room *room = malloc(sizeof *room);
    pl_status status = PL_OK;
    if (!round_init(&round) || kept == NULL || room == NULL) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to learn.");
    } else {
        status = learn_forms(&round, lesson, kept, room, err);
        status = status == PL_OK ? learn_moves(&round, err) : status;
    }
    free(kept);
    free(room);
    round_free(&round);
    return status;
}
