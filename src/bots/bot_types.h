// SPDX-License-Identifier: Apache-2.0
//
// The inside of a bot, shared by the modules of this layer only.
#ifndef PL_BOTS_BOT_TYPES_H
#define PL_BOTS_BOT_TYPES_H

#include "bots/bot.h"
#include "bots/filter.h"
#include "bots/planner.h"
#include "bots/reading.h"
#include "bots/speech.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_BOT_QUEUE_MAX = 24,
    PL_BOT_NAMES_MAX = 16, /* services, changes */
    PL_BOT_NAME_SIZE = 64,
    PL_BOT_TEXT_SIZE = 128
};

/** What an answer is read for. */
enum pl_bot_expect {
    PL_EXPECT_NOTHING,
    PL_EXPECT_LOOK,     /* a look of the catalogue */
    PL_EXPECT_LATENCY,  /* are users well: p99 */
    PL_EXPECT_ERRORS,   /* are users well: share of errors */
    PL_EXPECT_CHANGES,  /* the change feed, row by row */
    PL_EXPECT_TOPOLOGY, /* services and their pods */
    PL_EXPECT_ACT       /* did the act go through */
};

/** A command that waits to be sent. */
struct pl_bot_intent {
    uint32_t expect; /* enum pl_bot_expect */
    uint32_t look;   /* of LOOK */
    char command[PL_BOT_COMMAND_MAX];
};

/** Where a bot is in its incident. */
enum pl_bot_phase {
    PL_PHASE_WORK,   /* the policy decides */
    PL_PHASE_SETTLE, /* an act takes effect */
    PL_PHASE_CHECK,  /* the answers to the health looks are in */
    PL_PHASE_WELL,   /* users are well: watch for a while */
    PL_PHASE_CLOSED
};

/** A line of the change feed. */
struct pl_bot_change {
    char kind[PL_BOT_NAME_SIZE];
    char target[PL_BOT_NAME_SIZE];
    char text[PL_BOT_TEXT_SIZE];
};

/** A bot in play. */
struct pl_bot {
    struct pl_bot_setup setup;
    uint64_t draw; /* counter of the bot's draws */
    uint32_t phase;
    uint32_t queue_first;
    uint32_t queue_count;
    uint32_t expect; /* of the command that was sent */
    uint32_t look;
    /* what it senses */
    double t_s;
    double ends_s;
    double asked_s; /* moment of the last question for an update, -1: none is open */
    double p99_s;
    double objective_s;
    double errors;
    bool over;
    bool resolved;    /* the page has gone */
    bool act_refused; /* the last act was */
    char service[PL_BOT_NAME_SIZE];
    char alert[PL_BOT_NAME_SIZE];
    uint32_t service_count;
    char services[PL_BOT_NAMES_MAX][PL_BOT_NAME_SIZE];
    double pods[PL_BOT_NAMES_MAX];
    uint32_t change_count;
    struct pl_bot_change changes[PL_BOT_NAMES_MAX];
    /* what it has done */
    double next_update_s;  /* when the next update is due */
    double check_at_s;     /* when the last act should have worked */
    double lead_s;         /* of the last act */
    double before_badness; /* of the health looks before the last check */
    uint32_t act_count;
    uint32_t look_count;              /* looks of the catalogue since the last move */
    uint32_t step;                    /* progress of simple policies */
    uint32_t checks;                  /* since the last act */
    uint32_t remedy;                  /* last one, PL_KNOWN_REMEDIES_MAX: none */
    uint32_t favourite;               /* of tunnel vision and lucky priors, PL_NONE: none */
    uint64_t looked;                  /* bits of looks */
    uint64_t tried;                   /* bits of remedies */
    uint64_t done;                    /* of them those that were not refused */
    uint64_t questions;               /* bits of looks that are questions */
    uint64_t pending;                 /* of them those whose answer has not come */
    double due_s[PL_KNOWN_LOOKS_MAX]; /* when the answer of a pending one is expected */
    char last_act[PL_BOT_NAME_SIZE];
    double distortion[PL_KNOWN_CAUSES_MAX]; /* log factors of the ladder's belief */
    double belief[PL_KNOWN_CAUSES_MAX];     /* what it would state */
    uint32_t has_claim;                     /* 1: a bot without belief claims this change */
    struct pl_bot_change claim;
    uint32_t list_count; /* looks of the checklist and what they showed */
    uint32_t list_looks[PL_BOT_NAMES_MAX];
    uint8_t list_levels[PL_BOT_NAMES_MAX][PL_KNOWN_TRAITS_MAX];
    struct pl_reading reading;
    struct pl_filter filter;
    struct pl_bot_intent queue[PL_BOT_QUEUE_MAX];
};

/** Uniform draw in (0, 1). */
double pl_bot_draw(struct pl_bot *bot);

/** Room for a command at the end of the queue, begun as an empty buffer. */
struct pl_bot_intent *pl_bot_push(struct pl_bot *bot, uint32_t expect, struct pl_buf *out);

/** Queue a look of the catalogue and mark it. */
void pl_bot_push_look(struct pl_bot *bot, uint32_t look);

/** True when a look was not taken yet and, if it is a question, its person owes no answer. */
bool pl_bot_can_look(const struct pl_bot *bot, uint32_t look);

/** Bits of the questions to persons who owe an answer. */
uint64_t pl_bot_busy(const struct pl_bot *bot);

/** Queue a wait for the next answer of a person, which something pending is checked for. */
void pl_bot_push_wait_answer(struct pl_bot *bot);

/**
 * True when the bot has to judge by what it believes whether a move has helped, because the panels
 * of the paged service show users well all the time.
 */
bool pl_bot_is_blind(const struct pl_bot *bot);

/** Share of a cause's damage that the moves made so far are known to cure, 0..1. */
double pl_bot_relieved(const struct pl_bot *bot, uint32_t cause);

/** Queue that users are thought to be well, and go to WELL. */
void pl_bot_push_well(struct pl_bot *bot);

/** Queue a wait that does not pass the next update. */
void pl_bot_push_wait(struct pl_bot *bot, double seconds);

/** Queue what bots believe at present. */
void pl_bot_push_belief(struct pl_bot *bot);

/** Queue a remedy, with the belief before the first one, and go to SETTLE. */
void pl_bot_push_remedy(struct pl_bot *bot, uint32_t remedy);

/** Queue an act that is no learned remedy, as pl_bot_push_remedy. */
void pl_bot_push_act(
    struct pl_bot *bot, const char *action, const char *target, const char *value, double lead_s);

/** Queue the two looks that tell whether users are well, and go to CHECK. */
void pl_bot_push_check(struct pl_bot *bot);

#endif
