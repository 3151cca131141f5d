// SPDX-License-Identifier: Apache-2.0
#include "validation/proof.h"

#include "base/check.h"
#include "stats/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIED_MAX = 512, FEW = 8 };

/* Sessions are taken from all bots and forms evenly. */
static uint32_t pick(const struct pl_proof_stand *stand, uint32_t wanted, uint32_t *picked)
{
    uint32_t count = wanted < stand->row_count ? wanted : stand->row_count;
    count = count < TRIED_MAX ? count : TRIED_MAX;
    for (uint32_t i = 0; i < count; i++) {
        picked[i] = (uint32_t)((uint64_t)i * stand->row_count / count);
    }
    return count;
}

static pl_status again(struct pl_proof_stand *stand,
                       const struct pl_proof_effort *effort,
                       const struct pl_proof_way *way,
                       uint32_t row_index,
                       struct pl_proof_row *row,
                       pl_error *err)
{
    const struct pl_proof_row *first = &stand->rows[row_index];
    *row = (struct pl_proof_row){.bot = first->bot, .form = first->form, .seed = first->seed};
    pl_status status = pl_proof_play(stand, first->bot, first->seed, false, err);
    return status == PL_OK ? pl_proof_judge(stand, effort, way, false, row, err) : status;
}

static void define_ways(const struct pl_proof_effort *effort, struct pl_proof_sturdy *sturdy)
{
    uint32_t k = effort->particles;
    uint32_t less = k / 2 > PL_JUDGE_PARTICLES_MIN ? k / 2 : PL_JUDGE_PARTICLES_MIN;
    /* What a bounded run needs most comes first; ways of one bank stand together. */
    const struct pl_proof_way ways[] = {
        {.name = "bank 1", .replicate = 1},
        {.name = "learning rate + .2", .eta_shift = 0.2},
        {.name = "learning rate - .2", .eta_shift = -0.2},
        {.name = "responder 50 % later", .responder = 1.5},
        {.name = "responder 50 % earlier", .responder = 0.5},
        {.name = "uniform prior", .prior = PL_PROOF_PRIOR_UNIFORM},
        {.name = "squared prior", .prior = PL_PROOF_PRIOR_SQUARED},
        {.name = "half the worlds", .particles = less},
        {.name = "half as many again", .particles = k + k / 2},
        {.name = "bank 2", .replicate = 2},
        {.name = "bank 3", .replicate = 3},
    };
    sturdy->way_count = sizeof ways / sizeof ways[0];
    PL_CHECK(sturdy->way_count <= PL_PROOF_WAYS);
    memcpy(sturdy->ways, ways, sizeof ways);
}

/* Acts whose support by the evidence changes. */
static uint32_t flips(const struct pl_proof_row *a, const struct pl_proof_row *b)
{
    return a->unsupported > b->unsupported ? a->unsupported - b->unsupported
                                           : b->unsupported - a->unsupported;
}

static pl_status try_way(struct pl_proof_stand *stand,
                         const struct pl_proof_effort *effort,
                         uint32_t w,
                         const uint32_t *picked,
                         struct pl_moments *spread,
                         struct pl_proof_sturdy *sturdy,
                         pl_error *err)
{
    static double usual[TRIED_MAX];
    static double other[TRIED_MAX];
    pl_status status = PL_OK;
    uint32_t acts = 0;
    uint32_t flipped = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < sturdy->sessions && status == PL_OK; i++) {
        struct pl_proof_row row;
        const struct pl_proof_row *first = &stand->rows[picked[i]];
        status = again(stand, effort, &sturdy->ways[w], picked[i], &row, err);
        if (status != PL_OK || isnan(first->decision) || isnan(row.decision)) {
            continue;
        }
        usual[count] = first->decision;
        other[count++] = row.decision;
        acts += first->acts;
        flipped += flips(first, &row);
        if (sturdy->ways[w].replicate > 0) {
            pl_moments_add(&spread[2 * i], row.decision);
            pl_moments_add(&spread[2 * i + 1], row.score);
        }
    }
    sturdy->acts = acts;
    sturdy->tau[w] = count >= 2 ? pl_kendall(usual, other, count) : 0.0;
    sturdy->flips[w] = acts > 0 ? (double)flipped / acts : 0.0;
    return status;
}

/* Judged again, and with commands that are written another way. */
static pl_status compare(struct pl_proof_stand *stand,
                         const struct pl_proof_effort *effort,
                         const uint32_t *picked,
                         struct pl_proof_sturdy *sturdy,
                         pl_error *err)
{
    const struct pl_proof_way usual = {.name = "again"};
    const struct pl_proof_way encoded = {.name = "encoded", .encoded = true};
    pl_status status = PL_OK;
    uint32_t step = sturdy->sessions > FEW ? 4 : 2;
    for (uint32_t i = 0; i < sturdy->sessions && status == PL_OK; i += step) {
        struct pl_proof_row row;
        status = again(stand, effort, &usual, picked[i], &row, err);
        sturdy->same += status == PL_OK && row.digest == stand->rows[picked[i]].digest ? 1 : 0;
        if (status == PL_OK) {
            status = again(stand, effort, &encoded, picked[i], &row, err);
        }
        sturdy->recoded += status == PL_OK && row.digest == stand->rows[picked[i]].digest ? 1 : 0;
        sturdy->compared++;
    }
    return status;
}

static bool used_up(const struct pl_proof_stand *stand, const struct pl_proof_effort *effort)
{
    return stand->judge_cpu_s + stand->play_cpu_s > effort->cpu_s;
}

pl_status pl_proof_try(struct pl_proof_stand *stand,
                       const struct pl_proof_effort *effort,
                       struct pl_proof_sturdy *sturdy,
                       pl_error *err)
{
    PL_CHECK(stand != NULL && effort != NULL && sturdy != NULL);
    static uint32_t picked[TRIED_MAX];
    static struct pl_moments spread[2 * TRIED_MAX];
    memset(sturdy, 0, sizeof *sturdy);
    memset(spread, 0, sizeof spread);
    define_ways(effort, sturdy);
    sturdy->sessions = pick(stand, effort->repeats, picked);
    pl_status status = compare(stand, effort, picked, sturdy, err);
    for (uint32_t i = 0; i < sturdy->sessions; i++) {
        const struct pl_proof_row *usual = &stand->rows[picked[i]];
        if (!isnan(usual->decision)) {
            pl_moments_add(&spread[2 * i], usual->decision);
            pl_moments_add(&spread[2 * i + 1], usual->score);
        }
    }
    uint32_t tried = 0;
    while (tried < sturdy->way_count && status == PL_OK && !used_up(stand, effort)) {
        status = try_way(stand, effort, tried, picked, spread, sturdy, err);
        sturdy->banks += sturdy->ways[tried].replicate > 0 ? 1 : 0;
        tried++;
    }
    sturdy->way_count = tried;
    struct pl_moments variance[2] = {{0}, {0}};
    for (uint32_t i = 0; i < sturdy->sessions; i++) {
        for (uint32_t part = 0; part < 2; part++) {
            if (spread[2 * i + part].count >= 2) {
                pl_moments_add(&variance[part], pl_moments_variance(&spread[2 * i + part]));
            }
        }
    }
    sturdy->bank_sd = sqrt(variance[0].mean);
    sturdy->score_sd = sqrt(variance[1].mean);
    return status;
}
