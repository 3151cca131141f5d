// SPDX-License-Identifier: Apache-2.0
//
// Status updates, checked mechanically: S_comm.
//
// Six checks per update that was due, each yes or no: it names a fact (a part of the system, or a
// number), the impact on users, what is believed, the next step; its status fits what had happened;
// it came in time. An update that somebody had to ask for and never got counts as six times no.
//
// The checks read words. They cannot tell good prose from bad, and a text that lists the right
// words passes: they are a floor that needs no reader, not a judgement of style.
#ifndef PL_JUDGE_UPDATES_H
#define PL_JUDGE_UPDATES_H

#include "judge/report.h"
#include "model/world.h"

#include <stdint.h>

enum {
    PL_UPDATE_FACT = 1,
    PL_UPDATE_IMPACT = 2,
    PL_UPDATE_BELIEF = 4,
    PL_UPDATE_NEXT = 8,
    PL_UPDATE_TRUE = 16,
    PL_UPDATE_TIMELY = 32,
    PL_UPDATE_CHECKS = 6
};

/** Words of the status page, as pl_say_statuses has them. */
enum pl_update_status {
    PL_STATUS_INVESTIGATING,
    PL_STATUS_IDENTIFIED,
    PL_STATUS_MONITORING,
    PL_STATUS_RESOLVED
};

/** One update with what the log knew at its moment. */
struct pl_update_posted {
    const char *text; /* borrowed for the call */
    uint32_t status;  /* enum pl_update_status */
    uint32_t acts;    /* acts confirmed before it */
    double t_s;       /* after the opening */
    double due_s;     /* when it was due; t_s when none was */
    double claimed;   /* highest stated probability of a class so far, 0: nothing stated */
    double damage;    /* share of the peak that users suffered in the last 2 minutes, 0..1 */
};

/** Checks that hold, as bits. */
uint32_t pl_update_checks(const struct pl_world *world, const struct pl_update_posted *update);

/**
 * S_comm over a session.
 *
 * @param world    for names of its parts
 * @param updates  updates[count]
 * @param count    posted
 * @param missed   asked for by somebody and not posted within the time
 * @return mean share of checks; not given when none was due and none was posted
 */
struct pl_figure pl_update_score(const struct pl_world *world,
                                 const struct pl_update_posted *updates,
                                 uint32_t count,
                                 uint32_t missed);

#endif
