// SPDX-License-Identifier: Apache-2.0
//
// What a page shows stands in its address: a reload, another tab, and going back and forward keep it.
// What was typed and not yet sent outlives a reload. The postmortem is saved in the log.
import assert from "node:assert/strict";
import { ask, onStage, sessions, watch } from "./stage.mjs";

const pressed = (page, name) => page.getByRole("tab", { name, exact: true }).getAttribute("aria-selected");

await onStage(async ({ url, page: open, faults }) => {
    const { live, closed } = await sessions(url);
    const page = await open();
    const said = await ask(url, `/api/sessions/${live}/commands`, { do: "look", what: "logs", service: "checkout-api", level: "warn" });
    assert.equal(said.status, 200);

    await page.goto(`${url}/s/${live}`);
    await page.getByRole("tab", { name: "logs" }).click();
    await page.getByLabel("Level").selectOption("warn");
    await page.getByRole("button", { name: /^hide/ }).first().click();
    await page.getByText(/kinds hidden|of them not shown/).first().waitFor();
    const address = page.url();

    await page.reload();
    await page.getByText(/kinds hidden|of them not shown/).first().waitFor();
    assert.equal(await page.getByLabel("Level").inputValue(), "warn");
    const other = await page.context().newPage();
    watch(other, faults);
    await other.goto(address);
    await other.getByText(/kinds hidden|of them not shown/).first().waitFor();
    await other.close();

    await page.getByRole("tab", { name: "databases" }).click();
    assert.equal(await pressed(page, "databases"), "true");
    await page.goBack();
    assert.equal(await pressed(page, "logs"), "true");
    await page.goForward();
    assert.equal(await pressed(page, "databases"), "true");

    await page.keyboard.press("u");
    await page.getByLabel("Text").fill("Half a sentence");
    await page.reload();
    await page.locator("main").first().waitFor();
    await page.keyboard.press("u");
    assert.equal(await page.getByLabel("Text").inputValue(), "Half a sentence");

    await page.goto(`${url}/s/${closed}/postmortem`);
    await page.getByLabel(/^Summary/).fill("Checkout was slow.");
    await page.reload();
    assert.equal(await page.getByLabel(/^Summary/).inputValue(), "Checkout was slow.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("all saved").waitFor();
    const { entries } = (await ask(url, `/api/sessions/${closed}/entries?after=0`)).body;
    assert.equal(entries.at(-1).answer.observation.fields.summary, "Checkout was slow.");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Markdown" }).click()]);
    assert.match(download.suggestedFilename(), /^postmortem-.*\.md$/);
});
