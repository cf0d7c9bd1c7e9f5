// Compares the page with other viewers, in the same browser with the same profiles, and writes Markdown tables.
//
//   node run.mjs --server PATH_OF_FLAREPATH [--runs 3] [--quick] [--only "10 k,1 MB"] [--work FOLDER] [--out FILE]
//                [--page URL]
//
// `--quick` skips long measurements, `--only` all profiles but those named; `--page` measures a running server, to which a
// service named bench is pushed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { memory, scripting, withPage } from "./browser.mjs";
import { fromServer, startFlarepath } from "./flarepath_server.mjs";
import { recordedRun } from "./incident.mjs";
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
/** Time limit of a measurement; a viewer that exceeds it is reported as such. */
const PATIENCE_MS = 180_000;
/** Frames of an interaction by viewer: fewer where each takes a tenth of a second. */
const FRAMES = { [flarepath.name]: 120, [grafana.name]: 120, [speedscope.name]: 60 };
const TYPED = "cache::parse";

/** The files to open: a tree by its number of nodes or stacks; `peers: false` if only Flarepath opens it. */
const PROFILES = {
  "10 k": { nodes: 10_000 },
  "220 k": { nodes: 220_000 },
  "1 M": { nodes: 1_000_000, long: true },
  "2.1 M": { count: 100_000, long: true },
  "5 M": { nodes: 5_000_000, peers: false, long: true },
};
/** The peers open these, but their frames are not measured, as smaller profiles have shown them. */
const BEYOND = "2.1 M";
const PPROFS = { "1 MB": { pprof: 1e6 }, "10 MB": { pprof: 1e7, long: true }, "50 MB": { pprof: 5e7, long: true } };
/** The profile in the response of our server. */
const ANSWERED = "220 k";
const CAPTURED = join(import.meta.dirname, "../../crates/profile/testdata/sdk/go-006.pb");

const facts = [];
const note = (fact) => {
  facts.push(fact);
  writeFileSync(join(work, "facts.json"), JSON.stringify(facts)); // keep results even if a later measurement fails
  const numbers = Object.entries(fact).filter(([key]) => !["viewer", "profile", "what"].includes(key));
  console.log(`    ${fact.viewer}, ${fact.profile}, ${fact.what}: ${JSON.stringify(Object.fromEntries(numbers))}`);
};

/** Runs `act` on a fresh page; if it exceeds the time limit, this is recorded and it is abandoned. */
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

/** Opens the profile again and plays every interaction that the viewer supports. */
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

/** The address of the panel's data, which are created once for each profile. */
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

/** Long measurements of the peers, and their frames, are made in the first run only: it has enough frames. */
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

/** Not on a running server, whose data are its own. */
async function openIncident() {
  if (options.page) return;
  const recorded = await recordedRun(options.server);
  try {
    for (let run = 0; run < 3 * runs; run++) {
      note({ viewer: flarepath.name, profile: "recorded run", what: "incident", useful: await recorded.open() });
    }
  } finally {
    await recorded.stop();
  }
}

// The browser ends with this process.
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
      await page.waitForTimeout(5000); // time to fetch the rest of the page
      for (let again = 0; again < 3; again++) {
        await server.askAgain(page);
        note({ viewer: flarepath.name, profile: ANSWERED, what: "answer again", ...(await server.answerToPaint(page)) });
      }
    });
    await everyTree(run === 1);
    await everyPprof(run === 1);
  }
  console.log("--> incident page");
  await openIncident();
} finally {
  await server.stop();
  await site.stop();
}
const text = report(facts, { runs, files, versions: JSON.parse(readFileSync(join(import.meta.dirname, "package.json"))).devDependencies });
if (options.out) writeFileSync(options.out, text);
else console.log(text);
