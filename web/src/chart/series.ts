// SPDX-License-Identifier: Apache-2.0
//
// From observations to what a chart draws, and from a chart to words.
import type { PanelView } from "../api/types.ts";
import { clockText, valueText } from "../lib/format.ts";

/** One line of a chart. */
export interface ChartSeries {
    name: string;
    values: (number | null)[];
    /** name of a colour token such as `--s4`; by position when absent */
    colour?: string;
    dash?: boolean;
    fill?: boolean;
}

/** A vertical mark, such as an act or a page. */
export interface ChartMark {
    x: number;
    label: string;
    colour?: string;
}

/** What a chart draws: x in seconds of the day or any other seconds, rising. */
export interface ChartData {
    x: number[];
    series: ChartSeries[];
    unit: string;
    objective?: number | null;
    marks?: ChartMark[];
}

/** Lines that tell what there is room for. */
const LIMITS = ["max", "workers", "limit", "max_connections", "wanted"];

/** The first line is above the objective now. */
function isOver(panel: PanelView, index: number): boolean {
    const now = lastValue(panel.series[index]?.points ?? []);
    return index === 0 && panel.objective != null && now !== null && now > panel.objective;
}

/**
 * Points of a panel over the time of day.
 *
 * @param opens_s simulated second of the opening
 * @param opens_clock_s seconds since midnight of the opening
 */
export function panelData(panel: PanelView, opens_s: number, opens_clock_s: number): ChartData {
    const count = Math.max(0, ...panel.series.map((series) => series.points.length));
    const first = panel.start_s - opens_s + opens_clock_s;
    return {
        x: Array.from({ length: count }, (_, index) => first + index * panel.step_s),
        series: panel.series.map((series, index): ChartSeries => {
            const line = { name: series.name, values: series.points };
            if (LIMITS.includes(series.name)) {
                return { ...line, colour: "--ink-3", dash: true };
            }
            return isOver(panel, index) ? { ...line, colour: "--s4" } : line;
        }),
        unit: panel.unit,
        objective: panel.objective ?? null,
    };
}

/** The last value that is there, or null. */
export function lastValue(values: (number | null)[]): number | null {
    for (let index = values.length - 1; index >= 0; index -= 1) {
        const value = values[index];
        if (value !== null && value !== undefined) {
            return value;
        }
    }
    return null;
}

/** One sentence about a chart for those who do not see it. */
export function summary(title: string, data: ChartData): string {
    if (data.x.length === 0 || data.series.length === 0) {
        return `${title}: no data.`;
    }
    const lines = data.series.slice(0, 6).map((series) => {
        const known = series.values.filter((value): value is number => value !== null);
        if (known.length === 0) {
            return `${series.name} has no data`;
        }
        const low = valueText(Math.min(...known), data.unit);
        const high = valueText(Math.max(...known), data.unit);
        return `${series.name} now ${valueText(lastValue(series.values), data.unit)}, between ${low} and ${high}`;
    });
    const more = data.series.length > 6 ? `; ${data.series.length - 6} more lines` : "";
    return `${title}: ${lines.join("; ")}${more}.`;
}

/** The values at one point in words. */
export function pointWords(data: ChartData, index: number): string {
    const values = data.series
        .slice(0, 6)
        .map((series) => `${series.name} ${valueText(series.values[index] ?? null, data.unit)}`);
    return `${clockText(data.x[index] ?? 0)}: ${values.join(", ")}`;
}
