// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionRow } from "../../src/api/types.ts";
import { trendOf, waitingCall } from "../../src/practice/trend.ts";

/** Sessions as the server lists them, newest first. */
const played = (damages: number[], sample = false): SessionRow[] =>
    [...damages].reverse().map((damage, index) => ({
        id: String(index),
        scenario: "s",
        title: "",
        clock: "turn",
        state: "closed",
        waiting: false,
        t_s: 1,
        created_at: "",
        damage,
        sample,
    }));

test("few incidents give no trend, and samples none at all", () => {
    assert.match(trendOf(played([0.03, 0.02, 0.01])).words, /from 6 on/);
    assert.deepEqual(trendOf(played([0.03, 0.02], true)).values, []);
    assert.deepEqual(trendOf(played([0.03, 0.01])).values, [0.03, 0.01]);
});

test("a trend is told with its error, and only when it is clear", () => {
    assert.match(trendOf(played([0.05, 0.051, 0.049, 0.02, 0.021, 0.019])).words, /less budget lost/);
    assert.match(trendOf(played([0.019, 0.02, 0.021, 0.05, 0.051, 0.049])).words, /more budget lost/);
    assert.match(trendOf(played([0.01, 0.06, 0.02, 0.05, 0.01, 0.04])).words, /no clear trend/);
});

test("an incident that waits rings", () => {
    const rows = played([0.1, 0.2]);
    assert.equal(waitingCall(rows), undefined);
    assert.equal(waitingCall(rows.map((row, at) => ({ ...row, waiting: at === 1 })))?.id, rows[1]?.id);
});
