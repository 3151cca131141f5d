// SPDX-License-Identifier: Apache-2.0
//
// The load client of script/load. Usage:
//   load_crowd incidents|viewers --port N --process N [--scenario NAME] [--sessions N] [--forms N]
//              [--viewers N] [--seconds N]
// Prints one JSON object. Exit codes: 0 nothing was lost, 1 something was, 2 wrong arguments.
#include "crowd.h"

#include "base/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { OUT_SIZE = 65536 };

/* As many descriptors as the machine allows. */
static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static uint32_t number_of(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 10);
}

static bool read_arguments(struct pl_crowd_def *def, int argc, char **argv)
{
    for (int i = 2; i + 1 < argc; i += 2) {
        const char *name = argv[i];
        const char *value = argv[i + 1];
        if (strcmp(name, "--port") == 0) {
            def->port = (uint16_t)number_of(value);
        } else if (strcmp(name, "--process") == 0) {
            def->process = (int)number_of(value);
        } else if (strcmp(name, "--scenario") == 0) {
            def->scenario = value;
        } else if (strcmp(name, "--sessions") == 0) {
            def->sessions = number_of(value);
        } else if (strcmp(name, "--forms") == 0) {
            def->forms = number_of(value);
        } else if (strcmp(name, "--viewers") == 0) {
            def->viewers = number_of(value);
        } else if (strcmp(name, "--seconds") == 0) {
            def->seconds = number_of(value);
        } else {
            return false;
        }
    }
    return argc % 2 == 0 && def->port > 0 && def->process > 0 && def->sessions > 0 &&
           def->forms > 0 && def->viewers > 0 && def->seconds > 0;
}

int main(int argc, char **argv)
{
    static char memory[OUT_SIZE];
    struct pl_buf buf;
    struct pl_json_out out;
    struct pl_crowd_def def = {.scenario = "every-query-is-slow",
                               .sessions = 50,
                               .forms = 5,
                               .viewers = 100,
                               .seconds = 10};
    bool incidents = argc > 1 && strcmp(argv[1], "incidents") == 0;
    bool viewers = argc > 1 && strcmp(argv[1], "viewers") == 0;
    if ((!incidents && !viewers) || !read_arguments(&def, argc, argv)) {
        fputs("load_crowd: usage: load_crowd incidents|viewers --port N --process N ...\n", stderr);
        return 2;
    }
    raise_limit();
    (void)signal(SIGPIPE, SIG_IGN);
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    bool good = incidents ? pl_crowd_incidents(&def, &out) : pl_crowd_viewers(&def, &out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    puts(memory);
    return good ? 0 : 1;
}
