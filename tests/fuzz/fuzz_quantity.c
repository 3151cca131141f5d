// SPDX-License-Identifier: Apache-2.0
//
// Any text is a quantity within its range or refused; durations survive being written.
#include "fuzz.h"

#include "base/check.h"
#include "text/quantity.h"

static void check_offset(pl_slice text)
{
    int64_t ns = 0;
    if (pl_quantity_offset(text, NULL, &ns, NULL) != PL_OK) {
        return;
    }
    char memory[80];
    struct pl_buf buf;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_quantity_put_duration(&buf, ns);
    PL_CHECK(!buf.overflow);
    int64_t back = 0;
    PL_CHECK(pl_quantity_offset((pl_slice){buf.data, buf.size}, NULL, &back, NULL) == PL_OK);
    PL_CHECK(back == ns);
}

static void check_whole_numbers(pl_slice text)
{
    int64_t whole = 0;
    int32_t seconds = 0;
    if (pl_quantity_duration(text, NULL, &whole, NULL) == PL_OK) {
        PL_CHECK(whole >= 0 && whole <= PL_QUANTITY_DURATION_MAX_NS);
    }
    if (pl_quantity_size(text, NULL, &whole, NULL) == PL_OK) {
        PL_CHECK(whole >= 0);
    }
    if (pl_quantity_count(text, NULL, &whole, NULL) == PL_OK) {
        PL_CHECK(whole >= 0);
    }
    if (pl_quantity_clock(text, NULL, &seconds, NULL) == PL_OK) {
        PL_CHECK(seconds >= 0 && seconds < 86400);
    }
}

static void check_real_numbers(pl_slice text)
{
    double real = 0.0;
    if (pl_quantity_percent(text, NULL, &real, NULL) == PL_OK) {
        PL_CHECK(real >= 0.0 && real <= 1.0);
    }
    if (pl_quantity_rate(text, NULL, &real, NULL) == PL_OK) {
        PL_CHECK(real >= 0.0 && real < 1e22);
    }
    if (pl_quantity_number(text, NULL, &real, NULL) == PL_OK) {
        PL_CHECK(real > -1e15 && real < 1e15);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Each line is a text of its own, so that one input tries many. */
    size_t start = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i == size || data[i] == '\n') {
            pl_slice line = {(const char *)data + start, i - start};
            check_offset(line);
            check_whole_numbers(line);
            check_real_numbers(line);
            start = i + 1;
        }
    }
    return 0;
}
