// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE /* getline of files that are read while they grow */
#include "store/trail.h"

#include "base/check.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/now.h"
#include "text/json_out.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_MARK ",\"hash\":\""
#define LINE_END  "\"}"

enum { HASH_BYTES = 32, MOMENT_SIZE = 40 };

/* An event on its way. */
struct put {
    int64_t wall_ns;
    bool good;
    char who[PL_TRAIL_TEXT_SIZE];
    char what[PL_TRAIL_TEXT_SIZE];
    char of[PL_TRAIL_TEXT_SIZE];
    char from[PL_TRAIL_TEXT_SIZE];
};

struct pl_trail {
    struct pl_beside *beside;
    atomic_uint waiting;
    atomic_uint lost; /* events for which there was no room */
    /* Of the thread. */
    int file;
    struct pl_trail_sum sum;
};

static void put_path(char path[PL_FILE_PATH_MAX], const char *directory)
{
    int size = snprintf(path, PL_FILE_PATH_MAX, "%s/audit.ndjson", directory);
    PL_CHECK(size > 0 && size < PL_FILE_PATH_MAX);
}

/* Hash of an event from the one before and its own text without the hash. */
static void hash_line(char hash[PL_TRAIL_HASH_SIZE], const char *previous, pl_slice text)
{
    unsigned char bytes[HASH_BYTES];
    crypto_generichash_state state;
    int failed = crypto_generichash_init(&state, NULL, 0, sizeof bytes);
    failed |= crypto_generichash_update(&state, (const unsigned char *)previous, strlen(previous));
    failed |= crypto_generichash_update(&state, (const unsigned char *)text.data, text.size);
    failed |= crypto_generichash_final(&state, bytes, sizeof bytes);
    PL_CHECK(failed == 0);
    sodium_bin2hex(hash, PL_TRAIL_HASH_SIZE, bytes, sizeof bytes);
}

/* ---- Writing ----------------------------------------------------------------------------------
 */

/* The line of an event; the sum steps on. */
static void put_line(struct pl_trail_sum *sum, const struct put *put, struct pl_buf *line)
{
    char memory[MOMENT_SIZE];
    struct pl_buf moment;
    struct pl_json_out json;
    pl_buf_init(&moment, memory, sizeof memory);
    pl_now_put_utc(&moment, put->wall_ns);
    pl_json_out_begin(&json, line);
    pl_json_out_object_begin(&json);
    pl_json_out_member_integer(&json, "seq", ++sum->count);
    pl_json_out_member_string(&json, "at", memory);
    pl_json_out_member_string(&json, "who", put->who);
    pl_json_out_member_string(&json, "what", put->what);
    pl_json_out_member_string(&json, "of", put->of);
    pl_json_out_member_string(&json, "from", put->from);
    pl_json_out_member_bool(&json, "good", put->good);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
    line->size--; /* the closing brace */
    hash_line(sum->hash, sum->hash, (pl_slice){line->data, line->size});
    pl_buf_printf(line, HASH_MARK "%s" LINE_END "\n", sum->hash);
    PL_CHECK(!line->overflow);
    sum->size += line->size;
}

static bool write_all(int file, pl_slice text)
{
    while (text.size > 0) {
        ssize_t size = write(file, text.data, text.size);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return false;
        }
        text.data += size;
        text.size -= (size_t)size;
    }
    return true;
}

/* One event. When the disk refuses it the log is cut back to the last whole one. */
static void write_event(struct pl_trail *trail, const struct put *put)
{
    char memory[PL_TRAIL_LINE_MAX];
    struct pl_buf line;
    struct pl_trail_sum before = trail->sum;
    pl_buf_init(&line, memory, sizeof memory);
    put_line(&trail->sum, put, &line);
    if (!write_all(trail->file, (pl_slice){line.data, line.size}) || fsync(trail->file) != 0) {
        trail->sum = before;
        atomic_fetch_add(&trail->lost, 1);
        (void)!ftruncate(trail->file, (off_t)before.size);
    }
}

static void take(void *context, void *item)
{
    struct pl_trail *trail = context;
    struct put *put = item;
    uint32_t lost = atomic_exchange(&trail->lost, 0);
    if (lost > 0) {
        struct put note = {.wall_ns = put->wall_ns, .what = "events_lost"};
        snprintf(note.of, sizeof note.of, "%u", lost);
        write_event(trail, &note);
    }
    write_event(trail, put);
    free(put);
    atomic_fetch_sub(&trail->waiting, 1);
}

static void copy(char to[PL_TRAIL_TEXT_SIZE], const char *text)
{
    size_t size = text != NULL ? strnlen(text, PL_TRAIL_TEXT_SIZE - 1) : 0;
    for (size_t i = 0; i < size; i++) {
        /* No half characters and none that is more than itself, wherever the log is shown. */
        to[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    }
    to[size] = '\0';
}

void pl_trail_put(struct pl_trail *trail, const struct pl_trail_event *event)
{
    PL_CHECK(trail != NULL && event != NULL && event->what != NULL);
    bool room = atomic_fetch_add(&trail->waiting, 1) < PL_TRAIL_WAITING_MAX;
    struct put *put = room ? calloc(1, sizeof *put) : NULL;
    if (put != NULL) {
        put->wall_ns = pl_now_wall_ns();
        put->good = event->good;
        copy(put->who, event->who);
        copy(put->what, event->what);
        copy(put->of, event->of);
        copy(put->from, event->from);
        if (pl_beside_put(trail->beside, put)) {
            return;
        }
    }
    free(put);
    atomic_fetch_sub(&trail->waiting, 1);
    atomic_fetch_add(&trail->lost, 1);
}

pl_status pl_trail_open(struct pl_trail **trail_out, const char *directory, pl_error *err)
{
    PL_CHECK(trail_out != NULL && directory != NULL);
    char path[PL_FILE_PATH_MAX];
    struct pl_trail *trail = calloc(1, sizeof *trail);
    *trail_out = NULL;
    if (trail == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "There is not enough memory for the audit log.");
    }
    put_path(path, directory);
    trail->file = -1;
    pl_status status = pl_trail_read(directory, NULL, NULL, &trail->sum, err);
    if (status == PL_OK) {
        trail->file =
            open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
        /* A line that a crash has cut off was acknowledged to nobody. */
        bool good = trail->file >= 0 &&
                    (!trail->sum.torn || ftruncate(trail->file, (off_t)trail->sum.size) == 0);
        if (!good) {
            status = pl_fail(err, PL_IO, NULL, "%s: %s.", path, strerror(errno));
        }
    }
    const struct pl_beside_work work = {.context = trail, .take = take};
    status = status == PL_OK ? pl_beside_start(&trail->beside, &work, err) : status;
    if (status != PL_OK) {
        pl_trail_close(trail);
        return status;
    }
    *trail_out = trail;
    return PL_OK;
}

void pl_trail_close(struct pl_trail *trail)
{
    if (trail == NULL) {
        return;
    }
    pl_beside_end(trail->beside);
    if (trail->file >= 0) {
        (void)close(trail->file);
    }
    free(trail);
}

/* ---- Reading ----------------------------------------------------------------------------------
 */

/* True when the line follows; the sum steps on. */
static bool step(struct pl_trail_sum *sum, pl_slice line)
{
    char hash[PL_TRAIL_HASH_SIZE];
    char head[32];
    size_t tail = sizeof HASH_MARK - 1 + PL_TRAIL_HASH_SIZE - 1 + sizeof LINE_END - 1;
    int wanted = snprintf(head, sizeof head, "{\"seq\":%lld,", (long long)sum->count + 1);
    if (line.size <= tail + (size_t)wanted || memcmp(line.data, head, (size_t)wanted) != 0) {
        return false;
    }
    pl_slice text = {line.data, line.size - tail};
    const char *mark = line.data + text.size;
    hash_line(hash, sum->hash, text);
    if (memcmp(mark, HASH_MARK, sizeof HASH_MARK - 1) != 0 ||
        memcmp(mark + sizeof HASH_MARK - 1, hash, PL_TRAIL_HASH_SIZE - 1) != 0 ||
        memcmp(line.data + line.size - 2, LINE_END, 2) != 0) {
        return false;
    }
    memcpy(sum->hash, hash, sizeof sum->hash);
    sum->count++;
    sum->size += line.size + 1;
    return true;
}

pl_status pl_trail_read(const char *directory,
                        pl_trail_visit visit,
                        void *context,
                        struct pl_trail_sum *sum,
                        pl_error *err)
{
    PL_CHECK(directory != NULL && sum != NULL);
    int started = sodium_init();
    PL_CHECK(started >= 0);
    char path[PL_FILE_PATH_MAX];
    char *memory = NULL;
    size_t room = 0;
    pl_status status = PL_OK;
    memset(sum, 0, sizeof *sum);
    put_path(path, directory);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return errno == ENOENT ? PL_OK
                               : pl_fail(err, PL_IO, NULL, "%s: %s.", path, strerror(errno));
    }
    ssize_t size;
    while (status == PL_OK && (size = getline(&memory, &room, file)) > 0) {
        if (memory[size - 1] != '\n') {
            sum->torn = true;
            break;
        }
        pl_slice line = {memory, (size_t)size - 1};
        if (!step(sum, line)) {
            status = pl_fail(err,
                             PL_CORRUPT,
                             NULL,
                             "%s was changed: event %lld does not follow from the one before it.",
                             path,
                             (long long)sum->count + 1);
        } else if (visit != NULL) {
            visit(context, sum->count, line);
        }
    }
    free(memory);
    (void)fclose(file);
    return status;
}
