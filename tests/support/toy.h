// SPDX-License-Identifier: Apache-2.0
//
// An incident small enough to know everything about it: 16 causes in 6 remedy classes, 24 looks
// with four answers of known probability, 6 remedies, a partial and a useless move, 60 minutes.
// A wrong remedy does harm with some probability. It is the session toy of JUDGE.md section 14.
#ifndef PL_TESTS_SUPPORT_TOY_H
#define PL_TESTS_SUPPORT_TOY_H

#include "judge/search.h"
#include "judge/value.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TOY_CAUSES = 16,
    TOY_CLASSES = 6,
    TOY_LOOKS = 24,
    TOY_ANSWERS = 4,
    TOY_PARTS = 16,                /* probabilities of answers are multiples of 1/16 */
    TOY_OPTIONS = TOY_CLASSES + 3, /* nothing, the remedies, half as bad, useless */
    TOY_NODES = 13
};

#define TOY_MINUTE_NS (INT64_C(60) * 1000000000)
#define TOY_END_NS    (60 * TOY_MINUTE_NS)

/** A toy incident: what is known about it, and the model of its value. */
struct toy {
    uint32_t parts[TOY_LOOKS][TOY_CAUSES][TOY_ANSWERS]; /* of TOY_PARTS */
    uint32_t class_of[TOY_CAUSES];
    double prior[TOY_CAUSES];
    double rate[TOY_CAUSES]; /* damage per minute */
    struct pl_node nodes[TOY_NODES];
    struct pl_segment segment;
    struct pl_value_model model;
};

/** One play of it. */
struct toy_play {
    uint32_t cause;
    uint32_t tried; /* bit per class whose remedy was done */
    uint32_t halved;
    uint32_t counter; /* of draws */
    uint64_t key;
    int64_t t_ns;
    double damage;
    double belief[TOY_CAUSES];
    struct pl_adjusted adjusted;
    double other_sum; /* as adjusted, with an inconsistent Q */
};

/** Fill a toy. */
void toy_init(struct toy *toy, uint64_t seed);

/** Begin a play: the cause is drawn. */
void toy_begin(struct toy *toy, uint64_t key, struct toy_play *play);

/** Make the table fit what the play has done so far. */
void toy_table(struct toy *toy, uint32_t tried, uint32_t halved);

/** Expected bits of a look about the classes, by hand. */
double toy_bits(const struct toy *toy, const double *belief, uint32_t look);

/** Take a look for one minute; belief, damage and luck follow. */
void toy_look(struct toy *toy, struct toy_play *play, uint32_t look);

/** Do an option, then see for one minute whether it helped. True when the harm is over. */
bool toy_act(struct toy *toy, struct toy_play *play, uint32_t option);

/** Let time pass to the end. */
void toy_finish(struct toy *toy, struct toy_play *play);

/** A uniform draw of a play. */
double toy_unit(struct toy_play *play);

#endif
