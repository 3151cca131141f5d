// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimsOf, draftsOf, restPercent, setPercent } from "../../src/console/belief.ts";
import type { Draft } from "../../src/console/belief.ts";

const draft = (percent: number): Draft => ({ component: "a", mechanism: "b", detail: "", trigger: "", percent });

test("weights always sum to 100 and stay within bounds", () => {
    let drafts = [draft(10), draft(30), draft(20), draft(0)];
    let state = 7;
    for (let round = 0; round < 2000; round += 1) {
        state = (state * 1103515245 + 12345) % 2147483648;
        const index = state % 4;
        const wanted = Math.floor(state / 7) % 131;
        drafts = setPercent(drafts, index, wanted);
        assert.equal(drafts[index]?.percent, Math.min(100, wanted));
        assert.ok(drafts.every((each) => each.percent >= 0 && Number.isInteger(each.percent)));
        const rest = restPercent(drafts);
        assert.ok(rest >= 0 && rest <= 100, `rest ${rest} after round ${round}`);
    }
});

test("something else gives first, then the others in proportion", () => {
    const drafts = [draft(10), draft(40), draft(20)];
    assert.deepEqual(setPercent(drafts, 0, 40).map((each) => each.percent), [40, 40, 20]);
    assert.deepEqual(setPercent(drafts, 0, 70).map((each) => each.percent), [70, 20, 10]);
    assert.equal(restPercent(setPercent(drafts, 1, 0)), 70);
});

test("claims keep their weights on the way to the server and back", () => {
    const drafts = [draft(58), draft(14), draft(8)];
    assert.deepEqual(draftsOf(claimsOf(drafts)), drafts);
});
