// SPDX-License-Identifier: Apache-2.0
#include "judge/report.h"

#include "base/check.h"
#include "text/json_out.h"

#include <stdarg.h>
#include <stdio.h>

struct pl_figure pl_figure_of(double value, double se)
{
    return (struct pl_figure){.value = value, .se = se, .given = true};
}

struct pl_figure pl_figure_exact(double value)
{
    return (struct pl_figure){.value = value, .se = -1.0, .given = true};
}

void pl_report_note(struct pl_report *report, const char *format, ...)
{
    PL_CHECK(report != NULL);
    PL_CHECK(format != NULL);
    if (report->note_count == PL_REPORT_NOTES_MAX) {
        return;
    }
    char *note = report->notes[report->note_count++];
    va_list args;
    va_start(args, format);
    vsnprintf(note, PL_REPORT_NOTE_MAX, format, args);
    va_end(args);
}

const char *pl_report_label(uint32_t label)
{
    static const char *const words[] = {"", "sound", "unlucky", "lucky", "error"};
    PL_CHECK(label < sizeof words / sizeof words[0]);
    return words[label];
}

/* The value alone, null when it is not given. */
static void put_value(struct pl_json_out *json, const char *key, const struct pl_figure *figure)
{
    pl_json_out_key(json, key);
    if (figure->given) {
        pl_json_out_number(json, figure->value);
    } else {
        pl_json_out_null(json);
    }
}

static void put_se(struct pl_json_out *json, const char *key, const struct pl_figure *figure)
{
    pl_json_out_key(json, key);
    if (figure->given && figure->se >= 0.0) {
        pl_json_out_number(json, figure->se);
    } else {
        pl_json_out_null(json);
    }
}

static void put_figure(struct pl_json_out *json, const char *key, const struct pl_figure *figure)
{
    pl_json_out_key(json, key);
    pl_json_out_object_begin(json);
    put_value(json, "value", figure);
    put_se(json, "se", figure);
    pl_json_out_object_end(json);
}

static void put_move(struct pl_json_out *json, const struct pl_report_move *move)
{
    pl_json_out_object_begin(json);
    pl_json_out_member_integer(json, "seq", move->seq);
    pl_json_out_member_number(json, "t_s", move->t_s);
    pl_json_out_member_string(json, "kind", move->kind);
    pl_json_out_member_string(json, "text", move->text);
    put_value(json, "bits", &move->bits);
    put_value(json, "bits_expected", &move->bits_expected);
    put_value(json, "bits_best", &move->bits_best);
    put_value(json, "value", &move->value);
    put_value(json, "regret", &move->regret);
    put_value(json, "regret_true", &move->regret_true);
    pl_json_out_member_string(json, "label", pl_report_label(move->label));
    put_se(json, "se", move->regret.given ? &move->regret : &move->bits_expected);
    pl_json_out_key(json, "errors");
    pl_json_out_object_begin(json);
    put_se(json, "bits", &move->bits);
    put_se(json, "bits_expected", &move->bits_expected);
    put_se(json, "bits_best", &move->bits_best);
    put_se(json, "value", &move->value);
    put_se(json, "regret", &move->regret);
    put_se(json, "regret_true", &move->regret_true);
    pl_json_out_object_end(json);
    pl_json_out_member_number(json, "rate_share", move->rate_share);
    pl_json_out_member_string(json, "better_look", move->better_look);
    pl_json_out_member_string(json, "better", move->better);
    pl_json_out_member_number(json, "saving", move->saving);
    pl_json_out_object_end(json);
}

static void put_moves(struct pl_json_out *json, const struct pl_report *report)
{
    pl_json_out_key(json, "moves");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < report->move_count; i++) {
        put_move(json, &report->moves[i]);
    }
    pl_json_out_array_end(json);
}

static void put_beliefs(struct pl_json_out *json, const struct pl_report *report)
{
    pl_json_out_key(json, "belief");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < report->belief_count; i++) {
        const struct pl_report_belief *belief = &report->beliefs[i];
        pl_json_out_object_begin(json);
        pl_json_out_member_number(json, "t_s", belief->t_s);
        pl_json_out_member_number(json, "entropy_bits", belief->entropy_bits);
        pl_json_out_key(json, "classes");
        pl_json_out_object_begin(json);
        for (uint32_t c = 0; c < report->class_count; c++) {
            pl_json_out_member_number(json, report->classes[c], belief->classes[c]);
        }
        pl_json_out_object_end(json);
        pl_json_out_object_end(json);
    }
    pl_json_out_array_end(json);
}

static void put_profile(struct pl_json_out *json, const struct pl_report_profile *profile)
{
    const struct {
        const char *key;
        const struct pl_figure *figure;
    } rows[] = {
        {"decision", &profile->decision},
        {"efficiency", &profile->efficiency},
        {"calibration", &profile->calibration},
        {"communication", &profile->communication},
        {"premature", &profile->premature},
        {"dithering", &profile->dithering},
        {"harm", &profile->harm},
        {"harm_foreseeable", &profile->harm_foreseeable},
        {"evidence_destroyed_bits", &profile->evidence_destroyed_bits},
        {"lock_in", &profile->lock_in},
        {"contradiction_lag_s", &profile->contradiction_lag_s},
        {"sufficient_s", &profile->sufficient_s},
        {"stated_s", &profile->stated_s},
        {"first_act_s", &profile->first_act_s},
        {"mitigated_s", &profile->mitigated_s},
        {"resolved_s", &profile->resolved_s},
    };
    pl_json_out_key(json, "profile");
    pl_json_out_object_begin(json);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_figure(json, rows[i].key, rows[i].figure);
    }
    pl_json_out_object_end(json);
}

static void put_notes(struct pl_json_out *json, const struct pl_report *report)
{
    pl_json_out_key(json, "notes");
    pl_json_out_array_begin(json);
    for (uint32_t i = 0; i < report->note_count; i++) {
        pl_json_out_string(json, report->notes[i]);
    }
    pl_json_out_array_end(json);
}

void pl_report_json(const struct pl_report *report, struct pl_buf *out)
{
    PL_CHECK(report != NULL);
    PL_CHECK(out != NULL);
    struct pl_json_out json;
    pl_json_out_begin(&json, out);
    pl_json_out_object_begin(&json);
    pl_json_out_member_string(&json, "scenario", report->scenario);
    pl_json_out_member_integer(&json, "seed", (int64_t)report->seed);
    pl_json_out_member_string(&json, "cause", report->cause);
    pl_json_out_member_string(&json, "clock", report->clock);
    pl_json_out_member_integer(&json, "particles", report->particles);
    put_moves(&json, report);
    put_beliefs(&json, report);
    put_value(&json, "damage", &report->damage);
    put_value(&json, "damage_noop", &report->damage_noop);
    put_figure(&json, "damage_adjusted", &report->damage_adjusted);
    put_figure(&json, "luck", &report->luck);
    put_profile(&json, &report->profile);
    put_figure(&json, "score", &report->score);
    put_notes(&json, report);
    pl_json_out_member_number(&json, "cpu_s", report->cpu_s);
    pl_json_out_object_end(&json);
    pl_json_out_end(&json);
}
