// SPDX-License-Identifier: Apache-2.0
#include "exam/kept.h"

#include "os/file.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char look[] = "{\"do\":\"look\",\"what\":\"alerts\"}";
static char other_look[] = "{\"do\":\"look\",\"what\":\"changes\"}";
static char answer[] = "00000000000000000000000000000000";

static struct pl_logbook logbook_of(struct pl_logbook_entry *entry)
{
    struct pl_logbook logbook = {.count = 1, .entries = entry};
    *entry = (struct pl_logbook_entry){.seq = 1, .command = look, .answer = answer};
    (void)snprintf(logbook.header.id, sizeof logbook.header.id, "3f9c");
    (void)snprintf(logbook.header.scenario, sizeof logbook.header.scenario, "torn-till");
    return logbook;
}

/* Goal: whatever an analysis follows from names its file; nothing else does. */
static void another_log_option_or_build_is_another_file(void **state)
{
    (void)state;
    char paths[6][PL_FILE_PATH_MAX];
    struct pl_logbook_entry entry;
    struct pl_logbook logbook = logbook_of(&entry);
    struct pl_kept_key key = {
        .logbook = &logbook, .data = "/d", .content = "/c", .build = "abc", .particles = 4};
    assert_true(pl_kept_path(&key, paths[0]));
    assert_true(pl_kept_path(&key, paths[1]));
    assert_string_equal(paths[0], paths[1]);
    assert_int_equal(strncmp(paths[0], "/d/analyses/", 12), 0);
    key.particles = 8;
    assert_true(pl_kept_path(&key, paths[1]));
    key.replicate = 1;
    assert_true(pl_kept_path(&key, paths[2]));
    key.build = "abd";
    assert_true(pl_kept_path(&key, paths[3]));
    entry.command = other_look;
    assert_true(pl_kept_path(&key, paths[4]));
    logbook.header.seed = 7;
    assert_true(pl_kept_path(&key, paths[5]));
    for (uint32_t i = 0; i < 6; i++) {
        for (uint32_t k = 0; k < i; k++) {
            assert_string_not_equal(paths[i], paths[k]);
        }
    }
    key.build = "abd-dirty";
    assert_false(pl_kept_path(&key, paths[5]));
}

static void what_is_kept_comes_back_to_the_last_byte(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    char path[PL_FILE_PATH_MAX];
    struct pl_logbook_entry entry;
    struct pl_logbook logbook = logbook_of(&entry);
    pl_slice text = {NULL, 0};
    pl_error err = {0};
    assert_int_equal(pl_scratch_make(&scratch, &err), PL_OK);
    struct pl_kept_key key = {
        .logbook = &logbook, .data = scratch.path, .content = "/c", .build = "abc", .particles = 4};
    assert_true(pl_kept_path(&key, path));
    assert_false(pl_kept_load(path, &text));
    assert_int_equal(pl_kept_save(path, pl_slice_of("{\"cpu_s\":1.5}"), &err), PL_OK);
    assert_true(pl_kept_load(path, &text));
    assert_int_equal(text.size, 13);
    assert_memory_equal(text.data, "{\"cpu_s\":1.5}", 13);
    free((void *)(uintptr_t)text.data);
    assert_int_equal(pl_scratch_remove(&scratch, &err), PL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_log_option_or_build_is_another_file),
        cmocka_unit_test(what_is_kept_comes_back_to_the_last_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
