// SPDX-License-Identifier: Apache-2.0
//
// Build the client into web/dist: bundles with hashed names, a .br beside each file, index.html and
// manifest.json, from which the server learns what to embed. Usage: node build.mjs [--dev]
//   --dev  source maps, no minification, no compression
//
// JavaScript is split by route. CSS is one file, taken from a second pass without splitting, because
// esbuild leaves the styles of a lazily loaded part to the page.
import { build } from "esbuild";
import sveltePlugin from "esbuild-svelte";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist");
const dev = process.argv.includes("--dev");

/** Fonts with the letters of English text and a few more; other letters come from the system. */
const fonts = [
    {
        family: "Inter Variable",
        weight: "400 700",
        file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
        axes: { wght: { min: 400, max: 700 } },
    },
    {
        family: "IBM Plex Mono",
        weight: "400",
        file: "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2",
        axes: {},
    },
];
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
const letters = `${ascii}\u00a0±·×−–—‘’“”…•→←↑↓µäöüÄÖÜßéèàçñ`;

const types = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".map": "application/json",
    ".woff2": "font/woff2",
};

/** Options of both passes. */
function options(splitting) {
    return {
        absWorkingDir: here,
        entryPoints: ["src/main.ts"],
        bundle: true,
        format: "esm",
        splitting,
        target: ["chrome109", "firefox115", "safari16.4"],
        outdir: "dist/assets",
        entryNames: "[name]-[hash]",
        chunkNames: "part-[hash]",
        minify: !dev,
        sourcemap: dev,
        conditions: ["svelte", "browser", ...(dev ? [] : ["production"])],
        mainFields: ["svelte", "browser", "module", "main"],
        legalComments: "none",
        logLevel: "warning",
        metafile: true,
        write: false,
        plugins: [sveltePlugin({ compilerOptions: { dev, css: "external" } })],
    };
}

/** Names of the outputs that `entry` imports statically, itself left out. */
function staticImports(metafile, entry) {
    const found = new Set();
    const open = [entry];
    while (open.length > 0) {
        for (const each of metafile.outputs[open.pop()].imports) {
            if (each.kind === "import-statement" && !found.has(each.path)) {
                found.add(each.path);
                open.push(each.path);
            }
        }
    }
    return [...found];
}

const files = new Map();
const scripts = await build(options(true));
for (const file of scripts.outputFiles) {
    if (!file.path.replace(/\.map$/, "").endsWith(".css")) {
        files.set(`assets/${basename(file.path)}`, Buffer.from(file.contents));
    }
}

/** The name of a file with a hash of what is in it. */
function hashed(stem, suffix, bytes) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
    return `assets/${stem}-${hash}${suffix}`;
}

let faces = "";
const fontNames = [];
for (const { family, weight, file, axes } of fonts) {
    const whole = await readFile(join(here, "node_modules", file));
    const options = { targetFormat: "woff2", variationAxes: axes, noLayoutClosure: true };
    const bytes = await subsetFont(whole, letters, options);
    const name = hashed(family.toLowerCase().replaceAll(" ", "-"), ".woff2", bytes);
    files.set(name, bytes);
    fontNames.push(name);
    faces += `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;src:url(/${name}) format("woff2")}`;
}

const styles = (await build(options(false))).outputFiles.find((file) => file.path.endsWith(".css"));
const styleBytes = Buffer.concat([Buffer.from(faces), Buffer.from(styles.contents)]);
const styleName = hashed("main", ".css", styleBytes);
files.set(styleName, styleBytes);

const icon = await readFile(join(here, "src/icon.svg"));
const iconName = hashed("icon", ".svg", icon);
files.set(iconName, icon);

const entry = Object.keys(scripts.metafile.outputs).find(
    (name) => scripts.metafile.outputs[name].entryPoint === "src/main.ts" && name.endsWith(".js"),
);
const preload = staticImports(scripts.metafile, entry)
    .map((name) => `    <link rel="modulepreload" href="/assets/${basename(name)}">`)
    .join("\n");
const page = (await readFile(join(here, "src/index.html"), "utf8"))
    .replace("{{icon}}", `/${iconName}`)
    .replace("{{style}}", `/${styleName}`)
    .replace("{{script}}", `/assets/${basename(entry)}`)
    .replace("{{preload}}\n", preload === "" ? "" : `${preload}\n`);
files.set("index.html", Buffer.from(page));

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "assets"), { recursive: true });
const manifest = { index: "index.html", files: {} };
for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Fonts are packed already.
    const packed = dev || name.endsWith(".woff2")
        ? null
        : brotliCompressSync(bytes, {
              params: {
                  [constants.BROTLI_PARAM_QUALITY]: 11,
                  [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
              },
          });
    await writeFile(join(out, name), bytes);
    if (packed !== null) {
        await writeFile(join(out, `${name}.br`), packed);
    }
    manifest.files[name] = {
        type: types[extname(name)],
        bytes: bytes.length,
        br_bytes: packed?.length ?? null,
        immutable: name.startsWith("assets/"),
    };
}
await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const first = [`assets/${basename(entry)}`, styleName, iconName, "index.html", ...fontNames].concat(
    staticImports(scripts.metafile, entry).map((name) => `assets/${basename(name)}`),
);
const sum = (names) => names.reduce((total, name) => total + (manifest.files[name].br_bytes ?? manifest.files[name].bytes), 0);
if (!dev) {
    const kib = (bytes) => (bytes / 1024).toFixed(1);
    console.log(`web: first page ${kib(sum(first))} KiB, all ${kib(sum([...files.keys()]))} KiB (brotli)`);
}
