// SPDX-License-Identifier: Apache-2.0
//
// The small shop, run under instruments: a fleet of eight pods per service, two of them simulated.
#ifndef PL_TESTS_OBSERVED_H
#define PL_TESTS_OBSERVED_H

#include "observe/observe.h"

#include <stdbool.h>
#include <stdint.h>

enum { PL_TEST_OUT_SIZE = 1 << 20 };

/** A run with everything that looks need; all memory is on the heap. */
struct pl_test_observed {
    struct pl_world *world;
    struct pl_state *state;
    struct pl_record *record;
    struct pl_observe *observe;
    void *memory;
    struct pl_scene scene;
    struct pl_buf out; /* of looks */
    pl_error err;
};

/** Start the shop at time 0; `def` is borrowed as long as the run is used. */
void pl_test_observed_start(struct pl_test_observed *run,
                            const struct pl_observe_def *def,
                            uint64_t seed);

/** The same with the pipeline of streams.h. */
void pl_test_observed_pipeline(struct pl_test_observed *run,
                               const struct pl_observe_def *def,
                               uint64_t seed);

/** Run until a moment as a session does. */
void pl_test_observed_run(struct pl_test_observed *run, double until_s);

/** Free everything. */
void pl_test_observed_end(struct pl_test_observed *run);

/** Empty the output and the error, for the next look. */
void pl_test_observed_clear(struct pl_test_observed *run);

/** True when the output is one well-formed JSON value. */
bool pl_test_observed_is_json(const struct pl_test_observed *run);

/** True when the output holds a text. */
bool pl_test_observed_has(const struct pl_test_observed *run, const char *text);

/** How often a text stands in the output. */
uint32_t pl_test_observed_count(const struct pl_test_observed *run, const char *text);

#endif
