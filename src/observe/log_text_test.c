// SPDX-License-Identifier: Apache-2.0
#include "observe/log_text.h"

#include "support/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct pl_observe_def def = {.seed = 4, .date = "2026-03-06"};
static struct pl_test_observed run;

static int start(void **test_state)
{
    (void)test_state;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 60.0);
    return 0;
}

static int stop(void **test_state)
{
    (void)test_state;
    pl_test_observed_end(&run);
    return 0;
}

static const char *line_of(const struct pl_log *log, uint32_t place)
{
    struct pl_log_line line = {log, log->t_ns, 99, 0, 0};
    pl_test_observed_clear(&run);
    pl_log_text_put(run.observe, &line, place, &run.out);
    return run.out.data;
}

/* Check the lines of an event at all places where it belongs; returns how many. */
static uint32_t check_event(uint32_t kind, uint32_t service)
{
    struct pl_log log = {.t_ns = 30000000000,
                         .trace = 77,
                         .value = 1500000000,
                         .kind = kind,
                         .service = service,
                         .pod = service * 4,
                         .route = 2};
    uint32_t places = 0;
    for (uint32_t place = 0; place <= PL_LOG_OF_EVENTS; place++) {
        uint32_t index = place == PL_LOG_OF_SERVICE ? service : 0;
        if (!pl_log_text_belongs(run.world, &log, place, index)) {
            continue;
        }
        places++;
        const char *line = line_of(&log, place);
        assert_true(strlen(line) > 20);
        assert_null(strchr(line, '\n'));
        assert_null(strchr(line, '?'));
        assert_true(place != PL_LOG_OF_SERVICE || pl_test_observed_is_json(&run));
    }
    return places;
}

static void a_short_pause_is_no_full_collection(void **test_state)
{
    (void)test_state;
    struct pl_log log = {.t_ns = 30000000000,
                         .kind = PL_LOG_GC_PAUSE,
                         .service = 0,
                         .pod = 0,
                         .a = 31,
                         .value = 17000000};
    snprintf(run.world->services[0].runtime, sizeof run.world->services[0].runtime, "jvm");
    assert_non_null(strstr(line_of(&log, PL_LOG_OF_SERVICE), "GC(31) Pause Young"));
    log.value = 900000000;
    assert_non_null(strstr(line_of(&log, PL_LOG_OF_SERVICE), "GC(31) Pause Full"));
}

/* Each kind of event, on each runtime, at each place where it belongs: one line, nothing missing.
 */
static void every_event_has_a_line_wherever_it_belongs(void **test_state)
{
    (void)test_state;
    for (uint32_t kind = 0; kind < PL_LOG_KIND_COUNT; kind++) {
        uint32_t places = check_event(kind, 0) + check_event(kind, 1) + check_event(kind, 2);
        if (places == 0) {
            fail_msg("events of kind %u are never seen", kind);
        }
    }
}

static void lines_are_those_that_engineers_know(void **test_state)
{
    (void)test_state;
    struct pl_log log = {.t_ns = 30113000000,
                         .trace = 77,
                         .value = 30000000000,
                         .kind = PL_LOG_ACQUIRE_TIMEOUT,
                         .service = 1,
                         .pod = 4,
                         .a = 1,
                         .route = 2};
    const char *line = line_of(&log, PL_LOG_OF_SERVICE);
    assert_non_null(strstr(line, "\"timestamp\":\"2026-03-06T10:00:30.113Z\""));
    assert_non_null(strstr(line,
                           "HikariPool-1 - Connection is not available, request timed out after "
                           "30000ms."));
    assert_non_null(strstr(line, "\"k8s.pod.name\":\"checkout-"));
    assert_non_null(strstr(line, "\"http.route\":\"/orders\""));
    assert_non_null(strstr(line, "\"service.version\":\"2026.11.2\""));
    log.kind = PL_LOG_LOCK_WAIT;
    log.a = 0;
    log.value = 1000000000;
    line = line_of(&log, PL_LOG_OF_DATABASE);
    assert_int_equal(strncmp(line, "2026-03-06 10:00:30.113 UTC [", 29), 0);
    assert_non_null(strstr(line, "app@orders LOG:  process "));
    assert_non_null(strstr(line, "still waiting for ShareLock on transaction"));
    assert_non_null(strstr(line, "DETAIL:  Process holding the lock: "));
    log.kind = PL_LOG_DB_REFUSED;
    log.a = 1;
    assert_non_null(
        strstr(line_of(&log, PL_LOG_OF_DATABASE), "FATAL:  sorry, too many clients already"));
    log.kind = PL_LOG_SCALED;
    log.a = 2;
    log.b = 3;
    assert_non_null(strstr(line_of(&log, PL_LOG_OF_EVENTS),
                           "SuccessfulRescale horizontalpodautoscaler/checkout New size: 12"));
}

static void trace_ids_have_32_digits_and_keep_the_number(void **test_state)
{
    (void)test_state;
    char id[33];
    pl_log_text_trace_id(UINT64_C(0xabcdef), id);
    assert_int_equal(strlen(id), 32);
    assert_string_equal(id + 16, "0000000000abcdef");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_pause_is_no_full_collection),
        cmocka_unit_test(every_event_has_a_line_wherever_it_belongs),
        cmocka_unit_test(lines_are_those_that_engineers_know),
        cmocka_unit_test(trace_ids_have_32_digits_and_keep_the_number),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
