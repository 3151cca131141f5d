// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Command, Entry, Observation } from "../../src/api/types.ts";
import { foldAll, lookKey, mergeEntries } from "../../src/console/fold.ts";

const opening: Answer = {
    t_s: 0,
    clock: "11:42:00",
    cost_s: 0,
    done: false,
    kind: "open",
    events: [{ t_s: 0, clock: "11:42:00", kind: "page", from: "alertmanager", title: "slow", text: "p99" }],
};

function entry(seq: number, t_s: number, command: Command, observation: Observation): Entry {
    const clock = `11:${42 + Math.floor(t_s / 60)}:00`;
    const kind = command.do;
    return { seq, t_s, kind, command, answer: { t_s, clock, cost_s: 0, done: false, kind, observation, events: [] } };
}

const panel: Observation = { type: "panel", title: "p", unit: "s", start_s: 0, step_s: 15, series: [] };
const entries = [
    entry(1, 60, { do: "look", what: "panel", service: "a", panel: "latency" }, panel),
    entry(2, 120, { do: "say", what: "update", status: "investigating", text: "x" }, {
        type: "posted",
        status: "investigating",
        text: "x",
        posted: "11:44:00",
        next_due: "12:04:00",
    }),
    entry(3, 120, { do: "look", what: "ask", person: "tomasz", question: "why?" }, { type: "text", title: "", text: "Sent." }),
];

test("entries become looks, updates and chat", () => {
    const fold = foldAll(opening, entries);
    assert.equal(fold.seen["panel|a|latency|"]?.t_s, 60);
    assert.deepEqual(fold.chat.map((line) => line.from), ["alertmanager", "status page", "you"]);
    assert.deepEqual(fold.moments.map((moment) => moment.kind), ["page", "look", "update", "ask"]);
    assert.equal(fold.due_s, 120 + 20 * 60);
    assert.equal(fold.t_s, 120);
});

test("doubles are dropped and late entries stand where they belong", () => {
    const [first, second, third] = entries as [Entry, Entry, Entry];
    const merged = mergeEntries([third], [first, second, second, third]);
    assert.deepEqual(merged?.map((each) => each.seq), [1, 2, 3]);
    assert.equal(mergeEntries(entries, [second]), null);
    assert.deepEqual(foldAll(opening, merged ?? []), foldAll(opening, entries));
});

test("a window does not make another look", () => {
    const look = { do: "look", what: "panel", service: "a", panel: "latency", by: "route" } as const;
    assert.equal(lookKey({ ...look, window: "1h" }), lookKey(look));
    assert.notEqual(lookKey({ ...look, by: "pod" }), lookKey(look));
});
