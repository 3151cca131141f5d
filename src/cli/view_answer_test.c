// SPDX-License-Identifier: Apache-2.0
//
// `view_answer_test DIRECTORY --update` writes the goldens of DIRECTORY/answers anew.
#include "cli/view_answer.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char directory[512] = "tests/golden/answers";
static bool update_goldens;

static void draw(struct pl_view *view, const json_t *answer, struct pl_buf *out)
{
    view->origin_s = 36000.0 - 600.0;
    view->opening_s = 36000.0;
    if (strcmp(pl_view_string(answer, "kind"), "open") == 0) {
        pl_view_opening(view, answer, out);
    } else {
        pl_view_answer(view, answer, out);
    }
}

static void drawings_are_as_they_were(void **state)
{
    (void)state;
    assert_true(golden_check(directory, draw, update_goldens) >= 10);
}

/* Answers that lack what they should have are drawn as far as they go. */
static void any_answer_can_be_drawn(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"error\":7,\"events\":[1,{}]}",
        "{\"observation\":{\"type\":\"belief\"}}",
        "{\"observation\":{\"type\":\"preview\",\"effects\":[{}]}}",
        "{\"observation\":{\"type\":\"debrief\"}}",
        "{\"observation\":{\"type\":\"debrief\",\"damage\":{\"per_minute\":[null]}}}",
        "{\"observation\":{\"type\":\"actions\",\"actions\":[[]]}}",
        "{\"observation\":{\"type\":\"postmortem\",\"fields\":[]}}",
        "{\"observation\":{\"type\":\"what\"}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct pl_term *face = &golden_faces[i % GOLDEN_FACES];
        const char *drawing = golden_text(*face, pl_view_answer, texts[i]);
        assert_true(golden_width(drawing) <= face->columns);
    }
}

/* An act that changes eight things says so, though it lists six. */
static void what_is_not_listed_is_counted(void **state)
{
    (void)state;
    char text[1024];
    struct pl_buf out;
    pl_buf_init(&out, text, sizeof text);
    pl_buf_puts(&out, "{\"observation\":{\"type\":\"preview\",\"effects\":[");
    for (uint32_t i = 0; i < 8; i++) {
        pl_buf_printf(&out,
                      "%s{\"what\":\"route.%u.shed\",\"unit\":\"p\",\"before\":0,\"after\":0.5}",
                      i > 0 ? "," : "",
                      i);
    }
    pl_buf_puts(&out, "]}}");
    const char *drawing = golden_text(golden_faces[0], pl_view_answer, text);
    assert_non_null(strstr(drawing, "route.5.shed"));
    assert_null(strstr(drawing, "route.6.shed"));
    assert_non_null(strstr(drawing, "and 2 more"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawings_are_as_they_were),
        cmocka_unit_test(any_answer_can_be_drawn),
        cmocka_unit_test(what_is_not_listed_is_counted),
    };
    if (argc > 1) {
        snprintf(directory, sizeof directory, "%s/answers", argv[1]);
    }
    update_goldens = argc > 2 && strcmp(argv[2], "--update") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
