// SPDX-License-Identifier: Apache-2.0
//
// `plumb simulate`: a world without a player.
//
// Numbers are those of what is simulated: a slice of a fleet is not scaled up here, so that theory
// can be checked from outside. The warm-up is subtracted: histograms start after it, areas and sums
// of resources are differences.
#include "base/check.h"
#include "base/hash.h"
#include "cli/commands.h"
#include "cli/world_file.h"
#include "exam/content.h"
#include "model/model.h"
#include "os/file.h"
#include "os/now.h"
#include "stats/histogram.h"
#include "text/json_out.h"
#include "text/quantity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MAX = 256, JSON_MAX = 1 << 20, RESOURCES_MAX = 160 };

/** A run and what it needs. */
struct run {
    struct pl_world_file file;
    int64_t warmup_ns;
    int64_t for_ns;
    uint64_t seed;
    uint32_t change_count;
    struct pl_change changes[CHANGES_MAX];
    void *state_memory;
    void *record_memory;
    struct pl_state *state;
    struct pl_record *record;
    struct pl_resource_view before[RESOURCES_MAX]; /* at the end of the warm-up */
    uint64_t events;
    double cpu_s;
};

/** What a resource did after the warm-up. */
struct resource_row {
    const char *name;
    const char *kind;
    bool limited; /* it has a capacity, so utilisation means something */
    double utilisation;
    double in_use_mean;
    double queue_mean;
    double wait_s_mean;
    uint64_t refused;
};

static const char *resource_kind(uint32_t kind)
{
    static const char *const names[] = {
        "workers", "cpu", "pool", "database", "replica", "lock", "vendor", "topic"};
    PL_CHECK(kind < sizeof names / sizeof names[0]);
    return names[kind];
}

static struct resource_row resource_row(const struct run *run,
                                        const struct pl_resource_view *now,
                                        const struct pl_resource_view *before)
{
    double span_ns = (double)run->for_ns;
    double served = (double)(now->served - before->served);
    bool busy = now->kind == PL_RESOURCE_CPU || now->kind == PL_RESOURCE_DATABASE ||
                now->kind == PL_RESOURCE_REPLICA;
    struct resource_row row = {
        .name = now->name,
        .kind = resource_kind(now->kind),
        .limited =
            now->servers > 0 && now->kind != PL_RESOURCE_VENDOR && now->kind != PL_RESOURCE_LOCK,
        .in_use_mean = (double)(now->service_area_ns - before->service_area_ns) / span_ns,
        .queue_mean = (double)(now->waiting_area_ns - before->waiting_area_ns) / span_ns,
        .refused = now->refused - before->refused,
    };
    double used = busy ? (now->busy_s - before->busy_s) * 1e9 / span_ns : row.in_use_mean;
    row.utilisation = row.limited ? used / (double)now->servers : 0.0;
    double waited_s = (double)(now->waiting_sum_ns - before->waiting_sum_ns) * 1e-9;
    row.wait_s_mean = served > 0.0 ? waited_s / served : 0.0;
    return row;
}

/* ---- Running -------------------------------------------------------------------------------- */

static pl_status prepare(struct run *run, pl_error *err)
{
    const struct pl_world *world = run->file.world;
    size_t size = pl_model_size(world);
    run->state_memory = aligned_alloc(64, (size + 63) / 64 * 64);
    run->record_memory = aligned_alloc(64, (pl_record_size(world) + 63) / 64 * 64);
    if (run->state_memory == NULL || run->record_memory == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to run this world.");
    }
    run->state = pl_model_init(world, run->state_memory, size, run->seed);
    run->record = pl_record_init(world, run->record_memory, 0.0);
    for (uint32_t i = 0; i < run->change_count; i++) {
        pl_status status = pl_model_change(world, run->state, &run->changes[i], err);
        if (status != PL_OK) {
            return status;
        }
    }
    return PL_OK;
}

static void simulate(struct run *run)
{
    const struct pl_world *world = run->file.world;
    int64_t started_ns = pl_now_cpu_ns();
    pl_model_run(world, run->state, run->record, run->warmup_ns);
    pl_record_reset(run->record);
    uint32_t count = pl_model_resource_count(world);
    PL_CHECK(count <= RESOURCES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        run->before[i] = pl_model_resource(world, run->state, i);
    }
    pl_model_run(world, run->state, run->record, run->warmup_ns + run->for_ns);
    run->events = pl_model_events(run->state);
    run->cpu_s = (double)(pl_now_cpu_ns() - started_ns) * 1e-9;
}

/* ---- Printing ------------------------------------------------------------------------------- */

static void json_latency(struct pl_json_out *out, const struct pl_histogram *latency)
{
    pl_json_out_key(out, "latency_s");
    pl_json_out_object_begin(out);
    pl_json_out_member_number(out, "mean", pl_histogram_mean(latency) * 1e-9);
    pl_json_out_member_number(out, "p50", (double)pl_histogram_quantile(latency, 0.5) * 1e-9);
    pl_json_out_member_number(out, "p90", (double)pl_histogram_quantile(latency, 0.9) * 1e-9);
    pl_json_out_member_number(out, "p99", (double)pl_histogram_quantile(latency, 0.99) * 1e-9);
    pl_json_out_member_number(out, "max", (double)latency->max_ns * 1e-9);
    pl_json_out_object_end(out);
}

static void json_routes(struct pl_json_out *out, const struct run *run)
{
    const struct pl_world *world = run->file.world;
    pl_json_out_key(out, "routes");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < world->route_count; i++) {
        const struct pl_route_counters *route = &run->record->routes[i];
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "service", world->services[world->routes[i].service].name);
        pl_json_out_member_string(out, "route", world->routes[i].name);
        pl_json_out_member_integer(out, "offered", (int64_t)route->offered);
        pl_json_out_member_integer(out, "completed", (int64_t)route->completed);
        pl_json_out_member_integer(out, "failed", (int64_t)route->failed);
        json_latency(out, &route->latency);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

/* All requests that a source can make, by the routes of its mix. */
static void latency_of_users(const struct run *run, uint32_t source, struct pl_histogram *all)
{
    const struct pl_source *def = &run->file.world->sources[source];
    pl_histogram_clear(all);
    for (uint32_t i = 0; i < def->mix_count; i++) {
        pl_histogram_merge(all, &run->record->routes[def->mix_route[i]].latency);
    }
}

static void json_users(struct pl_json_out *out, const struct run *run)
{
    const struct pl_world *world = run->file.world;
    pl_json_out_key(out, "users");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < world->source_count; i++) {
        const struct pl_source_counters *source = &run->record->sources[i];
        struct pl_histogram latency;
        latency_of_users(run, i, &latency);
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "source", world->sources[i].name);
        pl_json_out_member_integer(out, "offered", (int64_t)source->offered);
        pl_json_out_member_integer(out, "good", (int64_t)source->ok);
        pl_json_out_member_integer(out, "slow", (int64_t)source->slow);
        pl_json_out_member_integer(out, "failed", (int64_t)source->failed);
        pl_json_out_member_integer(out, "left", (int64_t)source->left);
        pl_json_out_member_integer(out, "retried", (int64_t)source->retried);
        json_latency(out, &latency);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

static void json_resources(struct pl_json_out *out, const struct run *run)
{
    const struct pl_world *world = run->file.world;
    pl_json_out_key(out, "resources");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < pl_model_resource_count(world); i++) {
        struct pl_resource_view view = pl_model_resource(world, run->state, i);
        struct resource_row row = resource_row(run, &view, &run->before[i]);
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "name", row.name);
        pl_json_out_member_string(out, "kind", row.kind);
        pl_json_out_key(out, "utilisation");
        if (row.limited) {
            pl_json_out_number(out, row.utilisation);
        } else {
            pl_json_out_null(out);
        }
        pl_json_out_member_number(out, "in_use_mean", row.in_use_mean);
        pl_json_out_member_number(out, "queue_mean", row.queue_mean);
        pl_json_out_member_number(out, "wait_s_mean", row.wait_s_mean);
        pl_json_out_member_integer(out, "refused", (int64_t)row.refused);
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
}

static int print_json(const struct run *run)
{
    char *memory = malloc(JSON_MAX);
    if (memory == NULL) {
        fputs("plumb: There is not enough memory to print the result.\n", stderr);
        return PL_EXIT_ENVIRONMENT;
    }
    char hash[PL_HASH_TEXT_SIZE];
    pl_hash_format(pl_model_hash(run->state), hash);
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, JSON_MAX);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "world", run->file.world->name);
    pl_json_out_member_integer(&out, "seed", (int64_t)run->seed);
    pl_json_out_member_integer(&out, "slice_of", run->file.world->slice_of);
    pl_json_out_member_number(&out, "simulated_s", (double)run->for_ns / 1e9);
    pl_json_out_member_number(&out, "warmup_s", (double)run->warmup_ns / 1e9);
    pl_json_out_member_number(&out, "cpu_s", run->cpu_s);
    pl_json_out_member_integer(&out, "events", (int64_t)run->events);
    pl_json_out_member_integer(&out, "overflows", (int64_t)pl_model_overflows(run->state));
    pl_json_out_member_string(&out, "state_hash", hash);
    json_routes(&out, run);
    json_users(&out, run);
    json_resources(&out, run);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    puts(memory);
    free(memory);
    return PL_EXIT_OK;
}

static void put_time(char *text, size_t size, double seconds)
{
    if (seconds >= 1.0) {
        (void)snprintf(text, size, "%.2f s", seconds);
    } else {
        (void)snprintf(text, size, "%.2f ms", seconds * 1e3);
    }
}

static void print_routes(const struct run *run)
{
    const struct pl_world *world = run->file.world;
    printf("\n%-34s %9s %9s %7s %10s %10s %10s %10s\n",
           "route",
           "offered",
           "done",
           "failed",
           "mean",
           "p50",
           "p99",
           "max");
    for (uint32_t i = 0; i < world->route_count; i++) {
        const struct pl_route_counters *route = &run->record->routes[i];
        char name[PL_LABEL_MAX + 2];
        char times[4][24];
        (void)snprintf(name,
                       sizeof name,
                       "%s/%s",
                       world->services[world->routes[i].service].name,
                       world->routes[i].name);
        put_time(times[0], sizeof times[0], pl_histogram_mean(&route->latency) * 1e-9);
        put_time(
            times[1], sizeof times[1], (double)pl_histogram_quantile(&route->latency, 0.5) * 1e-9);
        put_time(
            times[2], sizeof times[2], (double)pl_histogram_quantile(&route->latency, 0.99) * 1e-9);
        put_time(times[3], sizeof times[3], (double)route->latency.max_ns * 1e-9);
        printf("%-34s %9llu %9llu %7llu %10s %10s %10s %10s\n",
               name,
               (unsigned long long)route->offered,
               (unsigned long long)route->completed,
               (unsigned long long)route->failed,
               times[0],
               times[1],
               times[2],
               times[3]);
    }
}

static void print_resources(const struct run *run)
{
    const struct pl_world *world = run->file.world;
    printf("\n%-34s %-9s %7s %9s %9s %10s %8s\n",
           "resource",
           "kind",
           "used",
           "in use",
           "waiting",
           "wait",
           "refused");
    for (uint32_t i = 0; i < pl_model_resource_count(world); i++) {
        struct pl_resource_view view = pl_model_resource(world, run->state, i);
        struct resource_row row = resource_row(run, &view, &run->before[i]);
        char used[16] = "-";
        char wait[24];
        if (row.limited) {
            (void)snprintf(used, sizeof used, "%.1f %%", row.utilisation * 100.0);
        }
        put_time(wait, sizeof wait, row.wait_s_mean);
        printf("%-34s %-9s %7s %9.2f %9.2f %10s %8llu\n",
               row.name,
               row.kind,
               used,
               row.in_use_mean,
               row.queue_mean,
               wait,
               (unsigned long long)row.refused);
    }
}

static void print_users(const struct run *run)
{
    const struct pl_world *world = run->file.world;
    printf("\n%-34s %9s %9s %7s %7s %7s\n", "users", "offered", "good", "slow", "failed", "left");
    for (uint32_t i = 0; i < world->source_count; i++) {
        const struct pl_source_counters *source = &run->record->sources[i];
        printf("%-34s %9llu %9llu %7llu %7llu %7llu\n",
               world->sources[i].name,
               (unsigned long long)source->offered,
               (unsigned long long)source->ok,
               (unsigned long long)source->slow,
               (unsigned long long)source->failed,
               (unsigned long long)source->left);
    }
}

static int print_text(const struct run *run)
{
    const struct pl_world *world = run->file.world;
    char hash[PL_HASH_TEXT_SIZE];
    pl_hash_format(pl_model_hash(run->state), hash);
    printf("%s: %s\n", world->name, world->title);
    printf("%.10g s simulated after %.10g s of warm-up, seed %llu, %llu events in %.3f s of "
           "processor time\nstate %s\n",
           (double)run->for_ns * 1e-9,
           (double)run->warmup_ns / 1e9,
           (unsigned long long)run->seed,
           (unsigned long long)run->events,
           run->cpu_s,
           hash);
    if (world->slice_of > 1) {
        printf("All numbers are those of the simulated slice, 1/%u of the fleet.\n",
               world->slice_of);
    }
    print_routes(run);
    print_users(run);
    print_resources(run);
    if (pl_model_overflows(run->state) > 0) {
        printf("\nThe run needed more frames than the world's limit of %u: %llu requests were "
               "refused for that reason, so the numbers are not valid.\n",
               world->frames_max,
               (unsigned long long)pl_model_overflows(run->state));
    }
    return PL_EXIT_OK;
}

/* ---- The command ---------------------------------------------------------------------------- */

static pl_status read_duration(
    const struct pl_args *args, const char *option, int64_t fallback_ns, int64_t *ns, pl_error *err)
{
    const char *text = pl_args_value(args, option);
    *ns = fallback_ns;
    if (text == NULL) {
        return PL_OK;
    }
    pl_error own = {0};
    if (pl_quantity_duration(pl_slice_of(text), NULL, ns, &own) != PL_OK) {
        return pl_fail(err, PL_BAD_INPUT, NULL, "`%s`: %s", option, own.message);
    }
    return PL_OK;
}

static pl_status read_options(const struct pl_args *args, struct run *run, pl_error *err)
{
    pl_status status = read_duration(args, "--for", 600 * PL_NS_PER_S, &run->for_ns, err);
    if (status != PL_OK) {
        return status;
    }
    status = read_duration(args, "--warmup", 60 * PL_NS_PER_S, &run->warmup_ns, err);
    if (status != PL_OK) {
        return status;
    }
    if (run->for_ns < PL_NS_PER_MS || run->for_ns > PL_TIME_MAX - run->warmup_ns ||
        run->warmup_ns > PL_TIME_MAX) {
        return pl_fail(err,
                       PL_BAD_INPUT,
                       NULL,
                       "--for and --warmup together are 1ms to %.0f minutes.",
                       (double)PL_TIME_MAX / 60e9);
    }
    run->seed = 1;
    return pl_args_number(args, "--seed", 0, INT64_MAX, &run->seed, err);
}

static pl_status read_changes(const char *path, struct run *run, struct pl_errors *errors)
{
    pl_error err = {0};
    pl_slice text = {0};
    pl_status status = pl_file_load(path, PL_CONTENT_MAX, &text, &err);
    if (status != PL_OK) {
        pl_errors_add(errors, status, &err.pos, "%s", err.message);
        return status;
    }
    struct pl_file file = {.path = path, .text = text};
    status = pl_changes_load(&file,
                             run->file.world,
                             (double)run->warmup_ns / 1e9,
                             run->changes,
                             CHANGES_MAX,
                             &run->change_count,
                             run->file.scratch,
                             errors);
    union {
        const char *view;
        char *memory;
    } owned = {.view = text.data};
    free(owned.memory);
    return status;
}

static int run_command(const struct pl_args *args, struct run *run, struct pl_errors *errors)
{
    pl_error err = {0};
    if (read_options(args, run, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    if (pl_world_file_load(args->operands[0], &run->file, errors) != PL_OK) {
        return pl_content_report(errors);
    }
    const char *changes = pl_args_value(args, "--change");
    if (changes != NULL && read_changes(changes, run, errors) != PL_OK) {
        return pl_content_report(errors);
    }
    if (prepare(run, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    simulate(run);
    return pl_args_has(args, "--json") ? print_json(run) : print_text(run);
}

int pl_cmd_simulate(int argc, char **argv)
{
    struct pl_args args;
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    if (args.operand_count != 1) {
        fputs("plumb: `plumb simulate` needs the file of a world.\n", stderr);
        return PL_EXIT_BAD_INPUT;
    }
    struct run *run = calloc(1, sizeof *run);
    struct pl_errors *errors = calloc(1, sizeof *errors);
    int code = PL_EXIT_ENVIRONMENT;
    if (run == NULL || errors == NULL) {
        fputs("plumb: There is not enough memory to run a world.\n", stderr);
    } else {
        code = run_command(&args, run, errors);
        pl_world_file_free(&run->file);
        free(run->state_memory);
        free(run->record_memory);
    }
    free(run);
    free(errors);
    return code;
}
