// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { patternKey, patternMark, shownLines } from "../../src/console/logfilter.ts";

const line = (body: string, pod: string) => ({
    t: "11:42:00",
    text: JSON.stringify({ severity_text: "ERROR", body, "k8s.pod.name": `checkout-api-x-${pod}`, "http.route": "/orders" }),
});

test("lines that differ in numbers and ids say the same", () => {
    assert.equal(patternKey("Slow request /orders took 1388 ms"), patternKey("Slow request /orders took 9 ms"));
    assert.equal(patternKey("Key 5f8e3df seen"), patternKey("Key 77aa01 seen"));
    assert.notEqual(patternMark("Request rejected: 8 wait"), patternMark("Request accepted: 8 wait"));
    assert.match(patternMark("x"), /^[0-9a-f]+$/);
});

test("kinds of lines are hidden and one source is chosen, and the rest is counted", () => {
    const lines = [line("took 12 ms", "a"), line("took 99 ms", "b"), line("refused", "a"), { t: "", text: "LOG: plain 4" }];
    const all = shownLines(lines, { hidden: [], source: "" });
    assert.deepEqual([all.lines.length, all.left], [4, 0]);
    const some = shownLines(lines, { hidden: [patternMark("took 5 ms")], source: "" });
    assert.deepEqual(some.lines.map((each) => each.parts.body), ["refused  /orders", "LOG: plain 4"]);
    assert.equal(some.left, 2);
    const one = shownLines(lines, { hidden: [], source: "a" });
    assert.deepEqual([one.lines.length, one.left], [2, 2]);
});
