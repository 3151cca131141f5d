// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_result.h"

#include "base/check.h"

#include <math.h>
#include <stdio.h>

static const double not_known = (double)NAN;

void pl_bench_result_init(struct pl_bench_result *result, const char *name)
{
    PL_CHECK(name != NULL);
    *result = (struct pl_bench_result){
        .name = name,
        .ns_per_request = not_known,
        .ns_per_request_low = not_known,
        .ns_per_request_high = not_known,
        .silent_ns_per_request = not_known,
        .events_per_request = not_known,
        .ns_per_event = not_known,
        .limit_ns_per_request = not_known,
        .limit_ratio = not_known,
        .timeout_extra = not_known,
        .fork_us = not_known,
        .memcpy_us = not_known,
        .memcpy_ratio = not_known,
        .rollouts_per_s = not_known,
        .rollouts_per_s_two = not_known,
        .cpu_s = not_known,
        .median_cause_cpu_s = not_known,
        .simulated_s = not_known,
        .measured = not_known,
        .expected = not_known,
        .error = not_known,
        .limit_measured = not_known,
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
        return not_known;
    }
    return n % 2 == 1 ? sample->values[n / 2]
                      : (sample->values[n / 2 - 1] + sample->values[n / 2]) / 2.0;
}

double pl_bench_sample_low(const struct pl_bench_sample *sample)
{
    return sample->count == 0 ? not_known : sample->values[0];
}

double pl_bench_sample_high(const struct pl_bench_sample *sample)
{
    return sample->count == 0 ? not_known : sample->values[sample->count - 1];
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
