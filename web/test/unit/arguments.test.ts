// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "../../src/api/types.ts";
import { argumentsOf, argumentText } from "../../src/console/arguments.ts";
import { nextWindow, readZoom } from "../../src/console/range.ts";
import { revealOf } from "../../src/console/reveal.ts";

const action: Action = {
    name: "x",
    title: "",
    lead_s: 1,
    reversible: true,
    args: [
        { name: "flag", kind: "choice", doc: "", options: ["a", "b"] },
        { name: "to", kind: "share", doc: "share of users", low: 0, high: 1 },
        { name: "wait", kind: "seconds", doc: "", low: 0, high: 600 },
    ],
};

test("arguments are read by their kind", () => {
    const read = (flag: string, to: string, wait: string) => argumentsOf(action, { flag, to, wait });
    assert.deepEqual(read("a", "40%", "500ms"), { flag: "a", to: 0.4, wait: "500ms" });
    assert.deepEqual(read("b", "0.25", "3"), { flag: "b", to: 0.25, wait: 3 });
    for (const wrong of [read("c", "40%", "1s"), read("a", "", "1s"), read("a", "much", "1s"), read("a", "1", "soon")]) {
        assert.equal(wrong, null);
    }
    assert.deepEqual(action.args.map(argumentText), ["", "share of users, 0 % to 100 %", "0 s to 10 min"]);
});

test("time ranges in the address", () => {
    assert.equal(nextWindow("30m", 1), "1h");
    assert.equal(nextWindow("2h", 1), "2h");
    assert.equal(nextWindow("5m", -1), "5m");
    assert.deepEqual(readZoom("41000-41600"), [41000, 41600]);
    assert.equal(readZoom("41600-41000"), null);
    assert.equal(readZoom("x"), null);
});

test("the answer to a look is brought into view", () => {
    assert.deepEqual(revealOf({ do: "look", what: "panel", service: "a", panel: "p" }), { tab: "", at: "a" });
    assert.equal(revealOf({ do: "look", what: "db", db: "d", view: "locks" }).view, "locks");
    assert.deepEqual(revealOf({ do: "wait", for: "1m" }), {});
});
