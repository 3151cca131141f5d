// SPDX-License-Identifier: Apache-2.0
#include "judge/constants.h"

#include "support/judged.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 64 * 1024 };

/** Constants of slow-till with two nodes of invented numbers, and their text. */
struct bench {
    struct test_judged *judged;
    struct pl_constants *constants;
    struct pl_constants *read;
    char *memory;
    struct pl_buf text;
    pl_error err;
};

static int setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->judged = test_judged_open(1, -300.0);
    bench->constants = calloc(1, sizeof *bench->constants);
    bench->read = calloc(1, sizeof *bench->read);
    bench->memory = malloc(TEXT_SIZE);
    assert_non_null(bench->constants);
    assert_non_null(bench->read);
    assert_non_null(bench->memory);
    struct pl_constants *c = bench->constants;
    pl_constants_init(c);
    c->cause_count = 1;
    memcpy(c->engine, "e1", 3);
    memcpy(c->pack, "p1", 3);
    c->acceptance[0] = 0.75;
    c->hurt_rate[0] = 2.5;
    c->d_noop = 1234.5;
    c->d_ref = (struct pl_estimate){.value = 400.0, .se = 12.0};
    c->incident_sd = 22.5;
    pl_option_set_build(bench->judged->scenario, 1, PL_OPTIONS_MAX, &c->trunk.options);
    c->trunk.node_count = 2;
    for (uint32_t n = 0; n < 2; n++) {
        c->nodes[n].t_ns = bench->judged->opening->opens_ns + (int64_t)n * 120 * PL_NS_PER_S;
        c->nodes[n].passed[0] = 100.0 * n;
        c->nodes[n].cells[0][0] =
            (struct pl_cell){.mean = 5000.0 - n, .se = 7.0, .count = 8, .half = {4990.0, 5010.0}};
        c->nodes[n].cells[0][1] = (struct pl_cell){
            .mean = 300.0 + n, .se = 5.0, .se_noop = 6.0, .count = 8, .half = {301.0, 299.0}};
    }
    pl_buf_init(&bench->text, bench->memory, TEXT_SIZE);
    pl_constants_write(bench->judged->scenario, bench->judged->opening->opens_ns, c, &bench->text);
    assert_false(bench->text.overflow);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    test_judged_close(bench->judged);
    free(bench->constants);
    free(bench->read);
    free(bench->memory);
    free(bench);
    return 0;
}

static pl_status read_text(struct bench *bench, const char *engine, const char *pack)
{
    const struct pl_constants_file file = {.text = {bench->text.data, bench->text.size},
                                           .path = "calibration.json",
                                           .engine = engine,
                                           .pack = pack};
    memset(&bench->err, 0, sizeof bench->err);
    return pl_constants_read(bench->judged->scenario,
                             bench->judged->opening->opens_ns,
                             bench->judged->opening->ends_ns,
                             &file,
                             bench->read,
                             &bench->err);
}

static void what_is_written_is_read_back(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(read_text(bench, "e1", "p1"), PL_OK);
    assert_int_equal(bench->read->trunk.node_count, 2);
    assert_int_equal(bench->read->trunk.options.count, 2);
    assert_memory_equal(
        bench->read->nodes, bench->constants->nodes, 2 * sizeof bench->constants->nodes[0]);
    assert_true(test_judged_same(bench->read->d_ref.se, 12.0));
    assert_true(test_judged_same(bench->read->incident_sd, 22.5));
    assert_true(test_judged_same(bench->read->acceptance[0], 0.75));
    assert_true(test_judged_same(bench->read->search_s_per_bit, 150.0));
    assert_int_equal(bench->read->class_count, 1);
    assert_ptr_equal(bench->read->trunk.nodes, bench->read->nodes);
}

static void another_engine_or_pack_makes_it_stale(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(read_text(bench, "e2", NULL), PL_CONFLICT);
    assert_non_null(strstr(bench->err.message, "other engine"));
    assert_int_equal(read_text(bench, NULL, "p2"), PL_CONFLICT);
    assert_non_null(strstr(bench->err.message, "other content"));
    assert_string_equal(bench->err.pos.path, "calibration.json");
    assert_int_equal(read_text(bench, NULL, NULL), PL_OK);
}

/* Each edit breaks one thing; the sentence names it. */
static void every_mistake_is_named(void **state)
{
    static const struct {
        const char *find;
        const char *put;
        const char *said;
        pl_status status;
    } rows[] = {
        {"\"version\":2", "\"version\":7", "other rules", PL_CONFLICT},
        {"check-inside", "check-inslde", "other causes", PL_CONFLICT},
        {"inline-check", "inline-chock", "other actions", PL_CONFLICT},
        {"\"eta\":1", "\"etb\":1", "`eta`", PL_BAD_INPUT},
        {"\"class_of\":[0]", "\"class_of\":[7]", "`class_of`", PL_BAD_INPUT},
        {"\"acceptance\":[0.75]", "\"acceptance\":[null]", "`acceptance`", PL_BAD_INPUT},
        {"\"t_s\":120", "\"t_s\":000", "JSON", PL_BAD_INPUT},
        {"\"t_s\":120", "\"t_s\":-12", "`t_s`", PL_BAD_INPUT},
        {"[5000,7,0,4990,5010,8]", "[5000,7,0,4990,5010,\"\"]", "`cells`", PL_BAD_INPUT},
        {"\"nodes\":[", "\"nodez\":[", "`nodes`", PL_BAD_INPUT},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pl_buf_clear(&bench->text);
        pl_constants_write(bench->judged->scenario,
                           bench->judged->opening->opens_ns,
                           bench->constants,
                           &bench->text);
        char *at = strstr(bench->memory, rows[i].find);
        assert_non_null(at);
        size_t old = strlen(rows[i].find);
        size_t size = strlen(rows[i].put);
        memmove(at + size, at + old, strlen(at + old) + 1);
        memcpy(at, rows[i].put, size);
        bench->text.size = strlen(bench->memory);
        assert_int_equal(read_text(bench, NULL, NULL), rows[i].status);
        assert_non_null(strstr(bench->err.message, rows[i].said));
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        test_judged_content = argv[1];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(another_engine_or_pack_makes_it_stale, setup, teardown),
        cmocka_unit_test_setup_teardown(every_mistake_is_named, setup, teardown),
    };
    return cmocka_run_group_tests_name("constants", tests, NULL, NULL);
}
