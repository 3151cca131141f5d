// SPDX-License-Identifier: Apache-2.0
//
// Nothing that a browser can fetch before the close carries the truth: names and titles of causes,
// their tells, what would help. All bytes of all responses are searched, and all routes that read.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ask, onStage } from "./stage.mjs";

const SCENARIO = "every-query-is-slow";
const content = join(import.meta.dirname, "../../content/scenarios", SCENARIO);

/** Sentences of the secret fields of the scenario, as they stand in its files. */
function secrets() {
    const text = readdirSync(content)
        .filter((name) => name.endsWith(".yaml"))
        .map((name) => readFileSync(join(content, name), "utf8"))
        .join("\n");
    const causes = text.slice(text.search(/^causes:/m), text.search(/^red_herrings:/m));
    const fields = [...causes.matchAll(/^\s+(?:title|tell):\s*["']?(.{20,}?)["']?\s*$/gm)].map((match) => match[1].slice(0, 40));
    return [...new Set(fields)];
}

await onStage(async ({ url, page: open }) => {
    const canaries = secrets();
    assert.ok(canaries.length >= 12, `only ${canaries.length} secrets were found in the scenario`);
    const { id } = (await ask(url, "/api/sessions", { scenario: SCENARIO, clock: "turn", speed: 1 })).body;
    const received = [];
    const page = await open();
    page.on("response", async (response) => {
        const body = await response.text().catch(() => "");
        received.push({ from: response.url(), body });
    });
    await page.goto(url);
    await page.goto(`${url}/s/${id}`);
    await page.locator("main").first().waitFor();
    await ask(url, `/api/sessions/${id}/commands`, { do: "look", what: "changes" });
    await page.waitForTimeout(1500);
    const routes = ["", "/entries?after=0", "/analysis", "/events"].map((each) => `/api/sessions/${id}${each}`);
    for (const path of [...routes, "/api/lexicon", "/api/scenarios", "/api/sessions", "/openapi.json", "/metrics"]) {
        const response = await fetch(url + path, { signal: AbortSignal.timeout(2000) }).catch(() => null);
        const body = path.endsWith("/events") ? "" : ((await response?.text().catch(() => "")) ?? "");
        received.push({ from: path, body });
    }
    for (const [path, body] of [["/commands", { do: "debrief" }], ["/whatif", { at_s: 0, commands: [], horizon_s: 60, panels: [] }]]) {
        const refused = await ask(url, `/api/sessions/${id}${path}`, body);
        assert.ok(refused.status >= 400, `${path} answers while the session is open`);
        received.push({ from: path, body: JSON.stringify(refused.body) });
    }
    assert.ok(received.length > 10);
    for (const { from, body } of received) {
        const leaked = canaries.filter((canary) => body.includes(canary));
        assert.deepEqual(leaked, [], `${from} tells a secret`);
    }
    // The other side of the coin: after the close the debrief does carry one, so the search can find it.
    await ask(url, `/api/sessions/${id}/commands`, { do: "close" });
    const told = JSON.stringify((await ask(url, `/api/sessions/${id}/entries?after=0`)).body);
    assert.ok(canaries.some((canary) => told.includes(canary)), "the debrief tells the truth after the close");
});
