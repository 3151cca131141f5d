// SPDX-License-Identifier: Apache-2.0
#include "support/goldens.h"

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

const struct pl_term golden_faces[GOLDEN_FACES] = {
    {.columns = 80, .colour = false, .utf8 = true},
    {.columns = 80, .colour = true, .utf8 = true},
    {.columns = 80, .colour = false, .utf8 = false},
    {.columns = 120, .colour = false, .utf8 = true},
};

static const char *const face_names[GOLDEN_FACES] = {
    "80-mono", "80-colour", "80-ascii", "120-mono"};

struct walk {
    const char *directory;
    golden_draw draw;
    bool update;
    uint32_t count;
};

struct pl_view *golden_view(struct pl_term term)
{
    struct pl_view *view = calloc(1, sizeof *view);
    assert_non_null(view);
    view->term = term;
    view->plot_rows = 8;
    return view;
}

const char *golden_text(struct pl_term term, golden_draw draw, const char *json_text)
{
    static char memory[GOLDEN_DRAWING_SIZE];
    struct pl_buf out;
    struct pl_view *view = golden_view(term);
    json_t *json = NULL;
    pl_error err = {0};
    assert_int_equal(pl_json_in_load(pl_slice_of(json_text), 1 << 16, NULL, &json, &err), PL_OK);
    pl_buf_init(&out, memory, sizeof memory);
    draw(view, json, &out);
    assert_false(out.overflow);
    json_decref(json);
    free(view);
    return memory;
}

json_t *golden_json(const char *path)
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

uint32_t golden_width(const char *drawing)
{
    uint32_t widest = 0;
    uint32_t width = 0;
    while (*drawing != '\0') {
        if (*drawing == '\033') {
            drawing += strcspn(drawing, "m") + 1;
            continue;
        }
        uint32_t point = 0;
        drawing += pl_term_decode(drawing, &point);
        width = point == '\n' ? 0 : width + 1;
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void compare(const char *path, const char *drawing, bool update)
{
    pl_slice text = pl_slice_of(drawing);
    pl_slice golden;
    pl_error err = {0};
    if (update) {
        assert_int_equal(pl_file_save(path, text, &err), PL_OK);
        return;
    }
    if (pl_file_load(path, GOLDEN_DRAWING_SIZE, &golden, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    if (!pl_slice_equal(text, golden)) {
        fail_msg("%s differs; is:\n%s", path, drawing);
    }
    free((void *)(uintptr_t)golden.data);
}

static pl_status check_one(void *context, const char *name, pl_error *err)
{
    (void)err;
    struct walk *walk = context;
    char path[PL_FILE_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", walk->directory, name);
    json_t *json = golden_json(path);
    for (size_t i = 0; i < GOLDEN_FACES; i++) {
        static char memory[GOLDEN_DRAWING_SIZE];
        struct pl_buf out;
        struct pl_view *view = golden_view(golden_faces[i]);
        pl_buf_init(&out, memory, sizeof memory);
        walk->draw(view, json, &out);
        assert_false(out.overflow);
        if (golden_width(memory) > golden_faces[i].columns) {
            fail_msg("%s is drawn %u columns wide:\n%s", name, golden_width(memory), memory);
        }
        int stem = (int)strlen(name) - 5;
        snprintf(path, sizeof path, "%s/%.*s.%s.txt", walk->directory, stem, name, face_names[i]);
        compare(path, memory, walk->update);
        free(view);
    }
    json_decref(json);
    walk->count++;
    return PL_OK;
}

uint32_t golden_check(const char *directory, golden_draw draw, bool update)
{
    struct walk walk = {directory, draw, update, 0};
    pl_error err = {0};
    if (pl_directory_list(directory, ".json", check_one, &walk, &err) != PL_OK) {
        fail_msg("%s", err.message);
    }
    return walk.count;
}
