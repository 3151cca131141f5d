// SPDX-License-Identifier: Apache-2.0
#include "judge/report.h"

#include "text/json_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OUT_SIZE = 1 << 16 };

static char memory[OUT_SIZE];

/* The caller owns the tree. */
static json_t *written(const struct pl_report *report)
{
    struct pl_buf out;
    json_t *json = NULL;
    pl_error err = {0};
    pl_buf_init(&out, memory, sizeof memory);
    pl_report_json(report, &out);
    assert_false(out.overflow);
    assert_int_equal(pl_json_in_load((pl_slice){out.data, out.size}, OUT_SIZE, NULL, &json, &err),
                     PL_OK);
    return json;
}

static struct pl_report *small_report(void)
{
    struct pl_report *report = calloc(1, sizeof *report);
    assert_non_null(report);
    snprintf(report->scenario, sizeof report->scenario, "slow-till");
    snprintf(report->cause, sizeof report->cause, "lock");
    report->seed = 7;
    report->class_count = 2;
    snprintf(report->classes[0], sizeof report->classes[0], "lock");
    snprintf(report->classes[1], sizeof report->classes[1], "pool");
    report->belief_count = 1;
    report->beliefs[0] =
        (struct pl_report_belief){.t_s = 0.0, .entropy_bits = 1.0, .classes = {0.5, 0.5}};
    report->move_count = 2;
    report->moves[0] = (struct pl_report_move){.seq = 1,
                                               .t_s = 30.0,
                                               .kind = "look",
                                               .text = "alerts",
                                               .bits = pl_figure_of(0.4, 0.02),
                                               .bits_expected = pl_figure_of(0.5, 0.03)};
    report->moves[1] = (struct pl_report_move){.seq = 2,
                                               .t_s = 60.0,
                                               .kind = "act",
                                               .text = "restart till",
                                               .value = pl_figure_of(0.2, 0.01),
                                               .regret = pl_figure_of(0.1, 0.015),
                                               .label = PL_LABEL_ERROR};
    report->damage = pl_figure_exact(0.3);
    report->damage_adjusted = pl_figure_of(0.25, 0.02);
    report->score = pl_figure_of(55.0, 6.0);
    return report;
}

static void fixed_fields_are_there(void **state)
{
    (void)state;
    static const char *const fields[] = {"scenario",
                                         "seed",
                                         "cause",
                                         "moves",
                                         "belief",
                                         "damage",
                                         "damage_noop",
                                         "damage_adjusted",
                                         "luck",
                                         "profile",
                                         "score",
                                         "cpu_s"};
    static const char *const move_fields[] = {"seq",
                                              "t_s",
                                              "kind",
                                              "text",
                                              "bits",
                                              "bits_expected",
                                              "bits_best",
                                              "value",
                                              "regret",
                                              "label",
                                              "se"};
    struct pl_report *report = small_report();
    json_t *json = written(report);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        assert_non_null(json_object_get(json, fields[i]));
    }
    const json_t *move = json_array_get(json_object_get(json, "moves"), 1);
    for (size_t i = 0; i < sizeof move_fields / sizeof move_fields[0]; i++) {
        assert_non_null(json_object_get(move, move_fields[i]));
    }
    assert_string_equal(json_string_value(json_object_get(move, "label")), "error");
    assert_true(json_is_number(json_object_get(move, "se")));
    assert_int_equal((int)json_array_size(json_object_get(json, "belief")), 1);
    json_decref(json);
    free(report);
}

static void what_is_not_given_is_null(void **state)
{
    (void)state;
    struct pl_report *report = small_report();
    json_t *json = written(report);
    const json_t *look = json_array_get(json_object_get(json, "moves"), 0);
    assert_true(json_is_null(json_object_get(look, "regret")));
    assert_true(json_is_number(json_object_get(look, "se")));
    assert_true(json_is_null(json_object_get(json, "damage_noop")));
    assert_true(json_is_number(json_object_get(json, "damage")));
    const json_t *luck = json_object_get(json, "luck");
    assert_true(json_is_null(json_object_get(luck, "value")));
    assert_true(json_is_null(json_object_get(luck, "se")));
    json_decref(json);
    free(report);
}

static void notes_past_the_last_are_dropped(void **state)
{
    (void)state;
    struct pl_report *report = small_report();
    for (uint32_t i = 0; i < PL_REPORT_NOTES_MAX + 3; i++) {
        pl_report_note(report, "Number %u can't be judged.", i);
    }
    json_t *json = written(report);
    const json_t *notes = json_object_get(json, "notes");
    assert_int_equal((int)json_array_size(notes), PL_REPORT_NOTES_MAX);
    assert_string_equal(json_string_value(json_array_get(notes, 1)), "Number 1 can't be judged.");
    json_decref(json);
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_fields_are_there),
        cmocka_unit_test(what_is_not_given_is_null),
        cmocka_unit_test(notes_past_the_last_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
