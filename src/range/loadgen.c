// SPDX-License-Identifier: Apache-2.0
//
// One thread, one epoll. Invariants:
//
//   1. Every request that is due is in `ops` before anything is sent.
//   2. An attempt is in exactly one place: waiting for a connection, on a link, or over.
//   3. A link is CLOSED and in `closed`, CONNECTING, IDLE and in `idle`, or BUSY with an owner.
//   4. Nobody waits for a connection while a link is idle.
//
// Patience and pauses are constants, so their alarms come in the order in which they were set and
// need no heap. An alarm whose attempt is over is skipped when its time comes.
#include "range/loadgen.h"

#include "base/check.h"
#include "os/failure.h"
#include "os/now.h"
#include "range/arrivals.h"
#include "range/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 256, FIFO_START = 1024, SPIN_NS = 60000 };

/* Something about an attempt, now or at a moment. */
struct entry {
    int64_t due_ns;
    uint32_t op;
    uint32_t attempt;
};

/* First in, first out, of any length. */
struct fifo {
    struct entry *items; /* owned */
    uint64_t head;
    uint64_t tail;
    uint64_t capacity; /* power of two */
};

/* Where the present attempt of an op is. */
enum place { OVER, WAITING, ON_LINK };

/* What the sender knows of an op beyond its result. */
struct mind {
    uint32_t place; /* enum place */
    uint32_t link;  /* ON_LINK */
};

/* A set of link numbers. */
struct stack {
    uint32_t *items; /* owned, items[connections] */
    uint32_t count;
};

struct loader {
    const struct pl_loadgen_def *def;
    struct pl_loadgen_report *report;
    struct pl_loadgen_op *ops;
    struct mind *minds;    /* owned, minds[ops_max] */
    struct pl_link *links; /* owned, links[connections] */
    struct stack idle;
    struct stack closed;
    struct fifo waiting;  /* attempts without a connection */
    struct fifo patience; /* alarms */
    struct fifo again;    /* alarms of the next attempts */
    struct pl_arrivals arrivals;
    struct pl_loadgen_request request; /* scratch */
    int64_t start_ns;
    int64_t next_ns; /* next arrival, -1: none in the duration */
    uint32_t ops_max;
    uint32_t unfinished;
    int epoll;
    bool full; /* a queue could not grow */
};

/* ---- Queues --------------------------------------------------------------------------------- */

static bool fifo_grow(struct fifo *fifo)
{
    uint64_t capacity = fifo->capacity == 0 ? FIFO_START : fifo->capacity * 2;
    struct entry *items = malloc(capacity * sizeof *items);
    if (items == NULL) {
        return false;
    }
    for (uint64_t i = fifo->head; i != fifo->tail; i++) {
        items[i & (capacity - 1)] = fifo->items[i & (fifo->capacity - 1)];
    }
    free(fifo->items);
    fifo->items = items;
    fifo->capacity = capacity;
    return true;
}

static void fifo_put(struct loader *loader, struct fifo *fifo, struct entry entry)
{
    if (fifo->tail - fifo->head == fifo->capacity && !fifo_grow(fifo)) {
        loader->full = true;
        return;
    }
    fifo->items[fifo->tail++ & (fifo->capacity - 1)] = entry;
}

static const struct entry *fifo_first(const struct fifo *fifo)
{
    return fifo->head == fifo->tail ? NULL : &fifo->items[fifo->head & (fifo->capacity - 1)];
}

static void stack_put(struct stack *stack, uint32_t item)
{
    stack->items[stack->count++] = item;
}

static void stack_remove(struct stack *stack, uint32_t item)
{
    for (uint32_t i = 0; i < stack->count; i++) {
        if (stack->items[i] == item) {
            stack->items[i] = stack->items[--stack->count];
            return;
        }
    }
}

/* ---- Attempts and links ---------------------------------------------------------------------- */

static int64_t clock_of(const struct loader *loader)
{
    return pl_now_monotonic_ns() - loader->start_ns;
}

static bool is_present(const struct loader *loader, const struct entry *entry)
{
    return loader->minds[entry->op].place != OVER &&
           loader->ops[entry->op].attempts == entry->attempt;
}

static void open_link(struct loader *loader);

/* Hand the request of `op` to link `number`. False: the link was dead, and is closed. */
static bool send_on(struct loader *loader, uint32_t number, uint32_t index)
{
    struct pl_loadgen_op *op = &loader->ops[index];
    struct pl_link *link = &loader->links[number];
    struct pl_loadgen_request *request = &loader->request;
    loader->def->write(loader->def->context, index, request);
    PL_CHECK(request->size > 0 && request->size <= PL_LOADGEN_REQUEST_MAX);
    op->kind = request->kind;
    int64_t now = clock_of(loader);
    if (!pl_link_send(link, request->bytes, request->size)) {
        stack_put(&loader->closed, number);
        return false;
    }
    loader->report->attempts++;
    loader->report->sent += op->attempts == 1 ? 1 : 0;
    op->sent_ns = now;
    link->owner = index;
    loader->minds[index] = (struct mind){ON_LINK, number};
    return true;
}

/* A link is idle: give it to who has waited longest. */
static void give(struct loader *loader, uint32_t number)
{
    const struct entry *first;
    while ((first = fifo_first(&loader->waiting)) != NULL) {
        struct entry entry = *first;
        if (!is_present(loader, &entry)) {
            loader->waiting.head++;
            continue;
        }
        if (!send_on(loader, number, entry.op)) {
            open_link(loader);
            return;
        }
        loader->waiting.head++;
        pl_histogram_add(&loader->report->connections,
                         loader->ops[entry.op].sent_ns - entry.due_ns);
        return;
    }
    stack_put(&loader->idle, number);
}

/* Open one more link if the limit allows. Failing to is no error: whoever waits keeps waiting. */
static void open_link(struct loader *loader)
{
    if (loader->closed.count == 0) {
        return;
    }
    uint32_t number = loader->closed.items[loader->closed.count - 1];
    struct pl_link *link = &loader->links[number];
    if (pl_link_open(link, loader->def->port, NULL) != PL_OK) {
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | (uint32_t)EPOLLET,
                                .data.u32 = number};
    if (epoll_ctl(loader->epoll, EPOLL_CTL_ADD, link->fd, &event) != 0) {
        pl_link_close(link);
        return;
    }
    loader->closed.count--;
    uint32_t open = loader->def->connections - loader->closed.count;
    if (open > loader->report->open_max) {
        loader->report->open_max = open;
    }
    if (link->phase == PL_LINK_IDLE) {
        give(loader, number);
    }
}

/* Begin the next attempt of an op, due at `due_ns`. */
static void begin_attempt(struct loader *loader, uint32_t index, int64_t due_ns)
{
    struct pl_loadgen_op *op = &loader->ops[index];
    op->attempts++;
    op->attempt_ns = due_ns;
    op->sent_ns = -1;
    struct entry entry = {due_ns, index, op->attempts};
    if (loader->def->patience_ns > 0) {
        struct entry alarm = {due_ns + loader->def->patience_ns, index, op->attempts};
        fifo_put(loader, &loader->patience, alarm);
    }
    while (loader->idle.count > 0) {
        uint32_t number = loader->idle.items[--loader->idle.count];
        if (send_on(loader, number, index)) {
            int64_t late = op->sent_ns - due_ns;
            pl_histogram_add(&loader->report->lateness, late > 0 ? late : 0);
            return;
        }
    }
    loader->minds[index].place = WAITING;
    fifo_put(loader, &loader->waiting, entry);
    open_link(loader);
}

static void finish_op(struct loader *loader, struct pl_loadgen_op *op, uint32_t outcome)
{
    struct pl_loadgen_report *report = loader->report;
    op->outcome = (uint8_t)outcome;
    loader->unfinished--;
    if (outcome == PL_LOADGEN_OK) {
        report->ok++;
        pl_histogram_add(&report->latency, op->done_ns - op->due_ns);
        pl_histogram_add(&report->exchange, op->done_ns - op->sent_ns);
    } else if (outcome == PL_LOADGEN_LEFT) {
        report->left++;
    } else {
        report->errors++;
    }
}

/* The present attempt of an op is over; try again or finish. */
static void end_attempt(struct loader *loader, uint32_t index, uint32_t outcome, uint32_t status)
{
    struct pl_loadgen_op *op = &loader->ops[index];
    op->done_ns = clock_of(loader);
    op->status = (uint16_t)status;
    loader->minds[index].place = OVER;
    if (outcome != PL_LOADGEN_OK && op->attempts <= loader->def->retries) {
        struct entry entry = {
            op->done_ns + loader->def->retry_after_ns, index, (uint32_t)op->attempts + 1};
        fifo_put(loader, &loader->again, entry);
        return;
    }
    finish_op(loader, op, outcome);
}

/* A link closed; whoever waits may have another one. */
static void replace_link(struct loader *loader, uint32_t number)
{
    stack_put(&loader->closed, number);
    if (fifo_first(&loader->waiting) != NULL) {
        open_link(loader);
    }
}

static void give_up(struct loader *loader, uint32_t index)
{
    struct mind mind = loader->minds[index];
    end_attempt(loader, index, PL_LOADGEN_LEFT, 0);
    if (mind.place == ON_LINK) {
        pl_link_close(&loader->links[mind.link]);
        replace_link(loader, mind.link);
    }
}

/* ---- What happens --------------------------------------------------------------------------- */

static void on_readable(struct loader *loader, uint32_t number)
{
    struct pl_link *link = &loader->links[number];
    uint32_t before = link->phase;
    enum pl_link_news news = pl_link_receive(link);
    if (news == PL_LINK_NOTHING) {
        return;
    }
    if (before == PL_LINK_IDLE) {
        stack_remove(&loader->idle, number);
        replace_link(loader, number);
        return;
    }
    uint32_t status = news == PL_LINK_ANSWER ? link->reply.status : 0;
    bool good = status >= 200 && status < 500;
    end_attempt(loader, link->owner, good ? PL_LOADGEN_OK : PL_LOADGEN_ERROR, status);
    if (link->phase == PL_LINK_IDLE) {
        give(loader, number);
    } else {
        replace_link(loader, number);
    }
}

static void on_event(struct loader *loader, uint32_t number)
{
    struct pl_link *link = &loader->links[number];
    if (link->phase == PL_LINK_CLOSED) {
        return;
    }
    if (link->phase == PL_LINK_CONNECTING) {
        if (pl_link_finish(link)) {
            give(loader, number);
        } else {
            replace_link(loader, number);
        }
        return;
    }
    on_readable(loader, number);
}

/* Draw the moment of the next arrival. */
static void next_arrival(struct loader *loader)
{
    int64_t moment = pl_arrivals_next(&loader->arrivals);
    loader->next_ns = moment < loader->def->duration_ns ? moment : -1;
}

/* Begin what is due by now: arrivals, retries; end what nobody waits for any more. */
static void run_alarms(struct loader *loader)
{
    const struct entry *first;
    while (loader->next_ns >= 0 && loader->next_ns <= clock_of(loader) && !loader->full) {
        if (loader->report->due == loader->ops_max) {
            loader->full = true;
            return;
        }
        uint32_t index = (uint32_t)loader->report->due++;
        loader->ops[index] =
            (struct pl_loadgen_op){.due_ns = loader->next_ns, .sent_ns = -1, .done_ns = -1};
        loader->unfinished++;
        begin_attempt(loader, index, loader->next_ns);
        next_arrival(loader);
    }
    while ((first = fifo_first(&loader->again)) != NULL && first->due_ns <= clock_of(loader)) {
        struct entry entry = *first;
        loader->again.head++;
        begin_attempt(loader, entry.op, entry.due_ns);
    }
    while ((first = fifo_first(&loader->patience)) != NULL &&
           (first->due_ns <= clock_of(loader) || !is_present(loader, first))) {
        struct entry entry = *first;
        loader->patience.head++;
        if (is_present(loader, &entry)) {
            give_up(loader, entry.op);
        }
    }
}

static int64_t next_alarm(const struct loader *loader)
{
    int64_t next = loader->def->duration_ns + loader->def->drain_ns;
    const struct entry *firsts[] = {fifo_first(&loader->again), fifo_first(&loader->patience)};
    if (loader->next_ns >= 0 && loader->next_ns < next) {
        next = loader->next_ns;
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (firsts[i] != NULL && firsts[i]->due_ns < next) {
            next = firsts[i]->due_ns;
        }
    }
    return next;
}

/* Sleep until something happens or shortly before the next alarm; spin when it is near. */
static pl_status wait_and_handle(struct loader *loader, pl_error *err)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t left = next_alarm(loader) - clock_of(loader) - SPIN_NS;
    left = left > 0 ? left : 0;
    struct timespec timeout = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
    int count = epoll_pwait2(loader->epoll, events, EVENTS_MAX, &timeout, NULL);
    if (count < 0 && errno != EINTR) {
        return pl_failure_of(err, "wait for", "the connections", errno);
    }
    for (int i = 0; i < count; i++) {
        on_event(loader, events[i].data.u32);
    }
    return PL_OK;
}

static pl_status run(struct loader *loader, pl_error *err)
{
    int64_t end_ns = loader->def->duration_ns + loader->def->drain_ns;
    loader->start_ns = pl_now_monotonic_ns();
    next_arrival(loader);
    while (loader->next_ns >= 0 || loader->unfinished > 0) {
        run_alarms(loader);
        if (loader->full) {
            return pl_fail(err,
                           PL_LIMIT,
                           NULL,
                           "The load needs room for more than %u requests.",
                           loader->ops_max);
        }
        bool over = loader->next_ns < 0 && loader->unfinished == 0; /* the last one may have left */
        if (over || clock_of(loader) >= end_ns) {
            break;
        }
        pl_status status = wait_and_handle(loader, err);
        if (status != PL_OK) {
            return status;
        }
    }
    for (uint64_t i = 0; i < loader->report->due; i++) {
        loader->report->waiting += loader->ops[i].outcome == PL_LOADGEN_WAITING ? 1 : 0;
    }
    return PL_OK;
}

/* ---- Beginning and end ----------------------------------------------------------------------- */

static void check_def(const struct pl_loadgen_def *def)
{
    PL_CHECK(def->connections >= 1 && def->connections <= PL_LOADGEN_CONNECTIONS_MAX);
    PL_CHECK(def->retries <= PL_LOADGEN_RETRIES_MAX);
    PL_CHECK(def->duration_ns >= 0 && def->drain_ns >= 0);
    PL_CHECK(def->patience_ns >= 0 && def->retry_after_ns >= 0);
    PL_CHECK(def->write != NULL && def->port > 0);
}

static pl_status open_loader(struct loader *loader, pl_error *err)
{
    uint32_t connections = loader->def->connections;
    loader->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (loader->epoll < 0) {
        return pl_failure_of(err, "open", "an epoll instance", errno);
    }
    loader->links = calloc(connections, sizeof *loader->links);
    loader->minds = calloc(loader->ops_max, sizeof *loader->minds);
    loader->idle.items = calloc(connections, sizeof *loader->idle.items);
    loader->closed.items = calloc(connections, sizeof *loader->closed.items);
    if (loader->links == NULL || loader->minds == NULL || loader->idle.items == NULL ||
        loader->closed.items == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for this load.");
    }
    for (uint32_t i = connections; i > 0; i--) {
        stack_put(&loader->closed, i - 1);
    }
    return PL_OK;
}

static void close_loader(struct loader *loader)
{
    for (uint32_t i = 0; loader->links != NULL && i < loader->def->connections; i++) {
        pl_link_close(&loader->links[i]);
    }
    if (loader->epoll >= 0) {
        (void)close(loader->epoll);
    }
    free(loader->links);
    free(loader->minds);
    free(loader->idle.items);
    free(loader->closed.items);
    free(loader->waiting.items);
    free(loader->patience.items);
    free(loader->again.items);
}

pl_status pl_loadgen_run(const struct pl_loadgen_def *def,
                         struct pl_loadgen_op *ops,
                         uint32_t ops_max,
                         struct pl_loadgen_report *report,
                         pl_error *err)
{
    check_def(def);
    PL_CHECK(ops_max >= 1 && ops_max <= PL_LOADGEN_OPS_MAX);
    memset(report, 0, sizeof *report);
    struct loader loader = {
        .def = def,
        .report = report,
        .ops = ops,
        .ops_max = ops_max,
        .arrivals = pl_arrivals_start(def->law, def->rate, def->seed),
        .epoll = -1,
    };
    int slack = prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    int64_t cpu_ns = pl_now_cpu_ns();
    pl_status status = open_loader(&loader, err);
    if (status == PL_OK) {
        status = run(&loader, err);
    }
    report->cpu_ns = pl_now_cpu_ns() - cpu_ns;
    if (slack > 0) {
        (void)prctl(PR_SET_TIMERSLACK, (unsigned long)slack, 0UL, 0UL, 0UL);
    }
    close_loader(&loader);
    return status;
}

bool pl_loadgen_usable(const struct pl_loadgen_report *report)
{
    return report->due == report->ok + report->errors + report->left + report->waiting &&
           pl_histogram_quantile(&report->lateness, 0.99) <= PL_LOADGEN_LATENESS_LIMIT_NS;
}
