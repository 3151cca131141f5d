// SPDX-License-Identifier: Apache-2.0
//
// A processor-sharing processor: every job present gets min(1, cores / jobs) of a core.
//
// Virtual time counts the work each job has received; a job that needs `w` more finishes when
// virtual time has grown by w, so a change of the number of jobs moves no entry. With as many cores
// as workers it is a plain server. Quota follows the CFS rule: `quota` core-periods per 100 ms,
// then nothing until the next period.
#ifndef PL_MODEL_STATION_H
#define PL_MODEL_STATION_H

#include "model/state.h"

/** Account for the time since the last touch. Call before any field is changed. */
void pl_station_touch(struct pl_ctx *ctx, struct pl_station *station);

/** Schedule the station's next event. Call after fields were changed. */
void pl_station_rearm(struct pl_ctx *ctx, struct pl_station *station);

/**
 * Add a job.
 *
 * @param work_ns  nanoseconds of one core, >= 0
 * @return false when the station is full (the caller fails the request)
 */
bool pl_station_join(struct pl_ctx *ctx,
                     struct pl_station *station,
                     uint32_t frame,
                     double work_ns);

/** Remove a job that has not finished; nothing happens when it is not there. */
void pl_station_remove(struct pl_ctx *ctx, struct pl_station *station, uint32_t frame);

/** The station's event: returns a finished frame, or 0 when only its speed changed. */
uint32_t pl_station_fire(struct pl_ctx *ctx, struct pl_station *station);

/** Set the quota (cores, 0: none) and begin a fresh period. */
void pl_station_set_quota(struct pl_ctx *ctx, struct pl_station *station, double quota);

#endif
