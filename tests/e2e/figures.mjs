// SPDX-License-Identifier: Apache-2.0
//
// How fast the client is, as a page of Markdown: script/client-figures runs this. It asserts nothing:
// times depend on the machine and on what else it does.
import { cpus, loadavg } from "node:os";
import { ask, onStage } from "./stage.mjs";

const SCENARIO = "every-query-is-slow";
const SLOWER = 4;
const RUNS = 5;
const QUIET_MS = 1000;
const WATCH_S = 30;
const HZ = 5;
const LONG_MS = 50;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

async function slow(page, rate) {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    return session;
}

/** In the page: when the first button to go on call stood there, and when the last long task ended. */
function noteInteractive() {
    globalThis.plumbTimes = { button: 0, busy: 0 };
    const times = globalThis.plumbTimes;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) {
            times.busy = Math.max(times.busy, task.startTime + task.duration);
        }
    }).observe({ type: "longtask", buffered: true });
    const look = () => {
        if (times.button === 0 && document.querySelector("main article button.primary") !== null) {
            times.button = performance.now();
        } else if (times.button === 0) {
            requestAnimationFrame(look);
        }
    };
    requestAnimationFrame(look);
}

/** Milliseconds until the first page has its buttons and no long task follows; a cold cache. */
async function interactive(url, open, rate) {
    const page = await open();
    await page.addInitScript(noteInteractive);
    await slow(page, rate);
    await page.goto(url);
    await page.waitForFunction(() => globalThis.plumbTimes.button > 0);
    await page.waitForTimeout(QUIET_MS);
    const times = await page.evaluate(() => globalThis.plumbTimes);
    await page.context().close();
    return Math.max(times.button, times.busy);
}

/**
 * In the page: let the clock of the stream tick `hz` times a second, each tick 15 simulated seconds
 * on, so that all panels in view are refreshed at each of them.
 */
function hurry(hz) {
    const real = globalThis.fetch;
    globalThis.plumbGlances = 0;
    globalThis.fetch = async (...request) => {
        const address = String(request[0]);
        const response = await real(...request);
        globalThis.plumbGlances += address.endsWith("/panels") ? JSON.parse(request[1].body).panels.length : 0;
        if (!address.endsWith("/events") || response.body === null) {
            return response;
        }
        let at_s = 0;
        const encoder = new TextEncoder();
        const ticks = new TransformStream({
            start(controller) {
                const timer = setInterval(() => {
                    at_s += 15;
                    const tick = { t_s: at_s, clock: "", running: true, speed: 1, ends_s: 3600 };
                    try {
                        controller.enqueue(encoder.encode(`event: clock\ndata: ${JSON.stringify(tick)}\n\n`));
                    } catch {
                        clearInterval(timer); // the page gave the stream up
                    }
                }, 1000 / hz);
            },
            transform(chunk, controller) {
                // The real clock would set the hurried one back.
                if (!new TextDecoder().decode(chunk).includes("event: clock")) {
                    controller.enqueue(chunk);
                }
            },
        });
        return new Response(response.body.pipeThrough(ticks), { status: response.status, headers: response.headers });
    };
}

/** In the page: gaps between frames, in ms, for `seconds`. */
function frameGaps(seconds) {
    return new Promise((resolve) => {
        const gaps = [];
        const glances = globalThis.plumbGlances;
        let last = performance.now();
        const end = last + seconds * 1000;
        const frame = (now) => {
            gaps.push(now - last);
            last = now;
            if (now < end) {
                requestAnimationFrame(frame);
            } else {
                resolve({ gaps, glances: globalThis.plumbGlances - glances });
            }
        };
        requestAnimationFrame(frame);
    });
}

/** Processor time of each task of the page's main thread, in ms, from a trace. */
function taskTimes(trace) {
    const { traceEvents } = JSON.parse(trace.toString());
    const main = new Set(
        traceEvents
            .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
            .map((event) => `${event.pid} ${event.tid}`),
    );
    return traceEvents
        .filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && main.has(`${event.pid} ${event.tid}`))
        .map((event) => (event.tdur ?? event.dur) / 1000);
}

/** Twelve panels of a live session, refreshed five times a second. */
async function dashboard(url, browser, open, rate) {
    const { id } = (await ask(url, "/api/sessions", { scenario: SCENARIO, clock: "live", speed: 1 })).body;
    const page = await open();
    await page.addInitScript(hurry, HZ);
    await page.goto(`${url}/s/${id}`);
    await page.waitForFunction(() => document.querySelectorAll("[data-tile] canvas").length >= 12, null, { timeout: 60_000 });
    await slow(page, rate);
    await page.waitForTimeout(2000);
    await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
    const seen = await page.evaluate(frameGaps, WATCH_S);
    const tasks = taskTimes(await browser.stopTracing());
    await page.context().close();
    return { ...seen, tasks };
}

const ms = (value) => value.toFixed(value < 10 ? 1 : 0);

await onStage(async ({ url, browser, page: open }) => {
    console.log(`${cpus().length} processors (${cpus()[0].model.trim()}), Chromium ${browser.version()}; browser and server on the same machine.`);
    const load = loadavg()[0];
    console.log(`Load of the machine at the start ${load.toFixed(1)}.\n`);
    if (load > cpus().length) {
        console.log(
            "**The machine had other work**: wall times say nothing about the targets, only processor times do. " +
                "Measure again on a machine that does nothing else.\n",
        );
    }
    console.log("| first page, cold cache | runs, ms | median, ms |\n|---|---|---|");
    for (const rate of [1, SLOWER]) {
        const times = [];
        for (let run = 0; run < RUNS; run += 1) {
            times.push(await interactive(url, open, rate));
        }
        console.log(`| processor ${rate} times slower | ${times.map(ms).join(", ")} | ${ms(median(times))} |`);
    }
    console.log(`\n| 12 panels, ${WATCH_S} s | refreshes per panel and second | frames | gap between frames, median / 99 % / most, ms | gaps over ${LONG_MS} ms | longest task by processor time, ms | tasks over ${LONG_MS} ms |\n|---|---|---|---|---|---|---|`);
    for (const rate of [1, SLOWER]) {
        const { gaps, glances, tasks } = await dashboard(url, browser, open, rate);
        const long = (values) => values.filter((value) => value > LONG_MS).length;
        const cells = [
            `processor ${rate} times slower`,
            (glances / 12 / WATCH_S).toFixed(1),
            gaps.length,
            [median(gaps), percentile(gaps, 0.99), Math.max(...gaps)].map(ms).join(" / "),
            long(gaps),
            ms(Math.max(0, ...tasks)),
            long(tasks),
        ];
        console.log(`| ${cells.join(" | ")} |`);
    }
    console.log(`\nLoad of the machine at the end ${loadavg()[0].toFixed(1)}.`);
});
