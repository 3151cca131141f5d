// SPDX-License-Identifier: Apache-2.0
#include "validation/proof.h"

#include "base/check.h"
#include "text/json_out.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JSON_SIZE = 1 << 22, PATH_SIZE = 512 };

static const char *const verdicts[] = {"met", "**missed**", "open", "not measured", ""};
static const char *const words[] = {"met", "missed", "open", "absent", "reported"};

/* ---- The page ------------------------------------------------------------------------------- */

static void write_head(FILE *out,
                       const struct pl_proof_origin *origin,
                       const struct pl_proof_section *sections,
                       uint32_t count)
{
    uint32_t sums[PL_PROOF_REPORTED + 1] = {0};
    for (uint32_t s = 0; s < count; s++) {
        for (uint32_t i = 0; i < sections[s].list->count; i++) {
            sums[sections[s].list->items[i].verdict]++;
        }
    }
    fprintf(
        out,
        "# Validation of the judge\n\n"
        "Written by `script/validate`; do not edit. What the judge does stands in "
        "[judge.md](../explanation/judge.md),\nwho plays in [bots.md](../reference/bots.md).\n\n"
        "%s, commit `%s`, `%s`.\n\n"
        "**%u figures met, %u missed, %u open, %u not measured.** A figure is *met* or "
        "*missed* when its whole 95 %%\ninterval is on one side of the target, and *open* when "
        "the interval holds the target: more sessions would\ntell. Figures without an interval "
        "are compared as they are. Nothing was tuned to a figure, and a target\nthat is missed "
        "stays as it was set.\n\n",
        origin->date,
        origin->commit,
        origin->command,
        sums[PL_PROOF_MET],
        sums[PL_PROOF_MISSED],
        sums[PL_PROOF_OPEN],
        sums[PL_PROOF_ABSENT]);
    fprintf(out,
            "Bots play the same forms; the judge analyses every session with the same bank. S_dec "
            "is the decision part of\nthe score, 0 for doing nothing and 100 for the reference "
            "planner. Luck is damage minus adjusted damage, as a\nshare of what doing nothing "
            "costs on average (D_noop). Intervals take forms as the sample; bots share them.\n\n");
}

static void write_figure(FILE *out, const struct pl_proof_figure *figure)
{
    fprintf(out, "| %s | %s | ", figure->id, figure->what);
    if (figure->verdict == PL_PROOF_ABSENT) {
        fprintf(out, "| | %s | | %s | %s |\n", figure->target, verdicts[3], figure->note);
        return;
    }
    fprintf(out, "%.3g | ", figure->value);
    if (figure->low <= figure->high) {
        fprintf(out, "%.3g to %.3g", figure->low, figure->high);
    }
    fprintf(out,
            " | %s | %u | %s | %s |\n",
            figure->target,
            figure->count,
            verdicts[figure->verdict],
            figure->note);
}

static void write_number(FILE *out, const struct pl_moments *moments, double scale)
{
    if (moments->count == 0) {
        fprintf(out, " |");
    } else if (moments->count == 1) {
        fprintf(out, " %.1f |", scale * moments->mean);
    } else {
        fprintf(out,
                " %.1f ± %.1f |",
                scale * moments->mean,
                scale * pl_moments_standard_error(moments));
    }
}

static void write_bots(FILE *out, const struct pl_proof_stand *stand)
{
    static const size_t points[] = {offsetof(struct pl_proof_row, decision),
                                    offsetof(struct pl_proof_row, efficiency),
                                    offsetof(struct pl_proof_row, calibration),
                                    offsetof(struct pl_proof_row, score)};
    static const size_t shares[] = {offsetof(struct pl_proof_row, damage),
                                    offsetof(struct pl_proof_row, luck),
                                    offsetof(struct pl_proof_row, wrong_belief),
                                    offsetof(struct pl_proof_row, against_own)};
    fprintf(out,
            "Means over forms ± standard error. Damage, luck and the regret of acts (explained by "
            "the belief that was\nstated, and against it) in %% of D_noop.\n\n"
            "| bot | tier | S_dec | looking | believing | score | damage | luck | wrong belief | "
            "against own |\n|---|---|---|---|---|---|---|---|---|---|\n");
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        const struct pl_bot_def *bot = pl_roster_at(stand->bots[b]);
        fprintf(out, "| %s | %s |", bot->name, bot->tier);
        for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
            struct pl_moments moments = pl_proof_over(stand, b, points[i]);
            write_number(out, &moments, 1.0);
        }
        for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
            struct pl_moments moments = pl_proof_over(stand, b, shares[i]);
            write_number(out, &moments, 100.0);
        }
        fprintf(out, "\n");
    }
    fprintf(out, "\n");
}

static void write_section(FILE *out, const struct pl_proof_section *section)
{
    const struct pl_proof_stand *stand = section->stand;
    double held_s = section->held != NULL ? section->held->cpu_s : 0.0;
    fprintf(out,
            "## %s%s\n\n"
            "%u causes, %u remedy classes. %u bots on %u forms each: %u sessions at %u worlds per "
            "cause%s; constants\nfrom %s. %.0f s of processor time: %.0f s of judging, %.0f s of "
            "playing, %.0f s of held-out worlds.%s\n\n",
            stand->content.scenario->name,
            stand->control ? " (a control: small, of the tests, not shipped)" : "",
            stand->content.scenario->cause_count,
            stand->constants->class_count,
            stand->bot_count,
            stand->form_count,
            stand->row_count,
            section->effort->particles,
            stand->broken > 0 ? ", some not to their end" : "",
            stand->constants_kept ? "its calibration.json" : "a short calibration of this run",
            stand->judge_cpu_s + stand->play_cpu_s + held_s,
            stand->judge_cpu_s,
            stand->play_cpu_s,
            held_s,
            stand->shared_seeds > 0 ? " **A bank knew the seed of a session.**" : "");
    fprintf(out,
            "| | figure | value | 95 %% interval | target | n | verdict | |\n"
            "|---|---|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < section->list->count; i++) {
        write_figure(out, &section->list->items[i]);
    }
    fprintf(out, "\n");
    write_bots(out, stand);
}

/* Copy a file that another program or a person wrote. */
static void copy(FILE *out, const char *path)
{
    char line[1024];
    FILE *in = path != NULL ? fopen(path, "r") : NULL;
    if (in == NULL) {
        return;
    }
    while (fgets(line, sizeof line, in) != NULL) {
        fputs(line, out);
    }
    fputs("\n", out);
    fclose(in);
}

static int write_page(const char *folder,
                      const struct pl_proof_origin *origin,
                      const struct pl_proof_section *sections,
                      uint32_t count)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/REPORT.md", folder);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        fprintf(stderr, "validate: %s cannot be written.\n", path);
        return 1;
    }
    write_head(out, origin, sections, count);
    copy(out, origin->notes);
    for (uint32_t i = 0; i < count; i++) {
        write_section(out, &sections[i]);
    }
    copy(out, origin->mutants);
    return fclose(out) == 0 ? 0 : 1;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void put_figure(struct pl_json_out *out, const struct pl_proof_figure *figure)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "id", figure->id);
    pl_json_out_member_string(out, "what", figure->what);
    pl_json_out_member_string(out, "target", figure->target);
    pl_json_out_member_string(out, "verdict", words[figure->verdict]);
    if (figure->verdict != PL_PROOF_ABSENT && isfinite(figure->value)) {
        pl_json_out_member_number(out, "value", figure->value);
    }
    if (figure->low <= figure->high && figure->verdict != PL_PROOF_ABSENT) {
        pl_json_out_member_number(out, "low", figure->low);
        pl_json_out_member_number(out, "high", figure->high);
    }
    pl_json_out_member_integer(out, "n", figure->count);
    pl_json_out_member_string(out, "note", figure->note);
    pl_json_out_object_end(out);
}

static void put_mean(struct pl_json_out *out, const char *key, const struct pl_moments *moments)
{
    pl_json_out_key(out, key);
    pl_json_out_object_begin(out);
    pl_json_out_member_number(out, "mean", moments->mean);
    pl_json_out_member_number(out, "se", pl_moments_standard_error(moments));
    pl_json_out_member_integer(out, "n", (int64_t)moments->count);
    pl_json_out_object_end(out);
}

static void put_bot(struct pl_json_out *out, const struct pl_proof_stand *stand, uint32_t bot)
{
    static const struct {
        const char *key;
        size_t offset;
    } numbers[] = {{"decision", offsetof(struct pl_proof_row, decision)},
                   {"efficiency", offsetof(struct pl_proof_row, efficiency)},
                   {"calibration", offsetof(struct pl_proof_row, calibration)},
                   {"communication", offsetof(struct pl_proof_row, communication)},
                   {"score", offsetof(struct pl_proof_row, score)},
                   {"damage", offsetof(struct pl_proof_row, damage)},
                   {"adjusted", offsetof(struct pl_proof_row, adjusted)},
                   {"luck", offsetof(struct pl_proof_row, luck)},
                   {"truth_bits", offsetof(struct pl_proof_row, truth_bits)},
                   {"expected_bits", offsetof(struct pl_proof_row, expected_loo)},
                   {"accuracy", offsetof(struct pl_proof_row, accuracy)},
                   {"cpu_s", offsetof(struct pl_proof_row, cpu_s)}};
    const struct pl_bot_def *def = pl_roster_at(stand->bots[bot]);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "bot", def->name);
    pl_json_out_member_string(out, "tier", def->tier);
    pl_json_out_member_string(out, "twin", def->twin != NULL ? def->twin : "");
    pl_json_out_member_bool(out, "informed", pl_proof_informed(stand, bot));
    pl_json_out_member_number(out, "noise", def->noise);
    pl_json_out_member_number(out, "fresh_budget_share", stand->fresh[bot]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct pl_moments moments = pl_proof_over(stand, bot, numbers[i].offset);
        put_mean(out, numbers[i].key, &moments);
    }
    pl_json_out_object_end(out);
}

static void put_number(struct pl_json_out *out, const char *key, double value)
{
    if (isfinite(value)) {
        pl_json_out_member_number(out, key, value);
    }
}

/* One session, of forms that are not whole too: for figures over all scenarios. */
static void
put_row(struct pl_json_out *out, const struct pl_proof_stand *stand, const struct pl_proof_row *row)
{
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "bot", pl_roster_at(stand->bots[row->bot])->name);
    pl_json_out_member_integer(out, "form", row->form);
    pl_json_out_member_string(out, "cause", stand->content.scenario->causes[row->cause].name);
    put_number(out, "decision", row->decision);
    put_number(out, "score", row->score);
    put_number(out, "damage", row->damage);
    put_number(out, "luck", row->luck);
    put_number(out, "luck_se", row->luck_se);
    pl_json_out_member_integer(out, "acts", row->acts);
    pl_json_out_member_integer(out, "unsupported", row->unsupported);
    put_number(out, "cpu_s", row->cpu_s);
    pl_json_out_object_end(out);
}

static void put_section(struct pl_json_out *out, const struct pl_proof_section *section)
{
    const struct pl_proof_stand *stand = section->stand;
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "scenario", stand->content.scenario->name);
    pl_json_out_member_string(out, "content", stand->content.hash);
    pl_json_out_member_bool(out, "control", stand->control);
    pl_json_out_member_integer(out, "particles", section->effort->particles);
    pl_json_out_member_integer(out, "forms", stand->form_count);
    pl_json_out_member_integer(out, "sessions", stand->row_count);
    pl_json_out_member_number(out, "cpu_s", stand->judge_cpu_s + stand->play_cpu_s);
    pl_json_out_key(out, "figures");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < section->list->count; i++) {
        put_figure(out, &section->list->items[i]);
    }
    pl_json_out_array_end(out);
    pl_json_out_key(out, "rows");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < stand->row_count; i++) {
        put_row(out, stand, &stand->rows[i]);
    }
    pl_json_out_array_end(out);
    pl_json_out_key(out, "bots");
    pl_json_out_array_begin(out);
    for (uint32_t b = 0; b < stand->bot_count; b++) {
        put_bot(out, stand, b);
    }
    pl_json_out_array_end(out);
    pl_json_out_object_end(out);
}

static int write_json(const char *folder,
                      const struct pl_proof_origin *origin,
                      const struct pl_proof_section *sections,
                      uint32_t count)
{
    char path[PATH_SIZE];
    struct pl_buf buf;
    struct pl_json_out out;
    char *memory = malloc(JSON_SIZE);
    PL_CHECK(memory != NULL);
    pl_buf_init(&buf, memory, JSON_SIZE);
    pl_json_out_begin(&out, &buf);
    pl_json_out_object_begin(&out);
    pl_json_out_member_string(&out, "date", origin->date);
    pl_json_out_member_string(&out, "commit", origin->commit);
    pl_json_out_member_string(&out, "command", origin->command);
    pl_json_out_key(&out, "scenarios");
    pl_json_out_array_begin(&out);
    for (uint32_t i = 0; i < count; i++) {
        put_section(&out, &sections[i]);
    }
    pl_json_out_array_end(&out);
    pl_json_out_object_end(&out);
    pl_json_out_end(&out);
    PL_CHECK(!buf.overflow);
    snprintf(path, sizeof path, "%s/report.json", folder);
    FILE *file = fopen(path, "w");
    bool good = file != NULL && fwrite(buf.data, 1, buf.size, file) == buf.size;
    good = good && fputc('\n', file) != EOF;
    good = (file == NULL || fclose(file) == 0) && good;
    free(memory);
    if (!good) {
        fprintf(stderr, "validate: %s cannot be written.\n", path);
    }
    return good ? 0 : 1;
}

int pl_proof_page(const char *folder,
                  const struct pl_proof_origin *origin,
                  const struct pl_proof_section *sections,
                  uint32_t count)
{
    PL_CHECK(folder != NULL && origin != NULL && sections != NULL);
    int code = write_page(folder, origin, sections, count);
    return write_json(folder, origin, sections, count) != 0 ? 1 : code;
}
