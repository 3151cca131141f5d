// SPDX-License-Identifier: Apache-2.0
#include "judge/belief_math.h"

#include "base/fmath.h"

#include <stdbool.h>
#include <string.h>

double pl_belief_log_of(double p)
{
    return p > 0.0 ? pl_log(p) : PL_BELIEF_LOG_NEVER;
}

double pl_belief_entropy_term(double p)
{
    return p > 0.0 ? -p * pl_log(p) * PL_BELIEF_BITS_PER_NAT : 0.0;
}

void pl_belief_apply(const struct pl_belief_def *def,
                     uint32_t live,
                     const double *log_likelihood,
                     const double *before,
                     double *after)
{
    uint32_t count = def->cause_count;
    double top = log_likelihood[count];
    for (uint32_t h = 0; h < count; h++) {
        bool counts = (live >> h & 1) != 0 && log_likelihood[h] > top;
        top = counts ? log_likelihood[h] : top;
    }
    double floor = def->misread * pl_exp(log_likelihood[count] - top);
    double scaled[PL_CAUSES_MAX + 1];
    double best = -1e300;
    double mass = 0.0;
    for (uint32_t h = 0; h <= count; h++) {
        bool counts = h == count || (live >> h & 1) != 0;
        if (!counts) {
            continue;
        }
        double likelihood =
            h == count
                ? log_likelihood[count] - top
                : pl_log((1.0 - def->misread) * pl_exp(log_likelihood[h] - top) + floor + 1e-300);
        mass += pl_exp(before[h]);
        scaled[h] = before[h] + def->eta * likelihood;
        best = scaled[h] > best ? scaled[h] : best;
    }
    double total = 0.0;
    for (uint32_t h = 0; h <= count; h++) {
        bool counts = h == count || (live >> h & 1) != 0;
        total += counts ? pl_exp(scaled[h] - best) : 0.0;
    }
    double shift = pl_log(mass > 1e-300 ? mass : 1e-300) - best - pl_log(total);
    for (uint32_t h = 0; h <= count; h++) {
        bool counts = h == count || (live >> h & 1) != 0;
        double value = counts ? scaled[h] + shift : before[h];
        after[h] = value > PL_BELIEF_LOG_NEVER ? value : PL_BELIEF_LOG_NEVER;
    }
}

void pl_belief_view_of(const struct pl_belief_def *def,
                       const double *log_belief,
                       struct pl_belief_view *view)
{
    memset(view, 0, sizeof *view);
    view->other = pl_exp(log_belief[def->cause_count]);
    view->entropy_bits = pl_belief_entropy_term(view->other);
    view->cause_entropy_bits = view->entropy_bits;
    for (uint32_t h = 0; h < def->cause_count; h++) {
        view->cause[h] = pl_exp(log_belief[h]);
        view->remedy[def->class_of[h]] += view->cause[h];
        view->cause_entropy_bits += pl_belief_entropy_term(view->cause[h]);
    }
    for (uint32_t c = 0; c < def->class_count; c++) {
        view->entropy_bits += pl_belief_entropy_term(view->remedy[c]);
    }
}
