// SPDX-License-Identifier: Apache-2.0
//
// From all numbers of all forms to the few of each look that tell causes apart.
//
// A number is worth as much as its causes lie apart: the variance of its means between causes over
// that within them, at each moment. The best are taken one by one; one that moves like a chosen one
// is passed over. A number that was not shown counts as a level below all others.
#ifndef PL_BOTS_DISTIL_H
#define PL_BOTS_DISTIL_H

#include "bots/learn.h"

enum { PL_DISTIL_KEYS_MAX = 4096 /* different numbers of one look, a power of two */ };

/** Statistics of a number in levels, by moment and cause. */
struct pl_distil_key {
    uint64_t key;   /* 0: a free slot */
    uint32_t shown; /* times that it was shown */
    uint32_t taken; /* 1: chosen, or like a chosen one */
    double low;
    double high;
    double value;                                        /* worth */
    uint32_t parts[PL_KNOWN_TIMES][PL_KNOWN_CAUSES_MAX]; /* times shown */
    double means[PL_KNOWN_TIMES][PL_KNOWN_CAUSES_MAX];   /* sums first, then means */
    double squares[PL_KNOWN_TIMES][PL_KNOWN_CAUSES_MAX];
};

/** Room to work in; about 5 MB. */
struct pl_distil_room {
    uint32_t key_count;
    uint32_t forms_of[PL_KNOWN_CAUSES_MAX];
    struct pl_distil_key keys[PL_DISTIL_KEYS_MAX];
};

/** Forget all, and count how many forms each cause has. */
void pl_distil_begin(const struct pl_learn_form *const *forms,
                     uint32_t count,
                     struct pl_distil_room *room);

/**
 * Choose the traits of one look; levels stay as they are.
 *
 * @param forms   forms[count], each accepted
 * @param count   1..PL_KNOWN_FORMS_MAX
 * @param causes  1..PL_KNOWN_CAUSES_MAX
 * @param index   of the look in the forms
 * @param room    after pl_distil_begin with the same forms
 * @param look    gains its traits
 * @return what the look is worth: the sum of what its traits are, 0 when nothing tells
 */
double pl_distil_look(const struct pl_learn_form *const *forms,
                      uint32_t count,
                      uint32_t causes,
                      uint32_t index,
                      struct pl_distil_room *room,
                      struct pl_known_look *look);

/**
 * Choose the traits of each look and fill the levels of all forms.
 *
 * @param forms      forms[count], each accepted
 * @param count      1..PL_KNOWN_FORMS_MAX
 * @param room       overwritten
 * @param knowledge  with its looks, which gain their traits and levels
 */
void pl_distil(const struct pl_learn_form *const *forms,
               uint32_t count,
               struct pl_distil_room *room,
               struct pl_knowledge *knowledge);

#endif
