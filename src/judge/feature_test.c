// SPDX-License-Identifier: Apache-2.0
//
// Shapes are given as the instruments print them; features are looked up by their names.
#include "judge/feature.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct pl_feature_scratch scratch;
static struct pl_feature_set set;

/** Names of a set, kept until the next extraction. */
struct kept_names {
    uint32_t count;
    struct pl_feature feature[PL_FEATURES_MAX];
    char name[PL_FEATURES_MAX][PL_FEATURE_NAME_MAX];
};
static struct kept_names kept;

static void keep(void *context, const struct pl_feature *feature, const char *name)
{
    struct kept_names *names = context;
    names->feature[names->count] = *feature;
    snprintf(names->name[names->count++], PL_FEATURE_NAME_MAX, "%s", name);
}

static void extract(const char *text)
{
    const struct pl_feature_names names = {.context = &kept, .name = keep};
    kept.count = 0;
    pl_feature_extract(pl_slice_of(text), &set, &scratch, &names);
    for (uint32_t i = 1; i < set.count; i++) {
        assert_true(set.items[i - 1].key < set.items[i].key);
    }
}

/** The feature with this name in the set, or NULL. */
static const struct pl_feature *find(const char *name)
{
    for (uint32_t i = 0; i < kept.count; i++) {
        if (strcmp(kept.name[i], name) == 0) {
            return pl_feature_find(&set, kept.feature[i].key);
        }
    }
    return NULL;
}

/** The feature with this name; the test fails when there is none. */
static struct pl_feature found(const char *name)
{
    const struct pl_feature *feature = find(name);
    if (feature == NULL) {
        fail_msg("there is no feature `%s`", name);
        return (struct pl_feature){0};
    }
    return *feature;
}

static void assert_value(const char *name, double expected)
{
    struct pl_feature feature = found(name);
    if (!(fabs((double)feature.value - expected) < 1e-3)) {
        fail_msg("`%s` is %g, expected %g", name, (double)feature.value, expected);
    }
}

static void write_panel(char *text, size_t size, const char *pod, double after)
{
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    pl_buf_printf(&buf,
                  "{\"type\":\"panel\",\"title\":\"checkout-api, request duration\",\"unit\":\"s\","
                  "\"start_s\":0,\"step_s\":15,\"series\":[{\"name\":\"%s\",\"labels\":{},"
                  "\"points\":[",
                  pod);
    for (int i = 0; i < 120; i++) {
        pl_buf_printf(&buf, "%s%g", i > 0 ? "," : "", i < 80 ? 0.5 : after);
    }
    pl_buf_puts(&buf, "]}]}");
    assert_false(buf.overflow);
}

static void a_panel_tells_level_rise_and_onset(void **state)
{
    (void)state;
    char text[4096];
    write_panel(text, sizeof text, "p99", 2.0);
    extract(text);
    assert_value("checkout-api, request duration: p99, level", log(2.001));
    assert_value("checkout-api, request duration: p99, rise", log(2.001 / 0.501));
    assert_value("checkout-api, request duration: p99, has a change point", 1.0);
    assert_value("checkout-api, request duration: p99, change point, minutes ago", 10.0);
    // 5 % of the value is more than 2.5 % of an axis that ends at it.
    struct pl_feature level = found("checkout-api, request duration: p99, level");
    assert_true(fabs((double)level.sd - 0.1 / 2.001) < 1e-4);
}

static void random_names_do_not_change_keys(void **state)
{
    (void)state;
    char text[4096];
    write_panel(text, sizeof text, "checkout-api-vxwrj5lsj-r756b", 2.0);
    extract(text);
    struct pl_feature_set first = set;
    write_panel(text, sizeof text, "checkout-api-2bqkk9xwf-zz4kp", 3.0);
    extract(text);
    assert_int_equal(first.count, set.count);
    for (uint32_t i = 0; i < set.count; i++) {
        assert_true(first.items[i].key == set.items[i].key);
    }
}

static void series_of_one_folded_name_are_described_together(void **state)
{
    (void)state;
    extract("{\"type\":\"panel\",\"title\":\"t\",\"unit\":\"\",\"step_s\":60,\"series\":["
            "{\"name\":\"a-bcd5fgh-x2w4q\",\"points\":[1,1,1,1,1,1,1,1,1]},"
            "{\"name\":\"a-bcd5fgh-4zwbk\",\"points\":[3,3,3,3,3,3,3,3,3]}]}");
    assert_value("t: a-*-*, how many", log(3.0));
    assert_value("t: a-*-*, level", log(2.5));
    assert_value("t: a-*-*, share of the largest", log(0.77 / 0.27));
}

static void a_series_without_a_beginning_has_no_rise(void **state)
{
    (void)state;
    extract("{\"type\":\"panel\",\"title\":\"t\",\"unit\":\"/s\",\"step_s\":60,\"series\":["
            "{\"name\":\"503\",\"points\":[null,null,null,null,null,null,null,4,4]},"
            "{\"name\":\"200\",\"points\":[null,null,null]}]}");
    assert_value("t: 503, shown", 1.0);
    assert_value("t: 503, level", log(4.05));
    assert_null(find("t: 503, rise"));
    assert_null(find("t: 503, there from the start"));
    assert_null(find("t: 200, shown"));
}

static void rows_are_found_by_their_words(void **state)
{
    (void)state;
    extract("{\"type\":\"table\",\"title\":\"locks\",\"columns\":[{\"name\":\"pid\",\"unit\":\"\"},"
            "{\"name\":\"app\",\"unit\":\"\"},{\"name\":\"waits\",\"unit\":\"\"},"
            "{\"name\":\"share\",\"unit\":\"ratio\"},{\"name\":\"since\",\"unit\":\"\"}],\"rows\":["
            "[4711,\"checkout\",\"00:00:00.5\",0.5,\"11:40:30\"],"
            "[12,\"checkout\",\"00:00:01.5\",0.5,\"11:40:30\"],"
            "[13,\"import\",\"54m\",null,\"-\"],[14,\"import 7\",\"54m\",true,\"-\"]]}");
    assert_value("locks, rows, how many", log(5.0));
    assert_value("locks: |checkout, how many", log(3.0));
    assert_value("locks: |checkout, waits, level", log(1.001));
    assert_value("locks: |checkout, share, level", 0.0);
    assert_value("locks: |checkout, since, level", 700.5);
    assert_value("locks: |import|-, waits, level", log(3240.001));
    assert_null(find("locks: |import|-, share, level"));
    assert_value("locks: |import #|-, shown", 1.0);
    assert_value("locks: |import #|-, app, level", log(7.5));
    assert_value("locks, app, share of the largest", log(0.52 / 0.52));
    assert_null(find("locks: |checkout, pid, level"));
}

static void patterns_of_logs_are_counted(void **state)
{
    (void)state;
    extract("{\"type\":\"logs\",\"title\":\"x logs\",\"lines\":[{\"t\":\"1\",\"text\":\"}{]\"}],"
            "\"matched\":100,\"shown\":1,\"patterns\":[{\"count\":90,\"text\":\"took 16 ms\"},"
            "{\"count\":9,\"text\":\"took 17 ms\"},{\"count\":1,\"text\":\"key 89d42ee\"}]}");
    assert_value("x logs, lines, how many", log(101.0));
    assert_value("x logs: took # ms, how many", log(100.0));
    assert_value("x logs: key *, shown", 1.0);
}

static void a_trace_tells_where_time_goes_and_errors_begin(void **state)
{
    (void)state;
    extract("{\"type\":\"trace\",\"trace_id\":\"1\",\"title\":\"t\",\"spans\":["
            "{\"id\":\"a\",\"parent\":null,\"name\":\"GET\",\"service\":\"web\",\"start_ms\":0,"
            "\"duration_ms\":100,\"status\":\"error\",\"attrs\":{}},"
            "{\"id\":\"b\",\"parent\":\"a\",\"name\":\"query\",\"service\":\"db\",\"start_ms\":10,"
            "\"duration_ms\":75,\"status\":\"error\"}]}");
    assert_value("t: web GET, share of time spent in itself", log(0.27 / 0.77));
    assert_value("t: db query, share of time spent in itself", log(0.77 / 0.27));
    assert_value("t: db query, errors begin here", 1.0);
    assert_null(find("t: web GET, errors begin here"));
    assert_value("t, duration, level", log(0.101));
}

static void answers_of_people_are_read_line_by_line(void **state)
{
    (void)state;
    static const char text[] =
        "{\"t_s\":1,\"kind\":\"wait\",\"observation\":{\"type\":\"wait\"},\"events\":["
        "{\"t_s\":1,\"kind\":\"answer\",\"from\":\"ines\",\"title\":\"Ines\","
        "\"text\":\"It is mine.\\nThe train ramps it: 80 % now.\"},"
        "{\"kind\":\"stakeholder\",\"title\":\"boss\",\"text\":\"When?\"}]}";
    extract(text);
    assert_value("Ines: It is mine., shown", 1.0);
    assert_value("Ines: The train ramps it: # % now., level", log(80.5));
    assert_null(find("boss: When?, shown"));
    // The event alone says the same under the same keys.
    uint64_t key = found("Ines: It is mine., shown").key;
    extract("{\"kind\":\"answer\",\"title\":\"Ines\",\"text\":\"It is mine.\"}");
    assert_non_null(pl_feature_find(&set, key));
}

static void parts_are_kept_apart(void **state)
{
    (void)state;
    extract("{\"type\":\"parts\",\"parts\":[{\"type\":\"text\",\"title\":\"\",\"text\":\"load 5\"},"
            "{\"type\":\"text\",\"title\":\"\",\"text\":\"load 5\"}],\"notes\":[]}");
    assert_int_equal(set.count, 4);
}

static void full_sets_count_what_was_dropped(void **state)
{
    (void)state;
    static char text[40000];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    pl_buf_puts(&buf,
                "{\"type\":\"table\",\"title\":\"\",\"columns\":[{\"name\":\"a\",\"unit\":\"\"},"
                "{\"name\":\"n\",\"unit\":\"\"},{\"name\":\"m\",\"unit\":\"\"}],\"rows\":[");
    for (int i = 0; i < 80; i++) {
        pl_buf_printf(
            &buf, "%s[\"row %c%c\",%d,%d]", i > 0 ? "," : "", 'a' + i % 26, 'a' + i / 26, i, i * i);
    }
    pl_buf_puts(&buf, "]}");
    extract(text);
    assert_int_equal(set.count, PL_FEATURES_MAX);
    assert_true(set.dropped > 0);
}

/** Any prefix and any damaged byte gives a set within its limits. */
static void anything_may_stand_there(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"type\":\"panel\",\"step_s\":0,\"series\":[{\"name\":\"a\",\"points\":[1,2,null,4]}]}",
        "{\"type\":\"table\",\"columns\":[{\"name\":\"a\"}],\"rows\":[[\"x\",1],[[]],{}]}",
        "{\"type\":\"trace\",\"spans\":[{\"id\":\"a\",\"parent\":\"a\",\"duration_ms\":1e308}]}",
        "{\"type\":\"parts\",\"parts\":[{\"type\":\"parts\",\"parts\":[{}]}]}",
        "{\"observation\":{\"type\":\"text\",\"text\":\"a\\\\nb\\n\"},\"events\":[{}]}",
        "{\"type\":\"logs\",\"patterns\":[{\"count\":-1,\"text\":\"\"}],\"matched\":-5}",
    };
    char copy[256];
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        size_t size = strlen(texts[t]);
        for (size_t at = 0; at <= size; at++) {
            for (int c = 0; c < 128; c++) {
                memcpy(copy, texts[t], size);
                copy[at] = (char)c;
                pl_slice slice = {.data = copy, .size = c < 64 ? size : at};
                pl_feature_extract(slice, &set, &scratch, NULL);
                for (uint32_t i = 0; i < set.count; i++) {
                    assert_true(isfinite(set.items[i].value) && isfinite(set.items[i].sd));
                }
            }
        }
    }
    assert_null(pl_feature_find(&set, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_tells_level_rise_and_onset),
        cmocka_unit_test(random_names_do_not_change_keys),
        cmocka_unit_test(series_of_one_folded_name_are_described_together),
        cmocka_unit_test(a_series_without_a_beginning_has_no_rise),
        cmocka_unit_test(rows_are_found_by_their_words),
        cmocka_unit_test(patterns_of_logs_are_counted),
        cmocka_unit_test(a_trace_tells_where_time_goes_and_errors_begin),
        cmocka_unit_test(answers_of_people_are_read_line_by_line),
        cmocka_unit_test(parts_are_kept_apart),
        cmocka_unit_test(full_sets_count_what_was_dropped),
        cmocka_unit_test(anything_may_stand_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
