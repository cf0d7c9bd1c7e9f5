// Snapshots of what a local file shows in time have the numbers of the screen: each call of a flame chart, each cell of a map.
import { expect, expectAccessible, test } from "../../shop.mjs";
import { openElsewhere, share } from "../../sharing.mjs";

const CHART = "../crates/profile/testdata/v8/shop.cpuprofile";
const OFFSETS = "../crates/profile/testdata/jfr/shop.jfr.gz";
const CALM = { reducedMotion: "reduce" };
const chart = (page) => page.getByRole("tree", { name: "Flame chart" });
const map = (page) => page.getByRole("grid", { name: "Sub-second offsets" });

async function open(page, url, file, search) {
  await page.emulateMedia(CALM);
  await page.goto(`${url}/local${search}`);
  await page.locator("input[type=file]").first().setInputFiles(file);
}

/** Name, start, duration and self time of the calls that the arrow keys pass, with their callers and callees. */
async function calls(page) {
  await chart(page).focus();
  const found = [];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"]) {
    await page.keyboard.press(key);
    found.push(await chart(page).getByRole("treeitem").allTextContents());
  }
  return found;
}

test("a snapshot of a flame chart has each call of the screen, and the visible time", async ({ fresh, page, browser }) => {
  await open(page, fresh.url, CHART, "?show=time&t=100000001-200000003&q=nested");
  await expect(chart(page)).toBeVisible();
  await expect(page.locator("#search-status")).toContainText("calls");
  const found = await page.locator("#search-status").textContent();
  const link = await share(page, { title: "In the order of time" });
  await page.locator("dialog#share").getByRole("button", { name: "Close" }).click();
  const other = await openElsewhere(browser, link, CALM);
  await expect(chart(other.page)).toBeVisible();
  await expect(other.page.locator("#search-status")).toHaveText(found);
  await expect(other.page.locator(".chart-axis")).toHaveText(await page.locator(".chart-axis").textContent());
  await expectAccessible(other.page);
  await other.page.getByRole("button", { name: "Profile", exact: true }).click();
  await expect(other.page.getByRole("tree", { name: "Flame graph", exact: true })).toBeVisible();
  await expect(other.page).toHaveURL(/t=100000001-200000003/);
  await other.page.getByRole("button", { name: "Time order" }).click();
  const frozen = await calls(other.page);
  expect(frozen.flat().length).toBeGreaterThanOrEqual(20);
  expect(frozen).toEqual(await calls(page));
  expect(other.problems).toEqual([]);
  await other.close();
});

/** The texts of all cells, of the selections, and of the largest functions below. */
async function cells(page) {
  await expect(map(page)).toBeVisible();
  await page.getByRole("button", { name: "Show as table" }).click();
  const numbers = await page.getByRole("region", { name: "Numbers of the heat map" }).locator("th, td, caption").allTextContents();
  const selected = await page.locator(".heat-panel .heat-text").allTextContents();
  const rows = page.getByRole("grid", { name: "Functions" }).locator(".top-row");
  await expect(rows.first()).toBeVisible();
  const functions = await rows.evaluateAll((all) => all.slice(0, 10).map((row) => [...row.children].map((cell) => cell.textContent)));
  return { numbers, selected, functions };
}

for (const [selections, search] of [
  ["one selection", "sel=1.3-2.7"],
  ["two selections of bands", "band=1&sel=1.3-2.7&sel2=3.3-4.7"],
]) {
  test(`a snapshot of a sub-second map has each cell of the screen: ${selections}`, async ({ fresh, page, browser }) => {
    await open(page, fresh.url, OFFSETS, `?show=subsecond&mode=table&cells=values&heat=log&per=20&${search}`);
    const seen = await cells(page);
    expect(seen.numbers.length).toBeGreaterThan(40);
    const link = await share(page, { title: selections });
    const other = await openElsewhere(browser, link, CALM);
    expect(await cells(other.page)).toEqual(seen);
    await expectAccessible(other.page);
    expect(other.problems).toEqual([]);
    await other.close();
  });
}

test("a sub-second map is shared without a selection", async ({ fresh, page, browser }) => {
  await open(page, fresh.url, OFFSETS, "?show=subsecond");
  await expect(map(page)).toBeVisible();
  const other = await openElsewhere(browser, await share(page, { title: "The whole" }));
  await expect(map(other.page)).toBeVisible();
  await expect(other.page.locator(".heat-panel")).toHaveCount(0);
  expect(other.problems).toEqual([]);
  await other.close();
});
