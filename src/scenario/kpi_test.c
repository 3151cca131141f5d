// SPDX-License-Identifier: Apache-2.0
#include "scenario/kpi.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char good_text[] = "world: small\n"
                                "at: \"11:00\"\n"
                                "kpis:\n"
                                "  calls:\n"
                                "    title: Calls a second\n"
                                "    query: 'sum(rate(http_server_request_duration_seconds_count"
                                "[5m]))'\n"
                                "    from: 20\n"
                                "    to: 40\n"
                                "  up:\n"
                                "    title: Targets that answer\n"
                                "    query: 'min(up)'\n"
                                "    to: 100%\n";

static pl_status load(const char *text, struct pl_kpis *kpis)
{
    struct pl_file file = {.path = "content/kpis/small.yaml", .text = pl_slice_of(text)};
    memset(pl_test_loaded.errors, 0, sizeof *pl_test_loaded.errors);
    return pl_kpis_load(&file, kpis, pl_test_loaded.scratch, pl_test_loaded.errors);
}

static void every_table_is_sound(void **unused)
{
    (void)unused;
    pl_test_check_table(&pl_kpis_table);
    pl_test_check_table(&pl_kpi_table);
}

static void numbers_have_a_query_and_a_range(void **unused)
{
    (void)unused;
    struct pl_kpis kpis;
    assert_int_equal(load(good_text, &kpis), PL_OK);
    assert_int_equal(kpis.count, 2);
    assert_string_equal(kpis.world, "small");
    assert_string_equal(kpis.items[0].name, "calls");
    assert_true(kpis.items[0].low > 19.9 && kpis.items[0].high < 40.1);
    assert_true(kpis.items[1].low < 0.1 && kpis.items[1].high > 0.99);
    assert_true(kpis.items[1].high < 1.01);
    assert_true(kpis.at_s > 39599.0 && kpis.at_s < 39601.0);
    assert_true(kpis.for_s > 7199.0 && kpis.warmup_s > 1799.0);
}

static void mistakes_are_told_at_their_place(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
        uint32_t at;
    } cases[] = {
        {"world: small", "world: large", "it must be named as its world", 1},
        {"to: 40", "    to: 4", "`from` 20 is above `to` 4", 7},
        {"min(up)", "    query: 'min(up'", "`query`: ", 11},
        {"to: 100%", "    upto: 3", "upto", 12},
        {"at:", "at: noon", "noon", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_kpis kpis;
        char *text = pl_test_edited(good_text, cases[i].find, cases[i].line);
        assert_int_equal(load(text, &kpis), PL_BAD_INPUT);
        free(text);
        assert_int_equal(pl_test_loaded.errors->items[0].pos.line, cases[i].at);
        if (strstr(pl_test_loaded.errors->items[0].message, cases[i].message) == NULL) {
            fail_msg("expected: %s\nfound: %s",
                     cases[i].message,
                     pl_test_loaded.errors->items[0].message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_sound),
        cmocka_unit_test_setup_teardown(
            numbers_have_a_query_and_a_range, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            mistakes_are_told_at_their_place, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
