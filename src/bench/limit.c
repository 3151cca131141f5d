// SPDX-License-Identifier: Apache-2.0
#include "bench/limit.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

/* ---- Exponential draws ---------------------------------------------------------------------- */

/* Where the tail begins, and the area of each of the 256 layers. */
static const double tail_x = 7.69711747013104972;
static const double layer_area = 0.0039496598225815571993;

void pl_limit_tables_init(struct pl_limit_tables *tables)
{
    double x[PL_LIMIT_LAYERS + 1];
    x[0] = layer_area / pl_exp(-tail_x); /* a box as wide as base and tail together */
    x[1] = tail_x;
    for (uint32_t i = 2; i < PL_LIMIT_LAYERS; i++) {
        x[i] = -pl_log(layer_area / x[i - 1] + pl_exp(-x[i - 1]));
    }
    x[PL_LIMIT_LAYERS] = 0.0;
    for (uint32_t i = 0; i < PL_LIMIT_LAYERS; i++) {
        tables->layers[i].scale = x[i] * 0x1p-53;
        tables->layers[i].accept = (uint64_t)(x[i + 1] / x[i] * 0x1p53);
        tables->height[i] = i == 0 ? 0.0 : pl_exp(-x[i]);
    }
    tables->height[PL_LIMIT_LAYERS] = 1.0;
}

/* One draw in ninety is near the edge of its layer or in the tail. It goes on with a private stream
 * made of its own bits, so that the fast path needs no state beyond its counter. */
static __attribute__((noinline)) double draw_edge(const struct pl_limit_tables *tables,
                                                  uint64_t bits)
{
    uint64_t key = bits;
    for (uint64_t n = 0;; n += 2) {
        uint32_t layer = (uint32_t)(bits & (PL_LIMIT_LAYERS - 1));
        uint64_t mantissa = bits >> 11;
        double x = (double)mantissa * tables->layers[layer].scale;
        if (mantissa < tables->layers[layer].accept) {
            return x;
        }
        double unit = pl_random_unit(pl_random_bits(key, n));
        if (layer == 0) {
            return tail_x - pl_log(unit);
        }
        double low = tables->height[layer];
        if (low + unit * (tables->height[layer + 1] - low) < pl_exp(-x)) {
            return x;
        }
        bits = pl_random_bits(key, n + 1);
    }
}

ALWAYS_INLINE double exponential(const struct pl_limit_tables *tables, uint64_t bits)
{
    const struct pl_limit_layer *layer = &tables->layers[bits & (PL_LIMIT_LAYERS - 1)];
    uint64_t mantissa = bits >> 11;
    if (__builtin_expect(mantissa < layer->accept, 1)) {
        return (double)(int64_t)mantissa * layer->scale;
    }
    return draw_edge(tables, bits);
}

double pl_limit_exponential(const struct pl_limit_tables *tables, uint64_t bits)
{
    return exponential(tables, bits);
}

ALWAYS_INLINE double next_exponential(const struct pl_limit_tables *tables, uint64_t *counter)
{
    *counter += golden;
    return exponential(tables, pl_random_mix(*counter));
}

/* Bucket of a positive value: sign, exponent and five bits of the mantissa, from 2^-8 units on. */
ALWAYS_INLINE void add_sojourn(uint32_t *buckets, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t bucket = (bits >> 47) - (UINT64_C(1015) << 5);
    buckets[bucket < PL_LIMIT_BUCKETS ? bucket : 0]++;
}

/* ---- M/M/1 ---------------------------------------------------------------------------------- */

static const double mm1_gap = 1.0 / 0.9;

void pl_limit_mm1_init(const struct pl_limit_tables *tables,
                       struct pl_limit_mm1 *queue,
                       uint64_t seed)
{
    memset(queue, 0, sizeof *queue);
    queue->arrival_draw = pl_random_child(seed, 1);
    queue->service_draw = pl_random_child(seed, 2);
    queue->departure = (double)INFINITY;
    queue->gap = next_exponential(tables, &queue->arrival_draw) * mm1_gap;
    queue->service = next_exponential(tables, &queue->service_draw);
}

void pl_limit_mm1_run(const struct pl_limit_tables *tables,
                      struct pl_limit_mm1 *queue,
                      uint64_t requests)
{
    uint64_t left = requests;
    double arrival = queue->arrival;
    double departure = queue->departure;
    double sojourn = queue->count.sojourn;
    double gap = queue->gap;
    double service = queue->service;
    uint64_t events = 0;
    uint64_t arrival_draw = queue->arrival_draw;
    uint64_t service_draw = queue->service_draw;
    uint32_t head = queue->head;
    uint32_t tail = queue->tail;
    while (left > 0) {
        events++;
        if (arrival < departure) {
            if (head == tail) {
                departure = arrival + service;
                service = next_exponential(tables, &service_draw);
            }
            queue->arrived[tail++ & (PL_LIMIT_RING - 1)] = arrival;
            arrival += gap;
            gap = next_exponential(tables, &arrival_draw) * mm1_gap;
        } else {
            sojourn += departure - queue->arrived[head++ & (PL_LIMIT_RING - 1)];
            left--;
            if (head == tail) {
                departure = (double)INFINITY;
            } else {
                departure += service;
                service = next_exponential(tables, &service_draw);
            }
        }
    }
    PL_CHECK(tail - head < PL_LIMIT_RING);
    queue->arrival = arrival;
    queue->gap = gap;
    queue->service = service;
    queue->departure = departure;
    queue->arrival_draw = arrival_draw;
    queue->service_draw = service_draw;
    queue->head = head;
    queue->tail = tail;
    queue->count.sojourn = sojourn;
    queue->count.events += events;
    queue->count.requests += requests;
}

/* ---- Tandem --------------------------------------------------------------------------------- */

enum {
    SLOT_BITS = 6,
    SLOT_SOURCE = 56,
    SLOT_DEADLINE = 57,
    KIND_SOURCE = PL_LIMIT_TIERS, /* in tier_of */
    KIND_DEADLINE = PL_LIMIT_TIERS + 1
};

static const double ticks_per_unit = 1e6;
static const uint64_t deadline_ticks = 200u * UINT64_C(1000000);

ALWAYS_INLINE void arm(uint64_t *tree, uint32_t slot, uint64_t key)
{
    uint32_t node = PL_LIMIT_SLOTS + slot;
    tree[node] = key;
    while (node > 1) {
        uint64_t other = tree[node ^ 1u];
        node /= 2;
        key = other < key ? other : key;
        tree[node] = key;
    }
}

ALWAYS_INLINE uint64_t key_at(uint64_t ticks, uint32_t slot)
{
    return ticks << SLOT_BITS | slot;
}

/* Next value of a stream; the one after it is drawn while the simulation goes on. */
ALWAYS_INLINE uint64_t take_ticks(const struct pl_limit_tables *tables,
                                  struct pl_limit_tandem *tandem,
                                  uint32_t stream)
{
    uint64_t ticks = tandem->ticks[stream];
    double next = next_exponential(tables, &tandem->draws[stream]) * tandem->mean_ticks[stream];
    tandem->ticks[stream] = (uint64_t)(int64_t)next;
    return ticks;
}

void pl_limit_tandem_reseed(const struct pl_limit_tables *tables,
                            struct pl_limit_tandem *tandem,
                            uint64_t seed)
{
    for (uint32_t i = 0; i <= PL_LIMIT_TIERS; i++) {
        tandem->draws[i] = pl_random_child(seed, i);
        (void)take_ticks(tables, tandem, i);
    }
}

void pl_limit_tandem_init(const struct pl_limit_tables *tables,
                          struct pl_limit_tandem *tandem,
                          uint64_t seed)
{
    static const uint8_t workers[PL_LIMIT_TIERS] = {16, 32, 8};
    uint32_t slot = 0;
    memset(tandem, 0, sizeof *tandem);
    memset(tandem->tree, 0xff, sizeof tandem->tree);
    for (uint32_t i = 0; i < PL_LIMIT_TIERS; i++) {
        struct pl_limit_tier *tier = &tandem->tiers[i];
        tandem->mean_ticks[i] = 0.7 * workers[i] * ticks_per_unit;
        tier->idle_count = workers[i];
        for (uint32_t w = 0; w < workers[i]; w++, slot++) {
            tier->idle[w] = (uint8_t)slot;
            tandem->tier_of[slot] = (uint8_t)i;
        }
    }
    PL_CHECK(slot == SLOT_SOURCE);
    tandem->tier_of[SLOT_SOURCE] = KIND_SOURCE;
    tandem->mean_ticks[KIND_SOURCE] = ticks_per_unit;
    tandem->tier_of[SLOT_DEADLINE] = KIND_DEADLINE;
    for (uint32_t i = PL_LIMIT_REQUESTS - 1; i > 0; i--) {
        tandem->requests[i].next = tandem->free;
        tandem->free = i;
    }
    pl_limit_tandem_reseed(tables, tandem, seed);
    arm(tandem->tree, SLOT_SOURCE, key_at(0, SLOT_SOURCE));
}

/* Draw the service of `request` at the worker `slot` and arm its end. */
ALWAYS_INLINE void serve(const struct pl_limit_tables *tables,
                         struct pl_limit_tandem *tandem,
                         uint32_t kind,
                         uint32_t slot,
                         uint32_t request,
                         uint64_t now)
{
    tandem->served[slot] = request;
    arm(tandem->tree, slot, key_at(now + take_ticks(tables, tandem, kind), slot));
}

ALWAYS_INLINE void enter(const struct pl_limit_tables *tables,
                         struct pl_limit_tandem *tandem,
                         uint32_t kind,
                         uint32_t request,
                         uint64_t now)
{
    struct pl_limit_tier *tier = &tandem->tiers[kind];
    if (tier->idle_count > 0) {
        serve(tables, tandem, kind, tier->idle[--tier->idle_count], request, now);
        return;
    }
    tandem->requests[request].next = 0;
    if (tier->head == 0) {
        tier->head = request;
    } else {
        tandem->requests[tier->tail].next = request;
    }
    tier->tail = request;
}

ALWAYS_INLINE void forget_deadline(struct pl_limit_tandem *tandem, uint32_t request)
{
    const struct pl_limit_request *r = &tandem->requests[request];
    if (r->older == 0) {
        tandem->oldest = r->newer;
    } else {
        tandem->requests[r->older].newer = r->newer;
    }
    if (r->newer == 0) {
        tandem->newest = r->older;
    } else {
        tandem->requests[r->newer].older = r->older;
    }
}

ALWAYS_INLINE void add_deadline(struct pl_limit_tandem *tandem, uint32_t request, uint64_t now)
{
    struct pl_limit_request *r = &tandem->requests[request];
    r->late = 0;
    r->newer = 0;
    r->older = tandem->newest;
    if (r->older == 0) {
        tandem->oldest = request;
    } else {
        tandem->requests[r->older].newer = request;
    }
    tandem->newest = request;
    if (tandem->armed == 0) {
        tandem->armed = 1;
        arm(tandem->tree, SLOT_DEADLINE, key_at(now + deadline_ticks, SLOT_DEADLINE));
    }
}

/* The slot was armed for the oldest request of some time ago; most are gone by now. */
static void expire(struct pl_limit_tandem *tandem, uint64_t now)
{
    while (tandem->oldest != 0 &&
           tandem->requests[tandem->oldest].arrived + deadline_ticks <= now) {
        tandem->late++;
        tandem->requests[tandem->oldest].late = 1;
        forget_deadline(tandem, tandem->oldest);
    }
    tandem->armed = tandem->oldest != 0;
    uint64_t next = tandem->requests[tandem->oldest].arrived + deadline_ticks;
    arm(tandem->tree, SLOT_DEADLINE, tandem->armed != 0 ? key_at(next, SLOT_DEADLINE) : UINT64_MAX);
}

ALWAYS_INLINE void leave(struct pl_limit_tandem *tandem,
                         uint32_t request,
                         uint64_t now,
                         enum pl_limit_deadlines deadlines)
{
    struct pl_limit_request *r = &tandem->requests[request];
    double sojourn = (double)(int64_t)(now - r->arrived) * (1.0 / ticks_per_unit);
    tandem->count.sojourn += sojourn;
    add_sojourn(tandem->buckets, sojourn);
    if (deadlines == PL_LIMIT_DEADLINES && r->late == 0) {
        forget_deadline(tandem, request);
    }
    r->next = tandem->free;
    tandem->free = request;
}

ALWAYS_INLINE void run(const struct pl_limit_tables *tables,
                       struct pl_limit_tandem *tandem,
                       uint64_t requests,
                       enum pl_limit_deadlines deadlines)
{
    uint64_t left = requests;
    uint64_t events = 0;
    while (left > 0) {
        uint64_t now = tandem->tree[1] >> SLOT_BITS;
        uint32_t slot = (uint32_t)(tandem->tree[1] & (PL_LIMIT_SLOTS - 1));
        uint32_t kind = tandem->tier_of[slot];
        uint32_t request;
        events++;
        if (kind < PL_LIMIT_TIERS) {
            struct pl_limit_tier *tier = &tandem->tiers[kind];
            request = tandem->served[slot];
            if (tier->head != 0) {
                uint32_t waiting = tier->head;
                tier->head = tandem->requests[waiting].next;
                serve(tables, tandem, kind, slot, waiting, now);
            } else {
                tier->idle[tier->idle_count++] = (uint8_t)slot;
                arm(tandem->tree, slot, UINT64_MAX);
            }
            kind++;
            if (kind == PL_LIMIT_TIERS) {
                leave(tandem, request, now, deadlines);
                left--;
                continue;
            }
        } else if (kind == KIND_SOURCE) {
            uint64_t next = now + take_ticks(tables, tandem, KIND_SOURCE);
            arm(tandem->tree, SLOT_SOURCE, key_at(next, SLOT_SOURCE));
            request = tandem->free;
            PL_CHECK(request != 0);
            tandem->free = tandem->requests[request].next;
            tandem->requests[request].arrived = now;
            if (deadlines == PL_LIMIT_DEADLINES) {
                add_deadline(tandem, request, now);
            }
            kind = 0;
        } else {
            expire(tandem, now);
            continue;
        }
        enter(tables, tandem, kind, request, now);
    }
    tandem->count.events += events;
    tandem->count.requests += requests;
}

void pl_limit_tandem_run(const struct pl_limit_tables *tables,
                         struct pl_limit_tandem *tandem,
                         uint64_t requests,
                         enum pl_limit_deadlines deadlines)
{
    if (deadlines == PL_LIMIT_DEADLINES) {
        run(tables, tandem, requests, PL_LIMIT_DEADLINES);
    } else {
        run(tables, tandem, requests, PL_LIMIT_NO_DEADLINES);
    }
}
