// SPDX-License-Identifier: Apache-2.0
#include "server/target.h"

#include "base/check.h"

#include <string.h>

bool pl_refuse(struct pl_refusal *refusal, enum pl_codes_id code, const char *message)
{
    refusal->code = code;
    refusal->message = message;
    return false;
}

/* Value of a hexadecimal digit, -1 for anything else. */
static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that `%xx` stands for, -1 when it is none. */
static int escaped_byte(const char *text)
{
    int high = digit_of(text[1]);
    int low = high < 0 ? -1 : digit_of(text[2]);
    return low < 0 ? -1 : high * 16 + low;
}

/* Bytes of the UTF-8 character at `text`, 0 when it is not well formed. */
static uint32_t character_size(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80) {
        return 1;
    }
    uint32_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    for (uint32_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    /* Longer than needed, a surrogate, or above the last character. */
    unsigned char second = (unsigned char)text[1];
    bool odd = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
               (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    return odd ? 0 : size;
}

static bool is_utf8(const char *text)
{
    while (*text != '\0') {
        uint32_t size = character_size(text);
        if (size == 0) {
            return false;
        }
        text += size;
    }
    return true;
}

/* Decode the escapes of `text` in place; `plus` says that `+` is a space. */
static bool decode(char *text, bool plus)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        int byte = (unsigned char)*from;
        if (byte == '%') {
            byte = escaped_byte(from);
            from += 2;
        } else if (byte == '+' && plus) {
            byte = ' ';
        }
        if (byte < 0x20 || byte == 0x7f) {
            return false; /* broken escapes are -1 */
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return is_utf8(text);
}

/* RFC 3986 allows these unescaped in a path or query; everything else is escaped. */
static bool is_plain(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        return true;
    }
    return c != '\0' && strchr("-._~!$&'()*+,;=:@/%?[]", c) != NULL;
}

/* Escapes may not hide what separates parts: encoded `/`, `\` and NUL. */
static bool hides_a_separator(const char *path)
{
    for (const char *at = strchr(path, '%'); at != NULL; at = strchr(at + 1, '%')) {
        int byte = escaped_byte(at);
        if (byte == '/' || byte == '\\' || byte == 0) {
            return true;
        }
    }
    return false;
}

/* Every part of a decoded path is there and is no dots; a slash may stand at the end. */
static bool parts_are_sound(const char *path)
{
    for (const char *at = path; *at == '/';) {
        size_t size = strcspn(at + 1, "/");
        bool dots = (size == 1 && at[1] == '.') || (size == 2 && at[1] == '.' && at[2] == '.');
        if ((size == 0 && at[1] != '\0') || dots) {
            return false;
        }
        at += 1 + size;
    }
    return true;
}

static bool read_query(struct pl_target *target, char *query, struct pl_refusal *refusal)
{
    for (char *at = query; at != NULL && *at != '\0';) {
        char *next = strchr(at, '&');
        if (next != NULL) {
            *next++ = '\0';
        }
        if (target->field_count == PL_TARGET_FIELDS_MAX) {
            return pl_refuse(refusal, PL_CODES_BAD_PATH, "The query has more than 32 parameters.");
        }
        char *value = strchr(at, '=');
        if (value != NULL) {
            *value++ = '\0';
        }
        if (!decode(at, true) || (value != NULL && !decode(value, true))) {
            return pl_refuse(refusal,
                             PL_CODES_BAD_PATH,
                             "The query has a broken escape, a control character or is not UTF-8.");
        }
        target->fields[target->field_count].name = at;
        target->fields[target->field_count++].value = value != NULL ? value : "";
        at = next;
    }
    return true;
}

bool pl_target_read(struct pl_target *target, char *text, struct pl_refusal *refusal)
{
    PL_CHECK(target != NULL && text != NULL && refusal != NULL);
    memset(target, 0, sizeof *target);
    if (strlen(text) > PL_TARGET_SIZE_MAX) {
        return pl_refuse(
            refusal, PL_CODES_PATH_TOO_LONG, "The address is longer than 2,048 bytes.");
    }
    if (text[0] != '/') {
        return pl_refuse(refusal,
                         PL_CODES_BAD_PATH,
                         "The address must be a path that begins with a slash; this is no proxy.");
    }
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_plain(*at)) {
            return pl_refuse(
                refusal, PL_CODES_BAD_PATH, "The address has a byte that must be escaped.");
        }
    }
    char *query = strchr(text, '?');
    if (query != NULL) {
        *query++ = '\0';
    }
    if (hides_a_separator(text)) {
        return pl_refuse(
            refusal, PL_CODES_BAD_PATH, "The path hides a slash, a backslash or a NUL.");
    }
    if (!decode(text, false)) {
        return pl_refuse(refusal,
                         PL_CODES_BAD_PATH,
                         "The path has a broken escape, a control character or is not UTF-8.");
    }
    if (!parts_are_sound(text)) {
        return pl_refuse(
            refusal, PL_CODES_BAD_PATH, "The path has an empty part or one that is only dots.");
    }
    target->path = text;
    return read_query(target, query, refusal);
}

const char *pl_target_field(const struct pl_target *target, const char *name)
{
    PL_CHECK(target != NULL && name != NULL);
    for (uint32_t i = 0; i < target->field_count; i++) {
        if (strcmp(target->fields[i].name, name) == 0) {
            return target->fields[i].value;
        }
    }
    return NULL;
}
