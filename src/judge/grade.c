// SPDX-License-Identifier: Apache-2.0
#include "judge/grade.h"

#include "base/check.h"

static const double enough = 0.9;        /* probability of a class from which looks are exempt */
static const double worth_a_look = 0.05; /* bits below which nothing was to be learned */

double pl_look_rate(const struct pl_look_grade *grade)
{
    PL_CHECK(grade->cost_s > 0.0);
    if (!(grade->best_rate > 0.0)) {
        return 1.0;
    }
    double rate = grade->eig_bits / grade->cost_s / grade->best_rate;
    return rate < 0.0 ? 0.0 : (rate < 1.0 ? rate : 1.0);
}

void pl_look_account_add(struct pl_look_account *account, const struct pl_look_grade *grade)
{
    PL_CHECK(grade->cost_s > 0.0);
    bool exempt =
        grade->verifies || grade->top_class >= enough || grade->best_eig_bits < worth_a_look;
    if (exempt) {
        account->exempt++;
        return;
    }
    account->counted++;
    account->gained += grade->eig_bits > 0.0 ? grade->eig_bits : 0.0;
    account->available += grade->cost_s * grade->best_rate;
}

double pl_look_account_efficiency(const struct pl_look_account *account)
{
    if (!(account->available > 0.0)) {
        return 1.0;
    }
    double share = account->gained / account->available;
    return share < 1.0 ? share : 1.0;
}
