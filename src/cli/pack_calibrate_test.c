// SPDX-License-Identifier: Apache-2.0
#include "cli/pack_calibrate.h"

#include "exam/constants_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char content_path[512] = "tests/content";
static uint32_t sentences;

static void count_sentence(const char *sentence)
{
    assert_true(sentence[0] != '\0');
    sentences++;
}

static struct pl_constants *calibrated(const struct pl_content *content, uint32_t workers)
{
    pl_error err = {0};
    struct pl_constants *constants = calloc(1, sizeof *constants);
    assert_non_null(constants);
    struct pl_calibrate_plan plan = {
        .content = content, .particles = 2, .seeds = 2, .workers = workers, .step_s = 600.0};
    sentences = 0;
    if (pl_calibrate_run(&plan, count_sentence, constants, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    return constants;
}

static void a_till_with_three_faults_has_three_remedies(void **state)
{
    (void)state;
    static struct pl_errors errors;
    struct pl_content content = {0};
    assert_int_equal(pl_content_load(content_path, "torn-till", &content, &errors), PL_OK);
    struct pl_constants *one = calibrated(&content, 1);
    assert_int_equal(one->class_count, 3);
    assert_int_equal(one->trunk.node_count, 2);
    assert_true(one->nodes[1].passed[0] > 0.0);
    assert_true(one->d_noop > 0.0);
    assert_string_equal(one->pack, content.hash);
    assert_true(sentences >= 4);
    struct pl_constants *two = calibrated(&content, 2);
    assert_memory_equal(one->nodes, two->nodes, sizeof one->nodes);
    free(one);
    free(two);
    pl_content_free(&content);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_till_with_three_faults_has_three_remedies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
