// SPDX-License-Identifier: Apache-2.0
//
// A small pipeline for tests: requests of ten records -> `raw` (8 partitions) -> four pods of
// `enrich` -> `rich` -> four pods of `writer`, which writes to the volume `disk`. A second group,
// `watch`, reads `raw` on two pods. 1,000 records per second, 2 ms of work for each.
#ifndef PL_TESTS_STREAMS_H
#define PL_TESTS_STREAMS_H

#include "support/driven.h"

enum { PL_TEST_RAW, PL_TEST_RICH, PL_TEST_SIDE };       /* streams */
enum { PL_TEST_ENRICH, PL_TEST_WRITER, PL_TEST_WATCH }; /* groups */

/** Fill and seal the pipeline. */
void pl_test_stream_world(struct pl_world *world);

/** A cmocka fixture of the pipeline as in driven.h. */
int pl_streams_setup(void **fixture);

/** Records that a group is behind. */
double pl_streams_lag(const struct pl_driven *line, uint32_t group);

#endif
