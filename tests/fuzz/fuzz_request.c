// SPDX-License-Identifier: Apache-2.0
//
// Any bytes are a request, a refusal, or need more; however they are cut, the outcome is the same;
// and what is accepted has nothing in it that could be read in two ways.
#include "fuzz.h"

#include "base/check.h"
#include "server/gate.h"
#include "server/request.h"

#include <stdlib.h>
#include <string.h>

static enum pl_request_progress scan(pl_slice bytes, size_t *head_size)
{
    struct pl_refusal refusal = {0};
    enum pl_request_progress progress = pl_request_scan(bytes, head_size, &refusal);
    PL_CHECK((progress == PL_REQUEST_REFUSED) == (refusal.message != NULL));
    return progress;
}

/* A prefix may need more, but it never says anything else than the whole. */
static void check_prefixes(pl_slice bytes, enum pl_request_progress whole, size_t whole_size)
{
    size_t step = bytes.size / 16 + 1;
    for (size_t size = 0; size < bytes.size; size += step) {
        size_t head_size = 0;
        enum pl_request_progress progress = scan((pl_slice){bytes.data, size}, &head_size);
        PL_CHECK(progress == PL_REQUEST_MORE || progress == whole);
        PL_CHECK(progress != PL_REQUEST_WHOLE || head_size == whole_size);
    }
}

static void check_text(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        PL_CHECK(((unsigned char)*at >= 0x20 && *at != 0x7f) || *at == '\t');
    }
}

static void check_request(const struct pl_request *request)
{
    const char *path = request->target.path;
    PL_CHECK(path[0] == '/');
    PL_CHECK(strstr(path, "/../") == NULL && strstr(path, "/./") == NULL);
    PL_CHECK(strstr(path, "//") == NULL && strchr(path, '\\') == NULL);
    check_text(path);
    for (uint32_t i = 0; i < request->target.field_count; i++) {
        check_text(request->target.fields[i].name);
        check_text(request->target.fields[i].value);
    }
    uint32_t lengths = 0;
    for (uint32_t i = 0; i < request->header_count; i++) {
        check_text(request->headers[i].name);
        check_text(request->headers[i].value);
        PL_CHECK(strcspn(request->headers[i].name, " \t:") == strlen(request->headers[i].name));
        lengths += pl_request_header(request, "content-length") == request->headers[i].value;
    }
    PL_CHECK(lengths <= 1);
    PL_CHECK(pl_request_header(request, "transfer-encoding") == NULL);
    PL_CHECK(request->host[0] != '\0');
    PL_CHECK(request->body_size == 0 || !pl_method_is_safe(request->method));
}

static void check_gate(const struct pl_request *request)
{
    static const struct pl_gate gate = {"https://plumb.example", true};
    struct pl_refusal refusal = {0};
    (void)pl_gate_host(&gate, request, &refusal);
    (void)pl_gate_site(&gate, request, &refusal);
    (void)pl_gate_type(request, &refusal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pl_slice bytes = {(const char *)data, size};
    size_t head_size = 0;
    enum pl_request_progress progress = scan(bytes, &head_size);
    check_prefixes(bytes, progress, head_size);
    if (progress != PL_REQUEST_WHOLE) {
        return 0;
    }
    PL_CHECK(head_size <= size && head_size <= PL_REQUEST_HEAD_MAX);
    char *head = malloc(head_size);
    PL_CHECK(head != NULL);
    memcpy(head, data, head_size);
    struct pl_request request;
    struct pl_refusal refusal = {0};
    bool accepted = pl_request_read(&request, head, head_size, &refusal);
    PL_CHECK(accepted == (refusal.message == NULL));
    if (accepted) {
        check_request(&request);
        check_gate(&request);
    }
    free(head);
    return 0;
}
