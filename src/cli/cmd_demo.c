// SPDX-License-Identifier: Apache-2.0
//
// `plumb demo`: the web server for one person, in a directory that nobody keeps unless it is told.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/samples.h"
#include "cli/web.h"
#include "os/file.h"
#include "os/process.h"
#include "os/scratch.h"
#include "server/http.h"

#include <stdbool.h>
#include <stdio.h>

static void open_browser(const char *url)
{
    static const char *const programs[] = {"xdg-open", "open"};
    char path[PL_FILE_PATH_MAX];
    if (!pl_process_has_desktop()) {
        return;
    }
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (pl_process_find(programs[i], path, sizeof path) && pl_process_start(path, url)) {
            return;
        }
    }
}

static int serve(const struct pl_args *args, const char *data)
{
    struct pl_web *web = NULL;
    struct pl_samples *samples = NULL;
    pl_error err = {0};
    struct pl_web_def def = {.listen = pl_args_value(args, "--listen"),
                             .content = pl_args_value(args, "--content"),
                             .data = data,
                             .port_may_change = true,
                             .judges = true,
                             .stops_on_signals = true};
    if (pl_web_read_limits(args, &def, &err) != PL_OK || pl_web_open(&web, &def, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    bool kept = pl_args_has(args, "--data");
    printf("Plumbline is at %s (Ctrl-C ends it; %s)\n",
           pl_web_url(web),
           kept ? "sessions are kept" : "nothing is kept");
    fflush(stdout);
    /* Without samples there is an incident to play all the same; a kept directory has its own. */
    if (!kept) {
        (void)!pl_samples_begin(&samples, pl_web_host(web), def.content, PL_HTTP_USER_LOCAL, &err);
    }
    if (!pl_args_has(args, "--no-browser")) {
        open_browser(pl_web_url(web));
    }
    pl_web_run(web);
    pl_samples_end(samples);
    pl_web_close(web);
    return PL_EXIT_OK;
}

int pl_cmd_demo(int argc, char **argv)
{
    struct pl_args args;
    struct pl_scratch scratch;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    const char *data = pl_args_value(&args, "--data");
    if (data != NULL) {
        return serve(&args, data);
    }
    if (pl_scratch_make(&scratch, &err) != PL_OK) {
        return pl_command_error(&err);
    }
    int code = serve(&args, scratch.path);
    if (pl_scratch_remove(&scratch, &err) != PL_OK) {
        (void)pl_command_error(&err);
    }
    return code;
}
