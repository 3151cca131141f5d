// SPDX-License-Identifier: Apache-2.0
#include "support/features.h"

struct pl_feature_set test_features;

static struct pl_feature_scratch scratch;

struct pl_feature_writer test_features_start(void)
{
    struct pl_feature_writer writer = {.set = &test_features, .scratch = &scratch, .prefix = 7};
    test_features.count = 0;
    test_features.dropped = 0;
    scratch.title[0] = '\0';
    pl_feature_writer_clear(&writer);
    return writer;
}

uint32_t test_features_of_kind(uint32_t kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < test_features.count; i++) {
        count += test_features.items[i].kind == kind ? 1 : 0;
    }
    return count;
}
