// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include "base/check.h"
#include "store/backend.h"
#include "store/chain.h"
#include "store/sqlite/sqlite_backend.h"
#include "text/excerpt.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

pl_status pl_store_open(struct pl_store **store, const char *directory, pl_error *err)
{
    PL_CHECK(store != NULL && directory != NULL);
    *store = NULL;
    if (sodium_init() < 0) {
        return pl_fail(err, PL_IO, NULL, "the system gives no random numbers");
    }
    struct pl_store *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return pl_fail(err, PL_NO_MEMORY, NULL, "no memory is left to open the session store");
    }
    pl_status status = pl_sqlite_backend_open(&fresh->backend, directory, err);
    if (status != PL_OK) {
        free(fresh);
        return status;
    }
    *store = fresh;
    return PL_OK;
}

void pl_store_close(struct pl_store *store)
{
    if (store != NULL) {
        store->backend.close(store->backend.data);
        free(store);
    }
}

/* Sessions seen by a search; the first is kept. */
struct search {
    struct pl_store_session *found;
    int count;
};

static pl_status note_found(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)err;
    struct search *search = context;
    if (search->count == 0) {
        *search->found = *session;
    }
    search->count++;
    return PL_OK;
}

/* A name that cannot be an id is simply not found: it may not reach the database as a pattern. */
static bool may_be_id(const char *id)
{
    size_t size = strlen(id);
    return size >= PL_STORE_ID_PREFIX_MIN && size < PL_STORE_ID_SIZE &&
           strspn(id, "0123456789abcdef") == size;
}

pl_status pl_store_find(struct pl_store *store,
                        const char *id,
                        struct pl_store_session *session,
                        pl_error *err)
{
    PL_CHECK(store != NULL && id != NULL && session != NULL);
    struct search search = {session, 0};
    if (may_be_id(id)) {
        const struct pl_backend *backend = &store->backend;
        pl_status status = backend->list(backend->data, id, note_found, &search, err);
        if (status != PL_OK) {
            return status;
        }
    }
    if (search.count == 0) {
        return pl_fail(err,
                       PL_NOT_FOUND,
                       NULL,
                       "there is no session `%s` in the store",
                       pl_excerpt_of(pl_slice_of(id)).text);
    }
    if (search.count > 1) {
        return pl_fail(err,
                       PL_CONFLICT,
                       NULL,
                       "%d sessions begin with `%s`; give more digits",
                       search.count,
                       id);
    }
    return PL_OK;
}

pl_status
pl_store_list(struct pl_store *store, pl_store_visit_session visit, void *context, pl_error *err)
{
    PL_CHECK(store != NULL && visit != NULL);
    return store->backend.list(store->backend.data, "", visit, context, err);
}

/* A walk that verifies before it hands over. */
struct verified_walk {
    struct pl_chain chain;
    pl_store_visit_entry visit;
    void *context;
};

static pl_status verify_entry(void *context, const struct pl_store_entry *entry, pl_error *err)
{
    struct verified_walk *walk = context;
    pl_status status = pl_chain_step(&walk->chain, entry, NULL, err);
    if (status == PL_OK && walk->visit != NULL) {
        status = walk->visit(walk->context, entry, err);
    }
    return status;
}

pl_status pl_store_walk(struct pl_store *store,
                        const struct pl_store_session *session,
                        pl_store_visit_entry visit,
                        void *context,
                        struct pl_chain *end,
                        pl_error *err)
{
    PL_CHECK(store != NULL && session != NULL);
    struct verified_walk walk = {.visit = visit, .context = context};
    pl_chain_begin(&walk.chain, session);
    const struct pl_backend *backend = &store->backend;
    pl_status status = backend->read(backend->data, session->id, verify_entry, &walk, err);
    if (status != PL_OK) {
        return status;
    }
    /* More is no damage: somebody else may have appended since the header was read. */
    if (walk.chain.seq < session->entry_count) {
        return pl_fail(err,
                       PL_CORRUPT,
                       NULL,
                       "the log of session %s ends at entry %lld, but %lld were written",
                       session->id,
                       (long long)walk.chain.seq,
                       (long long)session->entry_count);
    }
    if (end != NULL) {
        *end = walk.chain;
    }
    return PL_OK;
}

pl_status pl_store_read(struct pl_store *store,
                        const char *id,
                        pl_store_visit_entry visit,
                        void *context,
                        pl_error *err)
{
    PL_CHECK(store != NULL && id != NULL);
    struct pl_store_session session;
    pl_status status = pl_store_find(store, id, &session, err);
    return status == PL_OK ? pl_store_walk(store, &session, visit, context, NULL, err) : status;
}
