// SPDX-License-Identifier: Apache-2.0
#include "observe/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void windows_show_visible_entries_newest_first(void **test_state)
{
    (void)test_state;
    static const struct pl_observe_change entries[] = {
        {.t_ns = 50, .kind = "deploy", .target = "b", .text = "", .by = "", .visible = 1},
        {.t_ns = -10, .kind = "flag", .target = "a", .text = "", .by = "", .visible = 1},
        {.t_ns = 60, .kind = "console", .target = "c", .text = "", .by = "", .visible = 0},
        {.t_ns = 90, .kind = "cron", .target = "later", .text = "", .by = "", .visible = 1},
    };
    struct pl_observe_def def = {.feed = entries, .feed_count = 4};
    struct pl_feed *feed = calloc(1, sizeof(*feed));
    pl_feed_init(feed, &def);
    const struct pl_observe_change *out[PL_OBSERVE_FEED_MAX];
    assert_int_equal(pl_feed_window(feed, -100, 80, out), 2);
    assert_string_equal(out[0]->target, "b");
    assert_string_equal(out[1]->target, "a");
    assert_int_equal(pl_feed_window(feed, 0, 80, out), 1);
    free(feed);
}

static void added_texts_are_copied_and_the_feed_has_a_limit(void **test_state)
{
    (void)test_state;
    struct pl_observe_def def = {0};
    struct pl_feed *feed = calloc(1, sizeof(*feed));
    pl_feed_init(feed, &def);
    char text[] = "40 % -> 80 %";
    struct pl_observe_change entry = {
        .t_ns = 5, .kind = "flag", .target = "x", .text = text, .by = NULL, .visible = 1};
    assert_true(pl_feed_add(feed, &entry));
    text[0] = '9';
    const struct pl_observe_change *out[PL_OBSERVE_FEED_MAX];
    assert_int_equal(pl_feed_window(feed, 0, 10, out), 1);
    assert_string_equal(out[0]->text, "40 % -> 80 %");
    assert_string_equal(out[0]->by, "");
    for (int i = 1; i < PL_OBSERVE_FEED_MAX; i++) {
        assert_true(pl_feed_add(feed, &entry));
    }
    assert_false(pl_feed_add(feed, &entry));
    free(feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_show_visible_entries_newest_first),
        cmocka_unit_test(added_texts_are_copied_and_the_feed_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
