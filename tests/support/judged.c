// SPDX-License-Identifier: Apache-2.0
#include "support/judged.h"

#include "scenario/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

const char *test_judged_content = "tests/content";

static pl_slice read_file(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", test_judged_content, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s cannot be read", path);
        abort();
    }
    char *data = malloc(PL_CONTENT_MAX);
    assert_non_null(data);
    pl_slice text = {data, fread(data, 1, PL_CONTENT_MAX, file)};
    assert_int_equal(fclose(file), 0);
    return text;
}

static void load(struct test_judged *judged)
{
    static struct pl_errors errors;
    void *scratch = malloc(PL_LOAD_SCRATCH);
    assert_non_null(scratch);
    struct pl_file scenario = {"scenario.yaml", read_file("scenarios/slow-till/scenario.yaml")};
    struct pl_file world = {"corner-shop.yaml", read_file("worlds/corner-shop.yaml")};
    struct pl_file page = {"latency.md", read_file("scenarios/slow-till/runbook/latency.md")};
    struct pl_scenario_files files = {
        .scenario = scenario, .world = world, .pages = &page, .page_count = 1};
    if (pl_scenario_load(&files, judged->world, judged->scenario, scratch, &errors) != PL_OK) {
        fail_msg("%s", errors.items[0].message);
    }
    free((void *)(uintptr_t)scenario.text.data);
    free((void *)(uintptr_t)world.text.data);
    free((void *)(uintptr_t)page.text.data);
    free(scratch);
}

struct test_judged *test_judged_open(uint64_t seed, double after_s)
{
    pl_error err = {0};
    struct test_judged *judged = calloc(1, sizeof *judged);
    assert_non_null(judged);
    judged->world = calloc(1, sizeof *judged->world);
    judged->scenario = calloc(1, sizeof *judged->scenario);
    judged->opening = calloc(1, sizeof *judged->opening);
    assert_non_null(judged->world);
    assert_non_null(judged->scenario);
    assert_non_null(judged->opening);
    load(judged);
    assert_int_equal(
        pl_scenario_open(judged->world, judged->scenario, seed, 0, judged->opening, &err), PL_OK);
    judged->state_size = (pl_model_size(judged->world) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, judged->state_size);
    judged->fork_memory = aligned_alloc(64, judged->state_size);
    assert_non_null(memory);
    assert_non_null(judged->fork_memory);
    judged->state = pl_model_init(judged->world, memory, judged->state_size, seed);
    for (uint32_t i = 0; i < judged->opening->change_count; i++) {
        assert_int_equal(
            pl_model_change(judged->world, judged->state, &judged->opening->changes[i], &err),
            PL_OK);
    }
    pl_model_run(
        judged->world, judged->state, NULL, judged->opening->opens_ns + pl_clock_ns(after_s));
    return judged;
}

void test_judged_close(struct test_judged *judged)
{
    free(judged->state);
    free(judged->fork_memory);
    free(judged->world);
    free(judged->scenario);
    free(judged->opening);
    free(judged);
}
