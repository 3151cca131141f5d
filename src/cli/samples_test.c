// SPDX-License-Identifier: Apache-2.0
#include "cli/samples.h"

#include "os/now.h"
#include "os/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define STEP_NS 20000000

static char content_path[512] = "tests/content";

/* Goal: samples appear in the host while it runs, and the making can be ended. */
static void samples_come_by_themselves(void **state)
{
    (void)state;
    struct pl_scratch scratch;
    struct pl_host *host = NULL;
    struct pl_samples *samples = NULL;
    struct pl_host_stats stats = {0};
    assert_int_equal(pl_scratch_make(&scratch, NULL), PL_OK);
    struct pl_host_def def = {.content = content_path, .data = scratch.path, .particles = 4};
    assert_int_equal(pl_host_open(&host, &def, NULL), PL_OK);
    assert_int_equal(pl_samples_begin(&samples, host, content_path, "ines", NULL), PL_OK);
    while (stats.sessions == 0) {
        pl_now_sleep_until(pl_now_monotonic_ns() + STEP_NS);
        pl_host_measure(host, &stats);
    }
    pl_samples_end(samples);
    pl_host_close(host);
    assert_int_equal(pl_scratch_remove(&scratch, NULL), PL_OK);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_come_by_themselves),
    };
    if (argc > 1) {
        snprintf(content_path, sizeof content_path, "%s/../content", argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
