// SPDX-License-Identifier: Apache-2.0
#include "scenario/action.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_test_contents contents;
static void *memory;
static struct pl_state *state;

static int setup(void **unused)
{
    (void)unused;
    pl_test_contents_init(&contents);
    assert_true(pl_test_load_scenario(&contents, pl_test_world_text, pl_test_scenario_text));
    size_t size = (pl_model_size(contents.world) + 63) / 64 * 64;
    memory = aligned_alloc(64, size);
    assert_non_null(memory);
    state = pl_model_init(contents.world, memory, size, 1);
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    free(memory);
    pl_test_contents_free(&contents);
    return 0;
}

static pl_status
bind(const char *name, const char *a, const char *b, struct pl_call *call, pl_error *err)
{
    struct pl_arg_text args[2] = {{"", a}, {"", b}};
    uint32_t count = (a != NULL ? 1U : 0U) + (b != NULL ? 1U : 0U);
    memset(err, 0, sizeof *err);
    return pl_action_bind(contents.scenario, name, args, count, call, err);
}

static void arguments_are_taken_by_place_and_by_name(void **unused)
{
    (void)unused;
    struct pl_call call;
    pl_error err = {0};
    struct pl_arg_text named[2] = {{"to", "0.4"}, {"flag", "inline"}};
    assert_int_equal(pl_action_bind(contents.scenario, "flag", named, 2, &call, &err), PL_OK);
    assert_true(call.values[1] > 0.39 && call.values[1] < 0.41);
    assert_int_equal(bind("flag", "inline", "40%", &call, &err), PL_OK);
    char text[64];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_action_format(contents.scenario, &call, &buf);
    assert_string_equal(text, "flag inline 40%");
}

static void wrong_arguments_are_answered_with_what_is_right(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        const char *a;
        const char *b;
        const char *message;
    } cases[] = {
        {"flog", "x", NULL, "There is no action `flog` (did you mean `flag`?)."},
        {"flag", "inlin", "1", "`flag` cannot be `inlin` (did you mean `inline`?)."},
        {"flag", "inline", NULL, "`flag` also needs `to`."},
        {"flag", "inline", "often", "`to` is `often`; a share such as 40% or 0.4 is expected."},
        {"scale", "back", "17", "`pods` is 17; 1 to 16 is allowed."},
        {"work", "now", NULL, "`work` takes no argument `now`; expected is `work`."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_call call;
        pl_error err;
        assert_int_not_equal(bind(cases[i].name, cases[i].a, cases[i].b, &call, &err), PL_OK);
        assert_string_equal(err.message, cases[i].message);
    }
}

static uint32_t changes_of(const char *name, const char *a, const char *b, struct pl_change *out)
{
    struct pl_call call;
    pl_error err;
    uint32_t count = 0;
    assert_int_equal(bind(name, a, b, &call, &err), PL_OK);
    assert_int_equal(
        pl_action_changes(contents.world, contents.scenario, state, &call, out, &count, &err),
        PL_OK);
    return count;
}

static void an_action_becomes_changes_of_the_slice(void **unused)
{
    (void)unused;
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    pl_model_run(contents.world, state, NULL, 10 * PL_NS_PER_S);
    assert_int_equal(changes_of("flag", "inline", "1", changes), 1);
    assert_int_equal(changes[0].t_ns, 15 * PL_NS_PER_S);
    assert_int_equal(changes_of("scale", "back", "7", changes), 1);
    assert_true(changes[0].value > 3.9 && changes[0].value < 4.1); /* 7 / 2, rounded up */
    assert_int_equal(changes_of("rollback", "back", NULL, changes), 1);
    assert_true(changes[0].value > 998.9); /* nothing was deployed: the day before */
    assert_int_equal(changes_of("work", NULL, NULL, changes), 2);
    assert_true(changes[0].value > 0.9 && changes[0].value < 1.1); /* 2 cores of the fleet */
    assert_int_equal(changes[1].t_ns - changes[0].t_ns, 30 * PL_NS_PER_S);
    assert_true(changes[1].value < 0.1);
}

static void what_a_param_does_not_allow_is_refused(void **unused)
{
    (void)unused;
    struct pl_change changes[PL_ACTION_CHANGES_MAX];
    struct pl_call call;
    pl_error err;
    uint32_t count = 0;
    assert_int_equal(bind("scale", "back", "16", &call, &err), PL_OK);
    assert_int_equal(
        pl_action_changes(contents.world, contents.scenario, state, &call, changes, &count, &err),
        PL_BAD_INPUT);
    assert_string_equal(err.message, "`service.back.pods` would be 16; 0 to 8 is allowed.");
}

static void a_preview_tells_what_would_happen(void **unused)
{
    (void)unused;
    struct pl_preview *preview = malloc(sizeof *preview);
    assert_non_null(preview);
    struct pl_call call;
    pl_error err;
    assert_int_equal(bind("flag", "inline", "40%", &call, &err), PL_OK);
    assert_int_equal(
        pl_action_preview(contents.world, contents.scenario, state, &call, preview, &err), PL_OK);
    assert_string_equal(preview->text, "flag inline 40%");
    assert_string_equal(preview->touches, "users of inline");
    assert_string_equal(preview->feed.text, "to 40%");
    assert_string_equal(preview->feed.target, "inline");
    assert_int_equal(preview->effect_count, 1);
    assert_true(preview->effects[0].before < 0.11 && preview->effects[0].after > 0.39);

    /* What somebody else does for the player shows no values. */
    contents.scenario->setting.actions[call.action].blind = 1;
    assert_int_equal(
        pl_action_preview(contents.world, contents.scenario, state, &call, preview, &err), PL_OK);
    assert_int_equal(preview->effect_count, 0);
    assert_string_equal(preview->touches, "users of inline");
    contents.scenario->setting.actions[call.action].blind = 0;
    assert_int_equal(bind("scale", "back", "8", &call, &err), PL_OK);
    assert_int_equal(
        pl_action_preview(contents.world, contents.scenario, state, &call, preview, &err), PL_OK);
    /* 3 more simulated pods with 4 connections each stand for 24 of the fleet. */
    assert_non_null(strstr(preview->connections, "Opens up to 24 connections to main-db"));
    assert_true(preview->effects[0].after > 7.9 && preview->effects[0].after < 8.1);
    free(preview);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arguments_are_taken_by_place_and_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(
            wrong_arguments_are_answered_with_what_is_right, setup, teardown),
        cmocka_unit_test_setup_teardown(an_action_becomes_changes_of_the_slice, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_param_does_not_allow_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_preview_tells_what_would_happen, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
