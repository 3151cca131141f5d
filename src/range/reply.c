// SPDX-License-Identifier: Apache-2.0
#include "range/reply.h"

#include "base/check.h"

#include <string.h>
#include <strings.h>

/* Value of a header line when it is `name`, else NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t size = strlen(name);
    if (strncasecmp(line, name, size) != 0 || line[size] != ':') {
        return NULL;
    }
    const char *value = line + size + 1;
    while (*value == ' ' || *value == '\t') {
        value++;
    }
    return value;
}

/* Digits only, at most 15 of them; false for anything else. */
static bool read_number(const char *text, uint64_t *number)
{
    *number = 0;
    uint32_t digits = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        *number = *number * 10 + (uint64_t)(*text - '0');
        if (++digits > 15) {
            return false;
        }
    }
    return digits > 0 && (*text == '\0' || *text == ' ' || *text == '\t');
}

static void read_line(struct pl_reply *reply, const char *line)
{
    const char *value = value_of(line, "content-length");
    if (value != NULL && !read_number(value, &reply->body_left)) {
        reply->phase = PL_REPLY_BROKEN;
    }
    value = value_of(line, "connection");
    if (value != NULL && strcasecmp(value, "close") == 0) {
        reply->close = 1;
    }
    if (value_of(line, "transfer-encoding") != NULL) {
        reply->phase = PL_REPLY_BROKEN;
    }
}

static void read_status(struct pl_reply *reply, const char *line)
{
    uint64_t status = 0;
    if (strncmp(line, "HTTP/1.", 7) != 0 || strlen(line) < 12 || line[8] != ' ') {
        reply->phase = PL_REPLY_BROKEN;
        return;
    }
    char digits[4] = {line[9], line[10], line[11], '\0'};
    if (!read_number(digits, &status) || status < 200 || status > 599) {
        reply->phase = PL_REPLY_BROKEN;
        return;
    }
    reply->status = (uint32_t)status;
    reply->close = line[7] == '0' ? 1 : 0;
}

/* The head is complete: cut it into lines and read them. */
static void read_head(struct pl_reply *reply)
{
    reply->phase = PL_REPLY_BODY;
    reply->head[reply->head_size - 4] = '\0';
    char *line = reply->head;
    for (uint32_t number = 0; line != NULL && reply->phase != PL_REPLY_BROKEN; number++) {
        char *end = strstr(line, "\r\n");
        if (end != NULL) {
            *end = '\0';
        }
        if (number == 0) {
            read_status(reply, line);
        } else {
            read_line(reply, line);
        }
        line = end == NULL ? NULL : end + 2;
    }
    if (reply->phase == PL_REPLY_BODY && reply->body_left == 0) {
        reply->phase = PL_REPLY_DONE;
    }
}

/* Take one byte of the head. */
static void take_head(struct pl_reply *reply, char byte)
{
    if (reply->head_size == PL_REPLY_HEAD_MAX || byte == '\0') {
        reply->phase = PL_REPLY_BROKEN;
        return;
    }
    reply->head[reply->head_size++] = byte;
    if (reply->head_size >= 4 && memcmp(reply->head + reply->head_size - 4, "\r\n\r\n", 4) == 0) {
        read_head(reply);
    }
}

size_t pl_reply_take(struct pl_reply *reply, const char *bytes, size_t size)
{
    PL_CHECK(reply->phase == PL_REPLY_HEAD || reply->phase == PL_REPLY_BODY);
    size_t taken = 0;
    while (taken < size && reply->phase == PL_REPLY_HEAD) {
        take_head(reply, bytes[taken++]);
    }
    if (reply->phase == PL_REPLY_BODY) {
        size_t left = size - taken;
        size_t part = left < reply->body_left ? left : (size_t)reply->body_left;
        reply->body_left -= part;
        taken += part;
        if (reply->body_left == 0) {
            reply->phase = PL_REPLY_DONE;
        }
    }
    return taken;
}
