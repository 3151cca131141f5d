// SPDX-License-Identifier: Apache-2.0
//
// Any file is taken whole or leaves nothing; what is taken comes out byte for byte.
#include "fuzz.h"

#include "base/check.h"
#include "os/scratch.h"
#include "store/ndjson.h"

#include <stdlib.h>
#include <string.h>

static struct pl_scratch scratch;
static struct pl_store *store;
static int stored_count;

static void close_store(void)
{
    pl_store_close(store);
    (void)pl_scratch_remove(&scratch, NULL);
}

static void open_store(void)
{
    PL_CHECK(pl_scratch_make(&scratch, NULL) == PL_OK);
    PL_CHECK(pl_store_open(&store, scratch.path, NULL) == PL_OK);
    PL_CHECK(atexit(close_store) == 0);
}

static pl_status compare(void *context, pl_slice bytes, pl_error *err)
{
    (void)err;
    pl_slice *rest = context;
    PL_CHECK(bytes.size <= rest->size);
    PL_CHECK(memcmp(bytes.data, rest->data, bytes.size) == 0);
    rest->data += bytes.size;
    rest->size -= bytes.size;
    return PL_OK;
}

static pl_status count(void *context, const struct pl_store_session *session, pl_error *err)
{
    (void)session;
    (void)err;
    (*(int *)context)++;
    return PL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (store == NULL) {
        open_store();
    }
    pl_slice text = {(const char *)data, size};
    struct pl_store_session session;
    pl_error err = {0};
    pl_status status = pl_store_import(store, text, "f.ndjson", &session, &err);
    PL_CHECK(err.status == status);
    if (status == PL_OK) {
        stored_count++;
        pl_slice rest = text;
        PL_CHECK(pl_store_export(store, session.id, compare, &rest, NULL) == PL_OK);
        PL_CHECK(rest.size == 0);
    } else {
        PL_CHECK(err.message[0] != '\0');
    }
    int sessions = 0;
    PL_CHECK(pl_store_list(store, count, &sessions, NULL) == PL_OK);
    PL_CHECK(sessions == stored_count);
    return 0;
}
