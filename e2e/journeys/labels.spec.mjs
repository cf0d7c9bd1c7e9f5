// Which replica, which version: the values of a label with their timelines; two of them lead to their difference.
import { expect, expectAccessible, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/labels?");
const table = (page) => page.getByRole("table", { name: "Values of the label" });

test("values of a label have shares that make the whole, and an order that is in the address", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  // Replicas are what one looks at first.
  await expect(page).toHaveURL(/by=pod/);
  await expect(table(page).getByRole("row")).not.toHaveCount(1);
  const shares = await table(page).locator(".values-total .muted").allTextContents();
  expect(shares.map(Number.parseFloat).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -0.5);
  await expect(table(page).getByRole("img").first()).toHaveAccessibleName(/with data/);
  await table(page).getByRole("button", { name: "Value" }).click();
  await expect(page).toHaveURL(/sort=value/);
  const names = await table(page).getByRole("rowheader").allTextContents();
  expect(names).toEqual([...names].sort());
  await page.reload();
  await expect(table(page).getByRole("rowheader").first()).toHaveText(names[0]);
});

test("two values lead to their difference", async ({ shop, page }) => {
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

test("one value leads to Explore; another label is chosen by typing", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const label = page.getByRole("combobox", { name: "Label", exact: true });
  await label.click();
  await label.fill("regi");
  await page.getByRole("option", { name: /region/ }).first().click();
  await expect(page).toHaveURL(/by=region/);
  const value = table(page).getByRole("rowheader").first().getByRole("link");
  const name = await value.textContent();
  await value.click();
  await expect(page).toHaveURL(/\/explore\?.*filter=/);
  await expect(page.getByRole("button", { name: new RegExp(`Remove filter region = ${name}`) })).toBeVisible();
});

test("a failed request is shown as failed", async ({ shop, page }) => {
  test.info().annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/api\/v1\/series/, (route) => route.fulfill({ status: 503 }));
  await page.goto(link(shop, { by: "pod" }));
  await expect(page.getByRole("alert")).toHaveCount(1);
  await page.unroute(/api\/v1\/series/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(table(page).getByRole("row").nth(1)).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`a phone shows it all and axe-core has nothing to say (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link(shop, { by: "version", baseline: "v1" }));
    await expect(page.getByRole("radio", { name: "Baseline: v1" })).toBeChecked();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
}
