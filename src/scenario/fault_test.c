// SPDX-License-Identifier: Apache-2.0
#include "scenario/fault.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char change_line[] = "{set: flag.inline, to: 90%, at: -60s}";
static const char vendor_line[] = "vendor.payment.latency, to: 20";

/* The scenario of the tests with its first cause written as these lines. */
static bool load_cause(const char *lines)
{
    char *first = pl_test_edited(pl_test_scenario_text, "    changes:", lines);
    char *second = pl_test_edited(first, change_line, "");
    char *text = pl_test_edited(second, vendor_line, "");
    bool good = pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text);
    free(first);
    free(second);
    free(text);
    return good;
}

static void assert_same_change(const struct pl_change_def *a, const struct pl_change_def *b)
{
    assert_string_equal(a->path, b->path);
    assert_string_equal(a->gate_path, b->gate_path);
    assert_int_equal(a->op, b->op);
    assert_int_equal(a->from_start, b->from_start);
    assert_int_equal(a->gated, b->gated);
    assert_memory_equal(&a->at_s, &b->at_s, sizeof a->at_s);
    assert_memory_equal(&a->value, &b->value, sizeof a->value);
    assert_memory_equal(&a->ramp_s, &b->ramp_s, sizeof a->ramp_s);
    assert_memory_equal(&a->jitter_s, &b->jitter_s, sizeof a->jitter_s);
    assert_memory_equal(&a->vary, &b->vary, sizeof a->vary);
    assert_memory_equal(&a->gate_value, &b->gate_value, sizeof a->gate_value);
}

/* Goal: a use and what it stands for are one and the same. Method: both ways, field by field. */
static void a_use_is_the_changes_written_out(void **unused)
{
    (void)unused;
    struct pl_change_def written[2];
    assert_true(load_cause("    changes:\n"
                           "      - {set: flag.inline, to: 80%, at: -60s, jitter: 5s}\n"
                           "      - {set: vendor.payment.latency, to: 25, at: -60s, jitter: 5s, "
                           "ramp: 10s, vary: 20%, while: {flag.inline: 80%}}"));
    const struct pl_cause *cause = &pl_test_loaded.scenario->causes[0];
    assert_int_equal(cause->change_count, 2);
    memcpy(written, &pl_test_loaded.scenario->setting.changes[cause->change0], sizeof written);
    if (!load_cause("    faults:\n"
                    "      - {use: test.hold, at: -60s, jitter: 5s, ramp: 10s, vary: 20%, with: "
                    "{flag: inline, share: 80%, factor: 25}}")) {
        fail_msg("%s", pl_test_loaded.text);
    }
    assert_int_equal(cause->change_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_same_change(&pl_test_loaded.scenario->setting.changes[cause->change0 + i],
                           &written[i]);
    }
}

static void what_is_not_given_is_left_out(void **unused)
{
    (void)unused;
    assert_true(load_cause("    faults: [{use: test.hold, at: start, with: {flag: inline}}]"));
    const struct pl_cause *cause = &pl_test_loaded.scenario->causes[0];
    assert_int_equal(cause->change_count, 1);
    const struct pl_change_def *def = &pl_test_loaded.scenario->setting.changes[cause->change0];
    assert_string_equal(def->path, "flag.inline");
    assert_int_equal(def->from_start, 1);
    assert_true(def->value > 0.89 && def->value < 0.91);
    assert_string_equal(cause->fault, "pool.long_hold");
}

static void the_gate_of_a_use_holds_for_changes_without_one(void **unused)
{
    (void)unused;
    assert_true(load_cause("    faults: [{use: test.hold, while: {service.back.release: 0}, with: "
                           "{flag: inline, factor: 3}}]"));
    const struct pl_cause *cause = &pl_test_loaded.scenario->causes[0];
    const struct pl_change_def *defs = &pl_test_loaded.scenario->setting.changes[cause->change0];
    assert_string_equal(defs[0].gate_path, "service.back.release");
    assert_string_equal(defs[1].gate_path, "flag.inline");
}

static void uses_that_cannot_be_are_told_at_their_place(void **unused)
{
    (void)unused;
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"    faults: [{use: test.hodl, with: {flag: inline}}]",
         "s.yaml:17:20: The library has no fault `test.hodl` (did you mean `test.hold`?)"},
        {"    faults: [{use: test.hold, with: {flga: inline}}]",
         "s.yaml:17:38: The fault test.hold has no parameter `flga` (did you mean `flag`?)."},
        {"    faults: [{use: test.hold, with: {share: 80%}}]",
         "The fault test.hold needs the parameter `flag` (who is affected)."},
        {"    faults: [{use: test.hold, with: {flag: inlin}}]",
         "s.yaml:17:44: `flag`: The world has no flag `inlin` (did you mean `inline`?)."},
        {"    faults: [{use: test.hold, with: {flag: inline, share: 99%}}]",
         "`share`: 99% is too large; at most 95% is allowed."},
        {"    faults: [{use: test.hold, with: {flag: inline, factor: 2s}}]",
         "`factor`: `2s` is not a factor such as 12."},
        {"    faults: [{use: test.hold, with: {flag: inline, factor: 2000}}]",
         "s.yaml:17:14: In the fault faults/test.hold.yaml:13:9: `vendor.payment.latency` would be "
         "2000"},
        {"    faults: [{use: test.hold, for: 5s, with: {flag: inline}}]",
         "No change of the fault test.hold takes up `for`."},
        {"    faults: [{use: test.hold, at: start, jitter: 5s, with: {flag: inline}}]",
         "What holds from the start has no moment that could move."},
        {"    faults: [{with: {flag: inline}}]", "use"},
        {"    faults: 3", "`faults` is a single value"},
        {"    tell: x", "This cause has no `changes` and no `faults`; nothing goes wrong."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(load_cause(cases[i].line));
        if (strstr(pl_test_loaded.text, cases[i].message) == NULL) {
            fail_msg("expected: %s\nfound:\n%s", cases[i].message, pl_test_loaded.text);
        }
    }
}

static bool load_fault(const char *find, const char *line, struct pl_fault *fault)
{
    char *text = pl_test_edited(pl_test_fault_text, find, line);
    struct pl_file file = {.path = "faults/test.hold.yaml", .text = pl_slice_of(text)};
    memset(pl_test_loaded.errors, 0, sizeof *pl_test_loaded.errors);
    bool good = pl_fault_load(&file, fault, pl_test_loaded.scratch, pl_test_loaded.errors) == PL_OK;
    free(text);
    return good;
}

static void a_fault_is_checked_without_a_world(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"fault:", "fault: test.held", "This file is named test.hold.yaml"},
        {"number:", "nummer: F01", "number"},
        {"${share}",
         "  - {set: \"flag.${flag}\", to: \"${shar}\"}",
         "`${shar}` names no parameter of this fault (did you mean `share`?)."},
        {"  vendor:", "  seller: {kind: vendor, help: x}", "`${vendor}` names no parameter"},
        {"  factor:", "  factor: {kind: factr, help: x, optional: yes}", "factor"},
        {"  share:",
         "  share: {kind: share, help: x, default: much}",
         "`default`: `much` is not a share such as 40%."},
        {"  share:",
         "  share: {kind: share, help: x, from: 50%, default: 40%}",
         "`default`: 40% is too small; at least 50% is allowed."},
        {"  share:", "  ramp: {kind: duration, help: x}", "`ramp` is given by the use itself"},
        {"tells:", "tells: 3", "`tells` is a single value"},
    };
    struct pl_fault *fault = calloc(1, sizeof *fault);
    assert_non_null(fault);
    assert_true(load_fault("title:", "title: A title", fault));
    assert_int_equal(fault->parameter_count, 4);
    assert_int_equal(fault->change_count, 2);
    assert_int_equal(fault->tell_count, 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(load_fault(cases[i].find, cases[i].line, fault));
        bool told = false;
        for (uint32_t j = 0; j < pl_test_loaded.errors->count; j++) {
            told |= strstr(pl_test_loaded.errors->items[j].message, cases[i].message) != NULL;
        }
        if (!told) {
            fail_msg("expected: %s\nfound: %s",
                     cases[i].message,
                     pl_test_loaded.errors->items[0].message);
        }
    }
    free(fault);
}

static void a_parameter_that_no_change_names_is_a_mistake(void **unused)
{
    (void)unused;
    struct pl_fault *fault = calloc(1, sizeof *fault);
    assert_non_null(fault);
    assert_false(load_fault("    to: ${factor}", "    to: 3", fault));
    assert_string_equal(pl_test_loaded.errors->items[0].message,
                        "No change names the parameter `factor`.");
    assert_int_equal(pl_test_loaded.errors->items[0].pos.line, 9);
    free(fault);
}

/* A fault cut anywhere is a good one or one with mistakes, and never more than that. */
static void a_fault_may_be_cut_anywhere(void **unused)
{
    (void)unused;
    struct pl_fault *fault = calloc(1, sizeof *fault);
    assert_non_null(fault);
    struct pl_file file = {.path = "faults/test.hold.yaml"};
    for (size_t size = 0; size < strlen(pl_test_fault_text); size += 3) {
        file.text = (pl_slice){pl_test_fault_text, size};
        memset(pl_test_loaded.errors, 0, sizeof *pl_test_loaded.errors);
        pl_status status =
            pl_fault_load(&file, fault, pl_test_loaded.scratch, pl_test_loaded.errors);
        assert_int_equal(status == PL_OK, pl_test_loaded.errors->count == 0);
    }
    free(fault);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, pl_test_contents_setup, pl_test_contents_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_use_is_the_changes_written_out),
        TEST(what_is_not_given_is_left_out),
        TEST(the_gate_of_a_use_holds_for_changes_without_one),
        TEST(uses_that_cannot_be_are_told_at_their_place),
        TEST(a_fault_is_checked_without_a_world),
        TEST(a_parameter_that_no_change_names_is_a_mistake),
        TEST(a_fault_may_be_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
