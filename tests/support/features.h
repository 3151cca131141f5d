// SPDX-License-Identifier: Apache-2.0
//
// A set of features that the parts of the reader fill in tests, from an empty one each time.
#ifndef PL_TESTS_SUPPORT_FEATURES_H
#define PL_TESTS_SUPPORT_FEATURES_H

#include "judge/feature_writer.h"

/** What was written since test_features_start. */
extern struct pl_feature_set test_features;

/** Empty test_features, and begin to write into it. */
struct pl_feature_writer test_features_start(void);

/** How many of test_features have this kind. */
uint32_t test_features_of_kind(uint32_t kind);

#endif
