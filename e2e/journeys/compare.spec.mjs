// Comparing two versions: from Explore to the comparison, its table and its link, on desktop and phone.
import { expect, expectAccessible, openSide, test } from "../shop.mjs";

const overlay = (page) => page.getByRole("tree", { name: "Flame graph of the difference" });
const table = (page) => page.getByRole("grid", { name: "Functions" });
const versions = (shop, params = {}) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until, ...params }).replace("/explore?", "/compare?");

const verdict = (page) => page.getByRole("region", { name: "Verdict" });
const headline = (page) => verdict(page).locator(".verdict-headline");

test("the first comparison names its baseline, and an empty one offers sides with data", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await page.getByRole("link", { name: "Compare" }).last().click();
  await expect(page).toHaveURL(/\/compare\?.*b\.from=/);
  await expect(page.getByText(/^Baseline: \S/)).not.toHaveText("Baseline: choosing …");
  // The demo is too short for the server to choose a version, and nothing was sent before it.
  await expect(page.getByText("The baseline is empty: no profiles match")).toBeVisible();
  await expect(page.getByText(/change in % of nothing/)).toHaveCount(0);
  await expect(overlay(page)).toHaveCount(0);
  await page.locator(".empty-side").getByRole("button", { name: "version v2 vs. previous v1" }).click();
  await expect(page.getByText("Baseline: version v1")).toBeVisible();
  await expect((await openSide(page, "Baseline")).getByRole("button", { name: "Remove filter version = v1" })).toBeVisible();
  await expect(overlay(page)).toBeVisible();
});

test("the headline is that of the API, for the selections on screen", async ({ shop, page, request }) => {
  const asked = page.waitForResponse((response) => response.url().includes("/api/v1/verdict?"));
  await page.goto(versions(shop));
  const url = (await asked).url();
  expect(url).toContain("baseline_selector=");
  const answer = await (await request.get(url, { headers: { accept: "application/json" } })).json();
  await expect(headline(page)).toHaveText(answer.headline.replaceAll("`", ""));
  await verdict(page).getByText("Evidence and limits").click();
  await expect(verdict(page).getByText("Baseline", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Summary")).not.toContainText(/[+−][\d.]+ %/);
  await expectAccessible(page);
});

test("what explains the change is at the top of the table, and the view is in the address", async ({ shop, page }) => {
  await page.goto(versions(shop));
  await expect(overlay(page)).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page).toHaveURL(/mode=table/);
  const first = table(page).locator(".top-row").first();
  await expect(first).toContainText("+");
  const name = await first.locator(".top-text").textContent();
  await page.getByRole("button", { name: "Swap sides" }).click();
  await expect(page).toHaveURL(/b\.filter=%7Bversion%3D%22v2/);
  await expect(first).toContainText("−");
  await expect(first.locator(".top-text")).toHaveText(name);
  await page.getByRole("button", { name: "Δ self" }).click();
  await expect(page).toHaveURL(/sort=dself/);
  await expect(first).toContainText("+");
  await page.reload();
  await expect(page.getByRole("button", { name: "Table", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("columnheader", { name: "Δ self" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: "Of the change" }).click();
  await expect(page).not.toHaveURL(/sort=/);
});

test("library functions are folded below the function that own code calls, and filters list them alone", async ({ shop, page }) => {
  await page.goto(versions(shop, { mode: "table" }));
  const fold = table(page).locator(".fold").first();
  await expect(fold).toHaveAttribute("aria-expanded", "false");
  await fold.click();
  await expect(table(page).locator(".is-folded").first()).toBeVisible();
  await expect(table(page).locator(".fold[aria-expanded=true]")).toHaveCount(1);
  const filters = page.getByRole("group", { name: "Functions" });
  await expect(filters.getByRole("button", { name: "all", exact: true })).toHaveAttribute("aria-pressed", "true");
  await filters.getByRole("button", { name: /^own code \d+$/ }).click();
  await expect(filters.getByRole("button", { name: /^own code/ })).toBeFocused();
  await expect(page).toHaveURL(/only=own/);
  await expect(table(page).getByText("handle_order").first()).toBeVisible();
  await expect(table(page).locator(".fold")).toHaveCount(0);
});

test("a phone lists the five rows that explain most, and all when asked", async ({ shop, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(versions(shop, { only: "library" }));
  await expect(table(page).locator(".top-row")).toHaveCount(5);
  expect((await table(page).locator(".top-row").first().boundingBox()).height).toBeGreaterThanOrEqual(44);
  await page.getByRole("button", { name: /^Show all \d+ functions$/ }).click();
  await expect(table(page).locator(".top-row").nth(5)).toBeAttached();
  await expect(page.getByRole("button", { name: /^Show all/ })).toHaveCount(0);
});

test("rows have sparklines of both sides, asked for together", async ({ shop, page }) => {
  const asked = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/v1/heatmap") asked.push(url.searchParams.getAll("function").length);
  });
  await page.goto(versions(shop, { mode: "table" }));
  const spark = table(page).locator(".top-row").first().getByRole("img");
  await expect(spark).toHaveAccessibleName(/^Baseline: Timeline .*\. Comparison: Timeline .*\.$/);
  await expect(spark.locator(".spark-bars")).toHaveCount(2);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.every((functions) => functions > 0 && functions <= 50)).toBe(true);
});

test("zoom by keyboard, search and scale survive a reload", async ({ shop, page }) => {
  await page.goto(versions(shop, { q: "handle_order", scale: "absolute" }));
  await expect(page.getByRole("list", { name: "Colours" })).toContainText("Colours and parts of the change: rates per second and replica");
  await expect(page.locator("#search-status")).toContainText("of baseline");
  await expect(overlay(page).getByRole("treeitem").first()).toBeAttached();
  await overlay(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("baseline self");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  const crumbs = page.getByRole("navigation", { name: "Zoom" });
  const seen = await crumbs.textContent();
  await page.reload();
  await expect(crumbs).toHaveText(seen);
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    test(`fits the screen and meets axe-core's rules: ${colorScheme}, ${viewport.width} wide`, async ({ shop, page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const mode of ["overlay", "table"]) {
        await page.goto(versions(shop, { mode }));
        await expect(page.getByLabel("Summary")).toBeVisible();
        await expect(table(page).or(page.getByRole("tree").first())).toBeVisible();
        await expectAccessible(page);
        await page.screenshot({ path: info.outputPath(`${mode}.png`) });
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide).toBe(false);
    });
  }
}
