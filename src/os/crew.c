// SPDX-License-Identifier: Apache-2.0
//
// A lane is in the list of its rank while it has a task and no thread works on it. A thread takes
// the first lane of its rank, does one task, and puts the lane back behind the others.
#include "os/crew.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

struct task {
    struct task *next;
    pl_crew_run run;
    void *context;
    void *item;
    uint32_t rank;
};

struct pl_lane {
    struct pl_crew *crew;
    struct pl_lane *next; /* in the list of lanes that are ready */
    struct pl_lane *previous;
    struct task *first;
    struct task *last;
    uint32_t count; /* tasks, the running one included */
    uint32_t rank;  /* of the list that it is in */
    bool busy;      /* it is in a list, or a thread works on it */
    bool ready;     /* it is in a list */
    bool closed;
};

/* Lanes that are ready, for one rank. */
struct ready {
    struct pl_lane *first;
    struct pl_lane *last;
    pthread_cond_t come; /* a lane has come, or the end */
    int nice;
    bool yields;
};

struct thread {
    struct pl_crew *crew;
    pthread_t id;
    uint32_t rank;
    uint32_t number;
};

struct pl_crew {
    pthread_mutex_t mutex; /* guards all below and all lanes */
    pthread_cond_t idle;   /* the last task is done */
    struct ready ready[PL_CREW_RANKS_MAX];
    struct thread threads[PL_CREW_THREADS_MAX];
    uint32_t rank_count;
    uint32_t thread_count;
    uint64_t tasks; /* waiting and running */
    bool end;
};

static void lock(struct pl_crew *crew)
{
    int failed = pthread_mutex_lock(&crew->mutex);
    PL_CHECK(failed == 0);
}

static void unlock(struct pl_crew *crew)
{
    int failed = pthread_mutex_unlock(&crew->mutex);
    PL_CHECK(failed == 0);
}

/* Put a lane with a task behind the others of its task's rank. */
static void make_ready(struct pl_crew *crew, struct pl_lane *lane)
{
    struct ready *ready = &crew->ready[lane->first->rank];
    lane->rank = lane->first->rank;
    lane->ready = true;
    lane->next = NULL;
    lane->previous = ready->last;
    if (ready->last != NULL) {
        ready->last->next = lane;
    } else {
        ready->first = lane;
    }
    ready->last = lane;
    pthread_cond_signal(&ready->come);
}

/* Take a lane out of its list. */
static void unlink_lane(struct pl_crew *crew, struct pl_lane *lane)
{
    struct ready *ready = &crew->ready[lane->rank];
    if (lane->previous != NULL) {
        lane->previous->next = lane->next;
    } else {
        ready->first = lane->next;
    }
    if (lane->next != NULL) {
        lane->next->previous = lane->previous;
    } else {
        ready->last = lane->previous;
    }
    lane->ready = false;
}

static struct pl_lane *take_lane(struct pl_crew *crew, struct ready *ready)
{
    while (ready->first == NULL && !crew->end) {
        pthread_cond_wait(&ready->come, &crew->mutex);
    }
    struct pl_lane *lane = ready->first;
    if (lane != NULL) {
        unlink_lane(crew, lane);
    }
    return lane;
}

/* Put a task behind the others of its lane, but before those at the end that yield. */
static void queue_task(const struct pl_crew *crew, struct pl_lane *lane, struct task *task)
{
    struct task **at = &lane->first;
    if (lane->last != NULL &&
        (crew->ready[task->rank].yields || !crew->ready[lane->last->rank].yields)) {
        at = &lane->last->next;
    }
    while (*at != NULL && !crew->ready[(*at)->rank].yields) {
        at = &(*at)->next;
    }
    task->next = *at;
    *at = task;
    lane->last = task->next == NULL ? task : lane->last;
}

/* After a task: back into a list, or gone. */
static void leave_lane(struct pl_crew *crew, struct pl_lane *lane)
{
    lane->busy = false;
    lane->count--;
    crew->tasks--;
    if (lane->first != NULL) {
        lane->busy = true;
        make_ready(crew, lane);
    } else if (lane->closed) {
        free(lane);
    }
    if (crew->tasks == 0) {
        pthread_cond_broadcast(&crew->idle);
    }
}

static void *work(void *memory)
{
    struct thread *thread = memory;
    struct pl_crew *crew = thread->crew;
    struct ready *ready = &crew->ready[thread->rank];
    if (ready->nice > 0) {
        /* Of this thread alone, as Linux has it; without it the work is done all the same. */
        int before = getpriority(PRIO_PROCESS, 0);
        (void)setpriority(PRIO_PROCESS, 0, before + ready->nice);
    }
    lock(crew);
    for (;;) {
        struct pl_lane *lane = take_lane(crew, ready);
        if (lane == NULL) {
            break;
        }
        struct task *task = lane->first;
        lane->first = task->next;
        lane->last = lane->first == NULL ? NULL : lane->last;
        unlock(crew);
        task->run(task->context, task->item, thread->number);
        free(task);
        lock(crew);
        leave_lane(crew, lane);
    }
    unlock(crew);
    return NULL;
}

static bool start_thread(struct pl_crew *crew, uint32_t rank)
{
    struct thread *thread = &crew->threads[crew->thread_count];
    *thread = (struct thread){.crew = crew, .rank = rank, .number = crew->thread_count};
    if (pthread_create(&thread->id, NULL, work, thread) != 0) {
        return false;
    }
    crew->thread_count++;
    return true;
}

pl_status pl_crew_start(struct pl_crew **crew_out,
                        const struct pl_crew_rank *ranks,
                        uint32_t count,
                        pl_error *err)
{
    PL_CHECK(crew_out != NULL && ranks != NULL);
    PL_CHECK(count >= 1 && count <= PL_CREW_RANKS_MAX);
    struct pl_crew *crew = calloc(1, sizeof *crew);
    *crew_out = NULL;
    if (crew == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for threads.");
    }
    crew->rank_count = count;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->idle, NULL);
    for (uint32_t rank = 0; rank < count; rank++) {
        pthread_cond_init(&crew->ready[rank].come, NULL);
        crew->ready[rank].nice = ranks[rank].nice;
        crew->ready[rank].yields = ranks[rank].yields;
    }
    for (uint32_t rank = 0; rank < count; rank++) {
        PL_CHECK(ranks[rank].threads >= 1);
        PL_CHECK(crew->thread_count + ranks[rank].threads <= PL_CREW_THREADS_MAX);
        for (uint32_t i = 0; i < ranks[rank].threads; i++) {
            if (!start_thread(crew, rank)) {
                pl_crew_end(crew);
                return pl_fail(err, PL_LIMIT, NULL, "The machine does not allow another thread.");
            }
        }
    }
    *crew_out = crew;
    return PL_OK;
}

uint32_t pl_crew_threads(const struct pl_crew *crew)
{
    PL_CHECK(crew != NULL);
    return crew->thread_count;
}

struct pl_lane *pl_lane_open(struct pl_crew *crew)
{
    PL_CHECK(crew != NULL);
    struct pl_lane *lane = calloc(1, sizeof *lane);
    if (lane != NULL) {
        lane->crew = crew;
    }
    return lane;
}

bool pl_lane_post(struct pl_lane *lane, uint32_t rank, pl_crew_run run, void *context, void *item)
{
    PL_CHECK(lane != NULL && run != NULL);
    struct pl_crew *crew = lane->crew;
    PL_CHECK(rank < crew->rank_count);
    struct task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        return false;
    }
    *task = (struct task){.run = run, .context = context, .item = item, .rank = rank};
    lock(crew);
    PL_CHECK(!lane->closed);
    queue_task(crew, lane, task);
    lane->count++;
    crew->tasks++;
    if (lane->ready && lane->first->rank != lane->rank) {
        unlink_lane(crew, lane); /* its next task is one that has passed */
        make_ready(crew, lane);
    } else if (!lane->busy) {
        lane->busy = true;
        make_ready(crew, lane);
    }
    unlock(crew);
    return true;
}

uint32_t pl_lane_count(struct pl_lane *lane)
{
    PL_CHECK(lane != NULL);
    lock(lane->crew);
    uint32_t count = lane->count;
    unlock(lane->crew);
    return count;
}

void pl_lane_close(struct pl_lane *lane)
{
    PL_CHECK(lane != NULL);
    struct pl_crew *crew = lane->crew;
    lock(crew);
    lane->closed = true;
    bool idle = !lane->busy;
    unlock(crew);
    if (idle) {
        free(lane);
    }
}

void pl_crew_end(struct pl_crew *crew)
{
    if (crew == NULL) {
        return;
    }
    lock(crew);
    while (crew->tasks > 0) {
        pthread_cond_wait(&crew->idle, &crew->mutex);
    }
    crew->end = true;
    for (uint32_t rank = 0; rank < crew->rank_count; rank++) {
        pthread_cond_broadcast(&crew->ready[rank].come);
    }
    unlock(crew);
    for (uint32_t i = 0; i < crew->thread_count; i++) {
        int failed = pthread_join(crew->threads[i].id, NULL);
        PL_CHECK(failed == 0);
    }
    for (uint32_t rank = 0; rank < crew->rank_count; rank++) {
        pthread_cond_destroy(&crew->ready[rank].come);
    }
    pthread_cond_destroy(&crew->idle);
    pthread_mutex_destroy(&crew->mutex);
    free(crew);
}
