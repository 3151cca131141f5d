// SPDX-License-Identifier: Apache-2.0
//
// Group commit: the order of each log is kept, a crowd shares its flushes, and a refused write
// harms nobody else. That a kill loses nothing is tested through the whole server.
#include "store/writer.h"

#include "os/now.h"
#include "support/stores.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LOGS = 4, ENTRIES = 250 };

#define STEP_NS 200000

/* A write with its own body. */
struct job {
    struct pl_store_write write;
    char body[32];
    atomic_bool done;
};

static void tell(struct pl_store_write *write)
{
    struct job *job = write->context;
    atomic_store(&job->done, true);
}

static void put(struct pl_store_writer *writer, struct job *job, uint32_t verb)
{
    atomic_store(&job->done, false);
    job->write.verb = verb;
    job->write.done = tell;
    job->write.context = job;
    pl_store_writer_put(writer, &job->write);
}

static void await(struct job *job)
{
    while (!atomic_load(&job->done)) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
    }
}

static void do_now(struct pl_store_writer *writer, struct job *job, uint32_t verb)
{
    put(writer, job, verb);
    await(job);
    if (job->write.status != PL_OK) {
        fail_msg("%s", job->write.error.message);
    }
}

static void prepare_entry(struct job *job, struct pl_store_log *log, int64_t number)
{
    snprintf(job->body, sizeof job->body, "{\"n\":%lld}", (long long)number);
    job->write.log = log;
    job->write.t_ns = number;
    job->write.kind = "look";
    job->write.body = pl_slice_of(job->body);
}

static void check_entries(const char *id, int64_t wanted)
{
    struct pl_store *store = stores_open();
    int64_t count = 0;
    assert_int_equal(pl_store_read(store, id, stores_check_entry, &count, NULL), PL_OK);
    assert_int_equal(count, wanted);
    pl_store_close(store);
}

/* Goal: entries of several logs that come at once are all written, each log in its order, in far
 * fewer transactions than entries. */
static void a_crowd_shares_its_flushes(void **state)
{
    (void)state;
    struct pl_store_writer *writer = NULL;
    struct job *jobs = calloc((size_t)LOGS * ENTRIES, sizeof *jobs);
    struct job heads[LOGS] = {0};
    uint64_t groups = 0;
    uint64_t writes = 0;
    assert_non_null(jobs);
    assert_int_equal(pl_store_writer_open(&writer, stores_scratch.path, NULL), PL_OK);
    for (uint32_t i = 0; i < LOGS; i++) {
        heads[i].write.session = stores_session();
        do_now(writer, &heads[i], PL_STORE_CREATE);
    }
    for (uint32_t k = 0; k < ENTRIES; k++) {
        for (uint32_t i = 0; i < LOGS; i++) {
            struct job *job = &jobs[k * LOGS + i];
            prepare_entry(job, heads[i].write.log, (int64_t)k + 1);
            put(writer, job, PL_STORE_ENTRY);
        }
    }
    for (uint32_t k = 0; k < LOGS * ENTRIES; k++) {
        await(&jobs[k]);
        assert_int_equal(jobs[k].write.status, PL_OK);
    }
    pl_store_writer_counts(writer, &writes, &groups);
    assert_int_equal(writes, LOGS * ENTRIES + LOGS);
    assert_true(groups < writes / 4);
    do_now(writer, &heads[0], PL_STORE_FINISH);
    for (uint32_t i = 0; i < LOGS; i++) {
        do_now(writer, &heads[i], PL_STORE_CLOSE);
    }
    pl_store_writer_close(writer);
    for (uint32_t i = 0; i < LOGS; i++) {
        check_entries(heads[i].write.session.id, ENTRIES);
    }
    free(jobs);
}

/* Goal: an entry that is too large is refused alone, its log and the others go on. */
static void a_refused_write_harms_nobody(void **state)
{
    (void)state;
    static char large[PL_STORE_BODY_MAX + 2];
    struct pl_store_writer *writer = NULL;
    struct job one = {0};
    struct job other = {0};
    struct job entries[3] = {0};
    memset(large, '1', sizeof large - 1);
    assert_int_equal(pl_store_writer_open(&writer, stores_scratch.path, NULL), PL_OK);
    one.write.session = stores_session();
    other.write.session = stores_session();
    do_now(writer, &one, PL_STORE_CREATE);
    do_now(writer, &other, PL_STORE_CREATE);
    prepare_entry(&entries[0], one.write.log, 1);
    entries[0].write.body = pl_slice_of(large);
    prepare_entry(&entries[1], one.write.log, 1);
    prepare_entry(&entries[2], other.write.log, 1);
    for (uint32_t i = 0; i < 3; i++) {
        put(writer, &entries[i], PL_STORE_ENTRY);
    }
    for (uint32_t i = 0; i < 3; i++) {
        await(&entries[i]);
        assert_int_equal(entries[i].write.status, i == 0 ? PL_LIMIT : PL_OK);
    }
    do_now(writer, &one, PL_STORE_CLOSE);
    do_now(writer, &other, PL_STORE_CLOSE);
    pl_store_writer_close(writer);
    check_entries(one.write.session.id, 1);
    check_entries(other.write.session.id, 1);
}

/* Goal: a log that was closed is opened again and goes on; a finished one is not opened. */
static void a_log_is_resumed_through_the_writer(void **state)
{
    (void)state;
    struct pl_store_writer *writer = NULL;
    struct job head = {0};
    struct job entry = {0};
    assert_int_equal(pl_store_writer_open(&writer, stores_scratch.path, NULL), PL_OK);
    head.write.session = stores_session();
    do_now(writer, &head, PL_STORE_CREATE);
    prepare_entry(&entry, head.write.log, 1);
    do_now(writer, &entry, PL_STORE_ENTRY);
    do_now(writer, &head, PL_STORE_CLOSE);
    assert_null(head.write.log);
    do_now(writer, &head, PL_STORE_RESUME);
    prepare_entry(&entry, head.write.log, 2);
    do_now(writer, &entry, PL_STORE_ENTRY);
    do_now(writer, &head, PL_STORE_FINISH);
    do_now(writer, &head, PL_STORE_CLOSE);
    put(writer, &head, PL_STORE_RESUME);
    await(&head);
    assert_int_equal(head.write.status, PL_CONFLICT);
    pl_store_writer_close(writer);
    check_entries(head.write.session.id, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_crowd_shares_its_flushes, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_refused_write_harms_nobody, stores_set_up, stores_tear_down),
        cmocka_unit_test_setup_teardown(
            a_log_is_resumed_through_the_writer, stores_set_up, stores_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
