// SPDX-License-Identifier: Apache-2.0
//
// Whether users are well, from the two panels of the paged service that bots look at for it.
#ifndef PL_BOTS_HEALTH_H
#define PL_BOTS_HEALTH_H

#include "text/json_in.h"

#include <stdbool.h>

/**
 * What a panel shows now: the mean of the last points of its first series.
 *
 * @param observation  JSON as the session shows it
 * @return 0 when there are no points
 */
double pl_health_now(const json_t *observation);

/**
 * Users are well.
 *
 * @param p99_s        of the latency panel
 * @param objective_s  of the same panel, above 0
 * @param errors       share of errors, 0..1
 */
bool pl_health_is_well(double p99_s, double objective_s, double errors);

/** One number for how bad it is, to see whether something moves; same inputs. */
double pl_health_badness(double p99_s, double objective_s, double errors);

#endif
