// Compares methods of drawing a flame graph while zooming into a tree of a million nodes; see docs/decisions/0008.
//   node drawing/run.mjs [RUNS]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "../browser.mjs";
import { NAMES } from "../names.mjs";
import { take, treeOf } from "../profiles.mjs";
import { median, ms, percentile } from "../stats.mjs";

const WIDTH = 1408;
const ROWS = 30;
const FRAMES = 120;
const runs = Number(process.argv[2] ?? 3);

/** The visible boxes of a tree: x, width, row, colour and name; adjacent narrow boxes are merged. */
function visible(root, from, to) {
  const scale = WIDTH / (to - from);
  const out = [];
  let row = [[root, 0]];
  for (let at = 0; at < ROWS && row.length > 0; at++) {
    const next = [];
    let rest = null;
    const flush = () => rest && (out.push(Math.max(rest[0], 0), rest[1] - rest[0], at, 15, 0), (rest = null));
    for (const [node, x] of row) {
      const [left, right] = [(x - from) * scale, (x + node.total - from) * scale];
      if (right <= 0 || left >= WIDTH) continue;
      if (right - left < 1) {
        if (rest && left - rest[1] < 1e-6) rest[1] = right;
        else flush(), (rest = [left, right]);
        continue;
      }
      flush();
      const clipped = [Math.max(left, 0), Math.min(right, WIDTH)];
      out.push(clipped[0], clipped[1] - clipped[0], at, Math.max(node.frame, 0) % 15, Math.max(node.frame, 0));
      let child = x;
      for (const below of node.sorted) {
        next.push([below, child]);
        child += below.total;
      }
    }
    flush();
    row = next;
  }
  return out;
}

/** Zooms in to a 200th of the width and out again. */
function zoom(root) {
  return Array.from({ length: FRAMES }, (_, i) => {
    const step = i < FRAMES / 2 ? i : FRAMES - i;
    const span = root.total * 1.09 ** -step;
    const from = (root.total - span) * 0.3;
    return visible(root, from, from + span);
  });
}

const root = treeOf(take({ nodes: 1_000_000 }).samples);
const frames = zoom(root);
const bytes = Buffer.from(new Float32Array(frames.flat()).buffer);
const lengths = frames.map((f) => f.length);
console.log(`boxes a frame: median ${median(lengths) / 5}, at most ${Math.max(...lengths) / 5}`);

const WAYS = [
  ...["in the order of the tree", "grouped by colour", "one path a colour", "WebGL2"].map((boxes) => ({ boxes, text: "none" })),
  ...["width of a character known", "every name measured", "every name measured, widths kept"].map((text) => ({ boxes: "grouped by colour", text })),
  { boxes: "WebGL2", text: "width of a character known" },
];
const took = WAYS.map(() => ({ intervals: [], scripts: [] }));
await withPage("about:blank", async (page) => {
  await page.route("http://drawing.test/**", (route) => {
    if (route.request().url().endsWith(".bin")) return route.fulfill({ body: bytes });
    return route.fulfill({ body: "<!doctype html><body></body>", contentType: "text/html" });
  });
  await page.goto("http://drawing.test/");
  await page.addScriptTag({ content: readFileSync(join(import.meta.dirname, "page.js"), "utf8"), type: "module" });
  for (let run = -1; run < runs; run++) {
    for (const [i, way] of WAYS.entries()) {
      const { intervals, scripts } = await page.evaluate(async ([way, lengths, names]) => {
        const all = new Float32Array(await (await fetch("frames.bin")).arrayBuffer());
        let at = 0;
        const frames = lengths.map((n) => all.slice(at, (at += n)));
        return window.draw(way, frames, names);
      }, [way, lengths, NAMES]);
      if (run < 0) continue; // warm-up of code and glyphs
      took[i].intervals.push(...intervals);
      took[i].scripts.push(...scripts);
    }
  }
});
console.log("| boxes | text | frame: p50, p95 | scripting: p50, p95 |\n|---|---|---|---|");
WAYS.forEach(({ boxes, text }, i) => {
  const { intervals, scripts } = took[i];
  const both = (values) => `${ms(median(values))}, ${ms(percentile(values, 0.95))}`;
  console.log(`| ${boxes} | ${text} | ${both(intervals)} | ${both(scripts)} |`);
});
