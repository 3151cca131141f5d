// SPDX-License-Identifier: Apache-2.0
//
// The table of all bots: what each does, how skilled it is, and the honest twin of each gamer.
#ifndef PL_BOTS_ROSTER_H
#define PL_BOTS_ROSTER_H

#include <stdint.h>

/** What decides. */
enum pl_bot_policy {
    PL_BOT_NOOP,
    PL_BOT_RANDOM,
    PL_BOT_RESTART,
    PL_BOT_SCALE,
    PL_BOT_ROLLBACK,
    PL_BOT_CHECKLIST,
    PL_BOT_TOURIST,
    PL_BOT_TUNNEL,
    PL_BOT_PREMATURE,
    PL_BOT_GREEDY, /* looks by expected bits per second until `threshold`, then acts */
    PL_BOT_PLANNER,
    PL_BOT_ORACLE,
    PL_BOT_LUCKY,
    PL_BOT_HARMFUL
};

/** How a bot tries to please a judge, beside its policy. */
enum pl_bot_trick {
    PL_BOT_HONEST,
    PL_BOT_HEDGES,       /* states 40/30/30 whatever it believes */
    PL_BOT_AVOIDS,       /* states nothing */
    PL_BOT_SPAMS_LOOKS,  /* takes many cheap looks before it acts */
    PL_BOT_WAITS,        /* never acts */
    PL_BOT_SPAMS_UPDATES /* posts after every move */
};

/** A row of the table of bots. */
struct pl_bot_def {
    const char *name;
    const char *label;     /* B10 */
    const char *tier;      /* T0..T4, ref, gamer, ladder */
    const char *twin;      /* honest twin of a gamer, NULL: none */
    const char *summary;   /* one line */
    uint32_t policy;       /* enum pl_bot_policy */
    uint32_t trick;        /* enum pl_bot_trick */
    uint32_t needs_lesson; /* 1: plays only with knowledge */
    uint32_t needs_cause;  /* 1: is given the cause */
    double threshold;      /* of GREEDY: belief at which it acts */
    double noise;          /* of PLANNER: s of the ladder, 0: none */
};

/** Number of bots. */
uint32_t pl_roster_count(void);

/** Bot 0..count-1, in the order of their labels. */
const struct pl_bot_def *pl_roster_at(uint32_t index);

/** Bot with this name, or NULL. */
const struct pl_bot_def *pl_roster_find(const char *name);

#endif
