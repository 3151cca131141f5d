// SPDX-License-Identifier: Apache-2.0
#include "scenario/stream_reader.h"

/* Index of what a key names; PL_NONE when it is not there or wrong. */
static uint32_t
refer(struct pl_world_reader *reader, uint32_t node, const char *key, struct pl_names names)
{
    struct pl_reader *base = &reader->reader;
    uint32_t at = pl_reader_get(base, node, key);
    if (at == 0 || !pl_reader_is_scalar(base, at, key)) {
        return PL_NONE;
    }
    return pl_names_resolve(base, &names, pl_reader_at(base, at)->text, at);
}

bool pl_stream_reader_group(struct pl_world_reader *reader, uint32_t node, void *target)
{
    struct pl_reader *base = &reader->reader;
    struct pl_group_def *group = target;
    group->stream = refer(reader, node, "stream", pl_names_streams(reader->world));
    group->upstream = refer(reader, node, "upstream", pl_names_groups(reader->world));
    uint32_t consumer = pl_reader_get(base, node, "consumer");
    if (consumer != 0 && pl_reader_is_scalar(base, consumer, "consumer")) {
        group->route = pl_world_reader_route(reader, pl_reader_at(base, consumer)->text, consumer);
    }
    return group->stream != PL_NONE && group->route != PL_NONE;
}

void pl_stream_reader_streams(struct pl_world_reader *reader, uint32_t root)
{
    struct pl_reader *base = &reader->reader;
    struct pl_world *world = reader->world;
    uint32_t map = pl_reader_get(base, root, "streams");
    struct pl_names streams = pl_names_streams(world);
    if (map != 0 && base->slice > 1.5) {
        pl_reader_key_error(base,
                            map,
                            "A partition cannot be cut: a world with streams is simulated whole, "
                            "so `slice: 1/1` is expected.");
    }
    for (uint32_t at = map == 0 ? 0 : pl_reader_first(base, map); at != 0;
         at = pl_reader_next(base, at)) {
        uint32_t index = pl_names_find(&streams, pl_reader_at(base, at)->key);
        if (index == PL_NONE) {
            continue;
        }
        struct pl_stream *stream = &world->streams.streams[index];
        stream->volume = refer(reader, at, "volume", pl_names_volumes(world));
        stream->side = refer(reader, at, "side", streams);
        stream->source = refer(reader, at, "source", pl_names_sources(world));
    }
}
