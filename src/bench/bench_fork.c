// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_fork.h"

#include "bench/bench_engine.h"
#include "os/now.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORKS = 2000, QUICK_FORKS = 200, RUN_ON_S = 10 };

/* Keep the compiler from leaving copies out. */
static void touch(const void *memory)
{
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static double fork_us(void *target, size_t size, const struct pl_state *state, uint32_t count)
{
    int64_t start_ns = pl_now_cpu_ns();
    for (uint32_t i = 0; i < count; i++) {
        touch(pl_model_fork(target, size, state));
    }
    return (double)(pl_now_cpu_ns() - start_ns) * 1e-3 / (double)count;
}

static double memcpy_us(void *target, const struct pl_state *state, uint32_t count)
{
    size_t used = pl_model_used(state);
    int64_t start_ns = pl_now_cpu_ns();
    for (uint32_t i = 0; i < count; i++) {
        memcpy(target, state, used);
        touch(target);
    }
    return (double)(pl_now_cpu_ns() - start_ns) * 1e-3 / (double)count;
}

static void check(const struct pl_world *world,
                  struct pl_state *state,
                  void *target,
                  struct pl_bench_result *result)
{
    struct pl_state *fork = pl_model_fork(target, pl_model_size(world), state);
    int64_t until_ns = pl_model_now(state) + RUN_ON_S * PL_NS_PER_S;
    pl_model_run(world, fork, NULL, until_ns);
    pl_model_run(world, state, NULL, until_ns);
    pl_model_validate(world, fork);
    pl_hash128 ours = pl_model_hash(fork);
    pl_hash128 origin = pl_model_hash(state);
    result->right = ours.low == origin.low && ours.high == origin.high;
    (void)snprintf(result->check,
                   sizeof result->check,
                   result->right
                       ? "a fork that runs on for %d s ends in its origin's state"
                       : "a fork that runs on for %d s does not end in its origin's state",
                   (int)RUN_ON_S);
}

pl_status pl_bench_fork(const struct pl_world *world,
                        struct pl_state *state,
                        const struct pl_bench_plan *plan,
                        struct pl_bench_result *result,
                        pl_error *err)
{
    uint32_t count = plan->quick != 0 ? QUICK_FORKS : FORKS;
    size_t size = pl_model_size(world);
    struct pl_bench_sample *samples = calloc(3, sizeof *samples);
    void *target = pl_bench_engine_memory(world);
    double spent_s = 0.0;
    if (samples == NULL || target == NULL) {
        free(samples);
        free(target);
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this benchmark.");
    }
    (void)fork_us(target, size, state, count / 10); /* maps the pages, warms the caches */
    for (uint32_t run = 0; pl_bench_more(plan, run, spent_s); run++) {
        double copy = run % 2 == 0 ? memcpy_us(target, state, count) : 0.0;
        double fork = fork_us(target, size, state, count);
        copy = run % 2 == 0 ? copy : memcpy_us(target, state, count);
        pl_bench_sample_add(&samples[0], fork);
        pl_bench_sample_add(&samples[1], copy);
        pl_bench_sample_add(&samples[2], fork / copy);
        spent_s += (fork + copy) * (double)count * 1e-6;
    }
    result->runs = samples[0].count;
    result->state_bytes = size;
    result->used_bytes = pl_model_used(state);
    result->fork_us = pl_bench_sample_median(&samples[0]);
    result->memcpy_us = pl_bench_sample_median(&samples[1]);
    result->memcpy_ratio = pl_bench_sample_median(&samples[2]);
    result->limit_ratio = result->memcpy_ratio;
    check(world, state, target, result);
    free(samples);
    free(target);
    return PL_OK;
}
