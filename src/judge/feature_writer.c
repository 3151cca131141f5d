// SPDX-License-Identifier: Apache-2.0
#include "judge/feature_writer.h"

#include "base/check.h"
#include "base/random.h"
#include "judge/fold.h"

#include <math.h>
#include <string.h>

static const char *const about_names[PL_ABOUT_COUNT_OF] = {
    "shown",
    "there from the start",
    "still there",
    "level",
    "rise",
    "peak",
    "slope",
    "spread",
    "has a change point",
    "change point, minutes ago",
    "in words",
    "share of the largest",
    "how many",
    "share of time spent in itself",
    "errors begin here",
};

void pl_feature_writer_clear(struct pl_feature_writer *writer)
{
    writer->scratch->group_count = 0;
    writer->scratch->column_count = 0;
}

struct pl_feature_group *
pl_feature_writer_folded(struct pl_feature_writer *writer, const char *fold, size_t size)
{
    struct pl_feature_scratch *scratch = writer->scratch;
    uint64_t key = pl_fold_key(writer->prefix, fold, size);
    for (uint32_t i = 0; i < scratch->group_count; i++) {
        if (scratch->groups[i].key == key) {
            return &scratch->groups[i];
        }
    }
    if (scratch->group_count == PL_FEATURE_GROUPS_MAX) {
        return NULL;
    }
    struct pl_feature_group *group = &scratch->groups[scratch->group_count++];
    memset(group, 0, offsetof(struct pl_feature_group, name));
    group->key = key;
    size = size < sizeof group->name - 1 ? size : sizeof group->name - 1;
    memcpy(group->name, fold, size);
    group->name[size] = '\0';
    return group;
}

struct pl_feature_group *pl_feature_writer_group(struct pl_feature_writer *writer, pl_slice name)
{
    struct pl_feature_scratch *scratch = writer->scratch;
    size_t size = pl_fold(name, scratch->fold, sizeof scratch->fold);
    return pl_feature_writer_folded(writer, scratch->fold, size);
}

static void tell_name(const struct pl_feature_writer *writer,
                      const struct pl_feature_group *group,
                      const struct pl_feature_item *item,
                      const struct pl_feature *feature)
{
    char name[PL_FEATURE_NAME_MAX];
    struct pl_buf buf;
    pl_buf_init(&buf, name, sizeof name);
    pl_buf_puts(&buf, writer->scratch->title);
    if (group != NULL) {
        pl_buf_printf(&buf, "%s%s", buf.size > 0 ? ": " : "", group->name);
    }
    if (item->of_name != NULL) {
        pl_buf_printf(&buf, ", %s", item->of_name);
    }
    pl_buf_printf(&buf, ", %s", about_names[item->about]);
    writer->names->name(writer->names->context, feature, name);
}

void pl_feature_writer_add(struct pl_feature_writer *writer,
                           const struct pl_feature_group *group,
                           const struct pl_feature_item *item)
{
    PL_CHECK(item->about < PL_ABOUT_COUNT_OF);
    struct pl_feature_set *set = writer->set;
    if (!isfinite(item->value) || !isfinite(item->sd)) {
        return;
    }
    if (set->count == PL_FEATURES_MAX) {
        set->dropped++;
        return;
    }
    uint64_t parent = group != NULL ? group->key : writer->prefix;
    struct pl_feature *feature = &set->items[set->count++];
    *feature = (struct pl_feature){
        .key = pl_random_child(parent ^ item->of, item->about),
        .value = (float)item->value,
        .sd = (float)item->sd,
        .kind = item->kind,
        .group = (uint32_t)(parent >> 32),
    };
    if (writer->names != NULL) {
        tell_name(writer, group, item, feature);
    }
}

void pl_feature_writer_close(struct pl_feature_writer *writer)
{
    // Shell sort: short lists, stable enough because equal keys are the same feature.
    static const uint32_t gaps[] = {57, 23, 10, 4, 1};
    struct pl_feature *items = writer->set->items;
    uint32_t count = writer->set->count;
    for (uint32_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        uint32_t gap = gaps[g];
        for (uint32_t i = gap; i < count; i++) {
            struct pl_feature item = items[i];
            uint32_t at = i;
            while (at >= gap && items[at - gap].key > item.key) {
                items[at] = items[at - gap];
                at -= gap;
            }
            items[at] = item;
        }
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || items[kept - 1].key != items[i].key) {
            items[kept++] = items[i];
        }
    }
    writer->set->count = kept;
}
