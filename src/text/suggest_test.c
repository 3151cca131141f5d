// SPDX-License-Identifier: Apache-2.0
//
// Known distances, and suggestions that a person would make.
#include "text/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint32_t distance(const char *a, const char *b)
{
    return pl_suggest_distance(pl_slice_of(a), pl_slice_of(b));
}

static void known_distances(void **state)
{
    (void)state;
    assert_int_equal(distance("", ""), 0);
    assert_int_equal(distance("", "abc"), 3);
    assert_int_equal(distance("kitten", "sitting"), 3);
    assert_int_equal(distance("ca", "abc"), 3); /* optimal string alignment, not the free form */
    assert_int_equal(distance("metrisc", "metrics"), 1);
    assert_int_equal(distance("LOGS", "logs"), 0);
    assert_int_equal(distance("pool", "pools"), distance("pools", "pool"));
}

static void too_long_words_are_never_near(void **state)
{
    (void)state;
    char text[PL_SUGGEST_WORD_MAX + 2];
    memset(text, 'a', sizeof text);
    pl_slice limit = {text, PL_SUGGEST_WORD_MAX};
    pl_slice above = {text, PL_SUGGEST_WORD_MAX + 1};
    assert_int_equal(pl_suggest_distance(limit, limit), 0);
    assert_int_equal(pl_suggest_distance(above, limit), UINT32_MAX);
    assert_int_equal(pl_suggest_distance(limit, above), UINT32_MAX);
}

static void nearest_name_or_none(void **state)
{
    (void)state;
    static const char *const names[] = {"metrics", "logs", "traces", "alerts", "latency"};
    static const struct {
        const char *word;
        const char *expected;
    } cases[] = {
        {"metrisc", "metrics"},
        {"log", "logs"},
        {"trcaes", "traces"},
        {"met", "metrics"},
        {"latancy", "latency"},
        {"zebra", NULL},
        {"", NULL},
        {"xy", NULL},
        {"Alert", "alerts"},
        {"trace", "traces"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *best = pl_suggest_name(pl_slice_of(cases[i].word), names, 5);
        if (cases[i].expected == NULL) {
            assert_null(best);
        } else {
            assert_non_null(best);
            assert_string_equal(best, cases[i].expected);
        }
    }
    assert_null(pl_suggest_name(pl_slice_of("logs"), NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances),
        cmocka_unit_test(too_long_words_are_never_near),
        cmocka_unit_test(nearest_name_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
