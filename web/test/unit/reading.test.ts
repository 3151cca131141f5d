// SPDX-License-Identifier: Apache-2.0
//
// What is read from texts: runbook pages, log lines, traces, queries.
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorColumn, proposals } from "../../src/console/complete.ts";
import { logParts } from "../../src/console/logline.ts";
import { blocks, pieces } from "../../src/console/prose.ts";
import { ancestry, subtree, waterfallRows } from "../../src/console/waterfall.ts";
import { fit } from "../../src/lib/fit.ts";

test("a runbook page becomes headings, lists and code", () => {
    const page = "# Title\n\n1. First `panel a\n   b`.\n   more\n2. Second\n\nText **so**\ngoes on.\n\n```\nx  y\n```\n";
    assert.deepEqual(blocks(page), [
        { kind: "heading", level: 1, pieces: [{ kind: "text", text: "Title" }] },
        {
            kind: "list",
            ordered: true,
            items: [
                [
                    { kind: "text", text: "First " },
                    { kind: "code", text: "panel a b" },
                    { kind: "text", text: ". more" },
                ],
                [{ kind: "text", text: "Second" }],
            ],
        },
        {
            kind: "paragraph",
            pieces: [
                { kind: "text", text: "Text " },
                { kind: "strong", text: "so" },
                { kind: "text", text: " goes on." },
            ],
        },
        { kind: "code", text: "x  y" },
    ]);
});

test("markup of other kinds stays text", () => {
    assert.deepEqual(pieces("<b>x</b> ** `"), [{ kind: "text", text: "<b>x</b> ** `" }]);
});

test("a log line gives level, body, pod and trace; a cut one keeps its text", () => {
    const line = '{"severity_text":"ERROR","body":"Refused","k8s.pod.name":"a-b-c","trace_id":"9f","http.route":"/o"}';
    assert.deepEqual(logParts(line), { level: "error", body: "Refused  /o", source: "a-b-c", trace: "9f", cut: false });
    assert.equal(logParts('t-api","trace_id":"6aa8"}').cut, true);
    assert.equal(logParts("2026-11-21 LOG:  process 4 still waiting").level, "info");
});

const span = (id: string, parent: string | null, start_ms: number, duration_ms: number) => ({
    id,
    parent,
    name: id,
    service: "s",
    kind: "SERVER",
    start_ms,
    duration_ms,
    status: "Unset",
    attrs: {},
});

test("a waterfall shows the time that no child explains", () => {
    const spans = [span("root", null, 0, 100), span("late", "root", 60, 30), span("early", "root", 10, 20), span("leaf", "early", 10, 5)];
    const rows = waterfallRows(spans, new Set());
    assert.deepEqual(rows.map((row) => [row.span.id, row.depth]), [["root", 0], ["early", 1], ["leaf", 2], ["late", 1]]);
    assert.equal(rows[0]?.own_ms, 50);
    assert.deepEqual(rows[0]?.gaps, [
        { from_ms: 0, to_ms: 10 },
        { from_ms: 30, to_ms: 60 },
        { from_ms: 90, to_ms: 100 },
    ]);
    assert.equal(waterfallRows(spans, new Set(["root"])).length, 1);
});

test("a span whose parent was not sampled stands at the top", () => {
    assert.equal(waterfallRows([span("b", "gone", 5, 5)], new Set())[0]?.depth, 0);
});

test("a part of a trace begins at its own zero, and knows the way up", () => {
    const spans = [span("root", null, 0, 100), span("a", "root", 10, 40), span("leaf", "a", 20, 5), span("b", "root", 60, 30)];
    assert.deepEqual(subtree(spans, "a").map((each) => [each.id, each.parent, each.start_ms]), [["a", null, 0], ["leaf", "a", 10]]);
    assert.equal(subtree(spans, "gone"), spans);
    assert.deepEqual(ancestry(spans, "leaf"), ["root", "a", "leaf"]);
    assert.deepEqual(ancestry([{ ...span("x", "x", 0, 1) }], "x"), ["x"]);
    assert.deepEqual(ancestry(spans, "gone"), []);
});

test("the query box offers functions, metrics, labels and services", () => {
    const offer = (query: string) => proposals(query, query.length, ["http_server_requests"], ["checkout-api"]).map((each) => each.text);
    assert.equal(offer("histo")[0], "histogram_quantile");
    assert.equal(offer("rate(http_ser")[0], "http_server_requests");
    assert.ok(offer("sum by (http").includes("http_route"));
    assert.deepEqual(offer('x{service="che'), ["checkout-api"]);
    assert.deepEqual(offer("rate("), []);
    assert.equal(errorColumn("Column 6: there is no metric `foo`."), 6);
});

test("the palette wants every word and prefers beginnings", () => {
    assert.equal(fit("Metrics: pool", "pool met") > 0, true);
    assert.equal(fit("Metrics: pool", "pool logs"), 0);
    assert.ok(fit("pool wait", "pool") > fit("spool wait", "pool"));
});
