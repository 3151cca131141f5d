// SPDX-License-Identifier: Apache-2.0
//
// What every test in a browser needs: `plumb demo` on a free port, Chromium, and the list of what went
// wrong in the page: errors, and whatever the content security policy refused.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Exit code by which meson counts a test as left out. */
const LEFT_OUT = 77;
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** End as left out, saying why. */
export function leaveOut(why) {
    console.error(`e2e: left out: ${why}`);
    process.exit(LEFT_OUT);
}

async function packages() {
    if (Number(process.versions.node.split(".")[0]) < 20) {
        leaveOut(`playwright-core needs Node.js 20, this is ${process.versions.node}; see tests/e2e/prepare.`);
    }
    const found = await import("playwright-core").catch(() => null);
    return found ?? leaveOut("the packages are not here; tests/e2e/prepare brings them.");
}

function startDemo(plumb, options) {
    return new Promise((resolve, reject) => {
        const child = spawn(plumb, ["demo", "--no-browser", "--listen", "127.0.0.1:0", ...options], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        let told = "";
        child.stdout.on("data", (bytes) => {
            told += bytes;
            const url = told.match(/https?:\/\/[^\s/]+/)?.[0];
            if (url) {
                resolve({ child, url });
            }
        });
        child.on("exit", (code) => reject(new Error(`plumb demo ended with ${code}: ${told}`)));
    });
}

/** Send a request to the API and read its JSON. */
export async function ask(url, path, body) {
    const init = body && {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: JSON.stringify(body),
    };
    const response = await fetch(url + path, init);
    return { status: response.status, body: await response.json() };
}

/** The instruments of the console besides the metrics. */
export const TABS = ["logs", "traces", "databases", "runbook", "inventory"];

/** A session that goes on, one that is closed, and every route of the client. */
export async function sessions(url) {
    const start = async () => (await ask(url, "/api/sessions", { scenario: "every-query-is-slow", clock: "turn", speed: 1 })).body.id;
    const [live, closed] = [await start(), await start()];
    for (const command of [{ do: "look", what: "panel", service: "checkout-api", panel: "latency" }, { do: "close" }]) {
        await ask(url, `/api/sessions/${closed}/commands`, command);
    }
    const pages = ["analysis", "learn", "whatif?t=10", "postmortem"].map((page) => `/s/${closed}/${page}`);
    return { live, closed, routes: ["/", `/s/${live}`, ...pages, "/keys", "/settings", "/nowhere"] };
}

/** A page of its own context; `faults` collects what went wrong in it. */
async function openPage(browser, faults, options) {
    const { theme = "dark", ...rest } = options ?? {};
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...rest });
    await context.addInitScript((name) => {
        localStorage.setItem("plumb-theme", name);
        document.addEventListener("securitypolicyviolation", (event) =>
            console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
    }, theme);
    const page = await context.newPage();
    watch(page, faults);
    return page;
}

/** Note the errors of a page. What a test breaks on purpose (the network) is no fault. */
export function watch(page, faults) {
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
        const text = message.text();
        if (message.type() === "error" && !text.startsWith("Failed to load resource")) {
            faults.push(text);
        }
    });
}

/**
 * Run `play` on a stage: {url, browser, page(options), faults}. The program to test is the first
 * argument of the command line; `options` go to its demo. A fault in any page fails the test.
 */
export async function onStage(play, options = []) {
    const plumb = process.argv[2];
    const { chromium } = await packages();
    const executablePath = CHROMIUM.find(existsSync) ?? leaveOut("Chromium is not installed.");
    const demo = await startDemo(plumb, options);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const faults = [];
    try {
        const page = await fetch(`${demo.url}/`).then((response) => response.text());
        if (!page.includes("/assets/")) {
            leaveOut("the program was built without the client.");
        }
        await play({ url: demo.url, browser, faults, page: (options) => openPage(browser, faults, options) });
        if (faults.length > 0) {
            throw new Error(`the page reported: ${[...new Set(faults)].join("; ")}`);
        }
    } finally {
        await browser.close();
        demo.child.removeAllListeners("exit");
        demo.child.kill("SIGINT");
    }
}
