// SPDX-License-Identifier: Apache-2.0
//
// Any text is a query that can be evaluated, or is refused with a sentence that names a column.
#include "fuzz.h"

#include "base/check.h"
#include "observe/observe.h"
#include "support/observed.h"

#include <string.h>

/* A short run of the small shop, made once. */
static struct pl_test_observed *shop(void)
{
    static const struct pl_observe_def def = {.seed = 1};
    static struct pl_test_observed run;
    if (run.world == NULL) {
        pl_test_observed_start(&run, &def, 1);
        pl_test_observed_run(&run, 90.0);
    }
    return &run;
}

static void check_query(const char *text)
{
    struct pl_test_observed *run = shop();
    pl_test_observed_clear(run);
    if (pl_observe_look_query(&run->scene, text, 0, &run->out, &run->err) == PL_OK) {
        PL_CHECK(pl_test_observed_is_json(run));
        return;
    }
    PL_CHECK(run->out.size == 0);
    PL_CHECK(run->err.status != PL_OK);
    bool column = strncmp(run->err.message, "Column ", 7) == 0;
    PL_CHECK(column || run->err.status == PL_LIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Each line is a query of its own, so that one input tries many. */
    char line[PL_EXPR_MAX + 64];
    size_t length = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i == size || data[i] == '\n' || data[i] == '\0') {
            line[length] = '\0';
            check_query(line);
            length = 0;
        } else if (length + 1 < sizeof line) {
            line[length++] = (char)data[i];
        }
    }
    return 0;
}
