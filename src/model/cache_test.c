// SPDX-License-Identifier: Apache-2.0
//
// Driven from outside by changes, as players drive it.
#include "model/cache.h"

#include "support/driven.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_hit_ratio_follows_keys_ttl_and_traffic(void **fixture)
{
    /* TTL without refresh: a key with rate r is resident r T / (1 + r T) of the time. The shop's
     * TTL varies by up to a tenth downwards, so its mean is .95 T. */
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 300.0);
    pl_record_reset(shop->record);
    pl_driven_run_to(shop, 900.0);
    double gets = (double)(shop->record->cache_hits[0] + shop->record->cache_misses[0]);
    double rate = gets / 600.0;
    double expected = 0.0;
    for (uint32_t i = 0; i < shop->world->caches[0].keys; i++) {
        double p = shop->world->cache_cdf[0][i] - (i == 0 ? 0.0 : shop->world->cache_cdf[0][i - 1]);
        double load = rate * p * 60.0 * 0.95;
        expected += p * load / (1.0 + load);
    }
    assert_true(fabs((double)shop->record->cache_hits[0] / gets - expected) < 0.012);
}

static void a_lost_cache_node_takes_its_keys_along(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_driven_run_to(shop, 60.0);
    pl_driven_set(shop, "cache.catalogue.nodes", 1.0);
    pl_driven_run_to(shop, 61.0);
    pl_record_reset(shop->record);
    pl_driven_run_to(shop, 180.0);
    double gets = (double)(shop->record->cache_hits[0] + shop->record->cache_misses[0]);
    assert_true((double)shop->record->cache_misses[0] / gets > 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_hit_ratio_follows_keys_ttl_and_traffic, pl_driven_setup, pl_driven_teardown),
        cmocka_unit_test_setup_teardown(
            a_lost_cache_node_takes_its_keys_along, pl_driven_setup, pl_driven_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
