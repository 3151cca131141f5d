// SPDX-License-Identifier: Apache-2.0
//
//   begin      all sessions, OPENERS at a time
//   follow     a stream of each, from the first entry on
//   settle     until every stream has heard its clock, and a little longer
//   measure    actions at their moments; a session whose last action is not answered keeps the next
//              ones in a queue, with the moments at which they were due
//   drain      until all are answered and the streams have told all that was acknowledged
#include "course.h"

#include "base/check.h"
#include "base/random.h"
#include "os/now.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPENERS = 4,
    FOLLOW_MS = 15, /* from one stream to the next: not all incidents are at the same second */
    STEP_US = 1000,
    QUEUE = 64,     /* actions of one session that wait */
    MARKS = 64,     /* entries of one session whose way is looked at */
    ACTIONS_OF = 5, /* seconds between two actions of one session: 2 per second of ten */
    KEY_SIZE = 32,
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
    char id[PL_COURSE_ID_SIZE];
    struct pl_load_link *stream;
    struct pl_load_link *hands;
    struct action queue[QUEUE];
    uint32_t first; /* the one that is asked, when busy */
    uint32_t waiting;
    bool busy;
    struct pl_course_heard heard;
    int64_t told_seq; /* highest that was acknowledged */
    struct mark marks[MARKS];
};

struct opener {
    struct crowd *crowd;
    struct pl_load_link *link;
    uint32_t number; /* of the session that it begins */
};

struct crowd {
    struct pl_course course;
    struct player *players;
    struct opener openers[OPENERS];
    uint32_t begun;
    uint32_t opened;
    uint32_t followed;
    int64_t begin_span_ns;
    uint64_t sent;
    uint64_t dropped; /* actions beyond a session's queue */
    uint64_t open_actions;
    uint64_t key;
    struct pl_tally by_kind[KINDS];
    struct pl_tally opens; /* how long a session took to begin */
    int64_t opened_ns[OPENERS];
};

static void lost_player(void *context)
{
    struct player *player = context;
    pl_course_lost(&player->crowd->course);
}

/* ---- Beginning ------------------------------------------------------------------------------ */

static void begin_next(struct opener *opener)
{
    struct crowd *crowd = opener->crowd;
    if (crowd->begun == crowd->course.def->sessions) {
        return;
    }
    opener->number = crowd->begun++;
    crowd->opened_ns[opener - crowd->openers] = pl_now_monotonic_ns();
    pl_course_create(&crowd->course, opener->link, opener->number % crowd->course.def->forms + 1);
}

static void begun(void *context, int status, pl_slice body)
{
    struct opener *opener = context;
    struct crowd *crowd = opener->crowd;
    pl_tally_add(&crowd->opens, pl_now_monotonic_ns() - crowd->opened_ns[opener - crowd->openers]);
    if (!pl_course_created(status, body, crowd->players[opener->number].id)) {
        pl_course_refused(&crowd->course, status, body);
        (void)event_base_loopbreak(crowd->course.base);
        return;
    }
    crowd->opened++;
    begin_next(opener);
}

static void lost_opener(void *context)
{
    struct opener *opener = context;
    pl_course_lost(&opener->crowd->course);
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
        pl_tally_add(&crowd->course.shown, mark->heard_ns - mark->due_ns);
        mark->due_ns = 0;
    }
}

static void heard(void *context, const struct pl_load_event *event)
{
    struct player *player = context;
    struct crowd *crowd = player->crowd;
    if (pl_course_hear(&crowd->course, &player->heard, event)) {
        struct mark *mark = mark_of(player, event->id);
        mark->heard_ns = pl_now_monotonic_ns();
        settle_mark(crowd, mark);
    }
}

static void act_next(struct player *player);

static void answered(void *context, int status, pl_slice body)
{
    struct player *player = context;
    struct crowd *crowd = player->crowd;
    if (!player->busy) {
        pl_course_refused(&crowd->course, status, body); /* its stream was refused */
        return;
    }
    const struct action *action = &player->queue[player->first];
    int64_t took_ns = pl_now_monotonic_ns() - action->due_ns;
    player->busy = false;
    player->first = (player->first + 1) % QUEUE;
    crowd->open_actions--;
    if (status != 200) {
        pl_course_refused(&crowd->course, status, body);
        return;
    }
    pl_tally_add(&crowd->course.actions, took_ns);
    pl_tally_add(&crowd->by_kind[action->kind], took_ns);
    int64_t seq = pl_course_seq(status, body);
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
    char key[KEY_SIZE];
    if (player->busy || player->waiting == 0) {
        return;
    }
    const struct pl_course *course = &player->crowd->course;
    if (player->hands == NULL) {
        const struct pl_load_ear ear = ear_of(player);
        player->hands = pl_load_link_open(course->base, course->def->port, &ear);
        PL_CHECK(player->hands != NULL);
    }
    const struct action *action = &player->queue[player->first];
    snprintf(key, sizeof key, "load-%u", action->number);
    player->busy = true;
    player->waiting--;
    pl_course_command(player->hands, player->id, key, kinds[action->kind].command);
}

/* The n-th action of all is due at a moment of its own; sessions take turns. */
static void send_due(struct crowd *crowd)
{
    const struct pl_crowd_def *def = crowd->course.def;
    int64_t now_ns = pl_now_monotonic_ns();
    uint64_t all = (uint64_t)def->sessions * def->seconds / ACTIONS_OF;
    int64_t each_ns = ACTIONS_OF * PL_COURSE_SECOND_NS / def->sessions;
    while (crowd->sent < all) {
        int64_t due_ns = crowd->course.since_ns + (int64_t)crowd->sent * each_ns;
        if (due_ns > now_ns) {
            return;
        }
        uint64_t number = crowd->sent++;
        struct player *player = &crowd->players[number % def->sessions];
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

static bool all_told(const struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->course.def->sessions; i++) {
        if (crowd->players[i].heard.seq < crowd->players[i].told_seq) {
            return false;
        }
    }
    return crowd->open_actions == 0;
}

static void step_following(struct crowd *crowd)
{
    struct pl_course *course = &crowd->course;
    int64_t in_ms = pl_course_in(course) / 1000000;
    while (crowd->followed < course->def->sessions && in_ms >= crowd->followed * FOLLOW_MS) {
        struct player *player = &crowd->players[crowd->followed++];
        const struct pl_load_ear ear = ear_of(player);
        player->stream = pl_course_follow(course, player->id, &ear);
    }
    if (course->counts.ticking == course->def->sessions) {
        pl_course_enter(course, PL_COURSE_SETTLING);
    }
}

static void on_step(evutil_socket_t descriptor, short what, void *memory)
{
    struct crowd *crowd = memory;
    struct pl_course *course = &crowd->course;
    (void)descriptor;
    (void)what;
    if (course->phase == PL_COURSE_BEGINNING && crowd->opened == course->def->sessions) {
        crowd->begin_span_ns = pl_course_in(course);
        close_openers(crowd);
        pl_course_enter(course, PL_COURSE_FOLLOWING);
    } else if (course->phase == PL_COURSE_FOLLOWING) {
        step_following(crowd);
    } else if (course->phase == PL_COURSE_MEASURING) {
        send_due(crowd);
    }
    pl_course_step(course, course->phase == PL_COURSE_DRAINING && all_told(crowd));
}

static void put_result(struct crowd *crowd, struct pl_json_out *out)
{
    const struct pl_crowd_def *def = crowd->course.def;
    pl_json_out_member_integer(out, "sessions", def->sessions);
    pl_json_out_member_integer(out, "forms", def->forms);
    pl_json_out_member_number(out, "begin_s", (double)crowd->begin_span_ns / 1e9);
    pl_json_out_member_integer(out, "actions_sent", (int64_t)crowd->sent);
    pl_json_out_member_integer(out, "unanswered", (int64_t)(crowd->open_actions + crowd->dropped));
    pl_course_put_tally(out, "begin", &crowd->opens);
    pl_json_out_key(out, "kinds");
    pl_json_out_object_begin(out);
    for (uint32_t i = 0; i < KINDS; i++) {
        pl_course_put_tally(out, kinds[i].name, &crowd->by_kind[i]);
    }
    pl_json_out_object_end(out);
}

static void free_crowd(struct crowd *crowd)
{
    close_openers(crowd);
    for (uint32_t i = 0; i < crowd->course.def->sessions; i++) {
        pl_load_link_close(crowd->players[i].stream);
        pl_load_link_close(crowd->players[i].hands);
    }
    for (uint32_t i = 0; i < KINDS; i++) {
        pl_tally_fini(&crowd->by_kind[i]);
    }
    pl_tally_fini(&crowd->opens);
    free(crowd->players);
}

static void begin_all(struct crowd *crowd)
{
    for (uint32_t i = 0; i < OPENERS; i++) {
        struct opener *opener = &crowd->openers[i];
        const struct pl_load_ear ear = {.context = opener, .answered = begun, .lost = lost_opener};
        opener->crowd = crowd;
        opener->link = pl_load_link_open(crowd->course.base, crowd->course.def->port, &ear);
        PL_CHECK(opener->link != NULL);
        begin_next(opener);
    }
}

bool pl_crowd_incidents(const struct pl_crowd_def *def, struct pl_json_out *out)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    PL_CHECK(crowd != NULL);
    pl_course_begin(&crowd->course, def);
    crowd->key = pl_random_child(def->sessions, def->seconds);
    crowd->players = calloc(def->sessions, sizeof crowd->players[0]);
    PL_CHECK(crowd->players != NULL);
    for (uint32_t i = 0; i < def->sessions; i++) {
        crowd->players[i].crowd = crowd;
    }
    begin_all(crowd);
    pl_course_run(&crowd->course, STEP_US, on_step, crowd);
    bool good = pl_course_good(&crowd->course, all_told(crowd)) && crowd->dropped == 0;
    put_result(crowd, out);
    free_crowd(crowd);
    pl_course_end(&crowd->course, out);
    free(crowd);
    return good;
}
