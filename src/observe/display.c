// SPDX-License-Identifier: Apache-2.0
#include "observe/display.h"

#include "base/check.h"
#include "sim/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_DAY (INT64_C(86400) * 1000000000)

/* Powers of ten that are exact doubles. */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

enum { POWER_MAX = sizeof(powers) / sizeof(powers[0]) - 1 };

double pl_display_round(double value, uint32_t digits)
{
    PL_CHECK(digits >= 1 && digits <= 15);
    double size = fabs(value);
    if (!isfinite(value) || size >= powers[15]) {
        return value;
    }
    if (size < 1e-12) {
        return 0.0;
    }
    /* An integer divided by an exact power of ten is the double nearest to that decimal. */
    if (size >= powers[digits - 1]) {
        uint32_t up = 0;
        while (size >= powers[digits + up]) {
            up++;
        }
        return floor(value / powers[up] + 0.5) * powers[up];
    }
    uint32_t down = 0;
    while (down < POWER_MAX && size * powers[down] < powers[digits - 1]) {
        down++;
    }
    return floor(value * powers[down] + 0.5) / powers[down];
}

void pl_display_number(struct pl_json_out *json, double value)
{
    if (isfinite(value)) {
        pl_json_out_number(json, pl_display_round(value, PL_DISPLAY_DIGITS));
    } else {
        pl_json_out_null(json);
    }
}

void pl_display_member(struct pl_json_out *json, const char *key, double value)
{
    pl_json_out_key(json, key);
    pl_display_number(json, value);
}

/* Nanoseconds since midnight of the day of simulated time 0. */
static int64_t day_ns(const struct pl_world *world, int64_t t_ns)
{
    return t_ns + (int64_t)(world->start_clock_s * 1e9 + 0.5);
}

static int64_t modulo(int64_t a, int64_t b)
{
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

void pl_display_clock(const struct pl_world *world, int64_t t_ns, char *text)
{
    int64_t s = modulo(day_ns(world, t_ns), NS_PER_DAY) / PL_NS_PER_S;
    snprintf(text,
             PL_CLOCK_TEXT_MAX,
             "%02u:%02u:%02u",
             (unsigned)(s / 3600 % 24),
             (unsigned)(s / 60 % 60),
             (unsigned)(s % 60));
}

/* Days since 1970-01-01 of a civil date (H. Hinnant, "chrono-compatible low-level date
 * algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* The inverse of days_of, same source. */
static void date_of(int64_t days, struct pl_moment *moment)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    moment->day = (uint32_t)(day_of_year - (153 * shifted + 2) / 5 + 1);
    moment->month = (uint32_t)(shifted < 10 ? shifted + 3 : shifted - 9);
    moment->year = (int32_t)(year_of_era + era * 400 + (moment->month <= 2 ? 1 : 0));
}

/* Read "2026-11-21"; false when it is anything else. */
static bool read_date(const char *date, int64_t *days)
{
    int64_t parts[3] = {0, 0, 0};
    uint32_t part = 0;
    if (date == NULL || strlen(date) != 10) {
        return false;
    }
    for (const char *c = date; *c != '\0'; c++) {
        if (*c == '-' && part < 2) {
            part++;
        } else if (*c >= '0' && *c <= '9') {
            parts[part] = parts[part] * 10 + (*c - '0');
        } else {
            return false;
        }
    }
    *days = days_of(parts[0], parts[1], parts[2]);
    return part == 2 && parts[1] >= 1 && parts[1] <= 12 && parts[2] >= 1 && parts[2] <= 31;
}

struct pl_moment pl_display_moment(const struct pl_world *world, const char *date, int64_t t_ns)
{
    int64_t days = 0;
    if (!read_date(date, &days)) {
        days = days_of(2026, 11, 21);
    }
    int64_t since_midnight = day_ns(world, t_ns);
    int64_t in_day = modulo(since_midnight, NS_PER_DAY);
    struct pl_moment moment = {0};
    date_of(days + (since_midnight - in_day) / NS_PER_DAY, &moment);
    int64_t ms = in_day / PL_NS_PER_MS;
    moment.hour = (uint32_t)(ms / 3600000);
    moment.minute = (uint32_t)(ms / 60000 % 60);
    moment.second = (uint32_t)(ms / 1000 % 60);
    moment.millisecond = (uint32_t)(ms % 1000);
    return moment;
}

void pl_display_rfc3339(const struct pl_moment *moment, char *text)
{
    snprintf(text,
             PL_MOMENT_TEXT_MAX,
             "%04d-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (int)moment->year,
             (unsigned)moment->month,
             (unsigned)moment->day,
             (unsigned)moment->hour,
             (unsigned)moment->minute,
             (unsigned)moment->second,
             (unsigned)moment->millisecond);
}

void pl_display_age(int64_t ns, char *text, uint32_t size)
{
    int64_t s = ns / PL_NS_PER_S;
    if (s < 120) {
        snprintf(text, size, "%" PRId64 "s", s < 0 ? 0 : s);
    } else if (s < 10 * 60 && s % 60 != 0) {
        snprintf(text, size, "%" PRId64 "m%" PRId64 "s", s / 60, s % 60);
    } else if (s < 3 * 3600) {
        snprintf(text, size, "%" PRId64 "m", s / 60);
    } else if (s < 48 * 3600) {
        snprintf(text, size, "%" PRId64 "h%" PRId64 "m", s / 3600, s / 60 % 60);
    } else {
        snprintf(text, size, "%" PRId64 "d%" PRId64 "h", s / 86400, s / 3600 % 24);
    }
}

void pl_display_interval(int64_t ns, char *text, uint32_t size)
{
    int64_t tenths = (ns < 0 ? 0 : ns) / (PL_NS_PER_S / 10);
    int64_t s = tenths / 10;
    snprintf(text,
             size,
             "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%" PRId64,
             s / 3600,
             s / 60 % 60,
             s % 60,
             tenths % 10);
}

void pl_display_table_begin(struct pl_json_out *json,
                            const char *title,
                            const char *const *names,
                            const char *const *units,
                            uint32_t count)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "type", "table");
    pl_json_out_member_string(json, "title", title);
    pl_json_out_key(json, "columns");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < count; i++) {
        pl_json_out_object_begin(json);
        pl_json_out_member_string(json, "name", names[i]);
        pl_json_out_member_string(json, "unit", units[i]);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
    pl_json_out_key(json, "rows");
    pl_json_out_array_begin(json);
}

void pl_display_rows_end(struct pl_json_out *json)
{
    pl_json_out_array_end(json);
}

void pl_display_text(struct pl_json_out *json, const char *title, const char *text)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "type", "text");
    pl_json_out_member_string(json, "title", title);
    pl_json_out_member_string(json, "text", text);
    pl_json_out_object_end(json);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool pl_display_contains(const char *text, const char *part)
{
    PL_CHECK(text != NULL && part != NULL);
    for (const char *start = text;; start++) {
        size_t i = 0;
        while (part[i] != '\0' && start[i] != '\0' && lower(part[i]) == lower(start[i])) {
            i++;
        }
        if (part[i] == '\0') {
            return true;
        }
        if (start[i] == '\0') {
            return false;
        }
    }
}
