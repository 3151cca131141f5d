// SPDX-License-Identifier: Apache-2.0
//
// What the engine costs: nanoseconds per request and per event, bytes of state, and a fork against
// the memcpy of the same bytes. CPU time, median of several runs; quote ratios, machines differ.
#include "support/worlds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 7, FORKS = 400 };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

static void bench_run(const char *name, const struct pl_world *world, double seconds)
{
    double ns[RUNS];
    double events_per_request = 0.0;
    double ns_per_event = 0.0;
    for (uint64_t run = 0; run < RUNS; run++) {
        struct pl_state *state = pl_test_start(world, run + 1);
        double start = cpu_s();
        pl_model_run(world, state, NULL, pl_clock_ns(seconds));
        double spent = cpu_s() - start;
        double requests = (double)pl_model_outcome(state, 0).offered;
        double events = (double)pl_model_events(state);
        ns[run] = spent * 1e9 / requests;
        events_per_request = events / requests;
        ns_per_event = spent * 1e9 / events;
        free(state);
    }
    printf("%-8s %8.1f ns/request %6.2f events/request %6.1f ns/event (last run) %8zu bytes\n",
           name,
           median(ns, RUNS),
           events_per_request,
           ns_per_event,
           pl_model_size(world));
}

static void bench_fork(const struct pl_world *world)
{
    struct pl_state *state = pl_test_start(world, 1);
    pl_model_run(world, state, NULL, 60 * PL_NS_PER_S);
    size_t used = pl_model_used(state);
    struct pl_state *target = pl_test_fork(world, state);
    double fork_us[RUNS];
    double copy_us[RUNS];
    for (uint32_t run = 0; run < RUNS; run++) {
        double start = cpu_s();
        for (uint32_t i = 0; i < FORKS; i++) {
            pl_model_fork(target, pl_model_size(world), state);
            __asm__ volatile("" : : "r"(target) : "memory");
        }
        fork_us[run] = (cpu_s() - start) * 1e6 / FORKS;
        start = cpu_s();
        for (uint32_t i = 0; i < FORKS; i++) {
            memcpy(target, state, used);
            __asm__ volatile("" : : "r"(target) : "memory");
        }
        copy_us[run] = (cpu_s() - start) * 1e6 / FORKS;
    }
    double fork = median(fork_us, RUNS);
    double copy = median(copy_us, RUNS);
    printf("fork     %8.2f us for %zu used bytes, %.2f of its memcpy\n", fork, used, fork / copy);
    free(target);
    free(state);
}

int main(void)
{
    struct pl_world *world = malloc(sizeof *world);
    struct pl_test_queue mm1 = {900.0, pl_law_exponential(0.001), 1, 0, 1.0, 1024};
    if (world == NULL) {
        return 3;
    }
    pl_test_queue_world(world, &mm1);
    bench_run("mm1", world, 600.0);
    pl_test_shop_world(world);
    bench_run("shop", world, 600.0);
    bench_fork(world);
    free(world);
    return 0;
}
