// SPDX-License-Identifier: Apache-2.0
#include "observe/families.h"

#include "base/check.h"
#include "text/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct pl_family_def families[PL_FAMILY_COUNT] = {
#define X(constant, name, type, over, unit, help) \
    {name, unit, help, PL_METRIC_##type, PL_OVER_##over},
    PL_METRIC_FAMILIES(X)
#undef X
};

static const char *const suffixes[] = {"", "_bucket", "_count", "_sum"};

enum { SUFFIX_COUNT = sizeof(suffixes) / sizeof(suffixes[0]) };

const struct pl_family_def *pl_family_def(uint32_t family)
{
    PL_CHECK(family < PL_FAMILY_COUNT);
    return &families[family];
}

const char *pl_family_suffix(uint32_t part)
{
    PL_CHECK(part < SUFFIX_COUNT);
    return suffixes[part];
}

static bool has_part(const struct pl_family_def *def, uint32_t part)
{
    switch ((enum pl_metric_type)def->type) {
    case PL_METRIC_HISTOGRAM:
        return part != PL_PART_WHOLE;
    case PL_METRIC_SUMMARY:
        return part == PL_PART_COUNT || part == PL_PART_SUM;
    case PL_METRIC_COUNTER:
    case PL_METRIC_GAUGE:
        break;
    }
    return part == PL_PART_WHOLE;
}

/* True when `name` is the family's name followed by the part's suffix. */
static bool is_name(const struct pl_family_def *def, uint32_t part, pl_slice name)
{
    size_t length = strlen(def->name);
    size_t suffix = strlen(suffixes[part]);
    return name.size == length + suffix && memcmp(name.data, def->name, length) == 0 &&
           memcmp(name.data + length, suffixes[part], suffix) == 0;
}

struct pl_family_name pl_family_find(pl_slice name)
{
    for (uint32_t family = 0; family < PL_FAMILY_COUNT; family++) {
        for (uint32_t part = 0; part < SUFFIX_COUNT; part++) {
            if (has_part(&families[family], part) && is_name(&families[family], part, name)) {
                return (struct pl_family_name){family, part};
            }
        }
    }
    return (struct pl_family_name){PL_FAMILY_COUNT, 0};
}

/* Length of the longest common start of the two words. */
static size_t common_start(pl_slice a, const char *b)
{
    size_t n = 0;
    while (n < a.size && b[n] != '\0' && a.data[n] == b[n]) {
        n++;
    }
    return n;
}

void pl_family_suggest(pl_slice name, char *text, uint32_t size)
{
    PL_CHECK(size >= 1);
    uint32_t nearest = UINT32_MAX;
    text[0] = '\0';
    for (uint32_t family = 0; family < PL_FAMILY_COUNT; family++) {
        for (uint32_t part = 0; part < SUFFIX_COUNT; part++) {
            char full[96];
            if (!has_part(&families[family], part)) {
                continue;
            }
            snprintf(full, sizeof(full), "%s%s", families[family].name, suffixes[part]);
            uint32_t distance = pl_suggest_distance(name, pl_slice_of(full));
            /* Somebody who typed half of a long name means the name. */
            bool begins = name.size >= 4 && common_start(name, full) == name.size;
            if (begins) {
                uint32_t rest = strlen(families[family].name) > name.size ? 6 : 0;
                distance = rest + part < distance ? rest + part : distance;
            }
            if (distance < nearest && (begins || distance <= name.size / 3)) {
                nearest = distance;
                snprintf(text, size, "%s", full);
            }
        }
    }
}
