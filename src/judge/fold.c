// SPDX-License-Identifier: Apache-2.0
#include "judge/fold.h"

#include "base/check.h"
#include "base/hash.h"
#include "judge/scan.h"

#include <stdbool.h>
#include <string.h>

/** What a run of letters and digits is made of. */
struct token {
    uint32_t letters;
    uint32_t digits;
    uint32_t vowels;
    uint32_t changes; /* from letter to digit or back */
    bool digit_first;
    bool hex; /* nothing but 0-9a-f */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_vowel(char c)
{
    return memchr("aeiouyAEIOUY", c, 12) != NULL;
}

static struct token measure(const char *text, size_t size)
{
    struct token token = {.digit_first = is_digit(text[0]), .hex = true};
    for (size_t i = 0; i < size; i++) {
        bool digit = is_digit(text[i]);
        token.digits += digit ? 1 : 0;
        token.letters += digit ? 0 : 1;
        token.vowels += !digit && is_vowel(text[i]) ? 1 : 0;
        token.hex = token.hex && (digit || (text[i] >= 'a' && text[i] <= 'f'));
        token.changes += i > 0 && digit != is_digit(text[i - 1]) ? 1 : 0;
    }
    return token;
}

enum verdict { KEEP, RANDOM, NUMBER, NUMBER_AND_UNIT };

static enum verdict judge_token(const struct token *token, char first)
{
    uint32_t size = token->letters + token->digits;
    if (token->letters == 0) {
        return NUMBER;
    }
    if (token->digits == 0) {
        return size >= 5 && token->vowels == 0 ? RANDOM : KEEP; // pod names have no vowels
    }
    if (token->hex && size >= 7) {
        return RANDOM;
    }
    if (token->changes > 1) {
        return token->vowels * 5 < token->letters ? RANDOM : KEEP; // HttpLatencyP99High is a word
    }
    if (token->digit_first) {
        return token->letters <= 3 ? NUMBER_AND_UNIT : RANDOM;
    }
    if (token->letters == 1) {
        return first == 'p' || first == 'v' ? KEEP : RANDOM;
    }
    bool name = size < 5 || token->vowels > 0;
    return name && token->digits <= 2 ? KEEP : RANDOM;
}

struct out {
    char *text;
    size_t size;
    size_t used;
};

static void put(struct out *out, const char *bytes, size_t count)
{
    size_t room = out->size - 1 - out->used;
    count = count < room ? count : room;
    memcpy(out->text + out->used, bytes, count);
    out->used += count;
}

/** A number swallows its decimals. */
static size_t pass_decimals(pl_slice name, size_t at)
{
    while (at + 1 < name.size && name.data[at] == '.' && is_digit(name.data[at + 1])) {
        at++;
        while (at < name.size && is_digit(name.data[at])) {
            at++;
        }
    }
    return at;
}

static size_t fold_token(pl_slice name, size_t at, struct out *out)
{
    size_t end = at;
    while (end < name.size && (is_digit(name.data[end]) || is_letter(name.data[end]))) {
        end++;
    }
    struct token token = measure(name.data + at, end - at);
    switch (judge_token(&token, name.data[at])) {
    case RANDOM:
        put(out, "*", 1);
        return end;
    case NUMBER:
        put(out, "#", 1);
        return pass_decimals(name, end);
    case NUMBER_AND_UNIT:
        put(out, "#", 1);
        put(out, name.data + at + token.digits, token.letters);
        return end;
    case KEEP:
    default:
        put(out, name.data + at, end - at);
        return end;
    }
}

size_t pl_fold(pl_slice name, char *text, size_t size)
{
    PL_CHECK(size >= 1);
    struct out out = {.text = text, .size = size};
    // A status code that stands alone is a name.
    bool code = name.size == 3 && name.data[0] >= '1' && name.data[0] <= '5' &&
                is_digit(name.data[1]) && is_digit(name.data[2]);
    if (code) {
        put(&out, name.data, 3);
        text[out.used] = '\0';
        return out.used;
    }
    for (size_t at = 0; at < name.size && out.used + 1 < size;) {
        char c = name.data[at];
        if (is_digit(c) || is_letter(c)) {
            at = fold_token(name, at, &out);
        } else {
            put(&out, &c, 1);
            at++;
        }
    }
    text[out.used] = '\0';
    return out.used;
}

bool pl_fold_number(pl_slice text, size_t *at, double *value)
{
    size_t i = *at;
    while (i < text.size) {
        if (!is_digit(text.data[i])) {
            // A letter takes the digits behind it along: they are part of its word.
            bool letter = is_letter(text.data[i]);
            i++;
            while (letter && i < text.size && (is_digit(text.data[i]) || is_letter(text.data[i]))) {
                i++;
            }
            continue;
        }
        size_t end = i;
        while (end < text.size && is_digit(text.data[end])) {
            end++;
        }
        end = pass_decimals(text, end);
        struct pl_scan scan = pl_scan_of((pl_slice){.data = text.data + i, .size = end - i});
        *value = pl_scan_number(&scan);
        *at = end;
        return true;
    }
    *at = text.size;
    return false;
}

uint64_t pl_fold_key(uint64_t parent, const char *text, size_t size)
{
    pl_hash128 hash = pl_hash_bytes(text, size, parent);
    return hash.low ^ hash.high;
}
