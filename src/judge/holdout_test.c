// SPDX-License-Identifier: Apache-2.0
#include "judge/holdout.h"

#include "base/random.h"
#include "support/panels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PARTICLES = 25, ROWS = PANELS_CAUSES * PARTICLES };

/** A bank of panels in which every world shows every panel. */
struct shop {
    struct panels law;
    struct pl_belief_def belief;
    struct pl_holdout_def def;
    uint8_t there[PANELS_COUNT];
    double appeal[PANELS_COUNT];
    struct pl_feature_set shown[PANELS_COUNT * ROWS];
};

static struct shop *open_shop(void)
{
    struct shop *shop = calloc(1, sizeof *shop);
    double numbers[PANELS_NUMBERS];
    assert_non_null(shop);
    panels_draw(&shop->law, 5);
    shop->belief = panels_belief(PARTICLES - 1);
    for (uint32_t row = 0; row < ROWS; row++) {
        panels_world(&shop->law, row / PARTICLES, pl_random_child(9, row), numbers);
        for (uint32_t i = 0; i < PANELS_COUNT; i++) {
            panels_show(numbers, i, 0.0, 0, &shop->shown[i * ROWS + row]);
        }
    }
    for (uint32_t i = 0; i < PANELS_COUNT; i++) {
        shop->there[i] = 1;
        shop->appeal[i] = 1.0;
    }
    shop->def = (struct pl_holdout_def){.belief = &shop->belief,
                                        .shown = shop->shown,
                                        .there = shop->there,
                                        .appeal = shop->appeal,
                                        .look_count = PANELS_COUNT,
                                        .particles = PARTICLES,
                                        .sessions = 150,
                                        .looks = 4,
                                        .seed = 3};
    return shop;
}

static struct pl_holdout held_out(const struct pl_holdout_def *def)
{
    struct pl_holdout holdout;
    size_t size = pl_holdout_size(def);
    void *memory = aligned_alloc(64, size);
    assert_non_null(memory);
    pl_holdout_run(def, memory, size, &holdout);
    free(memory);
    return holdout;
}

/* Goal: in a world that the judge's model fits, beliefs are calibrated, and the ledger closes. */
static void worlds_of_the_same_law_are_believed_rightly(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct pl_holdout holdout = held_out(&shop->def);
    struct pl_holdout again = held_out(&shop->def);
    double se = pl_moments_standard_error(&holdout.gap);
    print_message("calibration error %.3f (chance %.3f), ledger %+.2f +- %.2f bits\n",
                  pl_ece_error(&holdout.top),
                  pl_ece_chance(&holdout.top),
                  holdout.gap.mean,
                  se);
    assert_memory_equal(&holdout, &again, sizeof holdout);
    assert_int_equal(holdout.sessions, 150);
    assert_int_equal(holdout.looks, 600);
    assert_true(pl_ece_error(&holdout.top) < 0.12);
    assert_true(fabs(holdout.gap.mean) < 4.0 * se);
    free(shop);
}

/* Goal: the same panel twice is not two panels: its noise is the same noise. */
static void a_second_look_at_a_panel_counts_once(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    for (uint32_t i = 2; i < 8; i++) {
        memcpy(&shop->shown[i * ROWS], &shop->shown[i % 2 * ROWS], ROWS * sizeof shop->shown[0]);
    }
    for (uint32_t i = 8; i < PANELS_COUNT; i++) {
        shop->there[i] = 0;
    }
    shop->def.looks = 8;
    struct pl_holdout holdout = held_out(&shop->def);
    double se = pl_moments_standard_error(&holdout.gap);
    print_message(
        "two panels four times: calibration error %.3f (chance %.3f), ledger %+.2f +- %.2f\n",
        pl_ece_error(&holdout.top),
        pl_ece_chance(&holdout.top),
        holdout.gap.mean,
        se);
    assert_true(pl_ece_error(&holdout.top) < 0.12);
    assert_true(holdout.gap.mean > -0.5);
    free(shop);
}

/* Goal: the measure sees a judge that is too sure. */
static void too_fast_a_learner_is_found_out(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    struct pl_holdout fair = held_out(&shop->def);
    shop->belief.eta = 4.0;
    struct pl_holdout rash = held_out(&shop->def);
    assert_true(pl_ece_error(&rash.top) > pl_ece_error(&fair.top) + 0.03);
    free(shop);
}

static void looks_that_nobody_can_take_are_not_taken(void **state)
{
    (void)state;
    struct shop *shop = open_shop();
    for (uint32_t i = 1; i < PANELS_COUNT; i++) {
        shop->there[i] = 0;
    }
    struct pl_holdout holdout = held_out(&shop->def);
    assert_int_equal(holdout.looks, holdout.sessions);
    free(shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_of_the_same_law_are_believed_rightly),
        cmocka_unit_test(a_second_look_at_a_panel_counts_once),
        cmocka_unit_test(too_fast_a_learner_is_found_out),
        cmocka_unit_test(looks_that_nobody_can_take_are_not_taken),
    };
    return cmocka_run_group_tests_name("holdout", tests, NULL, NULL);
}
