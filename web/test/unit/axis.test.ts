// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { LEFT, RIGHT, TimeAxis, layersOf, roundTop } from "../../src/board/axis.ts";

test("time goes to pixels and back", () => {
    const axis = new TimeAxis(600, 600 + LEFT + RIGHT);
    assert.equal(axis.x(300), LEFT + 300);
    assert.equal(axis.t(axis.x(123)), 123);
    assert.equal(axis.t(-50), 0);
    assert.deepEqual(axis.ticks(), [0, 120, 240, 360, 480, 600]);
});

test("tops are round", () => {
    assert.deepEqual([0.83, 2.35, 0.021, 10].map(roundTop), [1, 2.5, 0.025, 10]);
});

test("layers fill the whole, the cause first", () => {
    const beliefs = [
        { t_s: 0, entropy_bits: 2, classes: { a: 0.4, b: 0.3, c: 0.1, d: 0.1, e: 0.05, f: 0.03, g: 0.02 } },
        { t_s: 9, entropy_bits: 0, classes: { a: 0, b: 0, c: 1, d: 0, e: 0, f: 0, g: 0 } },
    ];
    const layers = layersOf(beliefs, "c");
    assert.equal(layers[0]?.name, "c");
    assert.equal(layers.at(-1)?.name, "2 others");
    assert.ok(Math.abs((layers.at(-1)?.high[0] ?? 0) - 1) < 1e-12);
    assert.equal(layers[0]?.high[1], 1);
});
