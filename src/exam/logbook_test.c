// SPDX-License-Identifier: Apache-2.0
#include "exam/logbook.h"

#include "exam/episode.h"
#include "os/file.h"
#include "os/scratch.h"
#include "store/ndjson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EXPORT_SIZE = 1 << 20, PATH_SIZE = 640 };

static char content[512] = "tests/content";
static struct pl_scratch scratch;
static char id[PL_STORE_ID_SIZE];
static char path[PATH_SIZE];
static char text[EXPORT_SIZE];
static size_t text_size;

static pl_status collect(void *context, pl_slice bytes, pl_error *err)
{
    (void)context;
    (void)err;
    assert_true(text_size + bytes.size < sizeof text);
    memcpy(text + text_size, bytes.data, bytes.size);
    text_size += bytes.size;
    return PL_OK;
}

/* A session of three entries, kept and exported. */
static int set_up(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "{\"do\":\"look\",\"what\":\"alerts\"}",
        "{\"do\":\"wait\",\"for\":\"2m\"}",
        "{\"do\":\"look\",\"what\":\"changes\"}",
    };
    static struct pl_errors errors;
    struct pl_episode episode = {0};
    pl_error err = {0};
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    struct pl_episode_def def = {.content = content,
                                 .data = scratch.path,
                                 .scenario = "slow-till",
                                 .seed = 5,
                                 .clock = PL_CLOCK_TURN,
                                 .keep = true};
    assert_int_equal(pl_episode_start(&episode, &def, &errors), PL_OK);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct pl_outcome outcome;
        assert_int_equal(pl_episode_apply(&episode, 0, pl_slice_of(commands[i]), &outcome, &err),
                         PL_OK);
        assert_true(outcome.kept);
    }
    memcpy(id, episode.header.id, sizeof id);
    text_size = 0;
    assert_int_equal(pl_store_export(episode.store, id, collect, NULL, &err), PL_OK);
    pl_episode_end(&episode);
    snprintf(path, sizeof path, "%s/export.ndjson", scratch.path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pl_error err = {0};
    return pl_scratch_remove(&scratch, &err) == PL_OK ? 0 : -1;
}

static void save_export(void)
{
    pl_error err = {0};
    assert_int_equal(pl_file_save(path, (pl_slice){text, text_size}, &err), PL_OK);
}

static void a_kept_session_and_its_export_are_the_same(void **state)
{
    (void)state;
    struct pl_logbook kept = {0};
    struct pl_logbook exported = {0};
    pl_error err = {0};
    save_export();
    assert_int_equal(pl_logbook_load(&kept, scratch.path, id, 0, &err), PL_OK);
    assert_int_equal(pl_logbook_load(&exported, scratch.path, path, 0, &err), PL_OK);
    assert_int_equal(kept.count, 3);
    assert_int_equal(exported.count, 3);
    for (uint32_t i = 0; i < kept.count; i++) {
        assert_string_equal(kept.entries[i].command, exported.entries[i].command);
        assert_string_equal(kept.entries[i].answer, exported.entries[i].answer);
        assert_int_equal(kept.entries[i].after_ns, exported.entries[i].after_ns);
    }
    assert_string_equal(kept.entries[1].kind, "wait");
    assert_int_equal(kept.entries[1].after_ns - kept.entries[1].before_ns, INT64_C(120000000000));
    assert_string_equal(exported.header.scenario, "slow-till");
    pl_logbook_free(&kept);
    pl_logbook_free(&exported);
}

static void entries_after_the_last_wanted_are_left_out(void **state)
{
    (void)state;
    struct pl_logbook evidence = {0};
    pl_error err = {0};
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, id, 2, &err), PL_OK);
    assert_int_equal(evidence.count, 2);
    pl_logbook_free(&evidence);
}

static void an_altered_export_is_refused(void **state)
{
    (void)state;
    struct pl_logbook evidence = {0};
    pl_error err = {0};
    char *two = strstr(text, "\"for\":\"2m\"");
    assert_non_null(two);
    two[7] = '9';
    save_export();
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, path, 0, &err), PL_CORRUPT);
    assert_int_equal(err.pos.line, 3);
    assert_non_null(strstr(err.message, "entry 2"));
    assert_non_null(strstr(err.message, "`--until 1`"));
    pl_logbook_free(&evidence);
    /* What stands before the break is whole and can be judged. */
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, path, 1, &err), PL_OK);
    assert_int_equal(evidence.count, 1);
    pl_logbook_free(&evidence);
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, path, 2, &err), PL_CORRUPT);
    pl_logbook_free(&evidence);
}

static void a_truncated_export_is_refused(void **state)
{
    (void)state;
    struct pl_logbook evidence = {0};
    pl_error err = {0};
    text_size = (size_t)(strstr(text, "\"seq\":3") - text) - 1;
    save_export();
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, path, 0, &err), PL_CORRUPT);
    assert_non_null(strstr(err.message, "`--until 2`"));
    pl_logbook_free(&evidence);
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, path, 2, &err), PL_OK);
    assert_int_equal(evidence.count, 2);
    pl_logbook_free(&evidence);
}

static void an_unknown_session_is_not_found(void **state)
{
    (void)state;
    struct pl_logbook evidence = {0};
    pl_error err = {0};
    assert_int_equal(pl_logbook_load(&evidence, scratch.path, "0123456789abcdef", 0, &err),
                     PL_NOT_FOUND);
    pl_logbook_free(&evidence);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        snprintf(content, sizeof content, "%s/../content", argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_kept_session_and_its_export_are_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            entries_after_the_last_wanted_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_altered_export_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_truncated_export_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_session_is_not_found, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
