// SPDX-License-Identifier: Apache-2.0
#include "server/request.h"

#include "base/check.h"

#include <string.h>
#include <strings.h>

enum { FIRST_LINE_MAX = PL_TARGET_SIZE_MAX + 64 }; /* bytes before its end */

/* Headers that decide something: two of them could be read in two ways. */
static const char *const single_headers[] = {
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "expect",
    "cookie",
    "authorization",
    "origin",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
    "idempotency-key",
    "last-event-id",
    "if-none-match",
};

/* True when `byte` at `at` may stand there: CR and LF only as a pair, no other control but TAB. */
static bool byte_is_allowed(pl_slice bytes, size_t at)
{
    unsigned char byte = (unsigned char)bytes.data[at];
    if (byte == '\n') {
        return at > 0 && bytes.data[at - 1] == '\r';
    }
    if (at > 0 && bytes.data[at - 1] == '\r') {
        return false;
    }
    return byte == '\r' || byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/* Whether its first line ends there or goes on, a request of this length is refused. */
static bool line_is_too_long(size_t size, struct pl_refusal *refusal)
{
    if (size <= FIRST_LINE_MAX) {
        return false;
    }
    (void)pl_refuse(refusal, PL_CODES_PATH_TOO_LONG, "The first line is longer than any of ours.");
    return true;
}

enum pl_request_progress
pl_request_scan(pl_slice bytes, size_t *head_size, struct pl_refusal *refusal)
{
    PL_CHECK(head_size != NULL && refusal != NULL);
    size_t limit = bytes.size < PL_REQUEST_HEAD_MAX ? bytes.size : PL_REQUEST_HEAD_MAX;
    uint32_t line_count = 0;
    size_t line_begin = 0;
    for (size_t i = 0; i < limit; i++) {
        if (!byte_is_allowed(bytes, i)) {
            (void)pl_refuse(refusal,
                            PL_CODES_BAD_REQUEST,
                            "The head has a control character, or a line that does not end with "
                            "CR LF.");
            return PL_REQUEST_REFUSED;
        }
        if (bytes.data[i] != '\n') {
            continue;
        }
        if (line_count == 0 && line_is_too_long(i, refusal)) {
            return PL_REQUEST_REFUSED;
        }
        if (i - line_begin == 1) {
            *head_size = i + 1;
            return PL_REQUEST_WHOLE;
        }
        line_begin = i + 1;
        line_count++;
        if (line_count > PL_REQUEST_HEADERS_MAX + 1) {
            (void)pl_refuse(
                refusal, PL_CODES_HEAD_TOO_LARGE, "The head has more than 64 header lines.");
            return PL_REQUEST_REFUSED;
        }
    }
    if (line_count == 0 && line_is_too_long(limit, refusal)) {
        return PL_REQUEST_REFUSED;
    }
    if (limit == PL_REQUEST_HEAD_MAX) {
        (void)pl_refuse(refusal, PL_CODES_HEAD_TOO_LARGE, "The head is larger than 16,384 bytes.");
        return PL_REQUEST_REFUSED;
    }
    return PL_REQUEST_MORE;
}

static bool is_token_byte(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        return true;
    }
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool read_method(struct pl_request *request, const char *name, struct pl_refusal *refusal)
{
    size_t size = 0;
    while (is_token_byte(name[size])) {
        size++;
    }
    if (size == 0 || name[size] != '\0') {
        return pl_refuse(refusal, PL_CODES_BAD_REQUEST, "The first line has no method.");
    }
    for (int i = 0; i < PL_METHOD_COUNT; i++) {
        if (strcmp(name, pl_method_name((enum pl_method)i)) == 0) {
            request->method = (enum pl_method)i;
            return true;
        }
    }
    return pl_refuse(refusal, PL_CODES_UNKNOWN_METHOD, "The method is none that is known here.");
}

/* `METHOD SP target SP HTTP/1.x`, with exactly these two spaces. */
static bool read_first_line(struct pl_request *request, char *line, struct pl_refusal *refusal)
{
    char *target = strchr(line, ' ');
    char *version = target != NULL ? strchr(target + 1, ' ') : NULL;
    if (version == NULL || strchr(version + 1, ' ') != NULL || strchr(line, '\t') != NULL) {
        return pl_refuse(refusal,
                         PL_CODES_BAD_REQUEST,
                         "The first line must be a method, an address and a version, with one "
                         "space between them.");
    }
    *target++ = '\0';
    *version++ = '\0';
    bool newer = strcmp(version, "HTTP/1.1") == 0;
    if (!newer && strcmp(version, "HTTP/1.0") != 0) {
        bool other = strncmp(version, "HTTP/", 5) == 0;
        return pl_refuse(refusal,
                         other ? PL_CODES_BAD_VERSION : PL_CODES_BAD_REQUEST,
                         "The version must be HTTP/1.1 or HTTP/1.0.");
    }
    request->keep_alive = newer;
    return read_method(request, line, refusal) && pl_target_read(&request->target, target, refusal);
}

static bool read_header(struct pl_request *request, char *line, struct pl_refusal *refusal)
{
    size_t size = 0;
    while (is_token_byte(line[size])) {
        size++;
    }
    if (size == 0 || line[size] != ':') {
        return pl_refuse(refusal,
                         PL_CODES_BAD_REQUEST,
                         "A header line must be a name, a colon directly after it, and a value; "
                         "no line may continue another one.");
    }
    char *value = line + size + 1;
    line[size] = '\0';
    value += strspn(value, " \t");
    size_t end = strlen(value);
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t')) {
        end--;
    }
    value[end] = '\0';
    PL_CHECK(request->header_count < PL_REQUEST_HEADERS_MAX);
    request->headers[request->header_count].name = line;
    request->headers[request->header_count++].value = value;
    return true;
}

static bool check_single_headers(const struct pl_request *request, struct pl_refusal *refusal)
{
    uint32_t seen = 0;
    for (uint32_t i = 0; i < request->header_count; i++) {
        for (uint32_t j = 0; j < sizeof single_headers / sizeof single_headers[0]; j++) {
            if (strcasecmp(request->headers[i].name, single_headers[j]) != 0) {
                continue;
            }
            if ((seen & 1u << j) != 0) {
                return pl_refuse(refusal,
                                 j == 0 ? PL_CODES_BAD_HOST : PL_CODES_BAD_REQUEST,
                                 "A header that may stand only once is repeated.");
            }
            seen |= 1u << j;
        }
    }
    return true;
}

static bool read_host(struct pl_request *request, struct pl_refusal *refusal)
{
    request->host = pl_request_header(request, "host");
    if (request->host == NULL || request->host[0] == '\0') {
        return pl_refuse(refusal, PL_CODES_BAD_HOST, "The request has no Host header.");
    }
    for (const char *at = request->host; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr(".-_:[]", *at) != NULL;
        if (!plain) {
            return pl_refuse(refusal,
                             PL_CODES_BAD_HOST,
                             "The Host header must be a name or address and a port.");
        }
    }
    return true;
}

/* Plain digits, at most 15 of them so that nothing can overflow; no sign, no list, no spaces. */
static bool read_length(const char *text, uint64_t *size)
{
    *size = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15 || text[digits] != '\0') {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        *size = *size * 10 + (uint64_t)(text[i] - '0');
    }
    return true;
}

static bool read_body_size(struct pl_request *request, struct pl_refusal *refusal)
{
    const char *length = pl_request_header(request, "content-length");
    const char *encoding = pl_request_header(request, "transfer-encoding");
    if (encoding != NULL && length != NULL) {
        return pl_refuse(refusal,
                         PL_CODES_BAD_REQUEST,
                         "The request has both Content-Length and Transfer-Encoding.");
    }
    if (encoding != NULL) {
        return pl_refuse(refusal,
                         PL_CODES_LENGTH_REQUIRED,
                         "Transfer-Encoding is not accepted; send the body with Content-Length.");
    }
    if (length != NULL && !read_length(length, &request->body_size)) {
        return pl_refuse(refusal, PL_CODES_BAD_REQUEST, "Content-Length must be plain digits.");
    }
    bool bodiless = pl_method_is_safe(request->method) || request->method == PL_METHOD_DELETE;
    if (bodiless && request->body_size > 0) {
        return pl_refuse(refusal, PL_CODES_BAD_REQUEST, "This method takes no body.");
    }
    if (!bodiless && length == NULL) {
        return pl_refuse(refusal, PL_CODES_LENGTH_REQUIRED, "A body needs a Content-Length.");
    }
    const char *coding = pl_request_header(request, "content-encoding");
    if (coding != NULL && strcasecmp(coding, "identity") != 0) {
        return pl_refuse(refusal, PL_CODES_WRONG_TYPE, "Compressed bodies are not accepted.");
    }
    return true;
}

static bool read_connection(struct pl_request *request, struct pl_refusal *refusal)
{
    const char *connection = pl_request_header(request, "connection");
    if (connection != NULL && strcasecmp(connection, "close") == 0) {
        request->keep_alive = false;
    }
    const char *expect = pl_request_header(request, "expect");
    if (expect == NULL) {
        return true;
    }
    if (strcasecmp(expect, "100-continue") != 0) {
        return pl_refuse(
            refusal, PL_CODES_EXPECTATION, "Only `Expect: 100-continue` is understood.");
    }
    request->expects_continue = request->body_size > 0;
    return true;
}

bool pl_request_read(struct pl_request *request,
                     char *head,
                     size_t size,
                     struct pl_refusal *refusal)
{
    PL_CHECK(request != NULL && head != NULL && refusal != NULL);
    PL_CHECK(size >= 2 && memcmp(head + size - 2, "\r\n", 2) == 0);
    memset(request, 0, sizeof *request);
    bool first = true;
    for (size_t at = 0; at + 2 < size;) {
        char *line = head + at;
        char *end = memchr(line, '\r', size - at);
        PL_CHECK(end != NULL);
        *end = '\0';
        at = (size_t)(end - head) + 2;
        bool read =
            first ? read_first_line(request, line, refusal) : read_header(request, line, refusal);
        if (!read) {
            return false;
        }
        first = false;
    }
    if (first) {
        return pl_refuse(refusal, PL_CODES_BAD_REQUEST, "The request begins with an empty line.");
    }
    return check_single_headers(request, refusal) && read_host(request, refusal) &&
           read_body_size(request, refusal) && read_connection(request, refusal);
}

const char *pl_request_header(const struct pl_request *request, const char *name)
{
    PL_CHECK(request != NULL && name != NULL);
    for (uint32_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            return request->headers[i].value;
        }
    }
    return NULL;
}
