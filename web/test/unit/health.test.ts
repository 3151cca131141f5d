// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation, SessionEvent } from "../../src/api/types.ts";
import { healthOf, pagedPart } from "../../src/console/health.ts";

const topology = { nodes: ["web", "api", "db"].map((name) => ({ name, kind: "service" })), edges: [] };
const page: SessionEvent = {
    t_s: 0,
    clock: "11:42:00",
    kind: "page",
    from: "alertmanager",
    title: "[FIRING:1] HttpLatencyP99High eu1 api (prod critical checkout)",
    text: "",
};
const seen: Observation = {
    type: "parts",
    title: "",
    parts: [
        {
            type: "table",
            title: "services",
            columns: ["service", "requests", "p99", "5xx"].map((name) => ({ name, unit: "" })),
            rows: [
                ["web", 900, 0.2, 0.02],
                ["api", 400, 2.4, 0],
            ],
        },
    ],
};

test("what nobody looked at is unknown, and a page alone is bad", () => {
    const health = healthOf(topology, null, [page]);
    assert.equal(health.get("api")?.health, "bad");
    assert.equal(health.get("db"), undefined);
    assert.equal(pagedPart([page], ["web", "api"]), "api");
});

test("health follows latency and errors, the worse of both", () => {
    const health = healthOf(topology, seen, []);
    assert.equal(health.get("web")?.health, "warn");
    assert.equal(health.get("api")?.health, "bad");
    assert.match(health.get("api")?.words ?? "", /p99 2.4 s/);
});
