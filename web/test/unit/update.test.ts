// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { UpdateStatus } from "../../src/api/types.ts";
import { checksOf, draftOf, nextStatus } from "../../src/console/update.ts";

const missing = (status: UpdateStatus, text: string): string[] =>
    checksOf(status, text).filter((check) => !check.met).map((check) => check.words);

test("a draft claims nothing: its gaps are missing until they are filled in", () => {
    const draft = draftOf("investigating", "11:42", 42_120);
    assert.match(draft, /since 11:42/);
    assert.match(draft, /Next update at 12:02\./);
    assert.deepEqual(missing("investigating", draft), ["no gap of the draft is left", "how many or which"]);
    const filled = "Checkout is slow for most customers since 11:42. We are investigating. Next update at 12:02.";
    assert.deepEqual(missing("investigating", filled), []);
});

test("the time since when is not the time of the next update", () => {
    assert.deepEqual(missing("identified", "Checkout is slow for most customers since 11:42."), ["when they hear again"]);
});

test("a last update says whether data was lost", () => {
    assert.deepEqual(missing("resolved", "Checkout works normally for all customers."), ["whether data was lost"]);
    assert.deepEqual(missing("resolved", "Checkout works normally for all customers. No data was lost."), []);
    assert.equal(checksOf("resolved", "x").some((check) => check.words === "when they hear again"), false);
});

test("the composer begins with the status that was posted last", () => {
    assert.equal(nextStatus([]), "investigating");
    assert.equal(nextStatus([{ type: "posted", status: "identified", text: "", posted: "11:50:00" }]), "identified");
});
