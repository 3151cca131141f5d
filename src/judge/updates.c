// SPDX-License-Identifier: Apache-2.0
#include "judge/updates.h"

#include "base/check.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LATE_S 60.0 /* an update may be this late */

static const char *const impact_words[] = {"customer",
                                           "user",
                                           "shopper",
                                           "visitor",
                                           "buyer",
                                           "impact",
                                           "affect",
                                           "order",
                                           "payment",
                                           "checkout",
                                           "sale",
                                           "revenue",
                                           "partner",
                                           NULL};
static const char *const belief_words[] = {"suspect",
                                           "believe",
                                           "think",
                                           "likely",
                                           "probabl",
                                           "cause",
                                           "because",
                                           "due to",
                                           "caused",
                                           "hypothes",
                                           "appears",
                                           "seems",
                                           "we know",
                                           "unclear",
                                           "not yet known",
                                           "evidence",
                                           "confident",
                                           NULL};
static const char *const next_words[] = {"next",
                                         "will ",
                                         "going to",
                                         "we are ",
                                         "we're ",
                                         "plan",
                                         "in progress",
                                         "rolling back",
                                         "monitoring",
                                         "watching",
                                         "checking",
                                         "update in",
                                         "update at",
                                         "investigating",
                                         NULL};
static const char *const done_words[] = {"rolled back",
                                         "restarted",
                                         "scaled",
                                         "switched off",
                                         "turned off",
                                         "disabled",
                                         "failed over",
                                         "reverted",
                                         "stopped the",
                                         NULL};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* True when `word` stands in `text`, case ignored. */
static bool has(const char *text, const char *word)
{
    for (const char *at = text; *at != '\0'; at++) {
        size_t i = 0;
        while (word[i] != '\0' && lower(at[i]) == lower(word[i])) {
            i++;
        }
        if (i > 0 && word[i] == '\0') {
            return true;
        }
    }
    return false;
}

static bool has_any(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (has(text, *words)) {
            return true;
        }
    }
    return false;
}

/* A part of the world by name, or a number. */
static bool names_fact(const struct pl_world *world, const char *text)
{
    for (uint32_t i = 0; i < world->service_count; i++) {
        if (has(text, world->services[i].name)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        if (has(text, world->databases[i].name)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < world->vendor_count; i++) {
        if (has(text, world->vendors[i].name)) {
            return true;
        }
    }
    return strpbrk(text, "0123456789") != NULL;
}

/* The status fits what had happened, and nothing is said to be done that was not. */
static bool is_true(const struct pl_update_posted *update)
{
    if (update->acts == 0 && has_any(update->text, done_words)) {
        return false;
    }
    switch ((enum pl_update_status)update->status) {
    case PL_STATUS_INVESTIGATING:
        return true;
    case PL_STATUS_IDENTIFIED:
        return update->claimed >= 0.5 || update->acts > 0;
    case PL_STATUS_MONITORING:
        return update->acts > 0;
    case PL_STATUS_RESOLVED:
        return update->damage <= 0.1;
    }
    return false;
}

uint32_t pl_update_checks(const struct pl_world *world, const struct pl_update_posted *update)
{
    PL_CHECK(world != NULL && update != NULL);
    PL_CHECK(update->text != NULL);
    uint32_t checks = 0;
    checks |= names_fact(world, update->text) ? PL_UPDATE_FACT : 0;
    checks |= has_any(update->text, impact_words) ? PL_UPDATE_IMPACT : 0;
    checks |= has_any(update->text, belief_words) ? PL_UPDATE_BELIEF : 0;
    /* Who says that it is over owes no next step. */
    bool over = update->status == PL_STATUS_RESOLVED;
    checks |= over || has_any(update->text, next_words) ? PL_UPDATE_NEXT : 0;
    checks |= is_true(update) ? PL_UPDATE_TRUE : 0;
    checks |= update->t_s <= update->due_s + LATE_S ? PL_UPDATE_TIMELY : 0;
    return checks;
}

struct pl_figure pl_update_score(const struct pl_world *world,
                                 const struct pl_update_posted *updates,
                                 uint32_t count,
                                 uint32_t missed)
{
    PL_CHECK(world != NULL);
    PL_CHECK(updates != NULL || count == 0);
    if (count + missed == 0) {
        return (struct pl_figure){.given = false};
    }
    double held = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t bits = pl_update_checks(world, &updates[i]); bits != 0; bits &= bits - 1) {
            held += 1.0;
        }
    }
    return pl_figure_exact(100.0 * held / (PL_UPDATE_CHECKS * (double)(count + missed)));
}
