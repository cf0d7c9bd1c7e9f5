// Comparing two local files, a local file with stored profiles, and two profile types of one service.
import { readFileSync } from "node:fs";
import { closeQuery, expect, expectAccessible, openBaselines, openSide, openView, test } from "../shop.mjs";

const BEFORE = "main;read_config 30\nmain;serve;parse 40\nmain;serve;render 30\n";
const AFTER = "main;read_config 30\nmain;serve;parse 40\nmain;serve;render;escape 90\n";

const overlay = (page) => page.getByRole("tree", { name: "Flame graph of the difference" });
const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

async function choose(page, name, ...contents) {
  await chooseFile(page, name, file(...contents));
}

/** Has a side show a file, and closes its panel. */
async function chooseFile(page, name, content) {
  const side = await openSide(page, name);
  await side.getByRole("button", { name: "Local file" }).click();
  await side.locator("input[type=file]").setInputFiles(content);
  await page.getByRole("button", { name: new RegExp(`^${name}: `) }).click();
  await expect(side).toBeHidden();
  await closeQuery(page);
}

test("two files are compared and swapped without any request", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/compare`);
  await choose(page, "Baseline", "before.folded", BEFORE);
  const requests = [];
  page.on("request", (request) => requests.push(request));
  await choose(page, "Comparison", "after.folded", AFTER);
  await expect(page.getByLabel("Summary")).toContainText("baseline before.folded: 100 in total");
  await expect(page.getByLabel("Summary")).toContainText("comparison after.folded: 160 in total");
  await expect(page.getByText("There is no verdict on files")).toBeVisible();
  await expect(overlay(page)).toBeVisible();
  const legend = page.getByRole("list", { name: "Colours" });
  await expect(legend).toContainText("Compared: shares of each side's total, as covered time is not known.");
  const scale = (await openView(page)).getByRole("combobox", { name: /^Compare/ });
  await scale.selectOption("absolute");
  await expect(legend).toContainText("colours show only what is new or gone");
  await expect(legend.locator(".diff-ramp")).toHaveCount(0);
  await scale.selectOption("share");
  await expect(legend.locator(".diff-ramp")).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Functions" }).getByText("escape")).toBeVisible();
  // No function can have a part of a change that is not known, so that nothing but another press leads back to the first order.
  await expect(page.getByRole("columnheader", { name: "Of the change" })).toHaveCount(0);
  const total = page.getByRole("columnheader", { name: "Δ total" });
  for (const order of ["descending", "ascending", "none"]) {
    await total.getByRole("button").click();
    await expect(total).toHaveAttribute("aria-sort", order);
  }
  await page.getByRole("button", { name: "Swap sides" }).click();
  await expect(page.getByLabel("Summary")).toContainText("baseline after.folded");
  await expect(page).toHaveURL(/b\.src=file-/);
  await page.goBack();
  await expect(page.getByLabel("Summary")).toContainText("baseline before.folded");
  expect(requests.filter((request) => request.method() !== "GET" || request.url().includes("folded"))).toEqual([]);
});

/** Drops files on the page, in this order. */
async function drop(page, ...files) {
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

test("two files dropped at once are compared, the first as the baseline", async ({ shop, page }) => {
  // On Explore: both are passed on to the full program.
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await drop(page, ["before.folded", BEFORE], ["after.folded", AFTER]);
  await expect(page).toHaveURL(/\/compare\?(.*&)?b\.src=file-1&src=file-2/);
  await expect(page.getByRole("button", { name: "Baseline: before.folded" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Comparison: after.folded" })).toBeVisible();
  await expect(overlay(page)).toBeVisible();
  await page.getByRole("button", { name: "Swap sides" }).click();
  await expect(page.getByRole("button", { name: "Baseline: after.folded" })).toBeVisible();
  // Three: the third is named. The page is the full program now.
  await drop(page, ["one.folded", BEFORE], ["two.folded", AFTER], ["three.folded", AFTER]);
  await expect(page.getByRole("button", { name: "Baseline: one.folded" })).toBeVisible();
  await expect(page.getByText("Two files can be compared at a time: three.folded was left out.")).toBeVisible();
});

test("two files are picked at once", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await page.locator("input[type=file]").first().setInputFiles([file("before.folded", BEFORE), file("after.folded", AFTER)]);
  await expect(page.getByLabel("Summary")).toContainText("baseline before.folded");
  await expect(overlay(page)).toBeVisible();
});

test("a phone says what was merged for privacy", async ({ fresh, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${fresh.url}/compare`);
  await choose(page, "Baseline", "before.folded", BEFORE);
  await choose(page, "Comparison", "after.folded", `${AFTER}main;(other) 40\n`);
  await page.getByRole("button", { name: "Show all 7 functions" }).click();
  const merged = page.getByRole("grid", { name: "Functions" }).getByText(/^20(\.0)? % merged for privacy$/);
  await expect(merged).toBeVisible();
  const { x, width } = await merged.boundingBox();
  expect(x + width).toBeLessThanOrEqual(390);
});

test("a file dropped on a side opens on that side", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/compare`);
  const side = await openSide(page, "Baseline");
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.folded"));
    return data;
  }, BEFORE);
  await side.dispatchEvent("drop", { dataTransfer: data });
  await expect(side.getByText("dropped.folded")).toBeVisible();
  await expect(page.getByRole("button", { name: "Baseline: dropped.folded" })).toBeVisible();
  await expect(page).toHaveURL(/\/compare\?/);
});

test("a file with another unit is shown beside the stored profile instead of subtracted", async ({ shop, page }) => {
  await page.goto(shop.explore().replace("/explore?", "/compare?"));
  await choose(page, "Baseline", "before.folded", BEFORE);
  await expect(page.getByRole("alert")).toContainText("cannot be subtracted");
  await expect(page.getByRole("tree", { name: "Flame graph on the left" })).toBeVisible();
  await expect(page.getByRole("tree", { name: "Flame graph on the right" })).toBeVisible();
});

test("an exported range equals the stored one", async ({ shop, page, request }) => {
  const query = new URL(shop.explore()).searchParams;
  const params = new URLSearchParams({ type: query.get("type"), selector: '{service_name="checkout"}', ...shop.recorded, format: "pprof" });
  const exported = await request.get(`${shop.url}/api/v1/export?${params}`);
  expect(exported.ok()).toBe(true);
  await page.goto(shop.explore({ scale: "absolute", mode: "table" }).replace("/explore?", "/compare?"));
  await chooseFile(page, "Baseline", { name: "checkout.pb.gz", mimeType: "application/octet-stream", buffer: await exported.body() });
  await expect(page.getByLabel("Summary")).toContainText("baseline checkout.pb.gz");
  const changes = page.locator(".diff-table .top-row .change-self .top-value");
  await expect(changes.first()).toHaveText("–");
  expect(new Set(await changes.allTextContents())).toEqual(new Set(["–"]));
});

test("two profile types of one service share zoom and search", async ({ fresh, page, request }) => {
  // A heap profile has several types: memory and objects, in use and allocated.
  const sent = await request.post(`${fresh.url}/api/v1/profiles?service=shop`, { data: readFileSync("../crates/profile/testdata/gperftools/shop.0001.heap") });
  expect(sent.ok()).toBe(true);
  await page.goto(`${fresh.url}/compare?service=shop&from=now-1h&until=now`);
  await (await openBaselines(page)).getByRole("combobox", { name: "Second type" }).click();
  await page.getByRole("listbox", { name: "Second type" }).getByRole("option", { name: "Objects in use" }).click();
  await expect(page).toHaveURL(/b\.type=/);
  const left = page.getByRole("tree", { name: "Flame graph on the left" });
  await expect(left).toBeVisible();
  await expect(page.getByRole("tree", { name: "Flame graph on the right" })).toBeVisible();
  await page.locator(".search-field").fill("main");
  await expect(page.locator("#search-status")).toContainText("right:");
  await expect(left.getByRole("treeitem").first()).toBeAttached();
  await left.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  for (const name of ["Flame graph on the left", "Flame graph on the right"]) {
    await expect(page.getByRole("navigation", { name: `Zoom: ${name}` }).getByRole("button", { name: "Reset zoom" })).toBeVisible();
  }
  const second = new URL(page.url()).searchParams.get("b.type");
  await page.getByRole("button", { name: "Swap sides" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("type")).toBe(second);
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    test(`fits the screen and meets axe-core's rules: ${colorScheme}, ${viewport.width} wide`, async ({ fresh, page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await page.goto(`${fresh.url}/compare`);
      await choose(page, "Baseline", "before.folded", BEFORE);
      await choose(page, "Comparison", "after.folded", AFTER);
      await expect(page.getByLabel("Summary")).toBeVisible();
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath("compare.png") });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide).toBe(false);
    });
  }
}
