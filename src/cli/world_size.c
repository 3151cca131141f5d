// SPDX-License-Identifier: Apache-2.0
#include "cli/world_size.h"

#include "model/model.h"
#include "model/parts.h"

#include <stdio.h>

enum { LINE_PARTS = 4, LIMIT_TEXT_MAX = 96 };

static double kib(size_t size)
{
    return (double)size / 1024.0;
}

static void put_limit(const struct pl_model_part *part, char *text, size_t size)
{
    if (part->declared > 0) {
        (void)snprintf(text, size, "%s: %llu", part->limit, (unsigned long long)part->declared);
    } else {
        (void)snprintf(text, size, "%s", part->limit);
    }
}

bool pl_world_size_fits(const struct pl_world *world)
{
    return pl_model_size(world) <= PL_MODEL_SHIPPED_MAX;
}

void pl_world_size_line(const struct pl_world *world, struct pl_buf *out)
{
    struct pl_model_part parts[PL_MODEL_PARTS_MAX];
    uint32_t count = pl_model_parts(world, parts);
    size_t rest = pl_model_size(world);
    pl_buf_printf(out, "  state %.0f KiB:", kib(rest));
    for (uint32_t i = 0; i < count && i < LINE_PARTS; i++) {
        pl_buf_printf(out, " %s %.0f,", parts[i].name, kib(parts[i].size));
        rest -= parts[i].size;
    }
    pl_buf_printf(out, " rest %.0f\n", kib(rest));
}

void pl_world_size_list(const struct pl_world *world, struct pl_buf *out)
{
    struct pl_model_part parts[PL_MODEL_PARTS_MAX];
    uint32_t count = pl_model_parts(world, parts);
    size_t size = pl_model_size(world);
    size_t rest = 0;
    char limit[LIMIT_TEXT_MAX];
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].size * 100 < size) {
            rest += parts[i].size;
            continue;
        }
        put_limit(&parts[i], limit, sizeof limit);
        pl_buf_printf(out,
                      "  %10zu bytes %3.0f %%  %-28s %s\n",
                      parts[i].size,
                      100.0 * (double)parts[i].size / (double)size,
                      parts[i].name,
                      limit);
    }
    pl_buf_printf(out,
                  "  %10zu bytes %3.0f %%  %s\n",
                  rest,
                  100.0 * (double)rest / (double)size,
                  "all other parts");
}

void pl_world_size_complaint(const struct pl_world *world, struct pl_buf *out)
{
    pl_buf_printf(
        out,
        "  The state of world %s takes %.0f KiB; at most %.0f KiB is allowed, so that forks "
        "stay cheap.\n  What takes the room, and the limit that declares it:\n",
        world->name,
        kib(pl_model_size(world)),
        kib(PL_MODEL_SHIPPED_MAX));
    pl_world_size_list(world, out);
}
