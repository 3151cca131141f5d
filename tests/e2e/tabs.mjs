// SPDX-License-Identifier: Apache-2.0
//
// Eight tabs of one browser on one session: all load over HTTP/1.1 and all come to show a new entry.
import assert from "node:assert/strict";
import { ask, onStage, watch } from "./stage.mjs";

const TABS = 8;

await onStage(async ({ url, page: open, faults }) => {
    const started = await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1 });
    const { id } = started.body;
    const first = await open();
    const pages = [first];
    while (pages.length < TABS) {
        const page = await first.context().newPage();
        watch(page, faults);
        pages.push(page);
    }
    for (const page of pages) {
        await page.goto(`${url}/s/${id}`);
        await page.locator("main").first().waitFor({ timeout: 15_000 });
    }
    const text = "Eight tabs hear of this update";
    const said = await ask(url, `/api/sessions/${id}/commands`, {
        do: "say",
        what: "update",
        status: "investigating",
        text,
    });
    assert.equal(said.status, 200);
    for (const page of pages) {
        await page.getByText(text).first().waitFor({ timeout: 15_000 });
        assert.equal(await page.getByText("You are not connected").count(), 0);
    }
});
