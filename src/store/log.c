// SPDX-License-Identifier: Apache-2.0
#include "store/log.h"

#include "base/check.h"
#include "store/backend.h"
#include "store/chain.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct pl_store_log {
    struct pl_store *store;          /* borrowed */
    void *lock;                      /* of the backend, held until the log is closed */
    struct pl_store_session session; /* header as written */
    struct pl_chain chain;           /* end of the log */
    bool is_broken;                  /* a write failed: what is on disk is unknown */
    bool is_staged;                  /* writes wait for their commit */
    bool is_finished;
};

static pl_status make_log(struct pl_store *store,
                          const struct pl_store_session *session,
                          struct pl_store_log **log,
                          pl_error *err)
{
    *log = NULL;
    struct pl_store_log *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "no memory is left to open a session");
    }
    fresh->store = store;
    fresh->session = *session;
    const struct pl_backend *backend = &store->backend;
    pl_status status = backend->lock(backend->data, session->id, &fresh->lock, err);
    if (status != PL_OK) {
        free(fresh);
        return status;
    }
    pl_chain_begin(&fresh->chain, &fresh->session);
    *log = fresh;
    return PL_OK;
}

static void check_header(const struct pl_store_session *session)
{
    PL_CHECK(session->scenario[0] != '\0');
    PL_CHECK(session->pack_hash[0] != '\0');
    PL_CHECK(session->engine[0] != '\0');
    PL_CHECK(session->clock[0] != '\0');
    PL_CHECK(session->created_at[0] != '\0');
    PL_CHECK(session->seed >= 0);
}

static void make_id(char id[PL_STORE_ID_SIZE])
{
    unsigned char bytes[(PL_STORE_ID_SIZE - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(id, PL_STORE_ID_SIZE, bytes, sizeof bytes);
}

pl_status pl_store_log_create(struct pl_store *store,
                              struct pl_store_session *session,
                              struct pl_store_log **log,
                              pl_error *err)
{
    PL_CHECK(store != NULL && session != NULL && log != NULL);
    check_header(session);
    *log = NULL;
    make_id(session->id);
    session->state = PL_STORE_SESSION_OPEN;
    session->entry_count = 0;
    const struct pl_backend *backend = &store->backend;
    struct pl_store_log *fresh = NULL;
    pl_status status = make_log(store, session, &fresh, err);
    if (fresh == NULL) {
        return status;
    }
    status = backend->begin(backend->data, err);
    if (status == PL_OK) {
        status = backend->add_session(backend->data, session, err);
        if (status == PL_OK) {
            status = backend->commit(backend->data, err);
        } else {
            backend->rollback(backend->data);
        }
    }
    if (status != PL_OK) {
        pl_store_log_close(fresh);
        return status;
    }
    *log = fresh;
    return PL_OK;
}

pl_status pl_store_log_resume(struct pl_store *store,
                              const char *id,
                              pl_store_visit_entry visit,
                              void *context,
                              struct pl_store_log **log,
                              pl_error *err)
{
    PL_CHECK(store != NULL && id != NULL && log != NULL);
    *log = NULL;
    struct pl_store_session session;
    pl_status status = pl_store_find(store, id, &session, err);
    if (status != PL_OK) {
        return status;
    }
    struct pl_store_log *fresh = NULL;
    status = make_log(store, &session, &fresh, err);
    if (fresh == NULL) {
        return status;
    }
    /* Once more under the lock: its last player may have written or closed it in between. */
    status = pl_store_find(store, session.id, &fresh->session, err);
    if (status == PL_OK && fresh->session.state == PL_STORE_SESSION_CLOSED) {
        status = pl_fail(err,
                         PL_CONFLICT,
                         NULL,
                         "session %s is closed; it can be replayed, not played",
                         session.id);
    }
    if (status == PL_OK) {
        status = pl_store_walk(store, &fresh->session, visit, context, &fresh->chain, err);
    }
    if (status != PL_OK) {
        pl_store_log_close(fresh);
        return status;
    }
    *log = fresh;
    return PL_OK;
}

/* Fail when the log can take nothing more. */
static pl_status check_usable(const struct pl_store_log *log, pl_error *err)
{
    PL_CHECK(!log->is_finished);
    if (log->is_broken) {
        return pl_fail(err,
                       PL_IO,
                       NULL,
                       "an earlier write to session %s failed; resume it to go on",
                       log->session.id);
    }
    return PL_OK;
}

pl_status pl_store_log_stage_entry(
    struct pl_store_log *log, int64_t t_ns, const char *kind, pl_slice body, pl_error *err)
{
    PL_CHECK(log != NULL && kind != NULL);
    PL_CHECK(t_ns >= log->chain.t_ns);
    PL_CHECK(pl_chain_is_kind(pl_slice_of(kind)));
    pl_status status = check_usable(log, err);
    if (status != PL_OK) {
        return status;
    }
    if (body.size > PL_STORE_BODY_MAX) {
        return pl_fail(err,
                       PL_LIMIT,
                       NULL,
                       "an entry of %zu bytes is too large; at most %d are allowed",
                       body.size,
                       PL_STORE_BODY_MAX);
    }
    PL_CHECK(pl_chain_is_body(body));
    struct pl_store_entry entry = {.t_ns = t_ns, .kind = pl_slice_of(kind), .body = body};
    pl_chain_next(&log->chain, &entry);
    const struct pl_backend *backend = &log->store->backend;
    log->is_staged = true;
    status = backend->add_entry(backend->data, log->session.id, &entry, err);
    if (status == PL_OK) {
        status = pl_chain_step(&log->chain, &entry, NULL, err);
    }
    log->is_broken = status != PL_OK;
    return status;
}

bool pl_store_log_usable(const struct pl_store_log *log)
{
    PL_CHECK(log != NULL);
    return !log->is_broken && !log->is_finished;
}

void pl_store_log_settle(struct pl_store_log *log, pl_status committed)
{
    PL_CHECK(log != NULL);
    /* Refused before anything was written for it, the log is as it was. */
    log->is_broken = log->is_broken || (committed != PL_OK && log->is_staged);
    log->is_staged = false;
}

/* End a transaction of one log. */
static pl_status end_write(struct pl_store_log *log, pl_status staged, pl_error *err)
{
    const struct pl_backend *backend = &log->store->backend;
    pl_status status = staged;
    if (staged == PL_OK) {
        status = backend->commit(backend->data, err);
    } else {
        backend->rollback(backend->data);
    }
    pl_store_log_settle(log, status);
    return status;
}

pl_status pl_store_log_append(
    struct pl_store_log *log, int64_t t_ns, const char *kind, pl_slice body, pl_error *err)
{
    PL_CHECK(log != NULL && kind != NULL);
    const struct pl_backend *backend = &log->store->backend;
    pl_status status = check_usable(log, err);
    if (status == PL_OK) {
        status = backend->begin(backend->data, err);
    }
    if (status != PL_OK) {
        return status;
    }
    return end_write(log, pl_store_log_stage_entry(log, t_ns, kind, body, err), err);
}

int64_t pl_store_log_count(const struct pl_store_log *log)
{
    PL_CHECK(log != NULL);
    return log->chain.seq;
}

pl_status pl_store_log_stage_finish(struct pl_store_log *log, pl_error *err)
{
    PL_CHECK(log != NULL);
    pl_status status = check_usable(log, err);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_backend *backend = &log->store->backend;
    log->is_staged = true;
    status = backend->finish_session(backend->data, log->session.id, err);
    log->is_broken = status != PL_OK;
    log->is_finished = status == PL_OK;
    return status;
}

pl_status pl_store_log_finish(struct pl_store_log *log, pl_error *err)
{
    PL_CHECK(log != NULL);
    const struct pl_backend *backend = &log->store->backend;
    pl_status status = check_usable(log, err);
    if (status == PL_OK) {
        status = backend->begin(backend->data, err);
    }
    if (status != PL_OK) {
        return status;
    }
    status = end_write(log, pl_store_log_stage_finish(log, err), err);
    log->is_finished = status == PL_OK;
    return status;
}

void pl_store_log_close(struct pl_store_log *log)
{
    if (log != NULL) {
        log->store->backend.unlock(log->store->backend.data, log->lock);
        free(log);
    }
}
