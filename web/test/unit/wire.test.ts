// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { glanceOf, lexiconOf, topologyOf } from "../../src/api/wire.ts";
import type { WireLexicon } from "../../src/api/wire.ts";

const panel = (of: string, name: string, by = "") => ({ panel: name, by, title: name, unit: "", of });
const wire: WireLexicon = {
    scenario: "s",
    services: [
        { name: "web", kind: "service" },
        { name: "api", kind: "service" },
        { name: "worker", kind: "service" },
        { name: "db", kind: "database" },
        { name: "orders", kind: "topic" },
        { name: "unused", kind: "cache" },
    ],
    panels: [panel("service", "latency"), panel("service", "latency", "route"), panel("database", "load"), panel("users", "kpi")],
    looks: [],
    people: [],
    actions: [],
};

test("panels and splits are found by the part that they are of", () => {
    const lexicon = lexiconOf(wire);
    assert.deepEqual(lexicon.panels.api, ["latency"]);
    assert.deepEqual(lexicon.panels.users, ["kpi"]);
    assert.deepEqual(lexicon.splits["api/latency"], ["route"]);
    assert.equal(lexicon.splits["db/load"], undefined);
    assert.deepEqual(lexicon.databases, ["db"]);
});

test("a service without pools has no panels of pools", () => {
    const panels = [...wire.panels, panel("service", "pool"), panel("service", "queries")];
    const services = [{ name: "web", kind: "service", pools: false }, { name: "api", kind: "service", pools: true }];
    const lexicon = lexiconOf({ ...wire, services, panels });
    assert.deepEqual(lexicon.panels.web, ["latency"]);
    assert.deepEqual(lexicon.panels.api, ["latency", "pool", "queries"]);
});

test("the map has vendors from its links, users above the doors, and nothing that is not used", () => {
    const rows = [["web", "shop", 4], ["api", "shop", 8], ["worker", "data", 2]];
    const links = [
        ["web", "api", "service"],
        ["api", "pay.example", "vendor"],
        ["api", "db", "database"],
        ["worker", "orders", "consumes"],
    ];
    const map = topologyOf({ services: rows, links }, lexiconOf(wire));
    const kind = (name: string) => map.nodes.find((node) => node.name === name)?.kind;
    assert.equal(kind("pay.example"), "vendor");
    assert.equal(kind("db"), "database");
    assert.equal(kind("unused"), undefined);
    assert.deepEqual(map.edges.filter((edge) => edge.from === "users").map((edge) => edge.to), ["web"]);
});

test("a refresh is read bare and within an answer", () => {
    const observation = { type: "wait" } as const;
    const answer = { t_s: 0, clock: "", cost_s: 0, done: false, kind: "look", observation, events: [] };
    assert.equal(glanceOf({ observation }), observation);
    assert.equal(glanceOf({ answer }), observation);
    assert.equal(glanceOf({}), null);
});
