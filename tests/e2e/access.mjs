// SPDX-License-Identifier: Apache-2.0
//
// axe on every route in every theme: nothing serious or critical. The first route's size is held too.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { ask, onStage } from "./stage.mjs";

const FIRST_ROUTE_MAX = 90 * 1024;
const THEMES = ["dark", "light", "contrast"];
const require = createRequire(import.meta.url);

async function finished(url) {
    const { id } = (await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1 })).body;
    for (const command of [{ do: "look", what: "panel", service: "checkout-api", panel: "latency" }, { do: "close" }]) {
        await ask(url, `/api/sessions/${id}/commands`, command);
    }
    return id;
}

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

await onStage(async ({ url, page: open }) => {
    const live = (await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1 })).body.id;
    const closed = await finished(url);
    const routes = ["/", `/s/${live}`, `/s/${closed}/analysis`, `/s/${closed}/learn`, `/s/${closed}/whatif?t=10`, "/keys", "/settings", "/nowhere"];
    const found = [];
    for (const theme of THEMES) {
        // axe is put into the page by the test; the policy of the page forbids that to everybody else.
        const page = await open({ theme, bypassCSP: true });
        if (theme === THEMES[0]) {
            await firstRoute(url, page);
        }
        for (const route of routes) {
            await page.goto(url + route);
            await page.locator("main").first().waitFor();
            await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
            const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
            for (const each of violations.filter(({ impact }) => impact === "serious" || impact === "critical")) {
                found.push(`${theme} ${route}: ${each.id} (${each.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")})`);
            }
        }
        await page.context().close();
    }
    assert.deepEqual(found, []);
});
