// The post-build hook of Trunk.toml: prepares the bundle for a strict content security policy and for permanent caching.
//
// 1. The imports of wasm from its JavaScript get short names; see short_names.mjs.
// 2. The style sheets are joined to two, as few files compress better than many: those of the first program and the rest.
//    Comments and indentation are removed from style sheets and from the JavaScript of wasm-bindgen.
// 3. What browsers warn of or ask for twice goes: hashes of what is fetched ahead of time, and the icon's own file.
// 4. Inline scripts become files named by their hash; any remaining inline script is an error.
// 5. The worker and the full program, which the bundler does not hash, are named by their hash; the page finds their addresses
//    in `<meta name="flarepath-worker" content="/worker-….js">` and `<meta name="flarepath-full" content="/full-…">`.
// 6. `full.html` is `index.html` with the full program instead of the first; in `index.html`, the script that starts the first
//    program provides a function that fetches and starts the full one.
// 7. The first program must not have the lists of names by which functions are classified (docs/decisions/0024-colours-by-origin.md), nor the
//    charts (docs/decisions/0027-one-chart-drawing.md).
// 8. `.br` and `.gz` are written beside every file that becomes smaller.
//
// Works on the folder in TRUNK_STAGING_DIR, or on the one given as argument.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { hashOf, integrity } from "./hashes.mjs";
import { shortenImports } from "./short_names.mjs";

const dist = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
const base = process.env.TRUNK_PUBLIC_URL ?? "/";
// Watched builds should be quick, release builds small.
const brotliQuality = process.env.TRUNK_PROFILE === "debug" ? 4 : 11;
// Budget for the download before the first picture: the list of services, or a flame graph.
const budget = 250 * 1024;
const compressible = /\.(html|js|mjs|css|wasm|svg|json|webmanifest|txt|map)$/;

if (!dist) fail("no folder given: set TRUNK_STAGING_DIR or pass one");

// An entry of each list: of `origin/names.rs`, `own_code/library_crates.rs` and `own_code/mod.rs` in crates/profile.
const listedNames = ["sun.nio.ch.EPollArrayWrapper.epollWait", "simd_json", "kotlinx"];
// A text of frontend/src/views/chart/line_view.rs.
const chartText = "Arrow keys move through time";

// Style sheets that only the full program needs, by their file names in style/.
const fullStyles = /^(call_tree|chart|diff|function|heatmap|home_parts|incident|labels|local|menu|palette|people|popups|sandwich|service|share|sheet|verdict_card)-/;
let fullStyle;

const page = join(dist, "index.html");
let html = readFileSync(page, "utf8");
html = shortenNames(html);
html = joinStyles(html);
html = withoutIgnoredHashes(html);
html = inlineIcon(html);
html = moveInlineScripts(html);
html = withMeta(html, "flarepath-worker", `${hashProgram("worker")}_loader.js`);
const full = hashProgram("full");
html = withMeta(html, "flarepath-full", full);
refuseInline(html);
if (brotliQuality === 11) refuseInFirst();
writeFileSync(join(dist, "full.html"), fullPage(html));
html = withFullStarter(html);
writeFileSync(page, html);
report(compressAll());

/** Processes each pair of `X.js` and `X_bg.wasm`; that of the page, which is named by its hash, is renamed to the new hash. */
function shortenNames(source) {
  for (const name of readdirSync(dist).filter((name) => name.endsWith("_bg.wasm"))) {
    const stem = name.slice(0, -"_bg.wasm".length);
    const paths = [join(dist, `${stem}.js`), join(dist, name)];
    const before = paths.map((path) => readFileSync(path));
    const { js, wasm } = shortenImports(bare(before[0].toString("utf8")), before[1]);
    const after = [Buffer.from(js), wasm];
    const hashed = /^(.+)-[0-9a-f]{8,16}$/.exec(stem);
    const newStem = hashed ? `${hashed[1]}-${hashOf(after)}` : stem;
    for (const path of paths) rmSync(path);
    writeFileSync(join(dist, `${newStem}.js`), after[0]);
    writeFileSync(join(dist, `${newStem}_bg.wasm`), after[1]);
    if (hashed) source = source.replaceAll(stem, newStem);
    for (const i of [0, 1]) source = source.replaceAll(integrity(before[i]), integrity(after[i]));
  }
  return source;
}

/** Removes indentation and comments at the start of a line. Not for text with multi-line strings. */
function bare(text) {
  return text.replace(/^\s*\/\*[\s\S]*?\*\/\n?/gm, "").replace(/^\s+/gm, "").replace(/^\/\/.*\n/gm, "");
}

/**
 * Joins the style sheets, in their order, to two: that of the first program replaces the first of them; the rest is loaded
 * with the full program, see `hashFullProgram` and `fullPage`.
 */
function joinStyles(source) {
  const links = [...source.matchAll(/[ \t]*<link rel="stylesheet" href="([^"]+)"[^>]*>\n?/g)];
  const file = ([, href]) => href.slice(base.length);
  const later = links.filter((link) => fullStyles.test(file(link)));
  fullStyle = styleOf(later.map(file), "full-style");
  const first = styleOf(links.filter((link) => !later.includes(link)).map(file), "style");
  return links.reduce((text, [link], i) => text.replace(link, i === 0 ? () => first.link : ""), source);
}

function styleOf(names, stem) {
  const paths = names.map((name) => join(dist, name));
  const text = paths.map((path) => readFileSync(path, "utf8")).join("");
  // No string in our style sheets has a space before a brace or after a semicolon.
  const bytes = Buffer.from(bare(text).replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1"));
  for (const path of paths) rmSync(path);
  const href = `${base}${stem}-${hashOf([bytes])}.css`;
  writeFileSync(join(dist, href.slice(base.length)), bytes);
  return { href, link: `    <link rel="stylesheet" href="${href}" integrity="${integrity(bytes)}"/>\n` };
}

/** Browsers ignore the hash of what is fetched ahead of time as data, and warn of it on each page. */
function withoutIgnoredHashes(source) {
  return source.replace(/<link rel="preload"[^>]*>/g, (link) => link.replace(/ integrity="[^"]*"/, ""));
}

/** Puts the icon into the document: it is smaller than a request for it, and some browsers request it twice. */
function inlineIcon(source) {
  return source.replace(/<link rel="icon"[^>]*?href="([^"]+)"[^>]*>/, (link, href) => {
    const path = join(dist, href.slice(base.length));
    const data = readFileSync(path).toString("base64");
    rmSync(path);
    return `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${data}">`;
  });
}

/** Moves inline scripts, in their order, to `boot-<hash>.js`. */
function moveInlineScripts(source) {
  return source.replace(/<script\b([^>]*)>([\s\S]*?)<\/script>/g, (script, attributes, code) => {
    if (/\bsrc\s*=/.test(attributes) || code.trim() === "") return script;
    const text = `${code.trim()}\n`;
    const name = `boot-${hashOf([text])}.js`;
    writeFileSync(join(dist, name), text);
    return `<script${attributes} src="${base}${name}"></script>`;
  });
}

/** Puts the common hash of `NAME.js`, `NAME_bg.wasm`, `NAME_loader.js` … into their names and their references to each other. */
function hashProgram(program) {
  const files = readdirSync(dist).filter((name) => new RegExp(`^${program}([._].*)?\\.(js|wasm)$`).test(name)).sort();
  const stem = `${program}-${hashOf(files.map((name) => readFileSync(join(dist, name))))}`;
  for (const name of files) {
    const path = join(dist, name);
    if (name.endsWith(".js")) {
      const code = readFileSync(path, "utf8");
      writeFileSync(path, code.replace(new RegExp(`\\b${program}(?=(_bg\\.wasm|_loader\\.js|\\.js)\\b)`, "g"), stem));
    }
    renameSync(path, join(dist, name.replace(new RegExp(`^${program}`), stem)));
  }
  return `${base}${stem}`;
}

function withMeta(source, name, content) {
  return source.replace("</head>", `<meta name="${name}" content="${content}"></head>`);
}

/**
 * Has the script that starts the first program provide a function that fetches and starts the full one, once for any number of
 * calls; after a failure, the next call tries again. As browsers remember failed module loads, the module then has another address.
 */
function withFullStarter(source) {
  const code = `let started, tries = 0;
const start = async () => {
  const style = document.createElement("link");
  const styled = new Promise((done, failed) => [style.onload, style.onerror] = [done, failed]);
  [style.rel, style.href] = ["stylesheet", "${fullStyle.href}"];
  document.head.append(style);
  const again = tries++ ? "?again=" + tries : "";
  const parts = [import("${full}.js" + again), WebAssembly.compileStreaming(fetch("${full}_bg.wasm")), styled];
  const [{ default: init }, program] = await Promise.all(parts);
  await init({ module_or_path: program });
};
window.flarepathFull = () => started ??= start().catch((error) => {
  started = undefined;
  throw error;
});
`;
  const boot = bootOf(source);
  const text = code + readFileSync(join(dist, boot), "utf8");
  const name = `boot-${hashOf([text])}.js`;
  rmSync(join(dist, boot));
  writeFileSync(join(dist, name), text);
  return source.replaceAll(boot, name);
}

/** The script that starts the program of a document. */
function bootOf(source) {
  return /\bboot-[0-9a-f]+\.js\b/.exec(source)[0];
}

/** The document that the server sends for all pages but Home and Explore, without the first program. */
function fullPage(source) {
  const stem = full.slice(base.length);
  const app = readdirSync(dist).find((name) => /^app-[0-9a-f]+\.js$/.test(name)).slice(0, -".js".length);
  for (const suffix of [".js", "_bg.wasm"]) {
    const [first, second] = [app, stem].map((program) => integrity(readFileSync(join(dist, `${program}${suffix}`))));
    source = source.replaceAll(first, second);
  }
  const boot = bootOf(source);
  const text = readFileSync(join(dist, boot), "utf8").replaceAll(app, stem);
  const name = `boot-${hashOf([text])}.js`;
  writeFileSync(join(dist, name), text);
  const firstStyle = /[ \t]*<link rel="stylesheet"[^>]*>\n/.exec(source)[0];
  return source.replaceAll(app, stem).replaceAll(boot, name).replace(firstStyle, firstStyle + fullStyle.link);
}

function refuseInline(source) {
  const withoutComments = source.replace(/<!--[\s\S]*?-->/g, "");
  const problems = [
    [/<script\b(?![^>]*\bsrc\s*=)[^>]*>/i, "an inline script"],
    [/<style\b/i, "an inline style sheet"],
    [/<[a-z][^>]*\sstyle\s*=/i, "a style attribute"],
    [/<[a-z][^>]*\son[a-z]+\s*=/i, "an event handler attribute"],
    [/<[a-z][^>]*\b(?:href|src)\s*=\s*["']?javascript:/i, "a javascript: address"],
  ];
  for (const [pattern, what] of problems) {
    const found = withoutComments.match(pattern);
    if (found) fail(`index.html holds ${what}, which the content security policy forbids: ${found[0]}`);
  }
}

/**
 * Answers of the server have the origins of functions: what classifies them is in the full program alone, for files and snapshots. So are
 * charts, which no page of the first program has.
 */
function refuseInFirst() {
  const [first, second] = [/^app-[0-9a-f]+_bg\.wasm$/, /^full-[0-9a-f]+_bg\.wasm$/].map((pattern) => {
    const name = readdirSync(dist).find((name) => pattern.test(name));
    return readFileSync(join(dist, name));
  });
  for (const name of [...listedNames, chartText]) {
    // Or the check would find nothing.
    if (!second.includes(name)) fail(`the full program lacks ${name}: name entries of the lists and a text of the charts as they are now`);
    const does = name === chartText ? "draws charts" : "classifies functions";
    if (first.includes(name)) fail(`the first program has ${name}: something that first_app.rs reaches ${does}`);
  }
}

/** Writes `.br` and `.gz`; returns [name, bytes, brotli bytes]. */
function compressAll() {
  const sizes = [];
  for (const path of filesIn(dist)) {
    if (/\.(br|gz)$/.test(path)) rmSync(path);
  }
  for (const path of filesIn(dist)) {
    const bytes = readFileSync(path);
    let sent = bytes.length;
    if (compressible.test(path)) {
      const br = brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
          [constants.BROTLI_PARAM_LGWIN]: 24,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
      if (br.length < bytes.length) {
        writeFileSync(`${path}.br`, br);
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        sent = br.length;
      }
    }
    sizes.push([relative(dist, path), bytes.length, sent]);
  }
  return sizes;
}

/** Files named in `index.html` are fetched before the first flame graph; the worker and the full program later. */
function report(sizes) {
  sizes.sort((a, b) => b[2] - a[2]);
  const later = /^(worker|full)|^boot/;
  const boot = bootOf(html);
  let first = 0;
  for (const [name, bytes, sent] of sizes) {
    if (!later.test(name) || name === boot) first += sent;
    console.log(`    ${name.padEnd(44)} ${String(bytes).padStart(9)} bytes, ${String(sent).padStart(8)} as brotli`);
  }
  console.log(`    a first visit downloads ${(first / 1024).toFixed(1)} KiB as brotli (quality ${brotliQuality})`);
  if (brotliQuality === 11 && first > budget) {
    console.log(`    WARNING: that is ${((first - budget) / 1024).toFixed(1)} KiB over the budget`);
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function fail(message) {
  console.error(`post_build: ${message}`);
  process.exit(1);
}
