// SPDX-License-Identifier: Apache-2.0
#include "server/response.h"

#include "base/check.h"
#include "text/json_out.h"

#include <inttypes.h>

/* Scripts, styles, fonts and connections from this server only, nothing inline, no frame around
 * it, and no HTML made from strings (Trusted Types). */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n";

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *pl_response_reason(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "";
}

static void put_header(struct pl_buf *buf, const char *name, const char *value)
{
    /* A line feed here would let a value write further headers. */
    for (const char *at = value; *at != '\0'; at++) {
        PL_CHECK((unsigned char)*at >= 0x20 && *at != 0x7f);
    }
    pl_buf_printf(buf, "%s: %s\r\n", name, value);
}

void pl_response_put_head(struct pl_buf *buf, const struct pl_response_def *def)
{
    PL_CHECK(buf != NULL && def != NULL);
    PL_CHECK(def->status >= 100 && def->status <= 599);
    pl_buf_printf(buf, "HTTP/1.1 %d %s\r\n", def->status, pl_response_reason(def->status));
    if (def->type != NULL) {
        put_header(buf, "Content-Type", def->type);
    }
    if (!def->streams && def->status != 304 && def->status != 204) {
        pl_buf_printf(buf, "Content-Length: %" PRIu64 "\r\n", def->body_size);
    }
    put_header(buf, "Cache-Control", def->cache != NULL ? def->cache : "no-store");
    for (uint32_t i = 0; i < def->header_count; i++) {
        put_header(buf, def->headers[i].name, def->headers[i].value);
    }
    if (def->request_id != NULL) {
        put_header(buf, "X-Request-Id", def->request_id);
    }
    pl_buf_puts(buf, security_headers);
    if (def->secure) {
        pl_buf_puts(buf, "Strict-Transport-Security: max-age=31536000\r\n");
    }
    pl_buf_puts(buf, def->keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

void pl_response_put_error(struct pl_buf *buf,
                           enum pl_codes_id code,
                           const char *message,
                           const char *hint,
                           const char *request_id)
{
    PL_CHECK(message != NULL && request_id != NULL);
    struct pl_json_out out;
    pl_json_out_begin(&out, buf);
    pl_json_out_object_begin(&out);
    pl_json_out_key(&out, "error");
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "code", pl_codes_name(code));
    pl_json_out_member_string(&out, "message", message);
    pl_json_out_key(&out, "hint");
    if (hint != NULL) {
        pl_json_out_string(&out, hint);
    } else {
        pl_json_out_null(&out);
    }
    pl_json_out_member_string(&out, "request_id", request_id);
    pl_json_out_object_end(&out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
}
