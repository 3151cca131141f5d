// SPDX-License-Identifier: Apache-2.0
//
// Pages that the server writes itself, for when the client cannot: plain HTML, one style sheet, no
// script. Whatever comes from outside is escaped.
#ifndef PL_SERVER_PAGE_H
#define PL_SERVER_PAGE_H

#include "server/http.h"

enum { PL_PAGE_MAX = 1 << 18 /* bytes of a page with its terminator */ };

/** Append text with what HTML gives a meaning escaped. */
void pl_page_put_text(struct pl_buf *buf, const char *text);

/** Append the begin of a page: title and heading. */
void pl_page_begin(struct pl_buf *buf, const char *title);

/** Append the end of a page. */
void pl_page_end(struct pl_buf *buf);

/** Answer with a page; it must fit its buffer (checked). The request is taken. */
void pl_page_reply(struct pl_http_request *request, int status, const struct pl_buf *page);

/** Answer with a page of a title and paragraphs of HTML. The request is taken. */
void pl_page_tell(struct pl_http_request *request, int status, const char *title, const char *html);

/** Answer with the style sheet of the pages, for the route `/page.css`. */
void pl_page_style(void *context, struct pl_http_request *request);

#endif
