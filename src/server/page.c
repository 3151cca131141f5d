// SPDX-License-Identifier: Apache-2.0
#include "server/page.h"

#include "base/check.h"

#include <string.h>

static const char style[] =
    ":root{color-scheme:dark light;--back:#0f1418;--fore:#dfe7ec;--dim:#93a4b0;--line:#2a343c;"
    "--field:#171e24;--link:#6fb7ff}\n"
    "@media(prefers-color-scheme:light){:root{--back:#fbfcfd;--fore:#17212a;--dim:#51626f;"
    "--line:#d5dde3;--field:#eff3f6;--link:#0a5bb0}}\n"
    "body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:58rem;background:var(--back);"
    "color:var(--fore);font:16px/1.55 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.5rem}a{color:var(--link)}\n"
    "code,pre,input,td.code{font-family:ui-monospace,monospace;font-size:.9rem}\n"
    "pre{background:var(--field);border:1px solid var(--line);border-radius:6px;padding:.75rem "
    "1rem;"
    "overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line)}\n"
    "td.number{text-align:right;font-variant-numeric:tabular-nums}.dim{color:var(--dim)}\n"
    "label{display:block;margin:1rem 0 .25rem}input{width:22rem;max-width:100%;padding:.5rem;"
    "background:var(--field);color:inherit;border:1px solid var(--line);border-radius:6px}\n"
    "button{margin-top:1.25rem;padding:.55rem 1.25rem;font:inherit;border-radius:6px;"
    "border:1px solid var(--line);background:var(--link);color:var(--back);cursor:pointer}\n"
    ":focus-visible{outline:2px solid var(--link);outline-offset:2px}\n";

void pl_page_put_text(struct pl_buf *buf, const char *text)
{
    PL_CHECK(buf != NULL && text != NULL);
    for (const char *at = text; *at != '\0'; at++) {
        switch (*at) {
        case '&':
            pl_buf_puts(buf, "&amp;");
            break;
        case '<':
            pl_buf_puts(buf, "&lt;");
            break;
        case '>':
            pl_buf_puts(buf, "&gt;");
            break;
        case '"':
            pl_buf_puts(buf, "&quot;");
            break;
        case '\'':
            pl_buf_puts(buf, "&#39;");
            break;
        default:
            pl_buf_put(buf, at, 1);
            break;
        }
    }
}

void pl_page_begin(struct pl_buf *buf, const char *title)
{
    pl_buf_puts(buf,
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<link rel=\"icon\" href=\"data:,\">\n"
                "<link rel=\"stylesheet\" href=\"/page.css\">\n<title>");
    pl_page_put_text(buf, title);
    pl_buf_puts(buf, " - Plumbline</title>\n</head>\n<body>\n<main>\n<h1>");
    pl_page_put_text(buf, title);
    pl_buf_puts(buf, "</h1>\n");
}

void pl_page_end(struct pl_buf *buf)
{
    pl_buf_puts(buf, "</main>\n</body>\n</html>\n");
}

void pl_page_reply(struct pl_http_request *request, int status, const struct pl_buf *page)
{
    PL_CHECK(!page->overflow);
    const struct pl_http_answer answer = {
        .status = status,
        .type = "text/html; charset=utf-8",
        .body = {page->data, page->size},
    };
    pl_http_reply_with(request, &answer);
}

void pl_page_tell(struct pl_http_request *request, int status, const char *title, const char *html)
{
    char memory[8192];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_page_begin(&buf, title);
    pl_buf_puts(&buf, html);
    pl_page_end(&buf);
    pl_page_reply(request, status, &buf);
}

void pl_page_style(void *context, struct pl_http_request *request)
{
    (void)context;
    const struct pl_http_answer answer = {
        .status = 200,
        .type = "text/css; charset=utf-8",
        .body = {style, sizeof style - 1},
        .cache = "max-age=3600",
    };
    pl_http_reply_with(request, &answer);
}
