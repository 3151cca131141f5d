// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char memory[8192];
static struct pl_buf buf;

static void setup_result(struct pl_bench_result *result)
{
    pl_bench_result_init(result, "fork");
    result->runs = 5;
    result->state_bytes = 2048;
    result->used_bytes = 1024;
    result->fork_us = 2.5;
    result->memcpy_us = 2.0;
    result->memcpy_ratio = 1.25;
    result->limit_ratio = 1.25;
    result->right = true;
    strncpy(result->note, "forks", sizeof result->note - 1);
    strncpy(result->check, "as it should be", sizeof result->check - 1);
    pl_buf_init(&buf, memory, sizeof memory);
}

static void what_does_not_apply_is_null(void **state)
{
    static const struct pl_bench_about about = {"box", "cc", "abc"};
    struct pl_bench_result result;
    struct pl_json_out out;
    (void)state;
    setup_result(&result);
    pl_json_out_begin(&out, &buf);
    pl_bench_page_json(&result, &about, &out);
    pl_json_out_end(&out);
    static const char start[] =
        "{\"name\":\"fork\",\"ns_per_request\":null,\"events_per_request\":null,"
        "\"state_bytes\":2048,\"limit_ratio\":1.25,\"runs\":5,\"machine\":\"box\","
        "\"compiler\":\"cc\",\"commit\":\"abc\",\"right\":true";
    assert_memory_equal(memory, start, strlen(start));
    assert_non_null(strstr(memory, "\"rollouts_per_s\":null"));
    assert_non_null(strstr(memory, "\"fork_us\":2.5"));
}

static void a_row_says_it_in_words(void **state)
{
    struct pl_bench_result result;
    (void)state;
    setup_result(&result);
    pl_bench_page_row(&result, &buf);
    assert_non_null(strstr(memory, "2 KiB  right\n    forks; silent; 5 runs\n"));
    assert_non_null(
        strstr(memory, "2.50 us per fork; a memcpy of the same 1 KiB takes 2.00 us: 1.25 times\n"));
    assert_null(strstr(memory, "rollouts/s"));
    assert_null(strstr(memory, "nan"));
    pl_buf_clear(&buf);
    result.right = false;
    result.rollouts_per_s = 1234.0;
    result.cpu_s = 0.25;
    result.simulated_s = 2400.0;
    result.timeout_extra = 0.031;
    pl_bench_page_row(&result, &buf);
    assert_non_null(strstr(memory, "WRONG"));
    assert_non_null(strstr(memory, "1234 rollouts/s on one core;"));
    assert_non_null(strstr(memory, "0.250 s of processor time for 40 simulated minutes\n"));
    assert_non_null(strstr(memory, "the timeout adds 3.1 %\n"));
}

static void the_machine_is_named(void **state)
{
    struct pl_bench_about about;
    (void)state;
    pl_bench_about_fill(&about, "abc-dirty");
    assert_string_equal(about.commit, "abc-dirty");
    assert_non_null(strstr(about.machine, " processor"));
    assert_non_null(strstr(about.compiler, "optimised"));
    pl_buf_init(&buf, memory, sizeof memory);
    pl_bench_page_head(&about, &buf);
    assert_non_null(strstr(memory, "; commit abc-dirty\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_apply_is_null),
        cmocka_unit_test(a_row_says_it_in_words),
        cmocka_unit_test(the_machine_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
