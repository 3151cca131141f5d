// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { labelOf, placeNodes } from "../../src/console/layout.ts";

const node = (name: string) => ({ name, kind: "service" });
const edge = (from: string, to: string, kind = "service") => ({ from, to, kind });

test("what is used stands below who uses it, and consumers below their topic", () => {
    const places = placeNodes({
        nodes: ["shop", "edge", "db", "topic", "worker"].map(node),
        edges: [edge("edge", "shop"), edge("shop", "db"), edge("shop", "topic"), edge("worker", "topic", "consumes")],
    });
    const row = (name: string) => places.find((place) => place.name === name)?.row ?? -1;
    assert.ok(row("edge") < row("shop") && row("shop") < row("db") && row("topic") < row("worker"));
    assert.ok(places.every((place) => place.x > 0 && place.x < 1 && place.y >= 0 && place.y <= 1));
});

test("a cycle ends, and every part has a place of its own", () => {
    const places = placeNodes({ nodes: ["a", "b", "c"].map(node), edges: [edge("a", "b"), edge("b", "a"), edge("b", "c")] });
    assert.equal(new Set(places.map((place) => `${place.x} ${place.y}`)).size, 3);
});

test("neighbours stand near each other", () => {
    const places = placeNodes({
        nodes: ["left", "right", "under-right", "under-left"].map(node),
        edges: [edge("left", "under-left"), edge("right", "under-right")],
    });
    const x = (name: string) => places.find((place) => place.name === name)?.x ?? 0;
    const near = (a: string, b: string) => Math.abs(x(a) - x(b)) < 0.05;
    assert.ok(near("left", "under-left") && near("right", "under-right") && !near("left", "right"));
});

test("a row whose names would touch is staggered, and one with room is not", () => {
    const names = ["users", "collectors", "batch-writer", "alert-evaluator"];
    const edges = names.slice(1).map((name) => edge("users", name));
    const heights = (letters: number) => placeNodes({ nodes: names.map(node), edges }, letters).filter((place) => place.row === 1).map((place) => place.y);
    assert.equal(new Set(heights(80)).size, 1);
    const [first, second, third] = heights(36);
    assert.ok(first !== second && second !== third);
});

test("labels are the middle of a host name, and long ones keep their ends apart", () => {
    assert.equal(labelOf("api.payfold.example"), "payfold");
    assert.equal(labelOf("settlement-worker"), "settlement-worker");
    assert.notEqual(labelOf("norbank-acquirer-north-1"), labelOf("norbank-acquirer-north-2"));
    assert.ok(labelOf("norbank-acquirer-north-1").length <= 17);
});
