// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action } from "../../src/api/types.ts";
import { commandsFrom, commandsOf, lineOf, nearBest } from "../../src/board/lines.ts";

const actions: Action[] = [
    { name: "flag", title: "Set a flag", lead_s: 20, reversible: true, args: [] },
    { name: "shed", title: "Shed load", lead_s: 5, reversible: true, args: [] },
];

test("the better line becomes a command and back", () => {
    const commands = commandsOf("shed checkout-api/get-order 95%", actions);
    assert.deepEqual(commands, [
        { do: "act", action: "shed", args: ["checkout-api/get-order", "95%"], confirm: true },
    ]);
    assert.equal(lineOf(commands), "shed checkout-api/get-order 95%");
});

test("what is no act changes nothing", () => {
    assert.deepEqual(commandsOf("wait", actions), []);
    assert.deepEqual(commandsFrom(["", "flag x 0%", "rm -rf"], actions).length, 1);
    assert.equal(lineOf([]), "no act");
});

test("near the best counts as the best", () => {
    assert.equal(nearBest(0.53, 0.5, 2), true);
    assert.equal(nearBest(0.55, 0.5, 2), false);
    assert.equal(nearBest(0.2, 0.5, 2), true);
});
