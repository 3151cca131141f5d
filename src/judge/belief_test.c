// SPDX-License-Identifier: Apache-2.0
//
// The filter against a world of panels whose exact posterior is known. Figures of larger runs stand
// in docs/design/0018-belief.md.
#include "judge/belief.h"

#include "base/random.h"
#include "support/panels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PARTICLES = 32, ROWS = PANELS_CAUSES * PARTICLES, LOOKS = 6, SESSIONS = 60 };

static double bank[ROWS][PANELS_NUMBERS];
static struct pl_feature_set sets[ROWS];
static _Alignas(16) char belief_memory[1 << 20];
static _Alignas(16) char fork_memory[1 << 20];
static _Alignas(16) char evidence_memory[2000000];
static _Alignas(16) char scratch[400000];

static struct pl_belief_def define(void)
{
    return panels_belief(PARTICLES);
}

static struct pl_belief *start(const struct pl_belief_def *def)
{
    assert_true(pl_belief_size(def) <= sizeof belief_memory);
    assert_true(pl_belief_scratch_size(def) <= sizeof scratch);
    return pl_belief_init(def, belief_memory, sizeof belief_memory);
}

static struct pl_evidence *look_at(const struct pl_belief *belief, uint32_t panel, uint32_t live)
{
    double belief_of_cause[PL_CAUSES_MAX];
    struct pl_evidence_def def = pl_belief_evidence_def(belief, live, belief_of_cause);
    panels_show_all(bank, ROWS, panel, sets);
    return pl_evidence_build(&def, sets, evidence_memory, sizeof evidence_memory);
}

/** Sums over sessions. */
struct totals {
    double log_truth;
    double log_exact;
    double top;       /* probability of the leading cause */
    double top_right; /* how often it was right */
    uint32_t unstable;
    uint32_t alarms;
};

/** Play sessions of looks at random panels, with the truth drawn from the causes. */
static struct totals play(const struct pl_belief_def *def, uint64_t seed)
{
    static const uint32_t stride[] = {5, 7, 11, 13};
    struct totals totals = {0};
    struct panels panels;
    for (uint32_t session = 0; session < SESSIONS; session++) {
        uint64_t key = pl_random_child(seed, session);
        uint32_t truth = (uint32_t)(pl_random_bits(key, 0) % PANELS_CAUSES);
        double numbers[PANELS_NUMBERS];
        double exact[PANELS_CAUSES];
        uint32_t looks[LOOKS];
        struct pl_belief_step step;
        panels_draw(&panels, pl_random_child(seed, session / 4));
        panels_fill(&panels, PARTICLES, pl_random_child(key, 1), bank);
        panels_world(&panels, truth, pl_random_child(key, 2), numbers);
        struct pl_belief *belief = start(def);
        for (uint32_t i = 0; i < LOOKS; i++) {
            struct pl_feature_set shown;
            looks[i] = (session + i * stride[session % 4]) % PANELS_COUNT;
            panels_show(numbers, looks[i], 0.0, key, &shown);
            const struct pl_evidence *evidence = look_at(belief, looks[i], 0xffff);
            pl_belief_update(belief, evidence, &shown, 0.9, scratch, &step);
            totals.unstable += step.unstable ? 1 : 0;
        }
        panels_posterior(&panels, numbers, looks, LOOKS, exact);
        const struct pl_belief_view *after = &step.after[PL_BELIEF_FULL];
        uint32_t top = 0;
        for (uint32_t h = 1; h < PANELS_CAUSES; h++) {
            top = after->cause[h] > after->cause[top] ? h : top;
        }
        totals.log_truth += log2(after->cause[truth]) / SESSIONS;
        totals.log_exact += log2(exact[truth]) / SESSIONS;
        totals.top += after->cause[top] / SESSIONS;
        totals.top_right += (top == truth ? 1.0 : 0.0) / SESSIONS;
        totals.alarms += step.alarm ? 1 : 0;
    }
    return totals;
}

/** Fewer particles stand for the same belief: probabilities stay, weights sum to 1 again. */
static void a_thin_belief_is_the_same_belief(void **state)
{
    (void)state;
    enum { FEW = PARTICLES / 4 };
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_belief_step step;
    struct pl_belief_view views[2];
    struct pl_feature_set shown;
    double numbers[PANELS_NUMBERS];
    panels_draw(&panels, 1);
    panels_fill(&panels, PARTICLES, 2, bank);
    panels_world(&panels, 3, 4, numbers);
    panels_show(numbers, 5, 0.0, 0, &shown);
    struct pl_belief *belief = start(&def);
    pl_belief_update(belief, look_at(belief, 5, 0xffff), &shown, 1.0, scratch, &step);
    const struct pl_belief *thin = pl_belief_thin(belief, FEW, fork_memory, sizeof fork_memory);
    pl_belief_read(belief, PL_BELIEF_FULL, &views[0]);
    pl_belief_read(thin, PL_BELIEF_FULL, &views[1]);
    assert_memory_equal(&views[0], &views[1], sizeof views[0]);
    const double *all = pl_belief_weights(belief, PL_BELIEF_FULL);
    const double *few = pl_belief_weights(thin, PL_BELIEF_FULL);
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        double sum = 0.0;
        for (uint32_t k = 0; k < FEW; k++) {
            sum += few[h * FEW + k];
        }
        assert_true(fabs(sum - 1.0) < 1e-12);
        assert_true(fabs(few[h * FEW] * all[h * PARTICLES + 1] -
                         few[h * FEW + 1] * all[h * PARTICLES]) < 1e-12);
    }
}

/** A look at a panel of which only the first `few` worlds of each cause show something. */
static struct pl_evidence *look_of_few(const struct pl_belief *belief, uint32_t panel, uint32_t few)
{
    double belief_of_cause[PL_CAUSES_MAX];
    struct pl_evidence_def def = pl_belief_evidence_def(belief, 0xffff, belief_of_cause);
    panels_show_all(bank, ROWS, panel, sets);
    uint32_t kept = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        bool shows = row % PARTICLES < few;
        if (def.particles == few && shows) {
            sets[kept++] = sets[row];
        } else if (!shows) {
            sets[row].count = def.particles == few ? sets[row].count : 0;
        }
    }
    return pl_evidence_build(&def, sets, evidence_memory, sizeof evidence_memory);
}

/** Worlds that were given up are as if they had never been there. */
static void a_belief_over_kept_worlds_is_that_of_a_smaller_bank(void **state)
{
    (void)state;
    enum { FEW = 12 };
    struct pl_belief_def wide = define();
    struct pl_belief_def narrow = panels_belief(FEW);
    struct panels panels;
    struct pl_belief_step steps[2];
    struct pl_feature_set shown;
    double numbers[PANELS_NUMBERS];
    panels_draw(&panels, 1);
    panels_fill(&panels, PARTICLES, 2, bank);
    panels_world(&panels, 3, 4, numbers);
    struct pl_belief *kept = start(&wide);
    struct pl_belief *small = pl_belief_init(&narrow, fork_memory, sizeof fork_memory);
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        pl_belief_keep(kept, h, FEW);
        assert_int_equal(pl_belief_worlds(kept, h), FEW);
    }
    for (uint32_t panel = 0; panel < LOOKS; panel++) {
        panels_show(numbers, panel, 0.0, panel, &shown);
        pl_belief_update(kept, look_of_few(kept, panel, FEW), &shown, 0.9, scratch, &steps[0]);
        pl_belief_update(small, look_of_few(small, panel, FEW), &shown, 0.9, scratch, &steps[1]);
        assert_int_equal(steps[0].unstable, steps[1].unstable);
        for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
            double one = steps[0].after[PL_BELIEF_FULL].cause[h];
            double other = steps[1].after[PL_BELIEF_FULL].cause[h];
            assert_true(fabs(one - other) < 1e-9);
            const double *weight = pl_belief_weights(kept, PL_BELIEF_FULL) + h * PARTICLES;
            assert_true(weight[FEW] < 1e-300 && weight[FEW - 1] > 0.0);
        }
    }
}

/** Weights carry what panels have in common. Without them beliefs are too sharp and worse. */
static void weighting_particles_is_better_than_counting_twice(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct totals weighted = play(&def, 11);
    def.process = 1e6; // no particle explains anything better than another
    struct totals naive = play(&def, 11);
    assert_true(weighted.log_truth > naive.log_truth);
    assert_true(weighted.log_truth > weighted.log_exact - 1.3);
    assert_true(weighted.log_exact < 0.0);
    // How sure it is and how often it is right differ by no more than chance (sd .06).
    assert_true(fabs(weighted.top - weighted.top_right) < 0.13);
    assert_true(naive.top - naive.top_right > weighted.top - weighted.top_right);
    assert_int_equal(weighted.alarms, 0);
    assert_true(weighted.unstable < SESSIONS * LOOKS / 4);
}

static void a_copy_is_a_fork(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    struct pl_belief_step again;
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    struct pl_belief *belief = start(&def);
    panels_show(bank[0], 2, 1.0, 9, &shown);
    pl_belief_update(belief, look_at(belief, 2, 0xffff), &shown, 0.9, scratch, &step);
    memcpy(fork_memory, belief_memory, pl_belief_size(&def));
    panels_show(bank[0], 5, 1.0, 9, &shown);
    pl_belief_update(belief, look_at(belief, 5, 0xffff), &shown, 0.9, scratch, &step);
    struct pl_belief *fork = (struct pl_belief *)(void *)fork_memory;
    pl_belief_update(fork, look_at(fork, 5, 0xffff), &shown, 0.9, scratch, &again);
    assert_memory_equal(&step, &again, sizeof step);
    assert_memory_equal(belief_memory, fork_memory, pl_belief_size(&def));
}

static void what_goes_unnoticed_changes_only_the_full_stream(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    struct pl_belief *belief = start(&def);
    panels_show(bank[0], 2, 1.0, 9, &shown);
    pl_belief_update(belief, look_at(belief, 2, 0xffff), &shown, 0.0, scratch, &step);
    assert_true(fabs(step.kl_bits[PL_BELIEF_PERCEIVED]) < 1e-12);
    assert_true(step.kl_bits[PL_BELIEF_FULL] > 1e-3);
    assert_true(step.after[PL_BELIEF_FULL].other < 1.0);
}

/** Truth bits of all looks sum to the whole way from the prior. */
static void truth_bits_are_a_ledger(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    struct pl_belief_view begin;
    struct pl_belief_view end;
    double sum = 0.0;
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    struct pl_belief *belief = start(&def);
    pl_belief_read(belief, PL_BELIEF_FULL, &begin);
    for (uint32_t i = 0; i < 4; i++) {
        panels_show(bank[PARTICLES], 3 * i, 1.0, 9, &shown);
        pl_belief_update(belief, look_at(belief, 3 * i, 0xffff), &shown, 1.0, scratch, &step);
        sum += pl_belief_truth_bits(belief, &step, PL_BELIEF_FULL, 1);
    }
    pl_belief_read(belief, PL_BELIEF_FULL, &end);
    assert_true(fabs(sum - log2(end.remedy[0] / begin.remedy[0])) < 1e-9);
}

/** A cause whose particles are not advanced any more keeps its probability. */
static void frozen_causes_stay_in_the_sums(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    struct pl_belief *belief = start(&def);
    panels_show(bank[0], 2, 1.0, 9, &shown);
    pl_belief_update(belief, look_at(belief, 2, 0xff), &shown, 1.0, scratch, &step);
    double total = step.after[0].other;
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        total += step.after[0].cause[h];
        if (h >= 8) {
            assert_true(fabs(step.after[0].cause[h] - step.before[0].cause[h]) < 1e-12);
        }
    }
    assert_true(fabs(total - 1.0) < 1e-9);
}

/** The chance of a cause that never sends the page is 0, and stays so whatever is seen. */
static void a_cause_that_cannot_be_is_never_believed(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    def.prior[3] = 0.0;
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    struct pl_belief *belief = start(&def);
    panels_show(bank[3 * PARTICLES], 2, 1.0, 9, &shown);
    pl_belief_update(belief, look_at(belief, 2, 0xffff & ~(1U << 3)), &shown, 1.0, scratch, &step);
    double total = step.after[0].other;
    for (uint32_t h = 0; h < PANELS_CAUSES; h++) {
        total += step.after[0].cause[h];
    }
    assert_true(step.before[0].cause[3] < 1e-100 && step.after[0].cause[3] < 1e-100);
    assert_true(fabs(total - 1.0) < 1e-9);
}

/** A world that is none of the causes: its readings lie outside all of them. */
static void a_world_outside_the_list_raises_the_alarm(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct panels panels;
    struct pl_feature_set shown;
    struct pl_belief_step step;
    double numbers[PANELS_NUMBERS];
    panels_draw(&panels, 3);
    panels_fill(&panels, PARTICLES, 4, bank);
    panels_world(&panels, 0, 77, numbers);
    for (uint32_t i = 0; i < PANELS_NUMBERS; i++) {
        numbers[i] += i % 2 == 0 ? 9.0 : -9.0;
    }
    struct pl_belief *belief = start(&def);
    for (uint32_t i = 0; i < 3; i++) {
        panels_show(numbers, i, 0.0, 9, &shown);
        pl_belief_update(belief, look_at(belief, i, 0xffff), &shown, 1.0, scratch, &step);
        assert_true(step.tail < 1e-3);
        assert_int_equal(step.alarm, i >= 1);
    }
    assert_int_equal(pl_belief_surprises(belief), 3);
    assert_true(step.after[PL_BELIEF_FULL].other > 0.5);
}

/** Two hundred features that differ by chance only move nothing. */
static void features_that_differ_by_chance_teach_nothing(void **state)
{
    (void)state;
    struct pl_belief_def def = define();
    struct pl_belief_step step;
    struct pl_feature_set shown;
    double belief_of_cause[PL_CAUSES_MAX];
    double moved = 0.0;
    for (uint32_t round = 0; round < 10; round++) {
        for (uint32_t row = 0; row <= ROWS; row++) {
            struct pl_feature_set *set = row < ROWS ? &sets[row] : &shown;
            set->count = 150;
            for (uint32_t i = 0; i < set->count; i++) {
                double value = pl_random_normal(pl_random_bits(round * 10000 + row, i));
                set->items[i] = (struct pl_feature){.key = i + 1, .value = (float)value};
            }
        }
        struct pl_belief *belief = start(&def);
        struct pl_evidence_def choice = pl_belief_evidence_def(belief, 0xffff, belief_of_cause);
        const struct pl_evidence *evidence =
            pl_evidence_build(&choice, sets, evidence_memory, sizeof evidence_memory);
        pl_belief_update(belief, evidence, &shown, 1.0, scratch, &step);
        moved += step.kl_bits[PL_BELIEF_FULL] / 10.0;
    }
    assert_true(moved < 0.06);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thin_belief_is_the_same_belief),
        cmocka_unit_test(a_belief_over_kept_worlds_is_that_of_a_smaller_bank),
        cmocka_unit_test(weighting_particles_is_better_than_counting_twice),
        cmocka_unit_test(a_copy_is_a_fork),
        cmocka_unit_test(what_goes_unnoticed_changes_only_the_full_stream),
        cmocka_unit_test(truth_bits_are_a_ledger),
        cmocka_unit_test(frozen_causes_stay_in_the_sums),
        cmocka_unit_test(a_cause_that_cannot_be_is_never_believed),
        cmocka_unit_test(a_world_outside_the_list_raises_the_alarm),
        cmocka_unit_test(features_that_differ_by_chance_teach_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
