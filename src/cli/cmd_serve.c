// SPDX-License-Identifier: Apache-2.0
//
// `plumb serve`, `plumb doctor` and `plumb audit`: the server for several people, what may be wrong
// with it, and what was done with its accounts.
#include "base/check.h"
#include "cli/commands.h"
#include "cli/web.h"
#include "os/directory.h"
#include "os/file.h"
#include "server/address.h"
#include "server/doctor.h"
#include "store/trail.h"
#include "text/json_in.h"
#include "text/json_out.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

static void print_begin(struct pl_web *web)
{
    const char *url = pl_web_url(web);
    const char *token = pl_web_setup_token(web);
    printf("plumb serves %s\n", url);
    if (token != NULL) {
        printf("Make the first account within 30 minutes, by this link that works once:\n"
               "  %s/setup#%s\n",
               url,
               token);
    }
    if (pl_web_is_exposed(web)) {
        puts("Browsers on other machines need https: put a reverse proxy in front and give\n"
             "--base-url; the page that they get instead says how.");
    }
    (void)fflush(stdout);
}

int pl_cmd_serve(int argc, char **argv)
{
    char data[PL_FILE_PATH_MAX];
    struct pl_web *web = NULL;
    struct pl_args args;
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    (void)umask(S_IRWXG | S_IRWXO);
    pl_status status = find_data(&args, data, sizeof data, &err);
    struct pl_web_def def = {.listen = pl_args_value(&args, "--listen"),
                             .content = pl_args_value(&args, "--content"),
                             .data = data,
                             .base_url = pl_args_value(&args, "--base-url"),
                             .sign_in = true,
                             .proxy = pl_args_value(&args, "--proxy"),
                             .require_mfa = pl_args_has(&args, "--require-mfa"),
                             .insecure_lan = pl_args_has(&args, "--insecure-lan"),
                             .judges = true,
                             .stops_on_signals = true};
    if (status == PL_OK && def.proxy != NULL && !pl_address_is_one(def.proxy)) {
        status = pl_fail(&err,
                         PL_BAD_INPUT,
                         NULL,
                         "'%s' is no address of a proxy; write it like 127.0.0.1 or ::1, without "
                         "a port.",
                         def.proxy);
    }
    status = status == PL_OK ? pl_web_read_limits(&args, &def, &err) : status;
    status = status == PL_OK ? pl_web_open(&web, &def, &err) : status;
    if (status != PL_OK) {
        return pl_command_error(&err);
    }
    print_begin(web);
    pl_web_run(web);
    pl_web_close(web);
    return PL_EXIT_OK;
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

/* ---- Audit ---------------------------------------------------------------------------------- */

/* What is printed of the log. */
struct audit {
    uint64_t after;   /* number of an event: those behind it */
    bool json;        /* lines as they are */
    bool refused;     /* only what was refused */
    uint64_t printed; /* events */
};

static const char *text_of(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL && text[0] != '\0' ? text : "-";
}

static void print_event(void *context, int64_t seq, pl_slice line)
{
    struct audit *audit = context;
    json_t *json = NULL;
    pl_error err = {0};
    if ((uint64_t)seq <= audit->after ||
        pl_json_in_load(line, PL_TRAIL_LINE_MAX, NULL, &json, &err) != PL_OK) {
        return; /* a line that fits into its chain is JSON */
    }
    bool good = json_is_true(json_object_get(json, "good"));
    if (!audit->refused || !good) {
        audit->printed++;
        if (audit->json) {
            printf("%.*s\n", (int)line.size, line.data);
        } else {
            printf("%6lld  %s  %-7s  %-24s %-16s %-16s %s\n",
                   (long long)seq,
                   text_of(json, "at"),
                   good ? "done" : "REFUSED",
                   text_of(json, "what"),
                   text_of(json, "who"),
                   text_of(json, "from"),
                   text_of(json, "of"));
        }
    }
    json_decref(json);
}

static void print_sum(const struct audit *audit, const struct pl_trail_sum *sum)
{
    FILE *out = audit->json ? stderr : stdout;
    if (sum->count == 0) {
        (void)fputs("The audit log is empty; `plumb serve` writes it.\n", out);
        return;
    }
    (void)fprintf(
        out,
        "%lld events, each fits into the chain; %llu shown. The last one has the hash\n%s%s\n",
        (long long)sum->count,
        (unsigned long long)audit->printed,
        sum->hash,
        sum->torn ? "\nA last line was cut off by a crash; the next server leaves it out." : "");
}

int pl_cmd_audit(int argc, char **argv)
{
    char data[PL_FILE_PATH_MAX];
    struct pl_args args;
    struct pl_trail_sum sum = {0};
    pl_error err = {0};
    if (pl_command_parse(&args, argc, argv) != PL_OK) {
        return PL_EXIT_BAD_INPUT;
    }
    struct audit audit = {.json = pl_args_has(&args, "--json"),
                          .refused = pl_args_has(&args, "--refused")};
    pl_status status = pl_args_number(&args, "--after", 0, INT64_MAX, &audit.after, &err);
    status = status == PL_OK ? find_data(&args, data, sizeof data, &err) : status;
    if (status == PL_OK) {
        status = pl_trail_read(data, print_event, &audit, &sum, &err);
    }
    if (status != PL_OK) {
        (void)fflush(stdout);
        return pl_command_error(&err);
    }
    print_sum(&audit, &sum);
    return PL_EXIT_OK;
}
