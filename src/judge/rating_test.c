// SPDX-License-Identifier: Apache-2.0
#include "judge/rating.h"

#include "base/fmath.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { INCIDENTS = 60, MOMENTS = 8, CHOICES = INCIDENTS * MOMENTS, OPTIONS = 6 };

/* Choices of somebody whose temperature is known. */
static void choose(struct pl_rating_choice *choices, double temperature, uint64_t key)
{
    for (uint32_t i = 0; i < CHOICES; i++) {
        struct pl_rating_choice *choice = &choices[i];
        double weights[OPTIONS];
        double total = 0.0;
        memset(choice, 0, sizeof *choice);
        choice->incident = i / MOMENTS;
        choice->count = OPTIONS;
        for (uint32_t a = 1; a < OPTIONS; a++) {
            choice->regrets[a] = 0.5 * pl_random_unit(pl_random_bits(key, i * 64 + a));
        }
        for (uint32_t a = 0; a < OPTIONS; a++) {
            weights[a] = pl_exp(-choice->regrets[a] / temperature);
            total += weights[a];
        }
        double unit = total * pl_random_unit(pl_random_bits(key, i * 64 + 63));
        while (choice->chosen + 1 < OPTIONS && unit >= weights[choice->chosen]) {
            unit -= weights[choice->chosen++];
        }
    }
}

static void the_temperature_of_a_known_player_is_found(void **state)
{
    (void)state;
    static const double known[] = {0.02, 0.08, 0.3};
    static struct pl_rating_choice choices[CHOICES];
    double before = 0.0;
    for (uint32_t i = 0; i < 3; i++) {
        choose(choices, known[i], 100 + i);
        struct pl_rating rating = pl_rating_fit(choices, CHOICES, INCIDENTS);
        assert_true(rating.given);
        assert_true(rating.log_se > 0.0 && rating.log_se < 0.6);
        assert_true(fabs(pl_log(rating.temperature / known[i])) < 3.0 * rating.log_se);
        assert_true(rating.temperature > before);
        before = rating.temperature;
    }
}

static void who_never_errs_or_never_cares_has_no_temperature(void **state)
{
    (void)state;
    static struct pl_rating_choice choices[CHOICES];
    choose(choices, 0.1, 7);
    for (uint32_t i = 0; i < CHOICES; i++) {
        choices[i].chosen = 0;
    }
    assert_false(pl_rating_fit(choices, CHOICES, INCIDENTS).given);
    for (uint32_t i = 0; i < CHOICES; i++) {
        choices[i].chosen = OPTIONS - 1;
    }
    assert_false(pl_rating_fit(choices, CHOICES, INCIDENTS).given);
    assert_false(pl_rating_fit(NULL, 0, 1).given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_temperature_of_a_known_player_is_found),
        cmocka_unit_test(who_never_errs_or_never_cares_has_no_temperature),
    };
    return cmocka_run_group_tests_name("rating", tests, NULL, NULL);
}
