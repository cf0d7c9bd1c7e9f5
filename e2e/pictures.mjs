// Takes the screenshots of the README on a real server with profiles of the demo: `npm --prefix e2e run pictures`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import config from "./playwright.config.mjs";
import { startDemo, startServer } from "./server.mjs";

const folder = join(import.meta.dirname, "../docs/images");
const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const minutes = Number(process.env.PICTURE_MINUTES ?? 3);

mkdirSync(folder, { recursive: true });
const server = await startServer();
const demo = await startDemo(server.url, `${Math.round(minutes * 30)}s`);
const browser = await chromium.launch(config.use.launchOptions);
try {
  console.log(`collecting profiles for ${minutes} minutes …`);
  await new Promise((done) => setTimeout(done, minutes * 60_000));
  const range = `${Math.ceil(minutes) + 1}m`;
  const explore = (params) =>
    `/explore?${new URLSearchParams({ service: "checkout", type: CPU, from: `now-${range}`, until: "now", ...params })}`;
  await take("explore-dark", explore({ by: "version" }), "dark", desktop);
  await take("both-light", explore({ mode: "both", q: "serde_json" }), "light", desktop);
  await take("sandwich-dark", explore({ mode: "table", q: "handle_order" }), "dark", desktop, openSandwich);
  const versions = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": `now-${range}`, "b.until": "now" };
  await take("compare-light", explore(versions).replace("/explore?", "/compare?"), "light", desktop);
  await take("heatmap-dark", explore({}).replace("/explore?", "/heatmap?"), "dark", desktop);
  await take("phone-dark", explore({}), "dark", phone);
  await take("local-light", "/local", "light", desktop, openExport);
} finally {
  await browser.close();
  await demo.stop();
  await server.stop();
}

async function take(name, path, colorScheme, viewport, before = async () => {}) {
  const context = await browser.newContext({ viewport, colorScheme, hasTouch: viewport === phone });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await before(page);
  await page.getByRole(/local|phone/.test(name) ? "main" : "region").first().waitFor();
  await page.waitForLoadState("networkidle");
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
