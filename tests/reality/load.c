// SPDX-License-Identifier: Apache-2.0
//
// The users of script/reality: sends the mix of routes through range/loadgen, prints the report as
// JSON and writes one line per request. The n-th request is a function of seed and n.
#include "base/random.h"
#include "range/arrivals.h"
#include "range/loadgen.h"
#include "text/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM, LIST, BUY, ITEMS = 500, CUSTOMERS = 100, STOCK = 10000, JSON_MAX = 8192 };

/* Shares of the routes, share of purchases that want the same row. */
struct mix {
    uint64_t seed;
    double list;
    double buy;
    double hot;
};

/* Draws of a request. */
enum purpose { ROUTE, KEY, HOT };

static double draw(const struct mix *mix, enum purpose purpose, uint64_t index)
{
    uint64_t key = pl_random_child(pl_random_child(mix->seed, 1), purpose);
    return pl_random_unit(pl_random_bits(key, index));
}

static void write_request(void *context, uint64_t index, struct pl_loadgen_request *request)
{
    const struct mix *mix = context;
    double route = draw(mix, ROUTE, index);
    double key = draw(mix, KEY, index);
    const char *method = "GET";
    const char *name = "item";
    uint32_t number = (uint32_t)(key * ITEMS) + 1;
    request->kind = ITEM;
    if (route < mix->buy) {
        method = "POST";
        name = "buy";
        number = draw(mix, HOT, index) < mix->hot ? 0 : (uint32_t)(key * (STOCK - 1)) + 1;
        request->kind = BUY;
    } else if (route < mix->buy + mix->list) {
        name = "list";
        number = (uint32_t)(key * CUSTOMERS) + 1;
        request->kind = LIST;
    }
    request->size = (uint32_t)snprintf(request->bytes,
                                       sizeof request->bytes,
                                       "%s /%s?r=%llu&k=%u HTTP/1.1\r\nHost: reality\r\n%s\r\n",
                                       method,
                                       name,
                                       (unsigned long long)index,
                                       number,
                                       request->kind == BUY ? "Content-Length: 0\r\n" : "");
}

static void
put_histogram(struct pl_json_out *out, const char *name, const struct pl_histogram *histogram)
{
    pl_json_out_key(out, name);
    pl_json_out_object_begin(out);
    pl_json_out_member_integer(out, "count", (int64_t)histogram->count);
    pl_json_out_member_number(out, "mean", pl_histogram_mean(histogram) * 1e-9);
    pl_json_out_member_number(out, "p50", (double)pl_histogram_quantile(histogram, 0.5) * 1e-9);
    pl_json_out_member_number(out, "p99", (double)pl_histogram_quantile(histogram, 0.99) * 1e-9);
    pl_json_out_member_number(out, "max", (double)histogram->max_ns * 1e-9);
    pl_json_out_object_end(out);
}

static void print_report(const struct pl_loadgen_report *report)
{
    char memory[JSON_MAX];
    struct pl_buf buf;
    struct pl_json_out out;
    pl_buf_init(&buf, memory, sizeof memory);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_bool(&out, "usable", pl_loadgen_usable(report));
    pl_json_out_member_integer(&out, "due", (int64_t)report->due);
    pl_json_out_member_integer(&out, "sent", (int64_t)report->sent);
    pl_json_out_member_integer(&out, "attempts", (int64_t)report->attempts);
    pl_json_out_member_integer(&out, "ok", (int64_t)report->ok);
    pl_json_out_member_integer(&out, "errors", (int64_t)report->errors);
    pl_json_out_member_integer(&out, "left", (int64_t)report->left);
    pl_json_out_member_integer(&out, "waiting", (int64_t)report->waiting);
    pl_json_out_member_integer(&out, "open_max", report->open_max);
    pl_json_out_member_number(&out, "cpu_s", (double)report->cpu_ns * 1e-9);
    put_histogram(&out, "latency", &report->latency);
    put_histogram(&out, "exchange", &report->exchange);
    put_histogram(&out, "lateness", &report->lateness);
    put_histogram(&out, "connections", &report->connections);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    puts(memory);
}

static int write_ops(const char *path, const struct pl_loadgen_op *ops, uint64_t count)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror("load: cannot write the requests");
        return 3;
    }
    for (uint64_t i = 0; i < count; i++) {
        const struct pl_loadgen_op *op = &ops[i];
        fprintf(out,
                "%lld %lld %lld %lld %u %u %u %u\n",
                (long long)op->due_ns,
                (long long)op->attempt_ns,
                (long long)op->sent_ns,
                (long long)op->done_ns,
                op->kind,
                op->status,
                op->outcome,
                op->attempts);
    }
    return fclose(out) == 0 ? 0 : 3;
}

static double number_of(const char *text, const char *name, double low, double high)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= low && value <= high)) {
        fprintf(stderr, "load: %s is %s; it has to be %g to %g.\n", name, text, low, high);
        exit(2);
    }
    return value;
}

/* Run, print, write; returns the exit code. */
static int run_load(const struct pl_loadgen_def *def, const char *path)
{
    double expected = def->rate * (double)def->duration_ns * 1e-9;
    uint32_t ops_max = (uint32_t)(expected * 1.2) + 1000;
    struct pl_loadgen_op *ops = calloc(ops_max, sizeof *ops);
    struct pl_loadgen_report *report = calloc(1, sizeof *report);
    pl_error err = {.message = "There is not enough memory."};
    int code = 3;
    if (ops != NULL && report != NULL && pl_loadgen_run(def, ops, ops_max, report, &err) == PL_OK) {
        print_report(report);
        code = write_ops(path, ops, report->due);
    } else {
        fprintf(stderr, "load: %s\n", err.message);
    }
    free(ops);
    free(report);
    return code;
}

int main(int argc, char **argv)
{
    if (argc != 13) {
        fputs("usage: reality_load PORT LAW RATE SECONDS SEED LIST BUY HOT PATIENCE_MS RETRIES "
              "AFTER_MS FILE\n",
              stderr);
        return 2;
    }
    struct mix mix = {
        .seed = (uint64_t)number_of(argv[5], "SEED", 0, 1e15),
        .list = number_of(argv[6], "LIST", 0.0, 1.0),
        .buy = number_of(argv[7], "BUY", 0.0, 1.0),
        .hot = number_of(argv[8], "HOT", 0.0, 1.0),
    };
    struct pl_loadgen_def def = {
        .port = (uint16_t)number_of(argv[1], "PORT", 1, 65535),
        .law = strcmp(argv[2], "constant") == 0 ? PL_ARRIVAL_CONSTANT : PL_ARRIVAL_POISSON,
        .rate = number_of(argv[3], "RATE", 0.001, 1e6),
        .duration_ns = (int64_t)(number_of(argv[4], "SECONDS", 0.0, 3600.0) * 1e9),
        .drain_ns = INT64_C(5000000000),
        .seed = mix.seed,
        .patience_ns = (int64_t)(number_of(argv[9], "PATIENCE_MS", 0, 1e6) * 1e6),
        .retries = (uint32_t)number_of(argv[10], "RETRIES", 0, PL_LOADGEN_RETRIES_MAX),
        .retry_after_ns = (int64_t)(number_of(argv[11], "AFTER_MS", 0, 1e6) * 1e6),
        .connections = 1024,
        .write = write_request,
        .context = &mix,
    };
    return run_load(&def, argv[12]);
}
