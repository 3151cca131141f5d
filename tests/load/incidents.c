// SPDX-License-Identifier: Apache-2.0
//
//   begin      all sessions, OPENERS at a time
//   follow     a stream of each, from the first entry on
//   settle     until every stream has heard its clock, and a little longer
//   measure    actions at their moments; a session whose last action is not answered keeps the next
//              ones in a queue, with the moments at which they were due
//   drain      until all are answered and the streams have told all that was acknowledged
#include "crowd.h"

#include "base/check.h"
#include "base/random.h"
#include "link.h"
#include "os/now.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

enum {
    OPENERS = 4,
    FOLLOW_MS = 15, /* from one stream to the next: not all incidents are at the same second */
    STEP_US = 1000,
    SETTLE_S = 3,
    DRAIN_S = 20,
    QUEUE = 64,     /* actions of one session that wait */
    MARKS = 64,     /* entries of one session whose way is looked at */
    ACTIONS_OF = 5, /* seconds between two actions of one session: 2 per second of ten */
    ID_SIZE = 40,
    PATH_SIZE = 96,
    BODY_SIZE = 200,
    KINDS = 11
};

/* What players do, with how often of twenty. */
static const struct kind {
    const char *name;
    uint32_t weight;
    const char *command;
} kinds[KINDS] = {
    {"panel",
     4,
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"latency\"}"},
    {"errors",
     2,
     "{\"do\":\"look\",\"what\":\"panel\",\"service\":\"checkout-api\",\"panel\":\"errors\"}"},
    {"logs",
     3,
     "{\"do\":\"look\",\"what\":\"logs\",\"service\":\"checkout-api\",\"level\":\"error\","
     "\"limit\":50}"},
    {"traces",
     2,
     "{\"do\":\"look\",\"what\":\"traces\",\"service\":\"checkout-api\",\"limit\":20}"},
    {"db", 2, "{\"do\":\"look\",\"what\":\"db\",\"db\":\"orders-db\",\"view\":\"activity\"}"},
    {"alerts", 1, "{\"do\":\"look\",\"what\":\"alerts\"}"},
    {"changes", 1, "{\"do\":\"look\",\"what\":\"changes\"}"},
    {"pods", 1, "{\"do\":\"look\",\"what\":\"pods\",\"service\":\"checkout-api\"}"},
    {"hypothesis",
     2,
     "{\"do\":\"say\",\"what\":\"believe\",\"claims\":[{\"component\":\"orders-db\",\"mechanism\":"
     "\"connections are held\",\"p\":0.5}]}"},
    {"preview", 1, "{\"do\":\"act\",\"action\":\"restart\",\"args\":[\"fulfilment\"]}"},
    {"act",
     1,
     "{\"do\":\"act\",\"action\":\"scale\",\"args\":[\"fulfilment\",9],\"confirm\":true}"},
};

/* An entry that was acknowledged or heard, whichever comes first. */
struct mark {
    int64_t seq;
    int64_t due_ns;   /* 0: not acknowledged yet */
    int64_t heard_ns; /* 0: not heard yet */
};

struct crowd;

/* An action on its way or waiting. */
struct action {
    int64_t due_ns;
    uint32_t kind;
    uint32_t number;
};

struct player {
    struct crowd *crowd;
    char id[ID_SIZE];
    struct pl_load_link *stream;
    struct pl_load_link *hands;
    struct action queue[QUEUE];
    uint32_t first; /* the one that is asked, when busy */
    uint32_t waiting;
    bool busy;
    bool ticks; /* its clock was heard */
    int64_t heard_seq;
    int64_t told_seq; /* highest that was acknowledged */
    struct mark marks[MARKS];
};

struct opener {
    struct crowd *crowd;
    struct pl_load_link *link;
    uint32_t number; /* of the session that it begins */
};

enum phase { BEGINNING, FOLLOWING, SETTLING, MEASURING, DRAINING };

struct crowd {
    const struct pl_crowd_def *def;
    struct event_base *base;
    struct event *timer;
    struct player *players;
    struct opener openers[OPENERS];
    enum phase phase;
    uint32_t begun;
    uint32_t opened;
    uint32_t followed;
    uint32_t ticking;
    int64_t since_ns; /* of the phase */
    int64_t start_ns;
    int64_t begin_span_ns;
    uint64_t sent;
    uint64_t dropped; /* actions beyond a session's queue */
    uint64_t open_actions;
    uint64_t key;
    struct pl_tally actions;
    struct pl_tally by_kind[KINDS];
    struct pl_tally shown; /* from when an action was due until its entry was heard */
    struct pl_tally opens; /* how long a session took to begin */
    int64_t opened_ns[OPENERS];
    struct pl_crowd_counts counts;
};

static void lost(void *context)
{
    struct crowd *crowd = context;
    crowd->counts.lost++;
}

static void lost_player(void *context)
{
    struct player *player = context;
    lost(player->crowd);
}

/* ---- Beginning ------------------------------------------------------------------------------ */

static void begin_next(struct opener *opener)
{
    struct crowd *crowd = opener->crowd;
    char body[BODY_SIZE];
    if (crowd->begun == crowd->def->sessions) {
        return;
    }
    opener->number = crowd->begun++;
    int size = snprintf(body,
                        sizeof body,
                        "{\"scenario\":\"%s\",\"clock\":\"live\",\"speed\":1,\"seed\":%u}",
                        crowd->def->scenario,
                        opener->number % crowd->def->forms + 1);
    crowd->opened_ns[opener - crowd->openers] = pl_now_monotonic_ns();
    pl_load_link_ask(opener->link, "POST", "/api/sessions", NULL, (pl_slice){body, (size_t)size});
}

static void begun(void *context, int status, pl_slice body)
{
    static const char mark[] = "{\"id\":\"";
    struct opener *opener = context;
    struct crowd *crowd = opener->crowd;
    struct player *player = &crowd->players[opener->number];
    pl_tally_add(&crowd->opens, pl_now_monotonic_ns() - crowd->opened_ns[opener - crowd->openers]);
    if (status != 201 || body.size < ID_SIZE || memcmp(body.data, mark, sizeof mark - 1) != 0) {
        pl_crowd_refused(&crowd->counts, status, body);
        (void)event_base_loopbreak(crowd->base);
        return;
    }
    const char *id = body.data + sizeof mark - 1;
    snprintf(player->id, sizeof player->id, "%.*s", (int)strcspn(id, "\""), id);
    crowd->opened++;
    begin_next(opener);
}

static void lost_opener(void *context)
{
    struct opener *opener = context;
    lost(opener->crowd);
}

/* Their connections would be closed by the server for their silence. */
static void close_openers(struct crowd *crowd)
{
    for (uint32_t i = 0; i < OPENERS; i++) {
        pl_load_link_close(crowd->openers[i].link);
        crowd->openers[i].link = NULL;
    }
}

/* ---- Streams -------------------------------------------------------------------------------- */

static struct mark *mark_of(struct player *player, int64_t seq)
{
    struct mark *mark = &player->marks[seq % MARKS];
    if (mark->seq != seq) {
        *mark = (struct mark){.seq = seq};
    }
    return mark;
}

/* Both its acknowledgement and its event are there. */
static void settle_mark(struct crowd *crowd, struct mark *mark)
{
    if (mark->due_ns != 0 && mark->heard_ns != 0) {
        pl_tally_add(&crowd->shown, mark->heard_ns - mark->due_ns);
        mark->due_ns = 0;
    }
}

static void heard(void *context, const struct pl_load_event *event)
{
    struct player *player = context;
    struct crowd *crowd = player->crowd;
    if (strcmp(event->name, "clock") == 0) {
        pl_crowd_hear_clock(&crowd->counts, event->data);
        crowd->ticking += player->ticks ? 0 : 1;
        player->ticks = true;
    } else if (strcmp(event->name, "entry") == 0) {
        crowd->counts.missed += event->id != player->heard_seq + 1;
        crowd->counts.entries++;
        player->heard_seq = event->id;
        struct mark *mark = mark_of(player, event->id);
        mark->heard_ns = pl_now_monotonic_ns();
        settle_mark(crowd, mark);
    } else if (strcmp(event->name, "resync") == 0) {
        crowd->counts.resyncs++;
    }
}

static void act_next(struct player *player);

/* Number of the entry in an answer `{"seq":N,...`; 0 for null. */
static int64_t seq_of(pl_slice body)
{
    static const char mark[] = "{\"seq\":";
    bool good = body.size > sizeof mark + 4 && memcmp(body.data, mark, sizeof mark - 1) == 0;
    return good ? strtoll(body.data + sizeof mark - 1, NULL, 10) : 0;
}

static void answered(void *context, int status, pl_slice body)
{
    struct player *player = context;
    struct crowd *crowd = player->crowd;
    if (!player->busy) {
        pl_crowd_refused(&crowd->counts, status, body); /* its stream was refused */
        return;
    }
    const struct action *action = &player->queue[player->first];
    int64_t took_ns = pl_now_monotonic_ns() - action->due_ns;
    player->busy = false;
    player->first = (player->first + 1) % QUEUE;
    crowd->open_actions--;
    if (status != 200) {
        pl_crowd_refused(&crowd->counts, status, body);
        return;
    }
    pl_tally_add(&crowd->actions, took_ns);
    pl_tally_add(&crowd->by_kind[action->kind], took_ns);
    int64_t seq = seq_of(body);
    if (seq > 0) {
        struct mark *mark = mark_of(player, seq);
        mark->due_ns = action->due_ns;
        player->told_seq = seq > player->told_seq ? seq : player->told_seq;
        settle_mark(crowd, mark);
    }
    act_next(player);
}

static struct pl_load_ear ear_of(struct player *player)
{
    return (struct pl_load_ear){
        .context = player, .answered = answered, .heard = heard, .lost = lost_player};
}

static void follow(struct crowd *crowd, struct player *player)
{
    const struct pl_load_ear ear = ear_of(player);
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/api/sessions/%s/events?after=0", player->id);
    player->stream = pl_load_link_open(crowd->base, crowd->def->port, &ear);
    PL_CHECK(player->stream != NULL);
    pl_load_link_follow(player->stream, path);
}

/* ---- Actions -------------------------------------------------------------------------------- */

static uint32_t draw_kind(const struct crowd *crowd, uint64_t number)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < KINDS; i++) {
        all += kinds[i].weight;
    }
    uint32_t draw = (uint32_t)(pl_random_bits(crowd->key, number) % all);
    uint32_t kind = 0;
    while (draw >= kinds[kind].weight) {
        draw -= kinds[kind++].weight;
    }
    return kind;
}

static void act_next(struct player *player)
{
    char path[PATH_SIZE];
    char key[ID_SIZE];
    if (player->busy || player->waiting == 0) {
        return;
    }
    if (player->hands == NULL) {
        const struct pl_load_ear ear = ear_of(player);
        player->hands = pl_load_link_open(player->crowd->base, player->crowd->def->port, &ear);
        PL_CHECK(player->hands != NULL);
    }
    const struct action *action = &player->queue[player->first];
    const char *command = kinds[action->kind].command;
    snprintf(path, sizeof path, "/api/sessions/%s/commands", player->id);
    snprintf(key, sizeof key, "load-%u", action->number);
    player->busy = true;
    player->waiting--;
    pl_load_link_ask(player->hands, "POST", path, key, (pl_slice){command, strlen(command)});
}

/* The n-th action of all is due at a moment of its own; sessions take turns. */
static void send_due(struct crowd *crowd, int64_t now_ns)
{
    uint64_t all = (uint64_t)crowd->def->sessions * crowd->def->seconds / ACTIONS_OF;
    int64_t each_ns = ACTIONS_OF * SECOND_NS / crowd->def->sessions;
    while (crowd->sent < all) {
        int64_t due_ns = crowd->start_ns + (int64_t)crowd->sent * each_ns;
        if (due_ns > now_ns) {
            return;
        }
        uint64_t number = crowd->sent++;
        struct player *player = &crowd->players[number % crowd->def->sessions];
        if (player->waiting + 1 >= QUEUE) {
            crowd->dropped++;
            continue;
        }
        uint32_t at = (player->first + (player->busy ? 1 : 0) + player->waiting) % QUEUE;
        player->queue[at] = (struct action){
            .due_ns = due_ns, .kind = draw_kind(crowd, number), .number = (uint32_t)number};
        player->waiting++;
        crowd->open_actions++;
        act_next(player);
    }
}

/* ---- Phases --------------------------------------------------------------------------------- */

static void enter(struct crowd *crowd, enum phase phase, int64_t now_ns)
{
    crowd->phase = phase;
    crowd->since_ns = now_ns;
}

static bool all_told(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->def->sessions; i++) {
        if (crowd->players[i].heard_seq < crowd->players[i].told_seq) {
            return false;
        }
    }
    return crowd->open_actions == 0;
}

static void step_following(struct crowd *crowd, int64_t now_ns)
{
    int64_t in_ms = (now_ns - crowd->since_ns) / 1000000;
    while (crowd->followed < crowd->def->sessions && in_ms >= crowd->followed * FOLLOW_MS) {
        follow(crowd, &crowd->players[crowd->followed++]);
    }
    if (crowd->ticking == crowd->def->sessions) {
        enter(crowd, SETTLING, now_ns);
    }
}

static void on_step(evutil_socket_t descriptor, short what, void *memory)
{
    struct crowd *crowd = memory;
    int64_t now_ns = pl_now_monotonic_ns();
    int64_t in_ns = now_ns - crowd->since_ns;
    (void)descriptor;
    (void)what;
    if (crowd->phase == BEGINNING && crowd->opened == crowd->def->sessions) {
        crowd->begin_span_ns = in_ns;
        close_openers(crowd);
        enter(crowd, FOLLOWING, now_ns);
    } else if (crowd->phase == FOLLOWING) {
        step_following(crowd, now_ns);
    } else if (crowd->phase == SETTLING && in_ns > SETTLE_S * SECOND_NS) {
        pl_crowd_begin(crowd->def, &crowd->counts);
        crowd->start_ns = pl_now_monotonic_ns();
        enter(crowd, MEASURING, crowd->start_ns);
    } else if (crowd->phase == MEASURING) {
        send_due(crowd, now_ns);
        if (in_ns > crowd->def->seconds * SECOND_NS) {
            pl_crowd_end(crowd->def, &crowd->counts);
            enter(crowd, DRAINING, now_ns);
        }
    } else if (crowd->phase == DRAINING && (all_told(crowd) || in_ns > DRAIN_S * SECOND_NS)) {
        (void)event_base_loopbreak(crowd->base);
    }
}

static void put_result(struct crowd *crowd, struct pl_json_out *out)
{
    const struct pl_crowd_def *def = crowd->def;
    pl_json_out_member_integer(out, "sessions", def->sessions);
    pl_json_out_member_integer(out, "forms", def->forms);
    pl_json_out_member_number(out, "begin_s", (double)crowd->begin_span_ns / 1e9);
    pl_json_out_member_integer(out, "actions_sent", (int64_t)crowd->sent);
    pl_json_out_member_integer(out, "unanswered", (int64_t)(crowd->open_actions + crowd->dropped));
    pl_crowd_put(out, &crowd->counts);
    pl_crowd_put_tally(out, "begin", &crowd->opens);
    pl_crowd_put_tally(out, "action", &crowd->actions);
    pl_crowd_put_tally(out, "shown", &crowd->shown);
    pl_json_out_key(out, "kinds");
    pl_json_out_object_begin(out);
    for (uint32_t i = 0; i < KINDS; i++) {
        pl_crowd_put_tally(out, kinds[i].name, &crowd->by_kind[i]);
    }
    pl_json_out_object_end(out);
}

static void free_crowd(struct crowd *crowd)
{
    close_openers(crowd);
    for (uint32_t i = 0; i < crowd->def->sessions; i++) {
        pl_load_link_close(crowd->players[i].stream);
        pl_load_link_close(crowd->players[i].hands);
    }
    for (uint32_t i = 0; i < KINDS; i++) {
        pl_tally_fini(&crowd->by_kind[i]);
    }
    pl_tally_fini(&crowd->actions);
    pl_tally_fini(&crowd->shown);
    pl_tally_fini(&crowd->opens);
    pl_tally_fini(&crowd->counts.lag);
    event_free(crowd->timer);
    event_base_free(crowd->base);
    free(crowd->players);
    free(crowd);
}

bool pl_crowd_incidents(const struct pl_crowd_def *def, struct pl_json_out *out)
{
    const struct timeval step = {.tv_usec = STEP_US};
    struct crowd *crowd = calloc(1, sizeof *crowd);
    PL_CHECK(crowd != NULL);
    crowd->def = def;
    crowd->key = pl_random_child(def->sessions, def->seconds);
    crowd->base = event_base_new();
    crowd->players = calloc(def->sessions, sizeof crowd->players[0]);
    PL_CHECK(crowd->base != NULL && crowd->players != NULL);
    for (uint32_t i = 0; i < def->sessions; i++) {
        crowd->players[i].crowd = crowd;
    }
    enter(crowd, BEGINNING, pl_now_monotonic_ns());
    for (uint32_t i = 0; i < OPENERS; i++) {
        struct opener *opener = &crowd->openers[i];
        const struct pl_load_ear ear = {.context = opener, .answered = begun, .lost = lost_opener};
        opener->crowd = crowd;
        opener->link = pl_load_link_open(crowd->base, def->port, &ear);
        PL_CHECK(opener->link != NULL);
        begin_next(opener);
    }
    crowd->timer = event_new(crowd->base, -1, EV_PERSIST, on_step, crowd);
    PL_CHECK(crowd->timer != NULL && event_add(crowd->timer, &step) == 0);
    (void)event_base_dispatch(crowd->base);
    const struct pl_crowd_counts *counts = &crowd->counts;
    bool good = counts->refused + counts->missed + counts->lost + counts->resyncs == 0 &&
                crowd->phase == DRAINING && all_told(crowd) && crowd->dropped == 0;
    put_result(crowd, out);
    free_crowd(crowd);
    return good;
}
