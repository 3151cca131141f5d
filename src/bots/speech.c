// SPDX-License-Identifier: Apache-2.0
#include "bots/speech.h"

#include "base/check.h"
#include "text/json_out.h"

#include <math.h>
#include <stdio.h>

enum { WAIT_MAX_S = 3600, SHOWN_CLAIMS = 4 };

#define CLAIM_MIN 0.05

static void begin(struct pl_json_out *json, struct pl_buf *out, const char *verb)
{
    pl_json_out_begin(json, out);
    pl_json_out_object_begin(json);
    pl_json_out_member_string(json, "do", verb);
}

static void end(struct pl_json_out *json)
{
    pl_json_out_object_end(json);
    pl_json_out_end(json);
}

void pl_speech_wait(struct pl_buf *out, double seconds, bool wake)
{
    struct pl_json_out json;
    double whole = floor(seconds + 0.5);
    whole = whole > 1.0 ? whole : 1.0;
    whole = whole < (double)WAIT_MAX_S ? whole : (double)WAIT_MAX_S;
    begin(&json, out, "wait");
    pl_json_out_member_number(&json, "for", whole);
    if (wake) {
        pl_json_out_member_bool(&json, "wake", true);
    }
    end(&json);
}

void pl_speech_close(struct pl_buf *out)
{
    struct pl_json_out json;
    begin(&json, out, "close");
    end(&json);
}

void pl_speech_panel(struct pl_buf *out, const char *service, const char *panel)
{
    struct pl_json_out json;
    PL_CHECK(service != NULL && panel != NULL);
    begin(&json, out, "look");
    pl_json_out_member_string(&json, "what", "panel");
    pl_json_out_member_string(&json, "service", service);
    pl_json_out_member_string(&json, "panel", panel);
    end(&json);
}

void pl_speech_look(struct pl_buf *out, const char *what)
{
    struct pl_json_out json;
    begin(&json, out, "look");
    pl_json_out_member_string(&json, "what", what);
    end(&json);
}

void pl_speech_act(struct pl_buf *out, const char *action, const char *target, const char *value)
{
    struct pl_json_out json;
    PL_CHECK(action != NULL && target != NULL);
    begin(&json, out, "act");
    pl_json_out_member_string(&json, "action", action);
    pl_json_out_key(&json, "args");
    pl_json_out_array_begin(&json);
    pl_json_out_string(&json, target);
    if (value != NULL) {
        pl_json_out_string(&json, value);
    }
    pl_json_out_array_end(&json);
    pl_json_out_member_bool(&json, "confirm", true);
    end(&json);
}

void pl_speech_believe(struct pl_buf *out, const struct pl_speech_claim *claims, uint32_t count)
{
    struct pl_json_out json;
    double left = 100.0; /* percent; whole ones cannot sum to more than all of them */
    PL_CHECK(claims != NULL && count <= PL_SPEECH_CLAIMS_MAX);
    begin(&json, out, "say");
    pl_json_out_member_string(&json, "what", "believe");
    pl_json_out_key(&json, "claims");
    pl_json_out_array_begin(&json);
    for (uint32_t i = 0; i < count; i++) {
        double percent = floor(claims[i].p * 100.0 + 0.5);
        percent = percent < left ? percent : left;
        percent = percent < 99.0 ? percent : 99.0;
        left -= percent;
        pl_json_out_object_begin(&json);
        pl_json_out_member_string(&json, "component", claims[i].component);
        pl_json_out_member_string(&json, "mechanism", claims[i].mechanism);
        pl_json_out_member_string(&json, "trigger", claims[i].trigger);
        pl_json_out_member_number(&json, "p", percent / 100.0);
        pl_json_out_object_end(&json);
    }
    pl_json_out_array_end(&json);
    end(&json);
}

void pl_speech_update(struct pl_buf *out, const char *status, const char *text)
{
    struct pl_json_out json;
    PL_CHECK(status != NULL && text != NULL);
    begin(&json, out, "say");
    pl_json_out_member_string(&json, "what", "update");
    pl_json_out_member_string(&json, "status", status);
    pl_json_out_member_string(&json, "text", text);
    end(&json);
}

uint32_t pl_speech_claims(const struct pl_knowledge *knowledge,
                          const double *belief,
                          struct pl_speech_claim *claims)
{
    PL_CHECK(knowledge != NULL && belief != NULL && claims != NULL);
    uint32_t count = 0;
    uint64_t used = 0;
    while (count < SHOWN_CLAIMS) {
        uint32_t best = knowledge->cause_count;
        for (uint32_t c = 0; c < knowledge->cause_count; c++) {
            if ((used >> c & 1) == 0 &&
                (best == knowledge->cause_count || belief[c] > belief[best])) {
                best = c;
            }
        }
        if (best == knowledge->cause_count || belief[best] < CLAIM_MIN) {
            return count;
        }
        used |= UINT64_C(1) << best;
        claims[count].component = knowledge->causes[best].component;
        claims[count].mechanism = knowledge->causes[best].mechanism;
        claims[count].trigger = knowledge->causes[best].trigger;
        claims[count++].p = belief[best];
    }
    return count;
}
