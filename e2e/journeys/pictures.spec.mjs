// What the main pages look like on data that never changes: layout, drawing and pixels, in both themes, on desktop and phone. See README.md
// on how to accept an intended change. With `PICTURES=1`, pictures of all pages are written to `test-results/pictures`.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expectAppearance, prepare } from "../appearance.mjs";
import { ann, expect, signIn, test } from "../people.mjs";
import { test as shopTest } from "../shop.mjs";

const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const HOUR = 3_600_000;
const MOST_BYTES = 1.5 * 1024 * 1024;
const testdata = (path) => join(import.meta.dirname, "../../crates/profile/testdata", path);

test.use({ timezoneId: "UTC" });

const VARIANTS = [1440, 390].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, height: width === 390 ? 844 : 900, colorScheme })));

const folded = (name, lines) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`${lines.join("\n")}\n`) });
const BEFORE = folded("before.folded", ["main;read_config 30", "main;serve;parse_request;json::decode 40", "main;serve;render 30", "main;gc 12"]);
const AFTER = folded("after.folded", ["main;read_config 30", "main;serve;parse_request;json::decode 42", "main;serve;render;escape_html 90", "main;gc 9"]);

const graph = (page, name = "Flame graph") => page.getByRole("tree", { name, exact: true });
const pick = (page, files) => page.locator("input[type=file]").first().setInputFiles(files);

/** Opens a page, given the address of a server, and waits for its picture. */
const PAGES = {
  explore: async (page, url) => {
    await page.goto(`${url}/explore?${await pushed(url)}`);
    await expect(graph(page)).toBeVisible();
    await expect(page.getByLabel("Summary")).toContainText("unsymbolized");
    // Its height is not the same before.
    await expect(page.locator(".verdict-line").getByRole("status")).toBeVisible();
  },
  local: async (page, url) => {
    await page.goto(`${url}/local?mode=both`);
    await pick(page, AFTER);
    await expect(graph(page)).toBeVisible();
    await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  },
  compare: async (page, url) => {
    await page.goto(`${url}/local`);
    await pick(page, [BEFORE, AFTER]);
    await expect(graph(page, "Flame graph of the difference").or(page.getByRole("grid", { name: "Functions" })).first()).toBeVisible();
  },
  chart: async (page, url) => {
    await page.goto(`${url}/local?show=time`);
    await pick(page, testdata("v8/shop.cpuprofile"));
    await expect(graph(page, "Flame chart")).toBeVisible();
  },
  heatmap: async (page, url) => {
    await page.goto(`${url}/local?show=subsecond`);
    await pick(page, testdata("v8/shop.cpuprofile"));
    await expect(page.getByRole("grid", { name: "Sub-second offsets" }).or(page.locator(".heat-pad")).first()).toBeVisible();
  },
};

/** Pushes one profile in the middle of a past hour, so that the page always has the same shape; returns the question about it. */
async function pushed(url) {
  const hour = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
  const query = new URLSearchParams({ service: "shop", time: String((hour + HOUR / 2) / 1000) });
  const answer = await fetch(`${url}/api/v1/profiles?${query}`, { method: "POST", body: readFileSync(testdata("pprof/shop-2-3.pb.gz")) });
  expect((await answer.json()).accepted).toBeGreaterThan(0);
  return new URLSearchParams({ service: "shop", type: CPU, from: String(hour), until: String(hour + HOUR), mode: "both" });
}

async function show(page, { width, height, colorScheme }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
}

for (const [name, open] of Object.entries(PAGES)) {
  for (const variant of VARIANTS) {
    test(`${name}, ${variant.width} px, ${variant.colorScheme}`, async ({ fresh, page }, info) => {
      await prepare(page);
      await show(page, variant);
      await open(page, fresh.url);
      // Times move with the clock.
      const mask = [".timeline-section", ".time-picker", ".verdict-line"].map((selector) => page.locator(selector));
      await expectAppearance(page, info, `${name}-${variant.width}-${variant.colorScheme}`, mask);
    });
  }
}

test("the expected pictures are small", ({}, info) => {
  const folder = dirname(info.snapshotPath("any.png"));
  test.skip(!existsSync(folder), "there are none yet");
  const bytes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

/** Pictures of a page in all variants, whole and not only what is in the window. */
async function take(page, name, url, ready) {
  const folder = join(import.meta.dirname, "../test-results/pictures");
  mkdirSync(folder, { recursive: true });
  for (const variant of VARIANTS) {
    await show(page, variant);
    await page.goto(url);
    await expect(ready(page).first()).toBeVisible();
    await page.screenshot({ path: join(folder, `${name}-${variant.width}-${variant.colorScheme}.png`), fullPage: true });
  }
}

if (process.env.PICTURES) {
  shopTest("pictures of the pages about profiles", async ({ shop, page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
    const at = (path, params) => shop.explore(params).replace("/explore?", `/${path}?`);
    const versions = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until };
    for (const mode of ["flame", "table", "both"]) {
      await take(page, `explore-${mode}`, at("explore", { mode, by: "version" }), (page) => graph(page).or(page.getByRole("grid", { name: "Functions" })));
    }
    await take(page, "compare", at("compare", versions), (page) => page.locator(".verdict-headline"));
    await take(page, "compare-table", at("compare", { ...versions, mode: "table" }), (page) => page.getByRole("grid", { name: "Functions" }));
    await take(page, "heatmap", at("heatmap"), (page) => page.getByRole("grid", { name: "Heat map" }));
    await take(page, "labels", at("labels"), (page) => page.getByRole("table", { name: "Values of the label" }));
    await take(page, "shares", `${shop.url}/shares`, (page) => page.getByRole("heading"));
    await take(page, "local-empty", `${shop.url}/local`, (page) => page.getByText("Drop a profile anywhere"));
    await take(page, "not-found", `${shop.url}/nowhere`, (page) => page.getByRole("heading"));
  });

  test("pictures of the pages about people", async ({ guarded, page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
    await take(page, "login", `${guarded.url}/login`, (page) => page.getByRole("button", { name: "Sign in", exact: true }));
    await signIn(page, ann);
    await expect(page.getByRole("banner")).toContainText("Flarepath");
    await expect(page).not.toHaveURL(/login/);
    for (const path of ["settings", "admin/users", "admin/audit", "admin/storage"]) {
      await take(page, path.replace("/", "-"), `${guarded.url}/${path}`, (page) => page.getByRole("heading"));
    }
  });
}
