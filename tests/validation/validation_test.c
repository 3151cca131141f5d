// SPDX-License-Identifier: Apache-2.0
//
// A quick subset of script/validate on a small scenario: what has to hold with few sessions.
#include "validation/proof.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *content = "tests/content";
static struct pl_proof_stand stand;
static struct pl_proof_held held;
static struct pl_proof_sturdy sturdy;

static const struct pl_proof_effort effort = {.particles = 5,
                                              .forms = 5,
                                              .fresh = 0,
                                              .held_particles = 32,
                                              .held_sessions = 1500,
                                              .repeats = 0,
                                              .seed0 = 3000,
                                              .cpu_s = 600.0,
                                              .bots = "noop,premature-map,greedy-info,oracle"};

static int open_all(void **state)
{
    (void)state;
    pl_error err = {0};
    if (pl_proof_open(&stand, content, "torn-till", &effort, &err) != PL_OK ||
        pl_proof_hold(&stand, &effort, &held, &err) != PL_OK ||
        pl_proof_run(&stand, &effort, &err) != PL_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    pl_proof_close(&stand);
    return 0;
}

/* Worst of chance: three standard errors. */
static void assert_zero(const struct pl_moments *moments)
{
    double limit = 3.0 * pl_moments_standard_error(moments);
    if (!(fabs(moments->mean) <= limit)) {
        fail_msg("%.4f is not 0 within %.4f", moments->mean, limit);
    }
}

static void expected_bits_are_the_bits_that_come(void **state)
{
    (void)state;
    assert_true(held.sessions >= 1500);
    assert_true(held.looks >= 6000);
    assert_zero(&held.gap);
    assert_zero(&held.gap_perceived);
}

static void beliefs_are_as_often_right_as_they_say(void **state)
{
    (void)state;
    assert_true(pl_ece_error(&held.ece) <= 0.03);
    assert_true(pl_ece_error(&held.top) <= 0.03 + pl_ece_chance(&held.top));
    assert_true(held.unstable < held.looks / 20);
}

static void no_session_is_left_out(void **state)
{
    (void)state;
    assert_int_equal(stand.row_count, effort.forms * stand.bot_count);
    assert_int_equal(stand.broken, 0);
}

static void the_bank_never_has_the_seed_of_a_session(void **state)
{
    (void)state;
    assert_int_equal(stand.shared_seeds, 0);
}

static void luck_has_mean_zero(void **state)
{
    (void)state;
    struct pl_moments luck = pl_proof_luck(&stand);
    assert_int_equal(luck.count, effort.forms);
    assert_zero(&luck);
}

static void the_judge_tells_who_knows_from_who_waits(void **state)
{
    (void)state;
    size_t decision = offsetof(struct pl_proof_row, decision);
    uint32_t noop = pl_proof_bot(&stand, "noop");
    uint32_t oracle = pl_proof_bot(&stand, "oracle");
    uint32_t greedy = pl_proof_bot(&stand, "greedy-info");
    struct pl_moments waits = pl_proof_over(&stand, noop, decision);
    struct pl_moments knows = pl_proof_over(&stand, oracle, decision);
    struct pl_moments looks = pl_proof_over(&stand, greedy, decision);
    assert_true(knows.mean > waits.mean + 50.0);
    assert_true(looks.mean > waits.mean + 50.0);
    assert_true(fabs(waits.mean) < 15.0);
}

static void judging_again_gives_the_same_bytes_however_commands_are_written(void **state)
{
    (void)state;
    pl_error err = {0};
    const struct pl_proof_way encoded = {.name = "encoded", .encoded = true};
    const struct pl_proof_way other = {.name = "bank", .replicate = 1};
    uint32_t bot = pl_proof_bot(&stand, "greedy-info");
    const struct pl_proof_row *first = pl_proof_row(&stand, bot, 1);
    assert_non_null(first);
    struct pl_proof_row row = {.bot = bot, .form = 1, .seed = first->seed};
    assert_int_equal(pl_proof_play(&stand, bot, first->seed, false, &err), PL_OK);
    assert_int_equal(pl_proof_judge(&stand, &effort, &encoded, false, &row, &err), PL_OK);
    assert_true(row.digest == first->digest);
    row.seed = first->seed;
    assert_int_equal(pl_proof_judge(&stand, &effort, &other, false, &row, &err), PL_OK);
    assert_true(row.digest != first->digest);
}

static void figures_and_page_are_written(void **state)
{
    (void)state;
    static struct pl_proof_list list;
    char folder[] = "/tmp/plumb-validation-XXXXXX";
    char path[128];
    char line[256];
    assert_non_null(mkdtemp(folder));
    pl_proof_figures(&stand, &held, &sturdy, &list);
    assert_true(list.count > 20);
    for (uint32_t i = 0; i < list.count; i++) {
        assert_true(list.items[i].what[0] != '\0');
        assert_true(list.items[i].verdict == PL_PROOF_ABSENT || isfinite(list.items[i].value));
    }
    const struct pl_proof_origin origin = {.date = "today", .commit = "abc", .command = "test"};
    const struct pl_proof_section section = {
        .stand = &stand, .effort = &effort, .held = &held, .sturdy = &sturdy, .list = &list};
    assert_int_equal(pl_proof_page(folder, &origin, &section, 1), 0);
    const char *const names[] = {"REPORT.md", "report.json"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_non_null(fgets(line, sizeof line, file));
        assert_int_equal(fclose(file), 0);
        assert_int_equal(remove(path), 0);
    }
    assert_int_equal(remove(folder), 0);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_bits_are_the_bits_that_come),
        cmocka_unit_test(beliefs_are_as_often_right_as_they_say),
        cmocka_unit_test(no_session_is_left_out),
        cmocka_unit_test(the_bank_never_has_the_seed_of_a_session),
        cmocka_unit_test(luck_has_mean_zero),
        cmocka_unit_test(the_judge_tells_who_knows_from_who_waits),
        cmocka_unit_test(judging_again_gives_the_same_bytes_however_commands_are_written),
        cmocka_unit_test(figures_and_page_are_written),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
