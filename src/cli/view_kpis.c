// SPDX-License-Identifier: Apache-2.0
#include "cli/view_kpis.h"

#include "base/check.h"

#include <string.h>

enum { WIDTH = 12 };

/* Ratios are read as percents. */
static void put_value(const struct pl_kpi *kpi, double value, struct pl_buf *out)
{
    if (strcmp(kpi->unit, "ratio") == 0) {
        pl_buf_printf(out, "%.4g %%", 100.0 * value);
    } else if (strcmp(kpi->unit, "s") == 0 && value < 1.0) {
        pl_buf_printf(out, "%.3g ms", 1000.0 * value);
    } else {
        const char *gap = kpi->unit[0] != '\0' ? " " : "";
        pl_buf_printf(out, value < 1000.0 ? "%.4g%s%s" : "%.0f%s%s", value, gap, kpi->unit);
    }
}

static const char *verdict_of(const struct pl_kpi_seen *seen)
{
    return pl_kpi_held(seen)         ? "holds"
           : seen->points.count == 0 ? "NO DATA"
           : seen->outside > 0       ? "OUTSIDE"
                                     : "GAPS";
}

static void put_padded(const struct pl_kpi *kpi, double value, struct pl_buf *out)
{
    char text[32];
    struct pl_buf buf;
    pl_buf_init(&buf, text, sizeof text);
    put_value(kpi, value, &buf);
    pl_buf_printf(out, " %*s", WIDTH, text);
}

static void
put_end(const struct pl_kpi_plan *plan, const struct pl_kpi_result *result, struct pl_buf *out)
{
    pl_buf_printf(out,
                  "%u page%s%s%s, %u of %u runs met the limit of requests in flight; the state has "
                  "%.0f KiB, 40 simulated minutes with instruments cost %.2f s of processor time",
                  result->pages,
                  result->pages == 1 ? "" : "s",
                  result->pages > 0 ? ": " : "",
                  result->paged,
                  result->overflowed,
                  plan->seeds,
                  (double)result->state_size / 1024.0,
                  result->cpu_s);
}

static void put_clock(double at_s, struct pl_buf *out)
{
    uint32_t minutes = (uint32_t)(at_s / 60.0);
    pl_buf_printf(out, "%02u:%02u", minutes / 60 % 24, minutes % 60);
}

static void put_title(const struct pl_kpi_plan *plan, struct pl_buf *out)
{
    pl_buf_printf(out, "%s, ", plan->kpis->world);
    put_clock(plan->kpis->at_s, out);
    pl_buf_puts(out, " to ");
    put_clock(plan->kpis->at_s + plan->for_s, out);
    pl_buf_printf(out, ", %u run%s", plan->seeds, plan->seeds == 1 ? "" : "s");
}

void pl_view_kpis(const struct pl_kpi_plan *plan,
                  const struct pl_kpi_result *result,
                  struct pl_buf *out)
{
    PL_CHECK(plan != NULL && result != NULL && out != NULL);
    put_title(plan, out);
    pl_buf_printf(out,
                  "\n%-44s %*s %*s %*s %*s %*s\n",
                  "",
                  WIDTH,
                  "from",
                  WIDTH,
                  "to",
                  WIDTH,
                  "least",
                  WIDTH,
                  "mean",
                  WIDTH,
                  "most");
    for (uint32_t i = 0; i < plan->kpis->count; i++) {
        const struct pl_kpi *kpi = &plan->kpis->items[i];
        const struct pl_kpi_seen *seen = &result->seen[i];
        pl_buf_printf(out, "%-44s", kpi->title);
        put_padded(kpi, kpi->low, out);
        put_padded(kpi, kpi->high, out);
        put_padded(kpi, seen->least, out);
        put_padded(kpi, seen->points.mean, out);
        put_padded(kpi, seen->most, out);
        pl_buf_printf(out, "  %s\n", verdict_of(seen));
    }
    put_end(plan, result, out);
    pl_buf_puts(out, "\n");
}

void pl_view_kpis_json(const struct pl_kpi_plan *plan,
                       const struct pl_kpi_result *result,
                       struct pl_json_out *out)
{
    PL_CHECK(plan != NULL && result != NULL && out != NULL);
    pl_json_out_object_begin(out);
    pl_json_out_member_string(out, "world", plan->kpis->world);
    pl_json_out_member_bool(out, "held", pl_kpis_held(result, plan->kpis->count));
    pl_json_out_member_integer(out, "pages", result->pages);
    pl_json_out_member_integer(out, "overflowed", result->overflowed);
    pl_json_out_member_integer(out, "state_bytes", (int64_t)result->state_size);
    pl_json_out_member_number(out, "cpu_s_of_40_min", result->cpu_s);
    pl_json_out_key(out, "kpis");
    pl_json_out_array_begin(out);
    for (uint32_t i = 0; i < plan->kpis->count; i++) {
        const struct pl_kpi *kpi = &plan->kpis->items[i];
        const struct pl_kpi_seen *seen = &result->seen[i];
        pl_json_out_object_begin(out);
        pl_json_out_member_string(out, "name", kpi->name);
        pl_json_out_member_number(out, "from", kpi->low);
        pl_json_out_member_number(out, "to", kpi->high);
        pl_json_out_member_number(out, "least", seen->least);
        pl_json_out_member_number(out, "mean", seen->points.mean);
        pl_json_out_member_number(out, "most", seen->most);
        pl_json_out_member_integer(out, "points", (int64_t)seen->points.count);
        pl_json_out_member_integer(out, "outside", (int64_t)seen->outside);
        pl_json_out_member_bool(out, "held", pl_kpi_held(seen));
        pl_json_out_object_end(out);
    }
    pl_json_out_array_end(out);
    pl_json_out_object_end(out);
}

void pl_view_kpis_markdown(const struct pl_kpi_plan *plan,
                           const struct pl_kpi_result *result,
                           struct pl_buf *out)
{
    PL_CHECK(plan != NULL && result != NULL && out != NULL);
    pl_buf_puts(out, "\n### ");
    put_title(plan, out);
    pl_buf_puts(out, "\n\n| number | range | least | mean | most | |\n|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < plan->kpis->count; i++) {
        const struct pl_kpi *kpi = &plan->kpis->items[i];
        const struct pl_kpi_seen *seen = &result->seen[i];
        const double values[] = {seen->least, seen->points.mean, seen->most};
        pl_buf_printf(out, "| %s | ", kpi->title);
        put_value(kpi, kpi->low, out);
        pl_buf_puts(out, " to ");
        put_value(kpi, kpi->high, out);
        for (uint32_t k = 0; k < 3; k++) {
            pl_buf_puts(out, " | ");
            put_value(kpi, values[k], out);
        }
        pl_buf_printf(out, pl_kpi_held(seen) ? " | %s |\n" : " | **%s** |\n", verdict_of(seen));
    }
    pl_buf_puts(out, "\n");
    put_end(plan, result, out);
    pl_buf_puts(out, ".\n");
}
