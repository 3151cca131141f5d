// SPDX-License-Identifier: Apache-2.0
//
// What bots know about a scenario before they play it: learned from forms of its own seeds, kept
// as bots.json beside the scenario.
//
//   looks     commands with their cost; the few numbers of each that tell causes apart, and what
//             they were in each form at a few moments after the opening. A question to a person is
//             a look whose answer comes later; which answer it is stands in levels like a number
//   remedies  commands with the share of the users' damage that is left after them, by cause
//   causes    how often they send this page, how fast they hurt, and words to claim them with
//
// Numbers are kept as levels 1..PL_LEVEL_MAX between a low and a high end; 0: was not shown. One
// printable character each, so that the file stays small and can be compared line by line.
#ifndef PL_BOTS_KNOWLEDGE_H
#define PL_BOTS_KNOWLEDGE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

enum {
    PL_KNOWN_LOOKS_MAX = 64,
    PL_KNOWN_TRAITS_MAX = 6, /* numbers of a look */
    PL_KNOWN_TIMES = 3,      /* moments after the opening */
    PL_KNOWN_FORMS_MAX = 240,
    PL_KNOWN_CAUSES_MAX = 16,
    PL_KNOWN_REMEDIES_MAX = 64,
    PL_KNOWN_TEXT_MAX = 240, /* bytes of a command or a claim with its terminator */
    PL_KNOWN_NAME_MAX = 64,
    PL_LEVEL_MAX = 80,
    PL_KNOWLEDGE_FORMAT = 1,
    PL_KNOWLEDGE_SIZE_MAX = 1 << 18 /* bytes of a file */
};

/** Seconds after the opening of the moments 0..PL_KNOWN_TIMES-1. */
extern const double pl_known_times_s[PL_KNOWN_TIMES];

/** A number of a look. */
struct pl_known_trait {
    uint64_t key; /* of a pl_reading */
    double low;   /* values of level 1 and of PL_LEVEL_MAX */
    double high;
};

/** Something to look at. */
struct pl_known_look {
    char command[PL_KNOWN_TEXT_MAX]; /* JSON */
    char person[PL_KNOWN_NAME_MAX];  /* a question to this person; empty: shown at once */
    double cost_s;
    double delay_s;     /* of a question: usual time until the answer comes, after cost_s */
    uint32_t checklist; /* 1: a look that the runbook's walker takes */
    uint32_t trait_count;
    struct pl_known_trait traits[PL_KNOWN_TRAITS_MAX];
    uint8_t levels[PL_KNOWN_TIMES][PL_KNOWN_FORMS_MAX][PL_KNOWN_TRAITS_MAX];
};

/** Something to do. */
struct pl_known_remedy {
    char text[PL_KNOWN_NAME_MAX];    /* as it would be typed: `flag fraud-inline-v2 0%` */
    char command[PL_KNOWN_TEXT_MAX]; /* JSON, confirmed */
    double lead_s;
    double left[PL_KNOWN_CAUSES_MAX]; /* damage afterwards per damage without it */
};

/** Something that may be wrong. */
struct pl_known_cause {
    char name[PL_KNOWN_NAME_MAX];
    char component[PL_KNOWN_NAME_MAX]; /* words for a claim */
    char mechanism[PL_KNOWN_TEXT_MAX];
    char trigger[PL_KNOWN_TEXT_MAX];
    double prior; /* sums to 1 over the causes */
    double rate;  /* damage per minute without any act, per mean over causes */
};

/** Everything; about 300 KiB, in memory of the caller. */
struct pl_knowledge {
    char scenario[PL_KNOWN_NAME_MAX];
    char pack_hash[PL_KNOWN_NAME_MAX]; /* of the content that it was learned from */
    char engine[PL_KNOWN_NAME_MAX];
    char service[PL_KNOWN_NAME_MAX]; /* where it hurts; for incidents that somebody tells of */
    double updates_first_s;          /* published cadence of status updates */
    double updates_every_s;
    uint32_t cause_count;
    uint32_t look_count;
    uint32_t remedy_count;
    uint32_t form_count;
    uint32_t unseen; /* 1: the panels of the paged service do not show how users fare */
    uint8_t form_causes[PL_KNOWN_FORMS_MAX];
    struct pl_known_cause causes[PL_KNOWN_CAUSES_MAX];
    struct pl_known_look looks[PL_KNOWN_LOOKS_MAX];
    struct pl_known_remedy remedies[PL_KNOWN_REMEDIES_MAX];
};

/** Moment whose numbers stand for `t_s` seconds after the opening. */
uint32_t pl_knowledge_time(double t_s);

/** Level of a value of a trait, 1..PL_LEVEL_MAX. */
uint8_t pl_knowledge_level(const struct pl_known_trait *trait, double value);

/** Index of the cause with this name, PL_KNOWN_CAUSES_MAX when there is none. */
uint32_t pl_knowledge_cause(const struct pl_knowledge *knowledge, const char *name);

/** Append the file's text. */
void pl_knowledge_write(const struct pl_knowledge *knowledge, struct pl_buf *out);

/**
 * Read a file's text.
 *
 * @param text       as pl_knowledge_write makes it, borrowed for the call
 * @param path       name of the file for errors
 * @param knowledge  filled
 * @param err        sentence
 * @return PL_OK, PL_BAD_INPUT, PL_LIMIT, PL_UNSUPPORTED (another format) or PL_NO_MEMORY
 */
pl_status
pl_knowledge_read(pl_slice text, const char *path, struct pl_knowledge *knowledge, pl_error *err)
    __attribute__((warn_unused_result));

#endif
