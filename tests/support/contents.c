// SPDX-License-Identifier: Apache-2.0
#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const char pl_test_world_text[] =
    "world: small\n"
    "title: A small shop\n"
    "slice: 1/2\n"
    "frames: 512\n"
    "clock: \"10:00\"\n"
    "slo: {mean: 200ms, p99: 1s, errors: 1%, availability: 99.9%, monthly_requests: 10M}\n"
    "flags:\n"
    "  inline: {owner: ana, value: 10%}\n"
    "vendors:\n"
    "  payment: {address: pay.example, latency: lognormal p50 20ms p99 80ms, quota: 100/s}\n"
    "databases:\n"
    "  main-db:\n"
    "    cores: 4\n"
    "    max_connections: 60\n"
    "    reserved: 2\n"
    "    replicas: {count: 1, cores: 2}\n"
    "    statements:\n"
    "      read: {summary: SELECT orders, text: SELECT 1, cpu: 2ms, replica: yes}\n"
    "      write: {summary: INSERT orders, text: INSERT 1, cpu: 3ms, writes: yes}\n"
    "    locks:\n"
    "      stock: {table: stock, keys: 8, population: 200}\n"
    "caches:\n"
    "  pages: {keys: 100}\n"
    "topics:\n"
    "  orders: {group: ship, consumer: back/ship, consumers: 4}\n"
    "services:\n"
    "  front:\n"
    "    pods: 4\n"
    "    workers: 8\n"
    "    cpu: {cores: 1}\n"
    "    clients: {back: {timeout: 2s, retries: 1}}\n"
    "    routes:\n"
    "      page:\n"
    "        method: GET\n"
    "        path: /\n"
    "        steps:\n"
    "          - cpu: 2ms\n"
    "          - {get: pages, miss: [{call: back/order}, {put: pages}]}\n"
    "  back:\n"
    "    pods: 2\n"
    "    pods_max: 8\n"
    "    workers: 8\n"
    "    pools: {main-db: {size: 4}}\n"
    "    routes:\n"
    "      order:\n"
    "        - cpu: exponential mean 3ms\n"
    "        - hold: main-db\n"
    "          steps:\n"
    "            - query: read\n"
    "            - lock: stock\n"
    "            - call: {to: payment, timeout: 1s, retries: 2}\n"
    "              when: flag inline\n"
    "              label: inline-pay\n"
    "              times: 3\n"
    "            - query: write\n"
    "        - publish: orders\n"
    "        - await-replica: main-db\n"
    "      ship:\n"
    "        - sleep: 5ms\n"
    "jobs:\n"
    "  nightly: {database: main-db, connections: 4, load: 1}\n"
    "traffic:\n"
    "  users:\n"
    "    arrivals: poisson 40/s\n"
    "    patience: 5s\n"
    "    mix: {front/page: 70%, back/order: {share: 30%, worth: 2}}\n"
    "setting:\n"
    "  teams: {shop: {owns: everything, lead: ana}}\n"
    "  people:\n"
    "    ana:\n"
    "      name: Ana Example\n"
    "      delay: 1m\n"
    "      available: {from: \"09:00\", to: \"17:00\"}\n"
    "      answers: [{topic: flag, words: flag inline, says: It is mine.}]\n"
    "  alerts:\n"
    "    SlowBack:\n"
    "      expr: 'max(http_server_active_requests{service=\"back\"})'\n"
    "      above: 3\n"
    "      for: 30s\n"
    "      severity: critical\n"
    "      team: shop\n"
    "      service: back\n"
    "      summary: many requests\n"
    "      pages: yes\n"
    "  schedule: [{at: \"10:03\", set: job.nightly.running, to: yes}]\n"
    "  feed: [{at: \"09:30\", kind: deploy, target: front, text: colours}]\n"
    "  looks: {panel: 20s}\n"
    "  actions:\n"
    "    flag:\n"
    "      title: Set a flag\n"
    "      args: [{name: flag, of: flag}, {name: to, of: share}]\n"
    "      changes: [{set: 'flag.{flag}', to: '{to}'}]\n"
    "      lead: 5s\n"
    "      takes: about 5 s\n"
    "      touches: 'users of {flag}'\n"
    "      feed: {kind: flag, text: 'to {to}'}\n"
    "    scale:\n"
    "      title: Set the pods\n"
    "      args: [{name: service, of: service}, {name: pods, of: count, low: 1, high: 16}]\n"
    "      changes: [{set: 'service.{service}.pods', to: '{pods}'}]\n"
    "    pool:\n"
    "      title: Set a pool\n"
    "      args: [{name: pool, of: pool}, {name: size, of: count, low: 1, high: 60}]\n"
    "      changes: [{set: 'pool.{pool}.size', to: '{size}'}]\n"
    "    rollback:\n"
    "      title: Roll back\n"
    "      args: [{name: service, of: service, only: [back]}]\n"
    "      changes: [{set: 'service.{service}.release', to: previous}]\n"
    "    work:\n"
    "      title: Work on the database\n"
    "      changes: [{set: db.main-db.load, add: 2, for: 30s, at: 10s}]\n";

const char pl_test_scenario_text[] =
    "scenario: slow\n"
    "title: Slow\n"
    "world: small\n"
    "summary: It is slow.\n"
    "briefing: You are on call.\n"
    "opens: {at: \"10:05\", alert: SlowBack, service: back, text: many requests}\n"
    "warmup: 3m\n"
    "horizon: 5m\n"
    "test_act: 30s\n"
    "causes:\n"
    "  held:\n"
    "    title: Held\n"
    "    fault: pool.long_hold\n"
    "    prior: 3\n"
    "    text: The vendor is called in the transaction.\n"
    "    claim: {component: back pool, mechanism: hold* connection, trigger: flag inline}\n"
    "    changes:\n"
    "      - {set: flag.inline, to: 90%, at: -60s}\n"
    "      - {set: vendor.payment.latency, to: 20, at: -60s, ramp: 10s}\n"
    "    feed: [{at: -60s, kind: flag, target: inline, text: to 90 %}]\n"
    "    helps: [flag inline 0%]\n"
    "    harms: [scale back 8]\n"
    "  slow-vendor:\n"
    "    title: Slow vendor\n"
    "    fault: ext.brownout\n"
    "    text: The vendor is slow.\n"
    "    claim: {component: payment vendor, mechanism: slow latency}\n"
    "    changes:\n"
    "      - {set: flag.inline, to: 50%, at: start}\n"
    "      - {set: vendor.payment.latency, to: 40, at: \"10:04\"}\n"
    "red_herrings:\n"
    "  deploy:\n"
    "    text: Only colours.\n"
    "    feed: [{at: -2m, kind: deploy, target: front, text: colours}]\n"
    "setting:\n"
    "  people:\n"
    "    ana:\n"
    "      answers:\n"
    "        - {topic: vendor, words: vendor, says: They told us., causes: [slow-vendor]}\n"
    "  messages:\n"
    "    - {at: 1m, channel: support, from: ana, text: It is slow., not_causes: [held]}\n";

const char pl_test_fault_text[] =
    "fault: test.hold\n"
    "number: F01\n"
    "title: A call while something is held\n"
    "summary: It is held too long.\n"
    "parameters:\n"
    "  flag: {kind: flag, help: who is affected}\n"
    "  vendor: {kind: vendor, help: what is called, default: payment}\n"
    "  share: {kind: share, help: how many, from: 1%, to: 95%, default: 90%}\n"
    "  factor: {kind: factor, help: how slow, from: 1, optional: yes}\n"
    "changes:\n"
    "  - {set: \"flag.${flag}\", to: \"${share}\"}\n"
    "  - set: \"vendor.${vendor}.latency\"\n"
    "    to: ${factor}\n"
    "    ramp: ${ramp}\n"
    "    vary: ${vary}\n"
    "    while: {\"flag.${flag}\": \"${share}\"}\n"
    "tells: [The time that it is held.]\n"
    "tempting: [More of what holds it.]\n";

void pl_test_contents_init(struct pl_test_contents *contents)
{
    memset(contents, 0, sizeof *contents);
    contents->world = calloc(1, sizeof *contents->world);
    contents->scenario = calloc(1, sizeof *contents->scenario);
    contents->errors = calloc(1, sizeof *contents->errors);
    contents->scratch = malloc(PL_LOAD_SCRATCH);
    assert_non_null(contents->world);
    assert_non_null(contents->scenario);
    assert_non_null(contents->errors);
    assert_non_null(contents->scratch);
}

void pl_test_contents_free(struct pl_test_contents *contents)
{
    free(contents->world);
    free(contents->scenario);
    free(contents->errors);
    free(contents->scratch);
}

struct pl_test_contents pl_test_loaded;

int pl_test_contents_setup(void **unused)
{
    (void)unused;
    pl_test_contents_init(&pl_test_loaded);
    return 0;
}

int pl_test_contents_teardown(void **unused)
{
    (void)unused;
    pl_test_contents_free(&pl_test_loaded);
    return 0;
}

static bool finish(struct pl_test_contents *contents, pl_status status)
{
    struct pl_buf buf;
    pl_buf_init(&buf, contents->text, sizeof contents->text);
    uint32_t count = contents->errors->count;
    for (uint32_t i = 0; i < count && i < PL_ERRORS_MAX; i++) {
        char line[PL_ERROR_MESSAGE_MAX + PL_ERROR_PATH_MAX + 32];
        pl_error_format(&contents->errors->items[i], line, sizeof line);
        pl_buf_printf(&buf, "%s\n", line);
    }
    /* A status without an error, or an error without a status, would be a lie. */
    assert_int_equal(status != PL_OK, count > 0);
    return status == PL_OK;
}

bool pl_test_load_world(struct pl_test_contents *contents, const char *text)
{
    struct pl_file file = {.path = "w.yaml", .text = pl_slice_of(text)};
    memset(contents->errors, 0, sizeof *contents->errors);
    return finish(contents,
                  pl_world_load(&file,
                                contents->world,
                                &contents->scenario->setting,
                                contents->scratch,
                                contents->errors));
}

bool pl_test_load_scenario(struct pl_test_contents *contents, const char *world, const char *text)
{
    struct pl_file fault = {.path = "faults/test.hold.yaml",
                            .text = pl_slice_of(pl_test_fault_text)};
    struct pl_scenario_files files = {
        .scenario = {.path = "s.yaml", .text = pl_slice_of(text)},
        .world = {.path = "w.yaml", .text = pl_slice_of(world)},
        .faults = &fault,
        .fault_count = 1,
    };
    memset(contents->errors, 0, sizeof *contents->errors);
    return finish(
        contents,
        pl_scenario_load(
            &files, contents->world, contents->scenario, contents->scratch, contents->errors));
}

char *pl_test_edited(const char *text, const char *find, const char *line)
{
    const char *at = strstr(text, find);
    assert_non_null(at);
    while (at > text && at[-1] != '\n') {
        at--;
    }
    const char *end = strchr(at, '\n');
    assert_non_null(end);
    size_t size = strlen(text) + strlen(line) + 2;
    char *out = malloc(size);
    assert_non_null(out);
    (void)snprintf(out, size, "%.*s%s%s", (int)(at - text), text, line, end);
    return out;
}

static void assert_told(const char *message)
{
    if (strstr(pl_test_loaded.text, message) == NULL) {
        fail_msg("expected: %s\nfound:\n%s", message, pl_test_loaded.text);
    }
}

void pl_test_refuse_world(const char *find, const char *line, const char *message)
{
    char *text = pl_test_edited(pl_test_world_text, find, line);
    assert_false(pl_test_load_world(&pl_test_loaded, text));
    assert_told(message);
    free(text);
}

void pl_test_refuse_scenario(const char *find, const char *line, const char *message)
{
    char *text = pl_test_edited(pl_test_scenario_text, find, line);
    assert_false(pl_test_load_scenario(&pl_test_loaded, pl_test_world_text, text));
    assert_told(message);
    free(text);
}

void pl_test_open_text(struct pl_test_text *opened, const char *text)
{
    size_t size = pl_yaml_memory_max();
    pl_test_close_text(opened);
    opened->memory = malloc(size);
    assert_non_null(opened->memory);
    memset(&opened->errors, 0, sizeof opened->errors);
    pl_slice slice = pl_slice_of(text);
    assert_int_equal(
        pl_yaml_load(&opened->yaml, slice, "t.yaml", opened->memory, size, &opened->errors), PL_OK);
    opened->reader =
        (struct pl_reader){.yaml = &opened->yaml, .errors = &opened->errors, .slice = 1.0};
}

void pl_test_close_text(struct pl_test_text *opened)
{
    free(opened->memory);
    opened->memory = NULL;
}

static void check_row(const struct pl_key_table *table, const struct pl_field *field)
{
    size_t size = strlen(field->doc);
    assert_true(size > 3);
    assert_int_equal(field->doc[size - 1], '.');
    if (field->store == PL_STORE_F64) {
        assert_int_equal(field->size, sizeof(double));
    }
    if (field->store == PL_STORE_U32) {
        assert_int_equal(field->size, sizeof(uint32_t));
    }
    if (field->store == PL_STORE_LAW) {
        assert_int_equal(field->size, sizeof(pl_law));
    }
    if (field->store != PL_STORE_NONE && table->size > 0) {
        assert_true(field->offset + field->size <= table->size);
    }
    if (field->kind == PL_FIELD_CHOICE || field->kind == PL_FIELD_OTHER) {
        assert_non_null(field->words);
    }
    if (field->kind > PL_FIELD_CHOICE && field->kind < PL_FIELD_OTHER) {
        assert_non_null(field->sub);
    }
    if (field->kind == PL_FIELD_GROUP) {
        for (uint32_t i = 0; i < field->sub->field_count; i++) {
            assert_true(field->sub->fields[i].kind < PL_FIELD_GROUP);
        }
    }
}

void pl_test_check_table(const struct pl_key_table *table)
{
    assert_true(table->field_count > 0 && table->field_count <= 64);
    for (uint32_t i = 0; i < table->field_count; i++) {
        check_row(table, &table->fields[i]);
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(table->fields[i].key, table->fields[j].key);
        }
    }
}
