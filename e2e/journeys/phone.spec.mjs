// Explore on a phone, 390 px wide: the table comes first, and nothing overflows.
import { expect, expectAccessible, test } from "../shop.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("a phone shows the table first and never scrolls sideways", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Flame graph", exact: true }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  expect(await overflow()).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test("all views can be chosen on the narrowest phone, and a number keeps its unit", async ({ shop, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const compare = shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until });
  for (const link of [shop.explore(), compare.replace("/explore?", "/compare?")]) {
    await page.goto(link);
    await expect(page.getByRole("grid", { name: "Functions" }).locator(".top-row").first()).toBeVisible();
    const views = page.getByRole("group", { name: "View", exact: true }).getByRole("button");
    const ends = await views.evaluateAll((all) => all.map((button) => button.getBoundingClientRect()).flatMap(({ left, right }) => [left, right]));
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ends)).toBeLessThanOrEqual(320);
    const numbers = await page.locator(".top-row .top-value").allTextContents();
    expect(numbers.filter((text) => /[\u2007\u2008]/.test(text))).toEqual([]);
  }
});
