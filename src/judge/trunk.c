// SPDX-License-Identifier: Apache-2.0
//
// Memory: struct pl_trunk | bank.
#include "judge/trunk.h"

#include "base/check.h"

#include <string.h>

enum { ALIGNMENT = 64 };

static size_t head_size(void)
{
    return (sizeof(struct pl_trunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
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
    return head_size() + pl_bank_size(&bank);
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
    *trunk_out = trunk;
    return pl_bank_open(&bank, (char *)memory + head_size(), size - head_size(), &trunk->bank, err);
}
