// Suggested baselines, and comparing rates per second.
import { expect, expectAccessible, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/compare?");
const open = (page) => page.getByRole("button", { name: "More baselines", exact: true }).click();

test("a version is compared with the previous one, per second", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await open(page);
  await page.getByRole("button", { name: /^version v2 vs. previous v1/ }).click();
  await expect(page.getByRole("region", { name: "Baseline" }).getByRole("button", { name: "Remove filter version = v1" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Comparison" }).getByRole("button", { name: "Remove filter version = v2" })).toBeVisible();
  await page.getByRole("combobox", { name: /^Compare/ }).selectOption("second");
  await expect(page).toHaveURL(/scale=second/);
  await expect(page.getByText(/Compared: rates per second/)).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByRole("grid", { name: "Functions" }).focus();
  await page.keyboard.press("f");
  await expect(page.getByText(/of the baseline and .* of the comparison remain/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("combobox", { name: /^Compare/ })).toHaveValue("second");
});

test("a replica is compared with the others", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await open(page);
  await page.getByRole("button", { name: /vs. the others/ }).first().click();
  await expect(page.getByRole("region", { name: "Baseline" }).getByRole("button", { name: /Remove filter pod !/ })).toBeVisible();
});

test("the ranges before and after a moment are equally long", async ({ shop, page }) => {
  await page.goto(link(shop, { from: "1800000000000", until: "1800003600000" }));
  await open(page);
  await page.getByLabel(/^Time \(/).fill("2027-01-15T08:10:00");
  await page.getByRole("button", { name: "Compare before and after" }).click();
  const range = () => ["from", "until", "b.from", "b.until"].map((key) => Date.parse(new URL(page.url()).searchParams.get(key)));
  await expect.poll(() => range()[0]).toBeGreaterThan(1800000000000);
  const [from, until, before, end] = range();
  expect([until - from, end]).toEqual([end - before, from]);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the panel meets axe-core's rules, and element ids are unique (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(link(shop, {}));
    for (const side of ["Baseline", "Comparison"]) await page.getByRole("region", { name: side }).getByRole("button", { name: "Filter", exact: true }).click();
    await open(page);
    await expect(page.getByRole("heading", { name: "Replicas" })).toBeVisible();
    await expectAccessible(page);
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
}
