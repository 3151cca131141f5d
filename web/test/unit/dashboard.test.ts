// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lexicon } from "../../src/api/types.ts";
import { arranged, moved, tilesOf, TILES_MAX } from "../../src/console/dashboard.ts";

const lexicon: Lexicon = {
    services: ["api"],
    databases: ["db"],
    kinds: { api: "service", db: "database", users: "users" },
    splits: { "api/latency": ["route", "pod"] },
    panels: {
        api: ["latency", "requests", "errors", "saturation", "pool", "pool-wait", "queries", "cpu", "deps", "memory", "gc", "retries", "restarts"],
        db: ["load", "query-time"],
        users: ["kpi"],
    },
    people: [],
    pages: [],
};

test("the overview mixes the paged service, its database and the users, without gaps", () => {
    const tiles = tilesOf(lexicon, "overview", "api", "");
    assert.equal(tiles.length, TILES_MAX);
    assert.deepEqual(tiles[0], { service: "api", panel: "latency", by: "route" });
    assert.ok(tiles.some((tile) => tile.service === "db" && tile.panel === "load"));
    assert.ok(!tiles.some((tile) => tile.panel === "connections"), "a panel that is not there is left out");
});

test("streams and volumes take the places that pools and databases leave", () => {
    const kinds = { api: "service", raw: "stream", rich: "stream", third: "stream", disk: "volume", users: "users" };
    const stream = ["lag", "messages", "freshness"];
    const panels = { api: ["latency", "requests", "errors", "cpu"], raw: stream, rich: stream, third: stream, disk: ["disk"], users: ["kpi"] };
    const tiles = tilesOf({ ...lexicon, databases: [], kinds, panels }, "overview", "api", "");
    const names = tiles.map(({ service, panel }) => `${service} ${panel}`);
    assert.deepEqual(names.slice(4, 8), ["raw lag", "rich lag", "raw freshness", "rich freshness"]);
    assert.ok(names.includes("disk disk"));
    assert.ok(!names.some((name) => name.startsWith("third")), "of a kind two at most");
});

test("a split applies where a panel knows it", () => {
    const tiles = tilesOf(lexicon, "api", "api", "pod");
    assert.equal(tiles.find((tile) => tile.panel === "latency")?.by, "pod");
    assert.equal(tiles.find((tile) => tile.panel === "queries")?.by, "");
});

test("tiles move and the order is read back", () => {
    const tiles = tilesOf(lexicon, "db", "api", "");
    const order = moved(tiles, 1, -1);
    assert.equal(order, "db~query-time,db~load");
    assert.deepEqual(arranged(tiles, order).map((tile) => tile.panel), ["query-time", "load"]);
    assert.deepEqual(arranged(tiles, "gone~x"), tiles);
});
