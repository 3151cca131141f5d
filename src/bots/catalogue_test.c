// SPDX-License-Identifier: Apache-2.0
#include "bots/catalogue.h"

#include "support/sessions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_known_look looks[PL_KNOWN_LOOKS_MAX];
static struct pl_catalogue_move moves[PL_CATALOGUE_MOVES_MAX];

/* Every look can be asked for: what a service lacks is an error of its own, not of the command. */
static void looks_are_commands_of_the_protocol(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_LIVE);
    uint32_t count = pl_catalogue_looks(s->world, s->scenario, looks);
    uint32_t good = 0;
    assert_in_range(count, 20, PL_KNOWN_LOOKS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        (void)test_session_apply(s, looks[i].command);
        good += test_session_error(s)[0] == '\0' ? 1 : 0;
        assert_string_not_equal(test_session_error(s), "bad_input");
        assert_true(looks[i].cost_s > 0.0);
    }
    assert_true(good > count / 2);
    test_session_close(s);
}

static void moves_can_be_previewed(void **state)
{
    (void)state;
    struct test_session *s = test_session_open(1, PL_CLOCK_TURN);
    uint32_t count = pl_catalogue_moves(s->world, s->scenario, moves);
    bool flag = false;
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; i++) {
        char preview[PL_KNOWN_TEXT_MAX];
        snprintf(preview, sizeof preview, "%s", moves[i].command);
        char *confirm = strstr(preview, ",\"confirm\":true");
        assert_non_null(confirm);
        snprintf(confirm, 2, "}");
        (void)test_session_apply(s, preview);
        assert_string_equal(test_session_error(s), "");
        flag = flag || strcmp(moves[i].text, "flag inline-check 0%") == 0;
    }
    assert_true(flag);
    test_session_close(s);
}

int main(int argc, char **argv)
{
    test_content = argc > 1 ? argv[1] : test_content;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_commands_of_the_protocol),
        cmocka_unit_test(moves_can_be_previewed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
