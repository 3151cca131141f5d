// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_looks.h"

#include "exam/content.h"
#include "exam/worlds.h"
#include "judge/trunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PARTICLES = 6, SESSIONS = 60 };

static char content_path[512] = "tests/content";

static struct pl_belief_def flat_belief(uint32_t causes)
{
    struct pl_belief_def belief = pl_belief_def_default();
    belief.cause_count = causes;
    belief.class_count = causes;
    belief.particles = PARTICLES;
    for (uint32_t h = 0; h < causes; h++) {
        belief.prior[h] = 1.0;
        belief.class_of[h] = h;
    }
    return belief;
}

/* Goal: some look of a till with three faults tells what it is, and held-out truths find it. */
static void looks_of_a_small_scenario_tell_its_causes_apart(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content = {0};
    struct pl_worlds *worlds = NULL;
    struct pl_pack_looks looks = {0};
    struct pl_holdout holdout;
    struct pl_temper fit;
    pl_error err = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    struct pl_worlds_def def = {.content = &content, .particles = PARTICLES, .workers = 1};
    assert_int_equal(pl_worlds_open(&worlds, &def, &err), PL_OK);
    struct pl_belief_def belief = flat_belief(content.scenario->cause_count);
    assert_int_equal(
        pl_pack_looks_take(
            pl_worlds_trunk(worlds)->bank, &belief, content.world, content.scenario, &looks, &err),
        PL_OK);
    double most = 0.0;
    for (uint32_t i = 0; i < looks.count; i++) {
        assert_true(looks.look_of[i] < pl_look_list_count(looks.list));
        assert_true(looks.appeal[i] > 0.0);
        most = looks.bits[i].mix > most ? looks.bits[i].mix : most;
    }
    assert_true(most > 0.8);
    assert_int_equal(pl_pack_looks_hold(&looks, &belief, SESSIONS, &holdout, &fit, &err), PL_OK);
    assert_int_equal(holdout.sessions, SESSIONS);
    assert_int_equal(fit.sessions, SESSIONS);
    assert_true(fit.eta >= 0.4 && fit.eta <= 1.3);
    assert_true(fit.score >= fit.score_at_1);
    assert_true(fit.score > -1.0);
    pl_pack_looks_free(&looks);
    assert_null(looks.shown);
    pl_worlds_close(worlds);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_of_a_small_scenario_tell_its_causes_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
