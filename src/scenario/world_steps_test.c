// SPDX-License-Identifier: Apache-2.0
#include "scenario/world_steps.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct pl_step *step_of(uint32_t route, uint32_t position)
{
    const struct pl_route *r = &pl_test_loaded.world->routes[route];
    assert_true(position < r->step_count);
    return &pl_test_loaded.world->steps[r->step0 + position];
}

static void blocks_become_a_flat_program_with_jumps(void **unused)
{
    (void)unused;
    static const uint32_t page[] = {PL_OP_CPU, PL_OP_GET, PL_OP_CALL, PL_OP_PUT};
    static const uint32_t order[] = {PL_OP_CPU,
                                     PL_OP_ACQUIRE,
                                     PL_OP_QUERY,
                                     PL_OP_LOCK,
                                     PL_OP_CALL,
                                     PL_OP_QUERY,
                                     PL_OP_RELEASE,
                                     PL_OP_PUBLISH,
                                     PL_OP_AWAIT};
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    assert_int_equal(pl_test_loaded.world->routes[0].step_count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(step_of(0, i)->op, page[i]);
    }
    assert_int_equal(step_of(0, 1)->skip_to, 4);
    assert_int_equal(pl_test_loaded.world->routes[1].step_count, 9);
    for (uint32_t i = 0; i < 9; i++) {
        assert_int_equal(step_of(1, i)->op, order[i]);
    }
    const struct pl_step *call = step_of(1, 4);
    assert_string_equal(call->label, "inline-pay");
    assert_int_equal(call->flag, 0);
    assert_true(call->times > 2.9 && call->times < 3.1);
    assert_int_equal(call->vendor, 0);
}

static void a_condition_on_a_block_skips_all_of_it(void **unused)
{
    (void)unused;
    char *text = pl_test_edited(pl_test_world_text,
                                "sleep: 5ms",
                                "        - when: {flag: inline, else: yes, steps: [{cpu: 1ms}, "
                                "{sleep: 2ms}]}\n"
                                "        - parallel: [{sleep: 1ms}, {sleep: 2ms}]\n"
                                "          share: 50%\n"
                                "        - sleep: 3ms");
    assert_true(pl_test_load_world(&pl_test_loaded, text));
    free(text);
    assert_int_equal(step_of(2, 0)->op, PL_OP_SKIP);
    assert_int_equal(step_of(2, 0)->flag_else, 1);
    assert_int_equal(step_of(2, 0)->skip_to, 3);
    assert_int_equal(step_of(2, 3)->op, PL_OP_SKIP);
    assert_int_equal(step_of(2, 3)->skip_to, 7);
    assert_int_equal(step_of(2, 4)->op, PL_OP_PARALLEL);
    assert_int_equal(step_of(2, 4)->span, 2);
}

static void a_shard_is_a_condition(void **unused)
{
    (void)unused;
    char *text =
        pl_test_edited(pl_test_world_text,
                       "sleep: 5ms",
                       "        - {hold: main-db, when: shard 2/4, steps: [{query: read}]}\n"
                       "        - {cpu: 1ms, when: shard 1/2}");
    assert_true(pl_test_load_world(&pl_test_loaded, text));
    free(text);
    assert_int_equal(step_of(2, 0)->op, PL_OP_SKIP);
    assert_int_equal(step_of(2, 0)->shards, 4);
    assert_int_equal(step_of(2, 0)->shard, 1);
    assert_int_equal(step_of(2, 0)->skip_to, 4);
    assert_int_equal(step_of(2, 4)->op, PL_OP_CPU);
    assert_int_equal(step_of(2, 4)->shards, 2);
    assert_int_equal(step_of(2, 4)->shard, 0);
}

static void steps_that_make_no_sense_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"        - {cpu: 1ms, sleep: 2ms}", "This step has two operators, `cpu` and `sleep`"},
        {"        - {label: x}", "This step has no operator"},
        {"        - {cpu: 1ms, poll: 2ms}", "`poll` means nothing beside `cpu`."},
        {"        - {cpu: 1ms, when: inline}",
         "`flag NAME`, `not flag NAME` or `shard 1/4` is expected"},
        {"        - {cpu: 1ms, when: shard 5/4}", "`5/4` is no shard; one such as 2/4"},
        {"        - {cpu: 1ms, when: shard 0/4}", "`0/4` is no shard"},
        {"        - {cpu: 1ms, when: shard 1}", "`1` is no shard"},
        {"        - {cpu: 1ms, when: shard 1/65}", "at most 64 in all"},
        {"        - {lock: stock}", "A row lock needs a transaction"},
        {"        - {hold: main-db}", "`hold` needs `steps`."},
        {"        - {hold: {pool: main-db, steps: [{hold: {pool: main-db, steps: []}}]}}",
         "`hold` does not nest"},
        {"        - {parallel: []}", "`parallel` needs at least one step."},
        {"        - {parallel: [{parallel: [{cpu: 1ms}]}]}", "A branch of `parallel` is one step"},
        {"        - [1]", "`step` is a list; a map"},
        {"        - {cpu: 1ms, label: a}\n        - {cpu: 1ms, label: a}",
         "The label `a` is used twice in this route."},
        {"        - {times: -1, cpu: 1ms}", "`times` is -1; 0 to 1000 is allowed."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_test_refuse_world("sleep: 5ms", cases[i].line, cases[i].message);
    }
}

static void depth_and_number_of_steps_are_bounded(void **unused)
{
    (void)unused;
    static char memory[32768];
    struct pl_buf text;
    pl_buf_init(&text, memory, sizeof memory);
    pl_buf_puts(&text, "        - ");
    for (uint32_t i = 0; i < 12; i++) {
        pl_buf_puts(&text, "{when: {flag: inline, steps: [");
    }
    pl_buf_puts(&text, "{cpu: 1ms}");
    for (uint32_t i = 0; i < 12; i++) {
        pl_buf_puts(&text, "]}}");
    }
    pl_test_refuse_world("sleep: 5ms", memory, "nested deeper than the 10 that are allowed");
    pl_buf_clear(&text);
    for (uint32_t i = 0; i < PL_STEPS_MAX + 1; i++) {
        pl_buf_puts(&text, "        - cpu: 1ms\n");
    }
    assert_false(text.overflow);
    pl_test_refuse_world("sleep: 5ms", memory, "more than 512 steps");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_become_a_flat_program_with_jumps,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_shard_is_a_condition, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(a_condition_on_a_block_skips_all_of_it,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(steps_that_make_no_sense_are_refused,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(depth_and_number_of_steps_are_bounded,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
