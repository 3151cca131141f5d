// SPDX-License-Identifier: Apache-2.0
//
// Any text is read or refused with a sentence, and any bytes written as a string are read back.
#include "fuzz.h"

#include "base/check.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdlib.h>
#include <string.h>

static void check_reading(pl_slice text)
{
    json_t *json = NULL;
    pl_error err = {0};
    pl_status status = pl_json_in_load(text, PL_JSON_IN_TEXT_MAX, "f.json", &json, &err);
    PL_CHECK((status == PL_OK) == (json != NULL));
    PL_CHECK(err.status == status);
    for (const char *c = err.message; *c != '\0'; c++) {
        PL_CHECK((unsigned char)*c >= 0x20);
    }
    json_decref(json);
}

/* jansson refuses NUL in strings, so such inputs are cut there. */
static void check_writing(pl_slice text)
{
    const char *end = text.size > 0 ? memchr(text.data, 0, text.size) : NULL;
    size_t size = end != NULL ? (size_t)(end - text.data) : text.size;
    size = size < PL_JSON_IN_TEXT_MAX / 8 ? size : PL_JSON_IN_TEXT_MAX / 8;
    char *memory = malloc(PL_JSON_IN_TEXT_MAX);
    PL_CHECK(memory != NULL);
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, PL_JSON_IN_TEXT_MAX);
    pl_json_out_begin(&out, &buf);
    pl_json_out_array_begin(&out);
    pl_json_out_slice(&out, (pl_slice){text.data, size});
    double number;
    if (text.size >= sizeof number) {
        memcpy(&number, text.data, sizeof number);
        if (number > -1e300 && number < 1e300) {
            pl_json_out_number(&out, number);
        }
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    json_t *json;
    pl_slice written = {buf.data, buf.size};
    PL_CHECK(pl_json_in_load(written, PL_JSON_IN_TEXT_MAX, NULL, &json, NULL) == PL_OK);
    json_decref(json);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pl_slice text = {(const char *)data, size};
    check_reading(text);
    check_writing(text);
    return 0;
}
