// SPDX-License-Identifier: Apache-2.0
#include "exam/shown.h"

#include "os/file.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ENTRIES = 3 };

static struct pl_scratch scratch;

static int set_up(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) == PL_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static void keep(uint32_t entries)
{
    struct pl_transcript *transcript = NULL;
    pl_error err = {0};
    assert_int_equal(pl_transcript_open(&transcript, scratch.path, NULL, &err), PL_OK);
    for (uint32_t i = 1; i <= entries; i++) {
        struct pl_transcript_line line = {.seq = i,
                                          .t_s = i,
                                          .kind = "look",
                                          .command = pl_slice_of("{}"),
                                          .answer = pl_slice_of("{\"n\":1}")};
        assert_int_equal(pl_transcript_put(transcript, &line, &err), PL_OK);
    }
    assert_int_equal(
        pl_shown_save(scratch.path, "abc", pl_slice_of("{\"id\":\"abc\"}"), transcript, &err),
        PL_OK);
    pl_transcript_close(transcript);
}

/* Goal: what was kept is shown again, byte for byte. */
static void what_was_kept_is_shown(void **state)
{
    (void)state;
    assert_false(pl_shown_exists(scratch.path, "abc"));
    assert_null(pl_shown_load(scratch.path, "abc"));
    for (uint32_t entries = 0; entries <= ENTRIES; entries += ENTRIES) {
        keep(entries);
        assert_true(pl_shown_exists(scratch.path, "abc"));
        struct pl_shown *shown = pl_shown_load(scratch.path, "abc");
        assert_non_null(shown);
        assert_true(pl_slice_equal(pl_shown_description(shown), pl_slice_of("{\"id\":\"abc\"}")));
        assert_int_equal(pl_shown_count(shown), entries);
        for (uint32_t i = 1; i <= entries; i++) {
            char wanted[128];
            snprintf(
                wanted,
                sizeof wanted,
                "{\"seq\":%u,\"t_s\":%u,\"kind\":\"look\",\"command\":{},\"answer\":{\"n\":1}}",
                i,
                i);
            assert_true(pl_slice_equal(pl_shown_entry(shown, i), pl_slice_of(wanted)));
        }
        pl_shown_free(shown);
    }
    pl_shown_free(NULL);
}

/* Goal: a file in which any byte is another is not believed. */
static void a_changed_file_is_not_believed(void **state)
{
    (void)state;
    char path[PL_FILE_PATH_MAX];
    char bytes[1024];
    keep(ENTRIES);
    snprintf(path, sizeof path, "%s/shown/abc.ndjson", scratch.path);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    assert_true(size > 100 && size < sizeof bytes);
    for (size_t at = 0; at < size; at += 7) {
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_not_equal(fputc(bytes[at] ^ 1, file), EOF);
        assert_int_equal(fflush(file), 0);
        assert_null(pl_shown_load(scratch.path, "abc"));
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        assert_int_not_equal(fputc(bytes[at], file), EOF);
        assert_int_equal(fflush(file), 0);
    }
    assert_int_equal(fclose(file), 0);
    struct pl_shown *shown = pl_shown_load(scratch.path, "abc");
    assert_non_null(shown);
    pl_shown_free(shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_kept_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_changed_file_is_not_believed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
