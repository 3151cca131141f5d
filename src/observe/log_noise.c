// SPDX-License-Identifier: Apache-2.0
#include "observe/log_noise.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/log_text.h"

#include <inttypes.h>
#include <string.h>

#define MINUTE_NS (INT64_C(60) * 1000000000)

static const struct pl_noise_def jvm[] = {
    {"ClientAbortException: java.io.IOException: Broken pipe", 1.4, PL_LEVEL_ERROR},
    {"NoResourceFoundException: No static resource {path}", 0.9, PL_LEVEL_ERROR},
    {"Failed to parse Accept-Language header from {ip}", 0.3, PL_LEVEL_ERROR},
    {"Property 'spring.redis.timeout' is deprecated, use 'spring.data.redis.timeout'",
     0.4,
     PL_LEVEL_WARN},
    {"Feature flag 'summary-v1' is deprecated and always on", 0.8, PL_LEVEL_WARN},
    {"Refreshed configuration {hex} in {n} ms", 0.5, PL_LEVEL_INFO},
};
static const struct pl_noise_def go[] = {
    {"write tcp {ip}:8080: write: broken pipe", 1.2, PL_LEVEL_ERROR},
    {"http: no route for GET {path}", 0.8, PL_LEVEL_ERROR},
    {"config key legacy_tax is deprecated", 0.5, PL_LEVEL_WARN},
    {"reloaded configuration {hex}", 0.5, PL_LEVEL_INFO},
};
static const struct pl_noise_def node[] = {
    {"Error: read ECONNRESET", 1.5, PL_LEVEL_ERROR},
    {"NotFoundError: GET {path}", 1.2, PL_LEVEL_ERROR},
    {"(node:1) DeprecationWarning: Buffer() is deprecated", 0.5, PL_LEVEL_WARN},
    {"Session {hex} expired while rendering, a new one was made", 0.6, PL_LEVEL_WARN},
    {"Rendered sitemap in {n} ms", 0.3, PL_LEVEL_INFO},
};
static const struct pl_noise_def postgres[] = {
    {"LOG:  could not receive data from client: Connection reset by peer", 0.4, PL_LEVEL_INFO},
    {"ERROR:  duplicate key value violates unique constraint \"sessions_pkey\"",
     0.5,
     PL_LEVEL_ERROR},
    {"LOG:  checkpoint starting: time", 0.2, PL_LEVEL_INFO},
    {"LOG:  automatic analyze of table \"app.public.sessions\"", 0.15, PL_LEVEL_INFO},
    {"LOG:  unexpected EOF on client connection with an open transaction", 0.1, PL_LEVEL_INFO},
};
static const struct pl_noise_def cluster[] = {
    {"Normal SuccessfulCreate job/sitemap-{n} Created pod", 0.1, PL_LEVEL_INFO},
    {"Warning FailedMount pod/batch-report-{hex} MountVolume.SetUp failed for volume \"tmp\" : "
     "timed out, succeeded on retry",
     0.05,
     PL_LEVEL_WARN},
};

static uint32_t copy_kinds(const struct pl_noise_def *from, size_t count, struct pl_noise_def *out)
{
    PL_CHECK(count <= PL_NOISE_KINDS_MAX);
    memcpy(out, from, count * sizeof(*from));
    return (uint32_t)count;
}

#define COPY(table, out) copy_kinds(table, sizeof(table) / sizeof((table)[0]), out)

static uint32_t
built_in(const struct pl_world *world, uint32_t place, uint32_t index, struct pl_noise_def *out)
{
    if (place == PL_LOG_OF_DATABASE) {
        return COPY(postgres, out);
    }
    if (place == PL_LOG_OF_EVENTS) {
        return COPY(cluster, out);
    }
    const char *runtime = world->services[index].runtime;
    if (strcmp(runtime, "go") == 0) {
        return COPY(go, out);
    }
    return strcmp(runtime, "node") == 0 ? COPY(node, out) : COPY(jvm, out);
}

static uint32_t level_of(const char *severity)
{
    if (strcmp(severity, "ERROR") == 0) {
        return PL_LEVEL_ERROR;
    }
    return strcmp(severity, "WARN") == 0 ? PL_LEVEL_WARN : PL_LEVEL_INFO;
}

uint32_t pl_log_noise_kinds(const struct pl_observe *observe,
                            uint32_t place,
                            uint32_t index,
                            struct pl_noise_def *out)
{
    PL_CHECK(observe != NULL && out != NULL);
    const struct pl_world *world = observe->world;
    const char *name = "events";
    if (place == PL_LOG_OF_DATABASE) {
        name = world->databases[index].name;
    } else if (place == PL_LOG_OF_SERVICE) {
        name = world->services[index].name;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < observe->def->noise_count && count < PL_NOISE_KINDS_MAX; i++) {
        const struct pl_observe_noise *noise = &observe->def->noises[i];
        if (noise->service != NULL && noise->body != NULL && strcmp(noise->service, name) == 0) {
            out[count].body = noise->body;
            out[count].per_minute = noise->per_minute;
            out[count].level = level_of(noise->severity != NULL ? noise->severity : "");
            count++;
        }
    }
    return count > 0 ? count : built_in(world, place, index, out);
}

uint32_t
pl_log_noise_minute(uint64_t key, int64_t minute, double per_minute, int64_t *out, uint32_t max)
{
    PL_CHECK(out != NULL);
    uint64_t stream = pl_random_child(key, (uint64_t)minute);
    double at = 0.0;
    uint32_t count = 0;
    while (per_minute > 0.0 && count < max) {
        at += pl_random_exp(pl_random_bits(stream, count)) / per_minute;
        if (at >= 1.0) {
            break;
        }
        out[count++] = (int64_t)(at * (double)MINUTE_NS);
    }
    return count;
}

static void put_detail(pl_slice name, uint64_t draw, struct pl_buf *out)
{
    static const char *const paths[] = {"/wp-login.php",
                                        "/.env",
                                        "/xmlrpc.php",
                                        "/admin/config.php",
                                        "/favicon.png",
                                        "/apple-touch-icon-120x120.png",
                                        "/.git/HEAD",
                                        "/robots.txt"};
    if (pl_slice_equal(name, pl_slice_of("n"))) {
        pl_buf_printf(out, "%u", (unsigned)(17 + draw % 880));
    } else if (pl_slice_equal(name, pl_slice_of("hex"))) {
        pl_buf_printf(out, "%07x", (unsigned)(draw & 0xfffffff));
    } else if (pl_slice_equal(name, pl_slice_of("ip"))) {
        pl_buf_printf(out, "10.42.%u.%u", (unsigned)(draw % 16), (unsigned)(2 + draw / 16 % 250));
    } else if (pl_slice_equal(name, pl_slice_of("path"))) {
        pl_buf_puts(out, paths[draw % (sizeof(paths) / sizeof(paths[0]))]);
    } else if (pl_slice_equal(name, pl_slice_of("id"))) {
        pl_buf_printf(out, "%" PRIu64, 40000000 + draw % 9000000);
    } else {
        pl_buf_printf(out, "{%.*s}", (int)name.size, name.data);
    }
}

void pl_log_noise_fill(const char *body, uint64_t key, struct pl_buf *out)
{
    PL_CHECK(body != NULL && out != NULL);
    uint64_t number = 10;
    while (*body != '\0') {
        const char *open = strchr(body, '{');
        const char *close = open != NULL ? strchr(open, '}') : NULL;
        if (close == NULL) {
            pl_buf_puts(out, body);
            return;
        }
        pl_buf_put(out, body, (size_t)(open - body));
        put_detail(
            (pl_slice){open + 1, (size_t)(close - open - 1)}, pl_random_bits(key, number++), out);
        body = close + 1;
    }
}
