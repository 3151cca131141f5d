// SPDX-License-Identifier: Apache-2.0
#include "server/doctor.h"

#include "os/file.h"
#include "os/scratch.h"
#include "server/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct pl_scratch scratch;
static struct pl_doctor_check checks[PL_DOCTOR_CHECKS];

static int make(void **state)
{
    (void)state;
    return pl_scratch_make(&scratch, NULL) == PL_OK ? 0 : 1;
}

static int unmake(void **state)
{
    (void)state;
    return pl_scratch_remove(&scratch, NULL) == PL_OK ? 0 : 1;
}

static const struct pl_doctor_check *check_of(const char *name)
{
    for (int i = 0; i < PL_DOCTOR_CHECKS; i++) {
        if (strcmp(checks[i].name, name) == 0) {
            return &checks[i];
        }
    }
    fail_msg("there is no check %s", name);
    return &checks[0];
}

static void look(const char *data, uint16_t port)
{
    const struct pl_doctor_def def = {data, "127.0.0.1", port};
    (void)pl_doctor_look(&def, checks);
    for (int i = 0; i < PL_DOCTOR_CHECKS; i++) {
        assert_true(checks[i].found[0] != '\0');
        assert_int_equal(checks[i].grade == PL_DOCTOR_GOOD, checks[i].fix[0] == '\0');
    }
}

static void a_fresh_directory_is_well(void **state)
{
    (void)state;
    look(scratch.path, 0);
    static const char *const names[] = {
        "permissions", "evidence log", "audit log", "port", "clock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(check_of(names[i])->grade, PL_DOCTOR_GOOD);
    }
}

static void a_missing_directory_is_bad_and_says_what_to_do(void **state)
{
    (void)state;
    look("/nonexistent/plumb", 0);
    assert_int_equal(check_of("disk")->grade, PL_DOCTOR_BAD);
    assert_int_equal(check_of("fsync")->grade, PL_DOCTOR_BAD);
    assert_non_null(strstr(check_of("disk")->fix, "--data"));
}

static void a_directory_that_others_read_is_a_warning(void **state)
{
    (void)state;
    assert_int_equal(chmod(scratch.path, S_IRWXU | S_IRGRP | S_IROTH), 0);
    look(scratch.path, 0);
    assert_int_equal(check_of("permissions")->grade, PL_DOCTOR_WARNING);
    assert_non_null(strstr(check_of("permissions")->fix, "chmod 700"));
}

static void a_damaged_log_is_bad(void **state)
{
    (void)state;
    char path[PL_SCRATCH_PATH_SIZE + 20];
    (void)snprintf(path, sizeof path, "%s/plumbline.db", scratch.path);
    assert_int_equal(pl_file_save(path, pl_slice_of("this is no database at all"), NULL), PL_OK);
    look(scratch.path, 0);
    assert_int_equal(check_of("evidence log")->grade, PL_DOCTOR_BAD);
}

static void a_changed_audit_log_is_bad(void **state)
{
    (void)state;
    char path[PL_SCRATCH_PATH_SIZE + 20];
    (void)snprintf(path, sizeof path, "%s/audit.ndjson", scratch.path);
    assert_int_equal(pl_file_save(path, pl_slice_of("{\"seq\":1,\"hash\":\"0\"}\n"), NULL), PL_OK);
    look(scratch.path, 0);
    assert_int_equal(check_of("audit log")->grade, PL_DOCTOR_BAD);
}

static void a_taken_port_is_a_warning(void **state)
{
    (void)state;
    struct pl_http *http;
    const struct pl_http_def def = {.address = "127.0.0.1"};
    assert_int_equal(pl_http_open(&http, &def, NULL), PL_OK);
    look(scratch.path, pl_http_port(http));
    assert_int_equal(check_of("port")->grade, PL_DOCTOR_WARNING);
    pl_http_close(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fresh_directory_is_well, make, unmake),
        cmocka_unit_test_setup_teardown(
            a_missing_directory_is_bad_and_says_what_to_do, make, unmake),
        cmocka_unit_test_setup_teardown(a_directory_that_others_read_is_a_warning, make, unmake),
        cmocka_unit_test_setup_teardown(a_damaged_log_is_bad, make, unmake),
        cmocka_unit_test_setup_teardown(a_changed_audit_log_is_bad, make, unmake),
        cmocka_unit_test_setup_teardown(a_taken_port_is_a_warning, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
