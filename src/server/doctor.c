// SPDX-License-Identifier: Apache-2.0
#include "server/doctor.h"

#include "base/check.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/now.h"
#include "server/asset.h"
#include "server/http.h"
#include "store/store.h"
#include "store/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)
#define BUILT_S   INT64_C(1793000000) /* late in 2026: an earlier clock is wrong */

enum {
    FREE_PERCENT = 5,  /* of the disk, below which sessions should not begin */
    FREE_MIB = 200,    /* the same, in any case */
    SYNCS = 20,        /* that are measured */
    SYNC_MS = 20,      /* that one may take on average: the server promises an answer in 200 ms */
    DESCRIPTORS = 1024 /* below which few can watch */
};

static void say(struct pl_doctor_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void
advise(struct pl_doctor_check *check, enum pl_doctor_grade grade, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(struct pl_doctor_check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(check->found, sizeof check->found, format, arguments);
    va_end(arguments);
}

static void
advise(struct pl_doctor_check *check, enum pl_doctor_grade grade, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(check->fix, sizeof check->fix, format, arguments);
    va_end(arguments);
    check->grade = grade;
}

static void look_at_disk(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    struct statvfs disk;
    if (statvfs(def->data, &disk) != 0) {
        say(check, "%s cannot be looked at: %s.", def->data, strerror(errno));
        advise(check, PL_DOCTOR_BAD, "Create it, or name another one with --data.");
        return;
    }
    uint64_t free_mib = (uint64_t)disk.f_bavail * disk.f_frsize >> 20;
    uint64_t all_mib = (uint64_t)disk.f_blocks * disk.f_frsize >> 20;
    uint64_t percent = all_mib > 0 ? free_mib * 100 / all_mib : 0;
    say(check, "%" PRIu64 " MiB are free (%" PRIu64 " %%).", free_mib, percent);
    if (percent < FREE_PERCENT || free_mib < FREE_MIB) {
        advise(check,
               PL_DOCTOR_BAD,
               "Free some space below %s; a session needs about 5 MiB.",
               def->data);
    }
}

static void look_at_permissions(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    struct stat state;
    if (stat(def->data, &state) != 0 || access(def->data, R_OK | W_OK | X_OK) != 0) {
        say(check, "%s cannot be written by this user.", def->data);
        advise(check, PL_DOCTOR_BAD, "Run: chown -R $USER %s", def->data);
    } else if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        say(check, "%s can be read by other users.", def->data);
        advise(check, PL_DOCTOR_WARNING, "Run: chmod 700 %s", def->data);
    } else {
        say(check, "%s belongs to this user alone.", def->data);
    }
}

/* Write and sync a file of a few bytes again and again; milliseconds per sync, below 0 when it
 * does not work. */
static double measure_sync(const char *path)
{
    int descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_TRUNC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        return -1;
    }
    int64_t begin_ns = pl_now_monotonic_ns();
    bool good = true;
    for (int i = 0; i < SYNCS && good; i++) {
        good = write(descriptor, "plumb doctor\n", 13) == 13 && fdatasync(descriptor) == 0;
    }
    double ms = (double)(pl_now_monotonic_ns() - begin_ns) / 1e6 / SYNCS;
    (void)close(descriptor);
    (void)unlink(path);
    return good ? ms : -1;
}

static void look_at_sync(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    char path[PL_FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/doctor.%ld", def->data, (long)getpid());
    double ms = measure_sync(path);
    if (ms < 0) {
        say(check, "Writing and syncing a file in %s fails: %s.", def->data, strerror(errno));
        advise(check, PL_DOCTOR_BAD, "Put the data on a disk that can be written, with --data.");
        return;
    }
    say(check, "A sync takes %.2f ms.", ms);
    if (ms > SYNC_MS) {
        advise(check,
               PL_DOCTOR_WARNING,
               "Put the data on a local solid-state disk, with --data; every action waits for it.");
    }
}

static void look_at_clock(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    char text[40];
    struct pl_buf buf;
    (void)def;
    int64_t wall_ns = pl_now_wall_ns();
    pl_buf_init(&buf, text, sizeof text);
    pl_now_put_utc(&buf, wall_ns);
    say(check, "The clock says %s.", text);
    if (wall_ns / SECOND_NS < BUILT_S) {
        advise(check,
               PL_DOCTOR_BAD,
               "That is before this program was made. Run: timedatectl set-ntp true");
    }
}

/* What was found while the log was read. */
struct log_state {
    struct pl_store *store;
    char ids[PL_DIRECTORY_ENTRIES_MAX][PL_STORE_ID_SIZE];
    uint32_t count;
};

static pl_status keep_id(void *context, const struct pl_store_session *session, pl_error *err)
{
    struct log_state *state = context;
    (void)err;
    if (state->count < PL_DIRECTORY_ENTRIES_MAX) {
        memcpy(state->ids[state->count++], session->id, PL_STORE_ID_SIZE);
    }
    return PL_OK;
}

static void look_at_log(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    static struct log_state state;
    pl_error err = {0};
    memset(&state, 0, sizeof state);
    if (access(def->data, R_OK | W_OK) != 0) {
        say(check, "Nothing was read, because the directory cannot be used.");
        advise(check, PL_DOCTOR_BAD, "See `disk` and `permissions`.");
        return;
    }
    char path[PL_FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/plumbline.db", def->data);
    if (!pl_file_exists(path)) {
        say(check, "There are no sessions yet."); /* opening a store would make one */
        return;
    }
    pl_status status = pl_store_open(&state.store, def->data, &err);
    status = status == PL_OK ? pl_store_list(state.store, keep_id, &state, &err) : status;
    for (uint32_t i = 0; i < state.count && status == PL_OK; i++) {
        status = pl_store_read(state.store, state.ids[i], NULL, NULL, &err);
    }
    pl_store_close(state.store);
    if (status == PL_OK) {
        say(check, "%u sessions, every entry fits into its chain.", state.count);
        return;
    }
    say(check, "%.*s", PL_DOCTOR_TEXT - 1, err.message);
    advise(check,
           PL_DOCTOR_BAD,
           "Stop the server, keep a copy of %s, and restore it from a backup.",
           def->data);
}

static void look_at_audit(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    struct pl_trail_sum sum;
    pl_error err = {0};
    if (pl_trail_read(def->data, NULL, NULL, &sum, &err) == PL_OK) {
        say(check, "%lld events, each fits into the chain.", (long long)sum.count);
        return;
    }
    say(check, "%.*s", PL_DOCTOR_TEXT - 1, err.message);
    advise(check,
           PL_DOCTOR_BAD,
           "Keep a copy of %s/audit.ndjson as evidence, then restore it from a backup.",
           def->data);
}

static void look_at_descriptors(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    struct rlimit limit = {0};
    (void)def;
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    say(check, "%llu files may be open at once.", (unsigned long long)limit.rlim_max);
    if (limit.rlim_max < DESCRIPTORS) {
        advise(check, PL_DOCTOR_WARNING, "Run before the server: ulimit -n 16384");
    }
}

static void look_at_port(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    struct pl_http *http = NULL;
    pl_error err = {0};
    const struct pl_http_def http_def = {.address = def->address, .port = def->port};
    pl_status status = pl_http_open(&http, &http_def, &err);
    pl_http_close(http);
    if (status == PL_OK) {
        say(check, "Port %u of %s is free.", def->port, def->address);
    } else {
        say(check, "%.*s", PL_DOCTOR_TEXT - 1, err.message);
        advise(check,
               status == PL_CONFLICT ? PL_DOCTOR_WARNING : PL_DOCTOR_BAD,
               "If that is no `plumb serve` of yours, choose another one with --listen.");
    }
}

static void look_at_client(const struct pl_doctor_def *def, struct pl_doctor_check *check)
{
    (void)def;
    say(check, "%u files of the web client are in this program.", pl_assets_embedded.count);
    if (pl_assets_embedded.count == 0) {
        advise(check, PL_DOCTOR_WARNING, "Run in the source tree: script/setup && script/build");
    }
}

enum pl_doctor_grade pl_doctor_look(const struct pl_doctor_def *def, struct pl_doctor_check *checks)
{
    PL_CHECK(def != NULL && def->data != NULL && def->address != NULL && checks != NULL);
    static const struct {
        const char *name;
        void (*look)(const struct pl_doctor_def *def, struct pl_doctor_check *check);
    } all[PL_DOCTOR_CHECKS] = {
        {"disk", look_at_disk},
        {"permissions", look_at_permissions},
        {"fsync", look_at_sync},
        {"clock", look_at_clock},
        {"evidence log", look_at_log},
        {"audit log", look_at_audit},
        {"descriptors", look_at_descriptors},
        {"port", look_at_port},
        {"web client", look_at_client},
    };
    enum pl_doctor_grade worst = PL_DOCTOR_GOOD;
    for (uint32_t i = 0; i < PL_DOCTOR_CHECKS; i++) {
        memset(&checks[i], 0, sizeof checks[i]);
        checks[i].name = all[i].name;
        all[i].look(def, &checks[i]);
        worst = checks[i].grade > worst ? checks[i].grade : worst;
    }
    return worst;
}
