// SPDX-License-Identifier: Apache-2.0
//
// Errors are made in one place, so that every message is bounded, terminated and cut between
// characters, never inside one.
#include "base/error.h"

#include "base/buf.h"
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_code;
    int http;
} status_table[] = {
#define X(constant, name, exit_code, http) {name, exit_code, http},
    PL_STATUS_MAP(X)
#undef X
};

enum { STATUS_COUNT = sizeof status_table / sizeof status_table[0] };

/* Shorten a text that was cut at its limit so that it does not end inside a UTF-8 character. */
static void cut_between_characters(char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0U) == 0x80U) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (size - (start - 1) < need) {
        text[start - 1] = '\0';
    }
}

/* Replace control characters by `?`: a message quotes files, and those may hold terminal escapes.
 * The C1 controls are two bytes in UTF-8, 0xc2 and 0x80..0x9f. */
static void remove_controls(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)at[0];
        unsigned char next = (unsigned char)at[1];
        if (byte < 0x20 || byte == 0x7f) {
            *at = '?';
        } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
            at[0] = '?';
            at[1] = '?';
        }
    }
}

static void
fill(pl_error *err, pl_status status, const pl_pos *pos, const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

static void
fill(pl_error *err, pl_status status, const pl_pos *pos, const char *format, va_list arguments)
{
    err->status = status;
    if (pos != NULL) {
        err->pos = *pos;
        err->pos.path[PL_ERROR_PATH_MAX - 1] = '\0';
    } else {
        memset(&err->pos, 0, sizeof err->pos);
    }
    int length = vsnprintf(err->message, sizeof err->message, format, arguments);
    PL_CHECK(length >= 0);
    if ((size_t)length >= sizeof err->message) {
        cut_between_characters(err->message, sizeof err->message - 1);
    }
    remove_controls(err->message);
}

pl_status pl_fail(pl_error *err, pl_status status, const pl_pos *pos, const char *format, ...)
{
    PL_CHECK(status != PL_OK);
    PL_CHECK(format != NULL);
    if (err != NULL && err->status == PL_OK) {
        va_list arguments;
        va_start(arguments, format);
        fill(err, status, pos, format, arguments);
        va_end(arguments);
    }
    return status;
}

void pl_errors_add(
    struct pl_errors *errors, pl_status status, const pl_pos *pos, const char *format, ...)
{
    PL_CHECK(errors != NULL);
    PL_CHECK(status != PL_OK);
    PL_CHECK(format != NULL);
    if (errors->count < PL_ERRORS_MAX) {
        va_list arguments;
        va_start(arguments, format);
        fill(&errors->items[errors->count], status, pos, format, arguments);
        va_end(arguments);
    }
    if (errors->count < UINT32_MAX) {
        errors->count++;
    }
}

const char *pl_status_name(pl_status status)
{
    PL_CHECK((unsigned)status < STATUS_COUNT);
    return status_table[status].name;
}

int pl_status_exit_code(pl_status status)
{
    PL_CHECK((unsigned)status < STATUS_COUNT);
    return status_table[status].exit_code;
}

int pl_status_http(pl_status status)
{
    PL_CHECK((unsigned)status < STATUS_COUNT);
    return status_table[status].http;
}

void pl_error_format(const pl_error *err, char *text, uint32_t size)
{
    PL_CHECK(err != NULL);
    PL_CHECK(text != NULL);
    PL_CHECK(size >= 1);
    struct pl_buf buf;
    pl_buf_init(&buf, text, size);
    if (err->pos.path[0] != '\0') {
        pl_buf_printf(&buf, "%s:", err->pos.path);
    }
    if (err->pos.line > 0) {
        pl_buf_printf(&buf, "%u:", err->pos.line);
        if (err->pos.column > 0) {
            pl_buf_printf(&buf, "%u:", err->pos.column);
        }
    }
    if (buf.size > 0) {
        pl_buf_puts(&buf, " ");
    }
    pl_buf_puts(&buf, err->message);
    if (buf.overflow) {
        cut_between_characters(text, buf.size);
    }
}
