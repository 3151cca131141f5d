// SPDX-License-Identifier: Apache-2.0
#include "model/parts.h"

#include "model/model.h"
#include "support/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pl_model_part parts[PL_MODEL_PARTS_MAX];

/* The part of this name, without bytes when there is none. */
static struct pl_model_part find(uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(parts[i].name, name) == 0) {
            return parts[i];
        }
    }
    return (struct pl_model_part){.size = 0};
}

static void parts_add_up_to_the_size(void **state)
{
    struct pl_world *world = malloc(sizeof *world);
    size_t sum = 0;
    (void)state;
    assert_non_null(world);
    pl_test_shop_world(world);
    uint32_t count = pl_model_parts(world, parts);
    assert_in_range(count, 20, PL_MODEL_PARTS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        sum += parts[i].size;
        assert_true(parts[i].size > 0);
        assert_true(i == 0 || parts[i - 1].size >= parts[i].size);
    }
    assert_int_equal(sum, pl_model_size(world));
    free(world);
}

static void a_larger_limit_makes_its_own_part_larger(void **state)
{
    struct pl_world *world = malloc(sizeof *world);
    (void)state;
    assert_non_null(world);
    pl_test_shop_world(world);
    uint32_t count = pl_model_parts(world, parts);
    size_t messages = find(count, "messages").size;
    size_t keys = find(count, "cache keys").size;
    size_t frames = find(count, "requests and calls in flight").size;
    assert_int_equal(find(count, "messages").declared, 1000);
    assert_int_equal(find(count, "cache keys").declared, 500);
    world->topics[0].depth_max = 3000;
    count = pl_model_parts(world, parts);
    assert_int_equal(find(count, "messages").declared, 3000);
    assert_true(find(count, "messages").size > 2 * messages);
    assert_int_equal(find(count, "cache keys").size, keys);
    assert_int_equal(find(count, "requests and calls in flight").size, frames);
    world->frames_max = 60000;
    assert_in_range(pl_model_parts(world, parts), 20, PL_MODEL_PARTS_MAX);
    assert_string_equal(parts[0].name, "requests and calls in flight");
    assert_string_equal(parts[0].limit, "`frames`");
    assert_int_equal(parts[0].declared, 60000);
    free(world);
}

static void what_a_world_lacks_is_left_out(void **state)
{
    struct pl_test_queue queue = {900.0, pl_law_exponential(0.001), 1, 0, 1.0, 1024};
    struct pl_world *world = malloc(sizeof *world);
    (void)state;
    assert_non_null(world);
    pl_test_queue_world(world, &queue);
    uint32_t count = pl_model_parts(world, parts);
    assert_int_equal(find(count, "cache keys").size, 0);
    assert_int_equal(find(count, "connections").size, 0);
    assert_true(find(count, "header").size > 0);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_size),
        cmocka_unit_test(a_larger_limit_makes_its_own_part_larger),
        cmocka_unit_test(what_a_world_lacks_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
