// SPDX-License-Identifier: Apache-2.0
#include "exam/transcript.h"

#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_transcript *transcript;

static int set_up(void **state)
{
    (void)state;
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    return pl_transcript_open(&transcript, scratch.path, NULL, NULL) == PL_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    pl_transcript_close(transcript);
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static void put(int64_t seq, const char *key)
{
    char answer[32];
    snprintf(answer, sizeof answer, "{\"n\":%d}", (int)seq);
    struct pl_transcript_line line = {.seq = seq,
                                      .t_s = 1.5 * (double)seq,
                                      .kind = "look",
                                      .command = pl_slice_of("{\"do\":\"look\"}"),
                                      .answer = pl_slice_of(answer),
                                      .key = pl_slice_of(key)};
    assert_int_equal(pl_transcript_put(transcript, &line, NULL), PL_OK);
}

static void entries_are_read_back(void **state)
{
    (void)state;
    char memory[256];
    struct pl_buf out;
    put(1, "a");
    put(2, "");
    assert_int_equal(pl_transcript_count(transcript), 2);
    pl_buf_init(&out, memory, sizeof memory);
    assert_int_equal(pl_transcript_get(transcript, 2, &out, NULL), PL_OK);
    assert_string_equal(memory,
                        "{\"seq\":2,\"t_s\":3,\"kind\":\"look\",\"command\":{\"do\":\"look\"},"
                        "\"answer\":{\"n\":2}}");
    pl_buf_clear(&out);
    assert_int_equal(pl_transcript_answer(transcript, 1, &out, NULL), PL_OK);
    assert_string_equal(memory, "{\"n\":1}");
}

static void an_entry_is_found_by_its_key(void **state)
{
    (void)state;
    for (int64_t seq = 1; seq <= 100; seq++) {
        char key[16];
        snprintf(key, sizeof key, "key-%d", (int)seq);
        put(seq, seq % 2 == 0 ? key : "");
    }
    assert_int_equal(pl_transcript_find(transcript, pl_slice_of("key-44")), 44);
    assert_int_equal(pl_transcript_find(transcript, pl_slice_of("key-45")), 0);
    assert_int_equal(pl_transcript_find(transcript, pl_slice_of("")), 0);
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    char memory[8];
    struct pl_buf out;
    put(1, "");
    pl_buf_init(&out, memory, sizeof memory);
    assert_int_equal(pl_transcript_get(transcript, 1, &out, NULL), PL_OK);
    assert_true(out.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entries_are_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_is_found_by_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
