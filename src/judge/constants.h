// SPDX-License-Identifier: Apache-2.0
//
// Constants of a scenario: what the judge needs and no session changes. They are computed once by
// `plumb pack calibrate` and kept beside the scenario as calibration.json.
//
//   {"version":2,"engine":"...","pack":"...","command":"...","causes":["connections-held",...],
//    "options":["","flag fraud-inline-v2 0%",...],"class_of":[...],"acceptance":[...],
//    "hurt_rate":[...],"quiet_rate":..,"eta":..,"d_noop":..,"d_ref":{"value","se"},
//    "responder_s":..,"incident_sd":..,"search":{"floor_s","s_per_bit"},
//    "nodes":[{"t_s":..,"passed":[...],"cells":[[[mean,se,se_noop,even,odd,count],...],...]},...]}
//
// t_s counts from the opening. A file of another engine or of other content is stale: the reader
// says so and gives nothing.
#ifndef PL_JUDGE_CONSTANTS_H
#define PL_JUDGE_CONSTANTS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"
#include "judge/segment.h"
#include "judge/value.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/** Version of the format and of the rules by which the numbers are made. */
#define PL_CONSTANTS_VERSION 2

enum {
    PL_TRUNK_NODES_MAX = 32,             /* moments before the first act */
    PL_CONSTANTS_TEXT_MAX = 1024 * 1024, /* bytes of a file */
    PL_CONSTANTS_COMMAND_MAX = 160
};

/** All constants of one scenario; about 700 KB, allocate once. */
struct pl_constants {
    char engine[PL_HASH_TEXT_SIZE];         /* hash of the engine's state layout and golden bits */
    char pack[PL_HASH_TEXT_SIZE];           /* hash of world and scenario */
    char command[PL_CONSTANTS_COMMAND_MAX]; /* that made them */
    uint32_t cause_count;
    uint32_t class_count;
    uint32_t class_of[PL_CAUSES_MAX];
    double acceptance[PL_CAUSES_MAX]; /* a_h: share of forms that reproduce the opening page */
    double hurt_rate[PL_CAUSES_MAX];  /* damage per second; above it the incident goes on */
    double quiet_rate;
    double eta;               /* learning rate of beliefs */
    double d_noop;            /* mean damage from the opening when nobody acts, over b_0 */
    struct pl_estimate d_ref; /* mean damage of the independent planner */
    double responder_s;       /* T_R */
    double incident_sd;       /* of one player's score over incidents, points; 0: not measured */
    double search_floor_s;    /* of pl_value_model */
    double search_s_per_bit;
    struct pl_segment trunk; /* its nodes are those below */
    struct pl_node nodes[PL_TRUNK_NODES_MAX];
};

/** Zero constants with their defaults: eta 1, T_R 720 s, search 60 s + 150 s per bit, no nodes. */
void pl_constants_init(struct pl_constants *constants);

/**
 * Append constants as JSON.
 *
 * @param scenario   whose constants they are
 * @param opens_ns   simulated moment of the opening
 * @param constants  complete
 * @param out        appended; PL_CONSTANTS_TEXT_MAX bytes are enough
 */
void pl_constants_write(const struct pl_scenario *scenario,
                        int64_t opens_ns,
                        const struct pl_constants *constants,
                        struct pl_buf *out);

/** A file to read constants from, and what it should have been made with. Texts are borrowed. */
struct pl_constants_file {
    pl_slice text;
    const char *path;   /* name of the file for positions */
    const char *engine; /* expected hash, or NULL to take any */
    const char *pack;   /* expected hash, or NULL to take any */
};

/**
 * Read constants.
 *
 * @param scenario   whose constants they should be; causes and options are compared by name
 * @param opens_ns   simulated moment of the opening
 * @param ends_ns    simulated end of the session
 * @param file       its text, and the hashes that it should show
 * @param constants  filled
 * @param err        sentence with the place
 * @return PL_OK, PL_BAD_INPUT, PL_LIMIT, PL_NO_MEMORY, or PL_CONFLICT when the file is stale
 */
pl_status pl_constants_read(const struct pl_scenario *scenario,
                            int64_t opens_ns,
                            int64_t ends_ns,
                            const struct pl_constants_file *file,
                            struct pl_constants *constants,
                            pl_error *err) __attribute__((warn_unused_result));

#endif
