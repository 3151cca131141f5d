// SPDX-License-Identifier: Apache-2.0
#include "scenario/field.h"

#include "support/contents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct pl_test_text opened;

/** A struct with one member of each kind. */
struct sample {
    char text[8];
    char name[16];
    uint32_t flag;
    uint32_t count;
    double number;
    double duration_s;
    double offset_s;
    double share;
    double rate;
    double megabytes;
    double clock_s;
    uint32_t choice;
    double pods;
    uint32_t pods_whole;
    double inner;
};

#define S(key, kind, store, member) PL_ROW(key, kind, store, sample, member, "A sentence.")
static const struct pl_field inner_rows[] = {
    {S("inner", PL_FIELD_NUMBER, PL_STORE_F64, inner), .low = 1, .high = 2},
};
static const struct pl_key_table inner_table = {
    .name = "inner", .doc = "Inner.", .fields = inner_rows, .field_count = 1};
static const struct pl_field rows[] = {
    {S("text", PL_FIELD_TEXT, PL_STORE_TEXT, text)},
    {S("name", PL_FIELD_NAME, PL_STORE_TEXT, name), .required = 1},
    {S("flag", PL_FIELD_BOOL, PL_STORE_U32, flag)},
    {S("count", PL_FIELD_COUNT, PL_STORE_U32, count), .low = 1, .high = 1000},
    {S("number", PL_FIELD_NUMBER, PL_STORE_F64, number)},
    {S("duration", PL_FIELD_DURATION, PL_STORE_F64, duration_s), .low = 0, .high = 60},
    {S("offset", PL_FIELD_OFFSET, PL_STORE_F64, offset_s)},
    {S("share", PL_FIELD_SHARE, PL_STORE_F64, share)},
    {S("rate", PL_FIELD_RATE, PL_STORE_F64, rate)},
    {S("size", PL_FIELD_MEGABYTES, PL_STORE_F64, megabytes)},
    {S("clock", PL_FIELD_CLOCK, PL_STORE_F64, clock_s)},
    {S("choice", PL_FIELD_CHOICE, PL_STORE_U32, choice), .words = "red|green"},
    {S("cores", PL_FIELD_NUMBER, PL_STORE_F64, pods), .sliced = 1},
    {S("pods", PL_FIELD_COUNT, PL_STORE_U32, pods_whole),
     .scope = PL_SCOPE_SERVICE,
     .knob = PL_SERVICE_PODS,
     .sliced = 1},
    {PL_ROW_CODE("group", PL_FIELD_GROUP, "A group."), .sub = &inner_table},
};
static const struct pl_key_table table = {.name = "sample",
                                          .doc = "A sample.",
                                          .fields = rows,
                                          .field_count = PL_FIELD_COUNT_OF(rows),
                                          .size = sizeof(struct sample)};

static struct sample sample;

static uint64_t read_sample(const char *text, double slice)
{
    pl_test_open_text(&opened, text);
    opened.reader.slice = slice;
    pl_fields_default(&table, &sample);
    return pl_fields_read(&opened.reader, &table, opened.yaml.root, &sample);
}

static bool near(double a, double b)
{
    return a > b - 1e-9 && a < b + 1e-9;
}

static void every_kind_is_read_in_base_units(void **unused)
{
    (void)unused;
    uint64_t given =
        read_sample("{text: a b, name: x-1, flag: on, count: 1k, number: -2.5, duration: 59s, "
                    "offset: -7m, share: 40%, rate: 120/m, size: 512MB, clock: \"11:42\", "
                    "choice: green, cores: 6, pods: 8, group: {inner: 1.5}}",
                    4.0);
    if (opened.errors.count > 0) {
        fail_msg("%s", opened.errors.items[0].message);
    }
    assert_int_equal(given, (UINT64_C(1) << PL_FIELD_COUNT_OF(rows)) - 1);
    assert_string_equal(sample.text, "a b");
    assert_int_equal(sample.flag, 1);
    assert_int_equal(sample.count, 1000);
    assert_true(near(sample.number, -2.5));
    assert_true(near(sample.duration_s, 59.0));
    assert_true(near(sample.offset_s, -420.0));
    assert_true(near(sample.share, 0.4));
    assert_true(near(sample.rate, 2.0));
    assert_true(near(sample.megabytes, 512.0));
    assert_true(near(sample.clock_s, 42120.0));
    assert_int_equal(sample.choice, 1);
    assert_true(near(sample.pods, 1.5));
    assert_int_equal(sample.pods_whole, 2);
    assert_true(near(sample.inner, 1.5));
}

static void every_mistake_is_told_with_its_key(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"{name: x, text: 12345678}", "`text` has 8 bytes; at most 7 are allowed."},
        {"{name: x, flag: maybe}", "`flag` is maybe; yes or no is expected."},
        {"{name: x, count: 1001}", "`count` is 1001; 1 to 1000 is allowed."},
        {"{name: x, duration: 2m}", "`duration` is 2m; 0 s to 60 s is allowed."},
        {"{name: x, share: 1.5}", "`share` is 1.5; 0 to 1 is allowed."},
        {"{name: x, choice: gren}",
         "`choice` is gren; one of red, green is expected (did you mean `green`?)."},
        {"{name: x, pods: 6}",
         "`pods` is 6, which the slice 1/4 does not divide; a multiple of 4 is expected."},
        {"{name: x, group: {inner: 3}}", "`inner` is 3; 1 to 2 is allowed."},
        {"{name: x, group: 3}", "`group` is a single value; a map `key: value` is expected."},
        {"{name: x, cuont: 3}", "A sample has no key `cuont` (did you mean `count`?)."},
        {"{text: x}", "This sample lacks `name`, which must be given: A sentence."},
        {"{name: [x]}", "`name` is a list; a single value is expected."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)read_sample(cases[i].text, 4.0);
        assert_int_equal(opened.errors.count, 1);
        assert_string_equal(opened.errors.items[0].message, cases[i].message);
    }
}

static void all_mistakes_are_listed_at_once(void **unused)
{
    (void)unused;
    (void)read_sample("{flag: maybe, count: 0, zzz: 1, share: x}", 1.0);
    assert_int_equal(opened.errors.count, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_in_base_units),
        cmocka_unit_test(every_mistake_is_told_with_its_key),
        cmocka_unit_test(all_mistakes_are_listed_at_once),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pl_test_close_text(&opened);
    return failed;
}
