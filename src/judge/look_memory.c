// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_look_memory | looks | counts[look][world] | features, one set after the other.
#include "judge/look_memory.h"

#include "base/check.h"

#include <string.h>

enum { FEATURES_USUAL = 64 /* of a set, for which there is room */ };

/** One look. */
struct entry {
    uint32_t known; /* enum pl_look_known */
    uint32_t first; /* of its features */
};

struct pl_look_memory {
    uint32_t looks;
    uint32_t worlds;
    uint32_t features_max;
    uint32_t features;
    int64_t t_ns;
};

static size_t round16(size_t size)
{
    return (size + 15) / 16 * 16;
}

static size_t counts_size(uint32_t looks, uint32_t worlds)
{
    return round16((size_t)looks * worlds * sizeof(uint8_t));
}

static uint32_t room_of(uint32_t looks, uint32_t worlds)
{
    return looks * worlds * FEATURES_USUAL;
}

size_t pl_look_memory_size(uint32_t looks, uint32_t worlds)
{
    PL_CHECK(looks >= 1 && worlds >= 1);
    PL_CHECK(worlds <= UINT32_MAX / FEATURES_USUAL / looks);
    return round16(sizeof(struct pl_look_memory)) + round16(looks * sizeof(struct entry)) +
           counts_size(looks, worlds) + room_of(looks, worlds) * sizeof(struct pl_feature);
}

static struct entry *entries(const struct pl_look_memory *memory)
{
    const char *at = (const char *)memory + round16(sizeof *memory);
    return (struct entry *)(uintptr_t)at;
}

static uint8_t *counts_of(const struct pl_look_memory *memory, uint32_t look)
{
    char *at = (char *)entries(memory) + round16(memory->looks * sizeof(struct entry));
    return (uint8_t *)at + (size_t)look * memory->worlds;
}

static struct pl_feature *features(const struct pl_look_memory *memory)
{
    char *at = (char *)counts_of(memory, 0) + counts_size(memory->looks, memory->worlds);
    return (struct pl_feature *)(void *)at;
}

struct pl_look_memory *pl_look_memory_init(uint32_t looks, uint32_t worlds, void *memory_of)
{
    PL_CHECK(memory_of != NULL);
    _Static_assert(PL_FEATURES_MAX <= UINT8_MAX, "counts of features are kept in a byte");
    struct pl_look_memory *memory = memory_of;
    *memory = (struct pl_look_memory){
        .looks = looks, .worlds = worlds, .features_max = room_of(looks, worlds)};
    pl_look_memory_clear(memory, -1);
    return memory;
}

void pl_look_memory_clear(struct pl_look_memory *memory, int64_t t_ns)
{
    PL_CHECK(memory != NULL);
    memory->features = 0;
    memory->t_ns = t_ns;
    memset(entries(memory), 0, memory->looks * sizeof(struct entry));
}

int64_t pl_look_memory_moment(const struct pl_look_memory *memory)
{
    PL_CHECK(memory != NULL);
    return memory->t_ns;
}

void pl_look_memory_keep(struct pl_look_memory *memory,
                         uint32_t look,
                         const struct pl_feature_set *sets)
{
    PL_CHECK(memory != NULL && look < memory->looks);
    struct entry *entry = &entries(memory)[look];
    uint8_t *counts = counts_of(memory, look);
    uint32_t total = 0;
    PL_CHECK(entry->known == PL_LOOK_UNKNOWN);
    if (sets == NULL) {
        entry->known = PL_LOOK_REFUSED;
        return;
    }
    for (uint32_t i = 0; i < memory->worlds; i++) {
        PL_CHECK(sets[i].count <= PL_FEATURES_MAX);
        counts[i] = (uint8_t)sets[i].count;
        total += sets[i].count;
    }
    if (total > memory->features_max - memory->features) {
        return;
    }
    *entry = (struct entry){PL_LOOK_SHOWN, memory->features};
    struct pl_feature *to = features(memory) + memory->features;
    for (uint32_t i = 0; i < memory->worlds; i++) {
        memcpy(to, sets[i].items, sets[i].count * sizeof *to);
        to += sets[i].count;
    }
    memory->features += total;
}

uint32_t
pl_look_memory_give(const struct pl_look_memory *memory, uint32_t look, struct pl_feature_set *sets)
{
    PL_CHECK(memory != NULL && look < memory->looks && sets != NULL);
    const struct entry *entry = &entries(memory)[look];
    const uint8_t *counts = counts_of(memory, look);
    if (entry->known != PL_LOOK_SHOWN) {
        return entry->known;
    }
    const struct pl_feature *from = features(memory) + entry->first;
    for (uint32_t i = 0; i < memory->worlds; i++) {
        sets[i].count = counts[i];
        sets[i].dropped = 0;
        memcpy(sets[i].items, from, counts[i] * sizeof *from);
        from += counts[i];
    }
    return PL_LOOK_SHOWN;
}
