// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PanelView } from "../../src/api/types.ts";
import { lastValue, panelData, pointWords, summary } from "../../src/chart/series.ts";

const panel: PanelView = {
    type: "panel",
    title: "checkout-api, busy workers",
    unit: "s",
    start_s: 2700,
    step_s: 15,
    objective: 1.5,
    series: [
        { name: "p99", labels: {}, points: [1, null, 2] },
        { name: "max", labels: {}, points: [4, 4, 4] },
    ],
};

test("points of a panel stand at their time of day", () => {
    const data = panelData(panel, 2700, 42_120);
    assert.deepEqual(data.x, [42_120, 42_135, 42_150]);
    assert.equal(data.series[0]?.colour, "--s4", "above its objective");
    assert.equal(data.series[1]?.dash, true, "a limit is dashed");
});

test("a chart is told in words, with its gaps", () => {
    const data = panelData(panel, 2700, 42_120);
    assert.equal(summary("Workers", data), "Workers: p99 now 2 s, between 1 s and 2 s; max now 4 s, between 4 s and 4 s.");
    assert.equal(pointWords(data, 1), "11:42:15: p99 no data, max 4 s");
    assert.equal(summary("Workers", { x: [], series: [], unit: "" }), "Workers: no data.");
    assert.equal(lastValue([1, null]), 1);
    assert.equal(lastValue([null]), null);
});
