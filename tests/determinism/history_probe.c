// SPDX-License-Identifier: Apache-2.0
//
// Prints one hash of what happened in a run: outcomes of users, books of resources, what the
// instruments counted, the times of every span and log event. Nothing of it depends on the layout
// of the state or on the number of events that the engine needs, so a faster engine gives the same
// lines. matrix.py compares them with tests/golden/histories.txt.
//
// Usage: history_probe WORLD.yaml...      two minutes of each world
//        history_probe --scenario NAME    seven minutes of its world with each of the causes
//        history_probe --shop             the test shop under a list of changes
#include "cli/world_file.h"
#include "exam/content.h"
#include "model/model.h"
#include "support/worlds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_WORDS = 1 << 16, SLICE_S = 5, BEFORE_S = 410 };

/** Words that wait for being hashed, and the hash of those before. */
struct digest {
    pl_hash128 hash;
    uint32_t count;
    uint64_t words[DIGEST_WORDS];
};

static void flush(struct digest *digest)
{
    uint64_t seed = digest->hash.low ^ digest->hash.high;
    digest->hash = pl_hash_bytes(digest->words, digest->count * sizeof(uint64_t), seed);
    digest->count = 0;
}

static void put(struct digest *digest, uint64_t word)
{
    if (digest->count == DIGEST_WORDS) {
        flush(digest);
    }
    digest->words[digest->count++] = word;
}

static void put_time(struct digest *digest, int64_t t_ns)
{
    put(digest, (uint64_t)t_ns);
}

static void put_double(struct digest *digest, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(digest, bits);
}

static void put_cells(struct digest *digest, const uint64_t *counts, uint32_t count, double sum)
{
    for (uint32_t i = 0; i < count; i++) {
        put(digest, counts[i]);
    }
    put_double(digest, sum);
}

/* ---- What the state tells ------------------------------------------------------------------- */

static void put_resource(struct digest *digest, const struct pl_resource_view *view)
{
    put(digest, view->served);
    put(digest, view->waited);
    put(digest, view->refused);
    put(digest, view->in_service);
    put(digest, view->waiting);
    put_time(digest, view->service_area_ns);
    put_time(digest, view->waiting_area_ns);
    put_time(digest, view->service_sum_ns);
    put_time(digest, view->waiting_sum_ns);
    put_double(digest, view->busy_s);
}

static void
put_state(struct digest *digest, const struct pl_world *world, const struct pl_state *state)
{
    for (uint32_t i = 0; i < world->source_count; i++) {
        struct pl_outcome_view outcome = pl_model_outcome(state, i);
        put(digest, outcome.offered);
        put(digest, outcome.ok);
        put(digest, outcome.slow);
        put(digest, outcome.failed);
        put(digest, outcome.left);
        put(digest, outcome.in_flight);
        put_double(digest, outcome.damage);
    }
    for (uint32_t i = 0; i < pl_model_resource_count(world); i++) {
        struct pl_resource_view view = pl_model_resource(world, state, i);
        put_resource(digest, &view);
    }
    for (uint32_t i = 0; i < pl_model_pod_count(world); i++) {
        struct pl_pod_view pod = pl_model_pod(world, state, i);
        put(digest, pod.phase);
        put(digest, pod.generation);
        put(digest, pod.busy);
        put(digest, pod.queued);
        put(digest, pod.throttled_periods);
        put_double(digest, pod.cpu_s);
    }
}

/* ---- What the record tells ------------------------------------------------------------------ */

static void put_pod_cells(struct digest *digest, const struct pl_record *record, uint32_t pod)
{
    const struct pl_world *world = record->world;
    for (uint32_t code = PL_CODE_OK; code < PL_CODE_COUNT; code++) {
        for (uint32_t i = 0; i < world->route_count; i++) {
            const struct pl_http_cell *cell = pl_record_server(record, pod, i, (enum pl_code)code);
            put_cells(digest, cell->count, PL_HTTP_BUCKETS, cell->sum_s);
        }
        for (uint32_t i = 0; i < world->edge_count; i++) {
            const struct pl_http_cell *cell = pl_record_client(record, pod, i, (enum pl_code)code);
            put_cells(digest, cell->count, PL_HTTP_BUCKETS, cell->sum_s);
        }
    }
    for (uint32_t i = 0; i < world->statement_count; i++) {
        const struct pl_db_cell *cell = pl_record_db(record, pod, i);
        put_cells(digest, cell->count, PL_DB_BUCKETS, cell->sum_s);
    }
    for (uint32_t i = 0; i < world->pool_count; i++) {
        const struct pl_pool_counters *pool = pl_record_pool(record, pod, i);
        put(digest, pool->acquired);
        put(digest, pool->timeouts);
        put(digest, pool->refused);
        put(digest, pool->opened);
        put_cells(digest, pool->wait.count, PL_DB_BUCKETS, pool->wait.sum_s);
    }
}

static void put_routes(struct digest *digest, const struct pl_record *record)
{
    for (uint32_t i = 0; i < record->world->route_count; i++) {
        const struct pl_route_counters *route = &record->routes[i];
        put(digest, route->offered);
        put(digest, route->completed);
        put(digest, route->failed);
        put(digest, route->latency.sum_low);
        put_time(digest, route->latency.max_ns);
        for (uint32_t b = 0; b < PL_HISTOGRAM_BUCKET_COUNT; b++) {
            put(digest, route->latency.buckets[b]);
        }
    }
}

static void put_events(struct digest *digest, const struct pl_record *record)
{
    uint64_t spans = record->span_count < PL_SPANS_MAX ? record->span_count : PL_SPANS_MAX;
    uint64_t logs = record->log_count < PL_LOGS_MAX ? record->log_count : PL_LOGS_MAX;
    put(digest, record->span_count);
    put(digest, record->log_count);
    for (uint64_t i = 0; i < spans; i++) {
        const struct pl_span *span = &record->spans[i];
        put(digest, span->span ^ (span->trace << 1) ^ (span->parent << 2));
        put_time(digest, span->start_ns);
        put_time(digest, span->end_ns);
        put(digest, ((uint64_t)span->kind << 32) | span->code);
        put(digest, ((uint64_t)span->pod << 32) | span->a);
    }
    for (uint64_t i = 0; i < logs; i++) {
        const struct pl_log *event = &record->logs[i];
        put_time(digest, event->t_ns);
        put(digest, event->trace);
        put_time(digest, event->value);
        put(digest, ((uint64_t)event->kind << 32) | event->a);
    }
}

static void put_record(struct digest *digest, const struct pl_record *record)
{
    const struct pl_world *world = record->world;
    for (uint32_t pod = 0; pod < world->pod_count; pod++) {
        put_pod_cells(digest, record, pod);
    }
    for (uint32_t i = 0; i < world->statement_count; i++) {
        put(digest, record->statements[i].calls);
        put_double(digest, record->statements[i].total_s);
        put_double(digest, record->statements[i].max_s);
    }
    for (uint32_t i = 0; i < world->edge_count; i++) {
        put(digest, record->edge_attempts[i]);
        put(digest, record->edge_requests[i]);
    }
    for (uint32_t i = 0; i < world->cache_count; i++) {
        put(digest, record->cache_hits[i]);
        put(digest, record->cache_misses[i]);
    }
    for (uint32_t i = 0; i < world->topic_count; i++) {
        put(digest, record->topic_consumed[i]);
    }
    put_routes(digest, record);
    put_events(digest, record);
}

/* ---- Runs ----------------------------------------------------------------------------------- */

static void print_history(const struct pl_world *world,
                          struct pl_state *state,
                          const char *subject,
                          const char *part,
                          int64_t length_s)
{
    static struct digest digest;
    char text[PL_HASH_TEXT_SIZE];
    struct pl_record *record = pl_test_record(world);
    pl_record_sample(record, 1.0);
    memset(&digest, 0, sizeof digest);
    for (int64_t t_s = SLICE_S; t_s <= length_s; t_s += SLICE_S) {
        pl_model_run(world, state, record, t_s * PL_NS_PER_S);
        put_state(&digest, world, state);
    }
    pl_model_validate(world, state);
    put_record(&digest, record);
    flush(&digest);
    pl_hash_format(digest.hash, text);
    printf("%s%s%s %s\n", subject, part[0] != '\0' ? "/" : "", part, text);
    free(record);
}

static int world_history(const char *path)
{
    struct pl_world_file file = {0};
    struct pl_errors *errors = calloc(1, sizeof *errors);
    if (errors == NULL || pl_world_file_load(path, &file, errors) != PL_OK) {
        fprintf(stderr, "history_probe: %s cannot be read\n", path);
        free(errors);
        return 1;
    }
    struct pl_state *state = pl_test_start(file.world, 3);
    print_history(file.world, state, path, "", 120);
    free(state);
    free(errors);
    pl_world_file_free(&file);
    return 0;
}

/* Seven minutes around the opening; what began before them has begun at their start. */
static void
cause_history(const struct pl_world *world, const struct pl_opening *opening, const char *name)
{
    struct pl_state *state = pl_test_start(world, 3);
    int64_t zero_ns = opening->opens_ns - BEFORE_S * PL_NS_PER_S;
    for (uint32_t i = 0; i < opening->change_count; i++) {
        struct pl_change change = opening->changes[i];
        pl_error err;
        change.t_ns = change.t_ns < zero_ns ? 0 : change.t_ns - zero_ns;
        if (pl_model_change(world, state, &change, &err) != PL_OK) {
            abort();
        }
    }
    print_history(world, state, "cause", name, BEFORE_S + 30);
    free(state);
}

static int scenario_history(const char *name)
{
    char directory[4096];
    struct pl_content content = {0};
    pl_error err;
    struct pl_errors *errors = calloc(1, sizeof *errors);
    struct pl_opening *opening = calloc(1, sizeof *opening);
    bool good = errors != NULL && opening != NULL &&
                pl_content_directory(NULL, directory, &err) == PL_OK &&
                pl_content_load(directory, name, &content, errors) == PL_OK;
    for (uint32_t i = 0; good && i < content.scenario->cause_count; i++) {
        good = pl_scenario_open(content.world, content.scenario, 3, i, opening, &err) == PL_OK;
        if (good) {
            cause_history(content.world, opening, content.scenario->causes[i].name);
        }
    }
    pl_content_free(&content);
    free(opening);
    free(errors);
    return good ? 0 : 1;
}

/* Changes that reach most of the model, in an order that keeps the shop alive. */
static int shop_history(void)
{
    static const struct {
        const char *path;
        double value;
        double at_s;
    } changes[] = {
        {"service.checkout.restart", 1.0, 10.0},
        {"db.orders-db.cpu_factor", 4.0, 15.0},
        {"db.orders-db.cpu_factor", 1.0, 20.0},
        {"db.orders-db.failover", 3.0, 25.0},
        {"call.storefront.checkout.retries", 2.0, 30.0},
        {"call.storefront.checkout.timeout", 0.05, 35.0},
        {"service.checkout.cpu_quota", 0.5, 40.0},
        {"service.checkout.workers", 1.0, 45.0},
        {"call.storefront.checkout.loss", 0.05, 50.0},
        {"service.checkout.error_rate", 0.1, 52.0},
        {"traffic.users.rate", 3.0, 55.0},
        {"service.checkout.pods", 1.0, 60.0},
    };
    struct pl_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return 1;
    }
    pl_test_shop_world(world);
    struct pl_state *state = pl_test_start(world, 3);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (pl_world_param(world, changes[i].path) == 0) {
            fprintf(stderr, "history_probe: the shop has no %s\n", changes[i].path);
            return 1;
        }
        pl_test_change(world, state, changes[i].path, changes[i].value, changes[i].at_s);
    }
    print_history(world, state, "shop", "", 90);
    free(state);
    free(world);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--shop") == 0) {
            failed |= shop_history();
        } else if (strcmp(argv[i], "--scenario") == 0 && i + 1 < argc) {
            failed |= scenario_history(argv[++i]);
        } else {
            failed |= world_history(argv[i]);
        }
    }
    return failed;
}
