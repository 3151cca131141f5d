// SPDX-License-Identifier: Apache-2.0
#include "judge/option_set.h"

#include "base/check.h"
#include "scenario/action.h"

#include <string.h>

/** A call with the causes that name it. */
struct candidate {
    struct pl_call call;
    uint32_t helps_mask;
    uint32_t first_mask; /* causes whose first remedy it is */
    uint32_t harms_mask;
};

/** All distinct calls of a scenario. */
struct candidates {
    uint32_t count;
    struct candidate items[PL_CALLS_MAX];
};

bool pl_call_same(const struct pl_call *a, const struct pl_call *b)
{
    PL_CHECK(a != NULL && b != NULL);
    if (a->action != b->action || a->arg_count != b->arg_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->arg_count; i++) {
        bool same_value = !(a->values[i] < b->values[i]) && !(a->values[i] > b->values[i]);
        if (a->options[i] != b->options[i] || !same_value) {
            return false;
        }
    }
    return true;
}

static struct candidate *find_or_add(struct candidates *all, const struct pl_call *call)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (pl_call_same(&all->items[i].call, call)) {
            return &all->items[i];
        }
    }
    PL_CHECK(all->count < PL_CALLS_MAX);
    struct candidate *made = &all->items[all->count++];
    memset(made, 0, sizeof *made);
    made->call = *call;
    return made;
}

static void
collect(const struct pl_scenario *scenario, uint32_t cause, bool live, struct candidates *all)
{
    const struct pl_cause *from = &scenario->causes[cause];
    uint32_t bit = UINT32_C(1) << cause;
    for (uint32_t i = 0; i < from->helps_count; i++) {
        struct candidate *to = find_or_add(all, &scenario->setting.calls[from->helps0 + i]);
        to->helps_mask |= bit;
        to->first_mask |= live && i == 0 ? bit : 0;
    }
    for (uint32_t i = 0; i < from->harms_count; i++) {
        find_or_add(all, &scenario->setting.calls[from->harms0 + i])->harms_mask |= bit;
    }
}

static uint32_t bits_of(uint32_t mask)
{
    uint32_t count = 0;
    for (; mask != 0; mask &= mask - 1) {
        count++;
    }
    return count;
}

/* Usefulness of a candidate to the comparison: 0 is none. */
static uint32_t usefulness(const struct candidate *candidate, uint32_t causes)
{
    uint32_t tempted = bits_of(candidate->harms_mask & causes);
    if (candidate->first_mask != 0) {
        return 200;
    }
    if (tempted > 0) {
        return 100 + tempted;
    }
    return (candidate->helps_mask & causes) != 0 ? 1 : 0;
}

void pl_option_set_build(const struct pl_scenario *scenario,
                         uint32_t causes,
                         uint32_t max,
                         struct pl_option_set *options)
{
    PL_CHECK(scenario != NULL && options != NULL);
    PL_CHECK(max >= 1 && max <= PL_OPTIONS_MAX);
    struct candidates all = {.count = 0};
    for (uint32_t cause = 0; cause < scenario->cause_count; cause++) {
        collect(scenario, cause, (causes >> cause & 1) != 0, &all);
    }
    memset(options, 0, sizeof *options);
    options->items[0].noop = 1;
    options->count = 1;
    uint32_t taken[PL_CALLS_MAX] = {0};
    while (options->count < max) {
        uint32_t best = PL_NONE;
        for (uint32_t i = 0; i < all.count; i++) {
            uint32_t use = taken[i] != 0 ? 0 : usefulness(&all.items[i], causes);
            if (use > 0 && (best == PL_NONE || use > usefulness(&all.items[best], causes))) {
                best = i;
            }
        }
        if (best == PL_NONE) {
            return;
        }
        taken[best] = 1;
        struct pl_option *option = &options->items[options->count++];
        option->call = all.items[best].call;
        option->helps_mask = all.items[best].helps_mask;
        option->harms_mask = all.items[best].harms_mask;
    }
}

void pl_option_set_trunk(const struct pl_scenario *scenario, struct pl_option_set *options)
{
    PL_CHECK(scenario != NULL && scenario->cause_count <= PL_CAUSES_MAX);
    uint32_t max = 1 + scenario->cause_count + PL_OPTIONS_TEMPTING;
    uint32_t causes = (UINT32_C(1) << scenario->cause_count) - 1;
    pl_option_set_build(scenario, causes, max < PL_OPTIONS_MAX ? max : PL_OPTIONS_MAX, options);
}

uint32_t pl_option_set_find(const struct pl_option_set *options, const struct pl_call *call)
{
    PL_CHECK(options != NULL && call != NULL);
    for (uint32_t i = 0; i < options->count; i++) {
        if (options->items[i].noop == 0 && pl_call_same(&options->items[i].call, call)) {
            return i;
        }
    }
    return PL_NONE;
}

uint32_t pl_option_set_add(struct pl_option_set *options, const struct pl_call *call)
{
    PL_CHECK(options != NULL && call != NULL);
    uint32_t at = pl_option_set_find(options, call);
    if (at == PL_NONE) {
        at = options->count;
        for (uint32_t i = options->count; at == PL_OPTIONS_MAX && i > 1; i--) {
            at = options->items[i - 1].player == 0 ? i - 1 : at;
        }
        at = at == PL_OPTIONS_MAX ? PL_OPTIONS_MAX - 1 : at;
        options->count = at == options->count ? at + 1 : options->count;
        memset(&options->items[at], 0, sizeof options->items[at]);
        options->items[at].call = *call;
    }
    options->items[at].player = 1;
    return at;
}

void pl_option_format(const struct pl_scenario *scenario,
                      const struct pl_option *option,
                      struct pl_buf *out)
{
    PL_CHECK(option != NULL && out != NULL);
    if (option->noop != 0) {
        pl_buf_puts(out, "nothing for now");
        return;
    }
    pl_action_format(scenario, &option->call, out);
}
