// Takes the screenshots of the README on a real server with a recorded run of the demo: `npm --prefix e2e run pictures`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import config from "./playwright.config.mjs";
import { replay } from "./recorded.mjs";
import { startServer } from "./server.mjs";

const folder = join(import.meta.dirname, "../docs/images");
const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const HOUR = 3_600_000;
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

mkdirSync(folder, { recursive: true });
const server = await startServer({ selfProfile: false });
const browser = await chromium.launch(config.use.launchOptions);
try {
  const { end } = await replay(server.url);
  const time = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const range = { from: time(end - HOUR), until: time(end) };
  const page = (path, params = {}) => `/${path}?${new URLSearchParams({ service: "checkout", type: CPU, ...range, ...params })}`;
  await take("explore-dark", page("explore"), "dark", desktop);
  await take("both-light", page("explore", { mode: "both", q: "serde_json" }), "light", desktop);
  await take("sandwich-dark", page("explore", { mode: "table", q: "handle_order" }), "dark", desktop, openSandwich);
  await take("compare-light", page("compare"), "light", desktop);
  await take("heatmap-dark", page("heatmap"), "dark", desktop);
  await take("phone-dark", page("compare"), "dark", phone);
  await take("local-light", "/local", "light", desktop, openExport);
} finally {
  await browser.close();
  await server.stop();
}

async function take(name, path, colorScheme, viewport, before = async () => {}) {
  const context = await browser.newContext({ viewport, colorScheme, hasTouch: viewport === phone });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await before(page);
  await page.getByRole(/local|phone/.test(name) ? "main" : "region").first().waitFor();
  await page.waitForLoadState("networkidle");
  const verdict = page.locator(".verdict-headline, .verdict-line.is-asked [role=status]");
  if (/explore|both|compare|phone/.test(name)) await verdict.first().waitFor();
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  console.log(`    docs/images/${name}.png`);
}

async function openSandwich(page) {
  await page.getByRole("button", { name: /^Sandwich view of .*handle_order/ }).first().click();
}

/** Exports a merged profile from the server and opens it as a local file. */
async function openExport(page) {
  const selector = encodeURIComponent('{service_name="search"}');
  const answer = await fetch(`${server.url}/api/v1/export?format=pprof&type=${CPU}&selector=${selector}&from=now-1h&until=now`);
  const file = { name: "search.pb.gz", mimeType: "application/octet-stream", buffer: Buffer.from(await answer.arrayBuffer()) };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("tree", { name: "Flame graph" }).waitFor();
}
