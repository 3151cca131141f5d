// SPDX-License-Identifier: Apache-2.0
#include "support/driven.h"

#include "base/check.h"

#include <stdlib.h>

static int drive(void **fixture, void (*fill)(struct pl_world *world))
{
    struct pl_driven *shop = malloc(sizeof *shop);
    PL_CHECK(shop != NULL);
    shop->world = malloc(sizeof *shop->world);
    PL_CHECK(shop->world != NULL);
    fill(shop->world);
    shop->state = pl_test_start(shop->world, 21);
    shop->record = pl_test_record(shop->world);
    *fixture = shop;
    return 0;
}

int pl_driven_setup(void **fixture)
{
    return drive(fixture, pl_test_shop_world);
}

int pl_driven_setup_ledger(void **fixture)
{
    return drive(fixture, pl_test_ledger_world);
}

int pl_driven_teardown(void **fixture)
{
    struct pl_driven *shop = *fixture;
    pl_model_validate(shop->world, shop->state);
    free(shop->record);
    free(shop->state);
    free(shop->world);
    free(shop);
    return 0;
}

void pl_driven_run_to(struct pl_driven *shop, double seconds)
{
    pl_model_run(shop->world, shop->state, shop->record, pl_clock_ns(seconds));
}

void pl_driven_set(struct pl_driven *shop, const char *path, double value)
{
    pl_test_change(shop->world, shop->state, path, value, pl_clock_s(pl_model_now(shop->state)));
}

uint64_t pl_driven_logged(const struct pl_driven *shop, uint32_t service, enum pl_log_kind kind)
{
    return shop->record->log_counts[service][kind];
}
