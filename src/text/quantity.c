// SPDX-License-Identifier: Apache-2.0
#include "text/quantity.h"

#include "base/check.h"
#include "text/excerpt.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* An unsigned decimal as written: digits / 10^decimals. */
struct decimal {
    int64_t digits;
    uint32_t decimals; /* 0..PL_QUANTITY_DIGITS_MAX */
};

/* A unit and what one of it is worth. */
struct unit {
    const char *name;
    int64_t worth;
};

static const struct unit duration_units[] = {
    {"d", INT64_C(86400000000000)},
    {"h", INT64_C(3600000000000)},
    {"m", INT64_C(60000000000)},
    {"s", INT64_C(1000000000)},
    {"ms", INT64_C(1000000)},
    {"us", INT64_C(1000)},
    {"ns", INT64_C(1)},
};

static const struct unit size_units[] = {
    {"B", INT64_C(1)},
    {"KB", INT64_C(1000)},
    {"MB", INT64_C(1000000)},
    {"GB", INT64_C(1000000000)},
    {"TB", INT64_C(1000000000000)},
    {"KiB", INT64_C(1) << 10},
    {"MiB", INT64_C(1) << 20},
    {"GiB", INT64_C(1) << 30},
    {"TiB", INT64_C(1) << 40},
};

static const struct unit count_units[] = {
    {"", INT64_C(1)},
    {"k", INT64_C(1000)},
    {"M", INT64_C(1000000)},
    {"G", INT64_C(1000000000)},
};

static const struct unit rate_units[] = {
    {"/s", INT64_C(1)},
    {"/m", INT64_C(60)},
    {"/h", INT64_C(3600)},
    {"/d", INT64_C(86400)},
};

#define COUNT_OF(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int64_t power_of_ten(uint32_t exponent)
{
    PL_CHECK(exponent <= 18);
    int64_t power = 1;
    for (uint32_t i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

/* Take `12` or `12.5` from the front of `rest`; false when there is none or it is too long. */
static bool take_decimal(pl_slice *rest, struct decimal *out)
{
    *out = (struct decimal){0, 0};
    uint32_t significant = 0;
    size_t at = 0;
    bool fraction = false;
    for (; at < rest->size; at++) {
        char c = rest->data[at];
        if (c == '.' && !fraction && at > 0) {
            fraction = true;
            continue;
        }
        if (!is_digit(c)) {
            break;
        }
        significant += significant > 0 || c != '0';
        out->decimals += fraction;
        if (significant > PL_QUANTITY_DIGITS_MAX || out->decimals > PL_QUANTITY_DIGITS_MAX) {
            return false;
        }
        out->digits = out->digits * 10 + (c - '0');
    }
    if (at == 0 || rest->data[at - 1] == '.') {
        return false;
    }
    rest->data += at;
    rest->size -= at;
    return true;
}

/* Both parts are exact doubles, so the quotient is the double nearest to what is written. */
static double decimal_value(struct decimal decimal)
{
    return (double)decimal.digits / (double)power_of_ten(decimal.decimals);
}

/* decimal * worth as an integer; false when it is no whole number or does not fit. */
static pl_status decimal_times(struct decimal decimal, int64_t worth, int64_t *out)
{
    int64_t divisor = power_of_ten(decimal.decimals);
    while (divisor > 1 && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        divisor /= 10;
    }
    /* Cancel first: 1.5 TiB = 15 * 2^40 / 10 = (15 / 5) * 2^39 stays whole and small. */
    int64_t a = worth;
    int64_t b = divisor;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    PL_CHECK(a > 0);
    worth /= a;
    divisor /= a;
    PL_CHECK(divisor > 0);
    if (decimal.digits % divisor != 0) {
        return PL_BAD_INPUT;
    }
    return __builtin_mul_overflow(decimal.digits / divisor, worth, out) ? PL_LIMIT : PL_OK;
}

/* Take the longest leading run that is no digit and find it in a table; NULL when unknown. */
static const struct unit *take_unit(pl_slice *rest, const struct unit *units, uint32_t unit_count)
{
    size_t size = 0;
    while (size < rest->size && !is_digit(rest->data[size])) {
        size++;
    }
    pl_slice name = {rest->data, size};
    for (uint32_t i = 0; i < unit_count; i++) {
        if (pl_slice_equal(name, pl_slice_of(units[i].name))) {
            rest->data += size;
            rest->size -= size;
            return &units[i];
        }
    }
    return NULL;
}

static pl_status expected(pl_slice text, const pl_pos *pos, const char *what, pl_error *err)
{
    return pl_fail(err, PL_BAD_INPUT, pos, "`%s` is not %s", pl_excerpt_of(text).text, what);
}

static pl_status read_duration(pl_slice text, int64_t *ns)
{
    *ns = 0;
    if (pl_slice_equal(text, pl_slice_of("0"))) {
        return PL_OK;
    }
    pl_slice rest = text;
    int64_t smallest = INT64_MAX;
    do {
        struct decimal decimal;
        if (!take_decimal(&rest, &decimal)) {
            return PL_BAD_INPUT;
        }
        const struct unit *unit = take_unit(&rest, duration_units, COUNT_OF(duration_units));
        if (unit == NULL || unit->worth >= smallest || (decimal.decimals > 0 && rest.size > 0)) {
            return PL_BAD_INPUT;
        }
        smallest = unit->worth;
        int64_t part;
        pl_status status = decimal_times(decimal, unit->worth, &part);
        if (status != PL_OK) {
            return status;
        }
        if (part > PL_QUANTITY_DURATION_MAX_NS - *ns) {
            return PL_LIMIT;
        }
        *ns += part;
    } while (rest.size > 0);
    return PL_OK;
}

static pl_status
duration_error(pl_status status, pl_slice text, const pl_pos *pos, const char *what, pl_error *err)
{
    if (status == PL_LIMIT) {
        return pl_fail(err,
                       PL_LIMIT,
                       pos,
                       "`%s` is longer than 100 years, the longest duration",
                       pl_excerpt_of(text).text);
    }
    return status == PL_OK ? PL_OK : expected(text, pos, what, err);
}

pl_status pl_quantity_duration(pl_slice text, const pl_pos *pos, int64_t *ns, pl_error *err)
{
    PL_CHECK(ns != NULL);
    return duration_error(read_duration(text, ns),
                          text,
                          pos,
                          "a duration; expected a number with a unit, such as 150ms, 30s or 2m30s",
                          err);
}

/* Take a leading sign: -1 or 1. */
static int take_sign(pl_slice *rest)
{
    if (rest->size > 0 && (rest->data[0] == '-' || rest->data[0] == '+')) {
        int sign = rest->data[0] == '-' ? -1 : 1;
        rest->data++;
        rest->size--;
        return sign;
    }
    return 1;
}

pl_status pl_quantity_offset(pl_slice text, const pl_pos *pos, int64_t *ns, pl_error *err)
{
    PL_CHECK(ns != NULL);
    pl_slice rest = text;
    int sign = take_sign(&rest);
    pl_status status = read_duration(rest, ns);
    *ns *= sign;
    return duration_error(
        status, text, pos, "an offset; expected a signed duration, such as -7m or 30s", err);
}

pl_status pl_quantity_rate(pl_slice text, const pl_pos *pos, double *per_second, pl_error *err)
{
    PL_CHECK(per_second != NULL);
    static const char what[] = "a rate; expected a number per s, m, h or d, such as 220/s";
    *per_second = 0.0;
    pl_slice rest = text;
    struct decimal decimal;
    if (!take_decimal(&rest, &decimal)) {
        return expected(text, pos, what, err);
    }
    double scale = 1.0;
    if (rest.size > 0 && (rest.data[0] == 'k' || rest.data[0] == 'M')) {
        scale = rest.data[0] == 'k' ? 1e3 : 1e6;
        rest.data++;
        rest.size--;
    }
    const struct unit *unit = take_unit(&rest, rate_units, COUNT_OF(rate_units));
    if (unit == NULL || rest.size > 0) {
        return expected(text, pos, what, err);
    }
    *per_second = (double)decimal.digits * scale /
                  ((double)power_of_ten(decimal.decimals) * (double)unit->worth);
    return PL_OK;
}

pl_status pl_quantity_percent(pl_slice text, const pl_pos *pos, double *fraction, pl_error *err)
{
    PL_CHECK(fraction != NULL);
    *fraction = 0.0;
    pl_slice rest = text;
    struct decimal decimal;
    if (!take_decimal(&rest, &decimal) || !pl_slice_equal(rest, pl_slice_of("%"))) {
        return expected(text, pos, "a percentage; expected a number with %, such as 0.1%", err);
    }
    if (decimal.digits > 100 * power_of_ten(decimal.decimals)) {
        return pl_fail(err, PL_LIMIT, pos, "`%s` is more than 100%%", pl_excerpt_of(text).text);
    }
    /* One division by a power of ten that is an exact double: 0.1% is the double nearest 0.001. */
    *fraction = (double)decimal.digits / (double)power_of_ten(decimal.decimals + 2);
    return PL_OK;
}

static pl_status
read_whole(pl_slice text, const struct unit *units, uint32_t unit_count, int64_t *value)
{
    *value = 0;
    pl_slice rest = text;
    struct decimal decimal;
    if (!take_decimal(&rest, &decimal)) {
        return PL_BAD_INPUT;
    }
    const struct unit *unit = take_unit(&rest, units, unit_count);
    if (unit == NULL || rest.size > 0) {
        return PL_BAD_INPUT;
    }
    return decimal_times(decimal, unit->worth, value);
}

static pl_status
whole_error(pl_status status, pl_slice text, const pl_pos *pos, const char *what, pl_error *err)
{
    if (status == PL_LIMIT) {
        return pl_fail(err, PL_LIMIT, pos, "`%s` is too large a number", pl_excerpt_of(text).text);
    }
    return status == PL_OK ? PL_OK : expected(text, pos, what, err);
}

pl_status pl_quantity_size(pl_slice text, const pl_pos *pos, int64_t *bytes, pl_error *err)
{
    PL_CHECK(bytes != NULL);
    return whole_error(read_whole(text, size_units, COUNT_OF(size_units), bytes),
                       text,
                       pos,
                       "a size; expected whole bytes with a unit, such as 64MB or 1.5GiB",
                       err);
}

pl_status pl_quantity_count(pl_slice text, const pl_pos *pos, int64_t *count, pl_error *err)
{
    PL_CHECK(count != NULL);
    return whole_error(read_whole(text, count_units, COUNT_OF(count_units), count),
                       text,
                       pos,
                       "a count; expected a whole number, such as 16, 10k or 2.5M",
                       err);
}

pl_status pl_quantity_number(pl_slice text, const pl_pos *pos, double *value, pl_error *err)
{
    PL_CHECK(value != NULL);
    *value = 0.0;
    pl_slice rest = text;
    int sign = take_sign(&rest);
    struct decimal decimal;
    if (!take_decimal(&rest, &decimal) || rest.size > 0) {
        return expected(text, pos, "a number; expected a decimal such as 12 or 0.25", err);
    }
    *value = sign < 0 && decimal.digits != 0 ? -decimal_value(decimal) : decimal_value(decimal);
    return PL_OK;
}

/* Take two digits below `limit`. */
static bool take_two_digits(pl_slice *rest, int32_t limit, int32_t *out)
{
    if (rest->size < 2 || !is_digit(rest->data[0]) || !is_digit(rest->data[1])) {
        return false;
    }
    *out = (rest->data[0] - '0') * 10 + (rest->data[1] - '0');
    rest->data += 2;
    rest->size -= 2;
    return *out < limit;
}

static bool take_colon(pl_slice *rest)
{
    if (rest->size == 0 || rest->data[0] != ':') {
        return false;
    }
    rest->data++;
    rest->size--;
    return true;
}

pl_status pl_quantity_clock(pl_slice text, const pl_pos *pos, int32_t *seconds, pl_error *err)
{
    PL_CHECK(seconds != NULL);
    *seconds = 0;
    pl_slice rest = text;
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    bool good = take_two_digits(&rest, 24, &hour) && take_colon(&rest) &&
                take_two_digits(&rest, 60, &minute);
    if (good && rest.size > 0) {
        good = take_colon(&rest) && take_two_digits(&rest, 60, &second) && rest.size == 0;
    }
    if (!good) {
        return expected(text, pos, "a time of day; expected hours and minutes like 09:05", err);
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return PL_OK;
}

/* Write ns as a decimal of one unit without trailing zeros: 1.5s, 250ms. */
static void put_decimal(struct pl_buf *buf, int64_t ns, const struct unit *unit)
{
    pl_buf_printf(buf, "%lld", (long long)(ns / unit->worth));
    int64_t rest = ns % unit->worth;
    if (rest > 0) {
        char digits[20];
        int width = 0;
        for (int64_t worth = unit->worth; worth > 1; worth /= 10) {
            width++;
        }
        struct pl_buf small;
        pl_buf_init(&small, digits, sizeof digits);
        pl_buf_printf(&small, "%0*lld", width, (long long)rest);
        while (digits[small.size - 1] == '0') {
            small.size--;
        }
        pl_buf_puts(buf, ".");
        pl_buf_put(buf, digits, small.size);
    }
    pl_buf_puts(buf, unit->name);
}

void pl_quantity_put_duration(struct pl_buf *buf, int64_t ns)
{
    PL_CHECK(buf != NULL);
    PL_CHECK(ns >= -PL_QUANTITY_DURATION_MAX_NS && ns <= PL_QUANTITY_DURATION_MAX_NS);
    if (ns < 0) {
        pl_buf_puts(buf, "-");
        ns = -ns;
    }
    if (ns == 0) {
        pl_buf_puts(buf, "0s");
        return;
    }
    const struct unit *second = &duration_units[3];
    if (ns < second->worth) {
        const struct unit *unit = second + 1;
        while (ns < unit->worth) {
            unit++;
        }
        put_decimal(buf, ns, unit);
        return;
    }
    for (const struct unit *unit = duration_units; unit < second; unit++) {
        if (ns >= unit->worth) {
            pl_buf_printf(buf, "%lld%s", (long long)(ns / unit->worth), unit->name);
            ns %= unit->worth;
        }
    }
    if (ns >= second->worth || ns > 0) {
        put_decimal(buf, ns, second);
    }
}
