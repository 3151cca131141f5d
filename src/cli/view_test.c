// SPDX-License-Identifier: Apache-2.0
//
// Goldens of drawings: each tests/golden/terminal/NAME.json is drawn for every face below and
// compared with NAME.FACE.txt. `view_test DIRECTORY --update` writes them anew; read the diff.
#include "cli/view.h"

#include "os/directory.h"
#include "os/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DRAWING_SIZE = 1 << 18 };

static const struct {
    const char *name;
    struct pl_term term;
} faces[] = {
    {"80-mono", {.columns = 80, .colour = false, .utf8 = true}},
    {"80-colour", {.columns = 80, .colour = true, .utf8 = true}},
    {"80-ascii", {.columns = 80, .colour = false, .utf8 = false}},
    {"120-mono", {.columns = 120, .colour = false, .utf8 = true}},
};

static const char *directory = "tests/golden/terminal";
static int update_goldens;

static struct pl_view *new_view(struct pl_term term)
{
    struct pl_view *view = calloc(1, sizeof *view);
    assert_non_null(view);
    view->term = term;
    view->plot_rows = 8;
    return view;
}

static json_t *load_json(const char *path)
{
    pl_slice text;
    json_t *json = NULL;
    pl_error err = {0};
    if (pl_file_load(path, 1 << 20, &text, &err) != PL_OK ||
        pl_json_in_load(text, 1 << 20, path, &json, &err) != PL_OK) {
        fail_msg("%s: %s", path, err.message);
    }
    free((void *)(uintptr_t)text.data);
    return json;
}

/* Columns of each line of a drawing, escape sequences not counted. */
static uint32_t widest_line(const char *text)
{
    uint32_t widest = 0;
    uint32_t width = 0;
    while (*text != '\0') {
        if (*text == '\033') {
            text += strcspn(text, "m") + 1;
            continue;
        }
        uint32_t point = 0;
        text += pl_term_decode(text, &point);
        width = point == '\n' ? 0 : width + 1;
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void compare(const char *path, const char *drawing)
{
    pl_slice text = pl_slice_of(drawing);
    pl_slice golden;
    pl_error err = {0};
    if (update_goldens) {
        assert_int_equal(pl_file_save(path, text, &err), PL_OK);
        return;
    }
    if (pl_file_load(path, DRAWING_SIZE, &golden, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    if (!pl_slice_equal(text, golden)) {
        fail_msg("%s differs; is:\n%s", path, drawing);
    }
    free((void *)(uintptr_t)golden.data);
}

static pl_status draw_golden(void *context, const char *name, pl_error *err)
{
    (void)err;
    uint32_t *count = context;
    char path[PL_FILE_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    json_t *json = load_json(path);
    for (size_t i = 0; i < sizeof faces / sizeof faces[0]; i++) {
        static char memory[DRAWING_SIZE];
        struct pl_buf out;
        struct pl_view *view = new_view(faces[i].term);
        pl_buf_init(&out, memory, sizeof memory);
        pl_view_observation(view, json, &out);
        assert_false(out.overflow);
        if (widest_line(memory) > faces[i].term.columns) {
            fail_msg("%s is drawn %u columns wide:\n%s", name, widest_line(memory), memory);
        }
        snprintf(path,
                 sizeof path,
                 "%s/%.*s.%s.txt",
                 directory,
                 (int)(strlen(name) - 5),
                 name,
                 faces[i].name);
        compare(path, memory);
        free(view);
    }
    json_decref(json);
    (*count)++;
    return PL_OK;
}

static void drawings_are_as_they_were(void **state)
{
    (void)state;
    uint32_t count = 0;
    pl_error err = {0};
    assert_int_equal(pl_directory_list(directory, ".json", draw_golden, &count, &err), PL_OK);
    assert_true(count >= 10);
}

/* Whatever JSON stands in the place of an observation is drawn without harm. */
static void any_json_can_be_drawn(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"series\":1}",
        "{\"series\":[{}],\"step_s\":-1}",
        "{\"series\":[{\"points\":[1e308,null,\"x\",-5]}],\"step_s\":1e-9,\"start_s\":-1e12}",
        "{\"rows\":[[1]],\"columns\":[]}",
        "{\"lines\":[{\"text\":1},2,{\"text\":\"\"}]}",
        ("{\"spans\":[{\"id\":\"a\",\"parent\":\"a\"},{\"id\":\"b\",\"parent\":\"c\"},"
         "{\"id\":\"c\",\"parent\":\"b\",\"duration_ms\":1e300}]}"),
        "{\"parts\":[1,{},{\"parts\":[]}]}",
        "{\"notes\":[1,null,\"note\"],\"title\":5}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        static char memory[DRAWING_SIZE];
        struct pl_buf out;
        struct pl_view *view = new_view(faces[i % 4].term);
        json_t *json = NULL;
        pl_error err = {0};
        assert_int_equal(pl_json_in_load(pl_slice_of(texts[i]), 1 << 16, NULL, &json, &err), PL_OK);
        pl_buf_init(&out, memory, sizeof memory);
        pl_view_observation(view, json, &out);
        assert_true(widest_line(memory) <= faces[i % 4].term.columns);
        json_decref(json);
        free(view);
    }
}

static void the_narrowest_terminal_is_enough(void **state)
{
    (void)state;
    char path[PL_FILE_PATH_MAX];
    static const char *const names[] = {"latency", "activity", "trace", "logs"};
    for (size_t i = 0; i < 4; i++) {
        static char memory[DRAWING_SIZE];
        struct pl_buf out;
        struct pl_term term = {.columns = PL_TERM_COLUMNS_MIN, .utf8 = true};
        struct pl_view *view = new_view(term);
        snprintf(path, sizeof path, "%s/%s.json", directory, names[i]);
        json_t *json = load_json(path);
        pl_buf_init(&out, memory, sizeof memory);
        pl_view_observation(view, json, &out);
        if (widest_line(memory) > term.columns) {
            fail_msg("%s is too wide:\n%s", names[i], memory);
        }
        json_decref(json);
        free(view);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawings_are_as_they_were),
        cmocka_unit_test(any_json_can_be_drawn),
        cmocka_unit_test(the_narrowest_terminal_is_enough),
    };
    if (argc > 1) {
        directory = argv[1];
    }
    update_goldens = argc > 2 && strcmp(argv[2], "--update") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
