// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command, Observation, SessionEvent } from "../../src/api/types.ts";
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
const look = (command: Command, observation: Observation) => ({ seq: 1, t_s: 1, clock: "", command, observation });
const map: Observation = {
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
    const health = healthOf(topology, {}, [page]);
    assert.equal(health.get("api")?.health, "bad");
    assert.equal(health.get("db"), undefined);
    assert.equal(pagedPart([page], ["web", "api"]), "api");
});

test("health follows latency and errors, the worse of both", () => {
    const health = healthOf(topology, { topology: look({ do: "look", what: "topology" }, map) }, []);
    assert.equal(health.get("web")?.health, "warn");
    assert.equal(health.get("api")?.health, "bad");
    assert.match(health.get("api")?.words ?? "", /p99 2.4 s/);
});

test("a panel with an objective and an alert tell how a part is", () => {
    const panel = (points: number[]): Observation => ({
        type: "panel",
        title: "api, request duration",
        unit: "s",
        start_s: 0,
        step_s: 15,
        objective: 1.5,
        series: [{ name: "p99", labels: {}, points }],
    });
    const alerts: Observation = {
        type: "table",
        title: "alerts",
        columns: ["state", "alert", "service", "severity"].map((name) => ({ name, unit: "" })),
        rows: [["pending", "DbPoolWaitHigh", "db", "warning"]],
    };
    const of = (service: string): Command => ({ do: "look", what: "panel", service, panel: "latency" });
    const health = healthOf(
        topology,
        { a: look(of("api"), panel([0.2, 1.6])), b: look(of("web"), panel([2, 0.3])), alerts: look({ do: "look", what: "alerts" }, alerts) },
        [],
    );
    assert.deepEqual(["api", "web", "db"].map((name) => health.get(name)?.health), ["bad", "good", "warn"]);
    assert.match(health.get("api")?.words ?? "", /request duration 1.6 s/);
});
