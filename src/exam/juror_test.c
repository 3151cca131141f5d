// SPDX-License-Identifier: Apache-2.0
#include "exam/juror.h"

#include "exam/analysis.h"
#include "exam/library.h"
#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FOREVER_MS = 600000, PARTICLES = 4, REPORT_SIZE = 1 << 20 };

static const char *const commands[] = {
    "{\"do\":\"look\",\"what\":\"alerts\"}", "{\"do\":\"wait\",\"for\":60}", "{\"do\":\"close\"}"};
static const int64_t before_s[] = {600, 605, 665};

/* The next reply that is no progress. */
static uint32_t await(struct pl_child *juror, struct pl_child_message *message)
{
    do {
        assert_int_equal(pl_child_receive(juror, FOREVER_MS, message), PL_CHILD_MESSAGE);
    } while (message->kind == PL_JUROR_PROGRESS);
    return message->kind;
}

static uint32_t begin(struct pl_child *juror, const char *pack_hash, struct pl_child_message *reply)
{
    static struct pl_juror_case charge;
    memset(&charge, 0, sizeof charge);
    snprintf(charge.content, sizeof charge.content, "%s", pl_test_hosted.content);
    snprintf(charge.data, sizeof charge.data, "/tmp");
    snprintf(charge.header.scenario, sizeof charge.header.scenario, "torn-till");
    snprintf(charge.header.clock, sizeof charge.header.clock, "turn");
    snprintf(charge.header.pack_hash, sizeof charge.header.pack_hash, "%s", pack_hash);
    charge.header.seed = 3;
    charge.particles = PARTICLES;
    assert_true(
        pl_child_send(juror, PL_JUROR_BEGIN, (pl_slice){(const char *)&charge, sizeof charge}));
    return await(juror, reply);
}

static uint32_t hear(struct pl_child *juror, uint32_t i, struct pl_child_message *reply)
{
    char memory[512];
    struct pl_juror_entry entry = {.seq = i + 1, .before_ns = before_s[i] * PL_NS_PER_S};
    size_t size = strlen(commands[i]);
    memcpy(memory, &entry, sizeof entry);
    memcpy(memory + sizeof entry, commands[i], size);
    assert_true(pl_child_send(juror, PL_JUROR_ENTRY, (pl_slice){memory, sizeof entry + size}));
    return await(juror, reply);
}

/* What `plumb judge` would say, up to the time that it took. */
static void judge_here(char *text)
{
    struct pl_library *library = NULL;
    struct pl_analysis *analysis = NULL;
    struct pl_buf out;
    pl_error err = {0};
    assert_int_equal(pl_library_open(&library, pl_test_hosted.content, &err), PL_OK);
    const struct pl_analysis_def def = {.content = pl_library_get(library, "torn-till", &err),
                                        .directory = pl_library_directory(library),
                                        .seed = 3,
                                        .clock = PL_CLOCK_TURN,
                                        .particles = PARTICLES};
    assert_int_equal(pl_analysis_begin(&analysis, &def, &err), PL_OK);
    for (uint32_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_true(pl_analysis_put(
            analysis, i + 1, before_s[i] * PL_NS_PER_S, pl_slice_of(commands[i]), NULL));
    }
    const struct pl_report *report = pl_analysis_report(analysis, &err);
    assert_non_null(report);
    pl_buf_init(&out, text, REPORT_SIZE);
    pl_report_json(report, &out);
    assert_false(out.overflow);
    pl_analysis_end(analysis);
    pl_library_close(library);
}

/* Goal: the juror says to the last byte what `plumb judge` says, the first time and with worlds
 * that were opened before, and nothing of a case that was left is in the next. */
static void it_says_what_judge_says(void **state)
{
    (void)state;
    struct pl_child *juror = NULL;
    struct pl_child_message reply;
    char *expected = malloc(REPORT_SIZE);
    assert_non_null(expected);
    judge_here(expected);
    char *end = strstr(expected, ",\"cpu_s\":");
    assert_non_null(end);
    assert_int_equal(pl_child_start(&juror, PL_JUROR_ARGUMENT, 0, NULL), PL_OK);
    for (uint32_t round = 0; round < 3; round++) {
        assert_int_equal(begin(juror, "", &reply), PL_JUROR_TAKEN);
        if (round == 1) {
            assert_int_equal(hear(juror, 1, &reply), PL_JUROR_TAKEN);
            continue; /* left in the middle */
        }
        for (uint32_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
            assert_int_equal(hear(juror, i, &reply), PL_JUROR_TAKEN);
        }
        assert_true(pl_child_send(juror, PL_JUROR_FINISH, (pl_slice){NULL, 0}));
        assert_int_equal(await(juror, &reply), PL_JUROR_REPORT);
        assert_memory_equal(reply.data.data, expected, (size_t)(end - expected));
        assert_non_null(strstr(reply.data.data, ",\"debrief\":{"));
    }
    pl_child_end(juror);
    free(expected);
}

static void other_content_is_refused(void **state)
{
    (void)state;
    struct pl_child *juror = NULL;
    struct pl_child_message reply;
    assert_int_equal(pl_child_start(&juror, PL_JUROR_ARGUMENT, 0, NULL), PL_OK);
    assert_int_equal(begin(juror, "0123", &reply), PL_JUROR_REFUSED);
    assert_non_null(strstr(reply.data.data, "other content"));
    assert_int_equal(begin(juror, "", &reply), PL_JUROR_TAKEN);
    pl_child_end(juror);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_judge_says),
        cmocka_unit_test(other_content_is_refused),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
