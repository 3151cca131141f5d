// SPDX-License-Identifier: Apache-2.0
#include "support/panels.h"

#include "base/check.h"
#include "base/fmath.h"
#include "base/random.h"
#include "stats/linear.h"

static const double own_sd = 0.5;

/** Normal draws of one key, in order. */
struct draws {
    uint64_t key;
    uint64_t counter;
};

static double next_normal(struct draws *draws)
{
    return pl_random_normal(pl_random_bits(draws->key, draws->counter++));
}

void panels_draw(struct panels *panels, uint64_t seed)
{
    struct draws draws = {.key = pl_random_child(seed, 1)};
    for (uint32_t i = 0; i < PANELS_NUMBERS; i++) {
        panels->nuisance[i] = 0.5 * next_normal(&draws);
        for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
            double mean = next_normal(&draws);
            double chosen = pl_random_unit(pl_random_bits(draws.key, draws.counter++));
            panels->mean[h][i] = chosen < 0.25 ? mean : 0.0;
            panels->severity[h][i][0] = 0.35 * next_normal(&draws);
            panels->severity[h][i][1] = 0.35 * next_normal(&draws);
        }
    }
}

void panels_world(const struct panels *panels, uint32_t cause, uint64_t seed, double *numbers)
{
    struct draws draws = {.key = pl_random_child(seed, 2)};
    double theta[2] = {next_normal(&draws), next_normal(&draws)};
    double nuisance = next_normal(&draws);
    for (uint32_t i = 0; i < PANELS_NUMBERS; i++) {
        numbers[i] = panels->mean[cause][i] + panels->severity[cause][i][0] * theta[0] +
                     panels->severity[cause][i][1] * theta[1] + panels->nuisance[i] * nuisance +
                     own_sd * next_normal(&draws);
    }
}

void panels_show(
    const double *numbers, uint32_t panel, double noise, uint64_t seed, struct pl_feature_set *set)
{
    struct draws draws = {.key = pl_random_child(seed, 3 + panel)};
    set->count = PANELS_WIDTH;
    set->dropped = 0;
    for (uint32_t i = 0; i < PANELS_WIDTH; i++) {
        double off = noise > 0.0 ? noise * PANELS_PERCEPTION * next_normal(&draws) : 0.0;
        set->items[i] = (struct pl_feature){
            .key = (uint64_t)panel * 100 + i + 1,
            .value = (float)(numbers[panel * PANELS_WIDTH + i] + off),
            .sd = (float)PANELS_PERCEPTION,
            .kind = PL_FEATURE_LEVEL,
        };
    }
}

static double covariance(const struct panels *panels, uint32_t cause, uint32_t a, uint32_t b)
{
    const double *first = panels->severity[cause][a];
    const double *second = panels->severity[cause][b];
    return first[0] * second[0] + first[1] * second[1] + panels->nuisance[a] * panels->nuisance[b] +
           (a == b ? own_sd * own_sd : 0.0);
}

struct pl_belief_def panels_belief(uint32_t particles)
{
    struct pl_belief_def def = pl_belief_def_default();
    def.cause_count = PANELS_CAUSES;
    def.particles = particles;
    def.class_count = PANELS_CLASSES;
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        def.prior[h] = 1.0;
        def.class_of[h] = h / 2;
    }
    return def;
}

void panels_fill(const struct panels *panels,
                 uint32_t particles,
                 uint64_t seed,
                 double (*bank)[PANELS_NUMBERS])
{
    for (uint32_t row = 0; row < PANELS_CAUSES * particles; row++) {
        panels_world(panels, row / particles, pl_random_child(seed, row), bank[row]);
    }
}

void panels_show_all(double (*bank)[PANELS_NUMBERS],
                     uint32_t rows,
                     uint32_t panel,
                     struct pl_feature_set *sets)
{
    for (uint32_t row = 0; row < rows; row++) {
        panels_show(bank[row], panel, 0.0, 0, &sets[row]);
    }
}

void panels_posterior(const struct panels *panels,
                      const double *numbers,
                      const uint32_t *looks,
                      uint32_t count,
                      double *posterior)
{
    enum { D = PANELS_LOOKS_MAX * PANELS_WIDTH };
    PL_CHECK(count >= 1 && count <= PANELS_LOOKS_MAX);
    uint32_t dims = count * PANELS_WIDTH;
    double best = -1e300;
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        double matrix[D * D];
        double distance[D];
        for (uint32_t i = 0; i < dims; i++) {
            uint32_t a = looks[i / PANELS_WIDTH] * PANELS_WIDTH + i % PANELS_WIDTH;
            distance[i] = numbers[a] - panels->mean[h][a];
            for (uint32_t j = 0; j <= i; j++) {
                uint32_t b = looks[j / PANELS_WIDTH] * PANELS_WIDTH + j % PANELS_WIDTH;
                matrix[i * dims + j] = covariance(panels, h, a, b);
            }
        }
        PL_CHECK(pl_cholesky(matrix, dims));
        pl_cholesky_forward(matrix, dims, distance);
        posterior[h] = -0.5 * pl_cholesky_log_determinant(matrix, dims);
        for (uint32_t i = 0; i < dims; i++) {
            posterior[h] -= 0.5 * distance[i] * distance[i];
        }
        best = posterior[h] > best ? posterior[h] : best;
    }
    double total = 0.0;
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        posterior[h] = pl_exp(posterior[h] - best);
        total += posterior[h];
    }
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        posterior[h] /= total;
    }
}
