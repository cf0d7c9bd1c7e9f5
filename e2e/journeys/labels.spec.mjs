// The values of a label with their timelines; two values can be compared.
import { expect, expectAccessible, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/labels?");
const table = (page) => page.getByRole("table", { name: "Values of the label" });

test("shares of the values add up to 100 %, and the sort order is in the address", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  // Replicas are the default.
  await expect(page).toHaveURL(/by=pod/);
  await expect(table(page).getByRole("row").nth(1)).toBeVisible();
  const shares = await table(page).locator(".values-total .muted").allTextContents();
  expect(shares.map(Number.parseFloat).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -0.5);
  await expect(table(page).getByRole("img").first()).toHaveAccessibleName(/with data.*The last interval is still filling\./);
  const totals = await table(page).locator(".values-total span:first-child").allTextContents();
  expect(new Set(totals.filter((text) => text !== "–").map((text) => text.split(" ").at(-1))).size).toBe(1);
  await table(page).getByRole("button", { name: "Value" }).click();
  await expect(page).toHaveURL(/sort=value/);
  await expect(table(page).getByRole("columnheader", { name: "Value" })).toHaveAttribute("aria-sort", "ascending");
  const headers = () => table(page).getByRole("rowheader").allTextContents();
  await expect.poll(async () => (await headers()).every((name, i, all) => i === 0 || all[i - 1] <= name)).toBe(true);
  const names = await headers();
  await page.reload();
  await expect(table(page).getByRole("rowheader").first()).toHaveText(names[0]);
});

test("two values can be compared", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "version" }));
  await page.getByRole("radio", { name: "Baseline: v1" }).check();
  await page.getByRole("radio", { name: "Comparison: v2" }).check();
  await expect(page).toHaveURL(/baseline=v1.*comparison=v2/);
  await page.getByRole("link", { name: "Compare v1 with v2" }).click();
  await expect(page).toHaveURL(/\/compare\?/);
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Baseline" }).getByText("v1")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("radio", { name: "Baseline: v1" })).toBeChecked();
});

test("a label is chosen by typing, and its values link to Explore", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const label = page.getByRole("combobox", { name: "Label", exact: true });
  await label.click();
  await label.fill("regi");
  await page.getByRole("option", { name: /region/ }).first().click();
  await expect(page).toHaveURL(/by=region/);
  // Until the values of the new label have arrived, the table shows the old ones.
  const value = table(page).getByTitle(/^Explore region /).first();
  const name = await value.textContent();
  await value.click();
  await expect(page).toHaveURL(/\/explore\?.*filter=/);
  await expect(page.getByRole("button", { name: new RegExp(`Remove filter region = ${name}`) })).toBeVisible();
});

test("a failed request is reported and can be retried", async ({ shop, page }) => {
  test.info().annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/api\/v1\/series/, (route) => route.fulfill({ status: 503 }));
  await page.goto(link(shop, { by: "pod" }));
  await expect(page.getByRole("alert")).toHaveCount(1);
  await page.unroute(/api\/v1\/series/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(table(page).getByRole("row").nth(1)).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the page fits on a phone and meets axe-core's rules (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link(shop, { by: "version", baseline: "v1" }));
    await expect(page.getByRole("radio", { name: "Baseline: v1" })).toBeChecked();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
}
