// SPDX-License-Identifier: Apache-2.0
//
// On a tablet and magnified to 200 % nothing has to be scrolled sideways, and every button, link and
// field of a page can be brought into view.
import assert from "node:assert/strict";
import { onStage, sessions, TABS } from "./stage.mjs";

/** A tablet both ways, and a screen of 1440 x 900 at twice the size. */
const VIEWS = [
    { name: "tablet", viewport: { width: 820, height: 1180 }, hasTouch: true },
    { name: "tablet, turned", viewport: { width: 1180, height: 820 }, hasTouch: true },
    { name: "200 %", viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
];

/** In the page: pixels that stick out to the right, and controls that no scrolling brings into view. */
function sought() {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const lost = [];
    for (const control of document.querySelectorAll("button, a[href], input, select, textarea")) {
        if (control.closest("dialog") !== null || !control.checkVisibility() || control.matches(".skip")) {
            continue;
        }
        control.scrollIntoView({ block: "center", inline: "center" });
        const box = control.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const hit = document.elementFromPoint(x, y);
        const label = hit?.closest("label");
        if (hit === null || !(control.contains(hit) || hit.contains(control) || label?.contains(control))) {
            lost.push(`${control.tagName} ${(control.getAttribute("aria-label") ?? control.textContent ?? "").trim().slice(0, 30)}`);
        }
    }
    return { wide, lost };
}

await onStage(async ({ url, page: open }) => {
    const { live, routes } = await sessions(url);
    const tabs = TABS.map((tab) => `/s/${live}?tab=${tab}`);
    const found = [];
    for (const { name, ...view } of VIEWS) {
        const page = await open(view);
        for (const route of [...routes, ...tabs]) {
            await page.goto(url + route);
            await page.locator("main").first().waitFor();
            await page.waitForTimeout(150);
            const { wide, lost } = await page.evaluate(sought);
            if (wide > 0 || lost.length > 0) {
                found.push(`${name} ${route}: ${wide} pixels stick out; out of reach: ${lost.join(", ") || "nothing"}`);
            }
        }
        await page.context().close();
    }
    assert.deepEqual(found, []);
});
