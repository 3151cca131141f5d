// SPDX-License-Identifier: Apache-2.0
//
// From a scenario and its opening to what the instruments need (observe/observe_types.h).
//
// Answers, messages and feed entries that belong to other causes are left out, so the instruments
// never hold anything that is not true in this form.
#ifndef PL_SCENARIO_INSTRUMENTS_H
#define PL_SCENARIO_INSTRUMENTS_H

#include "model/world.h"
#include "observe/observe_types.h"
#include "scenario/scenario.h"

/** Arrays that a pl_observe_def points to; their texts are borrowed from scenario and opening. */
struct pl_instruments {
    struct pl_observe_def def;
    struct pl_observe_gap gaps[PL_GAPS_MAX];
    struct pl_observe_hole holes[PL_HOLES_MAX];
    struct pl_observe_rule rules[PL_ALERT_RULES_MAX];
    struct pl_observe_change feed[PL_FEEDS_MAX];
    struct pl_observe_person people[PL_PEOPLE_MAX];
    struct pl_observe_answer answers[PL_ANSWERS_MAX];
    struct pl_observe_announcement announcements[PL_ANNOUNCEMENTS_MAX];
    struct pl_observe_indicator indicators[PL_INDICATORS_MAX];
    struct pl_observe_noise noises[PL_NOISES_MAX];
};

/**
 * Fill the definition of the instruments for one form. A form without a cause has the answers and
 * messages that all causes share.
 *
 * @param scenario  loaded, borrowed as long as `out` is used
 * @param opening   of this scenario, borrowed as long as `out` is used
 * @param out       filled; `out->def` is what pl_observe_init takes
 */
void pl_instruments_fill(const struct pl_scenario *scenario,
                         const struct pl_opening *opening,
                         struct pl_instruments *out);

#endif
