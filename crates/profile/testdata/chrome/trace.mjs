// Records a trace of a page in headless Chromium: node trace.mjs PAGE OUT. E2E names a file of the folder that has
// @playwright/test installed, such as e2e/package.json.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
const { chromium } = createRequire(process.env.E2E ?? import.meta.url)("@playwright/test");
const [page, out] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const tab = await browser.newPage();
await browser.startTracing(tab, { categories: ["devtools.timeline", "v8.execute", "disabled-by-default-v8.cpu_profiler"] });
await tab.goto(page);
writeFileSync(out, await browser.stopTracing());
await browser.close();
