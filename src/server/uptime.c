// SPDX-License-Identifier: Apache-2.0
#include "server/uptime.h"

#include "base/buf.h"
#include "base/check.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/mutex.h"
#include "os/now.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define STEP_NS   (SECOND_NS / 10)

enum { LINE_SIZE = 48, TEXT_SIZE = PL_UPTIME_RUNS_MAX * LINE_SIZE + 1 };

struct pl_uptime {
    char path[PL_FILE_PATH_MAX];
    struct pl_beside *beside;
    atomic_bool ending;
    struct pl_mutex *mutex; /* guards all below */
    struct pl_uptime_runs runs;
};

static int64_t now_s(void)
{
    return pl_now_wall_ns() / SECOND_NS;
}

static pl_status save(struct pl_uptime *uptime, pl_error *err)
{
    static const char what[] = "There is not enough memory for the record of the server's runs.";
    char *memory = malloc(TEXT_SIZE);
    struct pl_buf text;
    struct pl_uptime_runs *runs = malloc(sizeof *runs);
    pl_status status = PL_NO_MEMORY;
    if (memory != NULL && runs != NULL) {
        pl_uptime_read(uptime, runs);
        pl_buf_init(&text, memory, TEXT_SIZE);
        for (uint32_t i = 0; i < runs->count; i++) {
            pl_buf_printf(
                &text, "%" PRId64 " %" PRId64 "\n", runs->runs[i].begin_s, runs->runs[i].last_s);
        }
        status = pl_file_save(uptime->path, (pl_slice){text.data, text.size}, err);
    } else {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "%s", what);
    }
    free(memory);
    free(runs);
    return status;
}

/* The one item of the thread: it lasts until the end. A beat that cannot be kept is a minute less.
 */
static void beat_on(void *context, void *item)
{
    (void)item;
    struct pl_uptime *uptime = context;
    int64_t next_ns = pl_now_monotonic_ns() + PL_UPTIME_BEAT_S * SECOND_NS;
    while (!atomic_load(&uptime->ending)) {
        int64_t at_ns = pl_now_monotonic_ns();
        if (at_ns >= next_ns) {
            (void)!save(uptime, NULL);
            next_ns = at_ns + PL_UPTIME_BEAT_S * SECOND_NS;
        }
        pl_now_sleep_until(at_ns + STEP_NS);
    }
}

/* Read `begin last` lines; runs follow each other. */
static bool parse(struct pl_uptime_runs *runs, const char *text)
{
    int64_t before_s = 0;
    while (*text != '\0') {
        char *end = NULL;
        struct pl_uptime_run run = {.begin_s = strtoll(text, &end, 10)};
        bool good = end != text && *end == ' ';
        text = end;
        run.last_s = good ? strtoll(text, &end, 10) : 0;
        good = good && *end == '\n' && run.begin_s >= before_s && run.last_s >= run.begin_s;
        if (!good || runs->count == PL_UPTIME_RUNS_MAX) {
            return false;
        }
        runs->runs[runs->count++] = run;
        before_s = run.last_s;
        text = end + 1;
    }
    return true;
}

static pl_status load(struct pl_uptime *uptime, pl_error *err)
{
    pl_slice text = {NULL, 0};
    if (!pl_file_exists(uptime->path)) {
        return PL_OK;
    }
    pl_status status = pl_file_load(uptime->path, TEXT_SIZE, &text, err);
    if (status == PL_OK && !parse(&uptime->runs, text.data)) {
        status = pl_fail(err,
                         PL_CORRUPT,
                         NULL,
                         "%s is not the record of a server's runs; remove it to begin a new one.",
                         uptime->path);
    }
    union {
        const char *view;
        char *memory;
    } bytes = {.view = text.data};
    free(bytes.memory);
    return status;
}

/* A clock that was set back makes no run that begins before the last one has ended. */
static void add_run(struct pl_uptime_runs *runs)
{
    if (runs->count == PL_UPTIME_RUNS_MAX) {
        memmove(&runs->runs[0], &runs->runs[1], sizeof runs->runs - sizeof runs->runs[0]);
        runs->count--;
    }
    int64_t before_s = runs->count > 0 ? runs->runs[runs->count - 1].last_s : 0;
    int64_t at_s = now_s() > before_s ? now_s() : before_s;
    runs->runs[runs->count++] = (struct pl_uptime_run){.begin_s = at_s, .last_s = at_s};
}

pl_status pl_uptime_open(struct pl_uptime **uptime_out, const char *directory, pl_error *err)
{
    PL_CHECK(uptime_out != NULL && directory != NULL);
    *uptime_out = NULL;
    struct pl_uptime *uptime = calloc(1, sizeof *uptime);
    if (uptime == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a server.");
    }
    int size = snprintf(uptime->path, sizeof uptime->path, "%s/uptime.txt", directory);
    PL_CHECK(size > 0 && size < PL_FILE_PATH_MAX);
    atomic_init(&uptime->ending, false);
    uptime->mutex = pl_mutex_new();
    pl_status status = uptime->mutex != NULL
                           ? load(uptime, err)
                           : pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    if (status == PL_OK) {
        add_run(&uptime->runs);
        status = save(uptime, err);
    }
    const struct pl_beside_work work = {.context = uptime, .take = beat_on};
    status = status == PL_OK ? pl_beside_start(&uptime->beside, &work, err) : status;
    if (status == PL_OK && !pl_beside_put(uptime->beside, uptime)) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    }
    if (status != PL_OK) {
        pl_beside_end(uptime->beside);
        pl_mutex_free(uptime->mutex);
        free(uptime);
        return status;
    }
    *uptime_out = uptime;
    return PL_OK;
}

void pl_uptime_read(struct pl_uptime *uptime, struct pl_uptime_runs *runs)
{
    PL_CHECK(uptime != NULL && runs != NULL);
    pl_mutex_lock(uptime->mutex);
    struct pl_uptime_run *last = &uptime->runs.runs[uptime->runs.count - 1];
    last->last_s = now_s() > last->last_s ? now_s() : last->last_s;
    *runs = uptime->runs;
    pl_mutex_unlock(uptime->mutex);
}

double pl_uptime_share(const struct pl_uptime_runs *runs, int64_t now_s, int64_t span_s)
{
    PL_CHECK(runs != NULL && span_s > 0);
    int64_t from_s = now_s - span_s;
    int64_t up_s = 0;
    if (runs->count > 0 && runs->runs[0].begin_s > from_s) {
        from_s = runs->runs[0].begin_s;
    }
    for (uint32_t i = 0; i < runs->count; i++) {
        const struct pl_uptime_run *run = &runs->runs[i];
        int64_t begin_s = run->begin_s > from_s ? run->begin_s : from_s;
        int64_t end_s = run->last_s < now_s ? run->last_s : now_s;
        up_s += end_s > begin_s ? end_s - begin_s : 0;
    }
    return runs->count == 0 || now_s <= from_s ? 1.0 : (double)up_s / (double)(now_s - from_s);
}

void pl_uptime_close(struct pl_uptime *uptime)
{
    if (uptime == NULL) {
        return;
    }
    atomic_store(&uptime->ending, true);
    pl_beside_end(uptime->beside);
    (void)!save(uptime, NULL); /* then the last beat counts */
    pl_mutex_free(uptime->mutex);
    free(uptime);
}
