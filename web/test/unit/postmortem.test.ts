// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Entry } from "../../src/api/types.ts";
import { changedFields, FIELDS, markdownOf, saidFields, timelineOf } from "../../src/postmortem/fields.ts";

const answer = (t_s: number, observation?: object, events: Answer["events"] = []): Answer =>
    ({ t_s, clock: `11:${42 + t_s / 60}:00`, cost_s: 0, done: false, kind: "x", events, ...(observation ? { observation } : {}) }) as Answer;
const entry = (seq: number, command: object, given: Answer): Entry => ({ seq, t_s: given.t_s, kind: given.kind, command: command as Entry["command"], answer: given });
const page = { t_s: 0, clock: "11:42:00", kind: "page" as const, from: "pager", title: "HttpLatencyP99High", text: "" };

const entries = [
    entry(1, { do: "look", what: "changes" }, answer(60, { type: "table", title: "", columns: [], rows: [] })),
    entry(2, { do: "say", what: "believe", claims: [{ component: "pool", mechanism: "held", p: 0.6 }] }, answer(60, { type: "belief", claims: [], something_else: 0.4 })),
    entry(3, { do: "act", action: "flag" }, answer(120, { type: "act", title: "flag x 0%", effective: "11:44:20" })),
    entry(4, { do: "say", what: "postmortem", fields: { title: "A" } }, answer(180, { type: "postmortem", fields: { title: "A", summary: "" } })),
];

test("the timeline has what was done and said, and no looks", () => {
    assert.equal(
        timelineOf(answer(0, undefined, [page]), entries),
        "11:42 Page: HttpLatencyP99High\n11:43 Suspected: pool held 60 %\n11:44 Did: flag x 0%",
    );
});

test("only what differs from what was said is said again", () => {
    const said = saidFields(entries);
    assert.deepEqual(said, { title: "A", summary: "" });
    assert.deepEqual(changedFields({ title: "A", impact: "many" }, said), { impact: "many" });
    assert.deepEqual(changedFields({ title: "" }, said), { title: "" });
    assert.deepEqual(saidFields([]), {});
});

test("the Markdown has every field in its order, and texts cannot become headings", () => {
    const text = markdownOf({ title: "Slow\ncheckout", summary: "# not a heading", timeline: "11:42 a\n- 11:43 b\n" }, { id: "7f", date: "2026-11-22", status: "draft" });
    assert.ok(text.startsWith("# Slow checkout\n\n- Incident: 7f\n- Date: 2026-11-22\n"));
    assert.ok(text.includes("\n\\# not a heading\n"));
    assert.ok(text.includes("## Timeline\n\n- 11:42 a\n- 11:43 b\n"));
    assert.ok(text.includes("## Trigger\n\n*Nothing was written.*"));
    const places = FIELDS.slice(1).map(({ title }) => text.search(new RegExp(`^###? ${title}$`, "m")));
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    assert.equal(places.includes(-1), false);
});
