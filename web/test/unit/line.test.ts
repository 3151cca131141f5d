// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Lexicon } from "../../src/api/types.ts";
import { lineProposals, parseLine, VERBS } from "../../src/console/line.ts";

const lexicon: Lexicon = {
    services: ["storefront-api", "checkout-api"],
    databases: ["orders-db"],
    kinds: {},
    splits: {},
    panels: { "checkout-api": ["latency", "pool", "pool-wait"], "orders-db": ["load", "query-time"] },
    people: [{ id: "tomasz", name: "Tomasz Wrona" }],
    pages: [],
};
const flag = {
    name: "flag",
    title: "Set a feature flag",
    lead_s: 20,
    reversible: true,
    args: [{ name: "flag", kind: "choice", doc: "", options: ["fraud-inline-v2"] }],
};
const read = (line: string) => parseLine(line, lexicon, [flag]);
const command = (line: string) => {
    const parsed = read(line);
    return parsed.kind === "command" ? parsed.command : parsed;
};

test("lines become commands of the session protocol", () => {
    const cases: [string, object][] = [
        ["panel checkout-api latency by route 1h", { do: "look", what: "panel", by: "route", window: "1h", service: "checkout-api", panel: "latency" }],
        ["panel checkout-api latency pod", { do: "look", what: "panel", service: "checkout-api", panel: "latency", by: "pod" }],
        ["panel ch lat", { do: "look", what: "panel", service: "checkout-api", panel: "latency" }],
        ["logs checkout error \"still waiting\" 5m limit 40", { do: "look", what: "logs", service: "checkout-api", level: "error", window: "5m", limit: 40, filter: "still waiting" }],
        ["traces checkout-api over 2s errors", { do: "look", what: "traces", service: "checkout-api", min_ms: 2000, errors: true }],
        ["db plan get-order", { do: "look", what: "db", db: "orders-db", view: "plan", name: "get-order" }],
        ["query sum(rate(x[5m])) over 1h", { do: "look", what: "query", expr: "sum(rate(x[5m]))", window: "1h" }],
        ["ask tom what is it busy with?", { do: "look", what: "ask", person: "tomasz", question: "what is it busy with?" }],
        ["update inv \"Checkout is slow.\"", { do: "say", what: "update", status: "investigating", text: "Checkout is slow." }],
        ["wait", { do: "wait", for: "5m", wake: true }],
        ["wait 2m", { do: "wait", for: "2m" }],
        ["close", { do: "close" }],
    ];
    for (const [line, expected] of cases) {
        assert.deepEqual(command(line), expected, line);
    }
});

test("claims carry component, mechanism, words, trigger and weight", () => {
    const parsed = command('believe checkout-api pool "held too long" because flag x 60 ; orders-db plan 30%');
    assert.deepEqual((parsed as unknown as { claims: object[] }).claims, [
        { component: "checkout-api", mechanism: "pool", detail: "held too long", trigger: "flag x", p: 0.6 },
        { component: "orders-db", mechanism: "plan", detail: "", trigger: "", p: 0.3 },
    ]);
});

test("an action keeps its arguments, without the word to", () => {
    assert.deepEqual(read("flag fraud-inline-v2 to 40%"), { kind: "act", action: "flag", args: ["fraud-inline-v2", "40%"] });
});

test("what fits nothing is refused with the nearest name", () => {
    const message = (line: string) => {
        const parsed = read(line);
        return parsed.kind === "error" ? parsed.message : "";
    };
    assert.match(message("pnael"), /did you mean `panel`/);
    assert.match(message("panel checkout-api latnecy"), /did you mean `latency`/);
    assert.match(message("panel checkout-api poo"), /could be pool, pool-wait/);
    assert.match(message("panel checkout-api latency zzyzx"), /one word too many/);
    assert.match(message("alerts now"), /one word too many/);
    assert.match(message("changes 2h now"), /one word too many/);
    assert.match(message("update inv"), /What do you tell/);
    assert.match(message("believe checkout-api pool"), /ends with its percent/);
});

test("Tab offers what may stand there", () => {
    const offer = (line: string) => lineProposals(line, lexicon, [flag]);
    assert.deepEqual(offer("pan"), ["panel"]);
    assert.deepEqual(offer("panel checkout-api poo"), ["pool", "pool-wait"]);
    assert.deepEqual(offer("flag "), ["fraud-inline-v2"]);
    assert.deepEqual(offer("ask t"), ["tomasz"]);
});

test("the command line knows the words of the terminal, and no others", () => {
    const guide = readFileSync("../../src/cli/guide.c", "utf8");
    const table = guide.slice(guide.indexOf("verbs[] = {"), guide.indexOf("{NULL, NULL, NULL"));
    const terminal = [...table.matchAll(/^ {4}\{"([a-z]+)",/gm)].map((match) => match[1] ?? "");
    assert.ok(terminal.length > 20);
    assert.deepEqual(VERBS.filter((verb) => !terminal.includes(verb)), []);
    // What the page has other places for, and what only a terminal needs.
    const elsewhere = ["postmortem", "actions", "debrief", "help", "quit"];
    assert.deepEqual(terminal.filter((verb) => !VERBS.includes(verb) && !elsewhere.includes(verb)), []);
});
