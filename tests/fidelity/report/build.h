// SPDX-License-Identifier: Apache-2.0
//
// Small worlds for the report, put together by calls. Everything belongs to the thing added last:
// a route to the last service, a step to the last route.
#ifndef PL_REPORT_BUILD_H
#define PL_REPORT_BUILD_H

#include "model/model.h"

/** Seconds that stand for one unit of time of a closed form. Long runs need short units. */
#define PL_UNIT_S 0.001

/** An empty world on the heap with this many frames; abort when there is no memory. */
struct pl_world *pl_build_begin(uint32_t frames_max);

/** Add a service with one pod. `workers` 0: no limit. */
struct pl_service *
pl_build_service(struct pl_world *world, const char *name, uint32_t workers, double cores);

/** Add a route to the last service; its index. */
uint32_t pl_build_route(struct pl_world *world, const char *name);

/** Add a step to the last route. */
struct pl_step *pl_build_step(struct pl_world *world, enum pl_op op);

/** Add a cpu step with this law. */
struct pl_step *pl_build_cpu(struct pl_world *world, pl_law law);

/** Add a step that calls `route` over `edge`. */
struct pl_step *pl_build_call(struct pl_world *world, uint32_t edge, uint32_t route);

/** Add a policy of service `from` towards service `to`: no timeout, no retry, no latency. */
struct pl_edge *pl_build_edge(struct pl_world *world, uint32_t from, uint32_t to);

/** Set the only source: Poisson arrivals to route 0. */
struct pl_source *pl_build_source(struct pl_world *world, double rate);

/** Seal; abort with the reason when the world is refused. */
const struct pl_world *pl_build_seal(struct pl_world *world);

/** One queue: source, one service with one route of one cpu step. Sealed. */
const struct pl_world *
pl_build_queue(double rate, pl_law law, uint32_t workers, double cores, uint32_t frames_max);

#endif
