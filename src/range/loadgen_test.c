// SPDX-License-Identifier: Apache-2.0
//
// The sender against a small probe server in a thread. Wall-clock bounds are wide on one side only:
// a busy machine makes requests slower, never faster than the stall that a test puts in.
#include "range/loadgen.h"

#include "os/now.h"
#include "range/arrivals.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PEERS_MAX = 64, OPS_MAX = 20000 };

/* A server that answers at once, except in a stall or for request numbers that are to fail. */
struct probe {
    int listener;
    uint16_t port;
    uint16_t reserved;
    int64_t stall_from_ns; /* from the first request */
    int64_t stall_ns;
    uint32_t fail_every; /* answers 503 to every n-th, 0: never */
    uint32_t mute;       /* 1: never answers */
    atomic_uint served;
    atomic_uint stop;
    pthread_t thread;
    struct pollfd fds[PEERS_MAX + 1];
    nfds_t fd_count;
    int64_t first_ns;
};

static void answer(struct probe *probe, struct pollfd *peer)
{
    char bytes[2048];
    ssize_t got = recv(peer->fd, bytes, sizeof bytes, 0);
    if (got <= 0) {
        (void)close(peer->fd);
        *peer = probe->fds[--probe->fd_count];
        return;
    }
    uint32_t number = atomic_fetch_add(&probe->served, 1) + 1;
    if (probe->mute) {
        return;
    }
    int64_t now = pl_now_monotonic_ns();
    probe->first_ns = probe->first_ns == 0 ? now : probe->first_ns;
    int64_t from = probe->first_ns + probe->stall_from_ns;
    if (probe->stall_ns > 0 && now >= from) {
        pl_now_sleep_until(from + probe->stall_ns);
        probe->stall_ns = 0;
    }
    const char *text = probe->fail_every > 0 && number % probe->fail_every == 0
                           ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                           : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    (void)send(peer->fd, text, strlen(text), MSG_NOSIGNAL);
}

static void *serve(void *context)
{
    struct probe *probe = context;
    probe->fds[0] = (struct pollfd){.fd = probe->listener, .events = POLLIN};
    probe->fd_count = 1;
    while (!atomic_load(&probe->stop)) {
        if (poll(probe->fds, probe->fd_count, 20) <= 0) {
            continue;
        }
        for (nfds_t i = probe->fd_count - 1; i > 0; i--) {
            if (probe->fds[i].revents != 0) {
                answer(probe, &probe->fds[i]);
            }
        }
        if (probe->fds[0].revents != 0 && probe->fd_count <= PEERS_MAX) {
            int fd = accept(probe->listener, NULL, NULL);
            probe->fds[probe->fd_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
    for (nfds_t i = 1; i < probe->fd_count; i++) {
        (void)close(probe->fds[i].fd);
    }
    return NULL;
}

static void start_probe(struct probe *probe)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    probe->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(probe->listener, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(probe->listener, 64), 0);
    assert_int_equal(getsockname(probe->listener, (struct sockaddr *)&address, &size), 0);
    probe->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&probe->thread, NULL, serve, probe), 0);
}

static void stop_probe(struct probe *probe)
{
    atomic_store(&probe->stop, 1);
    assert_int_equal(pthread_join(probe->thread, NULL), 0);
    assert_int_equal(close(probe->listener), 0);
}

static void write_get(void *context, uint64_t index, struct pl_loadgen_request *request)
{
    (void)context;
    request->kind = (uint32_t)(index % 3);
    request->size = (uint32_t)snprintf(request->bytes,
                                       sizeof request->bytes,
                                       "GET /%llu HTTP/1.1\r\nHost: probe\r\n\r\n",
                                       (unsigned long long)index);
}

static struct pl_loadgen_def plain(const struct probe *probe, double rate, int64_t duration_ms)
{
    return (struct pl_loadgen_def){
        .rate = rate,
        .seed = 3,
        .duration_ns = duration_ms * 1000000,
        .drain_ns = INT64_C(20000000000),
        .law = PL_ARRIVAL_CONSTANT,
        .connections = 16,
        .port = probe->port,
        .write = write_get,
    };
}

/* Run a definition against the probe, which ends with it. */
static struct pl_loadgen_report *
run_against(struct probe *probe, const struct pl_loadgen_def *def, struct pl_loadgen_op **ops)
{
    struct pl_loadgen_report *report = calloc(1, sizeof *report);
    pl_error err = {0};
    *ops = calloc(OPS_MAX, sizeof **ops);
    pl_status status = pl_loadgen_run(def, *ops, OPS_MAX, report, &err);
    stop_probe(probe);
    assert_int_equal(status, PL_OK);
    assert_int_equal(report->due, report->ok + report->errors + report->left + report->waiting);
    return report;
}

static void every_due_request_is_sent_and_counted(void **state)
{
    (void)state;
    struct probe probe = {0};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 500.0, 400);
    struct pl_loadgen_op *ops = NULL;
    struct pl_loadgen_report *report = run_against(&probe, &def, &ops);
    assert_int_equal(report->due, 199); /* 2 ms, 4 ms .. 398 ms */
    assert_int_equal(report->ok, 199);
    assert_int_equal(report->attempts, 199);
    assert_int_equal(atomic_load(&probe.served), 199);
    assert_int_equal(report->latency.count, 199);
    assert_int_equal(report->lateness.count + report->connections.count, 199);
    assert_true(report->open_max >= 1 && report->open_max <= 16);
    for (uint64_t i = 0; i < report->due; i++) {
        assert_true(ops[i].due_ns <= ops[i].sent_ns && ops[i].sent_ns < ops[i].done_ns);
        assert_int_equal(ops[i].kind, i % 3);
        assert_int_equal(ops[i].status, 200);
    }
    free(report);
    free(ops);
}

/* At 500 per second for 6 s with a stall of 2 s, the 1,000 requests that were due in the stall
 * waited 2 s, 1.998 s .. 0: a third of all. So the median is short, p90 is above 1.2 s and p99
 * above 1.8 s. A sender that waits for answers would have sent 16 requests into the stall. */
static void a_stall_of_two_seconds_shows_in_the_percentiles(void **state)
{
    (void)state;
    struct probe probe = {.stall_from_ns = 1000000000, .stall_ns = 2000000000};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 500.0, 6000);
    struct pl_loadgen_op *ops = NULL;
    struct pl_loadgen_report *report = run_against(&probe, &def, &ops);
    assert_int_equal(report->ok, 2999);
    assert_true(pl_histogram_quantile(&report->latency, 0.50) < 1000000000);
    assert_true(pl_histogram_quantile(&report->latency, 0.90) > 1200000000);
    assert_true(pl_histogram_quantile(&report->latency, 0.99) > 1800000000);
    /* From the moment of sending, most of the stall is gone: what a closed loop would report. */
    assert_true(pl_histogram_quantile(&report->exchange, 0.90) < 1000000000);
    /* 16 links for a thousand requests: the others waited for a link, and that is told. */
    assert_true(report->connections.count > 500);
    free(report);
    free(ops);
}

static void failed_attempts_are_repeated_as_often_as_allowed(void **state)
{
    (void)state;
    struct probe probe = {.fail_every = 1};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 200.0, 200);
    def.retries = 2;
    def.retry_after_ns = 1000000;
    struct pl_loadgen_op *ops = NULL;
    struct pl_loadgen_report *report = run_against(&probe, &def, &ops);
    assert_int_equal(report->due, 39);
    assert_int_equal(report->errors, 39);
    assert_int_equal(report->attempts, 39 * 3);
    for (uint64_t i = 0; i < report->due; i++) {
        assert_int_equal(ops[i].attempts, 3);
        assert_int_equal(ops[i].status, 503);
        assert_true(ops[i].attempt_ns >= ops[i].due_ns + 2000000);
    }
    free(report);
    free(ops);
}

static void users_without_an_answer_leave_and_come_back(void **state)
{
    (void)state;
    struct probe probe = {.mute = 1};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 100.0, 150);
    def.patience_ns = 20000000;
    def.retries = 1;
    def.retry_after_ns = 5000000;
    struct pl_loadgen_op *ops = NULL;
    int64_t start_ns = pl_now_monotonic_ns();
    struct pl_loadgen_report *report = run_against(&probe, &def, &ops);
    /* When the last user has left, nobody waits for the rest of the drain of 20 s. */
    assert_true(pl_now_monotonic_ns() - start_ns < INT64_C(15000000000));
    assert_int_equal(report->due, 14);
    assert_int_equal(report->left, 14);
    for (uint64_t i = 0; i < report->due; i++) {
        assert_int_equal(ops[i].attempts, 2);
        assert_true(ops[i].done_ns - ops[i].due_ns >= 45000000);
    }
    free(report);
    free(ops);
}

static void what_never_ends_is_waiting_when_the_drain_is_over(void **state)
{
    (void)state;
    struct probe probe = {.mute = 1};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 100.0, 100);
    def.drain_ns = 30000000;
    struct pl_loadgen_op *ops = NULL;
    struct pl_loadgen_report *report = run_against(&probe, &def, &ops);
    assert_int_equal(report->waiting, 9);
    assert_int_equal(ops[0].done_ns, -1);
    free(report);
    free(ops);
}

static void more_requests_than_room_is_an_error(void **state)
{
    (void)state;
    struct probe probe = {0};
    start_probe(&probe);
    struct pl_loadgen_def def = plain(&probe, 1000.0, 100);
    struct pl_loadgen_report *report = calloc(1, sizeof *report);
    struct pl_loadgen_op ops[5];
    pl_error err = {0};
    assert_int_equal(pl_loadgen_run(&def, ops, 5, report, &err), PL_LIMIT);
    assert_true(strstr(err.message, "5 requests") != NULL);
    stop_probe(&probe);
    free(report);
}

static void a_late_sender_may_not_be_graded(void **state)
{
    (void)state;
    struct pl_loadgen_report *report = calloc(1, sizeof *report);
    report->due = 100;
    report->ok = 100;
    for (int i = 0; i < 99; i++) {
        pl_histogram_add(&report->lateness, 900000);
    }
    assert_true(pl_loadgen_usable(report));
    for (int i = 0; i < 2; i++) {
        pl_histogram_add(&report->lateness, 5000000);
    }
    assert_false(pl_loadgen_usable(report));
    pl_histogram_clear(&report->lateness);
    report->ok = 99; /* one request is missing */
    assert_false(pl_loadgen_usable(report));
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_due_request_is_sent_and_counted),
        cmocka_unit_test(a_stall_of_two_seconds_shows_in_the_percentiles),
        cmocka_unit_test(failed_attempts_are_repeated_as_often_as_allowed),
        cmocka_unit_test(users_without_an_answer_leave_and_come_back),
        cmocka_unit_test(what_never_ends_is_waiting_when_the_drain_is_over),
        cmocka_unit_test(more_requests_than_room_is_an_error),
        cmocka_unit_test(a_late_sender_may_not_be_graded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
