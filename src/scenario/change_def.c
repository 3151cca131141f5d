// SPDX-License-Identifier: Apache-2.0
#include "scenario/change_def.h"

#include "base/check.h"
#include "scenario/knob.h"

#include <string.h>

enum { RELEASE_BEFORE_FIRST = 999 /* what `previous` is for a service without a release today */ };

bool pl_slice_param(const struct pl_world *world, uint32_t param)
{
    PL_CHECK(param >= 1 && param <= world->param_count);
    const struct pl_param_def *def = &world->params[param];
    return pl_field_knob_sliced(def->scope, def->knob);
}

/* Counts of things cannot be fractions; loads and rates can. */
static bool is_whole(const struct pl_param_def *def)
{
    return strcmp(def->unit, "n") == 0 &&
           !(def->scope == PL_SCOPE_DATABASE &&
             (def->knob == PL_DATABASE_LOAD || def->knob == PL_DATABASE_REPLICA_LOAD)) &&
           !(def->scope == PL_SCOPE_JOB && def->knob == PL_JOB_LOAD) &&
           !(def->scope == PL_SCOPE_STEP && def->knob == PL_STEP_TIMES) &&
           !(def->scope == PL_SCOPE_SERVICE && def->knob == PL_SERVICE_CPU_QUOTA);
}

static double round_up(double value)
{
    int64_t whole = (int64_t)value;
    return (double)whole < value - 1e-9 ? (double)(whole + 1) : (double)whole;
}

double pl_slice_value(const struct pl_world *world, uint32_t param, double fleet)
{
    double value = fleet;
    if (pl_slice_param(world, param)) {
        value /= (double)world->slice_of;
    }
    return is_whole(&world->params[param]) ? round_up(value) : value;
}

double pl_slice_fleet(const struct pl_world *world, uint32_t param, double value)
{
    return pl_slice_param(world, param) ? value * (double)world->slice_of : value;
}

static double after(const struct pl_world *world, const struct pl_change_bound *bound)
{
    double added = 0.0;
    switch ((enum pl_change_op)bound->def->op) {
    case PL_CHANGE_TO:
        return pl_slice_value(world, bound->param, bound->value);
    case PL_CHANGE_ADD:
        added = bound->value;
        if (pl_slice_param(world, bound->param)) {
            added /= (double)world->slice_of;
        }
        return bound->before + added;
    case PL_CHANGE_TIMES:
        return bound->before * bound->value;
    case PL_CHANGE_PREVIOUS:
        return bound->before > 0.5 ? bound->before - 1.0 : (double)RELEASE_BEFORE_FIRST;
    }
    PL_CHECK(false);
    return 0.0;
}

uint32_t pl_change_make(const struct pl_world *world,
                        const struct pl_change_bound *bound,
                        struct pl_change *out,
                        pl_error *err)
{
    const struct pl_change_def *def = bound->def;
    const struct pl_param_def *param = &world->params[bound->param];
    double value = after(world, bound);
    if (value < param->low || value > param->high) {
        (void)pl_fail(err,
                      PL_BAD_INPUT,
                      NULL,
                      "`%s` would be %.10g; %.10g to %.10g is allowed.",
                      param->path,
                      pl_slice_fleet(world, bound->param, value),
                      pl_slice_fleet(world, bound->param, param->low),
                      pl_slice_fleet(world, bound->param, param->high));
        return 0;
    }
    out[0] = (struct pl_change){
        .t_ns = bound->t_ns,
        .ramp_ns = pl_clock_ns(def->ramp_s),
        .param = bound->param,
        .gate_param = bound->gate_param,
        .value = value,
        .gate_value = def->gate_value,
    };
    if (def->for_s <= 0.0) {
        return 1;
    }
    out[1] = out[0];
    out[1].t_ns += pl_clock_ns(def->for_s);
    out[1].value = bound->before;
    return 2;
}

bool pl_template_fill(const char *text,
                      const struct pl_template_value *values,
                      uint32_t count,
                      bool path,
                      char *out,
                      size_t size)
{
    PL_CHECK(size > 0);
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '{') {
            if (used + 1 < size) {
                out[used++] = *at;
            }
            continue;
        }
        const char *end = strchr(at, '}');
        size_t length = end != NULL ? (size_t)(end - at - 1) : 0;
        const char *value = NULL;
        for (uint32_t i = 0; end != NULL && i < count; i++) {
            if (strlen(values[i].name) == length && memcmp(values[i].name, at + 1, length) == 0) {
                value = values[i].text;
            }
        }
        if (value == NULL) {
            out[used] = '\0';
            return false;
        }
        for (; *value != '\0' && used + 1 < size; value++) {
            out[used++] = path && *value == '/' ? '.' : *value;
        }
        at = end;
    }
    out[used] = '\0';
    return true;
}
