// SPDX-License-Identifier: Apache-2.0
#include "server/codes.h"

#include "base/check.h"

static const struct {
    const char *name;
    int http;
    const char *meaning;
} codes[] = {
#define X(constant, name, http, meaning) {name, http, meaning},
    PL_CODE_MAP(X)
#undef X
};

const char *pl_code_name(enum pl_code code)
{
    PL_CHECK(code < PL_CODE_COUNT);
    return codes[code].name;
}

int pl_codes_http(enum pl_code code)
{
    PL_CHECK(code < PL_CODE_COUNT);
    return codes[code].http;
}

const char *pl_code_meaning(enum pl_code code)
{
    PL_CHECK(code < PL_CODE_COUNT);
    return codes[code].meaning;
}

enum pl_code pl_code_of_status(pl_status status)
{
    PL_CHECK(status != PL_OK);
    switch (status) {
    case PL_BAD_INPUT:
        return PL_CODE_BAD_VALUE;
    case PL_NOT_FOUND:
        return PL_CODE_NOT_FOUND;
    case PL_CONFLICT:
        return PL_CODE_CONFLICT;
    case PL_LIMIT:
        return PL_CODE_BUSY;
    case PL_OK:
    case PL_CORRUPT:
    case PL_IO:
    case PL_NO_MEMORY:
    case PL_UNSUPPORTED:
        break;
    }
    return PL_CODE_INTERNAL;
}
