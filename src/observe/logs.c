// SPDX-License-Identifier: Apache-2.0
#include "observe/logs.h"

#include "base/check.h"
#include "base/random.h"
#include "observe/display.h"
#include "observe/log_edge.h"
#include "observe/log_noise.h"
#include "observe/log_text.h"
#include "observe/observe_block_types.h"
#include "text/suggest.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_WINDOW_NS (INT64_C(900) * 1000000000)
#define MINUTE_NS         (INT64_C(60) * 1000000000)

enum {
    DEFAULT_LIMIT = 40,
    NOISE_PER_MINUTE_MAX = 256,
    PURPOSE_NOISE = 0x5015,
    PURPOSE_EVENT = 0xe7e7,
    PURPOSE_CUT = 0xc07e,
    CUT_PER_THOUSAND = 28,
    PATTERNS_MAX = 64,  /* kinds of lines that are told apart */
    PATTERNS_SHOWN = 6, /* the most frequent ones */
    PATTERN_TEXT_MAX = 110
};

/* What a line is made from. */
enum origin { ORIGIN_EVENT, ORIGIN_NOISE, ORIGIN_EDGE };

/* A line that matched, remembered until it is clear which ones are shown. */
struct found {
    int64_t t_ns;
    uint64_t key;
    uint32_t origin;
    uint32_t index;  /* event: position in the ring; noise: kind; edge: route */
    uint32_t detail; /* event: twin; noise: pod; edge: code */
    uint32_t twin;
    double duration_s;
};

/* Lines that say the same thing, counted; one of them stands for all. */
struct pattern {
    uint32_t origin;
    uint32_t kind;
    uint64_t count;
    struct found example;
};

struct search {
    const struct pl_scene *at;
    struct pl_observe *observe;
    uint32_t place; /* enum pl_log_place */
    uint32_t index;
    uint32_t level;
    uint32_t limit;
    bool oldest_first;
    const char *filter;
    int64_t from_ns;
    int64_t until_ns;
    uint64_t matched;
    uint64_t written; /* lines in the window, whatever the filter */
    uint32_t count;
    uint32_t kind_count;
    struct pl_noise_def kinds[PL_NOISE_KINDS_MAX];
    uint32_t pattern_count;
    struct pattern patterns[PATTERNS_MAX];
    struct found found[PL_LOGS_LIMIT_MAX];
};

/* ---- Rendering ---- */

static void render_noise(const struct search *search, const struct found *found, struct pl_buf *out)
{
    const struct pl_observe *observe = search->observe;
    const struct pl_noise_def *kind = &search->kinds[found->index];
    char text[PL_LOG_LINE_MAX / 2];
    struct pl_buf body;
    pl_buf_init(&body, text, sizeof(text));
    pl_log_noise_fill(kind->body, found->key, &body);
    if (search->place == PL_LOG_OF_DATABASE) {
        /* PostgreSQL's own words for severities, unless the author wrote them. */
        char message[PL_LOG_LINE_MAX / 2 + 16];
        bool has_level = strstr(text, ":  ") != NULL && strstr(text, ":  ") < text + 10;
        snprintf(message,
                 sizeof(message),
                 "%s%s",
                 has_level ? "" : (kind->level == PL_LEVEL_ERROR ? "ERROR:  " : "LOG:  "),
                 text);
        pl_log_text_postgres(observe, found->t_ns, found->key, search->index, message, out);
        return;
    }
    if (search->place == PL_LOG_OF_EVENTS) {
        char clock[PL_CLOCK_TEXT_MAX];
        pl_display_clock(observe->world, found->t_ns, clock);
        pl_buf_printf(out, "%s %s", clock, text);
        return;
    }
    struct pl_log_app app = {
        .t_ns = found->t_ns,
        .key = found->key,
        .service = search->index,
        .pod = found->detail,
        .twin = found->twin,
        .level = kind->level,
        .trace = pl_random_bits(found->key, 5),
        .route = PL_NONE,
        .body = text,
    };
    pl_log_text_app(observe, &app, out);
}

/* Cut a few lines short, as a shipper does at its limit, or lose their start. */
static void damage(const struct search *search, const struct found *found, struct pl_buf *out)
{
    uint64_t key = pl_random_child(found->key, PURPOSE_CUT);
    if (search->place != PL_LOG_OF_SERVICE || pl_random_bits(key, 0) % 1000 >= CUT_PER_THOUSAND ||
        out->size < 40) {
        return;
    }
    size_t keep = 20 + (size_t)(pl_random_bits(key, 1) % (out->size - 20));
    if (pl_random_bits(key, 2) % 3 == 0) {
        memmove(out->data, out->data + (out->size - keep), keep);
    }
    out->size = keep;
    out->data[keep] = '\0';
}

/* The line as it was written. */
static void render_whole(const struct search *search, const struct found *found, struct pl_buf *out)
{
    pl_buf_clear(out);
    if (found->origin == ORIGIN_NOISE) {
        render_noise(search, found, out);
    } else if (found->origin == ORIGIN_EDGE) {
        struct pl_edge_line line = {
            found->t_ns, found->key, found->index, found->detail, found->duration_s};
        pl_log_edge_put(search->observe, &line, out);
    } else {
        struct pl_log_line line = {
            &search->at->record->logs[found->index], found->t_ns, found->key, found->detail, 0};
        pl_log_text_put(search->observe, &line, search->place, out);
    }
}

/* The line as it arrived. */
static void render(const struct search *search, const struct found *found, struct pl_buf *out)
{
    render_whole(search, found, out);
    damage(search, found, out);
}

/* ---- Collecting ---- */

/* True when line a is shown before line b. */
static bool is_before(const struct search *search, const struct found *a, const struct found *b)
{
    if (a->t_ns != b->t_ns) {
        return search->oldest_first ? a->t_ns < b->t_ns : a->t_ns > b->t_ns;
    }
    return a->key < b->key;
}

/* What lines like this one have in common. */
static uint32_t kind_of(const struct search *search, const struct found *found)
{
    if (found->origin == ORIGIN_EVENT) {
        const struct pl_log *log = &search->at->record->logs[found->index];
        bool by_route = log->kind == PL_LOG_QUEUE_FULL || log->kind == PL_LOG_SHED ||
                        log->kind == PL_LOG_INTERNAL_ERROR || log->kind == PL_LOG_SLOW_REQUEST;
        return log->kind * 256 + (by_route || log->a > 255 ? 0 : log->a);
    }
    return found->origin == ORIGIN_EDGE ? found->index * 16 + found->detail : found->index;
}

static void count_pattern(struct search *search, const struct found *found)
{
    uint32_t kind = kind_of(search, found);
    uint32_t i = 0;
    while (i < search->pattern_count &&
           (search->patterns[i].origin != found->origin || search->patterns[i].kind != kind)) {
        i++;
    }
    if (i == PATTERNS_MAX) {
        return;
    }
    if (i == search->pattern_count) {
        search->patterns[i] = (struct pattern){found->origin, kind, 0, *found};
        search->pattern_count++;
    }
    search->patterns[i].count++;
}

/* Count a line that matches and keep it while it is among the first ones. */
static void offer(struct search *search, const struct found *found)
{
    search->written += 1;
    if (search->filter[0] != '\0') {
        char text[PL_LOG_LINE_MAX];
        struct pl_buf out;
        pl_buf_init(&out, text, sizeof(text));
        render(search, found, &out);
        if (!pl_display_contains(text, search->filter)) {
            return;
        }
    }
    search->matched += 1;
    count_pattern(search, found);
    if (search->count == search->limit &&
        !is_before(search, found, &search->found[search->count - 1])) {
        return;
    }
    uint32_t at = search->count < search->limit ? search->count++ : search->count - 1;
    while (at > 0 && is_before(search, found, &search->found[at - 1])) {
        search->found[at] = search->found[at - 1];
        at--;
    }
    search->found[at] = *found;
}

/* Offer the copies of an event: one per pod of the fleet that its pod stands for. */
static void offer_event(struct search *search, uint32_t position)
{
    const struct pl_log *log = &search->at->record->logs[position];
    uint32_t copies = (uint32_t)pl_fleet_scale(search->observe->world);
    uint32_t twins = log->service < search->observe->world->service_count
                         ? pl_fleet_twins(search->observe->world, log->service)
                         : 1;
    bool once = log->kind == PL_LOG_SCALED;
    uint64_t key =
        pl_fleet_key(&search->observe->fleet, PURPOSE_EVENT, (uint32_t)log->sequence, log->kind);
    for (uint32_t copy = 0; copy < (once ? 1 : copies); copy++) {
        struct found found = {.t_ns = log->t_ns,
                              .key = pl_random_child(key, copy),
                              .origin = ORIGIN_EVENT,
                              .index = position,
                              .detail = copy % twins};
        /* Twins live through the same a little later. */
        double late = copy == 0 ? 0.0 : pl_random_unit(pl_random_bits(found.key, 0));
        found.t_ns += (int64_t)(late * 1.5e9);
        if (found.t_ns >= search->from_ns && found.t_ns <= search->until_ns) {
            offer(search, &found);
        }
    }
}

static void collect_events(struct search *search)
{
    const struct pl_record *record = search->at->record;
    uint64_t first = record->log_count > record->log_max ? record->log_count - record->log_max : 0;
    for (uint64_t i = record->log_count; i > first; i--) {
        uint32_t position = (uint32_t)((i - 1) % record->log_max);
        const struct pl_log *log = &record->logs[position];
        if (log->t_ns < search->from_ns - 2 * PL_NS_PER_S) {
            break; /* events are in the order of time */
        }
        if (pl_log_text_belongs(search->observe->world, log, search->place, search->index) &&
            pl_log_text_level(log, search->place) >= search->level) {
            offer_event(search, position);
        }
    }
}

static void collect_noise_kind(struct search *search, uint32_t kind)
{
    const struct pl_noise_def *def = &search->kinds[kind];
    uint64_t key =
        pl_fleet_key(&search->observe->fleet, PURPOSE_NOISE + search->place, search->index, kind);
    int64_t minute = search->from_ns / MINUTE_NS - (search->from_ns < 0 ? 1 : 0);
    for (; minute * MINUTE_NS <= search->until_ns; minute++) {
        int64_t offsets[NOISE_PER_MINUTE_MAX];
        uint32_t count =
            pl_log_noise_minute(key, minute, def->per_minute, offsets, NOISE_PER_MINUTE_MAX);
        for (uint32_t i = 0; i < count; i++) {
            struct found found = {.t_ns = minute * MINUTE_NS + offsets[i],
                                  .key = pl_random_child(pl_random_child(key, (uint64_t)minute), i),
                                  .origin = ORIGIN_NOISE,
                                  .index = kind,
                                  .detail = PL_NONE};
            if (found.t_ns < search->from_ns || found.t_ns > search->until_ns) {
                continue;
            }
            if (search->place == PL_LOG_OF_SERVICE) {
                uint32_t pods = search->observe->world->services[search->index].pods;
                uint32_t twins = pl_fleet_twins(search->observe->world, search->index);
                found.detail = pl_tracks_pod0(search->observe->tracks, search->index) +
                               (uint32_t)(found.key % (pods == 0 ? 1 : pods));
                found.twin = (uint32_t)(found.key >> 32) % twins;
            }
            offer(search, &found);
        }
    }
}

static void offer_edge(void *context, const struct pl_edge_line *line)
{
    struct search *search = context;
    uint32_t level = line->code >= PL_CODE_ERROR     ? PL_LEVEL_ERROR
                     : line->code >= PL_CODE_LIMITED ? PL_LEVEL_WARN
                                                     : PL_LEVEL_INFO;
    if (line->t_ns < search->from_ns || line->t_ns > search->until_ns || level < search->level) {
        return;
    }
    struct found found = {.t_ns = line->t_ns,
                          .key = line->key,
                          .origin = ORIGIN_EDGE,
                          .index = line->route,
                          .detail = line->code,
                          .duration_s = line->duration_s};
    offer(search, &found);
}

static void collect_edge(struct search *search)
{
    const struct pl_tracks *tracks = search->observe->tracks;
    for (uint32_t sample = 1; sample < pl_tracks_count(tracks); sample++) {
        if (pl_tracks_time(tracks, sample) >= search->from_ns &&
            pl_tracks_time(tracks, sample - 1) <= search->until_ns) {
            pl_log_edge_interval(search->observe, sample, offer_edge, search);
        }
    }
}

/* ---- The look ---- */

static pl_status find_source(struct search *search, const char *source, pl_error *err)
{
    const struct pl_world *world = search->observe->world;
    struct pl_suggest suggest;
    pl_suggest_begin(&suggest, pl_slice_of(source));
    pl_suggest_offer(&suggest, pl_slice_of("edge"));
    pl_suggest_offer(&suggest, pl_slice_of("events"));
    if (strcmp(source, "edge") == 0 || strcmp(source, "events") == 0) {
        search->place = source[1] == 'd' ? PL_LOG_OF_EDGE : PL_LOG_OF_EVENTS;
        return PL_OK;
    }
    for (uint32_t i = 0; i < world->service_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(world->services[i].name));
        if (strcmp(world->services[i].name, source) == 0) {
            search->place = PL_LOG_OF_SERVICE;
            search->index = i;
            return PL_OK;
        }
    }
    for (uint32_t i = 0; i < world->database_count; i++) {
        pl_suggest_offer(&suggest, pl_slice_of(world->databases[i].name));
        if (strcmp(world->databases[i].name, source) == 0) {
            search->place = PL_LOG_OF_DATABASE;
            search->index = i;
            return PL_OK;
        }
    }
    pl_slice best = pl_suggest_best(&suggest);
    return pl_fail(err,
                   PL_NOT_FOUND,
                   NULL,
                   "Nothing called `%.48s` writes logs; %s%.*s%s",
                   source,
                   best.data != NULL ? "did you mean `"
                                     : "name a service, a database, edge or events",
                   (int)best.size,
                   best.data != NULL ? best.data : "",
                   best.data != NULL ? "`?" : ".");
}

static pl_status find_level(struct search *search, const char *level, pl_error *err)
{
    static const char *const names[] = {"info", "warn", "error"};
    if (level[0] == '\0') {
        return PL_OK;
    }
    for (uint32_t i = 0; i < 3; i++) {
        if (strcmp(names[i], level) == 0) {
            search->level = i;
            return PL_OK;
        }
    }
    return pl_fail(
        err, PL_BAD_INPUT, NULL, "The level is `%.24s`; it can be error, warn or info.", level);
}

static void put_notes(const struct search *search, struct pl_json_out *json)
{
    const struct pl_record *record = search->at->record;
    const struct pl_world *world = search->observe->world;
    char note[160];
    pl_json_out_key(json, "notes");
    pl_json_out_array_begin(json);
    if (search->place == PL_LOG_OF_EDGE) {
        snprintf(note,
                 sizeof(note),
                 "One of %d answers that are fine is written, and every other one.",
                 PL_EDGE_SAMPLING);
        pl_json_out_string(json, note);
    } else if (record->log_count > record->log_max) {
        int64_t oldest_ns = record->logs[record->log_count % record->log_max].t_ns;
        if (oldest_ns > search->from_ns) {
            char clock[PL_CLOCK_TEXT_MAX];
            pl_display_clock(world, oldest_ns, clock);
            snprintf(note, sizeof(note), "Lines before %s have been rotated away.", clock);
            pl_json_out_string(json, note);
        }
    }
    pl_json_out_array_end(json);
}

/* What a line says without when and where: the body of a JSON line, the message of the others. */
static void put_message(struct pl_json_out *json, const char *line, bool edge)
{
    static const char key[] = "\"body\":\"";
    const char *start = strstr(line, key);
    char text[PATTERN_TEXT_MAX];
    size_t size = 0;
    if (start != NULL) {
        start += sizeof(key) - 1;
    } else {
        static const char *const marks[] = {
            "ERROR:", "FATAL:", "LOG:", "WARNING:", "Warning", "Normal", "\""};
        start = line;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && start == line; i++) {
            const char *at = strstr(line, marks[i]);
            start = at != NULL ? at : start;
        }
    }
    bool quoted = start != line && start[-1] == '"' && start[-2] == ':';
    uint32_t spaces = 0; /* an access line: request, status and flags */
    while (start[size] != '\0' && start[size] != '\n' && size + 1 < sizeof(text) &&
           !(quoted && start[size] == '"' && start[size - 1] != '\\') &&
           !(edge && start[size] == ' ' && ++spaces == 5)) {
        text[size] = start[size];
        size++;
    }
    /* A character of several bytes may not be cut. */
    while (size > 0 && ((unsigned char)start[size] & 0xc0u) == 0x80u) {
        size--;
    }
    pl_json_out_member_slice(json, "text", (pl_slice){text, size});
}

static void put_patterns(struct search *search, struct pl_json_out *json)
{
    pl_json_out_key(json, "patterns");
    pl_json_out_array_begin(json);
    for (uint32_t shown = 0; shown < PATTERNS_SHOWN; shown++) {
        uint32_t best = search->pattern_count;
        for (uint32_t i = 0; i < search->pattern_count; i++) {
            if (search->patterns[i].count > 0 &&
                (best == search->pattern_count ||
                 search->patterns[i].count > search->patterns[best].count)) {
                best = i;
            }
        }
        if (best == search->pattern_count) {
            break;
        }
        char text[PL_LOG_LINE_MAX];
        struct pl_buf line;
        pl_buf_init(&line, text, sizeof(text));
        render_whole(search, &search->patterns[best].example, &line);
        pl_json_out_object_begin(json);
        pl_json_out_member_integer(json, "count", (int64_t)search->patterns[best].count);
        put_message(json, text, search->patterns[best].origin == ORIGIN_EDGE);
        pl_json_out_object_end(json);
        search->patterns[best].count = 0;
    }
    pl_json_out_array_end(json);
}

static void write_lines(struct search *search, const char *source, struct pl_buf *out)
{
    struct pl_json_out json;
    char title[160];
    snprintf(title,
             sizeof(title),
             "%s logs%s%.80s%s",
             source,
             search->filter[0] != '\0' ? ", `" : "",
             search->filter,
             search->filter[0] != '\0' ? "`" : "");
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "type", "logs");
    pl_json_out_member_string(&json, "title", title);
    pl_json_out_key(&json, "lines");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < search->count; i++) {
        char text[PL_LOG_LINE_MAX];
        char clock[PL_CLOCK_TEXT_MAX];
        struct pl_buf line;
        pl_buf_init(&line, text, sizeof(text));
        render(search, &search->found[i], &line);
        pl_display_clock(search->observe->world, search->found[i].t_ns, clock);
        pl_json_out_object_begin(&json);
        pl_json_out_member_string(&json, "t", clock);
        pl_json_out_member_slice(&json, "text", (pl_slice){line.data, line.size});
        pl_json_out_object_end(&json);
    }
    pl_json_out_array_end(&json);
    pl_json_out_member_integer(&json, "matched", (int64_t)search->matched);
    pl_json_out_member_integer(&json, "shown", search->count);
    pl_json_out_member_integer(&json, "written", (int64_t)search->written);
    put_patterns(search, &json);
    put_notes(search, &json);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}

pl_status pl_logs_look(const struct pl_scene *at,
                       const struct pl_logs_look *look,
                       struct pl_buf *out,
                       pl_error *err)
{
    PL_CHECK(at != NULL && look != NULL && out != NULL);
    struct search search = {
        .at = at, .observe = at->observe, .oldest_first = look->oldest_first != 0};
    const char *source = look->source != NULL ? look->source : "";
    search.filter = look->filter != NULL ? look->filter : "";
    search.limit = look->limit == 0 ? DEFAULT_LIMIT : look->limit;
    search.limit = search.limit < PL_LOGS_LIMIT_MAX ? search.limit : PL_LOGS_LIMIT_MAX;
    search.until_ns = pl_model_now(at->state);
    search.from_ns = search.until_ns - (look->window_ns > 0 ? look->window_ns : DEFAULT_WINDOW_NS);
    search.from_ns = search.from_ns > 0 ? search.from_ns : 0;
    pl_status status = find_source(&search, source, err);
    if (status == PL_OK) {
        status = find_level(&search, look->level != NULL ? look->level : "", err);
    }
    if (status != PL_OK) {
        return status;
    }
    if (search.place == PL_LOG_OF_EDGE) {
        collect_edge(&search);
    } else {
        search.kind_count =
            pl_log_noise_kinds(at->observe, search.place, search.index, search.kinds);
        collect_events(&search);
        for (uint32_t kind = 0; kind < search.kind_count; kind++) {
            if (search.kinds[kind].level >= search.level) {
                collect_noise_kind(&search, kind);
            }
        }
    }
    write_lines(&search, source, out);
    return PL_OK;
}
