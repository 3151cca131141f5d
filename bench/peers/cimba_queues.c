// SPDX-License-Identifier: Apache-2.0
//
// The benchmarked queues in Cimba: a process per worker, an object queue per tier, as in Cimba's
// own M/M/1 benchmark.
//
// Usage: cimba_queues mm1|tandem REQUESTS SEED
// Prints `requests N cpu_s S mean_sojourn M` for the requests after a warm-up of a tenth.
#include <cimba.h>

#include "cmi_mempool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIERS_MAX = 3 };

struct tier {
    struct cmb_objectqueue *queue;
    unsigned workers;
    double mean;
};

struct run {
    struct tier tiers[TIERS_MAX];
    unsigned tier_count;
    double gap;
    uint64_t warmup;
    uint64_t requests;
    uint64_t arrived;
    uint64_t served;
    double sojourns;
    double started;
    double ended;
};

/* What a worker knows: its run and its tier. */
struct place {
    struct run *run;
    unsigned tier;
};

CMB_THREAD_LOCAL struct cmi_mempool objects = CMI_MEMPOOL_STATIC_INIT(sizeof(void *), 512u);

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *arrive(struct cmb_process *me, void *context)
{
    struct run *run = context;
    cmb_unused(me);
    while (run->arrived < run->warmup + run->requests) {
        cmb_process_hold(cmb_random_exponential(run->gap));
        double *object = cmi_mempool_alloc(&objects);
        *object = cmb_time();
        run->arrived++;
        cmb_objectqueue_put(run->tiers[0].queue, object);
    }
    return NULL;
}

static void finish(struct run *run, void *object)
{
    const double *arrived = object;
    double sojourn = cmb_time() - *arrived;
    cmi_mempool_free(&objects, object);
    run->served++;
    if (run->served > run->warmup) {
        run->sojourns += sojourn;
    }
    if (run->served == run->warmup) {
        run->started = cpu_s();
    }
    if (run->served == run->warmup + run->requests) {
        run->ended = cpu_s();
    }
}

static void *serve(struct cmb_process *me, void *context)
{
    const struct place *place = context;
    struct run *run = place->run;
    const struct tier *tier = &run->tiers[place->tier];
    cmb_unused(me);
    for (;;) {
        void *object = NULL;
        cmb_objectqueue_get(tier->queue, &object);
        cmb_process_hold(cmb_random_exponential(tier->mean));
        if (place->tier + 1 < run->tier_count) {
            cmb_objectqueue_put(run->tiers[place->tier + 1].queue, object);
        } else {
            finish(run, object);
        }
    }
}

static void simulate(struct run *run, uint64_t seed)
{
    static struct place places[TIERS_MAX];
    cmb_logger_flags_off(CMB_LOGGER_INFO);
    cmb_random_initialize(seed);
    cmb_event_queue_initialize(0.0);
    for (unsigned t = 0; t < run->tier_count; t++) {
        run->tiers[t].queue = cmb_objectqueue_create();
        cmb_objectqueue_initialize(run->tiers[t].queue, "Queue", CMB_UNLIMITED);
        places[t] = (struct place){run, t};
        for (unsigned w = 0; w < run->tiers[t].workers; w++) {
            struct cmb_process *worker = cmb_process_create();
            cmb_process_initialize(worker, "Worker", serve, &places[t], 0);
            cmb_process_start(worker);
        }
    }
    struct cmb_process *source = cmb_process_create();
    cmb_process_initialize(source, "Source", arrive, run, 0);
    cmb_process_start(source);
    cmb_event_queue_execute();
}

int main(int argc, char **argv)
{
    static struct run run;
    if (argc != 4) {
        fputs("usage: cimba_queues mm1|tandem REQUESTS SEED\n", stderr);
        return 2;
    }
    run.requests = strtoull(argv[2], NULL, 10);
    run.warmup = run.requests / 10;
    if (strcmp(argv[1], "mm1") == 0) {
        run.tier_count = 1;
        run.gap = 1.0 / 0.9;
        run.tiers[0] = (struct tier){NULL, 1, 1.0};
    } else {
        run.tier_count = 3;
        run.gap = 1.0;
        run.tiers[0] = (struct tier){NULL, 16, 11.2};
        run.tiers[1] = (struct tier){NULL, 32, 22.4};
        run.tiers[2] = (struct tier){NULL, 8, 5.6};
    }
    simulate(&run, strtoull(argv[3], NULL, 10));
    printf("requests %" PRIu64 " cpu_s %.6f mean_sojourn %.6f\n",
           run.requests,
           run.ended - run.started,
           run.sojourns / (double)run.requests);
    return 0;
}
