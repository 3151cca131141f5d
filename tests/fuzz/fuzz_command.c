// SPDX-License-Identifier: Apache-2.0
//
// Any bytes given to a session as a command are answered with one JSON object; what is refused
// costs nothing and leaves no entry.
#include "fuzz.h"

#include "base/check.h"
#include "exam/content.h"
#include "session/session.h"
#include "text/json_in.h"

#include <stdlib.h>
#include <string.h>

/* One session that lives on over the inputs; a new one when it is over. */
static struct {
    struct pl_content content;
    struct pl_session *session;
    char *memory;
    char *answer;
    char *entry;
} play;

static void open_session(void)
{
    struct pl_session_def def = {.world = play.content.world,
                                 .scenario = play.content.scenario,
                                 .seed = 3,
                                 .clock = PL_CLOCK_TURN,
                                 .cause = PL_NONE};
    size_t size = (pl_session_size(&def) + 15) / 16 * 16;
    if (play.memory == NULL) {
        play.memory = aligned_alloc(16, size);
        PL_CHECK(play.memory != NULL);
    }
    PL_CHECK(pl_session_open(&def, play.memory, size, &play.session, NULL) == PL_OK);
}

static void start(void)
{
    static struct pl_errors errors;
    const char *directory = PL_CONTENT_DIR "/../tests/content";
    PL_CHECK(pl_content_load(directory, "slow-till", &play.content, &errors) == PL_OK);
    play.answer = malloc(PL_ANSWER_SIZE_MAX);
    play.entry = malloc(PL_ENTRY_SIZE_MAX);
    PL_CHECK(play.answer != NULL);
    PL_CHECK(play.entry != NULL);
    open_session();
}

static json_t *read_object(const struct pl_buf *buf)
{
    json_t *json = NULL;
    pl_slice text = {buf->data, buf->size};
    PL_CHECK(!buf->overflow);
    PL_CHECK(pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) == PL_OK);
    PL_CHECK(json_is_object(json));
    return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (play.answer == NULL) {
        start();
    }
    if (pl_session_done(play.session)) {
        open_session();
    }
    struct pl_buf answer;
    struct pl_buf entry;
    pl_buf_init(&answer, play.answer, PL_ANSWER_SIZE_MAX);
    pl_buf_init(&entry, play.entry, PL_ENTRY_SIZE_MAX);
    pl_slice command = {(const char *)data, size};
    int64_t before_ns = pl_session_now(play.session);
    struct pl_outcome outcome = pl_session_apply(play.session, before_ns, command, &answer, &entry);
    json_t *json = read_object(&answer);
    PL_CHECK((outcome.status != PL_OK) == (json_object_get(json, "error") != NULL));
    json_decref(json);
    PL_CHECK(outcome.after_ns >= before_ns);
    if (!outcome.kept) {
        PL_CHECK(outcome.after_ns == before_ns);
        PL_CHECK(entry.size == 0);
        return 0;
    }
    json_decref(read_object(&entry));
    for (size_t i = 0; i < entry.size; i++) {
        PL_CHECK((unsigned char)entry.data[i] >= 0x20);
        PL_CHECK(entry.data[i] != 0x7f);
    }
    return 0;
}
