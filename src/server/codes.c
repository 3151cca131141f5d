// SPDX-License-Identifier: Apache-2.0
#include "server/codes.h"

#include "base/check.h"

static const struct {
    const char *name;
    int http;
    const char *meaning;
} codes[] = {
#define X(constant, name, http, meaning) {name, http, meaning},
    PL_CODES_MAP(X)
#undef X
};

const char *pl_codes_name(enum pl_codes_id code)
{
    PL_CHECK(code < PL_CODES_COUNT);
    return codes[code].name;
}

int pl_codes_http(enum pl_codes_id code)
{
    PL_CHECK(code < PL_CODES_COUNT);
    return codes[code].http;
}

const char *pl_codes_meaning(enum pl_codes_id code)
{
    PL_CHECK(code < PL_CODES_COUNT);
    return codes[code].meaning;
}

enum pl_codes_id pl_codes_of_status(pl_status status)
{
    PL_CHECK(status != PL_OK);
    switch (status) {
    case PL_BAD_INPUT:
        return PL_CODES_BAD_VALUE;
    case PL_NOT_FOUND:
        return PL_CODES_NOT_FOUND;
    case PL_CONFLICT:
        return PL_CODES_CONFLICT;
    case PL_LIMIT:
        return PL_CODES_BUSY;
    case PL_OK:
    case PL_CORRUPT:
    case PL_IO:
    case PL_NO_MEMORY:
    case PL_UNSUPPORTED:
        break;
    }
    return PL_CODES_INTERNAL;
}
