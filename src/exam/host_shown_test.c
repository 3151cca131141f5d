// SPDX-License-Identifier: Apache-2.0
#include "exam/host_shown.h"

#include "os/file.h"
#include "os/now.h"
#include "support/hosted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_slot *slot_of(void)
{
    struct pl_host *host = pl_test_hosted.host;
    assert_int_equal(host->slot_count, 1);
    return host->slots[0];
}

static char *ask(uint32_t verb)
{
    assert_int_equal(pl_test_hosted_ask(verb, NULL, NULL, 0), PL_REPLY_OK);
    return strdup(pl_test_hosted.text);
}

static void play_to_the_end(void)
{
    static const char *const commands[] = {"{\"do\":\"look\",\"what\":\"alerts\"}",
                                           "{\"do\":\"wait\",\"for\":60}",
                                           "{\"do\":\"close\"}"};
    pl_test_hosted_begin("{\"scenario\":\"torn-till\",\"seed\":3}");
    for (uint32_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, commands[i], 0), PL_REPLY_OK);
    }
}

/* Goal: once it was brought back, a closed session is shown from what was kept: the same bytes,
 * without a session in memory. A command brings it back, a changed file is not believed. */
static void a_closed_session_is_shown_without_replay(void **state)
{
    (void)state;
    char path[PL_FILE_PATH_MAX];
    play_to_the_end();
    pl_test_hosted_again(); /* closed for ever, nothing kept */
    assert_false(pl_shown_exists(pl_test_hosted.scratch.path, pl_test_hosted.id));
    char *described = ask(PL_ASK_DESCRIBE);
    char *entries = ask(PL_ASK_ENTRIES);
    assert_non_null(slot_of()->room);
    assert_non_null(strstr(entries, "\"last\":3}"));
    pl_test_hosted_again();
    char *again = ask(PL_ASK_DESCRIBE);
    assert_string_equal(again, described);
    free(again);
    again = ask(PL_ASK_ENTRIES);
    assert_string_equal(again, entries);
    free(again);
    assert_null(slot_of()->room);
    assert_non_null(slot_of()->shown);
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, "{\"do\":\"debrief\"}", 0),
                     PL_REPLY_OK);
    assert_non_null(slot_of()->room);
    assert_null(slot_of()->shown);
    pl_test_hosted_again();
    snprintf(path,
             sizeof path,
             "%.3900s/shown/%s.ndjson",
             pl_test_hosted.scratch.path,
             pl_test_hosted.id);
    assert_int_equal(pl_file_save(path, pl_slice_of("nonsense\n"), NULL), PL_OK);
    again = ask(PL_ASK_ENTRIES);
    assert_string_equal(again, entries);
    assert_non_null(slot_of()->room);
    free(again);
    free(described);
    free(entries);
}

/* Goal: a session that is over but open still takes a postmortem, which is then shown too. */
static void what_is_added_after_the_end_is_shown(void **state)
{
    (void)state;
    static const char say[] =
        "{\"do\":\"say\",\"what\":\"postmortem\",\"fields\":{\"title\":\"Torn\"}}";
    play_to_the_end();
    assert_int_equal(pl_test_hosted_ask(PL_ASK_COMMAND, NULL, say, 0), PL_REPLY_OK);
    assert_non_null(slot_of()->room);
    pl_test_hosted_again();
    free(ask(PL_ASK_ENTRIES));
    pl_test_hosted_again();
    char *entries = ask(PL_ASK_ENTRIES);
    assert_null(slot_of()->room);
    assert_non_null(strstr(entries, "postmortem"));
    assert_non_null(strstr(entries, "\"last\":4}"));
    free(entries);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_closed_session_is_shown_without_replay,
                                        pl_test_hosted_set_up,
                                        pl_test_hosted_tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_added_after_the_end_is_shown, pl_test_hosted_set_up, pl_test_hosted_tear_down),
    };
    pl_test_hosted_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
