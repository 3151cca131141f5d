// SPDX-License-Identifier: Apache-2.0
//
// The judge against its acceptance figures. script/validate builds and starts it.
//
// With `--feed yes` what was measured goes into the calibration.json of each scenario that has one:
// the learning rate of held-out worlds, the seconds of looking per bit, and the standard deviation
// of a score over incidents. Each needs enough sessions.
//
//   validate --scenarios NAME,... [--control NAME,...] [--content DIR] [--control-content DIR]
//            [--k N] [--seeds N] [--seed0 N] [--minutes-of-cpu M] [--control-minutes M]
//            [--held N] [--held-sessions N] [--repeats N] [--fresh N] [--bots NAME,...]
//            [--feed yes]
//            --out DIR --date DATE --commit HASH --command TEXT [--mutants FILE] [--notes FILE]
#include "validation/proof.h"

#include "base/check.h"
#include "exam/constants_file.h"
#include "os/file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCENARIOS_MAX = 16,
    NAME_SIZE = 64,
    FEED_SESSIONS_ETA = 300,
    FEED_SESSIONS = 40,
    FEED_ACTS = 20,
    HELD_LEAST = 3
};

/* Value behind the last `--name`, or `otherwise`. */
static const char *option(int argc, char **argv, const char *name, const char *otherwise)
{
    const char *value = otherwise;
    for (int i = 1; i + 1 < argc; i++) {
        value = strcmp(argv[i], name) == 0 ? argv[i + 1] : value;
    }
    return value;
}

static uint32_t whole(int argc, char **argv, const char *name, const char *otherwise)
{
    return (uint32_t)strtoul(option(argc, argv, name, otherwise), NULL, 10);
}

/* Everything of one scenario. */
struct part {
    struct pl_proof_stand stand;
    struct pl_proof_effort effort;
    struct pl_proof_held held;
    struct pl_proof_sturdy sturdy;
    struct pl_proof_list list;
};

/* Where pages go, and what stands on them so far. */
struct desk {
    const char *folder;
    struct pl_proof_origin origin;
    struct pl_proof_section sections[SCENARIOS_MAX];
    uint32_t count; /* of whole sections */
    uint32_t failed;
    struct part *part; /* in the making */
};

static struct pl_proof_section section_of(const struct part *part)
{
    return (struct pl_proof_section){.stand = &part->stand,
                                     .effort = &part->effort,
                                     .held = &part->held,
                                     .sturdy = &part->sturdy,
                                     .list = &part->list};
}

/* What is done is kept, whatever becomes of the rest: a page after each form. */
static void write_page(void *context)
{
    struct desk *desk = context;
    struct part *part = desk->part;
    memset(&part->list, 0, sizeof part->list);
    pl_proof_figures(&part->stand, &part->held, &part->sturdy, &part->list);
    desk->sections[desk->count] = section_of(part);
    if (pl_proof_page(desk->folder, &desk->origin, desk->sections, desk->count + 1) != 0) {
        desk->failed++;
    }
}

static pl_status
run(struct part *part, const char *directory, const char *name, bool control, pl_error *err)
{
    pl_status status = pl_proof_open(&part->stand, directory, name, &part->effort, err);
    part->stand.control = control;
    if (status == PL_OK && part->effort.held_sessions > 0) {
        status = pl_proof_hold(&part->stand, &part->effort, &part->held, err);
    }
    if (status == PL_OK) {
        status = pl_proof_run(&part->stand, &part->effort, err);
    }
    if (status == PL_OK && part->effort.repeats > 0 && part->stand.row_count > 0) {
        status = pl_proof_try(&part->stand, &part->effort, &part->sturdy, err);
    }
    return status;
}

/* Put what was measured well enough into the scenario's constants. */
static pl_status feed(const struct part *part, const char *directory, pl_error *err)
{
    char path[PL_FILE_PATH_MAX];
    struct pl_constants *constants = part->stand.constants;
    uint32_t count = 0;
    double search_s = 0.0;
    double incident_sd = pl_proof_incident_sd(&part->stand, &count);
    if (!part->stand.constants_kept) {
        return PL_OK;
    }
    if (part->held.eta_sessions >= FEED_SESSIONS_ETA) {
        constants->eta = part->held.eta;
    }
    if (pl_proof_search_s(&part->stand, &search_s) >= FEED_ACTS) {
        constants->search_s_per_bit = search_s;
    }
    if (count >= FEED_SESSIONS) {
        constants->incident_sd = incident_sd;
    }
    return pl_constants_file_save(directory, &part->stand.content, constants, path, err);
}

/* Cut a list of names; returns the rest, NULL at its end. */
static const char *next_name(const char *names, char *name)
{
    size_t size = strcspn(names, ",");
    PL_CHECK(size > 0 && size < NAME_SIZE);
    memcpy(name, names, size);
    name[size] = '\0';
    return names[size] == ',' ? names + size + 1 : NULL;
}

/* Are there enough worlds to hold one out? Says what is missing. */
static bool can_hold(const struct pl_proof_effort *effort)
{
    bool enough = effort->held_sessions == 0 || effort->held_particles >= HELD_LEAST;
    if (!enough) {
        fprintf(stderr,
                "validate: --held is %u, at least %d worlds per cause are needed to hold one out; "
                "--held-sessions 0 leaves that part away.\n",
                effort->held_particles,
                HELD_LEAST);
    }
    return enough;
}

static void close_all(struct part **parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        pl_proof_close(&parts[i]->stand);
        free(parts[i]);
    }
}

int main(int argc, char **argv)
{
    static struct part *parts[SCENARIOS_MAX];
    static struct desk desk;
    struct pl_proof_effort effort = {
        .particles = whole(argc, argv, "--k", "8"),
        .forms = whole(argc, argv, "--seeds", "40"),
        .fresh = whole(argc, argv, "--fresh", "24"),
        .held_particles = whole(argc, argv, "--held", "16"),
        .held_sessions = whole(argc, argv, "--held-sessions", "1000"),
        .repeats = whole(argc, argv, "--repeats", "24"),
        .seed0 = whole(argc, argv, "--seed0", "2000"),
        .cpu_s = 60.0 * strtod(option(argc, argv, "--minutes-of-cpu", "20"), NULL),
        .bots = option(argc, argv, "--bots", NULL)};
    desk.origin = (struct pl_proof_origin){.date = option(argc, argv, "--date", ""),
                                           .commit = option(argc, argv, "--commit", ""),
                                           .command = option(argc, argv, "--command", ""),
                                           .mutants = option(argc, argv, "--mutants", NULL),
                                           .notes = option(argc, argv, "--notes", NULL)};
    if (!can_hold(&effort)) {
        return 2;
    }
    desk.folder = option(argc, argv, "--out", NULL);
    if (desk.folder == NULL) {
        fprintf(stderr, "validate: say where with --out; script/validate does.\n");
        return 2;
    }
    for (int control = 1; control >= 0; control--) {
        const char *names = option(argc, argv, control != 0 ? "--control" : "--scenarios", NULL);
        const char *directory = control != 0
                                    ? option(argc, argv, "--control-content", "tests/content")
                                    : option(argc, argv, "--content", "content");
        while (names != NULL && names[0] != '\0' && desk.count < SCENARIOS_MAX) {
            char name[NAME_SIZE];
            pl_error err = {0};
            names = next_name(names, name);
            struct part *part = calloc(1, sizeof *part);
            PL_CHECK(part != NULL);
            parts[desk.count] = part;
            desk.part = part;
            part->effort = effort;
            part->effort.after_form = write_page;
            part->effort.context = &desk;
            part->effort.shipped = control == 0;
            if (control != 0) {
                const char *minutes = option(argc, argv, "--control-minutes", "10");
                part->effort.cpu_s = 60.0 * strtod(minutes, NULL);
                part->effort.bots = NULL;
            }
            if (run(part, directory, name, control != 0, &err) != PL_OK) {
                fprintf(stderr, "validate: %s: %s\n", name, err.message);
                return 1;
            }
            if (strcmp(option(argc, argv, "--feed", "no"), "yes") == 0 && control == 0 &&
                feed(part, directory, &err) != PL_OK) {
                fprintf(stderr, "validate: %s: %s\n", name, err.message);
                return 3;
            }
            write_page(&desk);
            desk.count++;
            if (desk.failed > 0) {
                return 3;
            }
        }
    }
    close_all(parts, desk.count);
    return 0;
}
