// SPDX-License-Identifier: Apache-2.0
#include "bots/reading.h"

#include "base/fmath.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_reading reading;

static void take(const char *text)
{
    json_t *json = NULL;
    assert_int_equal(pl_json_in_load(pl_slice_of(text), 1 << 16, NULL, &json, NULL), PL_OK);
    pl_reading_take(json, &reading);
    json_decref(json);
}

static uint32_t count_of(double value)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        bool same = reading.slots[i].key != 0 && fabs(reading.slots[i].value - value) < 1e-9;
        count += same ? 1 : 0;
    }
    return count;
}

/* Four numbers of a panel: level, rise and unrest of its series, and how many series there are. */
static void a_panel_gives_level_rise_and_unrest(void **state)
{
    (void)state;
    char text[1024] = "{\"type\":\"panel\",\"series\":[{\"name\":\"a\",\"points\":[";
    for (int i = 0; i < 60; i++) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "%s%d", i > 0 ? "," : "", i < 30 ? 1 : 8);
    }
    size_t size = strlen(text);
    snprintf(text + size, sizeof text - size, "]}]}");
    take(text);
    assert_int_equal(reading.count, 4);
    assert_int_equal(count_of(pl_log(8.001)), 1);
    assert_int_equal(count_of(pl_log(8.001) - pl_log(1.001)), 1);
    assert_int_equal(count_of(pl_log(0.001)), 1); /* no unrest */
    assert_int_equal(count_of(pl_log(2.0)), 1);   /* one series */
}

static void the_same_text_gives_the_same_keys(void **state)
{
    (void)state;
    static const char table[] =
        "{\"type\":\"table\",\"columns\":[{\"name\":\"who\"},{\"name\":\"n\"},{\"name\":\"age\"}],"
        "\"rows\":[[\"a\",3,\"00:00:02.5\"],[\"b\",7,\"00:01:00\"]]}";
    take(table);
    struct pl_reading first = reading;
    take(table);
    assert_memory_equal(&first, &reading, sizeof reading);
    assert_int_equal(count_of(pl_log(3.001)), 1);
    assert_int_equal(count_of(pl_log(2.501)), 1); /* durations are seconds */
    assert_int_equal(count_of(pl_log(60.001)), 1);
    assert_int_equal(count_of(pl_log(2.0)), 2); /* each name stands once */
    for (uint32_t i = 0; i < PL_READING_SLOTS; i++) {
        if (reading.slots[i].key != 0) {
            assert_ptr_equal(pl_reading_find(&reading, reading.slots[i].key), &reading.slots[i]);
        }
    }
    assert_null(pl_reading_find(&reading, 12345));
}

/* What a person says is one bit, under a key of its own words. */
static void words_are_told_apart(void **state)
{
    (void)state;
    pl_reading_hear("It is the cache.", &reading);
    struct pl_reading first = reading;
    assert_int_equal(reading.count, 1);
    assert_int_equal(count_of(pl_log(2.0)), 1);
    pl_reading_hear("It is not the cache.", &reading);
    assert_memory_not_equal(&first, &reading, sizeof reading);
    take("{\"type\":\"text\",\"text\":\"It is the cache.\"}");
    assert_memory_equal(&first, &reading, sizeof reading);
}

static void rows_of_one_name_are_averaged(void **state)
{
    (void)state;
    take("{\"type\":\"table\",\"columns\":[{\"name\":\"who\"},{\"name\":\"n\"}],"
         "\"rows\":[[\"a\",1],[\"a\",4]]}");
    assert_int_equal(count_of((pl_log(1.001) + pl_log(4.001)) / 2.0), 1);
    assert_int_equal(count_of(pl_log(3.0)), 2); /* two rows; the name stands twice */
}

static void logs_count_patterns_and_texts_are_bits(void **state)
{
    (void)state;
    take("{\"type\":\"logs\",\"matched\":9,\"patterns\":[{\"count\":6,\"text\":\"no room\"}]}");
    assert_int_equal(count_of(pl_log(7.0)), 1);
    assert_int_equal(count_of(pl_log(10.0)), 1);
    take("{\"type\":\"parts\",\"parts\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"text\","
         "\"text\":\"x\"}]}");
    assert_int_equal(reading.count, 2); /* parts are told apart */
}

static void strange_observations_give_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"type\":7}",
        "{\"type\":\"trace\",\"spans\":[]}",
        "{\"type\":\"panel\",\"series\":7,\"x\":[null]}",
        "{\"type\":\"table\",\"rows\":[7,null,{}],\"columns\":\"x\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        take(texts[i]);
        assert_true(reading.count <= 1);
    }
    pl_reading_take(NULL, &reading);
    assert_int_equal(reading.count, 0);
}

/* More numbers than there is room for are left out, and nothing else happens. */
static void a_huge_table_is_cut(void **state)
{
    (void)state;
    static char text[1 << 16] = "{\"type\":\"table\",\"columns\":[{\"name\":\"n\"}],\"rows\":[";
    for (int i = 0; i < 2000; i++) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "%s[\"r%d\"]", i > 0 ? "," : "", i);
    }
    size_t size = strlen(text);
    snprintf(text + size, sizeof text - size, "]}");
    take(text);
    assert_int_equal(reading.count, PL_READING_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_gives_level_rise_and_unrest),
        cmocka_unit_test(the_same_text_gives_the_same_keys),
        cmocka_unit_test(words_are_told_apart),
        cmocka_unit_test(rows_of_one_name_are_averaged),
        cmocka_unit_test(logs_count_patterns_and_texts_are_bits),
        cmocka_unit_test(strange_observations_give_nothing),
        cmocka_unit_test(a_huge_table_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
