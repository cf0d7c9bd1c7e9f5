// The measured Chromium: headless, without a GPU and frame rate limit, a fresh process per run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  // speedscope draws with WebGL, which SwiftShader emulates without a GPU.
  "--enable-unsafe-swiftshader",
  // Frames follow each other immediately: intervals are the cost of frames, not the display's refresh interval.
  "--disable-gpu-vsync",
  "--disable-frame-rate-limit",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Calls `run(page, tools)` with a page in a new browser, which is closed afterwards. */
export async function withPage(url, run) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" });
    await context.addInitScript({ path: join(import.meta.dirname, "in_page.js") });
    const page = await context.newPage();
    page.setDefaultTimeout(0);
    await page.goto(url);
    const cdp = await context.newCDPSession(page);
    return await run(page, { browser, cdp });
  } finally {
    await browser.close();
  }
}

/** Private memory of the page's process after garbage collection, and its peak. */
export async function memory({ browser, cdp }) {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const held = processInfo.filter((p) => p.type === "renderer").map((p) => processMemory(p.id));
  // Chromium has a spare renderer; the page's is the larger one.
  return held.reduce((a, b) => (b.private > a.private ? b : a));
}

function processMemory(pid) {
  const kib = (text, name) => [...text.matchAll(new RegExp(`^${name}:\\s+(\\d+) kB`, "gm"))].reduce((sum, m) => sum + Number(m[1]), 0);
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    private: 1024 * (kib(rollup, "Private_Dirty") + kib(rollup, "Private_Clean")),
    peak: 1024 * kib(status, "VmHWM"),
  };
}

const SCRIPTING = new Set([
  "FunctionCall", "EventDispatch", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EvaluateScript",
  "MajorGC", "MinorGC", "V8.GCScavenger", "V8.GCFinalizeMC",
]);

/** Runs `act` while Chromium keeps a trace; for each step marked in it, milliseconds of scripting. */
export async function scripting({ browser }, page, act) {
  await browser.startTracing(page, { categories: ["-*", "devtools.timeline", "blink.user_timing", "v8"] });
  const result = await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return { result, scripts: scriptingBySteps(traceEvents) };
}

function scriptingBySteps(events) {
  const steps = events.filter((e) => e.name === "step" && e.cat.includes("user_timing"));
  if (steps.length === 0) return [];
  const { pid, tid } = steps[0];
  const times = steps.map((e) => e.ts).sort((a, b) => a - b);
  const spans = events
    .filter((e) => e.ph === "X" && e.pid === pid && e.tid === tid && SCRIPTING.has(e.name))
    .sort((a, b) => a.ts - b.ts);
  const sums = new Array(times.length - 1).fill(0);
  let end = 0;
  let step = 0;
  for (const { ts, dur = 0 } of spans) {
    if (ts < end || ts >= times.at(-1)) continue; // nested in a counted one, or after the last step
    end = ts + dur;
    while (step + 1 < times.length && times[step + 1] <= ts) step++;
    if (ts >= times[0]) sums[step] += dur / 1000;
  }
  return sums;
}
