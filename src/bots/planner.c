// SPDX-License-Identifier: Apache-2.0
#include "bots/planner.h"

#include "base/check.h"
#include "base/fmath.h"

#include <string.h>

#define FIX_S       720.0 /* until another way is found after a move that fails */
#define HELPS_BELOW 0.6   /* a move that leaves less helps */
#define BITS_MIN    0.01  /* looks that promise less are of no use */
#define WEIGHT_MIN  1e-4  /* forms that nobody believes in are left out */
#define MOVE_PRICE  0.5   /* minutes of mean damage that a move has to save over resting */

double pl_plan_loss(const struct pl_plan *plan, uint32_t remedy, uint32_t cause)
{
    PL_CHECK(plan != NULL);
    const struct pl_knowledge *knowledge = plan->filter->knowledge;
    const struct pl_known_remedy *known = &knowledge->remedies[remedy];
    double after_s = plan->left_s - known->lead_s > 0.0 ? plan->left_s - known->lead_s : 0.0;
    after_s = after_s < FIX_S ? after_s : FIX_S;
    /* What is cured stays cured; harm comes on top. */
    double kept = 1.0 - plan->relieved[cause];
    double left =
        known->left[cause] < 1.0 ? kept * known->left[cause] : kept + (known->left[cause] - 1.0);
    return knowledge->causes[cause].rate * (kept * known->lead_s + left * after_s) / 60.0;
}

/* Cost of doing nothing more if `cause` is the truth. */
static double rest_loss(const struct pl_plan *plan, uint32_t cause)
{
    double left_s = plan->left_s < FIX_S ? plan->left_s : FIX_S;
    left_s = left_s > 0.0 ? left_s : 0.0;
    return plan->filter->knowledge->causes[cause].rate * (1.0 - plan->relieved[cause]) * left_s /
           60.0;
}

double pl_plan_rest(const struct pl_plan *plan, const double *belief)
{
    PL_CHECK(plan != NULL && belief != NULL);
    double sum = 0.0;
    for (uint32_t c = 0; c < plan->filter->knowledge->cause_count; c++) {
        sum += belief[c] * rest_loss(plan, c);
    }
    return sum;
}

double pl_plan_move(const struct pl_plan *plan, const double *belief, uint32_t remedy)
{
    PL_CHECK(plan != NULL && belief != NULL);
    double sum = plan->may_rest ? MOVE_PRICE : 0.0;
    for (uint32_t c = 0; c < plan->filter->knowledge->cause_count; c++) {
        sum += belief[c] * pl_plan_loss(plan, remedy, c);
    }
    return sum;
}

uint32_t pl_plan_best_move(const struct pl_plan *plan, const double *belief, double *cost)
{
    PL_CHECK(plan != NULL && belief != NULL && cost != NULL);
    uint32_t best = PL_KNOWN_REMEDIES_MAX;
    *cost = 0.0;
    for (uint32_t i = 0; i < plan->filter->knowledge->remedy_count; i++) {
        if ((plan->tried >> i & 1) != 0) {
            continue;
        }
        double sum = pl_plan_move(plan, belief, i);
        if (best == PL_KNOWN_REMEDIES_MAX || sum < *cost) {
            best = i;
            *cost = sum;
        }
    }
    return best;
}

uint32_t pl_plan_move_against(const struct pl_plan *plan, uint32_t cause)
{
    PL_CHECK(plan != NULL);
    const struct pl_knowledge *knowledge = plan->filter->knowledge;
    PL_CHECK(cause < knowledge->cause_count);
    uint32_t best = PL_KNOWN_REMEDIES_MAX;
    for (uint32_t i = 0; i < knowledge->remedy_count; i++) {
        bool good = (plan->tried >> i & 1) == 0 && knowledge->remedies[i].left[cause] < HELPS_BELOW;
        if (good && (best == PL_KNOWN_REMEDIES_MAX ||
                     pl_plan_loss(plan, i, cause) < pl_plan_loss(plan, best, cause))) {
            best = i;
        }
    }
    return best;
}

/* Seconds from taking a look until what it shows is known. */
static double known_after(const struct pl_plan *plan, uint32_t look)
{
    const struct pl_known_look *known = &plan->filter->knowledge->looks[look];
    return (plan->pending >> look & 1) != 0 ? plan->waits_s[look] : known->cost_s + known->delay_s;
}

/* True when a look can be taken, or its answer be waited for. */
static bool is_open(const struct pl_plan *plan, uint32_t look)
{
    if ((plan->pending >> look & 1) != 0) {
        return true;
    }
    return (plan->looked >> look & 1) == 0 && (plan->busy >> look & 1) == 0;
}

/* Put a look into looks[*count], which stays ordered by rate and at most `max` long. */
static void
insert(struct pl_plan_look look, struct pl_plan_look *looks, uint32_t max, uint32_t *count)
{
    uint32_t at = *count < max ? *count : max;
    while (at > 0 && look.rate > looks[at - 1].rate) {
        if (at < max) {
            looks[at] = looks[at - 1];
        }
        at--;
    }
    if (at < max) {
        looks[at] = look;
        *count += *count < max ? 1 : 0;
    }
}

uint32_t pl_plan_rank(const struct pl_plan *plan, struct pl_plan_look *looks, uint32_t max)
{
    PL_CHECK(plan != NULL && looks != NULL && max > 0);
    const struct pl_knowledge *knowledge = plan->filter->knowledge;
    uint32_t time = pl_knowledge_time(plan->t_s);
    uint32_t count = 0;
    for (uint32_t i = 0; i < knowledge->look_count; i++) {
        struct pl_plan_look look = {.look = i};
        if (!is_open(plan, i)) {
            continue;
        }
        look.bits = pl_filter_expected_bits(plan->filter, plan->posterior, i, time);
        if (look.bits >= BITS_MIN) {
            look.rate = look.bits / known_after(plan, i);
            insert(look, looks, max, &count);
        }
    }
    return count;
}

/* Questions that could be asked now, by bits per second that asking takes: the answer may come
 * while one looks elsewhere. */
static uint32_t rank_questions(const struct pl_plan *plan, struct pl_plan_look *looks, uint32_t max)
{
    const struct pl_knowledge *knowledge = plan->filter->knowledge;
    uint32_t time = pl_knowledge_time(plan->t_s);
    uint32_t count = 0;
    for (uint32_t i = 0; i < knowledge->look_count; i++) {
        struct pl_plan_look look = {.look = i};
        if (knowledge->looks[i].person[0] == '\0' || (plan->pending >> i & 1) != 0 ||
            !is_open(plan, i)) {
            continue;
        }
        look.bits = pl_filter_expected_bits(plan->filter, plan->posterior, i, time);
        if (look.bits >= BITS_MIN) {
            look.rate = look.bits / knowledge->looks[i].cost_s;
            insert(look, looks, max, &count);
        }
    }
    return count;
}

/* Seconds until all of a sequence is known. What is pending is waited for when it comes first and
 * comes by itself when it does not. */
static double sequence_s(const struct pl_plan *plan, const uint32_t *looks, uint32_t count)
{
    double t_s = 0.0;
    double known_s = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        bool pending = (plan->pending >> looks[i] & 1) != 0;
        double after_s =
            pending && i > 0 ? known_after(plan, looks[i]) : t_s + known_after(plan, looks[i]);
        known_s = after_s > known_s ? after_s : known_s;
        if (pending) {
            t_s = i == 0 ? after_s : t_s;
        } else {
            t_s += plan->filter->knowledge->looks[looks[i]].cost_s;
        }
    }
    return known_s > t_s ? known_s : t_s;
}

/* Cost of the best move, or of resting, that a belief suggests, if `truth` is the truth. */
static double loss_after(const struct pl_plan *plan, const double *belief, uint32_t truth)
{
    double cost = 0.0;
    uint32_t move = pl_plan_best_move(plan, belief, &cost);
    if (plan->may_rest && (move == PL_KNOWN_REMEDIES_MAX || pl_plan_rest(plan, belief) <= cost)) {
        return rest_loss(plan, truth);
    }
    double price = plan->may_rest ? MOVE_PRICE : 0.0;
    return move < PL_KNOWN_REMEDIES_MAX ? price + pl_plan_loss(plan, move, truth) : 0.0;
}

/* Cost of taking looks[0..count-1] and then the best move, over the forms as possible truths. */
static double
sequence_cost(const struct pl_plan *plan, const uint32_t *looks, uint32_t count, uint32_t time)
{
    const struct pl_knowledge *knowledge = plan->filter->knowledge;
    double forms_of[PL_KNOWN_CAUSES_MAX] = {0};
    double cost = 0.0;
    double weight = 0.0;
    double looking_s = sequence_s(plan, looks, count);
    double rate = 0.0;
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        forms_of[knowledge->form_causes[i]] += 1.0;
    }
    for (uint32_t i = 0; i < knowledge->form_count; i++) {
        double belief[PL_KNOWN_CAUSES_MAX];
        double likelihood[PL_KNOWN_CAUSES_MAX];
        uint32_t truth = knowledge->form_causes[i];
        double w = plan->posterior[truth] / forms_of[truth];
        if (w < WEIGHT_MIN / forms_of[truth]) {
            continue;
        }
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            belief[c] = pl_log(plan->posterior[c] > 1e-12 ? plan->posterior[c] : 1e-12);
        }
        for (uint32_t k = 0; k < count; k++) {
            const struct pl_known_look *look = &knowledge->looks[looks[k]];
            pl_filter_likelihood(plan->filter, looks[k], time, look->levels[time][i], likelihood);
            for (uint32_t c = 0; c < knowledge->cause_count; c++) {
                belief[c] += likelihood[c];
            }
        }
        pl_filter_normalise(belief, knowledge->cause_count);
        cost += w * loss_after(plan, belief, truth);
        weight += w;
    }
    for (uint32_t c = 0; c < knowledge->cause_count; c++) {
        rate += plan->posterior[c] * knowledge->causes[c].rate * (1.0 - plan->relieved[c]);
    }
    return (weight > 0.0 ? cost / weight : 0.0) + rate * looking_s / 60.0;
}

uint32_t pl_plan_looks(const struct pl_plan *plan, struct pl_plan_look *looks)
{
    PL_CHECK(plan != NULL && looks != NULL);
    struct pl_plan_look questions[PL_PLAN_LOOKS_MAX - PL_PLAN_DIRECT_MAX];
    uint32_t time = pl_knowledge_time(plan->t_s);
    uint32_t count = pl_plan_rank(plan, looks, PL_PLAN_DIRECT_MAX);
    uint32_t ranked = count;
    uint32_t asked = rank_questions(plan, questions, PL_PLAN_LOOKS_MAX - PL_PLAN_DIRECT_MAX);
    for (uint32_t i = 0; i < asked; i++) {
        bool again = false;
        for (uint32_t k = 0; k < ranked; k++) {
            again = again || looks[k].look == questions[i].look;
        }
        if (!again) {
            looks[count++] = questions[i];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t sequence[PL_PLAN_SEQUENCE_MAX] = {looks[i].look};
        uint32_t length = 1;
        looks[i].cost = sequence_cost(plan, sequence, length, time);
        for (uint32_t k = 0; k < count && length < PL_PLAN_SEQUENCE_MAX; k++) {
            if (k == i) {
                continue;
            }
            sequence[length++] = looks[k].look;
            double cost = sequence_cost(plan, sequence, length, time);
            looks[i].cost = cost < looks[i].cost ? cost : looks[i].cost;
        }
    }
    return count;
}
