// The tables of functions at every width: no two cells of a row overlap, no number sticks out of its cell, nothing scrolls sideways.
import { expect, test } from "../shop.mjs";

const grid = (page) => page.getByRole("grid", { name: "Functions" });

/** What lies over each other, or sticks out, in the rows of the table. */
const faults = (page) =>
  grid(page).evaluate((table) => {
    const found = [];
    const box = (element) => element.getBoundingClientRect();
    const shown = (element) => box(element).width > 0 && box(element).height > 0;
    for (const row of table.querySelectorAll(".top-head, .top-row")) {
      const cells = [...row.children].filter(shown);
      cells.forEach((a, at) =>
        cells.slice(at + 1).forEach((b) => {
          const [first, second] = [box(a), box(b)];
          const width = Math.min(first.right, second.right) - Math.max(first.left, second.left);
          const height = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
          if (width > 1 && height > 1) found.push(`${a.textContent} over ${b.textContent}`);
        }),
      );
      for (const cell of cells)
        for (const part of [...cell.querySelectorAll(".top-value, .top-share")].filter(shown))
          if (box(part).right > box(cell).right + 1 || box(part).left < box(cell).left - 1) found.push(`${part.textContent} sticks out`);
    }
    return found;
  });

const isWide = (page) =>
  page.evaluate(() => [document.documentElement, document.querySelector(".top-table")].some((box) => box.scrollWidth > box.clientWidth + 1));

for (const width of [2560, 1440, 1024, 735, 390, 320]) {
  test(`cells of tables do not overlap: ${width} px`, async ({ shop, page }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(shop.explore({ mode: "table" }));
    await expect(grid(page).locator(".top-row").nth(3)).toBeVisible();
    expect(await faults(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);
    const versions = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until };
    await page.goto(shop.explore({ ...versions, mode: "table" }).replace("/explore?", "/compare?"));
    await expect(grid(page).locator(".top-row").first()).toBeVisible();
    expect(await faults(page)).toEqual([]);
    expect(await isWide(page)).toBe(false);
  });
}

test("the sorted column is marked, and a name that does not fit loses its start", async ({ shop, page }) => {
  await page.setViewportSize({ width: 735, height: 900 });
  await page.goto(shop.explore({ mode: "table", sort: "total" }));
  await expect(page.getByRole("columnheader", { name: "Total" })).toHaveAttribute("aria-sort", "descending");
  await expect(grid(page).locator(".top-row").first().locator(".top-text")).toHaveCSS("direction", "rtl");
  await expect(grid(page).locator(".top-row").first().getByRole("gridcell").first()).toHaveAttribute("title", /\S/);
});

test("words of the field say what they mean when the focus is on them", async ({ shop, page }) => {
  await page.goto(shop.explore());
  const term = page.getByLabel("Summary").locator(".term").first();
  await expect(term).toHaveAttribute("title", /CPU core/);
  await term.focus();
  const shown = await term.evaluate((element) => getComputedStyle(element, "::after").content);
  expect(shown).toContain("CPU core");
});
