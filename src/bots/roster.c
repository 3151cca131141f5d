// SPDX-License-Identifier: Apache-2.0
#include "bots/roster.h"

#include "base/check.h"

#include <stddef.h>
#include <string.h>

/* Rungs of the ladder: s from .25 to 4 in equal steps of its logarithm. */
#define RUNG(number, s)                                                        \
    {                                                                          \
        .name = "ladder-" number, .label = "B16", .tier = "ladder",            \
        .summary = "planner with a noisy belief and unsteady choice, s = " #s, \
        .policy = PL_BOT_PLANNER, .needs_lesson = 1, .noise = (s)              \
    }

static const struct pl_bot_def table[] = {
    {.name = "noop",
     .label = "B0",
     .tier = "T0",
     .summary = "waits, posts updates, never acts",
     .policy = PL_BOT_NOOP},
    {.name = "random",
     .label = "B1",
     .tier = "T0",
     .summary = "looks and acts at random",
     .policy = PL_BOT_RANDOM,
     .needs_lesson = 1},
    {.name = "reflex-restarter",
     .label = "B2",
     .tier = "T1",
     .summary = "restarts the paged service, and again",
     .policy = PL_BOT_RESTART},
    {.name = "scale-everything",
     .label = "B3",
     .tier = "T1",
     .summary = "gives the paged service more pods, then all others",
     .policy = PL_BOT_SCALE},
    {.name = "rollback-last-change",
     .label = "B4",
     .tier = "T1",
     .summary = "undoes the newest change, then the one before",
     .policy = PL_BOT_ROLLBACK},
    {.name = "runbook-walker",
     .label = "B5",
     .tier = "T2",
     .summary = "takes eight fixed looks, then acts by a table of rules",
     .policy = PL_BOT_CHECKLIST,
     .needs_lesson = 1},
    {.name = "metric-tourist",
     .label = "B6",
     .tier = "T2",
     .summary = "looks at everything, then acts on the likeliest cause",
     .policy = PL_BOT_TOURIST,
     .needs_lesson = 1},
    {.name = "tunnel-vision",
     .label = "B7",
     .tier = "T2",
     .summary = "takes a favourite after one look and sees only what supports it",
     .policy = PL_BOT_TUNNEL,
     .needs_lesson = 1},
    {.name = "premature-map",
     .label = "B8",
     .tier = "T1",
     .summary = "acts on the likeliest cause after one look",
     .policy = PL_BOT_PREMATURE,
     .needs_lesson = 1},
    {.name = "dithering",
     .label = "B9",
     .tier = "T2",
     .summary = "looks until it is .98 sure",
     .policy = PL_BOT_GREEDY,
     .needs_lesson = 1,
     .threshold = 0.98},
    {.name = "greedy-info",
     .label = "B10",
     .tier = "T3",
     .summary = "takes the most bits per second until it is .8 sure, then acts",
     .policy = PL_BOT_GREEDY,
     .needs_lesson = 1,
     .threshold = 0.80},
    {.name = "planner",
     .label = "B11",
     .tier = "T4",
     .summary = "weighs looking against acting by what both cost users",
     .policy = PL_BOT_PLANNER,
     .needs_lesson = 1},
    {.name = "oracle",
     .label = "B12",
     .tier = "ref",
     .summary = "knows the cause and acts at once",
     .policy = PL_BOT_ORACLE,
     .needs_lesson = 1,
     .needs_cause = 1},
    {.name = "lucky-prior",
     .label = "B13",
     .tier = "ref",
     .summary = "acts on a private guess that is right 60 % of the time",
     .policy = PL_BOT_LUCKY,
     .needs_lesson = 1,
     .needs_cause = 1},
    {.name = "harmful-but-lucky",
     .label = "B14",
     .tier = "ref",
     .summary = "takes the move that harms most causes and happens to help",
     .policy = PL_BOT_HARMFUL,
     .needs_lesson = 1,
     .needs_cause = 1},
    {.name = "hedger",
     .label = "B15",
     .tier = "gamer",
     .twin = "greedy-info",
     .summary = "greedy-info that always states 40/30/30",
     .policy = PL_BOT_GREEDY,
     .trick = PL_BOT_HEDGES,
     .needs_lesson = 1,
     .threshold = 0.80},
    {.name = "statement-avoider",
     .label = "B15",
     .tier = "gamer",
     .twin = "greedy-info",
     .summary = "greedy-info that never states a belief",
     .policy = PL_BOT_GREEDY,
     .trick = PL_BOT_AVOIDS,
     .needs_lesson = 1,
     .threshold = 0.80},
    {.name = "look-spammer",
     .label = "B15",
     .tier = "gamer",
     .twin = "greedy-info",
     .summary = "greedy-info with a dozen cheap looks before it acts",
     .policy = PL_BOT_GREEDY,
     .trick = PL_BOT_SPAMS_LOOKS,
     .needs_lesson = 1,
     .threshold = 0.80},
    {.name = "wait-for-self-heal",
     .label = "B15",
     .tier = "gamer",
     .twin = "greedy-info",
     .summary = "greedy-info that hopes instead of acting",
     .policy = PL_BOT_GREEDY,
     .trick = PL_BOT_WAITS,
     .needs_lesson = 1,
     .threshold = 0.80},
    {.name = "update-spammer",
     .label = "B15",
     .tier = "gamer",
     .twin = "greedy-info",
     .summary = "greedy-info that posts after every move",
     .policy = PL_BOT_GREEDY,
     .trick = PL_BOT_SPAMS_UPDATES,
     .needs_lesson = 1,
     .threshold = 0.80},
    RUNG("01", 0.250),
    RUNG("02", 0.322),
    RUNG("03", 0.414),
    RUNG("04", 0.533),
    RUNG("05", 0.685),
    RUNG("06", 0.882),
    RUNG("07", 1.134),
    RUNG("08", 1.459),
    RUNG("09", 1.878),
    RUNG("10", 2.416),
    RUNG("11", 3.109),
    RUNG("12", 4.000),
};

uint32_t pl_roster_count(void)
{
    return (uint32_t)(sizeof table / sizeof table[0]);
}

const struct pl_bot_def *pl_roster_at(uint32_t index)
{
    PL_CHECK(index < pl_roster_count());
    return &table[index];
}

const struct pl_bot_def *pl_roster_find(const char *name)
{
    PL_CHECK(name != NULL);
    for (uint32_t i = 0; i < pl_roster_count(); i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}
