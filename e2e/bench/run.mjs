// Measures the page beside other viewers, in one browser, on the same profiles, and writes Markdown tables.
//
//   node run.mjs --server PATH_OF_FLAREPATH [--runs 3] [--quick] [--only "10 k,1 MB"] [--work FOLDER] [--out FILE]
//                [--page URL]
//
// `--quick` leaves out what takes long, `--only` all but the profiles named; `--page` measures a server that
// runs already, which is given a service named bench.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { memory, scripting, withPage } from "./browser.mjs";
import { fromServer, startFlarepath } from "./flarepath_server.mjs";
import { makeProfiles, nestedSet, take } from "./profiles.mjs";
import { report } from "./report.mjs";
import { startSite } from "./site.mjs";
import { flarepath, grafana, speedscope } from "./viewers.mjs";

const { values: options } = parseArgs({
  options: {
    server: { type: "string", default: "target/release/flarepath" },
    page: { type: "string" },
    runs: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    work: { type: "string", default: "target/browser-benchmark" },
    out: { type: "string" },
  },
});
const runs = options.quick ? 1 : Number(options.runs);
const work = resolve(options.work);
/** After that a viewer is said not to have made it. */
const PATIENCE_MS = 180_000;
/** Of an interaction, by viewer: what takes a tenth of a second each needs no more. */
const FRAMES = { [flarepath.name]: 120, [grafana.name]: 120, [speedscope.name]: 60 };
const TYPED = "cache::parse";

/** What is opened. A tree by its nodes or stacks, `peers: false` where only our page is asked. */
const PROFILES = {
  "10 k": { nodes: 10_000 },
  "220 k": { nodes: 220_000 },
  "1 M": { nodes: 1_000_000, long: true },
  "2.1 M": { count: 100_000, long: true },
  "5 M": { nodes: 5_000_000, peers: false, long: true },
};
/** Opened by the peers, but their frames are not measured: those are known by then. */
const BEYOND = "2.1 M";
const PPROFS = { "1 MB": { pprof: 1e6 }, "10 MB": { pprof: 1e7, long: true }, "50 MB": { pprof: 5e7, long: true } };
/** What our server answers with. */
const ANSWERED = "220 k";
const CAPTURED = join(import.meta.dirname, "../../crates/profile/testdata/sdk/go-006.pb");

const facts = [];
const note = (fact) => {
  facts.push(fact);
  writeFileSync(join(work, "facts.json"), JSON.stringify(facts)); // what is known is kept, whatever comes
  const numbers = Object.entries(fact).filter(([key]) => !["viewer", "profile", "what"].includes(key));
  console.log(`    ${fact.viewer}, ${fact.profile}, ${fact.what}: ${JSON.stringify(Object.fromEntries(numbers))}`);
};

/** Runs `act` on a fresh page; what it takes too long for is noted as such and not waited for. */
async function measure(viewer, profile, what, act) {
  const ours = viewer.name === flarepath.name;
  const url = (ours ? server.url : site.url) + viewer.path;
  let timer;
  const tooLong = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    await withPage(url, async (page, tools) => {
      await Promise.race([tooLong, viewer.ready(page).then(() => act(page, tools))]);
    });
  } catch (error) {
    note({ viewer: viewer.name, profile, what, failed: String(error.message ?? error).split("\n")[0] });
  } finally {
    clearTimeout(timer);
  }
}

async function open(viewer, profile, file, what = "open") {
  await measure(viewer, profile, what, async (page, tools) => {
    const { begin, decoded, painted } = await viewer.show(page, file);
    note({ viewer: viewer.name, profile, what, painted: painted - begin, decoded: decoded - begin });
    if (what === "open") note({ viewer: viewer.name, profile, what: "memory", ...(await memory(tools)) });
  });
}

/** Opens once more and plays every interaction that the viewer has. */
async function interact(viewer, profile, file) {
  await measure(viewer, profile, "interact", async (page, tools) => {
    await viewer.show(page, { ...file, flameGraphOnly: false });
    await viewer.settle?.(page);
    await page.waitForTimeout(500);
    const at = await viewer.area(page);
    const play = (move, frames) => page.evaluate((args) => window.__bench.play(...args), [move, frames, at]);
    for (const move of viewer.can) {
      if (move === "pan") await play("zoomIn", 40);
      const field = move === "search" ? await (await viewer.field(page)).elementHandle() : null;
      const act = () => (field ? field.evaluate((f, text) => window.__bench.type(f, text), TYPED) : play(move, FRAMES[viewer.name]));
      const { result, scripts } = await scripting(tools, page, act);
      note({ viewer: viewer.name, profile, what: move, frames: result, scripts });
      if (move === "pan") await play("zoomOut", 40);
    }
  });
}

/** The address of the panel's data, made once for each profile. */
function panelData(name, spec) {
  const file = `${name.replaceAll(" ", "")}.json`;
  if (!existsSync(join(work, "sets", file))) {
    mkdirSync(join(work, "sets"), { recursive: true });
    writeFileSync(join(work, "sets", file), JSON.stringify(nestedSet(take(spec))));
  }
  return `/sets/${file}`;
}

const only = options.only?.split(",").map((name) => name.trim());

function wanted(all) {
  const is = (name, spec) => (only ? only.includes(name) : !(options.quick && spec.long));
  return Object.fromEntries(Object.entries(all).filter(([name, spec]) => is(name, spec)));
}

/** What takes the peers long is measured in the first run only, their frames too: there are enough of them. */
async function everyTree(first) {
  for (const [name, spec] of Object.entries(wanted(PROFILES))) {
    const file = { file: files[name].path };
    await open(flarepath, name, file);
    await interact(flarepath, name, file);
    if (spec.peers === false || (spec.long && !first)) continue;
    await open(speedscope, name, file);
    await open(grafana, name, { set: panelData(name, spec) });
    if (name === BEYOND || !first) continue;
    await interact(speedscope, name, file);
    await interact(grafana, name, { set: panelData(name, spec) });
  }
}

async function everyPprof(first) {
  for (const [name, spec] of Object.entries(wanted(PPROFS))) {
    await open(flarepath, name, { file: files[name].path }, "decode");
    if (first || !spec.long) await open(speedscope, name, { file: files[name].path }, "decode");
  }
  for (const viewer of [flarepath, speedscope]) await open(viewer, "captured", { file: CAPTURED }, "decode");
}

// The browser goes with this process; by itself it would only be closed and the next one opened.
process.on("SIGTERM", () => process.exit(143));
process.on("SIGINT", () => process.exit(130));

console.log("--> profiles");
const files = makeProfiles(work, { [ANSWERED]: PROFILES[ANSWERED], ...wanted(PROFILES), ...wanted(PPROFS) });
const site = await startSite(work);
const server = await startFlarepath(options.server, options.page);
try {
  for (const viewer of [speedscope, grafana]) {
    site.downloaded();
    await measure(viewer, "", "download", async (page) => {
      await page.waitForLoadState("networkidle");
      note({ viewer: viewer.name, profile: "", what: "download", bytes: site.downloaded() });
    });
  }
  await server.push(files[ANSWERED].path);
  for (let run = 1; run <= runs; run++) {
    console.log(`--> run ${run} of ${runs}`);
    await measure(fromServer(), ANSWERED, "answer", async (page) => {
      const { bytes, ...answer } = await server.answerToPaint(page);
      note({ viewer: flarepath.name, profile: ANSWERED, what: "answer", ...answer });
      note({ viewer: flarepath.name, profile: "", what: "download", bytes });
      await page.waitForTimeout(5000); // the rest of the page is fetched in the meantime
      for (let again = 0; again < 3; again++) {
        await server.askAgain(page);
        note({ viewer: flarepath.name, profile: ANSWERED, what: "answer again", ...(await server.answerToPaint(page)) });
      }
    });
    await everyTree(run === 1);
    await everyPprof(run === 1);
  }
} finally {
  await server.stop();
  await site.stop();
}
const text = report(facts, { runs, files, versions: JSON.parse(readFileSync(join(import.meta.dirname, "package.json"))).devDependencies });
if (options.out) writeFileSync(options.out, text);
else console.log(text);
