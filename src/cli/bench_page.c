// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_page.h"

#include "base/check.h"
#include "os/file.h"
#include "os/threads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CPUINFO_MAX = 1 << 20, CELL_MAX = 24 };

/* ---- Where ---------------------------------------------------------------------------------- */

/* Value of the first line of /proc/cpuinfo that starts with `model name`. */
static void processor_name(char *text, size_t size)
{
    static const char key[] = "model name";
    pl_slice info = {0};
    pl_error err = {0};
    (void)snprintf(text, size, "%s", "unknown processor");
    if (pl_file_load("/proc/cpuinfo", CPUINFO_MAX, &info, &err) != PL_OK) {
        return;
    }
    const char *line = strstr(info.data, key);
    const char *colon = line != NULL ? strchr(line, ':') : NULL;
    if (colon != NULL) {
        colon++;
        while (*colon == ' ') {
            colon++;
        }
        (void)snprintf(text, size, "%.*s", (int)strcspn(colon, "\n"), colon);
    }
    union {
        const char *view;
        char *memory;
    } owned = {.view = info.data};
    free(owned.memory);
}

void pl_bench_about_fill(struct pl_bench_about *about, const char *commit)
{
    char name[PL_BENCH_TEXT_MAX / 2];
    processor_name(name, sizeof name);
    uint32_t count = pl_threads_processors();
    (void)snprintf(about->machine,
                   sizeof about->machine,
                   "%s, %u processor%s",
                   name,
                   count,
                   count == 1 ? "" : "s");
#if defined(__clang__)
    static const char compiler[] = __VERSION__;
#else
    static const char compiler[] = "gcc " __VERSION__;
#endif
#if defined(__OPTIMIZE__)
    static const char how[] = "optimised";
#else
    static const char how[] = "not optimised";
#endif
    (void)snprintf(about->compiler, sizeof about->compiler, "%s, %s", compiler, how);
    (void)snprintf(about->commit, sizeof about->commit, "%s", commit);
}

/* ---- Table ---------------------------------------------------------------------------------- */

static void cell(struct pl_buf *out, int width, int decimals, double value)
{
    if (isnan(value)) {
        pl_buf_printf(out, " %*s", width, "-");
    } else {
        pl_buf_printf(out, " %*.*f", width, decimals, value);
    }
}

void pl_bench_page_head(const struct pl_bench_about *about, struct pl_buf *out)
{
    pl_buf_printf(
        out,
        "%s; %s; commit %s\n"
        "Processor time, median of the runs. \"by hand\" is a loop written for nothing but "
        "this queue;\nit takes turns with the engine, and the ratio is the median over "
        "the turns.\n\n",
        about->machine,
        about->compiler,
        about->commit);
    pl_buf_printf(out,
                  "%-18s %10s %9s %10s %9s %8s %7s %9s  %s\n",
                  "benchmark",
                  "ns/request",
                  "silent",
                  "ev/request",
                  "ns/event",
                  "by hand",
                  "ratio",
                  "state",
                  "answer");
}

static void put_forks(const struct pl_bench_result *result, struct pl_buf *out)
{
    if (isnan(result->fork_us)) {
        return;
    }
    pl_buf_printf(out,
                  "    %.2f us per fork; a memcpy of the same %.0f KiB takes %.2f us: %.2f times\n",
                  result->fork_us,
                  (double)result->used_bytes / 1024.0,
                  result->memcpy_us,
                  result->memcpy_ratio);
}

static void put_rollouts(const struct pl_bench_result *result, struct pl_buf *out)
{
    if (isnan(result->rollouts_per_s)) {
        return;
    }
    pl_buf_printf(out, "    %.0f rollouts/s on one core", result->rollouts_per_s);
    if (!isnan(result->rollouts_per_s_two)) {
        pl_buf_printf(out, ", %.0f on each of two that work at once", result->rollouts_per_s_two);
    }
    pl_buf_printf(out, "; %.0f KiB per fork\n", (double)result->used_bytes / 1024.0);
}

static void put_whole(const struct pl_bench_result *result, struct pl_buf *out)
{
    if (isnan(result->cpu_s)) {
        return;
    }
    pl_buf_printf(out,
                  "    %.3f s of processor time for %.0f simulated minutes",
                  result->cpu_s,
                  result->simulated_s / 60.0);
    if (!isnan(result->median_cause_cpu_s)) {
        pl_buf_printf(out, "; the median cause takes %.3f s, silent", result->median_cause_cpu_s);
    }
    pl_buf_puts(out, "\n");
}

void pl_bench_page_row(const struct pl_bench_result *result, struct pl_buf *out)
{
    char state[CELL_MAX];
    (void)snprintf(state, sizeof state, "%.0f KiB", (double)result->state_bytes / 1024.0);
    pl_buf_printf(out, "%-18s", result->name);
    cell(out, 10, 1, result->ns_per_request);
    cell(out, 9, 1, result->silent_ns_per_request);
    cell(out, 10, 2, result->events_per_request);
    cell(out, 9, 1, result->ns_per_event);
    cell(out, 8, 1, result->limit_ns_per_request);
    cell(out, 7, 2, result->limit_ratio);
    pl_buf_printf(out, " %9s  %s\n", state, result->right ? "right" : "WRONG");
    pl_buf_printf(out,
                  "    %s; %s; %u run%s",
                  result->note,
                  result->observed != 0 ? "observed" : "silent",
                  result->runs,
                  result->runs == 1 ? "" : "s");
    if (!isnan(result->ns_per_request_low) && result->runs > 1) {
        pl_buf_printf(
            out, " of %.1f to %.1f ns", result->ns_per_request_low, result->ns_per_request_high);
    }
    pl_buf_puts(out, "\n");
    put_forks(result, out);
    put_rollouts(result, out);
    put_whole(result, out);
    if (!isnan(result->timeout_extra)) {
        pl_buf_printf(out, "    the timeout adds %.1f %%\n", result->timeout_extra * 100.0);
    }
    pl_buf_printf(out, "    %s\n", result->check);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void member(struct pl_json_out *out, const char *key, double value)
{
    pl_json_out_key(out, key);
    if (isnan(value)) {
        pl_json_out_null(out);
    } else {
        pl_json_out_number(out, value);
    }
}

void pl_bench_page_json(const struct pl_bench_result *result,
                        const struct pl_bench_about *about,
                        struct pl_json_out *out)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "name", result->name);
    member(out, "ns_per_request", result->ns_per_request);
    member(out, "events_per_request", result->events_per_request);
    pl_json_out_member_integer(out, "state_bytes", (int64_t)result->state_bytes);
    member(out, "limit_ratio", result->limit_ratio);
    pl_json_out_member_integer(out, "runs", result->runs);
    pl_json_out_member_string(out, "machine", about->machine);
    pl_json_out_member_string(out, "compiler", about->compiler);
    pl_json_out_member_string(out, "commit", about->commit);
    pl_json_out_member_bool(out, "right", result->right);
    pl_json_out_member_string(out, "check", result->check);
    pl_json_out_member_string(out, "note", result->note);
    pl_json_out_member_bool(out, "observed", result->observed != 0);
    member(out, "ns_per_request_low", result->ns_per_request_low);
    member(out, "ns_per_request_high", result->ns_per_request_high);
    member(out, "silent_ns_per_request", result->silent_ns_per_request);
    member(out, "ns_per_event", result->ns_per_event);
    member(out, "limit_ns_per_request", result->limit_ns_per_request);
    member(out, "timeout_extra", result->timeout_extra);
    pl_json_out_member_integer(out, "used_bytes", (int64_t)result->used_bytes);
    member(out, "fork_us", result->fork_us);
    member(out, "memcpy_us", result->memcpy_us);
    member(out, "memcpy_ratio", result->memcpy_ratio);
    member(out, "rollouts_per_s", result->rollouts_per_s);
    member(out, "rollouts_per_s_two", result->rollouts_per_s_two);
    member(out, "cpu_s", result->cpu_s);
    member(out, "median_cause_cpu_s", result->median_cause_cpu_s);
    member(out, "simulated_s", result->simulated_s);
    member(out, "measured", result->measured);
    member(out, "expected", result->expected);
    member(out, "error", result->error);
    member(out, "limit_measured", result->limit_measured);
    pl_json_out_object_end(out);
}
