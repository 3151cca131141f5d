// SPDX-License-Identifier: Apache-2.0
//
// The plain queues that are benchmarked, with what theory says of them.
//
// One unit of the closed form is one simulated millisecond, because a run has to fit in the 4.9
// hours that simulated time has.
#ifndef PL_BENCH_WORLD_H
#define PL_BENCH_WORLD_H

#include "model/world.h"

/** Seconds of simulated time that stand for one unit. */
#define PL_BENCH_UNIT_S 0.001

/** Which queue. */
enum pl_bench_model {
    PL_BENCH_MM1,           /* one worker, arrivals 0.9, service 1 */
    PL_BENCH_TANDEM,        /* a gateway calls services with 16, 32 and 8 workers, load 0.7 each */
    PL_BENCH_TANDEM_TIMEOUT /* the same; each user gives up after 200 units, 1 in 2700 does */
};

/** Fill and seal the world of a queue. Request 0 of the mix is what users ask for. */
void pl_bench_world_fill(struct pl_world *world, enum pl_bench_model model);

/** Arrivals per unit of time. */
double pl_bench_world_rate(enum pl_bench_model model);

/**
 * Mean time from arrival to answer in units: 10 for M/M/1, 40.2227 for the tandem.
 *
 * @source Erlang C and the product form of a tandem; Kleinrock, Queueing Systems vol. 1, 3.5 and
 *         4.8
 */
double pl_bench_world_sojourn(enum pl_bench_model model);

#endif
