// SPDX-License-Identifier: Apache-2.0
#include "judge/scan.h"

#include <stdint.h>
#include <string.h>

struct pl_scan pl_scan_of(pl_slice text)
{
    return (struct pl_scan){.at = text.data, .end = text.data + text.size};
}

static void give_up(struct pl_scan *scan)
{
    scan->bad = true;
    scan->at = scan->end;
}

static void pass_space(struct pl_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r')) {
        scan->at++;
    }
}

enum pl_scan_kind pl_scan_peek(struct pl_scan *scan)
{
    pass_space(scan);
    if (scan->at >= scan->end) {
        return PL_SCAN_NOTHING;
    }
    switch (*scan->at) {
    case '{':
        return PL_SCAN_OBJECT;
    case '[':
        return PL_SCAN_ARRAY;
    case '"':
        return PL_SCAN_STRING;
    case 't':
        return PL_SCAN_TRUE;
    case 'f':
        return PL_SCAN_FALSE;
    case 'n':
        return PL_SCAN_NULL;
    default:
        break;
    }
    bool number = (*scan->at >= '0' && *scan->at <= '9') || *scan->at == '-';
    return number ? PL_SCAN_NUMBER : PL_SCAN_NOTHING;
}

bool pl_scan_enter(struct pl_scan *scan, enum pl_scan_kind kind)
{
    if (pl_scan_peek(scan) != kind || (kind != PL_SCAN_OBJECT && kind != PL_SCAN_ARRAY)) {
        return false;
    }
    scan->at++;
    return true;
}

/** Pass white space and at most one comma; false when `close` was passed or the text ended. */
static bool next_entry(struct pl_scan *scan, char close)
{
    pass_space(scan);
    if (scan->at < scan->end && *scan->at == ',') {
        scan->at++;
        pass_space(scan);
    }
    if (scan->at >= scan->end) {
        give_up(scan);
        return false;
    }
    if (*scan->at == close) {
        scan->at++;
        return false;
    }
    return true;
}

bool pl_scan_member(struct pl_scan *scan, pl_slice *key)
{
    if (!next_entry(scan, '}')) {
        return false;
    }
    *key = pl_scan_string(scan);
    pass_space(scan);
    if (scan->bad || scan->at >= scan->end || *scan->at != ':') {
        give_up(scan);
        return false;
    }
    scan->at++;
    if (pl_scan_peek(scan) == PL_SCAN_NOTHING) {
        give_up(scan);
        return false;
    }
    return true;
}

bool pl_scan_item(struct pl_scan *scan)
{
    if (!next_entry(scan, ']')) {
        return false;
    }
    if (pl_scan_peek(scan) == PL_SCAN_NOTHING) {
        give_up(scan);
        return false;
    }
    return true;
}

pl_slice pl_scan_string(struct pl_scan *scan)
{
    if (pl_scan_peek(scan) != PL_SCAN_STRING) {
        give_up(scan);
        return (pl_slice){.data = "", .size = 0};
    }
    const char *begin = ++scan->at;
    while (scan->at < scan->end && *scan->at != '"') {
        scan->at += *scan->at == '\\' && scan->at + 1 < scan->end ? 2 : 1;
    }
    if (scan->at >= scan->end) {
        give_up(scan);
        return (pl_slice){.data = "", .size = 0};
    }
    pl_slice text = {.data = begin, .size = (size_t)(scan->at - begin)};
    scan->at++;
    return text;
}

static double power_of_ten(int32_t exponent)
{
    double base = exponent < 0 ? 0.1 : 10.0;
    uint32_t left = exponent < 0 ? (uint32_t)-exponent : (uint32_t)exponent;
    double power = 1.0;
    for (; left > 0; left >>= 1) {
        power *= (left & 1) != 0 ? base : 1.0;
        base *= base;
    }
    return power;
}

/** Pass digits into a mantissa of at most 18 of them; returns how many were left out of it. */
static int32_t pass_digits(struct pl_scan *scan, uint64_t *mantissa, int32_t *passed)
{
    int32_t left_out = 0;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        if (*mantissa < UINT64_C(100000000000000000)) {
            *mantissa = *mantissa * 10 + (uint64_t)(*scan->at - '0');
            *passed += 1;
        } else {
            left_out++;
        }
        scan->at++;
    }
    return left_out;
}

static int32_t pass_exponent(struct pl_scan *scan)
{
    if (scan->at >= scan->end || (*scan->at != 'e' && *scan->at != 'E')) {
        return 0;
    }
    scan->at++;
    bool negative = scan->at < scan->end && *scan->at == '-';
    if (scan->at < scan->end && (*scan->at == '-' || *scan->at == '+')) {
        scan->at++;
    }
    int32_t exponent = 0;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        exponent = exponent < 400 ? exponent * 10 + (*scan->at - '0') : exponent;
        scan->at++;
    }
    return negative ? -exponent : exponent;
}

double pl_scan_number(struct pl_scan *scan)
{
    if (pl_scan_peek(scan) != PL_SCAN_NUMBER) {
        give_up(scan);
        return 0.0;
    }
    bool negative = *scan->at == '-';
    scan->at += negative ? 1 : 0;
    uint64_t mantissa = 0;
    int32_t whole = 0;
    int32_t exponent = pass_digits(scan, &mantissa, &whole);
    if (scan->at < scan->end && *scan->at == '.') {
        scan->at++;
        int32_t fraction = 0;
        (void)pass_digits(scan, &mantissa, &fraction);
        exponent -= fraction;
    }
    exponent += pass_exponent(scan);
    double value = (double)mantissa;
    if (exponent < 0 && exponent >= -22) {
        value /= power_of_ten(-exponent); // exact power: one rounding only
    } else if (exponent != 0) {
        value *= power_of_ten(exponent);
    }
    value = value > 1e300 ? 1e300 : value;
    return negative ? -value : value;
}

/** Pass an object or array by its brackets alone. */
static void pass_nested(struct pl_scan *scan)
{
    uint32_t depth = 0;
    while (scan->at < scan->end) {
        char c = *scan->at;
        if (c == '"') {
            (void)pl_scan_string(scan);
            continue;
        }
        scan->at++;
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
            if (depth == 0) {
                return;
            }
        }
    }
    give_up(scan);
}

void pl_scan_skip(struct pl_scan *scan)
{
    switch (pl_scan_peek(scan)) {
    case PL_SCAN_OBJECT:
    case PL_SCAN_ARRAY:
        pass_nested(scan);
        return;
    case PL_SCAN_STRING:
        (void)pl_scan_string(scan);
        return;
    case PL_SCAN_NUMBER:
        (void)pl_scan_number(scan);
        return;
    case PL_SCAN_TRUE:
    case PL_SCAN_FALSE:
    case PL_SCAN_NULL:
        while (scan->at < scan->end && *scan->at >= 'a' && *scan->at <= 'z') {
            scan->at++;
        }
        return;
    case PL_SCAN_NOTHING:
    default:
        give_up(scan);
        return;
    }
}

bool pl_scan_is(pl_slice slice, const char *text)
{
    return strlen(text) == slice.size && memcmp(slice.data, text, slice.size) == 0;
}
