// SPDX-License-Identifier: Apache-2.0
//
// `plumb serve` and `plumb doctor`: the server for several people, and what may be wrong with it.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/web.h"
#include "exam/host.h"
#include "os/directory.h"
#include "os/file.h"
#include "server/about.h"
#include "server/address.h"
#include "server/api.h"
#include "server/doctor.h"
#include "server/meter.h"
#include "server/signin.h"
#include "text/json_out.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { GROUPS = 3 };

/* Everything that a server is made of. */
struct serving {
    char data[PL_FILE_PATH_MAX];
    struct pl_address address;
    struct pl_host *host;
    struct pl_api api;
    struct pl_accounts *accounts;
    struct pl_signin *signin;
    struct pl_about about;
    struct pl_routes groups[GROUPS];
    struct pl_http *http;
    _Atomic(struct pl_meter *) meter;
};

static pl_status find_data(const struct pl_args *args, char *path, size_t size, pl_error *err)
{
    const char *given = pl_args_value(args, "--data");
    struct pl_buf buf;
    pl_buf_init(&buf, path, size);
    if (given == NULL) {
        return pl_directory_of_data(&buf, err);
    }
    pl_buf_puts(&buf, given);
    return buf.overflow ? pl_fail(err, PL_BAD_INPUT, NULL, "The path of --data is too long.")
                        : PL_OK;
}

static pl_status find_address(const struct pl_args *args, struct pl_address *address, pl_error *err)
{
    const char *given = pl_args_value(args, "--listen");
    return pl_address_parse(address, given != NULL ? given : "127.0.0.1:7586", err);
}

static pl_status open_parts(struct serving *serving, const struct pl_args *args, pl_error *err)
{
    const struct pl_host_def host = {.content = pl_args_value(args, "--content"),
                                     .data = serving->data,
                                     .measured = pl_web_measure,
                                     .measured_context = &serving->meter};
    pl_status status = pl_directory_make(serving->data, err);
    status = status == PL_OK ? pl_host_open(&serving->host, &host, err) : status;
    status = status == PL_OK ? pl_accounts_open(&serving->accounts, serving->data, err) : status;
    if (status != PL_OK) {
        return status;
    }
    const struct pl_signin_def signin = {
        .accounts = serving->accounts,
        .assets = &pl_assets_embedded,
        .insecure_lan = pl_args_has(args, "--insecure-lan"),
    };
    status = pl_signin_open(&serving->signin, &signin, err);
    if (status != PL_OK) {
        return status;
    }
    serving->api.host = serving->host;
    serving->about.groups = serving->groups;
    serving->about.group_count = GROUPS;
    serving->about.metrics = pl_web_put_metrics;
    serving->about.metrics_context = serving->host;
    serving->groups[0] = pl_api_routes(&serving->api);
    serving->groups[1] = pl_signin_routes(serving->signin);
    serving->groups[2] = pl_about_routes(&serving->about);
    uint64_t streams = 0;
    status = pl_args_number(args, "--streams", 1, PL_HTTP_STREAMS_LIMIT, &streams, err);
    if (status != PL_OK) {
        return status;
    }
    const struct pl_http_def http = {
        .stream_max = (uint32_t)streams,
        .address = serving->address.host,
        .port = serving->address.port,
        .base_url = pl_args_value(args, "--base-url"),
        .sign_in = true,
        .groups = serving->groups,
        .group_count = GROUPS,
        .stops_on_signals = true,
        .identify = pl_signin_identify,
        .identify_context = serving->signin,
        .fallback = pl_signin_fallback,
        .fallback_context = serving->signin,
    };
    status = pl_http_open(&serving->http, &http, err);
    if (status == PL_OK) {
        serving->about.base_url = pl_http_base_url(serving->http);
        atomic_store(&serving->meter, pl_http_meter(serving->http));
        atomic_store(&serving->about.ready, true);
    }
    return status;
}

static void print_begin(const struct serving *serving, const struct pl_args *args)
{
    const char *url = pl_http_base_url(serving->http);
    const char *token = pl_signin_setup_token(serving->signin);
    bool exposed = strncmp(url, "https:", 6) != 0 && !pl_address_is_loopback(serving->address.host);
    printf("plumb serves %s\n", url);
    if (token != NULL) {
        printf("Make the first account within 30 minutes, by this link that works once:\n"
               "  %s/setup#%s\n",
               url,
               token);
    }
    if (exposed && !pl_args_has(args, "--insecure-lan")) {
        puts("Browsers on other machines need https: put a reverse proxy in front and give\n"
             "--base-url; the page that they get instead says how.");
    }
    (void)fflush(stdout);
}

int pl_cmd_serve(int argc, char **argv)
{
    static struct serving serving;
    struct pl_args args;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    (void)umask(S_IRWXG | S_IRWXO);
    pl_status status = find_data(&args, serving.data, sizeof serving.data, &err);
    status = status == PL_OK ? find_address(&args, &serving.address, &err) : status;
    status = status == PL_OK ? open_parts(&serving, &args, &err) : status;
    if (status == PL_OK) {
        print_begin(&serving, &args);
        pl_http_run(serving.http);
        atomic_store(&serving.about.ready, false);
    }
    /* Threads that answer end before what they answer through. */
    if (serving.host != NULL) {
        pl_host_close(serving.host);
    }
    pl_signin_close(serving.signin);
    pl_http_close(serving.http);
    pl_accounts_close(serving.accounts);
    return status == PL_OK ? PL_EXIT_OK : pl_command_error(&err);
}

static const char *const grades[] = {"ok", "warning", "BAD"};

static void print_check(const struct pl_doctor_check *check)
{
    printf("%-8s %-13s %s\n", grades[check->grade], check->name, check->found);
    if (check->fix[0] != '\0') {
        printf("%-8s %-13s %s\n", "", "  fix:", check->fix);
    }
}

static void print_checks_as_json(const struct pl_doctor_check *checks)
{
    static char memory[PL_DOCTOR_CHECKS * PL_DOCTOR_TEXT * 14];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < PL_DOCTOR_CHECKS; i++) {
        pl_json_out_object_begin(&out);
        pl_json_out_member_string(&out, "check", checks[i].name);
        pl_json_out_member_string(&out, "grade", grades[checks[i].grade]);
        pl_json_out_member_string(&out, "found", checks[i].found);
        pl_json_out_member_string(&out, "fix", checks[i].fix);
        pl_json_out_object_end(&out);
    }
    pl_json_out_array_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    puts(memory);
}

int pl_cmd_doctor(int argc, char **argv)
{
    static struct pl_doctor_check checks[PL_DOCTOR_CHECKS];
    char data[PL_FILE_PATH_MAX];
    struct pl_args args;
    struct pl_address address;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    pl_status status = find_data(&args, data, sizeof data, &err);
    status = status == PL_OK ? find_address(&args, &address, &err) : status;
    if (status != PL_OK) {
        return pl_command_error(&err);
    }
    const struct pl_doctor_def def = {data, address.host, address.port};
    enum pl_doctor_grade worst = pl_doctor_look(&def, checks);
    if (pl_args_has(&args, "--json")) {
        print_checks_as_json(checks);
    } else {
        for (uint32_t i = 0; i < PL_DOCTOR_CHECKS; i++) {
            print_check(&checks[i]);
        }
    }
    return worst == PL_DOCTOR_BAD ? PL_EXIT_FAILED : PL_EXIT_OK;
}
