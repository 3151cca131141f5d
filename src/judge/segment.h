// SPDX-License-Identifier: Apache-2.0
//
// The value table: expected damage still to come, L[node][cause][option], with errors.
//
//   node      a moment of simulated time at which all options are rolled out
//   segment   nodes between two acts of the player; before the first act it is a constant of the
//             scenario (constants.h), after each act a new segment begins with the acted states
//
// Between nodes L is interpolated linearly in time; after the last node it falls linearly to 0 at
// the end of the session. Damage that passes on the way is kept too (`passed`), so that the value
// of waiting from one moment to another follows from the same numbers.
#ifndef PL_JUDGE_SEGMENT_H
#define PL_JUDGE_SEGMENT_H

#include "judge/option_set.h"
#include "judge/parallel.h"
#include "judge/rollout.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PL_NODE_SEEDS_MAX = 32, /* futures per option of one node */
    PL_NODE_ROUNDS = 4      /* of sequential halving */
};

/** Mean damage to go of one option under one cause. */
struct pl_cell {
    double mean;
    double se;      /* standard error of the mean; with one sample that of doing nothing */
    double se_noop; /* standard error of the difference from doing nothing, same futures */
    double half[2]; /* means over even and odd futures, for pl_node_least */
    uint32_t count; /* futures; 0: not simulated, the cell is empty */
    uint32_t reserved;
};

/** One moment. */
struct pl_node {
    int64_t t_ns;
    uint32_t marked; /* bit per cause: `passed` is known here, with or without cells */
    uint32_t reserved;
    double passed[PL_CAUSES_MAX]; /* mean damage from the start of the segment to t_ns */
    struct pl_cell cells[PL_CAUSES_MAX][PL_OPTIONS_MAX];
};

/** Nodes in ascending time. */
struct pl_segment {
    struct pl_option_set options;
    uint32_t cause_count;
    uint32_t causes; /* bit per cause with cells */
    uint32_t node_count;
    uint32_t reserved;
    int64_t ends_ns;
    struct pl_node *nodes; /* borrowed, nodes[node_count] */
};

/** Gives the state of particle k of a cause at the node's moment. */
typedef const struct pl_state *(*pl_particle_state)(const void *context,
                                                    uint32_t cause,
                                                    uint32_t k);

/** How one node is computed. */
struct pl_node_def {
    const struct pl_rollout_def *rollout;
    const struct pl_option_set *options;
    const void *context; /* of `state` */
    pl_particle_state state;
    uint32_t cause_count;
    uint32_t causes;    /* bit per cause to simulate */
    uint32_t particles; /* K; future m starts in particle m % K */
    uint32_t seeds;     /* futures of the options that stay to the last round, up to the max */
    uint32_t seeds_min; /* futures of every option, 1..seeds; with 1 errors are rough */
    uint32_t reserved;
    const double *belief;   /* belief[cause_count], weighs causes when options drop out */
    const uint32_t *worlds; /* worlds[cause_count]: so many of the K are there, NULL: all */
    double heavy; /* belief from which a cause gets all futures, fewer in proportion; 0: each gets
                     them that has a quarter of the likeliest */
    double stop_width; /* stop when 95 % half-widths of the leaders are below it; 0: never */
    uint64_t seed;     /* parent of the futures' seeds */
    struct pl_parallel parallel;
    uint32_t wanted[PL_CAUSES_MAX]; /* bit per option to simulate under a cause, doing nothing
                                       always; 0: all. Cells of the others stay empty */
};

/** Bytes of scratch of one node: a fork per worker and the samples. */
size_t pl_node_scratch(const struct pl_node_def *def);

/**
 * Simulate one node. With a single cause and `state` giving the true world of a session it is the
 * table of outcome regret: what would have been best had the cause been known, over other futures.
 *
 * All options and causes share futures. Four rounds: after each the half of the options that is
 * worst under the belief drops out, the rest gets more futures, up to `seeds`. With `stop_width` it
 * ends earlier, but not before four futures: the spread of two says little.
 *
 * @param def      what to simulate
 * @param scratch  pl_node_scratch bytes, aligned to 64
 * @param size     bytes of scratch
 * @param node     filled, except `passed`
 * @return simulated nanoseconds of all rollouts
 */
int64_t
pl_node_compute(const struct pl_node_def *def, void *scratch, size_t size, struct pl_node *node);

/** Cell of an option at any time of a segment (linear between nodes); empty when it is nowhere. */
struct pl_cell
pl_segment_cell(const struct pl_segment *segment, int64_t t_ns, uint32_t cause, uint32_t option);

/** Mean damage of a cause between two moments of a segment, from <= until. */
double pl_segment_passed(const struct pl_segment *segment,
                         uint32_t cause,
                         int64_t from_ns,
                         int64_t until_ns);

/** The best of several noisy means. */
struct pl_least {
    uint32_t index; /* of the lowest mean */
    uint32_t reserved;
    double naive;    /* lowest mean, too low on average */
    double debiased; /* (2 naive + split) / 3; split: the even half picks, the odd half pays */
};

/**
 * Lowest of `count` estimates, with the optimism of picking a minimum taken out.
 *
 * @param means   means[count] over all samples
 * @param even    means over even samples
 * @param odd     means over odd samples
 * @param count   1 or more
 * @source JUDGE.md section 4, estimation
 */
struct pl_least
pl_node_least(const double *means, const double *even, const double *odd, uint32_t count);

#endif
