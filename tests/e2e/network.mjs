// SPDX-License-Identifier: Apache-2.0
//
// The network is dropped and comes back again and again while commands are sent; in the end the
// browser has fetched every entry once, in order, and the page has missed none.
import assert from "node:assert/strict";
import { ask, onStage } from "./stage.mjs";

const DROPS = 100;

await onStage(async ({ url, page: open }) => {
    const started = await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1 });
    const { id } = started.body;
    const page = await open();
    await page.goto(`${url}/s/${id}`);
    await page.locator("main").first().waitFor();
    for (let drop = 0; drop < DROPS; drop += 1) {
        await page.context().setOffline(true);
        const said = await ask(url, `/api/sessions/${id}/commands`, {
            do: "say",
            what: "message",
            to: "nobody",
            text: `dropped-${drop}.`,
        });
        assert.equal(said.status, 200, JSON.stringify(said.body));
        await page.waitForTimeout(50);
        await page.context().setOffline(false);
        await page.waitForTimeout(100);
    }
    await page.getByText(`dropped-${DROPS - 1}.`).first().waitFor({ timeout: 20_000 });
    const { entries } = (await ask(url, `/api/sessions/${id}/entries?after=0`)).body;
    assert.deepEqual(entries.map((entry) => entry.seq), entries.map((_, index) => index + 1));
    const shown = await page.locator("body").innerText();
    for (let drop = 0; drop < DROPS; drop += 1) {
        const times = shown.split(`dropped-${drop}.`).length - 1;
        const before = shown.split("dropped-0.").length - 1;
        assert.equal(times, before, `message ${drop} is shown ${times} times`);
        assert.ok(times >= 1, `message ${drop} is missing`);
    }
});
