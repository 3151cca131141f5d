// SPDX-License-Identifier: Apache-2.0
#include "judge/hearing.h"

#include "base/check.h"
#include "judge/course.h"
#include "judge/sweep.h"
#include "judge/thrift.h"
#include "session/act.h"
#include "text/json_in.h"

#include <stdio.h>
#include <string.h>

#define IDLE_NS   (120 * PL_NS_PER_S) /* waiting longer than this is a choice of its own */
#define VERIFY_NS (300 * PL_NS_PER_S) /* looks this soon after an act may ask whether it worked */

static void read_belief(const struct pl_judge *judge, struct pl_epoch *epoch)
{
    for (uint32_t stream = 0; stream < PL_BELIEF_STREAM_COUNT; stream++) {
        struct pl_belief_view view;
        pl_belief_read(judge->belief, stream, &view);
        struct pl_epoch_belief *belief = &epoch->belief[stream];
        memcpy(belief->cause, view.cause, sizeof belief->cause);
        memcpy(belief->remedy, view.remedy, sizeof belief->remedy);
        belief->other = view.other;
        belief->entropy_bits = view.entropy_bits;
    }
}

/* A new epoch at the present, NULL when there are too many to keep. */
static struct pl_epoch *new_epoch(struct pl_judge *judge, uint32_t kind, int64_t seq)
{
    if (judge->epoch_count == PL_EPOCHS_MAX) {
        return NULL;
    }
    struct pl_epoch *epoch = &judge->epochs[judge->epoch_count++];
    memset(epoch, 0, sizeof *epoch);
    epoch->seq = seq;
    epoch->kind = kind;
    epoch->t_ns = judge->now_ns;
    epoch->until_ns = judge->now_ns;
    epoch->segment = judge->stretch_count - 1;
    epoch->opened = epoch->segment;
    epoch->draws = PL_NONE;
    epoch->search = PL_NONE;
    epoch->best = PL_NONE;
    epoch->statement = PL_NONE;
    epoch->truth = PL_NONE;
    read_belief(judge, epoch);
    return epoch;
}

/* Let time pass in which nothing is chosen but to wait. */
static void idle(struct pl_judge *judge, int64_t until_ns, int64_t seq, const char *text)
{
    if (judge->def.clock == PL_CLOCK_LIVE && until_ns > judge->now_ns) {
        (void)pl_session_advance(judge->session, until_ns);
    }
    if (until_ns - judge->now_ns >= IDLE_NS) {
        pl_thrift_spare(judge, PL_THRIFT_PASSIVE);
    }
    while (judge->now_ns < until_ns) {
        int64_t next_ns = judge->now_ns + IDLE_NS < until_ns ? judge->now_ns + IDLE_NS : until_ns;
        struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_WAIT, seq);
        if (epoch != NULL) {
            epoch->until_ns = next_ns;
            snprintf(epoch->text, sizeof epoch->text, "%s", text);
        }
        pl_course_pass(judge, next_ns);
    }
}

/*
 * News move beliefs as looks do. What they could have been has to be foreseen as well, or damage
 * without luck would take the mean of what is learned for good luck.
 */
static void foresee_news(struct pl_judge *judge, const struct pl_evidence *evidence, int64_t seq)
{
    if (evidence->dims == 0 && evidence->bits == 0) {
        return;
    }
    struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_NEWS, seq);
    if (epoch != NULL) {
        pl_sweep_news(judge, evidence);
        pl_sweep_keep_draws(judge, epoch);
    }
}

/* Learn from what the true session displayed. `call` is NULL when only events were told. */
static void learn(struct pl_judge *judge,
                  const struct pl_look_call *call,
                  int64_t seq,
                  pl_slice shown,
                  struct pl_belief_step *step,
                  bool *learned)
{
    pl_error err = {0};
    *learned = false;
    if (pl_bank_answer(judge->bank, call, judge->sets, &err) != PL_OK) {
        return;
    }
    uint32_t live = 0;
    for (uint32_t h = 0; h < judge->belief_def.cause_count; h++) {
        live |= pl_bank_live(judge->bank, h) ? UINT32_C(1) << h : 0;
    }
    double belief[PL_CAUSES_MAX];
    struct pl_evidence_def def = pl_belief_evidence_def(judge->belief, live, belief);
    const struct pl_evidence *evidence =
        pl_evidence_build(&def, judge->sets, judge->evidence_memory, judge->evidence_size);
    if (call == NULL) {
        foresee_news(judge, evidence, seq);
    }
    pl_feature_extract(shown, &judge->observed, &judge->feature_scratch, NULL);
    pl_belief_update(
        judge->belief, evidence, &judge->observed, PL_BELIEF_NOTICED, judge->belief_scratch, step);
    *learned = true;
    judge->unstable_count += step->unstable ? 1 : 0;
    if (judge->fitted_count < PL_EPOCH_LOOKS_MAX) {
        judge->fresh[judge->fitted_count] = step->fresh;
        memcpy(judge->log_likelihood[judge->fitted_count++],
               step->log_likelihood,
               sizeof step->log_likelihood);
    }
    pl_thrift_spare(judge, PL_THRIFT_LOOKED);
}

/* What the look was expected to tell, beside the best that could be looked at. */
static void foresee(struct pl_judge *judge, const struct pl_look_call *call, struct pl_epoch *epoch)
{
    pl_error err = {0};
    struct pl_sweep_look look;
    pl_sweep_all(judge, epoch, false);
    if (pl_sweep_one(judge, call, true, &look, &err) != PL_OK) {
        return;
    }
    epoch->expected = look.perceived.remedy;
    epoch->expected_full = look.full.remedy;
    double seconds = epoch->cost_s > 1.0 ? epoch->cost_s : 1.0;
    double rate = epoch->expected.mix / seconds;
    if (epoch->swept != 0 && rate > epoch->best_rate) {
        epoch->best_rate = rate;
        epoch->best_expected = epoch->expected;
        epoch->best = PL_NONE; /* nothing on the list was better */
    }
    epoch->rate_share = epoch->best_rate > 0.0 ? rate / epoch->best_rate : 1.0;
    pl_sweep_keep_draws(judge, epoch);
}

/* Apply the entry to the true session and compare the answer. */
static pl_status play(struct pl_judge *judge,
                      const struct pl_judge_entry *entry,
                      struct pl_outcome *outcome,
                      pl_error *err)
{
    char hash[PL_HASH_TEXT_SIZE];
    pl_buf_clear(&judge->answer);
    pl_buf_clear(&judge->entry);
    *outcome = pl_session_apply(
        judge->session, entry->before_ns, entry->command, &judge->answer, &judge->entry);
    pl_hash_format(outcome->answer_hash, hash);
    if (entry->answer != NULL && strcmp(hash, entry->answer) != 0) {
        return pl_fail(
            err,
            PL_CORRUPT,
            NULL,
            "Entry %lld gives another answer than when it was played; it was played with "
            "another version, or the log was altered.",
            (long long)entry->seq);
    }
    return PL_OK;
}

/* Every answer tells what came by itself since the last one. */
static void hear_events(struct pl_judge *judge, int64_t seq)
{
    struct pl_belief_step step;
    bool learned = false;
    learn(judge, NULL, seq, (pl_slice){judge->answer.data, judge->answer.size}, &step, &learned);
}

/* What a look is about, for claims that name a component. */
static void name_subject(const struct pl_look_call *call, struct pl_epoch *epoch)
{
    const char *names[] = {call->db, call->service, call->person};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i] != NULL && names[i][0] != '\0' && epoch->about[0] == '\0') {
            snprintf(epoch->about, sizeof epoch->about, "%s", names[i]);
        }
    }
}

static pl_status take_look(struct pl_judge *judge,
                           const struct pl_judge_entry *entry,
                           const json_t *command,
                           pl_error *err)
{
    struct pl_look_call call;
    struct pl_outcome outcome;
    struct pl_belief_step step;
    struct pl_buf text;
    bool learned = false;
    pl_status status = pl_look_read(judge->def.scenario, command, &call, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_LOOK, entry->seq);
    if (epoch != NULL) {
        pl_buf_init(&text, epoch->text, sizeof epoch->text);
        pl_look_format(&call, &text);
        epoch->cost_s = (double)call.cost_ns / 1e9;
        name_subject(&call, epoch);
        epoch->verifies =
            judge->acted_ns >= 0 && judge->now_ns - judge->acted_ns < VERIFY_NS ? 1 : 0;
        if (pl_look_of_world(&call)) {
            foresee(judge, &call, epoch);
        }
    }
    status = play(judge, entry, &outcome, err);
    if (status != PL_OK) {
        return status;
    }
    pl_course_pass(judge, outcome.after_ns);
    const struct pl_look_call *seen = pl_look_of_world(&call) ? &call : NULL;
    learn(judge,
          seen,
          entry->seq,
          (pl_slice){judge->answer.data, judge->answer.size},
          &step,
          &learned);
    if (epoch != NULL && learned) {
        epoch->until_ns = outcome.after_ns;
        epoch->bits =
            step.before[PL_BELIEF_FULL].entropy_bits - step.after[PL_BELIEF_FULL].entropy_bits;
        epoch->truth_bits =
            pl_belief_truth_bits(judge->belief, &step, PL_BELIEF_FULL, judge->cause);
    }
    return PL_OK;
}

static pl_status take_act(struct pl_judge *judge,
                          const struct pl_judge_entry *entry,
                          const json_t *command,
                          pl_error *err)
{
    struct pl_call call;
    struct pl_outcome outcome;
    struct pl_buf text;
    bool sure = false;
    pl_status status = pl_act_read(judge->def.scenario, command, &call, &sure, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_ACT, entry->seq);
    pl_course_before_act(judge, &call);
    if (epoch != NULL) {
        pl_buf_init(&text, epoch->text, sizeof epoch->text);
        pl_action_format(judge->def.scenario, &call, &text);
        epoch->call = call;
        epoch->truth = pl_course_truth(judge, &call);
        pl_sweep_all(judge, epoch, true);
    }
    status = pl_course_act(judge, &call, err);
    if (status == PL_OK) {
        status = play(judge, entry, &outcome, err);
    }
    if (epoch != NULL) {
        epoch->opened = judge->stretch_count - 1;
    }
    judge->acted_ns = judge->now_ns;
    if (status == PL_OK) {
        hear_events(judge, entry->seq);
    }
    return status;
}

static pl_status take_say(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
{
    struct pl_outcome outcome;
    uint32_t stated = judge->session->belief_count;
    uint32_t moves = judge->session->move_count;
    struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_SAY, entry->seq);
    pl_status status = play(judge, entry, &outcome, err);
    if (epoch != NULL && status == PL_OK) {
        epoch->statement = judge->session->belief_count > stated ? stated : PL_NONE;
        if (judge->session->move_count > moves) {
            snprintf(epoch->text, sizeof epoch->text, "%s", judge->session->moves[moves].text);
        }
    }
    if (status == PL_OK) {
        hear_events(judge, entry->seq);
    }
    return status;
}

/* A wait or a tick: time passed, and something may have been told. */
static pl_status take_wait(struct pl_judge *judge,
                           const struct pl_judge_entry *entry,
                           const char *text,
                           pl_error *err)
{
    struct pl_outcome outcome;
    pl_status status = play(judge, entry, &outcome, err);
    if (status != PL_OK) {
        return status;
    }
    idle(judge, outcome.after_ns, entry->seq, text);
    hear_events(judge, entry->seq);
    return PL_OK;
}

static pl_status
take_close(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
{
    struct pl_outcome outcome;
    pl_course_node(judge);
    struct pl_epoch *epoch = new_epoch(judge, PL_EPOCH_CLOSE, entry->seq);
    if (epoch != NULL) {
        snprintf(epoch->text, sizeof epoch->text, "close");
    }
    judge->closed = 1;
    return play(judge, entry, &outcome, err);
}

pl_status pl_hearing_take(struct pl_judge *judge, const struct pl_judge_entry *entry, pl_error *err)
{
    PL_CHECK(judge != NULL && entry != NULL);
    json_t *command = NULL;
    pl_status status = pl_json_in_load(entry->command, PL_COMMAND_SIZE_MAX, NULL, &command, err);
    if (status != PL_OK) {
        return status;
    }
    const char *verb = json_string_value(json_object_get(command, "do"));
    verb = verb != NULL ? verb : "";
    if (judge->closed == 0) {
        idle(judge, entry->before_ns, 0, "");
    }
    if (judge->closed != 0) { /* the postmortem may follow */
        struct pl_outcome outcome;
        status = play(judge, entry, &outcome, err);
    } else if (strcmp(verb, "look") == 0) {
        status = take_look(judge, entry, command, err);
    } else if (strcmp(verb, "act") == 0) {
        status = take_act(judge, entry, command, err);
    } else if (strcmp(verb, "say") == 0) {
        status = take_say(judge, entry, err);
    } else if (strcmp(verb, "close") == 0) {
        status = take_close(judge, entry, err);
    } else {
        status = take_wait(judge, entry, strcmp(verb, "wait") == 0 ? "wait" : "", err);
    }
    json_decref(command);
    judge->entry_count++;
    return status;
}

void pl_hearing_end(struct pl_judge *judge)
{
    PL_CHECK(judge != NULL);
    if (judge->closed == 0) {
        pl_course_node(judge);
        (void)new_epoch(judge, PL_EPOCH_CLOSE, 0);
    }
}
