// SPDX-License-Identifier: Apache-2.0
//
// `view_test DIRECTORY --update` writes the goldens of DIRECTORY/terminal anew.
#include "cli/view.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[512] = "tests/golden/terminal";
static bool update_goldens;

static void drawings_are_as_they_were(void **state)
{
    (void)state;
    assert_true(golden_check(directory, pl_view_observation, update_goldens) >= 10);
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
        const struct pl_term *face = &golden_faces[i % GOLDEN_FACES];
        const char *drawing = golden_text(*face, pl_view_observation, texts[i]);
        assert_true(golden_width(drawing) <= face->columns);
    }
}

static void the_narrowest_terminal_is_enough(void **state)
{
    (void)state;
    char path[640];
    static const char *const names[] = {"latency", "activity", "trace", "logs"};
    for (size_t i = 0; i < 4; i++) {
        static char memory[GOLDEN_DRAWING_SIZE];
        struct pl_buf out;
        struct pl_term term = {.columns = PL_TERM_COLUMNS_MIN, .utf8 = true};
        struct pl_view *view = golden_view(term);
        snprintf(path, sizeof path, "%s/%s.json", directory, names[i]);
        json_t *json = golden_json(path);
        pl_buf_init(&out, memory, sizeof memory);
        pl_view_observation(view, json, &out);
        if (golden_width(memory) > term.columns) {
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
        snprintf(directory, sizeof directory, "%s/terminal", argv[1]);
    }
    update_goldens = argc > 2 && strcmp(argv[2], "--update") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
