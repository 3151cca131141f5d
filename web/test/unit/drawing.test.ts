// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { DrawQueue } from "../../src/chart/drawing.ts";

/** A clock whose frames come by hand; each drawing takes `cost_ms`. */
function stage(cost_ms: number) {
    const frames: (() => void)[] = [];
    const drawn: string[] = [];
    let now = 0;
    const queue = new DrawQueue({ frame: (run) => frames.push(run), now: () => now });
    const put = (chart: object, name: string): void =>
        queue.put(chart, () => {
            drawn.push(name);
            now += cost_ms;
        });
    return { queue, put, frames, drawn, frame: () => frames.shift()?.() };
}

test("a frame draws what it has time for, the rest follows in later frames", () => {
    const { put, drawn, frame, frames } = stage(6);
    ["a", "b"].forEach((name) => put({}, name));
    assert.equal(frames.length, 1);
    frame();
    assert.deepEqual(drawn, ["a"]);
    frame();
    assert.deepEqual(drawn, ["a", "b"]);
    assert.equal(frames.length, 0);
});

test("a frame makes no more than two drawings, however quick they are", () => {
    const { put, drawn, frame } = stage(0);
    ["a", "b", "c", "d"].forEach((name) => put({}, name));
    frame();
    assert.deepEqual(drawn, ["a", "b"]);
    frame();
    assert.deepEqual(drawn, ["a", "b", "c", "d"]);
});

test("one drawing is made in a frame however long it takes", () => {
    const { put, drawn, frame } = stage(100);
    put({}, "a");
    put({}, "b");
    frame();
    assert.deepEqual(drawn, ["a"]);
    frame();
    assert.deepEqual(drawn, ["a", "b"]);
});

test("a newer drawing of a chart takes the place of one that waits, a dropped one is never made", () => {
    const { queue, put, drawn, frame } = stage(1);
    const [one, two] = [{}, {}];
    put(one, "old");
    put(two, "gone");
    put(one, "new");
    queue.drop(two);
    frame();
    assert.deepEqual(drawn, ["new"]);
});
