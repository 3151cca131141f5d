// SPDX-License-Identifier: Apache-2.0
//
// axe on every route in every theme, and with each dialog open: nothing serious or critical. The first
// route's size is held too.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { onStage, sessions, TABS } from "./stage.mjs";

const FIRST_ROUTE_MAX = 90 * 1024;
const THEMES = ["dark", "light", "contrast"];
/** Keys that open a dialog in the console, and a word of its title. */
const DIALOGS = [
    ["Control+k", "Find and do anything"],
    ["?", "Keys"],
    ["a", "Do something"],
    ["u", "Status update"],
    ["g x", "Close the incident?"],
];
const require = createRequire(import.meta.url);

async function firstRoute(url, page) {
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await page.goto(url);
    await page.getByRole("button", { name: /go on call/i }).first().waitFor();
    console.log(`first route: ${(bytes / 1024).toFixed(1)} KiB over the wire`);
    assert.ok(bytes > 0 && bytes <= FIRST_ROUTE_MAX, `the first route takes ${bytes} bytes`);
}

/** What axe finds on the page as it is now. */
async function faultsOf(page, where) {
    if (!(await page.evaluate(() => "axe" in globalThis))) {
        await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
    }
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map((each) => `${where}: ${each.id} (${each.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")})`);
}

async function dialogs(url, page, id, theme) {
    const found = [];
    await page.goto(`${url}/s/${id}`);
    await page.locator("main").first().waitFor();
    for (const [keys, title] of DIALOGS) {
        for (const key of keys.split(" ")) {
            await page.keyboard.press(key);
        }
        await page.getByRole("dialog", { name: title }).waitFor();
        found.push(...(await faultsOf(page, `${theme} ${title}`)));
        await page.keyboard.press("Escape");
        await page.getByRole("dialog", { name: title }).waitFor({ state: "hidden" });
    }
    return found;
}

await onStage(async ({ url, page: open }) => {
    const { live, routes } = await sessions(url);
    const tabs = TABS.map((tab) => `/s/${live}?tab=${tab}`);
    const found = [];
    for (const theme of THEMES) {
        // axe is put into the page by the test; the policy of the page forbids that to everybody else.
        const page = await open({ theme, bypassCSP: true });
        if (theme === THEMES[0]) {
            await firstRoute(url, page);
        }
        for (const route of [...routes, ...tabs]) {
            await page.goto(url + route);
            await page.locator("main").first().waitFor();
            found.push(...(await faultsOf(page, `${theme} ${route}`)));
        }
        found.push(...(await dialogs(url, page, live, theme)));
        await page.context().close();
    }
    assert.deepEqual(found, []);
});
