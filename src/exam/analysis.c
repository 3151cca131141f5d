// SPDX-License-Identifier: Apache-2.0
#include "exam/analysis.h"

#include "base/check.h"
#include "exam/constants_file.h"
#include "judge/judge.h"
#include "os/beside.h"
#include "os/now.h"
#include "os/pages.h"
#include "os/threads.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_SIZE = 64 };

/* An entry on its way to the judge. */
struct put_entry {
    int64_t seq;
    int64_t before_ns;
    size_t command_size;
    char answer[ANSWER_SIZE];
    char command[];
};

struct pl_analysis {
    struct pl_analysis_def def;
    struct pl_beside *beside;
    const struct pl_constants *constants; /* NULL: none that fit */
    struct pl_constants *own;             /* the same when they were read here */
    struct pl_report *report;
    struct pl_judge *judge; /* of the thread, as all below but the counters */
    void *memory;
    size_t memory_size;
    pl_error err;    /* why there is no judge */
    pl_error broken; /* why it stopped */
    pl_error stale;  /* why constants are not used */
    uint32_t workers;
    uint32_t put;
    atomic_uint_least32_t taken;
    atomic_int_least64_t cpu_ns;
};

/* ---- Threads -------------------------------------------------------------------------------- */

struct timed {
    struct pl_analysis *analysis;
    pl_task task;
    void *argument;
};

/* Worker 0 is the thread of the analysis, whose time is taken as a whole. */
static void run_timed(void *argument, uint32_t index, uint32_t worker)
{
    struct timed *timed = argument;
    int64_t start_ns = worker > 0 ? pl_now_thread_cpu_ns() : 0;
    timed->task(timed->argument, index, worker);
    if (worker > 0) {
        atomic_fetch_add(&timed->analysis->cpu_ns, pl_now_thread_cpu_ns() - start_ns);
    }
}

static void run_tasks(void *context, uint32_t count, pl_task task, void *argument)
{
    struct pl_analysis *analysis = context;
    struct timed timed = {.analysis = analysis, .task = task, .argument = argument};
    pl_threads_run(analysis->workers, count, run_timed, &timed);
}

/* ---- On the thread -------------------------------------------------------------------------- */

static void begin(void *context)
{
    struct pl_analysis *analysis = context;
    int64_t start_ns = pl_now_thread_cpu_ns();
    struct pl_judge_def def = {
        .world = analysis->def.content->world,
        .scenario = analysis->def.content->scenario,
        .constants = analysis->constants,
        .seed = analysis->def.seed,
        .clock = analysis->def.clock,
        .particles = analysis->def.particles,
        .replicate = analysis->def.replicate,
        .parallel = {.context = analysis, .run = run_tasks, .workers = analysis->workers},
        .trunk = analysis->def.worlds != NULL ? pl_worlds_trunk(analysis->def.worlds) : NULL};
    analysis->memory_size = pl_judge_size(&def);
    pl_status status = pl_pages_reserve(analysis->memory_size, &analysis->memory, &analysis->err);
    if (status == PL_OK) {
        status = pl_judge_open(
            &def, analysis->memory, analysis->memory_size, &analysis->judge, &analysis->err);
    }
    if (status != PL_OK) {
        analysis->judge = NULL;
    }
    atomic_fetch_add(&analysis->cpu_ns, pl_now_thread_cpu_ns() - start_ns);
}

static void take(void *context, void *item)
{
    struct pl_analysis *analysis = context;
    struct put_entry *put = item;
    int64_t start_ns = pl_now_thread_cpu_ns();
    if (analysis->judge != NULL && analysis->broken.status == PL_OK) {
        struct pl_judge_entry entry = {.seq = put->seq,
                                       .before_ns = put->before_ns,
                                       .command = {put->command, put->command_size},
                                       .answer = put->answer[0] != '\0' ? put->answer : NULL};
        pl_error err = {0};
        if (pl_judge_feed(analysis->judge, &entry, &err) != PL_OK) {
            analysis->broken = err;
        }
    }
    free(put);
    uint32_t taken = atomic_fetch_add(&analysis->taken, 1) + 1;
    (void)taken;
    atomic_fetch_add(&analysis->cpu_ns, pl_now_thread_cpu_ns() - start_ns);
}

/* ---- For the caller ------------------------------------------------------------------------- */

pl_status pl_analysis_begin(struct pl_analysis **analysis_out,
                            const struct pl_analysis_def *def,
                            pl_error *err)
{
    PL_CHECK(analysis_out != NULL && def != NULL);
    struct pl_analysis *analysis = calloc(1, sizeof *analysis);
    *analysis_out = NULL;
    if (analysis == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an analysis.");
    }
    analysis->def = *def;
    analysis->workers = def->workers > 0 ? def->workers : pl_threads_processors();
    analysis->report = calloc(1, sizeof *analysis->report);
    atomic_init(&analysis->taken, 0);
    atomic_init(&analysis->cpu_ns, 0);
    struct pl_beside_work work = {.context = analysis, .begin = begin, .take = take};
    pl_status status = PL_OK;
    if (analysis->report == NULL) {
        status = pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an analysis.");
    }
    if (status == PL_OK && def->worlds != NULL) {
        analysis->constants = pl_worlds_constants(def->worlds, &analysis->stale);
    } else if (status == PL_OK && def->directory != NULL) {
        analysis->own = pl_constants_file_load(def->directory, def->content, &analysis->stale);
        analysis->constants = analysis->own;
    }
    if (status == PL_OK) {
        status = pl_beside_start(&analysis->beside, &work, err);
    }
    if (status != PL_OK) {
        pl_analysis_end(analysis);
        return status;
    }
    *analysis_out = analysis;
    return PL_OK;
}

bool pl_analysis_put(struct pl_analysis *analysis,
                     int64_t seq,
                     int64_t before_ns,
                     pl_slice command,
                     const char *answer)
{
    PL_CHECK(analysis != NULL);
    struct put_entry *put = calloc(1, sizeof *put + command.size + 1);
    if (put == NULL) {
        return false;
    }
    put->seq = seq;
    put->before_ns = before_ns;
    put->command_size = command.size;
    memcpy(put->command, command.data, command.size);
    if (answer != NULL) {
        size_t size = strlen(answer);
        PL_CHECK(size < sizeof put->answer);
        memcpy(put->answer, answer, size + 1);
    }
    if (!pl_beside_put(analysis->beside, put)) {
        free(put);
        return false;
    }
    analysis->put++;
    return true;
}

bool pl_analysis_wait(struct pl_analysis *analysis,
                      uint32_t timeout_ms,
                      struct pl_analysis_progress *progress)
{
    PL_CHECK(analysis != NULL && progress != NULL);
    bool done = pl_beside_wait(analysis->beside, timeout_ms);
    progress->put = analysis->put;
    progress->taken = atomic_load(&analysis->taken);
    progress->per_mille = analysis->put > 0 ? progress->taken * 1000 / analysis->put : 0;
    return done;
}

const struct pl_report *pl_analysis_report(struct pl_analysis *analysis, pl_error *err)
{
    PL_CHECK(analysis != NULL);
    struct pl_analysis_progress progress;
    bool done;
    do {
        done = pl_analysis_wait(analysis, 60000, &progress);
    } while (!done);
    if (analysis->judge == NULL) {
        *err = analysis->err;
        return NULL;
    }
    int64_t start_ns = pl_now_thread_cpu_ns();
    pl_judge_finish(analysis->judge, analysis->report);
    if (analysis->stale.status != PL_OK) {
        pl_report_note(analysis->report, "%s", analysis->stale.message);
    }
    if (analysis->broken.status != PL_OK) {
        pl_report_note(analysis->report, "%s", analysis->broken.message);
    }
    int64_t cpu_ns = atomic_load(&analysis->cpu_ns) + pl_now_thread_cpu_ns() - start_ns;
    analysis->report->cpu_s = (double)cpu_ns / 1e9;
    return analysis->report;
}

void pl_analysis_end(struct pl_analysis *analysis)
{
    if (analysis == NULL) {
        return;
    }
    pl_beside_end(analysis->beside);
    free(analysis->own);
    pl_pages_release(analysis->memory, analysis->memory_size);
    free(analysis->report);
    free(analysis);
}
