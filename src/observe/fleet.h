// SPDX-License-Identifier: Apache-2.0
//
// From the slice that is simulated to the fleet that an engineer sees.
//
// A world may simulate 2 of 8 pods with a quarter of the traffic. Each simulated pod p stands for
// `twins` pods of the fleet; what it counts between two scrapes is dealt out among them by weights
// that are noisy like independent traffic and sum to one. So twins are not identical, and sums
// over pods are exactly the scaled totals.
//
// An instance is one Kubernetes pod at a position: a release or a replacement ends it and begins
// another with a new name; a container that is restarted in place keeps it.
#ifndef PL_OBSERVE_FLEET_H
#define PL_OBSERVE_FLEET_H

#include "model/world.h"
#include "observe/intern.h"
#include "observe/tracks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PL_FLEET_TWINS_MAX = 32, PL_INSTANCES_MAX = 768, PL_POD_NAME_MAX = PL_NAME_MAX + 20 };

/** One Kubernetes pod per twin, from its first to its last sample. */
struct pl_instance {
    uint32_t service;
    uint32_t pod; /* global position */
    uint32_t release;
    uint32_t generation;                /* of the position when it began */
    uint32_t first;                     /* sample */
    uint32_t last;                      /* sample, grows while it lives */
    uint16_t names[PL_FLEET_TWINS_MAX]; /* word numbers */
};

/** All pods that ever were. */
struct pl_fleet {
    const struct pl_world *world; /* borrowed */
    uint64_t seed;
    double loss; /* share of single scrapes that get lost */
    uint32_t count;
    uint32_t full;                 /* 1: an instance did not fit */
    uint32_t current[PL_PODS_MAX]; /* instance + 1 at a position, 0: none */
    struct pl_instance instances[PL_INSTANCES_MAX];
};

/** Start without pods. */
void pl_fleet_init(struct pl_fleet *fleet,
                   const struct pl_world *world,
                   uint64_t seed,
                   double loss);

/** Copy a fleet; what was never used is not touched. */
void pl_fleet_fork(struct pl_fleet *copy, const struct pl_fleet *source);

/** Pods of the fleet that one simulated pod stands for, 1..PL_FLEET_TWINS_MAX. */
uint32_t pl_fleet_twins(const struct pl_world *world, uint32_t service);

/** Factor from simulated to real counts. */
double pl_fleet_scale(const struct pl_world *world);

/** Take note of the pods of the newest sample. */
void pl_fleet_update(struct pl_fleet *fleet,
                     const struct pl_tracks *tracks,
                     struct pl_intern *intern);

/**
 * Write the name of a pod: `checkout-api-7d9f6c8b5-x2x7k`.
 *
 * @param fleet       decides seed and world
 * @param pod         global position
 * @param release     of the pod
 * @param generation  of the pod
 * @param twin        0..twins-1
 * @param text        filled, PL_POD_NAME_MAX bytes
 */
void pl_fleet_pod_name(const struct pl_fleet *fleet,
                       uint32_t pod,
                       uint32_t release,
                       uint32_t generation,
                       uint32_t twin,
                       char *text);

/**
 * Share of a twin in what its simulated pod counted between two samples.
 *
 * @param key     stream of the instrument: pl_fleet_key
 * @param sample  the later of the two samples
 * @param twin    0..twins-1
 * @param twins   1..PL_FLEET_TWINS_MAX
 * @param amount  what was counted; large amounts are dealt out more evenly
 * @return share; the shares of all twins sum to 1
 */
double pl_fleet_share(uint64_t key, uint32_t sample, uint32_t twin, uint32_t twins, double amount);

/** Stream of random draws for an instrument. */
uint64_t pl_fleet_key(const struct pl_fleet *fleet, uint32_t kind, uint32_t a, uint32_t b);

/**
 * Value of a whole-number gauge on a twin: about the simulated value, exactly that on the first
 * twin. Nothing stays nothing and full stays full, so that idle and saturated fleets look like it.
 *
 * @param key     stream of the instrument
 * @param sample  of the scrape
 * @param twin    0..twins-1
 * @param value   on the simulated pod
 * @param limit   largest value, e.g. the size of the pool
 */
double pl_fleet_gauge(uint64_t key, uint32_t sample, uint32_t twin, double value, double limit);

/** True when this single scrape of a pod got lost. */
bool pl_fleet_lost(const struct pl_fleet *fleet, uint32_t pod, uint32_t twin, uint32_t sample);

#endif
