// SPDX-License-Identifier: Apache-2.0
//
// Two futures of one seed: what the server answers, and how they are laid over each other.
import type { Entry, PanelSeries, PanelView } from "../api/types.ts";
import type { PanelKey } from "../api/client.ts";
import type { ChartData, ChartSeries } from "../chart/series.ts";

/** One future: damage as a running sum by second, and panels read at its end. */
export interface Future {
    damage: [number, number][];
    panels: PanelView[];
}

/** The answer of POST /api/sessions/{id}/whatif. */
export interface Futures {
    at_s: number;
    played: Future;
    tried: Future;
    damage_played: number;
    damage_tried: number;
}

const PANELS = 3;

/** The panels to compare: those looked at most before and after, without a split. */
export function panelsOf(entries: Entry[]): PanelKey[] {
    const counts = new Map<string, { key: PanelKey; count: number }>();
    for (const { command } of entries) {
        if (command?.do === "look" && command.what === "panel") {
            const key = { service: String(command.service), panel: String(command.panel) };
            const id = `${key.service} ${key.panel}`;
            counts.set(id, { key, count: (counts.get(id)?.count ?? 0) + 1 });
        }
    }
    const ranked = [...counts.values()].sort((a, b) => b.count - a.count).map((each) => each.key);
    const usual = ["latency", "errors", "pool"].map((panel) => ({ service: ranked[0]?.service ?? "checkout-api", panel }));
    const missing = usual.filter((key) => !ranked.some((each) => each.service === key.service && each.panel === key.panel));
    return [...ranked.slice(0, PANELS), ...missing].slice(0, PANELS);
}

/** The line of a panel that tells most: p99 where there is one, else the first. */
export function leading(panel: PanelView | undefined): PanelSeries | null {
    return panel?.series.find((series) => series.name.includes("99")) ?? panel?.series[0] ?? null;
}

/** The same panel of both futures in one chart. Times are seconds of the day. */
export function overlaid(
    played: PanelView | undefined,
    tried: PanelView | undefined,
    opens_s: number,
    opens_clock_s: number,
    at_s: number,
): ChartData {
    const lines: [string, string, PanelView | undefined, boolean][] = [
        ["played", "--bad", played, false],
        ["tried", "--good", tried, true],
    ];
    const times = new Set<number>();
    const at = (panel: PanelView, index: number): number =>
        Math.round(panel.start_s - opens_s + index * panel.step_s) + opens_clock_s;
    const values = lines.map(([, , panel]) => {
        const points = new Map<number, number | null>();
        leading(panel)?.points.forEach((point, index) => {
            points.set(at(panel as PanelView, index), point);
            times.add(at(panel as PanelView, index));
        });
        return points;
    });
    const x = [...times].sort((a, b) => a - b);
    const series = lines.map(
        ([name, colour, , dash], row): ChartSeries => ({
            name,
            colour,
            dash,
            values: x.map((time) => values[row]?.get(time) ?? null),
        }),
    );
    const unit = played?.unit ?? tried?.unit ?? "";
    return { x, series, unit, marks: [{ x: at_s + opens_clock_s, label: "fork" }] };
}

/** Damage of both futures as running sums in one chart. */
export function damageData(futures: Futures, opens_clock_s: number): ChartData {
    const x = [...new Set([...futures.played.damage, ...futures.tried.damage].map(([time]) => time))].sort((a, b) => a - b);
    const line = (name: string, colour: string, future: Future, dash: boolean): ChartSeries => {
        const known = new Map(future.damage);
        return { name, colour, dash, values: x.map((time) => known.get(time) ?? null) };
    };
    return {
        x: x.map((time) => time + opens_clock_s),
        series: [
            line("played", "--bad", futures.played, false),
            line("tried", "--good", futures.tried, true),
        ],
        unit: "ratio",
        marks: [{ x: futures.at_s + opens_clock_s, label: "fork" }],
    };
}
