// SPDX-License-Identifier: Apache-2.0
//
// The inside of a session, shared by the modules of this layer and read by the judge.
#ifndef PL_SESSION_SESSION_TYPES_H
#define PL_SESSION_SESSION_TYPES_H

#include "model/model.h"
#include "observe/observe.h"
#include "scenario/action.h"
#include "scenario/instruments.h"
#include "scenario/scenario.h"
#include "session/session.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_MOVES_MAX = 2048, /* looks, acts, says and waits of one session */
    PL_MOVE_TEXT_MAX = 160,
    PL_NOTICES_MAX = 512, /* things that the session itself tells the player */
    PL_NOTICE_TEXT_MAX = 400,
    PL_ACTS_MAX = 128,
    PL_BELIEFS_MAX = 128, /* statements of belief */
    PL_CLAIMS_MAX = 6,    /* claims of one statement */
    PL_CLAIM_TEXT_MAX = 120,
    PL_UPDATES_MAX = 128,
    PL_UPDATE_TEXT_MAX = 1200,
    PL_TRUTH_SAMPLES_MAX = 1280, /* one per 15 s over the longest run */
    PL_POSTMORTEM_FIELDS = 13,
    PL_POSTMORTEM_TEXT_MAX = 4000
};

/** Nanoseconds as seconds, rounded once: 30 s is 30, not 30.000000000000004. */
static inline double pl_seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

/** One thing that the player did. */
struct pl_move {
    int64_t t_ns;                /* when it was decided */
    char kind[8];                /* look, act, say, wait */
    char text[PL_MOVE_TEXT_MAX]; /* as it would be typed */
};

/** One thing that the session tells the player. */
struct pl_notice {
    int64_t t_ns;
    char kind[16]; /* page, effect, stakeholder */
    char from[PL_NAME_MAX];
    char title[PL_LABEL_MAX * 2];
    char text[PL_NOTICE_TEXT_MAX];
};

/** An act in progress or done. */
struct pl_act {
    int64_t decided_ns;
    int64_t effect_ns;
    struct pl_call call;
    struct pl_feed_entry feed; /* texts that the change feed borrows */
    char text[PL_LABEL_MAX * 2];
};

/** One claim about the cause. */
struct pl_claim {
    char component[PL_CLAIM_TEXT_MAX];
    char mechanism[PL_CLAIM_TEXT_MAX];
    char detail[PL_CLAIM_TEXT_MAX];
    char trigger[PL_CLAIM_TEXT_MAX];
    double p; /* 0..1 */
};

/** What the player believed at a moment; what the claims leave open is "something else". */
struct pl_stated_belief {
    int64_t t_ns;
    uint32_t claim_count;
    uint32_t reserved;
    struct pl_claim claims[PL_CLAIMS_MAX];
};

/** A post on the status page. */
struct pl_update {
    int64_t t_ns;
    int64_t due_ns;  /* when it was due */
    uint32_t status; /* index in pl_say_statuses */
    uint32_t reserved;
    char text[PL_UPDATE_TEXT_MAX];
};

/** What users had suffered up to a moment. */
struct pl_truth_sample {
    double damage;  /* worth of slow, failed and lost requests since the start, of the slice */
    double offered; /* requests since the start, of the slice */
};

/** The true course of the run. */
struct pl_truth {
    uint32_t count;
    uint32_t reserved;
    struct pl_truth_sample samples[PL_TRUTH_SAMPLES_MAX]; /* at 0, 15, 30 ... s */
};

/** A running session. */
struct pl_session {
    struct pl_session_def def;
    struct pl_opening opening;
    struct pl_instruments instruments;
    struct pl_state *state; /* in the caller's memory, as the next five */
    struct pl_state *start; /* fork at the opening, for the course without any act */
    struct pl_state *spare; /* room for the run of that fork */
    struct pl_record *record;
    struct pl_observe *observe;
    size_t state_size; /* bytes of each of the three states */
    int64_t now_ns;
    int64_t truth_next_ns; /* next sample of the truth */
    int64_t update_due_ns; /* next moment at which somebody asks for an update */
    uint32_t closed;       /* 1: by the player */
    uint32_t over;         /* 1: the time ran out */
    int64_t done_ns;
    uint32_t page_shown;    /* 1: the opening's page stands for the rule's first one */
    uint32_t event_cursor;  /* events of the instruments that have been told */
    uint32_t notice_cursor; /* notices that have been told */
    uint32_t move_count;
    uint32_t notice_count;
    uint32_t act_count;
    uint32_t belief_count;
    uint32_t update_count;
    uint32_t asked_count; /* times that somebody had to ask for an update */
    struct pl_truth truth;
    struct pl_move moves[PL_MOVES_MAX];
    struct pl_notice notices[PL_NOTICES_MAX];
    struct pl_act acts[PL_ACTS_MAX];
    struct pl_stated_belief beliefs[PL_BELIEFS_MAX];
    struct pl_update updates[PL_UPDATES_MAX];
    char postmortem[PL_POSTMORTEM_FIELDS][PL_POSTMORTEM_TEXT_MAX];
};

#endif
