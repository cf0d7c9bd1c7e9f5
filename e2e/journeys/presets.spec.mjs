// Suggested baselines, and comparing rates per second.
import { expect, expectAccessible, openBaselines, openSide, openView, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/compare?");

test("a version is compared with the previous one, per second and replica", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await (await openBaselines(page)).getByRole("button", { name: /^version v2 vs. previous v1/ }).click();
  await expect(page.getByRole("button", { name: "Baseline: version v1" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Comparison: version v2" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Baseline: version v1" })).toHaveText("v1");
  await expect(page.getByRole("button", { name: "Comparison: version v2" })).toHaveText("v2");
  await expect(page.getByRole("button", { name: "Baselines", exact: true })).toBeFocused();
  await expect((await openSide(page, "Baseline")).getByRole("button", { name: "Remove filter version = v1" })).toBeVisible();
  await expect((await openSide(page, "Comparison")).getByRole("button", { name: "Remove filter version = v2" })).toBeVisible();
  await expect(page.getByText("Baseline: version v1")).toBeVisible();
  await expect((await openView(page)).getByRole("combobox", { name: /^Compare/ })).toHaveValue("second");
  await expect(page.getByText(/Compared: rates per second and replica/)).toBeVisible();
  await page.getByRole("combobox", { name: /^Compare/ }).selectOption("share");
  await expect(page).toHaveURL(/scale=share/);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByRole("grid", { name: "Functions" }).focus();
  await page.keyboard.press("f");
  await expect(page.getByText(/of the baseline and .* of the comparison remain/)).toBeVisible();
  await page.reload();
  await expect((await openView(page)).getByRole("combobox", { name: /^Compare/ })).toHaveValue("share");
});

test("service, time and filters of both sides change together", async ({ shop, page }) => {
  const filters = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until };
  await page.goto(link(shop, filters));
  const param = (name) => new URL(page.url()).searchParams.get(name);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("combobox", { name: "Label", exact: true }).fill("region");
  await page.getByRole("option", { name: /^region/ }).first().click();
  await page.getByRole("listbox", { name: "Value" }).getByRole("option").first().click();
  await expect.poll(() => param("filter")).toMatch(/region=".*version="v2"/);
  expect(param("b.filter")).toMatch(/region=".*version="v1"/);
  await page.getByRole("button", { name: /^Remove filter region/ }).click();
  await expect.poll(() => param("filter")).toBe('{version="v2"}');
  await page.getByRole("button", { name: "Earlier", exact: true }).click();
  await expect.poll(() => param("until")).toBe(shop.recorded.from);
  expect([param("b.from"), param("b.until")]).toEqual([param("from"), param("until")]);
  const service = page.getByRole("combobox", { name: "Service", exact: true });
  await service.click();
  await service.fill("sear");
  await page.getByRole("option", { name: /search/ }).first().click();
  await expect.poll(() => param("service")).toBe("search");
});

test("a replica is compared with the others", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await (await openBaselines(page)).getByRole("button", { name: /vs. the others/ }).first().click();
  await expect((await openSide(page, "Baseline")).getByRole("button", { name: /Remove filter pod !/ })).toBeVisible();
});

test("the ranges before and after a moment are equally long", async ({ shop, page }) => {
  await page.goto(link(shop, { from: "1800000000000", until: "1800003600000" }));
  await openBaselines(page);
  await page.getByLabel(/^Time \(/).fill("2027-01-15T08:10:00");
  await page.getByRole("button", { name: "Compare before and after" }).click();
  const range = () => ["from", "until", "b.from", "b.until"].map((key) => Date.parse(new URL(page.url()).searchParams.get(key)));
  await expect.poll(() => range()[0]).toBeGreaterThan(1800000000000);
  const [from, until, before, end] = range();
  expect([until - from, end]).toEqual([end - before, from]);
});

test("a moment is read in every notation of a link, or the page says that it cannot be read", async ({ shop, page }) => {
  await page.goto(link(shop, { from: "1800000000000", until: "1800003600000" }));
  await openBaselines(page);
  const moment = page.getByLabel(/^Time \(/);
  await expect(moment).toHaveValue("2027-01-15 08:30:00");
  for (const text of ["2027-01-15 08:10Zulu", "2027-01-15 08:10:00.5x", "8:10 AM"]) {
    await moment.fill(text);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: `The time, “${text}”, cannot be read` })).toBeVisible();
    expect(page.url()).not.toContain("08:10");
  }
  // 08:10 in UTC, on another clock.
  await moment.fill("2027-01-15 09:10+01:00");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]from=2027-01-15T08:10:00Z/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the panel meets axe-core's rules, and element ids are unique (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(link(shop, {}));
    const check = async () => {
      await expectAccessible(page);
      const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    };
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    for (const side of ["Baseline", "Comparison"]) {
      await (await openSide(page, side)).getByRole("button", { name: "Filter", exact: true }).click();
      await check();
    }
    await expect((await openBaselines(page)).getByRole("list", { name: "Replicas" })).toBeVisible();
    await check();
  });
}
