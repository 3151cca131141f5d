// SPDX-License-Identifier: Apache-2.0
//
// The target of a request, `/path?name=value&...`: decoded once, strictly, in place.
//
// What two programs could read in two ways is refused: `.` and `..` as parts (also `%2e`), empty
// parts, encoded slashes, backslashes and control characters, NUL, broken escapes, bytes that are
// not UTF-8, and the forms of a target that only proxies use.
#ifndef PL_SERVER_TARGET_H
#define PL_SERVER_TARGET_H

#include "server/codes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PL_TARGET_SIZE_MAX = 2048, /* bytes of a target */
    PL_TARGET_FIELDS_MAX = 32  /* parameters of a query */
};

/** Why something of a request is refused. */
struct pl_refusal {
    enum pl_codes_id code;
    const char *message; /* one sentence, lives for ever */
};

/** A decoded target; the texts are inside the text that it was read from. */
struct pl_target {
    const char *path;     /* decoded, begins with `/` */
    uint32_t field_count; /* 0..PL_TARGET_FIELDS_MAX */
    struct {
        const char *name;
        const char *value; /* "" when there is none */
    } fields[PL_TARGET_FIELDS_MAX];
};

/**
 * Decode a target in place.
 *
 * @param target   filled
 * @param text     terminated, changed, borrowed for the life of `target`
 * @param refusal  filled when it is refused
 * @return false when it is refused
 */
bool pl_target_read(struct pl_target *target, char *text, struct pl_refusal *refusal);

/** Value of the first parameter with this name, NULL when there is none. */
const char *pl_target_field(const struct pl_target *target, const char *name);

/** Set a refusal and return false. */
bool pl_refuse(struct pl_refusal *refusal, enum pl_codes_id code, const char *message);

#endif
