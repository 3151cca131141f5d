// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../src/api/types.ts";
import { screenAt } from "../../src/board/screen.ts";

const look = (seq: number, t_s: number, command: object, shown = true): Entry =>
    ({ seq, t_s, kind: "look", command: { do: "look", ...command }, answer: { t_s, events: [], ...(shown ? { observation: { type: "panel" } } : {}) } }) as unknown as Entry;

const panel = (name: string) => ({ what: "panel", service: "a", panel: name });

test("the screen shows the newest look of each thing, and nothing that came later", () => {
    const entries = [
        look(1, 10, panel("latency")),
        look(2, 20, panel("pool")),
        look(3, 30, { what: "ask", person: "x" }),
        look(4, 40, panel("latency")),
        look(5, 50, { what: "trace", id: "gone" }, false),
        look(6, 60, panel("errors")),
    ];
    const seqs = (until: number, most = 4): number[] => screenAt(entries, until, most).map((entry) => entry.seq);
    assert.deepEqual(seqs(55), [4, 2]);
    assert.deepEqual(seqs(60), [6, 4, 2]);
    assert.deepEqual(seqs(60, 1), [6]);
    assert.deepEqual(seqs(5), []);
});
