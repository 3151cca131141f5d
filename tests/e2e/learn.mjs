// SPDX-License-Identifier: Apache-2.0
//
// Learn from the mistakes, submitted for real: the list and the trainer agree on what is one, doing
// nothing is refused where waiting was the mistake, and what the judge calls better is accepted.
import assert from "node:assert/strict";
import { ask, leaveOut, onStage } from "./stage.mjs";

const PATIENCE_MS = 480_000;
const TRY_MS = 120_000;

/** A session with a mistake: ten minutes of waiting while it hurts. */
async function played(url) {
    const { id } = (await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1, seed: 4 })).body;
    for (const command of [
        { do: "look", what: "panel", service: "checkout-api", panel: "latency", by: "route" },
        { do: "look", what: "db", db: "orders-db", view: "activity" },
        { do: "wait", for: "10m" },
        { do: "close" },
    ]) {
        const answer = await ask(url, `/api/sessions/${id}/commands`, command);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
    }
    return id;
}

/** The analysis, once it is there; null when it takes longer than this test waits. */
async function judged(url, id) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
        const { status, body } = await ask(url, `/api/sessions/${id}/analysis`);
        if (status === 200) {
            return body;
        }
        await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    return null;
}

/** Fill in the form of an act from a line such as `flag fraud-inline-v2 40%`. */
async function fill(page, line) {
    const [name, ...values] = line.split(" ");
    await page.locator("main form select").first().selectOption(name);
    for (const [at, value] of values.entries()) {
        const field = page.locator("main form label").nth(at + 1).locator("select, input");
        const chosen = (await field.evaluate((element) => element.tagName)) === "SELECT";
        await (chosen ? field.selectOption(value) : field.fill(value));
    }
}

await onStage(async ({ url, page: open }) => {
    const id = await played(url);
    const report = (await judged(url, id)) ?? leaveOut("the analysis took too long on this machine.");
    const faults = report.moves.filter(({ label }) => label === "error" || label === "lucky");
    assert.ok(faults.length > 0, "waiting ten minutes is no mistake?");
    const number = faults.findIndex(({ better }) => better !== "") + 1;
    assert.ok(number > 0, "no mistake has a better move");

    const page = await open();
    await page.goto(`${url}/s/${id}/analysis?show=mistakes`);
    await page.locator("[data-move]").first().waitFor();
    assert.equal(await page.locator("[data-move]").count(), faults.length, "the list shows the mistakes");

    await page.goto(`${url}/s/${id}/learn?n=${number}`);
    await page.getByText(`Mistake ${number} of ${faults.length}`).waitFor();
    const tries = page.locator("ul[aria-live=polite] > li");
    const nothing = faults[number - 1].kind === "wait";
    if (nothing) {
        await page.getByRole("button", { name: /do nothing/i }).click();
        await tries.first().waitFor({ timeout: TRY_MS });
        assert.match(await tries.first().innerText(), /^✗ do nothing for now/);
    }
    await fill(page, faults[number - 1].better);
    await page.getByRole("button", { name: "Try this" }).click();
    await page.getByText(`1 of ${faults.length} solved`).waitFor({ timeout: TRY_MS });
    assert.match(await tries.first().innerText(), /^✓ /);
    await page.getByRole("link", { name: "Watch both futures" }).waitFor();
}, ["--k", "4"]);
