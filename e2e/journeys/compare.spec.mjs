// Comparing two versions: from Explore to the comparison, its table and its link, on desktop and phone.
import { expect, expectAccessible, test } from "../shop.mjs";

const overlay = (page) => page.getByRole("tree", { name: "Flame graph of the difference" });
const table = (page) => page.getByRole("grid", { name: "Functions" });
const versions = (shop, params = {}) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": "now-1h", "b.until": "now", ...params }).replace("/explore?", "/compare?");

test("Explore links to the comparison with the previous period", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await page.getByRole("link", { name: "Compare" }).last().click();
  await expect(page).toHaveURL(/\/compare\?.*b\.from=/);
  await expect(page.getByText("The baseline is empty: no profiles match")).toBeVisible();
  await expect(page.getByLabel("Summary")).toContainText("comparison");
});

test("the regression of v2 is at the top of the table, and the view is in the address", async ({ shop, page }) => {
  await page.goto(versions(shop));
  await expect(overlay(page)).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page).toHaveURL(/mode=table/);
  const first = table(page).locator(".top-row").first();
  await expect(first).toContainText("+");
  const name = await first.locator(".top-text").textContent();
  await page.getByRole("button", { name: "⇄ Swap sides" }).click();
  await expect(page).toHaveURL(/b\.filter=%7Bversion%3D%22v2/);
  await expect(first.locator(".top-text")).not.toHaveText(name);
  await page.reload();
  await expect(page.getByRole("button", { name: "Table", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Δ self" }).click();
  await expect(first.locator(".top-text")).toHaveText(name);
});

test("zoom by keyboard, search and scale survive a reload", async ({ shop, page }) => {
  await page.goto(versions(shop, { q: "handle_order", scale: "absolute" }));
  await expect(page.locator("#search-status")).toContainText("of baseline");
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
