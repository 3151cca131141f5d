// SPDX-License-Identifier: Apache-2.0
//
// Run the unit tests of the pure modules: each test/unit/*.test.ts is bundled, then node:test runs
// them. Usage: node test/run.mjs [NAME...]
// Exit codes: 0 all passed, 1 one failed, 2 no such test, 77 script/web has not run here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const esbuild = await import("esbuild").catch(() => null);
if (esbuild === null) {
    console.error("test: the packages of the client are not here; script/web brings them.");
    process.exit(77);
}
const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const names = readdirSync(join(here, "unit"))
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => wanted.length === 0 || wanted.includes(basename(name, ".test.ts")));
if (names.length === 0) {
    console.error(`test: no unit test is called ${wanted.join(" or ")}.`);
    process.exit(2);
}
const out = mkdtempSync(join(tmpdir(), "plumb-web-"));
try {
    await esbuild.build({
        absWorkingDir: here,
        entryPoints: names.map((name) => `unit/${name}`),
        bundle: true,
        platform: "node",
        format: "esm",
        outdir: out,
        outExtension: { ".js": ".mjs" },
        logLevel: "warning",
    });
    const files = names.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
    const done = spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit", cwd: here });
    process.exitCode = done.status ?? 1;
} finally {
    rmSync(out, { recursive: true, force: true });
}
