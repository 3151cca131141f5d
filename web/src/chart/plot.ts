// SPDX-License-Identifier: Apache-2.0
//
// Options of uPlot for the charts of this client: thin grid, few labels, the objective as a dashed
// line, marks as dotted ones, zoom by dragging and undone by a double click.
import uPlot from "uplot";
import { numberText, valueText } from "../lib/format.ts";
import type { ChartData } from "./series.ts";

/** What a plot is made of. Functions are asked at each drawing, so that data may change. */
export interface PlotSetup {
    data: () => ChartData;
    token: (name: string) => string;
    width: number;
    height: number;
    sync: string;
    axes: boolean;
    xText: (x: number) => string;
    yMax: () => number | undefined;
    onzoom: (range: [number, number] | null) => void;
    oncursor: (index: number) => void;
}

const FONT = '10px "IBM Plex Mono", ui-monospace, "DejaVu Sans Mono", monospace';

/** Steps of the axis of time, in seconds: its labels have minutes. */
const TIME_STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200];

/** A value at the axis: short, and without a unit that the title has anyway. */
function axisText(value: number, unit: string): string {
    return ["s", "ratio", "By"].includes(unit) ? valueText(value, unit).replace(" ", "") : numberText(value).replace(" ", "");
}

/** Top of the y axis: room above the data; the objective is shown when the data comes near it. */
function top(data: ChartData, high: number): number {
    const objective = data.objective ?? null;
    const near = objective !== null && high > objective * 0.35;
    return Math.max(high * 1.12, near ? objective * 1.15 : 0) || 1;
}

function vertical(plot: uPlot, x: number, colour: string, dash: number[]): void {
    const { ctx, bbox } = plot;
    const at = Math.round(plot.valToPos(x, "x", true));
    if (at < bbox.left || at > bbox.left + bbox.width) {
        return;
    }
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
}

function horizontal(plot: uPlot, y: number, colour: string): void {
    const { ctx, bbox } = plot;
    const at = Math.round(plot.valToPos(y, "y", true));
    if (at < bbox.top) {
        return;
    }
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, at);
    ctx.lineTo(bbox.left + bbox.width, at);
    ctx.stroke();
    ctx.restore();
}

function series(setup: PlotSetup): uPlot.Series[] {
    const lines = setup.data().series.map((each, index): uPlot.Series => {
        const colour = setup.token(each.colour ?? `--s${(index % 6) + 1}`);
        return {
            label: each.name,
            stroke: colour,
            width: index === 0 ? 1.8 : 1.3,
            points: { show: false },
            spanGaps: false,
            ...(each.dash ? { dash: [5, 4] } : {}),
            ...(each.fill ? { fill: `${colour}22` } : {}),
        };
    });
    return [{}, ...lines];
}

function axes(setup: PlotSetup): uPlot.Axis[] {
    const line = { stroke: setup.token("--line"), width: 1 };
    const common = { stroke: setup.token("--ink-3"), font: FONT, ticks: { show: false } };
    return [
        {
            ...common,
            grid: { show: false },
            show: setup.axes,
            size: 18,
            gap: 2,
            space: 60,
            incrs: TIME_STEPS,
            values: (_, splits) => splits.map(setup.xText),
        },
        {
            ...common,
            grid: line,
            show: true,
            size: (_, values) => 10 + 6 * Math.max(2, ...(values ?? []).map((text) => text.length)),
            gap: 3,
            space: 30,
            values: (_, splits) => splits.map((value) => axisText(value, setup.data().unit)),
        },
    ];
}

/** The options of a new plot. */
export function plotOptions(setup: PlotSetup): uPlot.Options {
    return {
        width: setup.width,
        height: setup.height,
        padding: [6, 8, setup.axes ? 0 : 4, 0],
        legend: { show: false },
        scales: {
            x: { time: false, auto: false },
            y: { range: (_, __, high) => [0, setup.yMax() ?? top(setup.data(), high ?? 0)] },
        },
        cursor: {
            y: false,
            points: { size: 5 },
            drag: { x: true, y: false, setScale: false, dist: 6 },
            ...(setup.sync === "" ? {} : { sync: { key: setup.sync, scales: ["x", null] } }),
            bind: {
                dblclick: () => () => {
                    setup.onzoom(null);
                    return null;
                },
            },
        },
        series: series(setup),
        axes: axes(setup),
        hooks: {
            draw: [
                (plot) => {
                    const data = setup.data();
                    if (data.objective !== null && data.objective !== undefined) {
                        horizontal(plot, data.objective, setup.token("--ink-3"));
                    }
                    for (const mark of data.marks ?? []) {
                        vertical(plot, mark.x, setup.token(mark.colour ?? "--brass"), [2, 3]);
                    }
                },
            ],
            setCursor: [(plot) => setup.oncursor(plot.cursor.idx ?? -1)],
            setSelect: [
                (plot) => {
                    const { left, width } = plot.select;
                    if (width > 4) {
                        setup.onzoom([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
                        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
                    }
                },
            ],
        },
    };
}
