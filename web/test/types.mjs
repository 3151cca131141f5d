// SPDX-License-Identifier: Apache-2.0
//
// Check types and accessibility warnings of the whole client.
// Exit codes: 0 nothing found, 1 findings, 77 script/web has not run here.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const checker = join(web, "node_modules/svelte-check/bin/svelte-check");
if (!existsSync(checker)) {
    console.error("types: the packages of the client are not here; script/web brings them.");
    process.exit(77);
}
const args = [checker, "--fail-on-warnings", "--output", "human"];
const done = spawnSync(process.execPath, args, { cwd: web, stdio: "inherit" });
process.exitCode = done.status ?? 1;
