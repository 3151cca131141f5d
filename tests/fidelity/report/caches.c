// SPDX-License-Identifier: Apache-2.0
//
// Caches: keys that live for a time, keys that leave when there is no room.
#include "fidelity/report/build.h"
#include "fidelity/report/groups.h"
#include "fidelity/report/svg.h"
#include "fidelity/report/truth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Reads at 10,000 per second, each miss followed by a write; not sealed. */
static struct pl_world *reads(uint32_t keys, double zipf)
{
    struct pl_world *world = pl_build_begin(256);
    pl_build_service(world, "app", 0, 1.0);
    pl_build_route(world, "read");
    struct pl_cache *cache = &world->caches[0];
    world->cache_count = 1;
    snprintf(cache->name, sizeof cache->name, "%s", "cache");
    cache->keys = keys;
    cache->nodes = 1;
    cache->zipf = zipf;
    cache->latency = pl_law_constant(0.0);
    struct pl_step *get = pl_build_step(world, PL_OP_GET);
    get->target = 0;
    get->skip_to = 2;
    pl_build_step(world, PL_OP_PUT)->target = 0;
    pl_build_step(world, PL_OP_SLEEP)->law = pl_law_constant(0.0);
    pl_build_source(world, 10000.0);
    return world;
}

static void ttl_cache(struct pl_report *report)
{
    static const double ttls[] = {0.3, 3.0};
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(ttls); i++) {
        struct pl_world *world = reads(8192, 0.8);
        world->caches[0].ttl_s = ttls[i];
        struct pl_anchor anchor = pl_anchor_of("Cache with TTL", parameters, pl_build_seal(world));
        snprintf(
            parameters, sizeof parameters, "8192 Zipf 0.8 keys, 10,000 /s, TTL %.1f s", ttls[i]);
        anchor.recorded = 1;
        /* The state begins warm, but not exactly so: leave at least ten lifetimes as warm-up. */
        anchor.unit_s = 1.0;
        anchor.pilot = 30.0 * ttls[i];
        anchor.quantities[0] = (struct pl_quantity){"hit share",
                                                    "sum of p h, h = l T/(1 + l T), l = p lambda",
                                                    PL_SAMPLE(hits),
                                                    pl_truth_ttl_hits(8192, 0.8, 10000.0, ttls[i]),
                                                    PL_PRECISION};
        pl_anchor_measure_once(report, &anchor);
    }
}

/* Least recently used, entries that never grow old. The nodes of a cache share nothing: with four
 * of them each keeps its quarter of the keys, with popularity a fourth as dense. */
static void lru_cache(struct pl_report *report, struct pl_plot *plot)
{
    static const struct {
        uint32_t capacity;
        uint32_t nodes;
        double zipf;
    } rows[] = {{100, 1, 0.8},
                {1000, 1, 0.8},
                {1000, 1, 1.0},
                {3000, 1, 0.6},
                {250, 4, 0.8},
                {4000, 1, 0.8}};
    enum { KEYS = 10000 };
    char parameters[96];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pl_world *world = reads(KEYS, rows[i].zipf);
        world->caches[0].capacity = rows[i].capacity;
        world->caches[0].nodes = rows[i].nodes;
        world->caches[0].ttl_s = 86400.0;
        double truth = pl_truth_che_hits(KEYS, rows[i].nodes, rows[i].capacity, rows[i].zipf);
        struct pl_anchor anchor =
            pl_anchor_of("Cache, least recently used", parameters, pl_build_seal(world));
        snprintf(parameters,
                 sizeof parameters,
                 "%d Zipf %.1f keys, %u nodes of %u",
                 (int)KEYS,
                 rows[i].zipf,
                 rows[i].nodes,
                 rows[i].capacity);
        anchor.recorded = 1;
        anchor.unit_s = 1.0;
        anchor.pilot = 20.0;
        anchor.tolerance = 0.003 / truth;
        anchor.quantities[0] =
            (struct pl_quantity){"hit share",
                                 "Che: sum of p(1 - e^-pT), T from the capacity; within 0.003",
                                 PL_SAMPLE(hits),
                                 truth,
                                 PL_PRECISION};
        uint32_t row = pl_anchor_measure_once(report, &anchor);
        if (rows[i].nodes == 1 && rows[i].zipf > 0.75 && rows[i].zipf < 0.85) {
            pl_plot_point(plot,
                          0,
                          (double)rows[i].capacity,
                          report->rows[row].estimate,
                          report->rows[row].standard_error);
        }
    }
}

void pl_group_caches(struct pl_report *report)
{
    struct pl_plot plot;
    ttl_cache(report);
    pl_plot_begin(&plot,
                  "A cache that drops the least recently used of 10,000 keys, Zipf 0.8",
                  "keys that it holds",
                  "share of hits");
    pl_plot_range(&plot, 0.0, 5000.0, 0.0, 1.2);
    pl_plot_name(&plot, 0, "model");
    pl_plot_name(&plot, 1, "Che");
    pl_plot_name(&plot, 2, "best fixed choice");
    for (uint32_t i = 1; i <= 100; i++) {
        double capacity = 50.0 * (double)i;
        pl_plot_curve(&plot, 1, capacity, pl_truth_che_hits(10000, 1, (uint32_t)capacity, 0.8));
        pl_plot_curve(&plot, 2, capacity, pl_truth_zipf_share(10000, (uint32_t)capacity, 0.8));
    }
    lru_cache(report, &plot);
    pl_plot_write(&plot, report->folder, "lru.svg");
}
