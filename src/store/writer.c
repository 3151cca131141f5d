// SPDX-License-Identifier: Apache-2.0
#include "store/writer.h"

#include "base/check.h"
#include "os/beside.h"
#include "os/mutex.h"
#include "os/now.h"
#include "store/backend.h"

#include <stdlib.h>

struct pl_store_writer {
    struct pl_store *store; /* of the thread alone */
    struct pl_beside *thread;
    struct pl_mutex *mutex; /* guards all below */
    struct pl_store_write *first;
    struct pl_store_write *last;
    uint64_t writes;
    uint64_t groups;
    void (*measured)(void *context, int64_t duration_ns); /* may be NULL */
    void *measured_context;
    void (*fatal)(void *context, const char *message); /* may be NULL */
    void *fatal_context;
};

/* Creating and opening a log take locks and read: each is a group of its own. */
static bool is_alone(const struct pl_store_write *write)
{
    return write->verb == PL_STORE_CREATE || write->verb == PL_STORE_RESUME;
}

/* Cut off what has come, as far as one transaction goes. */
static struct pl_store_write *take_group(struct pl_store_writer *writer)
{
    pl_mutex_lock(writer->mutex);
    struct pl_store_write *group = writer->first;
    struct pl_store_write *end = group;
    uint32_t count = 1;
    while (end != NULL && !is_alone(group) && end->next != NULL && !is_alone(end->next) &&
           count < PL_STORE_GROUP_MAX) {
        end = end->next;
        count++;
    }
    if (end != NULL) {
        writer->first = end->next;
        writer->last = writer->first == NULL ? NULL : writer->last;
        writer->groups++;
        writer->writes += count;
        end->next = NULL;
    }
    pl_mutex_unlock(writer->mutex);
    return group;
}

static pl_status stage(struct pl_store_write *write)
{
    struct pl_store_log *log = write->log;
    pl_error *err = &write->error;
    if (write->verb == PL_STORE_ENTRY) {
        return pl_store_log_stage_entry(log, write->t_ns, write->kind, write->body, err);
    }
    return write->verb == PL_STORE_FINISH ? pl_store_log_stage_finish(log, err) : PL_OK;
}

/* A log that an earlier failure has ended, and an entry that is too large, concern nobody else. */
static bool is_refused(struct pl_store_write *write)
{
    if (write->verb != PL_STORE_CLOSE && !pl_store_log_usable(write->log)) {
        write->status =
            pl_fail(&write->error, PL_IO, NULL, "The session takes no more entries; resume it.");
    } else if (write->verb == PL_STORE_ENTRY && write->body.size > PL_STORE_BODY_MAX) {
        write->status = pl_fail(&write->error, PL_LIMIT, NULL, "The entry is too large.");
    }
    return write->status != PL_OK;
}

/* All in one transaction; on failure all of it fails. */
static void write_group(struct pl_store_writer *writer, struct pl_store_write *group)
{
    const struct pl_backend *backend = &writer->store->backend;
    pl_error err = {0};
    pl_status status = backend->begin(backend->data, &err);
    bool begun = status == PL_OK;
    for (struct pl_store_write *write = group; write != NULL && status == PL_OK;
         write = write->next) {
        if (!is_refused(write)) {
            status = stage(write);
            err = write->error;
        }
    }
    if (status == PL_OK) {
        status = backend->commit(backend->data, &err);
    } else if (begun) {
        backend->rollback(backend->data);
    }
    for (struct pl_store_write *write = group; write != NULL; write = write->next) {
        pl_store_log_settle(write->log, status);
        if (status != PL_OK) {
            write->status = status;
            write->error = err;
        }
    }
}

static void open_log(struct pl_store_writer *writer, struct pl_store_write *write)
{
    write->status =
        write->verb == PL_STORE_CREATE
            ? pl_store_log_create(writer->store, &write->session, &write->log, &write->error)
            : pl_store_log_resume(
                  writer->store, write->session.id, NULL, NULL, &write->log, &write->error);
}

static bool needs_transaction(const struct pl_store_write *group)
{
    for (const struct pl_store_write *write = group; write != NULL; write = write->next) {
        if (write->verb != PL_STORE_CLOSE) {
            return true;
        }
    }
    return false;
}

static void tell_fatal(struct pl_store_writer *writer, const char *message)
{
    const struct pl_backend *backend = &writer->store->backend;
    if (writer->fatal != NULL && backend->unsynced(backend->data)) {
        writer->fatal(writer->fatal_context, message);
    }
}

static bool is_waited_for(struct pl_store_writer *writer)
{
    pl_mutex_lock(writer->mutex);
    bool waited_for = writer->first != NULL;
    pl_mutex_unlock(writer->mutex);
    return waited_for;
}

/* One item is handed over per write, and one call takes many: later calls find nothing left. */
static void take(void *context, void *item)
{
    (void)item;
    struct pl_store_writer *writer = context;
    struct pl_store_write *group = take_group(writer);
    if (group == NULL) {
        return;
    }
    int64_t begin_ns = pl_now_monotonic_ns();
    if (is_alone(group)) {
        open_log(writer, group);
    } else if (needs_transaction(group)) {
        write_group(writer, group);
    }
    if (writer->measured != NULL) {
        writer->measured(writer->measured_context, pl_now_monotonic_ns() - begin_ns);
    }
    tell_fatal(writer, group->error.message);
    while (group != NULL) {
        struct pl_store_write *next = group->next;
        if (group->verb == PL_STORE_CLOSE) {
            pl_store_log_close(group->log);
            group->log = NULL;
        }
        group->done(group);
        group = next;
    }
    const struct pl_backend *backend = &writer->store->backend;
    backend->rest(backend->data, is_waited_for(writer));
    tell_fatal(writer, "a checkpoint");
}

pl_status
pl_store_writer_open(struct pl_store_writer **writer_out, const char *directory, pl_error *err)
{
    PL_CHECK(writer_out != NULL && directory != NULL);
    *writer_out = NULL;
    struct pl_store_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory to write sessions.");
    }
    writer->mutex = pl_mutex_new();
    pl_status status = writer->mutex != NULL
                           ? pl_store_open(&writer->store, directory, err)
                           : pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory.");
    if (status == PL_OK) {
        PL_CHECK(writer->store != NULL);
        writer->store->backend.own(writer->store->backend.data);
        struct pl_beside_work work = {.context = writer, .take = take};
        status = pl_beside_start(&writer->thread, &work, err);
    }
    if (status != PL_OK) {
        pl_store_writer_close(writer);
        return status;
    }
    *writer_out = writer;
    return PL_OK;
}

void pl_store_writer_put(struct pl_store_writer *writer, struct pl_store_write *write)
{
    PL_CHECK(writer != NULL && write != NULL && write->done != NULL);
    PL_CHECK(write->verb <= PL_STORE_CLOSE);
    PL_CHECK(write->log != NULL || write->verb <= PL_STORE_RESUME);
    write->next = NULL;
    write->status = PL_OK;
    write->error = (pl_error){0};
    pl_mutex_lock(writer->mutex);
    if (writer->last != NULL) {
        writer->last->next = write;
    } else {
        writer->first = write;
    }
    writer->last = write;
    pl_mutex_unlock(writer->mutex);
    /* Without memory for the wake-up it is found by the next one, or at the end. */
    (void)pl_beside_put(writer->thread, writer);
}

void pl_store_writer_watch(struct pl_store_writer *writer,
                           void (*measured)(void *context, int64_t duration_ns),
                           void *context)
{
    PL_CHECK(writer != NULL);
    writer->measured = measured;
    writer->measured_context = context;
}

void pl_store_writer_guard(struct pl_store_writer *writer,
                           void (*fatal)(void *context, const char *message),
                           void *context)
{
    PL_CHECK(writer != NULL);
    writer->fatal = fatal;
    writer->fatal_context = context;
}

void pl_store_writer_counts(struct pl_store_writer *writer, uint64_t *writes, uint64_t *groups)
{
    PL_CHECK(writer != NULL);
    pl_mutex_lock(writer->mutex);
    if (writes != NULL) {
        *writes = writer->writes;
    }
    if (groups != NULL) {
        *groups = writer->groups;
    }
    pl_mutex_unlock(writer->mutex);
}

void pl_store_writer_close(struct pl_store_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    pl_beside_end(writer->thread);
    while (writer->first != NULL) {
        take(writer, writer);
    }
    pl_store_close(writer->store);
    pl_mutex_free(writer->mutex);
    free(writer);
}
