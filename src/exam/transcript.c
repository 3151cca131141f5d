// SPDX-License-Identifier: Apache-2.0
#include "exam/transcript.h"

#include "base/check.h"
#include "os/spool.h"
#include "text/json_out.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 32, HEAD_SIZE = 160 };

/* Where a line stands. */
struct place {
    uint64_t offset;
    uint32_t size;
    uint32_t answer_at; /* bytes of the line before the answer */
    uint32_t answer_size;
    uint32_t has_key;
    pl_hash128 key;
};

struct pl_transcript {
    struct pl_spool spool;
    struct place *places;
    uint32_t count;
    uint32_t room;
};

pl_status pl_transcript_open(struct pl_transcript **out,
                             const char *directory,
                             struct pl_beside *writer,
                             pl_error *err)
{
    PL_CHECK(out != NULL && directory != NULL);
    *out = NULL;
    struct pl_transcript *transcript = calloc(1, sizeof *transcript);
    if (transcript == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for a session.");
    }
    pl_status status = pl_spool_open(&transcript->spool, directory, writer, err);
    if (status != PL_OK) {
        free(transcript);
        return status;
    }
    *out = transcript;
    return PL_OK;
}

static struct place *next_place(struct pl_transcript *transcript)
{
    if (transcript->count == transcript->room) {
        uint32_t room = transcript->room == 0 ? ROOM_FIRST : transcript->room * 2;
        struct place *places = realloc(transcript->places, room * sizeof places[0]);
        if (places == NULL) {
            return NULL;
        }
        transcript->places = places;
        transcript->room = room;
    }
    return &transcript->places[transcript->count];
}

static void put_head(struct pl_buf *head, const struct pl_transcript_line *line)
{
    pl_buf_printf(head, "{\"seq\":%lld,\"t_s\":", (long long)line->seq);
    pl_json_out_put_number(head, line->t_s);
    pl_buf_puts(head, ",\"kind\":");
    pl_json_out_put_string(head, pl_slice_of(line->kind));
    pl_buf_puts(head, ",\"command\":");
    PL_CHECK(!head->overflow);
}

pl_status pl_transcript_put(struct pl_transcript *transcript,
                            const struct pl_transcript_line *line,
                            pl_error *err)
{
    static const char middle[] = ",\"answer\":";
    static const char end[] = "}\n";
    PL_CHECK(transcript != NULL && line != NULL);
    PL_CHECK(line->seq == (int64_t)transcript->count + 1);
    PL_CHECK(line->command.size + line->answer.size < UINT32_MAX / 2);
    char memory[HEAD_SIZE];
    struct pl_buf head;
    struct place *place = next_place(transcript);
    if (place == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for an entry.");
    }
    pl_buf_init(&head, memory, sizeof memory);
    put_head(&head, line);
    *place = (struct place){.offset = transcript->spool.size};
    const pl_slice parts[] = {{memory, head.size},
                              line->command,
                              {middle, sizeof middle - 1},
                              line->answer,
                              {end, sizeof end - 1}};
    pl_status status =
        pl_spool_put_all(&transcript->spool, parts, sizeof parts / sizeof parts[0], err);
    if (status != PL_OK) {
        return status;
    }
    place->answer_at = (uint32_t)(head.size + line->command.size + sizeof middle - 1);
    place->answer_size = (uint32_t)line->answer.size;
    place->size = (uint32_t)(transcript->spool.size - place->offset - 1);
    if (line->key.size > 0) {
        place->has_key = 1;
        place->key = pl_hash_bytes(line->key.data, line->key.size, 0);
    }
    transcript->count++;
    return PL_OK;
}

size_t pl_transcript_size(const struct pl_transcript *transcript)
{
    PL_CHECK(transcript != NULL);
    return (size_t)transcript->spool.size;
}

int64_t pl_transcript_count(const struct pl_transcript *transcript)
{
    PL_CHECK(transcript != NULL);
    return transcript->count;
}

int64_t pl_transcript_find(const struct pl_transcript *transcript, pl_slice key)
{
    PL_CHECK(transcript != NULL);
    if (key.size == 0) {
        return 0;
    }
    pl_hash128 hash = pl_hash_bytes(key.data, key.size, 0);
    for (uint32_t i = transcript->count; i > 0; i--) {
        const struct place *place = &transcript->places[i - 1];
        if (place->has_key != 0 && memcmp(&place->key, &hash, sizeof hash) == 0) {
            return i;
        }
    }
    return 0;
}

static pl_status get(const struct pl_transcript *transcript,
                     uint64_t offset,
                     size_t size,
                     struct pl_buf *out,
                     pl_error *err)
{
    if (out->capacity - out->size <= size) {
        out->overflow = true;
        return PL_OK;
    }
    pl_status status = pl_spool_get(&transcript->spool, offset, size, out->data + out->size, err);
    out->size += status == PL_OK ? size : 0;
    out->data[out->size] = '\0';
    return status;
}

pl_status pl_transcript_get(const struct pl_transcript *transcript,
                            int64_t seq,
                            struct pl_buf *out,
                            pl_error *err)
{
    PL_CHECK(transcript != NULL && out != NULL);
    PL_CHECK(seq >= 1 && seq <= (int64_t)transcript->count);
    const struct place *place = &transcript->places[seq - 1];
    return get(transcript, place->offset, place->size, out, err);
}

pl_status pl_transcript_answer(const struct pl_transcript *transcript,
                               int64_t seq,
                               struct pl_buf *out,
                               pl_error *err)
{
    PL_CHECK(transcript != NULL && out != NULL);
    PL_CHECK(seq >= 1 && seq <= (int64_t)transcript->count);
    const struct place *place = &transcript->places[seq - 1];
    return get(transcript, place->offset + place->answer_at, place->answer_size, out, err);
}

void pl_transcript_close(struct pl_transcript *transcript)
{
    if (transcript != NULL) {
        pl_spool_close(&transcript->spool);
        free(transcript->places);
        free(transcript);
    }
}
