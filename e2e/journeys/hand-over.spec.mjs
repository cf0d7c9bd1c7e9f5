// The full program takes over from the first one. It is fetched ahead of time, but not where data is to be saved. If it cannot be fetched,
// the page reports it and offers to try again.
import { expect, selectCallee, test } from "../shop.mjs";

for (const part of ["_bg.wasm", ".js"]) {
  test(`after full-…${part} could not be fetched, the takeover can be retried`, async ({ shop, page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource|Failed to fetch|net::ERR|Event" });
    const lost = new RegExp(`/full-[0-9a-f]+${part.replaceAll(".", "\\.")}(\\?|$)`);
    await page.route(lost, (route) => route.abort());
    await page.goto(shop.explore());
    await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
    await page.getByRole("link", { name: "Labels" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" })).toBeVisible();
    await page.unroute(lost);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: /labels/i }).first()).toBeVisible();
  });
}

/** Paths that the page requests from now on. */
function requested(page) {
  const paths = [];
  page.on("request", (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}

const FULL = /^\/full-[0-9a-f]+_bg\.wasm$/;
const WORKER = /^\/worker-/;

test("the full program is fetched after the first picture, the reader of files for the first file", async ({ shop, page }) => {
  const paths = requested(page);
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await expect.poll(() => paths.filter((path) => FULL.test(path)).length).toBe(1);
  expect(paths.findIndex((path) => FULL.test(path))).toBeGreaterThan(paths.indexOf("/api/v1/call-tree"));
  // The verdict comes from the full program: it has started.
  await expect(page.locator(".verdict-line").getByRole("status")).toBeVisible();
  await page.getByRole("link", { name: "Local file" }).click();
  await expect(page.getByText("Drop a profile anywhere")).toBeVisible();
  expect(paths.filter((path) => WORKER.test(path))).toEqual([]);
  await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main 1\n") });
  await expect(page.getByText("a.folded")).toBeVisible();
  expect(paths.filter((path) => FULL.test(path))).toHaveLength(1);
});

test("while data is saved, the full program waits for the first click", async ({ shop, page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  const paths = requested(page);
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await expect(page.locator(".verdict-line")).toHaveText("The verdict is not loaded, because this browser is set to save data. Compare shows it.");
  await page.evaluate(() => new Promise((done) => requestIdleCallback(() => done())));
  expect(paths.filter((path) => FULL.test(path))).toEqual([]);
  await page.getByRole("link", { name: "Labels" }).click();
  await expect(page.getByRole("heading", { name: /labels/i }).first()).toBeVisible();
  expect(paths.filter((path) => FULL.test(path))).toHaveLength(1);
});

test("while data is saved, Home says that metrics and shares are not loaded", async ({ shop, page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  const paths = requested(page);
  await page.goto(`${shop.url}/?${new URLSearchParams(shop.recorded)}`);
  await expect(page.getByRole("grid", { name: "Services" }).getByRole("rowheader").first()).toBeVisible();
  await expect(page.getByText("Metrics and shares are not loaded, because this browser is set to save data.")).toBeVisible();
  await page.evaluate(() => new Promise((done) => requestIdleCallback(() => done())));
  expect(paths.filter((path) => FULL.test(path))).toEqual([]);
  expect(paths.filter((path) => path === "/api/v1/overview/metrics" || path === "/api/v1/shares")).toEqual([]);
});

test("a full program that cannot be loaded is said on Home, whose services stay", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource|Failed to fetch|net::ERR|Event" });
  await page.route((url) => FULL.test(url.pathname), (route) => route.abort());
  await page.goto(`${shop.url}/?${new URLSearchParams(shop.recorded)}`);
  await expect(page.getByText("Metrics and shares could not be loaded: this part of the page is not available.")).toBeVisible();
  await expect(page.getByRole("grid", { name: "Services" }).getByRole("rowheader").first()).toBeVisible();
});

/** Holds the full program back until the returned function is called. */
async function holdBack(page) {
  let release;
  const released = new Promise((done) => (release = done));
  await page.route((url) => FULL.test(url.pathname), async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("a page whose program is on its way is its header, its address and a skeleton", async ({ shop, page }) => {
  const release = await holdBack(page);
  await page.goto(shop.explore());
  const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Compare" });
  await link.click();
  await expect(page).toHaveURL(/\/compare\?/);
  await expect(page.getByText("Loading this page …")).toBeVisible();
  await expect(page.locator(".skeleton-page")).toBeVisible();
  await expect(link).toHaveAttribute("aria-current", "page");
  release();
  await expect(page.getByRole("region", { name: "Diff" })).toBeVisible();
  await expect(page.locator(".skeleton-page")).toHaveCount(0);
});

/** Explore in the first program, while the full one is held back; returns what lets it go. */
async function firstProgram(shop, page, query) {
  const release = await holdBack(page);
  await page.goto(shop.explore(query));
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  return release;
}

test("the editor of a filter that was asked for opens once the full program is there", async ({ shop, page }) => {
  const release = await firstProgram(shop, page);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  release();
  await expect(page.getByRole("combobox", { name: "Label", exact: true })).toBeFocused();
});

for (const [button, panel] of [["More", "More"], ["View", "View"], [/^Time range: /, /^Time range: /]]) {
  test(`the panel of “${button}” opens once the full program is there`, async ({ shop, page }) => {
    const release = await firstProgram(shop, page);
    await page.getByRole("button", { name: button, exact: true }).click();
    release();
    await expect(page.getByRole("dialog", { name: panel, exact: true })).toBeVisible();
  });
}

test("a filter that was removed is gone once the full program is there", async ({ shop, page }) => {
  const release = await firstProgram(shop, page, { filter: '{version="v2"}' });
  await page.getByRole("button", { name: /^Remove filter version/ }).click();
  release();
  await expect(page).not.toHaveURL(/filter=/);
  await expect(page.getByRole("button", { name: /^Remove filter/ })).toHaveCount(0);
});

test("the menu of a function opens once the full program is there", async ({ shop, page }) => {
  const release = await firstProgram(shop, page, { mode: "flame" });
  await selectCallee(page.getByRole("tree", { name: "Flame graph" }));
  await page.keyboard.press("m");
  release();
  await expect(page.getByRole("menuitem", { name: "Focus on function" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeFocused();
});

test("key t of the first program opens the transforms once the full one is there", async ({ shop, page }) => {
  const release = await firstProgram(shop, page, { mode: "flame" });
  await page.keyboard.press("t");
  release();
  await expect(page.getByRole("menu", { name: "Transform the tree" })).toBeVisible();
});

test("a control whose program cannot be loaded says so, and can be tried again", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource|Failed to fetch|net::ERR|Event" });
  const isFull = (url) => FULL.test(url.pathname);
  await page.route(isFull, (route) => route.abort());
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "cannot be loaded" })).toBeVisible();
  await page.unroute(isFull);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "More", exact: true })).toBeVisible();
});
