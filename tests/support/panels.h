// SPDX-License-Identifier: Apache-2.0
//
// A world of panels whose every probability is known: 16 causes in 8 remedy classes, 24 panels of
// three numbers, y = m_h + A_h theta + c g + .5 e. Severity theta (two numbers) and the common
// nuisance g are those of a world and make its panels depend on each other; three quarters of the
// entries of m are 0. It is the belief toy of JUDGE.md section 14.
#ifndef PL_TESTS_SUPPORT_PANELS_H
#define PL_TESTS_SUPPORT_PANELS_H

#include "judge/belief.h"
#include "judge/feature.h"

#include <stdint.h>

enum {
    PANELS_CAUSES = 16,
    PANELS_CLASSES = 8,
    PANELS_COUNT = 24,
    PANELS_WIDTH = 3,
    PANELS_NUMBERS = PANELS_COUNT * PANELS_WIDTH,
    PANELS_LOOKS_MAX = 8
};

/** Perception of every number, as its sd. */
#define PANELS_PERCEPTION 0.3

/** The law of all panels under all causes. */
struct panels {
    double mean[PANELS_CAUSES][PANELS_NUMBERS];
    double severity[PANELS_CAUSES][PANELS_NUMBERS][2];
    double nuisance[PANELS_NUMBERS];
};

/** Draw a law. */
void panels_draw(struct panels *panels, uint64_t seed);

/** Draw the numbers of one world of a cause. */
void panels_world(const struct panels *panels, uint32_t cause, uint64_t seed, double *numbers);

/** What a panel shows of a world, off by `noise` sd of perception drawn with the seed. */
void panels_show(
    const double *numbers, uint32_t panel, double noise, uint64_t seed, struct pl_feature_set *set);

/** A belief over the causes, all as likely, with so many particles per cause. */
struct pl_belief_def panels_belief(uint32_t particles);

/** Draw the worlds of a bank: bank[cause * particles + k]. */
void panels_fill(const struct panels *panels,
                 uint32_t particles,
                 uint64_t seed,
                 double (*bank)[PANELS_NUMBERS]);

/** What a panel shows of all worlds of a bank, without perception. */
void panels_show_all(double (*bank)[PANELS_NUMBERS],
                     uint32_t rows,
                     uint32_t panel,
                     struct pl_feature_set *sets);

/**
 * Exact posterior after looks at some panels.
 *
 * @param panels     law
 * @param numbers    of the true world
 * @param looks      looks[count], different panels
 * @param count      1..PANELS_LOOKS_MAX
 * @param posterior  filled, posterior[PANELS_CAUSES]
 */
void panels_posterior(const struct panels *panels,
                      const double *numbers,
                      const uint32_t *looks,
                      uint32_t count,
                      double *posterior);

#endif
