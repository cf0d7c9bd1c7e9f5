// Bundles the page as Trunk.toml and the `data-trunk` links of its document say: compiles the programs, makes their
// JavaScript with wasm-bindgen, shrinks them with wasm-opt, copies the assets under names with a hash, and runs the hooks.
//
// It does the part of trunk's work that this page needs, from trunk's own files, so `trunk build` gives the same page with some unused code; but
// trunk itself takes ten minutes to compile on two cores where its release cannot be downloaded.
//
// Usage: bundle.mjs [--dev]. With --dev it is quick to make and not small. The environment of the wasm32 compiler comes
// from scripts/tool_versions.sh.
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { hashOf, integrity } from "./hashes.mjs";
import { withoutUnusedExports } from "./unused_exports.mjs";

const dev = process.argv.includes("--dev");
const settings = readFileSync("Trunk.toml", "utf8");
const setting = (name) => new RegExp(`^${name} = "(.*)"`, "m").exec(settings)?.[1] ?? fail(`Trunk.toml has no ${name}`);
const document = setting("target");
const dist = setting("dist");
const base = setting("public_url");
const staging = join(dist, ".stage");
const target = process.env.CARGO_TARGET_DIR ?? "target";

const links = [...readFileSync(document, "utf8").matchAll(/<link data-trunk ([^>]*?)\/?>/g)].map(([text, attributes]) => ({
  text,
  ...Object.fromEntries([...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, value ?? true])),
}));
const programs = links.filter((link) => link.rel === "rust");

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
await compile();
const heads = new Map(await Promise.all(programs.map(async (link) => [link, await program(link)])));
const html = links.reduce(
  (text, link) => text.replace(link.text, () => heads.get(link) ?? asset(link)),
  readFileSync(document, "utf8"),
);
writeFileSync(join(staging, "index.html"), html);
const hook = [setting("command"), ...JSON.parse(/^command_arguments = (.*)$/m.exec(settings)[1])];
await run(...hook, { TRUNK_STAGING_DIR: staging, TRUNK_PUBLIC_URL: base, TRUNK_PROFILE: dev ? "debug" : "release" });
publish();

/** Compiles all programs at once; their links at the end, one core each, then overlap. */
function compile() {
  const bins = programs.flatMap((link) => ["--bin", link["data-bin"]]);
  const manifest = join(dirname(document), programs[0].href);
  const profile = dev ? "dev" : "wasm";
  return run("cargo", "build", "--locked", "--target", "wasm32-unknown-unknown", "--profile", profile, "--manifest-path", manifest, ...bins);
}

/** Makes one program; returns what its link becomes in the document. */
async function program(link) {
  const name = link["data-bin"];
  const worker = link["data-type"] === "worker";
  const compiled = join(target, "wasm32-unknown-unknown", dev ? "debug" : "wasm", `${name}.wasm`);
  const kind = link["data-bindgen-target"] ?? (worker ? "no-modules" : "web");
  const out = join(staging, `${name}.parts`);
  await run("wasm-bindgen", compiled, `--target=${kind}`, `--out-dir=${out}`, `--out-name=${name}`, "--no-typescript");
  const [js, wasm] = [join(out, `${name}.js`), join(out, `${name}_bg.wasm`)];
  const used = withoutUnusedExports(readFileSync(js, "utf8"), readFileSync(wasm));
  writeFileSync(js, used.js);
  writeFileSync(wasm, used.wasm);
  if (!dev) {
    const options = (link["data-wasm-opt-params"] ?? "").split(" ").filter(Boolean);
    await run("wasm-opt", `-O${link["data-wasm-opt"]}`, ...options, "-o", wasm, wasm);
  }
  const bytes = [js, wasm].map((path) => readFileSync(path));
  const stem = worker ? name : `${name}-${hashOf(bytes)}`;
  writeFileSync(join(staging, `${stem}.js`), bytes[0].toString("utf8").replaceAll(`${name}_bg.wasm`, `${stem}_bg.wasm`));
  renameSync(wasm, join(staging, `${stem}_bg.wasm`));
  rmSync(out, { recursive: true });
  if (link["data-loader-shim"]) writeFileSync(join(staging, `${name}_loader.js`), loader(stem));
  return worker ? "" : start(stem);
}

/** Loads a worker that is no module. */
function loader(stem) {
  return `importScripts("${base}${stem}.js");\nwasm_bindgen({ module_or_path: "${base}${stem}_bg.wasm" });\n`;
}

/** Fetches the main program early and starts it. */
function start(stem) {
  const [js, wasm] = [`${stem}.js`, `${stem}_bg.wasm`];
  return `<link rel="modulepreload" href="${base}${js}" crossorigin="anonymous" integrity="${integrityOf(js)}">
    <link rel="preload" href="${base}${wasm}" crossorigin="anonymous" integrity="${integrityOf(wasm)}" as="fetch" type="application/wasm">
    <script type="module">
import init from "${base}${js}";
await init({ module_or_path: "${base}${wasm}" });
</script>`;
}

/** Copies a style sheet or an icon under a name with its hash; returns its link. */
function asset(link) {
  const source = join(dirname(document), link.href);
  const extension = extname(source);
  const name = `${basename(source, extension)}-${hashOf([readFileSync(source)])}${extension}`;
  copyFileSync(source, join(staging, name));
  const rel = link.rel === "css" ? "stylesheet" : link.rel;
  return `<link rel="${rel}" href="${base}${name}" integrity="${integrityOf(name)}"/>`;
}

/** Replaces what is in dist: documents come last and old files go after them, so a server that reads dist never lacks a file. */
function publish() {
  const made = readdirSync(staging);
  const documents = made.filter((name) => name.includes(".html"));
  for (const name of [...made.filter((name) => !documents.includes(name)), ...documents]) renameSync(join(staging, name), join(dist, name));
  for (const name of readdirSync(dist)) if (!made.includes(name)) rmSync(join(dist, name), { recursive: true });
}

function integrityOf(name) {
  return integrity(readFileSync(join(staging, name)));
}

function run(command, ...args) {
  const env = typeof args.at(-1) === "object" ? args.pop() : {};
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
    child.on("error", (error) => fail(`cannot start ${command}: ${error.message}`));
    child.on("exit", (code) => (code === 0 ? done() : fail(`${command} failed`)));
  });
}

function fail(message) {
  console.error(`bundle: ${message}`);
  process.exit(1);
}
