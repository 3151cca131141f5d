// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_trunk | memory of looks | bank.
#include "judge/trunk.h"

#include "base/check.h"
#include "judge/sweep.h"

#include <string.h>

enum { ALIGNMENT = 64 };

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static size_t shown_size(const struct pl_judge_def *def)
{
    return aligned(pl_sweep_memory_size(def->scenario->cause_count, def->particles));
}

static struct pl_bank_def bank_def(const struct pl_judge_def *def)
{
    return (struct pl_bank_def){.world = def->world,
                                .scenario = def->scenario,
                                .particles = def->particles,
                                .replicate = def->replicate,
                                .parallel = def->parallel};
}

size_t pl_trunk_size(const struct pl_judge_def *def)
{
    PL_CHECK(def != NULL);
    struct pl_bank_def bank = bank_def(def);
    return aligned(sizeof(struct pl_trunk)) + shown_size(def) + pl_bank_size(&bank);
}

pl_status pl_trunk_open(const struct pl_judge_def *def,
                        void *memory,
                        size_t size,
                        struct pl_trunk **trunk_out,
                        pl_error *err)
{
    PL_CHECK(def != NULL && trunk_out != NULL);
    PL_CHECK(memory != NULL && ((uintptr_t)memory & (ALIGNMENT - 1)) == 0);
    PL_CHECK(size >= pl_trunk_size(def));
    struct pl_trunk *trunk = memory;
    struct pl_bank_def bank = bank_def(def);
    memset(trunk, 0, sizeof *trunk);
    trunk->world = def->world;
    trunk->scenario = def->scenario;
    trunk->particles = def->particles;
    trunk->replicate = def->replicate;
    char *at = (char *)memory + aligned(sizeof *trunk);
    trunk->shown =
        pl_sweep_memory_init(def->scenario->cause_count, def->particles, at, shown_size(def));
    at += shown_size(def);
    *trunk_out = trunk;
    return pl_bank_open(&bank, at, size - (size_t)(at - (char *)memory), &trunk->bank, err);
}
