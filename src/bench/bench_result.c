// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_result.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>

void pl_bench_result_init(struct pl_bench_result *result, const char *name)
{
    PL_CHECK(name != NULL);
    *result = (struct pl_bench_result){
        .name = name,
        .ns_per_request = NAN,
        .ns_per_request_low = NAN,
        .ns_per_request_high = NAN,
        .silent_ns_per_request = NAN,
        .events_per_request = NAN,
        .ns_per_event = NAN,
        .limit_ns_per_request = NAN,
        .limit_ratio = NAN,
        .timeout_extra = NAN,
        .fork_us = NAN,
        .memcpy_us = NAN,
        .memcpy_ratio = NAN,
        .rollouts_per_s = NAN,
        .rollouts_per_s_two = NAN,
        .cpu_s = NAN,
        .median_cause_cpu_s = NAN,
        .simulated_s = NAN,
        .measured = NAN,
        .expected = NAN,
        .error = NAN,
        .limit_measured = NAN,
    };
}

bool pl_bench_more(const struct pl_bench_plan *plan, uint32_t done, double spent_s)
{
    if (done >= PL_BENCH_RUNS_MAX) {
        return false;
    }
    if (plan->seconds > 0.0) {
        return done < PL_BENCH_RUNS_MIN || spent_s < plan->seconds;
    }
    return done < plan->runs;
}

void pl_bench_sample_add(struct pl_bench_sample *sample, double value)
{
    PL_CHECK(sample->count < PL_BENCH_RUNS_MAX);
    PL_CHECK(!isnan(value));
    sample->newest = value;
    uint32_t i = sample->count++;
    while (i > 0 && sample->values[i - 1] > value) { /* ascending: few values, kept in order */
        sample->values[i] = sample->values[i - 1];
        i--;
    }
    sample->values[i] = value;
}

double pl_bench_sample_median(const struct pl_bench_sample *sample)
{
    uint32_t n = sample->count;
    if (n == 0) {
        return NAN;
    }
    return n % 2 == 1 ? sample->values[n / 2]
                      : (sample->values[n / 2 - 1] + sample->values[n / 2]) / 2.0;
}

double pl_bench_sample_low(const struct pl_bench_sample *sample)
{
    return sample->count == 0 ? (double)NAN : sample->values[0];
}

double pl_bench_sample_high(const struct pl_bench_sample *sample)
{
    return sample->count == 0 ? (double)NAN : sample->values[sample->count - 1];
}

void pl_bench_check_mean(struct pl_bench_result *result,
                         const char *what,
                         const struct pl_moments *batches,
                         double truth,
                         double error_share)
{
    double error = pl_moments_standard_error(batches);
    PL_CHECK(truth > 0.0 || truth < 0.0);
    result->measured = batches->mean;
    result->expected = truth;
    result->error = error;
    bool near = fabs(batches->mean - truth) <= 4.0 * error;
    bool sharp = error <= error_share * fabs(truth);
    result->right = near && sharp;
    (void)snprintf(result->check,
                   sizeof result->check,
                   "%s %.4f +- %.4f, theory %.4f%s",
                   what,
                   batches->mean,
                   error,
                   truth,
                   !near    ? ": more than 4 standard errors away"
                   : !sharp ? ": too vague to tell"
                            : "");
}
