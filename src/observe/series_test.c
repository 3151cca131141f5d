// SPDX-License-Identifier: Apache-2.0
#include "observe/series.h"

#include "observe/observe_block_types.h"
#include "support/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SERIES_MAX = 4096 };

static const struct pl_observe_def def = {.seed = 4};
static struct pl_labels labels[SERIES_MAX];
static uint32_t count;

static bool keep(void *context, const struct pl_labels *own, const struct pl_series_ref *ref)
{
    (void)context;
    (void)ref;
    assert_true(count < SERIES_MAX);
    labels[count++] = *own;
    return true;
}

static bool
stop_at_three(void *context, const struct pl_labels *own, const struct pl_series_ref *ref)
{
    (void)own;
    (void)ref;
    return ++*(uint32_t *)context < 3;
}

/* True when series `i` has the labels of one before it. */
static bool is_double(uint32_t i)
{
    for (uint32_t j = 0; j < i; j++) {
        if (pl_labels_equal(&labels[i], &labels[j])) {
            return true;
        }
    }
    return false;
}

/* Check all series of one full name. */
static void check_name(const struct pl_series *series, const char *full)
{
    struct pl_family_name name = pl_family_find(pl_slice_of(full));
    if (name.family == PL_FAMILY_COUNT) {
        return;
    }
    count = 0;
    assert_true(pl_series_visit(series, name, PL_GRAIN_PODS, keep, NULL));
    for (uint32_t i = 0; i < count; i++) {
        if (is_double(i)) {
            fail_msg("two series of %s are alike", full);
        }
    }
}

static void series_of_a_family_have_distinct_labels(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    /* Two statements with one summary would be one series without care. */
    memcpy(run.world->statements[0].summary, "SELECT", 7);
    memcpy(run.world->statements[1].summary, "SELECT", 7);
    pl_series_init(&run.observe->series);
    pl_test_observed_run(&run, 120.0);
    for (uint32_t family = 0; family < PL_FAMILY_COUNT; family++) {
        for (uint32_t part = PL_PART_WHOLE; part <= PL_PART_SUM; part++) {
            char full[96];
            snprintf(
                full, sizeof(full), "%s%s", pl_family_def(family)->name, pl_family_suffix(part));
            check_name(&run.observe->series, full);
        }
    }
    pl_test_observed_end(&run);
}

static void pods_are_shown_one_by_one_or_by_slice(void **test_state)
{
    (void)test_state;
    struct pl_test_observed run;
    pl_test_observed_start(&run, &def, 3);
    pl_test_observed_run(&run, 60.0);
    struct pl_family_name cpu = {PL_M_CPU, PL_PART_WHOLE};
    count = 0;
    pl_series_visit(&run.observe->series, cpu, PL_GRAIN_PODS, keep, NULL);
    assert_int_equal(count, 24);
    count = 0;
    pl_series_visit(&run.observe->series, cpu, PL_GRAIN_SLICES, keep, NULL);
    assert_int_equal(count, 6);
    assert_int_equal(labels[0].value[PL_KEY_POD], 0);
    uint32_t seen = 0;
    assert_false(pl_series_visit(&run.observe->series, cpu, PL_GRAIN_PODS, stop_at_three, &seen));
    assert_int_equal(seen, 3);
    pl_test_observed_end(&run);
}

static void words_are_those_of_the_conventions(void **test_state)
{
    (void)test_state;
    assert_string_equal(pl_series_le(1, 0), "0.005");
    assert_string_equal(pl_series_le(1, 14), "+Inf");
    assert_string_equal(pl_series_le(0, 0), "0.001");
    assert_string_equal(pl_series_session_state(2), "idle in transaction");
    assert_string_equal(pl_series_outcome(3), "left");
    /* The labels of buckets are the bounds that the record counts by. */
    for (uint32_t i = 0; i + 1 < PL_HTTP_BUCKETS; i++) {
        assert_true(strtod(pl_series_le(1, i), NULL) - pl_http_bounds[i] < 1e-12 &&
                    pl_http_bounds[i] - strtod(pl_series_le(1, i), NULL) < 1e-12);
    }
    for (uint32_t i = 0; i + 1 < PL_DB_BUCKETS; i++) {
        assert_true(strtod(pl_series_le(0, i), NULL) - pl_db_bounds[i] < 1e-12 &&
                    pl_db_bounds[i] - strtod(pl_series_le(0, i), NULL) < 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_of_a_family_have_distinct_labels),
        cmocka_unit_test(pods_are_shown_one_by_one_or_by_slice),
        cmocka_unit_test(words_are_those_of_the_conventions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
