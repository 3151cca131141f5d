// SPDX-License-Identifier: Apache-2.0
#include "observe/feed.h"

#include "base/check.h"

#include <string.h>

/* Put an entry in its place by time; later ones of the same moment go behind. */
static void insert(struct pl_feed *feed, const struct pl_observe_change *entry)
{
    uint32_t at = feed->count;
    while (at > 0 && feed->entries[at - 1].t_ns > entry->t_ns) {
        feed->entries[at] = feed->entries[at - 1];
        at--;
    }
    feed->entries[at] = *entry;
    feed->count += 1;
}

void pl_feed_init(struct pl_feed *feed, const struct pl_observe_def *def)
{
    PL_CHECK(feed != NULL && def != NULL);
    PL_CHECK(def->feed_count <= PL_OBSERVE_FEED_MAX);
    feed->count = 0;
    feed->text_used = 0;
    for (uint32_t i = 0; i < def->feed_count; i++) {
        insert(feed, &def->feed[i]);
    }
}

/* Copy a text into the feed's own memory; NULL when there is no room. */
static const char *keep(struct pl_feed *feed, const char *text)
{
    size_t size = strlen(text != NULL ? text : "") + 1;
    if (size > PL_FEED_TEXT_MAX - feed->text_used) {
        return NULL;
    }
    char *copy = feed->text + feed->text_used;
    memcpy(copy, text != NULL ? text : "", size);
    feed->text_used += (uint32_t)size;
    return copy;
}

bool pl_feed_add(struct pl_feed *feed, const struct pl_observe_change *entry)
{
    PL_CHECK(feed != NULL && entry != NULL);
    if (feed->count == PL_OBSERVE_FEED_MAX) {
        return false;
    }
    struct pl_observe_change copy = *entry;
    copy.kind = keep(feed, entry->kind);
    copy.target = keep(feed, entry->target);
    copy.text = keep(feed, entry->text);
    copy.by = keep(feed, entry->by);
    if (copy.kind == NULL || copy.target == NULL || copy.text == NULL || copy.by == NULL) {
        return false;
    }
    insert(feed, &copy);
    return true;
}

void pl_feed_fork(struct pl_feed *copy,
                  const struct pl_feed *source,
                  const struct pl_observe_def *def)
{
    PL_CHECK(source != NULL);
    pl_feed_init(copy, def);
    const char *end = source->text + source->text_used;
    for (uint32_t i = 0; i < source->count; i++) {
        const char *kind = source->entries[i].kind;
        if (source->text_used > 0 && kind >= source->text && kind < end) {
            PL_CHECK(pl_feed_add(copy, &source->entries[i]));
        }
    }
}

uint32_t pl_feed_window(const struct pl_feed *feed,
                        int64_t from_ns,
                        int64_t until_ns,
                        const struct pl_observe_change **out)
{
    PL_CHECK(feed != NULL && out != NULL);
    uint32_t count = 0;
    for (uint32_t i = feed->count; i > 0; i--) {
        const struct pl_observe_change *entry = &feed->entries[i - 1];
        if (entry->visible != 0 && entry->t_ns >= from_ns && entry->t_ns <= until_ns) {
            out[count++] = entry;
        }
    }
    return count;
}
