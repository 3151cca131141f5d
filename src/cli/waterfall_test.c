// SPDX-License-Identifier: Apache-2.0
#include "cli/waterfall.h"

#include "support/goldens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *draw(const char *text)
{
    const struct pl_term term = {.columns = 60, .utf8 = false};
    return golden_text(term, pl_waterfall_draw, text);
}

/* The child covers the second half of its parent: the first half is the parent's own. */
static void own_time_is_thick(void **state)
{
    (void)state;
    const char *text = draw("{\"spans\":["
                            "{\"id\":\"b\",\"parent\":\"a\",\"name\":\"child\",\"service\":\"s\","
                            "\"start_ms\":50,\"duration_ms\":50},"
                            "{\"id\":\"a\",\"parent\":\"\",\"name\":\"root\",\"service\":\"s\","
                            "\"start_ms\":0,\"duration_ms\":100,\"status\":\"Error\"}]}");
    assert_non_null(strstr(text, "  s root               =============-------------   100 ms !\n"));
    assert_non_null(strstr(text, "   child                            =============    50 ms\n"));
}

/* Spans whose parents form a circle cannot be placed; the note counts them. */
static void a_circle_of_parents_ends(void **state)
{
    (void)state;
    const char *text = draw("{\"spans\":[{\"id\":\"a\",\"parent\":\"b\"},{\"id\":\"b\",\"parent\":"
                            "\"a\"},{\"id\":\"c\",\"parent\":\"\",\"name\":\"alone\"}]}");
    assert_non_null(strstr(text, "alone"));
    assert_non_null(strstr(text, "2 spans are not drawn."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_time_is_thick),
        cmocka_unit_test(a_circle_of_parents_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
