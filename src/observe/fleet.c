// SPDX-License-Identifier: Apache-2.0
#include "observe/fleet.h"

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "model/model.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Letters of generated names: no vowels, nothing that looks like another letter. */
static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";

enum { ALPHABET = sizeof(alphabet) - 1, SET_LETTERS = 9, POD_LETTERS = 5, PURPOSE_LOST = 0x10e7 };

void pl_fleet_init(struct pl_fleet *fleet, const struct pl_world *world, uint64_t seed, double loss)
{
    PL_CHECK(fleet != NULL);
    PL_CHECK(loss >= 0.0 && loss <= 1.0);
    memset(fleet, 0, offsetof(struct pl_fleet, instances));
    fleet->world = world;
    fleet->seed = seed;
    fleet->loss = loss;
}

void pl_fleet_fork(struct pl_fleet *copy, const struct pl_fleet *source)
{
    PL_CHECK(copy != NULL && source != NULL);
    memcpy(copy, source, offsetof(struct pl_fleet, instances));
    memcpy(copy->instances, source->instances, source->count * sizeof(source->instances[0]));
}

uint32_t pl_fleet_twins(const struct pl_world *world, uint32_t service)
{
    const struct pl_service *def = &world->services[service];
    uint32_t pods = def->pods == 0 ? 1 : def->pods;
    uint32_t twins = def->fleet == 0 ? world->slice_of : (def->fleet + pods / 2) / pods;
    if (twins < 1) {
        twins = 1;
    }
    return twins < PL_FLEET_TWINS_MAX ? twins : PL_FLEET_TWINS_MAX;
}

double pl_fleet_scale(const struct pl_world *world)
{
    return world->slice_of == 0 ? 1.0 : (double)world->slice_of;
}

static void put_letters(char *text, uint64_t bits, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text[i] = alphabet[bits % ALPHABET];
        bits /= ALPHABET;
    }
    text[count] = '\0';
}

void pl_fleet_pod_name(const struct pl_fleet *fleet,
                       uint32_t pod,
                       uint32_t release,
                       uint32_t generation,
                       uint32_t twin,
                       char *text)
{
    const struct pl_world *world = fleet->world;
    uint32_t service = 0;
    uint32_t pod0 = 0;
    while (service + 1 < world->service_count && pod >= pod0 + world->services[service].pods_max) {
        pod0 += world->services[service].pods_max;
        service++;
    }
    /* The replica set hangs on service and release alone, so equal builds share it in all forms. */
    uint64_t name = pl_hash_name(world->services[service].name);
    uint64_t own = pl_random_child(pl_random_child(fleet->seed ^ name, pod), generation);
    char set[SET_LETTERS + 1];
    char unit[POD_LETTERS + 1];
    put_letters(set, pl_random_child(name, release), SET_LETTERS);
    put_letters(unit, pl_random_bits(own, twin), POD_LETTERS);
    snprintf(text, PL_POD_NAME_MAX, "%s-%s-%s", world->services[service].name, set, unit);
}

static uint32_t newest(const struct pl_track *track, uint32_t column, uint32_t sample)
{
    return *pl_track_count(track, column, sample);
}

/* True when the process at the position changed but Kubernetes kept the pod. */
static bool restarted_in_place(const struct pl_track *track, uint32_t sample)
{
    return sample > track->first &&
           newest(track, PL_POD_RESTARTS, sample) > newest(track, PL_POD_RESTARTS, sample - 1) &&
           newest(track, PL_POD_RELEASE, sample) == newest(track, PL_POD_RELEASE, sample - 1) &&
           newest(track, PL_POD_PHASE, sample - 1) != PL_POD_ABSENT;
}

static void begin_instance(struct pl_fleet *fleet,
                           const struct pl_tracks *tracks,
                           struct pl_intern *intern,
                           uint32_t pod)
{
    if (fleet->count == PL_INSTANCES_MAX) {
        fleet->full = 1;
        fleet->current[pod] = 0;
        return;
    }
    uint32_t sample = pl_tracks_count(tracks) - 1;
    struct pl_track track = pl_tracks_find(tracks, PL_TRACK_POD, pod, 0, 0);
    struct pl_instance *instance = &fleet->instances[fleet->count];
    *instance = (struct pl_instance){
        .service = pl_tracks_pod_service(tracks, pod),
        .pod = pod,
        .release = newest(&track, PL_POD_RELEASE, sample),
        .generation = newest(&track, PL_POD_GENERATION, sample),
        .first = sample,
        .last = sample,
    };
    uint32_t twins = pl_fleet_twins(fleet->world, instance->service);
    for (uint32_t twin = 0; twin < twins; twin++) {
        char text[PL_POD_NAME_MAX];
        pl_fleet_pod_name(fleet, pod, instance->release, instance->generation, twin, text);
        instance->names[twin] = pl_intern_add(intern, text);
    }
    fleet->count += 1;
    fleet->current[pod] = fleet->count;
}

void pl_fleet_update(struct pl_fleet *fleet,
                     const struct pl_tracks *tracks,
                     struct pl_intern *intern)
{
    PL_CHECK(pl_tracks_count(tracks) > 0);
    uint32_t sample = pl_tracks_count(tracks) - 1;
    uint32_t pods = pl_tracks_pod0(tracks, fleet->world->service_count);
    PL_CHECK(pods <= PL_PODS_MAX);
    for (uint32_t pod = 0; pod < pods; pod++) {
        struct pl_track track = pl_tracks_find(tracks, PL_TRACK_POD, pod, 0, 0);
        if (track.counts == NULL || newest(&track, PL_POD_PHASE, sample) == PL_POD_ABSENT) {
            fleet->current[pod] = 0;
            continue;
        }
        uint32_t current = fleet->current[pod];
        bool same = current != 0 && sample > track.first &&
                    (newest(&track, PL_POD_GENERATION, sample) ==
                         newest(&track, PL_POD_GENERATION, sample - 1) ||
                     restarted_in_place(&track, sample));
        if (same) {
            fleet->instances[current - 1].last = sample;
        } else {
            begin_instance(fleet, tracks, intern, pod);
        }
    }
}

uint64_t pl_fleet_key(const struct pl_fleet *fleet, uint32_t kind, uint32_t a, uint32_t b)
{
    return pl_random_child(pl_random_child(pl_random_child(fleet->seed, kind), a), b);
}

/* Uniform with mean 0 and standard deviation 1: normal draws would cost more and show no more. */
static double spread(uint64_t key, uint32_t sample, uint32_t twin)
{
    uint64_t bits = pl_random_bits(key, (uint64_t)sample * PL_FLEET_TWINS_MAX + twin);
    return (pl_random_unit(bits) - 0.5) * 3.4641016151377544;
}

double pl_fleet_share(uint64_t key, uint32_t sample, uint32_t twin, uint32_t twins, double amount)
{
    PL_CHECK(twin < twins && twins <= PL_FLEET_TWINS_MAX);
    if (twins == 1) {
        return 1.0;
    }
    /* Counts of independent pods differ by the root of their size. */
    double width = amount > 4.0 ? 1.0 / sqrt(amount) : 0.5;
    double own = 1.0;
    double sum = 0.0;
    for (uint32_t i = 0; i < twins; i++) {
        double weight = 1.0 + width * spread(key, sample, i);
        sum += weight;
        own = i == twin ? weight : own;
    }
    return own / sum;
}

double pl_fleet_gauge(uint64_t key, uint32_t sample, uint32_t twin, double value, double limit)
{
    PL_CHECK(twin < PL_FLEET_TWINS_MAX);
    if (twin == 0 || value < 1.0 || value + 1.0 > limit) {
        return value;
    }
    /* Twins are seen at the same moment of their own lives: a root of the value more or less. */
    double width = floor(sqrt(value) * 0.6);
    width = width < 1.0 ? 1.0 : width;
    double draw = pl_random_unit(pl_random_bits(key, (uint64_t)sample * PL_FLEET_TWINS_MAX + twin));
    double own = value - width + floor(draw * (2.0 * width + 1.0));
    own = own < 0.0 ? 0.0 : own;
    return own < limit ? own : limit;
}

bool pl_fleet_lost(const struct pl_fleet *fleet, uint32_t pod, uint32_t twin, uint32_t sample)
{
    uint64_t key = pl_fleet_key(fleet, PURPOSE_LOST, pod, twin);
    return pl_random_unit(pl_random_bits(key, sample)) < fleet->loss;
}
