// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry, PanelView } from "../../src/api/types.ts";
import { damageData, leading, overlaid, panelsOf } from "../../src/board/futures.ts";

const panel = (points: number[]): PanelView => ({
    type: "panel",
    title: "latency",
    unit: "s",
    start_s: 2700,
    step_s: 30,
    series: [
        { name: "p50", labels: {}, points: points.map(() => 0) },
        { name: "p99", labels: {}, points },
    ],
});

test("the line that tells most is p99", () => {
    assert.equal(leading(panel([1]))?.name, "p99");
    assert.equal(leading(undefined), null);
});

test("both futures stand over one axis", () => {
    const data = overlaid(panel([1, 2]), panel([1, 9, 3]), 2700, 100, 30);
    assert.deepEqual(data.x, [100, 130, 160]);
    assert.deepEqual(data.series.map((series) => series.values), [[1, 2, null], [1, 9, 3]]);
    assert.equal(data.marks?.[0]?.x, 130);
});

test("damage is laid over each other by its seconds", () => {
    const future = (damage: [number, number][]) => ({ damage, panels: [] });
    const data = damageData(
        { at_s: 60, played: future([[60, 0.1], [120, 0.3]]), tried: future([[60, 0.1]]), damage_played: 0.3, damage_tried: 0.1 },
        0,
    );
    assert.deepEqual(data.series[1]?.values, [0.1, null]);
});

test("panels that were looked at are compared first", () => {
    const look = (name: string): Entry =>
        ({ seq: 1, t_s: 0, kind: "look", command: { do: "look", what: "panel", service: "a", panel: name }, answer: {} }) as unknown as Entry;
    assert.deepEqual(panelsOf([look("cpu"), look("pool"), look("pool")]).map((key) => key.panel), ["pool", "cpu", "latency"]);
    assert.equal(panelsOf([]).length, 3);
});
