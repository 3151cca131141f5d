// SPDX-License-Identifier: Apache-2.0
//
// Expected bits against exact mutual information, and against the bits that sessions really give.
#include "judge/eig.h"

#include "base/random.h"
#include "support/panels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PARTICLES = 32, ROWS = PANELS_CAUSES * PARTICLES };

static double bank[ROWS][PANELS_NUMBERS];
static struct pl_feature_set sets[ROWS];
static _Alignas(16) char belief_memory[1 << 20];
static _Alignas(16) char evidence_memory[2000000];
static _Alignas(16) char scratch[400000];
static _Alignas(16) char eig_scratch[100000];

static struct pl_belief_def define(double other)
{
    struct pl_belief_def def = panels_belief(PARTICLES);
    def.other = other;
    return def;
}

static struct pl_belief *start(const struct pl_belief_def *def)
{
    assert_true(pl_belief_size(def) <= sizeof belief_memory);
    assert_true(pl_eig_scratch_size(def) <= sizeof eig_scratch);
    return pl_belief_init(def, belief_memory, sizeof belief_memory);
}

static struct pl_evidence *look_at(const struct pl_belief *belief, uint32_t panel)
{
    double belief_of_cause[PL_CAUSES_MAX];
    struct pl_evidence_def def = pl_belief_evidence_def(belief, 0xffff, belief_of_cause);
    panels_show_all(bank, ROWS, panel, sets);
    return pl_evidence_build(&def, sets, evidence_memory, sizeof evidence_memory);
}

/** Exact mutual information of a panel about the cause, by sampling the true law. */
static double exact_bits(const struct panels *panels, uint32_t panel)
{
    enum { SAMPLES = 3000 };
    double sum = 0.0;
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double numbers[PANELS_NUMBERS];
        double posterior[PANELS_CAUSES];
        uint32_t cause = i % PANELS_CAUSES;
        panels_world(panels, cause, pl_random_child(999, i), numbers);
        panels_posterior(panels, numbers, &panel, 1, posterior);
        sum += log2(posterior[cause] * PANELS_CAUSES);
    }
    return sum / SAMPLES;
}

/** In-sample is too high, leave-one-out too low, the mix close. */
static void the_bracket_holds_the_exact_information(void **state)
{
    (void)state;
    enum { LOOKS = 8 };
    struct pl_belief_def def = define(1e-6);
    def.misread = 0.0;
    struct panels panels;
    double in = 0.0;
    double loo = 0.0;
    double mix = 0.0;
    double exact = 0.0;
    panels_draw(&panels, 21);
    panels_fill(&panels, PARTICLES, 22, bank);
    const struct pl_belief *belief = start(&def);
    const struct pl_eig_def how = {.stream = PL_BELIEF_FULL, .draws = 1, .key = 5};
    for (uint32_t panel = 0; panel < LOOKS; panel++) {
        struct pl_eig eig;
        pl_eig_look(belief, look_at(belief, panel), &how, eig_scratch, &eig);
        assert_true(eig.cause.in > eig.cause.loo);
        assert_true(eig.remedy.mix <= eig.cause.mix + 1e-9);
        assert_true(eig.cause.se > 0.0 && eig.cause.se < 0.2);
        in += eig.cause.in / LOOKS;
        loo += eig.cause.loo / LOOKS;
        mix += eig.cause.mix / LOOKS;
        exact += exact_bits(&panels, panel) / LOOKS;
    }
    assert_true(in > exact && loo < exact);
    assert_true(fabs(mix - exact) < 0.08);
}

/** Over sessions, what looks gave is what they were expected to give without the particle itself:
 *  readings of new worlds are never among the particles. */
static void bits_given_are_bits_expected(void **state)
{
    (void)state;
    enum { SESSIONS = 160, LOOKS = 3 };
    struct pl_belief_def def = define(1e-6);
    struct panels panels;
    double sum[PL_BELIEF_STREAM_COUNT] = {0};
    double square[PL_BELIEF_STREAM_COUNT] = {0};
    for (uint32_t session = 0; session < SESSIONS; session++) {
        uint64_t key = pl_random_child(31, session);
        uint32_t truth = session % PANELS_CAUSES;
        double numbers[PANELS_NUMBERS];
        double difference[PL_BELIEF_STREAM_COUNT] = {0};
        panels_draw(&panels, key);
        panels_fill(&panels, PARTICLES, pl_random_child(key, 1), bank);
        panels_world(&panels, truth, pl_random_child(key, 2), numbers);
        struct pl_belief *belief = start(&def);
        for (uint32_t i = 0; i < LOOKS; i++) {
            uint32_t panel = (session + 5 * i) % PANELS_COUNT;
            const struct pl_evidence *evidence = look_at(belief, panel);
            struct pl_belief_step step;
            struct pl_feature_set shown;
            for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
                const struct pl_eig_def how = {.stream = s, .draws = 2, .key = key};
                struct pl_eig eig;
                pl_eig_look(belief, evidence, &how, eig_scratch, &eig);
                difference[s] -= eig.remedy.loo;
            }
            panels_show(numbers, panel, 0.0, key, &shown);
            struct pl_belief_step full;
            static _Alignas(16) char copy[sizeof belief_memory];
            memcpy(copy, belief_memory, pl_belief_size(&def));
            pl_belief_update(belief, evidence, &shown, 1.0, scratch, &full);
            difference[0] += pl_belief_truth_bits(belief, &full, PL_BELIEF_FULL, truth);
            // The perceived stream reads with noise; go on from there in both.
            memcpy(belief_memory, copy, pl_belief_size(&def));
            panels_show(numbers, panel, 1.0, key, &shown);
            pl_belief_update(belief, evidence, &shown, 1.0, scratch, &step);
            difference[1] += pl_belief_truth_bits(belief, &step, PL_BELIEF_PERCEIVED, truth);
        }
        for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
            sum[s] += difference[s] / SESSIONS;
            square[s] += difference[s] * difference[s] / SESSIONS;
        }
    }
    for (uint32_t s = 0; s < PL_BELIEF_STREAM_COUNT; s++) {
        double error = sqrt((square[s] - sum[s] * sum[s]) / SESSIONS);
        assert_true(error < 0.15);
        assert_true(fabs(sum[s]) < 2.0 * error + 0.03);
    }
}

enum { FEW = 8, FEW_ROWS = PANELS_CAUSES * FEW };

/** A curve of a world: most of it is the world's chance, a little its cause. */
static void show_curve(uint32_t cause, uint64_t chance, struct pl_feature_set *set)
{
    memset(set, 0, sizeof *set);
    set->count = PANELS_WIDTH;
    for (uint32_t i = 0; i < PANELS_WIDTH; i++) {
        double lift = (cause >> i & 1) != 0 ? 1.0 : 0.0;
        set->items[i] = (struct pl_feature){
            .key = i + 1,
            .value = (float)(lift + 0.5 * pl_random_normal(pl_random_bits(chance, i))),
        };
    }
}

/** What a look gave in one session, less what it was expected to: with its position left out under
 *  its own cause, and under all. */
static void play_curve(const struct pl_belief_def *def, uint32_t session, double *gap)
{
    uint64_t key = pl_random_child(77, session);
    uint32_t truth = session % PANELS_CAUSES;
    double of_cause[PL_CAUSES_MAX];
    struct pl_feature_set shown;
    struct pl_belief_step step;
    for (uint32_t row = 0; row < FEW_ROWS; row++) {
        show_curve(row / FEW, pl_random_child(key, row % FEW), &sets[row]);
    }
    show_curve(truth, pl_random_child(key, FEW), &shown);
    struct pl_belief *belief = start(def);
    struct pl_evidence_def choice = pl_belief_evidence_def(belief, 0xffff, of_cause);
    const struct pl_evidence *evidence =
        pl_evidence_build(&choice, sets, evidence_memory, sizeof evidence_memory);
    for (uint32_t apart = 0; apart < 2; apart++) {
        const struct pl_eig_def how = {.stream = PL_BELIEF_FULL, .draws = 1, .apart = apart != 0};
        struct pl_eig eig;
        pl_eig_look(belief, evidence, &how, eig_scratch, &eig);
        gap[apart] = -eig.remedy.loo;
    }
    pl_belief_update(belief, evidence, &shown, 1.0, scratch, &step);
    gap[0] += pl_belief_truth_bits(belief, &step, PL_BELIEF_FULL, truth);
    gap[1] += pl_belief_truth_bits(belief, &step, PL_BELIEF_FULL, truth);
}

/** Particles of one position share their chance, as those of a bank do. A true world shares it with
 *  none, so bits gained are those expected only when the position is left out under all causes;
 *  left out under its own alone, its twins say how it differs from every other cause. */
static void twins_of_a_particle_are_left_out_with_it(void **state)
{
    (void)state;
    enum { SESSIONS = 640 };
    struct pl_belief_def def = panels_belief(FEW);
    double sum[2] = {0};
    double square = 0.0;
    for (uint32_t session = 0; session < SESSIONS; session++) {
        double gap[2];
        play_curve(&def, session, gap);
        sum[0] += gap[0] / SESSIONS;
        sum[1] += gap[1] / SESSIONS;
        square += gap[1] * gap[1] / SESSIONS;
    }
    double error = sqrt((square - sum[1] * sum[1]) / SESSIONS);
    assert_true(fabs(sum[1]) < 2.0 * error);
    assert_true(fabs(sum[0]) > 4.0 * error);
}

static void a_look_that_shows_no_difference_is_worth_nothing(void **state)
{
    (void)state;
    struct pl_belief_def def = define(0.05);
    const struct pl_belief *belief = start(&def);
    const struct pl_eig_def how = {.stream = PL_BELIEF_PERCEIVED, .draws = 4, .key = 5};
    struct pl_evidence_def choice = {
        .cause_count = PANELS_CAUSES, .particles = PARTICLES, .live = 0xffff};
    struct pl_eig eig;
    memset(sets, 0, sizeof sets);
    const struct pl_evidence *evidence =
        pl_evidence_build(&choice, sets, evidence_memory, sizeof evidence_memory);
    pl_eig_look(belief, evidence, &how, eig_scratch, &eig);
    assert_true(fabs(eig.remedy.mix) < 1e-12 && fabs(eig.cause.in) < 1e-12);
}

/** Rows of densities are what the filter would do with such a reading. */
static void densities_follow_the_rule_of_the_filter(void **state)
{
    (void)state;
    static float log_density[ROWS * (PANELS_CAUSES + 1)];
    struct pl_belief_def def = define(0.05);
    struct panels panels;
    struct pl_belief_step step;
    panels_draw(&panels, 21);
    panels_fill(&panels, PARTICLES, 22, bank);
    struct pl_belief *belief = start(&def);
    const struct pl_eig_def how = {.stream = PL_BELIEF_FULL, .draws = 1, .key = 5};
    const struct pl_evidence *evidence = look_at(belief, 4);
    pl_eig_densities(belief, evidence, &how, eig_scratch, log_density);
    uint32_t row = 5 * PARTICLES + 3;
    pl_belief_update(belief, evidence, &sets[row], 1.0, scratch, &step);
    const float *densities = log_density + (size_t)row * (PANELS_CAUSES + 1);
    const struct pl_belief_view *before = &step.before[PL_BELIEF_FULL];
    const struct pl_belief_view *after = &step.after[PL_BELIEF_FULL];
    // Any two causes but the row's own, which is fitted without the row.
    double expected = (double)densities[7] - (double)densities[2];
    double got = log(after->cause[7] / after->cause[2]) - log(before->cause[7] / before->cause[2]);
    assert_true(fabs(got - expected) < 1e-4);
    double other = (double)densities[PANELS_CAUSES] - (double)densities[2];
    got = log(after->other / after->cause[2]) - log(before->other / before->cause[2]);
    assert_true(fabs(got - other) < 1e-4);
}

/** Information about distinctions that change no remedy earns nothing. */
static void causes_of_one_class_need_not_be_told_apart(void **state)
{
    (void)state;
    struct pl_belief_def def = define(0.05);
    struct panels panels;
    struct pl_eig eig;
    def.class_count = 1;
    memset(def.class_of, 0, sizeof def.class_of);
    panels_draw(&panels, 21);
    panels_fill(&panels, PARTICLES, 22, bank);
    const struct pl_belief *belief = start(&def);
    const struct pl_eig_def how = {.stream = PL_BELIEF_FULL, .draws = 1, .key = 5};
    pl_eig_look(belief, look_at(belief, 4), &how, eig_scratch, &eig);
    assert_true(eig.cause.mix > 0.2);
    assert_true(eig.remedy.mix < 0.08); // what is left is about "other"
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bracket_holds_the_exact_information),
        cmocka_unit_test(bits_given_are_bits_expected),
        cmocka_unit_test(twins_of_a_particle_are_left_out_with_it),
        cmocka_unit_test(a_look_that_shows_no_difference_is_worth_nothing),
        cmocka_unit_test(densities_follow_the_rule_of_the_filter),
        cmocka_unit_test(causes_of_one_class_need_not_be_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
