// SPDX-License-Identifier: Apache-2.0
//
// The load client of script/load. Usage:
//   load_crowd incidents|viewers --port N --process N [--scenario NAME] [--sessions N] [--forms N]
//              [--viewers N] [--seconds N]
// Prints one JSON object. Exit codes: 0 nothing was lost, 1 something was, 2 wrong arguments.
#define _GNU_SOURCE /* memmem */
#include "crowd.h"

#include "base/check.h"
#include "os/now.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { OUT_SIZE = 65536, TEXT_SIZE = 32, MILLION = 1000000 };

#define DUE_MARK "\"due_ms\":"

void pl_crowd_hear_clock(struct pl_crowd_counts *counts, pl_slice data)
{
    const char *mark = memmem(data.data, data.size, DUE_MARK, sizeof DUE_MARK - 1);
    char text[TEXT_SIZE] = "";
    if (mark == NULL) {
        counts->missed++; /* a server that does not say when it was due cannot be measured */
        return;
    }
    mark += sizeof DUE_MARK - 1;
    size_t rest = (size_t)(data.data + data.size - mark);
    memcpy(text, mark, rest < sizeof text - 1 ? rest : sizeof text - 1);
    int64_t due_ns = (int64_t)(strtod(text, NULL) * MILLION);
    counts->clocks++;
    pl_tally_add(&counts->lag, pl_now_wall_ns() - due_ns);
}

void pl_crowd_refused(struct pl_crowd_counts *counts, int status, pl_slice body)
{
    if (counts->refused++ == 0) {
        snprintf(counts->complaint,
                 sizeof counts->complaint,
                 "%d %.*s",
                 status,
                 (int)(body.size < 300 ? body.size : 300),
                 body.data);
    }
}

void pl_crowd_begin(const struct pl_crowd_def *def, struct pl_crowd_counts *counts)
{
    counts->lag.count = 0;
    counts->clocks = 0;
    (void)pl_load_usage_of(def->process, &counts->before);
    counts->own_cpu_ns = pl_now_cpu_ns();
    counts->span_ns = pl_now_monotonic_ns();
}

void pl_crowd_end(const struct pl_crowd_def *def, struct pl_crowd_counts *counts)
{
    counts->span_ns = pl_now_monotonic_ns() - counts->span_ns;
    counts->own_cpu_ns = pl_now_cpu_ns() - counts->own_cpu_ns;
    (void)pl_load_usage_of(def->process, &counts->after);
}

void pl_crowd_put_tally(struct pl_json_out *out, const char *key, struct pl_tally *tally)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_integer(out, "count", (int64_t)tally->count);
    pl_json_out_member_number(out, "p50_ms", (double)pl_tally_quantile(tally, 0.5) / 1e6);
    pl_json_out_member_number(out, "p90_ms", (double)pl_tally_quantile(tally, 0.9) / 1e6);
    pl_json_out_member_number(out, "p99_ms", (double)pl_tally_quantile(tally, 0.99) / 1e6);
    pl_json_out_member_number(out, "max_ms", (double)pl_tally_quantile(tally, 1.0) / 1e6);
    pl_json_out_object_end(out);
}

static void put_usage(struct pl_json_out *out, const char *key, const struct pl_load_usage *usage)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_number(out, "cpu_s", (double)usage->cpu_ns / 1e9);
    pl_json_out_member_integer(out, "resident", usage->resident);
    pl_json_out_member_integer(out, "held", usage->held);
    pl_json_out_member_integer(out, "tables", usage->tables);
    pl_json_out_member_integer(out, "files", usage->files);
    pl_json_out_object_end(out);
}

void pl_crowd_put(struct pl_json_out *out, struct pl_crowd_counts *counts)
{
    pl_json_out_member_integer(out, "refused", (int64_t)counts->refused);
    pl_json_out_member_integer(out, "missed", (int64_t)counts->missed);
    pl_json_out_member_integer(out, "lost", (int64_t)counts->lost);
    pl_json_out_member_integer(out, "resyncs", (int64_t)counts->resyncs);
    pl_json_out_member_integer(out, "entries", (int64_t)counts->entries);
    pl_json_out_member_integer(out, "clocks", (int64_t)counts->clocks);
    pl_json_out_member_string(out, "complaint", counts->complaint);
    pl_crowd_put_tally(out, "clock_lag", &counts->lag);
    put_usage(out, "before", &counts->before);
    put_usage(out, "after", &counts->after);
    double span_s = (double)counts->span_ns / 1e9;
    double cpu_s = (double)(counts->after.cpu_ns - counts->before.cpu_ns) / 1e9;
    pl_json_out_member_number(out, "span_s", span_s);
    pl_json_out_member_number(out, "server_cores", span_s > 0.0 ? cpu_s / span_s : 0.0);
    double own_s = (double)counts->own_cpu_ns / 1e9;
    pl_json_out_member_number(out, "client_cores", span_s > 0.0 ? own_s / span_s : 0.0);
}

/* As many descriptors as the machine allows. */
static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static uint32_t number_of(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 10);
}

static bool read_arguments(struct pl_crowd_def *def, int argc, char **argv)
{
    for (int i = 2; i + 1 < argc; i += 2) {
        const char *name = argv[i];
        const char *value = argv[i + 1];
        if (strcmp(name, "--port") == 0) {
            def->port = (uint16_t)number_of(value);
        } else if (strcmp(name, "--process") == 0) {
            def->process = (int)number_of(value);
        } else if (strcmp(name, "--scenario") == 0) {
            def->scenario = value;
        } else if (strcmp(name, "--sessions") == 0) {
            def->sessions = number_of(value);
        } else if (strcmp(name, "--forms") == 0) {
            def->forms = number_of(value);
        } else if (strcmp(name, "--viewers") == 0) {
            def->viewers = number_of(value);
        } else if (strcmp(name, "--seconds") == 0) {
            def->seconds = number_of(value);
        } else {
            return false;
        }
    }
    return argc % 2 == 0 && def->port > 0 && def->process > 0 && def->sessions > 0 &&
           def->forms > 0 && def->viewers > 0 && def->seconds > 0;
}

int main(int argc, char **argv)
{
    static char memory[OUT_SIZE];
    struct pl_buf buf;
    struct pl_json_out out;
    struct pl_crowd_def def = {.scenario = "every-query-is-slow",
                               .sessions = 50,
                               .forms = 5,
                               .viewers = 100,
                               .seconds = 10};
    bool incidents = argc > 1 && strcmp(argv[1], "incidents") == 0;
    bool viewers = argc > 1 && strcmp(argv[1], "viewers") == 0;
    if ((!incidents && !viewers) || !read_arguments(&def, argc, argv)) {
        fputs("load_crowd: usage: load_crowd incidents|viewers --port N --process N ...\n", stderr);
        return 2;
    }
    raise_limit();
    (void)signal(SIGPIPE, SIG_IGN);
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    bool good = incidents ? pl_crowd_incidents(&def, &out) : pl_crowd_viewers(&def, &out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    puts(memory);
    return good ? 0 : 1;
}
