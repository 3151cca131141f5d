// SPDX-License-Identifier: Apache-2.0
#include "exam/worlds.h"

#include "base/check.h"
#include "exam/constants_file.h"
#include "os/now.h"
#include "os/pages.h"
#include "os/threads.h"

#include <stdatomic.h>
#include <stdlib.h>

struct pl_worlds {
    struct pl_worlds_def def;
    struct pl_constants *constants; /* NULL: none that fit */
    pl_error stale;                 /* why not */
    struct pl_trunk *trunk;
    void *memory;
    size_t size;
    double cpu_s;
};

/* Tasks that are counted. */
struct counted {
    const struct pl_worlds_def *def;
    pl_task task;
    void *argument;
    uint32_t count;
    atomic_uint done;
};

static void run_counted(void *context, uint32_t index, uint32_t worker)
{
    struct counted *counted = context;
    counted->task(counted->argument, index, worker);
    uint32_t done = atomic_fetch_add(&counted->done, 1) + 1;
    counted->def->told(counted->def->told_context, done, counted->count);
}

static void run_tasks(void *context, uint32_t count, pl_task task, void *argument)
{
    const struct pl_worlds *worlds = context;
    struct counted counted = {
        .def = &worlds->def, .task = task, .argument = argument, .count = count};
    if (worlds->def.told != NULL) {
        pl_threads_run(worlds->def.workers, count, run_counted, &counted);
    } else {
        pl_threads_run(worlds->def.workers, count, task, argument);
    }
}

pl_status
pl_worlds_open(struct pl_worlds **worlds_out, const struct pl_worlds_def *def, pl_error *err)
{
    PL_CHECK(worlds_out != NULL && def != NULL);
    struct pl_worlds *worlds = calloc(1, sizeof *worlds);
    int64_t start_ns = pl_now_cpu_ns();
    *worlds_out = NULL;
    if (worlds == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an analysis.");
    }
    worlds->def = *def;
    worlds->def.workers = def->workers > 0 ? def->workers : pl_threads_processors();
    struct pl_judge_def judge = {
        .world = def->content->world,
        .scenario = def->content->scenario,
        .particles = def->particles,
        .replicate = def->replicate,
        .parallel = {.context = worlds, .run = run_tasks, .workers = worlds->def.workers}};
    if (def->directory != NULL) {
        worlds->constants = pl_constants_file_load(def->directory, def->content, &worlds->stale);
    }
    worlds->size = pl_trunk_size(&judge);
    pl_status status = pl_pages_reserve(worlds->size, &worlds->memory, err);
    if (status == PL_OK) {
        status = pl_trunk_open(&judge, worlds->memory, worlds->size, &worlds->trunk, err);
    }
    worlds->cpu_s = (double)(pl_now_cpu_ns() - start_ns) / 1e9;
    if (status != PL_OK) {
        pl_worlds_close(worlds);
        return status;
    }
    *worlds_out = worlds;
    return PL_OK;
}

struct pl_trunk *pl_worlds_trunk(struct pl_worlds *worlds)
{
    PL_CHECK(worlds != NULL);
    return worlds->trunk;
}

const struct pl_constants *pl_worlds_constants(const struct pl_worlds *worlds, pl_error *err)
{
    PL_CHECK(worlds != NULL && err != NULL);
    *err = worlds->stale;
    return worlds->constants;
}

double pl_worlds_cpu_s(const struct pl_worlds *worlds)
{
    PL_CHECK(worlds != NULL);
    return worlds->cpu_s;
}

void pl_worlds_close(struct pl_worlds *worlds)
{
    if (worlds == NULL) {
        return;
    }
    pl_pages_release(worlds->memory, worlds->size);
    free(worlds->constants);
    free(worlds);
}
