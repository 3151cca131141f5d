// SPDX-License-Identifier: Apache-2.0
#include "scenario/stream_reader.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char parts[] =
    "topics:\n"
    "  orders: {group: ship, consumer: back/ship, consumers: 4}\n"
    "volumes:\n"
    "  disk: {baseline: 20MB, burst: 60MB, credits: 900MB}\n"
    "tenants:\n"
    "  T-1: {share: 10%, partition: 2}\n"
    "streams:\n"
    "  events: {partitions: 4, batch: 20, batch_p99: 60, volume: disk, side: slow, source: users}\n"
    "  slow: {partitions: 2}\n"
    "groups:\n"
    "  first: {stream: events, consumer: back/ship, max_records: 200, cached_lag: yes}\n"
    "  second: {stream: slow, consumer: back/ship}\n";

static bool load(const char *find, const char *line)
{
    char *whole = pl_test_edited(pl_test_world_text, "slice:", "slice: 1/1");
    char *sent = pl_test_edited(
        whole, "publish: orders", "        - {publish: events, tenant: T-1, label: in}");
    char *wrote =
        pl_test_edited(sent, "sleep: 5ms", "        - {write: disk, kb: 3, per_record: yes}");
    char *text = pl_test_edited(wrote, "orders: {group", parts + strlen("topics:\n"));
    char *edited = find != NULL ? pl_test_edited(text, find, line) : NULL;
    bool good = pl_test_load_world(&pl_test_loaded, edited != NULL ? edited : text);
    free(edited);
    free(text);
    free(wrote);
    free(sent);
    free(whole);
    return good;
}

static void streams_and_groups_are_read(void **unused)
{
    (void)unused;
    if (!load(NULL, NULL)) {
        fail_msg("%s", pl_test_loaded.text);
    }
    const struct pl_world *world = pl_test_loaded.world;
    const struct pl_streams *all = &world->streams;
    assert_int_equal(all->stream_count, 2);
    assert_int_equal(all->streams[0].volume, 0);
    assert_int_equal(all->streams[0].side, 1);
    assert_int_equal(all->streams[0].source, 0);
    assert_int_equal(all->streams[1].volume, PL_NONE);
    assert_int_equal(all->groups[0].route, 2);
    assert_int_equal(all->groups[0].cached, 1);
    assert_true(all->groups[0].max_records > 199.0 && all->groups[0].max_records < 201.0);
    assert_true(all->volumes[0].credits_max_mb > 899.0);
    uint32_t found = 0;
    for (uint32_t i = 0; i < world->step_count; i++) {
        const struct pl_step *step = &world->steps[i];
        if (step->op == PL_OP_PUBLISH) {
            assert_int_equal(step->target, PL_TOPICS_MAX);
            assert_int_equal(step->tenant, 0);
            found++;
        } else if (step->op == PL_OP_WRITE) {
            assert_int_equal(step->per_record, 1);
            assert_true(step->amount_kb > 2.9 && step->amount_kb < 3.1);
            found++;
        }
    }
    assert_int_equal(found, 2);
}

static void mistakes_are_told(void **unused)
{
    (void)unused;
    static const struct {
        const char *find;
        const char *line;
        const char *message;
    } cases[] = {
        {"  slow:", "  slow: {partitions: 2, volume: dsk}", "There is no volume `dsk`"},
        {"  slow:", "  slow: {partitions: 2, source: user}", "did you mean `users`?"},
        {"  second:", "  second: {stream: slw, consumer: back/ship}", "did you mean `slow`?"},
        {"  second:", "  second: {stream: slow, consumer: back/shp}", "has no route `shp`"},
        {"publish: events", "        - {publish: evnts}", "There is no topic `evnts`"},
        {"publish: events", "        - {publish: events, tenant: T-2}", "did you mean `T-1`?"},
        {"write: disk", "        - {write: disc, kb: 3}", "did you mean `disk`?"},
        {"write: disk", "        - {sleep: 3ms, kb: 3}", "`kb` means nothing beside `sleep`."},
        {"slice:", "slice: 1/2", "a world with streams is simulated whole"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(load(cases[i].find, cases[i].line));
        if (strstr(pl_test_loaded.text, cases[i].message) == NULL) {
            fail_msg("expected: %s\nfound: %s", cases[i].message, pl_test_loaded.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            streams_and_groups_are_read, pl_test_contents_setup, pl_test_contents_teardown),
        cmocka_unit_test_setup_teardown(
            mistakes_are_told, pl_test_contents_setup, pl_test_contents_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
