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
