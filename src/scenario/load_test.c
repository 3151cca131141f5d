// SPDX-License-Identifier: Apache-2.0
//
// Whole files: goldens of all mistakes (tests/content-errors; `--update` writes them anew, read the
// diff), noise, truncations, and the shipped content.
#include "scenario/load.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_SIZE = 1024 };

static const char *source_root;
static bool update;
static char *read_file(const char *name, size_t *size)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", source_root, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    char *text = calloc(1, PL_CONTENT_MAX + 1);
    assert_non_null(text);
    *size = fread(text, 1, PL_CONTENT_MAX, file);
    (void)fclose(file);
    return text;
}

static void write_file(const char *name, const char *text)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", source_root, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void check_golden(const char *name)
{
    char yaml[128];
    char golden[128];
    size_t size = 0;
    (void)snprintf(yaml, sizeof yaml, "tests/content-errors/%s.yaml", name);
    (void)snprintf(golden, sizeof golden, "tests/content-errors/%s.errors", name);
    char *text = read_file(yaml, &size);
    bool scenario = strncmp(name, "scenario", 8) == 0;
    bool good = scenario ? pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text)
                         : pl_test_load_world(&pl_test_loaded, text);
    assert_false(good);
    free(text);
    if (update) {
        write_file(golden, pl_test_loaded.text);
        return;
    }
    char *expected = read_file(golden, &size);
    assert_string_equal(pl_test_loaded.text, expected);
    free(expected);
}

static void all_mistakes_of_a_file_are_listed_in_its_order(void **unused)
{
    (void)unused;
    check_golden("world-entities");
    check_golden("world-references");
    check_golden("world-yaml");
    check_golden("scenario");
}

static void shipped_worlds_have_no_mistake(void **unused)
{
    (void)unused;
    static const char *const names[] = {"larkspur",
                                        "examples/mm1",
                                        "examples/mmc",
                                        "examples/md1",
                                        "examples/mm1ps",
                                        "examples/mmck"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        size_t size = 0;
        (void)snprintf(path, sizeof path, "content/worlds/%s.yaml", names[i]);
        char *text = read_file(path, &size);
        if (!pl_test_load_world(&pl_test_loaded, text)) {
            fail_msg("%s", pl_test_loaded.text);
        }
        assert_true(pl_model_size(pl_test_loaded.world) <= (size_t)1 << 20);
        free(text);
    }
}

static uint64_t next_bits(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Goal: whatever the bytes, an answer in bounded time. Method: 1 MiB of three kinds of noise. */
static void a_megabyte_of_noise_is_refused(void **unused)
{
    (void)unused;
    static const char yamlish[] = "a: -[]{},\n\t\"'#&*!|>%@`0\x80\xff";
    char *text = malloc(PL_CONTENT_MAX + 1);
    assert_non_null(text);
    for (uint32_t kind = 0; kind < 3; kind++) {
        uint64_t state = 7 + kind;
        for (size_t i = 0; i < PL_CONTENT_MAX; i++) {
            uint64_t bits = next_bits(&state);
            text[i] = kind == 0   ? (char)(1 + bits % 255)
                      : kind == 1 ? yamlish[bits % (sizeof yamlish - 1)]
                                  : (char)('a' + bits % 26);
        }
        text[PL_CONTENT_MAX] = '\0';
        assert_false(pl_test_load_world(&pl_test_loaded, text));
        assert_false(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text));
        assert_false(pl_test_load_scenario(&pl_test_loaded, text, pl_test_scenario_text));
    }
    free(text);
}

/* A file cut anywhere is a good file or one with errors; never a crash. */
static void a_file_may_be_cut_anywhere(void **unused)
{
    (void)unused;
    size_t size = strlen(pl_test_world_text);
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t cut = 0; cut < size; cut += 7) {
        memcpy(text, pl_test_world_text, cut);
        text[cut] = '\0';
        (void)pl_test_load_world(&pl_test_loaded, text);
    }
    free(text);
    size = strlen(pl_test_scenario_text);
    text = malloc(size + 1);
    assert_non_null(text);
    for (size_t cut = 0; cut < size; cut += 13) {
        memcpy(text, pl_test_scenario_text, cut);
        text[cut] = '\0';
        (void)pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text);
    }
    free(text);
}

/* One byte changed at a time reaches many unlikely values. */
static void a_file_may_be_damaged_anywhere(void **unused)
{
    (void)unused;
    static const char damage[] = "\n:{[9-% ";
    size_t size = strlen(pl_test_world_text);
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t at = 0; at < size; at += 11) {
        memcpy(text, pl_test_world_text, size + 1);
        text[at] = damage[at % (sizeof damage - 1)];
        (void)pl_test_load_world(&pl_test_loaded, text);
    }
    free(text);
}

static void changes_are_read_for_a_world(void **unused)
{
    (void)unused;
    struct pl_change changes[4];
    uint32_t count = 0;
    assert_true(pl_test_load_world(&pl_test_loaded, pl_test_world_text));
    struct pl_file file = {.path = "c.yaml",
                           .text =
                               pl_slice_of("- {set: service.back.pods, to: 8, at: 10s}\n"
                                           "- {set: flag.inline, to: 50%, at: -5s, for: 2s}\n")};
    pl_status status = pl_changes_load(&file,
                                       pl_test_loaded.world,
                                       60.0,
                                       changes,
                                       4,
                                       &count,
                                       pl_test_loaded.scratch,
                                       pl_test_loaded.errors);
    if (status != PL_OK) {
        fail_msg("%s", pl_test_loaded.errors->items[0].message);
    }
    assert_int_equal(count, 3);
    assert_true(changes[0].value > 3.9 && changes[0].value < 4.1);
    assert_int_equal(changes[0].t_ns, 70 * PL_NS_PER_S);
    assert_int_equal(changes[2].t_ns, 57 * PL_NS_PER_S);
    assert_true(changes[2].value < 0.11);
    file.text = pl_slice_of("- {set: flag.nope, to: 1}\n");
    status = pl_changes_load(&file,
                             pl_test_loaded.world,
                             60.0,
                             changes,
                             4,
                             &count,
                             pl_test_loaded.scratch,
                             pl_test_loaded.errors);
    assert_int_equal(status, PL_BAD_INPUT);
}

static void a_scenario_names_its_world(void **unused)
{
    (void)unused;
    char name[PL_NAME_MAX];
    struct pl_file file = {.path = "s.yaml", .text = pl_slice_of(pl_test_scenario_text)};
    assert_int_equal(
        pl_scenario_world_name(&file, name, pl_test_loaded.scratch, pl_test_loaded.errors), PL_OK);
    assert_string_equal(name, "small");
    file.text = pl_slice_of("scenario: x\n");
    assert_int_equal(
        pl_scenario_world_name(&file, name, pl_test_loaded.scratch, pl_test_loaded.errors),
        PL_BAD_INPUT);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        return 1;
    }
    source_root = argv[1];
    update = argc > 2 && strcmp(argv[2], "--update") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_mistakes_of_a_file_are_listed_in_its_order,
                                        pl_test_contents_setup,
                                        pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            shipped_worlds_have_no_mistake, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_megabyte_of_noise_is_refused, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_file_may_be_cut_anywhere, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_file_may_be_damaged_anywhere, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            changes_are_read_for_a_world, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            a_scenario_names_its_world, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
