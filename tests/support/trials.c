// SPDX-License-Identifier: Apache-2.0
#include "support/trials.h"

#include "scenario/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORLDS = 4, ALIGNMENT = 64 };

const char *test_judge_content = "tests/content";

static pl_slice read_file(const char *name, char *path, size_t path_size)
{
    snprintf(path, path_size, "%s/%s", test_judge_content, name);
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

static void load(struct test_judge *judge)
{
    static const char *const names[] = {"scenarios/torn-till/scenario.yaml",
                                        "worlds/market-stall.yaml",
                                        "scenarios/torn-till/runbook/latency.md"};
    char paths[3][512];
    struct pl_file files[3];
    static struct pl_errors errors;
    void *scratch = malloc(PL_LOAD_SCRATCH);
    assert_non_null(scratch);
    for (size_t i = 0; i < 3; i++) {
        pl_slice text = read_file(names[i], paths[i], sizeof paths[i]);
        files[i] = (struct pl_file){paths[i], text};
    }
    judge->world = calloc(1, sizeof *judge->world);
    judge->scenario = calloc(1, sizeof *judge->scenario);
    assert_non_null(judge->world);
    assert_non_null(judge->scenario);
    struct pl_scenario_files parts = {
        .scenario = files[0], .world = files[1], .pages = &files[2], .page_count = 1};
    if (pl_scenario_load(&parts, judge->world, judge->scenario, scratch, &errors) != PL_OK) {
        fail_msg("%s", errors.items[0].message);
    }
    for (size_t i = 0; i < 3; i++) {
        free((void *)(uintptr_t)files[i].text.data);
    }
    free(scratch);
}

struct pl_judge_def test_judge_def(const struct test_judge *judge, uint64_t seed)
{
    return (struct pl_judge_def){.world = judge->world,
                                 .scenario = judge->scenario,
                                 .seed = seed,
                                 .clock = PL_CLOCK_TURN,
                                 .particles = WORLDS};
}

static void open_with(struct test_judge *judge, const struct pl_judge_def *def)
{
    pl_error err = {0};
    judge->size = (pl_judge_size(def) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    judge->memory = aligned_alloc(ALIGNMENT, judge->size);
    judge->report = calloc(1, sizeof *judge->report);
    assert_non_null(judge->memory);
    assert_non_null(judge->report);
    if (pl_judge_open(def, judge->memory, judge->size, &judge->judge, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
}

struct test_judge *test_judge_open(uint64_t seed, const struct pl_parallel *parallel)
{
    struct test_judge *judge = calloc(1, sizeof *judge);
    assert_non_null(judge);
    load(judge);
    struct pl_judge_def def = test_judge_def(judge, seed);
    if (parallel != NULL) {
        def.parallel = *parallel;
    }
    open_with(judge, &def);
    return judge;
}

struct test_judge *test_judge_open_wide(uint64_t seed, uint32_t particles)
{
    struct test_judge *judge = calloc(1, sizeof *judge);
    assert_non_null(judge);
    load(judge);
    struct pl_judge_def def = test_judge_def(judge, seed);
    def.particles = particles;
    open_with(judge, &def);
    return judge;
}

struct test_judge *
test_judge_open_in(const struct test_judge *other, struct pl_trunk *trunk, uint64_t seed)
{
    struct test_judge *judge = calloc(1, sizeof *judge);
    assert_non_null(judge);
    judge->world = other->world;
    judge->scenario = other->scenario;
    judge->borrows = true;
    struct pl_judge_def def = test_judge_def(judge, seed);
    def.trunk = trunk;
    open_with(judge, &def);
    return judge;
}

void test_judge_feed(struct test_judge *judge, const char *command)
{
    pl_error err = {0};
    struct pl_judge_entry entry = {.seq = ++judge->seq,
                                   .before_ns = pl_session_now(judge->judge->session),
                                   .command = pl_slice_of(command)};
    if (pl_judge_feed(judge->judge, &entry, &err) != PL_OK) {
        fail_msg("%s: %s", command, err.message);
    }
}

void test_judge_play(struct test_judge *judge)
{
    static const char *const commands[] = {
        "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"till-api\",\"panel\":\"latency\"}",
        "{\"do\":\"look\",\"what\":\"db\",\"db\":\"books-db\",\"view\":\"activity\"}",
        "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"books-db\","
        "\"mechanism\":\"bloat\",\"detail\":\"\",\"trigger\":\"vacuum\",\"p\":0.7}]}",
        "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"till-api\",\"8\"],\"confirm\":true}",
        "{\"do\":\"wait\",\"for\":\"5m\"}",
        "{\"do\":\"look\",\"what\":\"pods\",\"service\":\"till-api\"}",
        "{\"do\":\"say\",\"what\":\"update\",\"status\":\"investigating\",\"text\":\"Customers "
        "at the till wait 4 s. We look at books-db next.\"}",
        "{\"do\":\"close\"}",
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        test_judge_feed(judge, commands[i]);
    }
}

const struct pl_report *test_judge_finish(struct test_judge *judge)
{
    pl_judge_finish(judge->judge, judge->report);
    return judge->report;
}

void test_judge_close(struct test_judge *judge)
{
    if (!judge->borrows) {
        free(judge->world);
        free(judge->scenario);
    }
    free(judge->memory);
    free(judge->report);
    free(judge);
}
