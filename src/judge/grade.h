// SPDX-License-Identifier: Apache-2.0
//
// Grades of looks by rate: bits expected per second of simulated time, against the best look that
// was to be had at that moment. More looks can only lower the efficiency.
#ifndef PL_JUDGE_GRADE_H
#define PL_JUDGE_GRADE_H

#include <stdbool.h>
#include <stdint.h>

/** Efficiency of a session's looks by rate. Zeroed memory is empty. */
struct pl_look_account {
    double gained;    /* bits expected of the looks done */
    double available; /* bits that the best rate would have given in the same time */
    uint32_t counted;
    uint32_t exempt;
};

/** One look as it is graded. */
struct pl_look_grade {
    double eig_bits;      /* of the look done */
    double cost_s;        /* what it cost, above 0 */
    double best_rate;     /* bits per second of the best look at that moment */
    double best_eig_bits; /* largest expectation of any look at that moment */
    double top_class;     /* largest class probability at that moment */
    bool verifies;        /* looks whether an action worked */
};

/**
 * Grade a look: its rate against the best rate, 0..1.
 *
 * @param grade  the look
 * @return 0..1; 1 where nothing was to be learned
 */
double pl_look_rate(const struct pl_look_grade *grade);

/** Add a look to the account, unless it is exempt: enough known, nothing to learn, verifying. */
void pl_look_account_add(struct pl_look_account *account, const struct pl_look_grade *grade);

/** Session efficiency 0..1; 1 while no look counted. */
double pl_look_account_efficiency(const struct pl_look_account *account);

#endif
