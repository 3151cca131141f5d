// SPDX-License-Identifier: Apache-2.0
//
// The call that waits on the first page; then a whole incident: from the first page over looks and an act to the end, the analysis that tells no
// number before it is there, what-if with both futures, and playing on from there.
import assert from "node:assert/strict";
import { ask, onStage } from "./stage.mjs";

await onStage(async ({ url, page: open }) => {
    const page = await open();
    await page.goto(url);
    await page.getByRole("link", { name: "Take the call" }).click({ timeout: 60_000 });
    await page.waitForURL(/\/s\/[0-9a-z-]+/);
    await page.getByRole("button", { name: "Pause" }).click();
    const call = new URL(page.url()).pathname.split("/")[2];
    const taken = (await ask(url, `/api/sessions/${call}`)).body;
    assert.equal(taken.clock, "live");
    assert.ok(taken.t_s < 60, "the clock began with the call");
    await page.goto(url);
    await page.getByRole("button", { name: /go on call/i }).first().click();
    await page.waitForURL(/\/s\/[0-9a-z-]+/);
    const id = new URL(page.url()).pathname.split("/")[2];
    const obey = async (command) => {
        const answer = await ask(url, `/api/sessions/${id}/commands`, command);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        return answer.body;
    };
    await obey({ do: "look", what: "panel", service: "checkout-api", panel: "latency" });
    await obey({ do: "look", what: "changes" });
    await obey({ do: "act", action: "flag", args: ["fraud-inline-v2", "40%"], confirm: true });
    await obey({ do: "wait", for: "5m" });

    await page.goto(`${url}/s/${id}/analysis`);
    await page.getByText("The incident is not over.").waitFor();
    await obey({ do: "close" });
    await page.reload();
    await page.getByText(/The judge is at work|What is still at stake/).first().waitFor();
    if (await page.getByText("The judge is at work").isVisible()) {
        assert.equal(await page.getByText("not yet validated").count(), 0, "no score before the analysis");
    }

    await page.goto(`${url}/s/${id}/whatif?t=20&do=${encodeURIComponent("flag fraud-inline-v2 0%")}&for=10`);
    await page.getByText("Exact for this form").waitFor({ timeout: 40_000 });
    assert.match(await page.locator(".verdict").innerText(), /played .+ %[\s\S]+tried .+ %/);
    await page.getByRole("button", { name: /play on from here/i }).click();
    await page.waitForURL((address) => /^\/s\/[^/]+$/.test(address.pathname) && !address.pathname.endsWith(id));
});
